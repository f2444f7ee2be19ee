/** What a confusion matrix says: shares, and the measures of a class with the numbers that they come from. */

import { Misfit } from "../arithmetic/misfit.mjs";

const MEASURES = ["recall", "precision", "f1", "accuracy"];
const SHARES = ["count", "recall", "precision"];
const sum = (values) => values.reduce((all, value) => all + value, 0);

/**
 * @typedef {object} Measure
 * @property {number} value NaN where there is nothing to divide by
 * @property {number} top
 * @property {number} bottom
 */

/**
 * @param {number[][]} counts rows are the truth
 * @param {number} klass
 * @returns {Record<string, Measure>}
 */
export function measuresOf(counts, klass) {
  const hits = counts[klass][klass];
  const said = sum(counts.map((row) => row[klass]));
  const truth = sum(counts[klass]);
  const right = sum(counts.map((row, i) => row[i]));
  const all = sum(counts.flat());
  const of = (top, bottom) => ({ value: bottom ? top / bottom : NaN, top, bottom });
  return {
    recall: of(hits, truth),
    precision: of(hits, said),
    f1: of(2 * hits, said + truth),
    accuracy: of(right, all),
  };
}

/** @param {any} state */
export function compute({ counts, names, cell, share, measure }) {
  const size = counts.length;
  const isCount = (value) => Number.isInteger(value) && value >= 0;
  if (!size || counts.some((row) => row.length !== size || !row.every(isCount)))
    throw new Misfit("The matrix has to be a square of whole numbers from 0, with a row for each true class.");
  if (names.length !== size) throw new Misfit(`${size} classes need ${size} names.`);
  if (cell.length !== 2 || !cell.every((at) => isCount(at) && at < size))
    throw new Misfit(`The cell ${cell.join(", ")} lies outside: use numbers from 0 to ${size - 1}.`);
  if (!MEASURES.includes(measure)) throw new Misfit(`The measure has to be one of ${MEASURES.join(", ")}.`);
  if (!SHARES.includes(share)) throw new Misfit(`The cells show one of ${SHARES.join(", ")}.`);
  const truth = counts.map(sum);
  const said = counts.map((_, k) => sum(counts.map((row) => row[k])));
  const whole = { count: () => 1, recall: (r) => truth[r], precision: (_, c) => said[c] }[share];
  const shown = counts.map((row, r) => row.map((value, c) => (whole(r, c) ? value / whole(r, c) : 0)));
  return { truth, said, shown, measures: measuresOf(counts, cell[0]), total: sum(truth) };
}
