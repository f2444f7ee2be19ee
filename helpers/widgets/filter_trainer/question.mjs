/** Predict first: which number will stand in a cell of the kernel, once it has learned? */

import { number } from "../arithmetic/format.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";
import { addPrediction } from "../card/predict.mjs";

/** As close as a training comes. */
const NEAR = 0.06;

/** The cell in which a kernel and the turned one differ most; else the one with the largest weight. */
export function askedCell(wanted) {
  const last = wanted.length - 1;
  const weigh = (row, col) =>
    1000 * Math.abs(wanted[row][col] - wanted[last - row][last - col]) + Math.abs(wanted[row][col]);
  const cells = wanted.flatMap((line, row) => line.map((_, col) => [row, col]));
  return cells.reduce((best, cell) => (weigh(...cell) > weigh(...best) + 1e-9 ? cell : best));
}

/**
 * @param {any} card @param {any} store
 * @param {{repaint: () => void, isDetermined: () => boolean}} widget
 */
export function addQuestion(card, store, { repaint, isDetermined }) {
  const prediction = addPrediction(card, store, {
    repaint,
    asks: () => store.view.wanted !== null && isDetermined(),
    judge(guess) {
      const { wanted, settings } = store.view;
      const [row, col] = askedCell(wanted);
      const last = wanted.length - 1;
      const words = settings.flip
        ? "That is the number that the target's kernel has there. But the target was made by convolution, " +
          "which turns its kernel by 180°, and the layer does not turn."
        : "That is the number of the turned kernel. Here nothing is turned: target and layer both cross-correlate.";
      return judgeGuess(guess, wanted[row][col], {
        right: `Right: ${number(wanted[row][col], 3)}. Now let it learn, and see whether it finds it.`,
        slips: [
          [wanted[last - row][last - col], words],
          [-wanted[row][col], words],
        ],
        hint: settings.flip
          ? "Turn the target's kernel by 180°, and look at this cell."
          : "The layer does what made the target: look at the target's kernel.",
        same: (value, typed) => value !== undefined && Math.abs(value - typed) < NEAR,
      });
    },
  });
  return {
    ...prediction,
    begin: (view, source) => prediction.begin([view.settings.target, view.settings.flip, view.settings.size, source]),
    isKnown: () => prediction.isKnown(0),
    /** What is asked. */
    words() {
      const [row, col] = askedCell(store.view.wanted);
      return `Before it trains: which number will stand at w[${row}, ${col}] of the learned kernel in the end?`;
    },
  };
}
