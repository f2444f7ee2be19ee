/** What the confusion matrix says in words, and what a wrong prediction of a measure gives away. */

import { number, plural } from "../arithmetic/format.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";

export const MEASURES = { recall: "recall", precision: "precision", f1: "F1", accuracy: "accuracy" };
const digits = (value) => (Number.isFinite(value) ? String(Math.round(value * 1e4) / 1e4) : "not defined");

/** What the chosen cell counts. */
export function describeCell({ counts, names, cell: [row, col] }) {
  const count = counts[row][col];
  const was = row === col ? "read rightly" : `read as ${names[col]}`;
  const were = count === 1 ? "was" : "were";
  return `${plural(count, "sample")} of class ${names[row]} ${were} ${was}.`;
}

/** The measure, written out with its numbers. */
export function describeMeasure({ names, cell: [klass], measure }, { measures }, isKnown) {
  const { top, bottom, value } = measures[measure];
  const of = measure === "accuracy" ? "" : ` of ${names[klass]}`;
  if (!isKnown) return `${MEASURES[measure]}${of} = ?`;
  if (!bottom) return `${MEASURES[measure]}${of}: nothing to divide by`;
  return `${MEASURES[measure]}${of} = ${number(top)} / ${number(bottom)} = ${digits(value)}`;
}

/** Where the numbers of a measure stand. */
export function describeRule({ measure, turned }) {
  const [truth, said] = turned ? ["column", "row"] : ["row", "column"];
  return {
    recall: `Recall: of what is so, how much was called so? The diagonal by the sum of its ${truth}.`,
    precision: `Precision: of what was called so, how much is so? The diagonal by the sum of its ${said}.`,
    f1: "F1: twice the diagonal, by the sum of its row and its column. It is the harmonic mean of the two.",
    accuracy: "Accuracy: the whole diagonal by all samples. It hides which classes suffer.",
  }[measure];
}

/**
 * Judges what the reader says the measure is.
 * @param {any} state @param {any} view @param {number} guess
 */
export function diagnose({ names, cell: [klass], measure }, { measures, truth, said, total }, guess) {
  const { top, bottom, value } = measures[measure];
  if (!bottom) return { right: false, words: "Nothing can be divided here: choose a class that occurs." };
  const others = Object.keys(MEASURES).filter((name) => name !== measure);
  const hits = measures.recall.top;
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const slips = [
    ...others.map((name) => {
      const words = `That is the ${MEASURES[name]}, not the ${MEASURES[measure]}.`;
      return /** @type {[number, string]} */ ([measures[name].value, words]);
    }),
    [100 * value, "That is in percent: write a share of 1."],
    [1 - value, "That is the share of mistakes: the diagonal counts what is right."],
    [hits / total, "You divided by all samples: take the sum of one row or column."],
    [measure === "f1" ? hits / (truth[klass] + said[klass]) : undefined, "Twice the diagonal belongs on top."],
    [
      measure === "f1" ? (measures.recall.value + measures.precision.value) / 2 : undefined,
      "That is the ordinary mean: F1 is the harmonic mean of precision and recall.",
    ],
    [hits, "That is the count on the diagonal: divide it."],
    [top / (bottom - top), "You divided by the mistakes: the sum holds the diagonal, too."],
  ];
  return judgeGuess(guess, value, {
    right: `Right: ${number(top)} / ${number(bottom)} = ${digits(value)}.`,
    slips,
    hint: `Divide ${number(top)} by the right sum for class ${names[klass]}.`,
    same: (a, b) => Math.abs(a - b) < 0.0051 * Math.max(1, Math.abs(a)),
  });
}
