/** The kernel of ImageFilter: chosen by name or edited cell by cell, with what it does to a picture. */

import { numberField, numberPair, part, segmented, toggle } from "../card/controls.mjs";
import { h, icon, setText } from "../card/dom.mjs";
import { exact } from "../arithmetic/format.mjs";
import { editableGrid, plainGrid } from "../card/grid.mjs";
import { describeEffect, KERNEL_SIZES, KERNELS, resized } from "../arithmetic/kernels.mjs";
import { checkKernel, MOST_CELLS } from "./state.mjs";
import { brief, describeSum, evenly } from "./words.mjs";

const SEEDS = 10000;

/** Kernels that were there before, so that none of the reader's is lost. */
function createHistory(store, undo) {
  const past = [];
  let last = null;
  return {
    note({ kernel, size, sigma, seed }) {
      const now = JSON.stringify({ kernel, size, sigma, seed });
      if (last !== null && last !== now) past.push(last);
      last = now;
      undo.setAttribute("aria-disabled", String(past.length === 0));
    },
    takeBack() {
      if (!past.length) return;
      last = past.pop();
      store.propose(JSON.parse(last));
    },
  };
}

/** @param {any} store */
export function addPanel(store) {
  const refuse = (sentence) => store.refuse(sentence);
  const choice = h(
    "select",
    { onchange: () => store.propose({ kernel: choice.value === "own" ? store.view.written[0] : choice.value }) },
    ...Object.entries({ ...KERNELS, own: "your own" }).map(([value, words]) => h("option", { value }, words)),
  );
  const size = segmented(
    "size",
    KERNEL_SIZES.map((n) => [n, String(n)]),
    (value) => store.propose({ size: value }),
  );
  const shape = numberPair(
    "size",
    [
      ["", "rows"],
      ["×", "columns"],
    ],
    { min: 1, max: MOST_CELLS },
    (axis, count) => {
      const [rows, cols] = store.view.shape.with(axis, count);
      return store.propose({ kernel: resized(store.view.written[0], rows, cols) });
    },
    refuse,
  );
  const sigma = numberField(
    "sigma",
    { min: 0.1, max: 9, step: 0.1 },
    (value) => store.propose({ sigma: value }),
    refuse,
  );
  const seed = numberField("seed", { min: 0, max: SEEDS - 1 }, (value) => store.propose({ seed: value }), refuse);
  const shuffle = h(
    "button",
    { type: "button", onclick: () => store.propose({ seed: (store.state.seed + 1) % SEEDS }) },
    "shuffle",
  );
  const random = h("span.cv-group", {}, seed.element, shuffle);

  const fraction = h("span.imf-fraction", {}, h("span"), h("span"));
  const cells = editableGrid({
    label: "kernel",
    name: (row, col) => `w[${row}, ${col}]`,
    read: () => store.view.written[0],
    write: (grid) => store.propose({ kernel: grid }),
    check: checkKernel,
    refuse,
    print: brief,
  });
  const pair = ["across", "down"].map((direction) => {
    const grid = plainGrid({ label: `kernel ${direction}` });
    return { ...grid, box: h("div", {}, h("span.imf-name", {}, direction), grid.element) };
  });
  const pairBox = h("div.imf-pair", {}, ...pair.map(({ box }) => box));
  const grids = h("div.imf-kernel", {}, fraction, cells.element, pairBox);

  const undo = h(
    "button",
    { type: "button", onclick: () => history.takeBack() },
    icon("M8 5 3 10l5 5M3 10h11a5 5 0 0 1 0 10h-2"),
    "undo",
  );
  const history = createHistory(store, undo);
  const normalise = toggle("divide by the sum", (on) => store.propose({ normalise: on }));
  const sum = h("p.imf-sum");
  const effect = h("p.imf-effect");
  const details = [
    part("cells", grids),
    h("div.imf-line", {}, part("normalise", normalise.element), part("kernel", undo)),
    sum,
    effect,
  ];
  const element = h(
    "div.imf-panel",
    {},
    part(
      "kernel",
      h("div.imf-choose", {}, h("label", {}, "kernel", choice), size.element, shape.element, sigma.element, random),
    ),
    ...details,
  );

  return {
    element,
    /** All but the choice of a kernel. */
    details,
    /** @param {any} state @param {any} view @param {boolean} told whether the reader may read what the kernel does */
    show(state, view, told) {
      history.note(state);
      const isPair = view.written.length === 2;
      const longest = Math.max(...view.shape);
      choice.value = view.name;
      size.show(state.size);
      size.element.hidden = view.name === "own";
      shape.show(view.shape);
      shape.element.hidden = view.name !== "own";
      sigma.show(state.sigma);
      sigma.element.hidden = view.name !== "gaussian";
      seed.show(state.seed);
      random.hidden = view.name !== "random";
      element.style.setProperty("--imf-count", longest);
      grids.classList.toggle("imf-wide", longest > 5);
      cells.element.hidden = isPair;
      pairBox.hidden = !isPair;
      if (isPair)
        pair.forEach((grid, i) => grid.show(view.written[i], { print: brief, each: evenly(view.written[i]) }));
      else cells.show(view.written[0], { each: evenly(view.written[0]) });
      fraction.hidden = view.divisor === 1;
      setText(fraction.firstElementChild, view.divisor < 0 ? "−1" : "1");
      setText(fraction.lastElementChild, exact(Math.abs(view.divisor)));
      normalise.show(state.normalise);
      setText(sum, describeSum(state, view));
      setText(effect, told ? describeEffect(view) : "");
    },
  };
}
