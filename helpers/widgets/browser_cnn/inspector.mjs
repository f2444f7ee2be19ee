/** One cell's arithmetic, and which cell it is. */

import { part } from "../card/controls.mjs";
import { forHand, h, resize, setText } from "../card/dom.mjs";
import { createCellChooser } from "./controls.mjs";
import { describeCell, writeCell } from "./words.mjs";

/** @param {any} card @param {any} store @param {any} questions */
export function addInspector(card, store, questions) {
  const cells = createCellChooser(store);
  const where = h("span.bc-where");
  const lines = h("div.bc-lines", { tabindex: 0, role: "group", "aria-label": "arithmetic of the cell" });
  card.say.prepend(part("inspect", h("div.bc-inspect", {}, cells.element, where)));
  questions.line.append(lines);
  part("inspect", card.say.querySelector(".cv-line"));
  return {
    follow: cells.show,
    /** @param {any} traced null where no cell is open @param {any} view */
    show(traced, view) {
      const words = traced
        ? `${describeCell(view.shown[view.cell.layer - 1], view.cell)}:`
        : forHand("Click on a cell of a map, or on an output, to see how it came about.");
      setText(where, words);
      lines.hidden = !traced;
      const written = traced ? writeCell(traced, store.state.pooling, questions.isCellKnown()) : [];
      resize(lines, written.length, () => h("div"));
      written.forEach((text, i) => setText(lines.children[i], text));
    },
  };
}
