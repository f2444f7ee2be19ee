/** What settings have to fulfil, and the sentences that say so. */

import { Misfit } from "./misfit.mjs";

/**
 * @typedef {object} Range
 * @property {number} least
 * @property {number} [most]
 * @property {boolean} [whole] only whole numbers
 * @property {boolean} [above] the least itself is too small
 */

/** Whether a value is a number of a range. @param {unknown} value @param {Range} range */
export const lies = (value, { least, most = Infinity, whole = false, above = false }) =>
  typeof value === "number" &&
  Number.isFinite(value) &&
  (above ? value > least : value >= least) &&
  value <= most &&
  (!whole || Number.isInteger(value));

/** "a whole number from 1 to 5" @param {Range} range */
export function describeRange({ least, most = Infinity, whole = false, above = false }) {
  const start = above ? `above ${least}` : `from ${least}`;
  const end = most < Infinity ? ` ${above ? "and up " : ""}to ${most}` : "";
  return `a ${whole ? "whole " : ""}number ${start}${end}`;
}

/** Refuses a value: "A seed of −1 does not work". @param {string} name @param {unknown} value @param {Range} range */
export function requireNumber(name, value, range) {
  if (!lies(value, range)) throw new Misfit(`A ${name} of ${value} does not work: use ${describeRange(range)}.`);
}

/** Or: "−1 does not work as seed". @param {string} name @param {unknown} value @param {Range} range */
export function requireNumberAs(name, value, range) {
  if (!lies(value, range)) throw new Misfit(`${value} does not work as ${name}: use ${describeRange(range)}.`);
}

/**
 * Refuses what is not among the options.
 * @template T
 * @param {string} what @param {T} value @param {readonly T[]} options
 * @param {unknown} [said] the value as the sentence has it
 */
export function requireOneOf(what, value, options, said = value) {
  if (!options.includes(value)) throw new Misfit(`There is no ${what} ${said}: use ${options.join(", ")}.`);
}

/** @param {string} answer */
export function requireAnswer(answer) {
  if (!["shown", "hidden"].includes(answer)) throw new Misfit(`The answer can be shown or hidden, not ${answer}.`);
}

/**
 * One value for each axis, from one for all or one for each.
 * @template T
 * @param {T | T[]} value @param {number} axes
 * @param {string} sentence that refuses another number of them
 * @returns {T[]}
 */
export function perAxis(value, axes, sentence) {
  if (!Array.isArray(value)) return new Array(axes).fill(value);
  if (value.length !== axes || axes === 1) throw new Misfit(sentence);
  return value;
}
