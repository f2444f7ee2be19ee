/** Equivariance's settings: examples, the layer, the shift, the cell and the question. */

import { shapeOf } from "../arithmetic/convolution2d.mjs";
import { exact } from "../arithmetic/format.mjs";
import { numberPair, part, segmented, select, toggle } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";
import { editableGrid } from "../card/grid.mjs";
import { BORDERS, checkKernel, MOST_SHIFT, POOLS, QUESTIONS, SIDE, STRIDES } from "./state.mjs";
import { KERNEL_WORDS, QUESTION_WORDS } from "./words.mjs";

const OWN = "your own";
const PLAIN = {
  source: "camera",
  kernel: "sobel_x",
  border: "wrap",
  stride: 1,
  pool: "none",
  blur: false,
  shift: [0, 3],
};
const FINE = { ...PLAIN, source: "stripes", kernel: "identity", stride: 2, shift: [0, 1] };

/** Settings that show one thing each. */
const EXAMPLES = {
  "a kernel alone": PLAIN,
  "zeros at the border": { ...PLAIN, border: "zeros" },
  "whole windows only": { ...PLAIN, border: "valid" },
  "stride 2, shifted by 1": FINE,
  "stride 2, shifted by 2": { ...FINE, shift: [0, 2] },
  "a blur before stride 2": { ...FINE, blur: true },
  "max pooling of bars": { ...FINE, source: "bars", stride: 1, pool: "max" },
  "max pooling of edges": { ...PLAIN, pool: "max", shift: [0, 1] },
};
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const nameOfExample = (state) =>
  Object.keys(EXAMPLES).find((name) =>
    Object.entries(EXAMPLES[name]).every(([key, value]) => isSame(state[key], value)),
  );

/** The kernel's cells, to be edited. @param {any} store */
export function createKernel(store) {
  const cells = editableGrid({
    label: "kernel: arrow keys go from cell to cell, paste a block of numbers to fill it",
    name: (row, col) => `w[${row}, ${col}]`,
    read: () => store.view.layer.kernel,
    write: (grid) => store.propose({ kernel: grid }),
    check: checkKernel,
    refuse: (sentence) => store.refuse(sentence),
    print: exact,
  });
  const element = h("div.eq-kernel", {}, h("span", {}, "kernel"), cells.element);
  return {
    element,
    show(kernel) {
      element.style.setProperty("--eq-count", Math.max(...shapeOf(kernel), 3));
      cells.show(kernel);
    },
  };
}

/** @param {any} store */
export function createSettings(store) {
  const propose = (changes) => store.propose(changes);
  const refuse = (sentence) => store.refuse(sentence);
  const names = [OWN, ...Object.keys(EXAMPLES)];
  const kernel = h(
    "select",
    { onchange: () => propose({ kernel: kernel.value === "own" ? store.view.layer.kernel : kernel.value }) },
    ...Object.entries(KERNEL_WORDS).map(([value, words]) => h("option", { value }, words)),
  );
  const pair = (label, name, most) =>
    numberPair(
      label,
      [
        ["↓", "down"],
        ["→", "right"],
      ],
      { min: 0, max: most },
      (axis, value) => propose({ [name]: store.state[name].with(axis, value) }),
      refuse,
    );
  const ask = h(
    "select",
    { onchange: () => propose({ ask: ask.value }) },
    ...QUESTIONS.map((value) => h("option", { value }, QUESTION_WORDS[value])),
  );
  const fields = {
    examples: select("example", names, (name) => name !== OWN && propose(EXAMPLES[name])),
    kernel: { element: h("label", {}, "kernel", kernel), show: (name) => (kernel.value = name) },
    border: segmented(
      "border",
      BORDERS.map((name) => [name, name]),
      (border) => propose({ border }),
    ),
    stride: segmented(
      "stride",
      STRIDES.map((step) => [step, String(step)]),
      (stride) => propose({ stride }),
    ),
    pool: segmented(
      "pooling 2 × 2",
      POOLS.map((name) => [name, name]),
      (pool) => propose({ pool }),
    ),
    blur: toggle("blur before anything is left out", (blur) => propose({ blur })),
    shift: pair("shift", "shift", MOST_SHIFT),
    cell: numberPair(
      "cell",
      [
        ["", "row"],
        ["", "column"],
      ],
      { min: 0, max: SIDE - 1 },
      (axis, value) => propose({ cell: store.state.cell.with(axis, value) }),
      refuse,
    ),
    ask: { element: h("label", {}, "question", ask), show: (value) => (ask.value = value) },
  };
  return {
    elements: Object.entries(fields).map(([name, { element }]) => part(name, element)),
    /** @param {any} state @param {any} view @param {{row: number, col: number}} cell */
    show(state, { name }, cell) {
      const values = { ...state, kernel: name, examples: nameOfExample(state) ?? OWN, cell: [cell.row, cell.col] };
      for (const [field, { show }] of Object.entries(fields)) show(values[field]);
    },
  };
}
