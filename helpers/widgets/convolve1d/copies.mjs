/** Convolve1D's other picture: a copy of the kernel for each cell of the input, and the column that is added up. */

import { copies } from "../arithmetic/convolution.mjs";
import { factor, number } from "../arithmetic/format.mjs";
import { largestOf, showValue, tint } from "../card/cells.mjs";
import { h, resize, setText } from "../card/dom.mjs";

export function createCopies() {
  const element = h("div.cv1d-copies", { role: "group", "aria-label": "copies of the kernel" });
  const row = () => h("div.cv1d-copy", {}, h("span.cv1d-name"), h("div.cv1d-track"));
  return {
    element,
    /**
     * @param {any} state @param {any} trace @param {number} at the output on show
     * @param {(index: number) => boolean} isSeen whether an output may be seen
     * @param {number} middle by how much an output stands right of its window's first cell
     */
    show(state, trace, at, isSeen, middle) {
      const rows = copies(trace, state);
      const largest = largestOf(rows.flatMap(({ cells }) => cells.map(({ product }) => product)));
      resize(element, rows.length, row);
      rows.forEach(({ place, value, cells }, i) => {
        const [name, track] = element.children[i].children;
        setText(name, `${factor(value)} · w`);
        element.children[i].title = `x[${number(place)}] · w`;
        element.children[i].classList.toggle("ghost", place < 0 || place >= state.signal.length);
        resize(track, cells.length, () => h("div.cv-cell"));
        cells.forEach(({ index, product }, k) => {
          const cell = track.children[k];
          cell.style.setProperty("--col", String(trace.steps[index].start + middle));
          cell.classList.toggle("now", index === at);
          showValue(cell, isSeen(index) ? number(product) : "", `x[${number(place)}]’s share of y[${index}]`);
          tint(cell, isSeen(index) ? product : 0, largest);
        });
      });
    },
  };
}
