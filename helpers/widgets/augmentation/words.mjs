/** What Augmentation says. */

import { cellsAround, placeOf, valueAt } from "../arithmetic/augmentation.mjs";
import { factor, number, plural, sum } from "../arithmetic/format.mjs";

export const brief = (value) => number(Math.abs(value) < 5e-5 ? 0 : value, 3);
const turn = (angle) => `turned ${number(Math.abs(Math.round(angle)))}° to the ${angle > 0 ? "left" : "right"}`;

/** What was done: "3 down, 1 left, turned 12° to the right, mirrored". @param {any} change @param {any} state */
export function describeChange(change, state, channels) {
  const { down, right, angle, zoom, mirrored, brightness, colours } = change;
  const way = (by, plus, minus) => by !== 0 && `${Math.abs(by)} ${by > 0 ? plus : minus}`;
  const done = [
    way(down, "down", "up"),
    way(right, "right", "left"),
    state.rotate > 0 && turn(angle),
    state.zoom > 0 && `zoomed by ${brief(zoom)}`,
    mirrored && "mirrored",
    state.brightness > 0 && `light ${sum([brightness], brief)}`,
    state.colours > 0 && `colours ${colours.slice(0, channels).map(brief).join(", ")}`,
    state.noise > 0 && `noise of ${brief(state.noise)}`,
  ].filter(Boolean);
  return done.join(", ") || "unchanged";
}

/** A label after the change, as a caption. @param {string | null} label @param {string} name */
export const writeLabel = (label, name) =>
  label === null ? "" : label === name ? `${name} ✓` : label === "" ? "no digit ✗" : `a ${label} ✗`;

/** The channel that is written out: of a colour picture the first. */
const CHANNEL = 0;

/**
 * Where one cell of the result comes from, and what it becomes, in numbers.
 * @param {{values: any, shape: [number, number, number]}} picture
 * @param {any} change @param {[number, number]} cell @param {{values: any, noises: any}} result @param {any} state
 */
export function writeCell({ values, shape }, change, [row, col], { values: results, noises }, state) {
  const [rows, cols, channels] = shape;
  const { facing, offset, cos, sin, from } = placeOf(shape, change, row, col);
  const { shares } = cellsAround(shape, from);
  const [centreRow, centreCol] = [(rows - 1) / 2, (cols - 1) / 2];
  const { down, right, zoom, mirrored, brightness, colours } = change;
  const back = (at, by, centre) => `${at} − ${factor(by)} − ${brief(centre)}`;
  const lines = [];
  if (state.flip > 0)
    lines.push(mirrored ? `mirrored: column ${cols - 1} − ${col} = ${facing}` : `not mirrored: column ${col}`);
  lines.push(
    `from the middle: (${back(row, down, centreRow)}, ${back(facing, right, centreCol)}) = ` +
      `(${brief(offset[0])}, ${brief(offset[1])})`,
  );
  const c = brief(cos);
  const divided = zoom === 1 ? ["", ""] : ["(", `)/${brief(zoom)}`];
  if (state.rotate > 0 || zoom !== 1)
    lines.push(
      `comes from row ${brief(centreRow)} + ${divided[0]}${c}·${factor(offset[0], brief)} + ` +
        `${factor(sin, brief)}·${factor(offset[1], brief)}${divided[1]} = ${brief(from[0])}`,
      `and column ${brief(centreCol)} + ${divided[0]}${c}·${factor(offset[1], brief)} − ` +
        `${factor(sin, brief)}·${factor(offset[0], brief)}${divided[1]} = ${brief(from[1])}`,
    );
  else lines.push(`comes from row ${brief(from[0])} and column ${brief(from[1])}`);
  const parts = shares.filter(([, , share]) => share > 1e-9);
  const mixed = parts.reduce((all, [r, at, share]) => all + share * valueAt(values, shape, r, at, CHANNEL), 0);
  /** @param {number[]} place */
  const isInside = ([r, at]) => r >= 0 && at >= 0 && r < rows && at < cols;
  const products = parts.map(([r, at, share]) => `${brief(share)}·${brief(valueAt(values, shape, r, at, CHANNEL))}`);
  const outside = parts.filter((one) => !isInside(one)).length;
  const i = (row * cols + col) * channels + CHANNEL;
  const added = [state.brightness > 0 && brightness, state.colours > 0 && colours[CHANNEL]].filter(Number.isFinite);
  const noisy = state.noise > 0 ? [noises[i]] : [];
  lines.push(
    `${channels > 1 ? "red" : "value"} = ${products.join(" + ")} = ${brief(mixed)}` +
      (outside ? ` (${plural(outside, "cell")} outside: 0)` : ""),
  );
  if (added.length || noisy.length)
    lines.push(`then ${sum([mixed, ...added, ...noisy], brief)}, kept between 0 and 1 = ${brief(results[i])}`);
  return lines;
}

/** Where every cell comes from. */
export const RULE =
  "row = middle + (cos·d + sin·r)/zoom, column = middle + (cos·r − sin·d)/zoom, with d down and r right of the " +
  "middle; between cells the four around are mixed, by how near they are";

/** How many labels are still true. @param {number | null} kept @param {string} name @param {number} count */
export function describeLabels(kept, name, count) {
  if (kept === null) return "Look through them: would you still give each the same label?";
  const rest = kept < count ? "; the others would teach the network something false" : "";
  return `${kept} of ${count} are still a ${name}${rest}.`;
}
