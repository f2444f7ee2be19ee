/** What a wrong prediction of the gain gives away: the slip that leads to it. */

import { judgeGuess } from "../arithmetic/judge.mjs";
import { response } from "../arithmetic/frequency.mjs";
import { short, writeFrequency } from "./words.mjs";

/** Readers calculate with the few digits that they see, or estimate by the arrows in their head. */
const near = (value, guess) => Math.abs(value - guess) <= Math.max(0.006, 0.01 * Math.abs(value));

/** @param {any} state @param {any} view @param {number} guess @returns {{right: boolean, words: string}} */
export function diagnose({ kernel, step }, { re, im, gain }, guess) {
  const name = `|H(${writeFrequency(step)})|`;
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const sizes = kernel.reduce((sum, weight) => sum + Math.abs(weight), 0);
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const slips = [
    [gain ** 2, "That is the square of the gain: the root is missing."],
    [re, "That is the first part of H only, the cosines: the gain is the length of the whole arrow."],
    [im, "That is the second part of H only, the sines: the gain is the length of the whole arrow."],
    [Math.abs(re), "That is the first part of H only, the cosines: the gain is the length of the whole arrow."],
    [Math.abs(im), "That is the second part of H only, the sines: the gain is the length of the whole arrow."],
    [Math.abs(re) + Math.abs(im), "You added the two parts up: the length of an arrow is the root of their squares."],
    [Math.abs(total), "That is the sum of the cells, the gain at f = 0: here the cells meet a wave."],
    [total, "That is the sum of the cells, H(0): here the cells meet a wave."],
    [response(kernel, 0.5).gain, "That is the gain at f = 1/2, where the signs of the wave alternate."],
    [sizes, "That would be so if all arrows had one direction: they turn by f each."],
    [-gain, "A gain is a length, and not negative: a change of sign is a phase of 180°."],
  ];
  const first = short(kernel[0]);
  const hint = `Start with the arrow ${first} to the right, turn each next one by f, and take the length of their sum.`;
  return judgeGuess(guess, gain, { right: `Right: ${name} = ${short(gain)}.`, slips, hint, same: near });
}
