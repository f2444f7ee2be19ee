/** How well the network does: accuracy and loss by epoch, the confusion matrix, and the digits that it misreads. */

import { confusion } from "../arithmetic/digit_network.mjs";
import { createChart } from "../card/chart.mjs";
import { part } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";
import { createConfusion, createMisread } from "./drawing.mjs";

const LINES = [
  ["bc-train", "training"],
  ["bc-held", "held-out"],
  ["bc-train bc-dense", "dense, training"],
  ["bc-held bc-dense", "dense, held-out"],
];

/** @param {any} store */
export function createCourse(store) {
  const [accuracy, loss] = ["accuracy", "loss"].map((label) => createChart({ label, along: "epochs", title: label }));
  const keys = LINES.map(([kind, words]) => h(`span.${kind.replace(" ", ".")}`, {}, words));
  const legend = h("div.bc-legend", { "aria-hidden": "true" }, ...keys);
  const progress = h("p.bc-progress", { role: "status" });
  const matrix = createConfusion();
  const misread = createMisread((digit) => store.propose({ digit }));
  let counted = null; // the predictions that are on show

  /** The lines of one chart. @param {any[]} histories @param {string} name */
  const linesOf = (histories, name) =>
    histories.flatMap((history, i) =>
      [name, `val_${name}`].map((key, k) => {
        const [className, words] = LINES[2 * i + k];
        return { values: history.map((entry) => entry[key] ?? NaN), name: words, className };
      }),
    );

  return {
    curves: h(
      "div.bc-side",
      {},
      part("curves", h("div.bc-curves", {}, accuracy.element, loss.element, legend)),
      progress,
    ),
    results: h("div.bc-more", {}, part("confusion", h("div", {}, matrix.element)), part("misread", misread.element)),
    tell: (text) => setText(progress, text),

    /** @param {any[]} histories of the network, and of the dense one if there is one @param {number} at */
    showCurves(histories, at, epochs) {
      const { scale } = store.state;
      accuracy.show({ lines: linesOf(histories, "accuracy"), end: epochs, at, between: [0, 1] });
      loss.show({ lines: linesOf(histories, "loss"), end: epochs, at, scale });
      legend.classList.toggle("bc-alone", histories.length === 1);
    },

    /** @param {any} test the held-out digits @param {Uint8Array | undefined} predictions @param {Uint32Array} table */
    showResults(test, predictions, table) {
      if (predictions && predictions !== counted) {
        counted = predictions;
        matrix.show(confusion(test.labels, predictions));
        misread.show(test, predictions, table);
      }
      misread.mark(store.state.digit);
    },

    /** Colours have changed. */
    forget: () => (counted = null),
  };
}
