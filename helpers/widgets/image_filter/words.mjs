/** What ImageFilter says, and how it writes its numbers. */

import { exact, grouped, number } from "../arithmetic/format.mjs";
import { toShown } from "../arithmetic/image.mjs";

/** A value with its decimals. */
export const precise = (value) => number(value, 5);

/** A value among words. */
export const short = (value) =>
  Math.abs(value) >= 1000 ? grouped(Math.round(value)) : number(value, Math.abs(value) >= 100 ? 4 : 3);

/** A weight or a product in a small cell: two decimals at most, and thousands as such. */
export function brief(value) {
  const size = Math.abs(value);
  if (size >= 1000) return `${number(value / 1000, 2)}k`;
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const rounded = Number(value.toFixed(decimals));
  return rounded === 0 && value !== 0 ? `${number(Math.sign(value)).replace("1", "")}0.00` : number(rounded);
}

/** Numbers in one grid in type of one size: that of the longest. */
export function evenly(grid) {
  const length = Math.max(3, ...grid.flat().map((value) => brief(value).length));
  return (cell) => cell.style.setProperty("--length", length);
}

/** A share of all pixels, with as many digits as it deserves. */
export function percent(count, all) {
  const share = (100 * count) / all;
  if (count > 0 && share < 0.1) return "less than 0.1\u00a0%";
  if (count < all && share > 99.9) return "more than 99.9\u00a0%";
  return `${share < 10 ? Math.round(10 * share) / 10 : Math.round(share)}\u00a0%`;
}

/**
 * What happens to values that no screen can show.
 * @param {"clipped" | "rescaled" | "signed"} show
 * @param {ReturnType<typeof import("../arithmetic/image.mjs").summarise>} range
 * @param {boolean} isColour
 */
export function describeRange(show, { min, max, below, above, clipped, pixels }, isColour) {
  const range = `The result runs from ${short(min)} to ${short(max)}`;
  if (show === "signed")
    return isColour
      ? `${range}: in each colour, half of the brightness is 0, less is negative.`
      : `${range}: blue is negative, orange positive; where neither is seen it is 0.`;
  if (show === "rescaled")
    return max > min
      ? `${range}: black is its smallest value, white its largest.`
      : `Every value is ${short(min)}: there is nothing to stretch.`;
  if (clipped === 0) return `${range}: nothing is clipped.`;
  const sides = [
    [below, "below 0, shown black"],
    [above, "above 255, shown white"],
  ].filter(([count]) => count);
  const each = sides.map(([count, words]) => (sides.length === 1 ? words : `${percent(count, pixels)} ${words}`));
  return `${range}. ${percent(clipped, pixels)} of the pixels are clipped: ${each.join(", and ")}.`;
}

/** The scale of shades under the picture, and the numbers at its ends. */
export function endsOf(show, range) {
  if (show === "signed") {
    const largest = Math.max(Math.abs(range.min), Math.abs(range.max)) || 1;
    return [-largest, largest];
  }
  return show === "rescaled" && range.max > range.min ? [range.min, range.max] : [0, 255];
}

/** How one value of the result becomes a shade, with its numbers. */
export function describeShown(mode, value, range) {
  const v = precise(value);
  const result = toShown(mode, range)(value);
  if (mode === "signed") {
    const largest = Math.max(Math.abs(range.min), Math.abs(range.max)) || 1;
    return `shown = v / largest |v| = ${v} / ${precise(largest)} = ${number(result, 3)}`;
  }
  if (mode === "rescaled" && range.max > range.min) {
    const minus = (x) => (x < 0 ? `(${precise(x)})` : precise(x));
    return (
      `shown = (v − min) / (max − min) · 255 = (${v} − ${minus(range.min)}) / (${precise(range.max)} − ` +
      `${minus(range.min)}) · 255 = ${Math.round(result)}`
    );
  }
  return `shown = ${v} cut off at 0 and 255 = ${Math.round(result)}`;
}

/** What the sum of the weights means for the brightness. */
export function describeSum({ normalise }, { sum, divisor, written }) {
  if (written.length === 2) return "The weights of each add up to 0: where the picture is even, the result is 0.";
  const total = exact(sum);
  if (sum === 0)
    return (
      "The weights add up to 0: where the picture is even, the result is " +
      `0.${normalise ? " There is nothing to divide by." : ""}`
    );
  if (sum === 1) return "The weights add up to 1: the picture stays as bright as it is.";
  if (divisor !== 1)
    return (
      `The weights add up to ${total}, and are divided by that: the picture stays as bright as it ` +
      `is.${sum < 0 ? " Dividing by a negative number turns their signs." : ""}`
    );
  return sum > 0
    ? `The weights add up to ${total}: the result is ${total} times as bright.`
    : `The weights add up to ${total}, which is negative: bright becomes dark, and falls below 0.`;
}

/** What is spoken when the loupe has come to rest. */
export function describeLoupe({ row, col, value, fits, shown }) {
  const at = `row ${row}, column ${col}`;
  if (!shown) return at;
  return fits ? `${at}: ${precise(value)}` : `${at}: here the kernel reaches over the border`;
}

/**
 * What is known about a picture.
 * @param {any} source
 * @param {import("../arithmetic/image.mjs").Picture} picture as it is filtered
 * @param {boolean} colour whether colour is wanted
 */
export function describePicture(source, picture, colour) {
  const { rows, cols, channels } = source.picture;
  const shades =
    picture.channels.length === 3 ? "in colour" : colour && channels.length === 1 ? "which are grey" : "in grey";
  return [`${source.label}: ${grouped(rows)} × ${grouped(cols)} pixels, ${shades}.`, ...source.notes].join(" ");
}

/** The formula of every pixel, with the kernel's size and the sum of its weights in place. */
export function writeFormula({ flip }, { shape: [height, width], divisor, laid }) {
  const away = (size) => (flip ? (size - 1) >> 1 : size >> 1);
  const index = (name, letter, size) => {
    const shift = away(size);
    return flip
      ? `${name}${shift ? ` + ${shift}` : ""} − ${letter}`
      : `${name} + ${letter}${shift ? ` − ${shift}` : ""}`;
  };
  const sum =
    `Σᵢ Σⱼ w[i, j] · x[${index("row", "i", height)}, ` +
    `${index("col", "j", width)}]${divisor === 1 ? "" : ` / ${exact(divisor)}`}`;
  return laid.length === 2 ? `y = √(across² + down²), each of them ${sum}` : `y[row, col] = ${sum}`;
}
