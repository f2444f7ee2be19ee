/** Predict first: how many rows has a map of the chosen layer? */

import { plural } from "../arithmetic/format.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";
import { addPrediction } from "../card/predict.mjs";

const first = (value) => [value].flat()[0];

/**
 * Judges what the reader says the rows of a layer's maps are.
 * @param {number} guess
 * @param {{name: string, shape: number[]}} layer
 * @param {any} described its options, as the network's file has them
 * @param {number} before rows of what it reads
 */
export function diagnose(guess, { name, shape }, described, before) {
  const [rows] = shape;
  const isPooling = described.kind !== "conv2d";
  const size = first(isPooling ? described.poolSize : described.kernelSize);
  const stride = first(described.strides ?? (isPooling ? size : 1));
  const isSame = described.padding === "same";
  const formula = isSame ? `⌈${before} / ${stride}⌉` : `⌊(${before} − ${size}) / ${stride}⌋ + 1`;
  const reaching = `Without padding a window of ${size} rows does not start in the last ${plural(size - 1, "row")}.`;
  return judgeGuess(guess, rows, {
    right: `Right: ${formula} = ${rows} rows.`,
    slips: [
      [shape[2], `That is how many maps ${name} has. How many rows has one of them?`],
      [rows * shape[1], "That is how many cells a map has. How many rows are they?"],
      [before - size, `${before} − ${size} is how far the window moves. It also stands where it begins, so add 1.`],
      [before, isSame ? "With a stride the windows do not start at every row." : reaching],
      [Math.ceil(before / stride), "A window that reaches over the border is left out: round down."],
      [before / stride, "A window that does not fit in whole is left out: round down."],
    ],
    hint: `${name} reads ${before} rows with windows of ${size}, ${plural(stride, "row")} apart.`,
  });
}

/**
 * @param {any} card @param {any} store
 * @param {object} widget
 * @param {() => void} widget.repaint
 * @param {() => [any, any, number] | null} widget.asked what `diagnose` needs beside the guess; null before there is a
 * network
 */
export function addQuestion(card, store, { repaint, asked }) {
  return addPrediction(card, store, {
    judge: (guess) => diagnose(guess, ...asked()),
    asks: () => asked() !== null,
    repaint,
  });
}
