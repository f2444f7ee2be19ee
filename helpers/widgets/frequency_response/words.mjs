/** FrequencyResponse in words and numbers: the sum of arrows, its length and angle, and what a stride makes of it. */

import { factor, number, plural } from "../arithmetic/format.mjs";
import { h } from "../card/dom.mjs";
import { STEPS } from "./state.mjs";

export const short = (value) => number(value, 3);

/** A frequency as a fraction of small numbers: 1/10, 7/60. @param {number} step */
export function writeFrequency(step) {
  const divisor = (a, b) => (b ? divisor(b, a % b) : a);
  const by = divisor(step, 2 * STEPS);
  return step === 0 ? "0" : `${step / by}/${(2 * STEPS) / by}`;
}

const pair = (re, im) => h("span.fr-pair", {}, `(${short(re)}, ${short(im)})`);

/**
 * The arithmetic of a frequency, in lines.
 * @param {any} state @param {any} view @param {boolean} shown whether the gain may be seen
 * @returns {HTMLElement[]}
 */
export function writeArithmetic({ kernel, step }, view, shown) {
  const H = `H(${writeFrequency(step)})`;
  if (!shown) return [h("div", {}, `gain |${H}| = ?`)];
  const { re, im, gain, phase } = view;
  const terms = view.arrows.flatMap(({ cos, sin }, k) => [
    k ? " + " : "",
    h("span.k", {}, factor(kernel[k], short)),
    "·",
    pair(cos, sin),
  ]);
  const square = (value) => `${factor(value, short)}²`;
  return [
    h("div", {}, `${H} = `, ...terms, " = ", pair(re, im)),
    h(
      "div",
      {},
      `gain √(${square(re)} + ${square(im)}) = `,
      h("span.y", {}, short(gain)),
      gain > 0 ? `, phase ${number(phase, 3)}°` : "",
    ),
  ];
}

const cells = (count) => plural(Number(count.toPrecision(3)), "cell");

/** What the numbers mean. @returns {string[]} lines */
export function describe({ step, stride }, { frequency, gain, phase, slow }, shown) {
  const lines = ["H(f) = Σ w[k]·(cos 2πfk, −sin 2πfk)"];
  const length = step === 0 ? "no oscillation: all cells are equal" : `one oscillation in ${cells(1 / frequency)}`;
  const delay = -phase / 360 / frequency;
  const later = Math.abs(delay) < 1e-9 ? "" : `, ${cells(Math.abs(delay))} ${delay > 0 ? "later" : "earlier"}`;
  const out = !shown
    ? ""
    : gain === 0
      ? "; nothing comes out"
      : `; out comes ${short(gain)} times as much${step === 0 ? "" : later}`;
  lines.push(`f = ${writeFrequency(step)}: ${length}${out}.`);
  if (stride > 1) {
    const limit = `with stride ${stride} the output holds no more than f = 1/${2 * stride}`;
    const isAlias = Math.abs(slow.frequency - frequency) > 1e-9;
    const looks = isAlias ? `: this one looks like f = ${short(slow.frequency)} (dashed)` : ": this one fits";
    lines.push(`${limit}${looks}.`);
  }
  return lines;
}

/** What is spoken of a frequency. */
export function describeStep(state, view, shown) {
  const [, ...lines] = describe(state, view, shown);
  const result = shown ? `gain ${short(view.gain)}.` : "The gain is what?";
  return [`${result} ${lines.join(" ")}`, `${result} ${lines[0].split(":")[0]}`];
}
