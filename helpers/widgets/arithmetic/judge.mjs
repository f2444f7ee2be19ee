/** Says whether a prediction is right and, where it is wrong, which slip leads to it. */

import { number } from "./format.mjs";

/** @typedef {[number | undefined, string]} Slip what it leads to, undefined for nothing new, and its name */

/** Whether two numbers are the same to the digits that are shown; undefined is like no number. */
export const sameNumber = (a, b) => Math.abs(a - b) < 1e-6 * Math.max(1, Math.abs(a));

/**
 * Says what is wrong with a predicted value, by recognising the value of a likely slip.
 * @param {number} guess
 * @param {number} answer
 * @param {object} words
 * @param {string} words.right what a right prediction hears
 * @param {Slip[]} words.slips the value that a slip leads to, and its name; the first that fits
 * is named
 * @param {string} words.hint how to begin, where no slip fits
 * @param {(value: number | undefined, guess: number) => boolean} [words.same] whether a guess is as good as a value
 * @returns {{right: boolean, words: string}}
 */
export function judgeGuess(guess, answer, { right, slips, hint, same = sameNumber }) {
  if (same(answer, guess)) return { right: true, words: right };
  const slip = slips.find(([value]) => same(value, guess));
  return { right: false, words: slip ? slip[1] : `${number(guess)} is not it. ${hint}` };
}
