/** The pictures of OutputSize: one layer, two kinds of "same", a chain, and the formula below them. */

import { AXES, compareSame, describeLayer, describeLeft, describeUse, sizeText } from "./words.mjs";
import { h, resize, setText } from "../card/dom.mjs";
import { panes } from "../card/panes.mjs";
import { number } from "../arithmetic/format.mjs";
import { numbers, symbols } from "../arithmetic/sizes.mjs";
import { createInput, createOutput, createRow, MOST_CELLS } from "../card/windows.mjs";

/** The sentence below the picture: what the present step does, or what is asked. */
export function describeStep({ state, view, at, open, positionOf }) {
  const result = (text) => h("b.y", {}, text);
  if (state.view === "same") {
    if (!open)
      return [`How many zeros does TensorFlow put before the input${view.apart ? ", along the columns" : ""}?`];
    const { numpy, tensorflow } = view.kinds.at(-1);
    const index = Math.min(at, numpy.output - 1);
    const start = (axis) => number(index * axis.stride - axis.before);
    const along = view.apart ? " along the columns" : "";
    return [
      `Window ${index + 1} of ${numpy.output}${along} starts at cell ${start(numpy)} in NumPy and SciPy, ` +
        `at ${start(tensorflow)} in TensorFlow and Keras.`,
    ];
  }
  if (state.view === "chain") {
    const { layer, axes } = view.layers[at];
    const words = `Layer ${at + 1}, ${describeLayer(layer, state.dimensions)}: `;
    return open
      ? [words, `${sizeText(axes.map(({ size }) => size))} → `, result(sizeText(axes.map(({ output }) => output)))]
      : [words, "which size comes out?"];
  }
  const sizes = sizeText(view.axes.map(({ output }) => output));
  if (!open) return ["How large is the output?"];
  const [row, col] = positionOf(at);
  const where = state.dimensions === 2 ? `row ${row}, column ${col}` : `cell ${col}`;
  return ["Output ", result(sizes), ` · window ${at + 1} of ${view.count} fills ${where}`];
}

/** One layer: in two dimensions input and output side by side, in one below each other. */
export function createLayerPicture(pick) {
  const input = createInput(pick);
  const output = createOutput(pick);
  const row = createRow(pick);
  const inputName = h("div.os-caption");
  const outputName = h("div.os-caption");
  const unknown = h("div.os-unknown", {}, "?");
  const rowName = h("div.os-caption");
  const grids = h(
    "div.os-grids",
    {},
    h("div.os-figure", {}, inputName, input.element),
    h("span.os-arrow", { "aria-hidden": "true" }, "→"),
    h("div.os-figure", {}, outputName, output.element, unknown),
  );
  const single = h("div.os-single", {}, rowName, row.element);
  return {
    element: h("div.os-layer", {}, grids, single),
    paint({ state, view, at, open }) {
      const [rows, cols] = view.axes.length === 2 ? view.axes : [null, view.axes[0]];
      grids.hidden = !rows;
      single.hidden = Boolean(rows);
      const sizes = sizeText(view.axes.map(({ size }) => size));
      const padded = view.axes.some(({ size, padded }) => padded > size)
        ? `, with padding ${sizeText(view.axes.map((axis) => axis.padded))}`
        : "";
      if (!rows) {
        setText(rowName, `input ${sizes}${padded}`);
        row.paint({ axis: cols, at: at[1], open, usage: state.usage && open });
        return;
      }
      const widest = [Math.max(cols.padded, 1), open ? cols.output : Math.min(cols.output, 3)];
      grids.style.setProperty("--across", widest[0] + widest[1]);
      grids.style.setProperty("--widest", Math.max(...widest));
      grids.style.setProperty("--down", rows.padded);
      grids.classList.toggle("fine", Math.max(rows.padded, ...widest) <= MOST_CELLS);
      grids.classList.toggle("wide", widest[0] + widest[1] > 48);
      grids.classList.toggle("medium", widest[0] + widest[1] > 16);
      const together = (text) => text.replaceAll(" × ", "\u00a0×\u00a0");
      setText(inputName, together(`input ${sizes}${padded}`));
      setText(outputName, open ? together(`output ${sizeText([rows.output, cols.output])}`) : "output");
      input.paint({ rows, cols, at, open, usage: state.usage && open });
      output.element.hidden = !open;
      unknown.hidden = open;
      if (open) output.paint({ rows: rows.output, cols: cols.output, at });
    },
  };
}

/** The two kinds of "same", along the axis or along both where they differ. */
export function createSamePicture(pick, change) {
  const element = h("div.os-same");
  const makeAxis = () => {
    const name = h("div.os-axis");
    const rows = ["numpy", "tensorflow"].map((kind) => {
      const row = createRow(([, col]) => pick([0, col]));
      const cells = [h("td"), h("td"), h("td"), h("td")];
      const caption = h("div.os-caption");
      const called = kind === "numpy" ? "NumPy, SciPy" : "TensorFlow, Keras";
      return { kind, called, row, cells, caption, figure: h("div.os-single", {}, caption, row.element) };
    });
    const head = ["library", "zeros before", "zeros after", "first window starts at", "output size"];
    const table = h(
      "table.os-table",
      {},
      h("thead", {}, h("tr", {}, ...head.map((words) => h("th", { scope: "col" }, words)))),
      h("tbody", {}, ...rows.map(({ called, cells }) => h("tr", {}, h("th", { scope: "row" }, called), ...cells))),
    );
    const why = h("p.os-why");
    const block = h("section", {}, name, ...rows.map(({ figure }) => figure), table, why);
    return { block, name, rows, why, table };
  };
  const blocks = [makeAxis(), makeAxis()];
  const tries = h(
    "div.cv-fixes",
    {},
    h("button", { type: "button", onclick: () => change({ kernel_size: 4 }) }, "try kernel 4"),
    h("button", { type: "button", onclick: () => change({ stride: 2 }) }, "try stride 2"),
  );
  const tabs = panes("what is on show", [
    ["windows", blocks.flatMap(({ rows }) => rows.map(({ figure }) => figure))],
    ["in numbers", [...blocks.flatMap(({ table, why }) => [table, why]), tries]],
  ]);
  element.append(tabs.element, ...blocks.map(({ block }) => block), tries);
  return {
    element,
    paint({ view, at, open }) {
      const shown = view.apart ? view.kinds : view.kinds.slice(0, 1);
      blocks.forEach(({ block, name, rows, why }, i) => {
        block.hidden = i >= shown.length;
        if (block.hidden) return;
        name.hidden = shown.length === 1;
        setText(name, `along the ${AXES[i]}`);
        const kinds = shown[i];
        const most = (side) => Math.max(kinds.numpy[side], kinds.tensorflow[side]);
        /** @type {[number, number]} */
        const room = [most("before"), most("after")];
        for (const { kind, called, row, cells, caption, figure } of rows) {
          const axis = kinds[kind];
          const visible = open || kind === "numpy";
          figure.hidden = !visible;
          if (visible) row.paint({ axis, at: Math.min(at, axis.output - 1), open: true, usage: false, room });
          setText(caption, `${called}${kind === "numpy" ? " (“same”)" : " (“SAME”)"}`);
          const texts = [axis.before, axis.after, -axis.before, axis.output].map((count) => number(count));
          cells.forEach((cell, j) => setText(cell, visible || j === 3 ? texts[j] : "?"));
        }
        setText(why, open ? compareSame(kinds) : "");
      });
      const agree = view.kinds.every(
        ({ numpy, tensorflow }) => numpy.before === tensorflow.before && numpy.after === tensorflow.after,
      );
      tries.hidden = !open || !agree;
    },
  };
}

/** A chain: one line for the input and one for each layer, with the size to scale. */
export function createChainPicture(go) {
  const list = h("ol.os-chain");
  const line = (i) => {
    const words = h("span.os-what");
    const bar = h("span.os-bar");
    const size = h("span.os-size");
    const left = h("span.os-over");
    const content = [words, h("span.os-track", {}, bar, size, left)];
    return h(
      "li",
      {},
      i === 0
        ? h("span.os-line", {}, ...content)
        : h("button.os-line", { type: "button", onclick: () => go(i - 1) }, ...content),
    );
  };
  return {
    element: list,
    paint({ state, view, at, isKnown }) {
      const inputs = view.layers[0].axes.map(({ size }) => size);
      const sizes = [inputs, ...view.layers.map(({ axes }) => axes.map(({ output }) => output))];
      const known = (i) => i === 0 || isKnown(i - 1);
      const largest = Math.max(...sizes.filter((_, i) => known(i)).flat());
      resize(list, sizes.length, line);
      sizes.forEach((size, i) => {
        const button = list.children[i].firstElementChild;
        const [words, track] = button.children;
        const [bar, text, left] = track.children;
        setText(words, i === 0 ? "input" : `${i}  ${describeLayer(view.layers[i - 1].layer, state.dimensions)}`);
        bar.hidden = !known(i);
        bar.style.setProperty("--share", Math.max(...size) / largest);
        setText(text, known(i) ? sizeText(size) : "?");
        const over = i > 0 && known(i) ? Math.max(...view.layers[i - 1].axes.map((axis) => axis.left)) : 0;
        setText(left, over ? `${over} left over` : "");
        if (i > 0) button.setAttribute("aria-current", i - 1 === at ? "step" : "false");
      });
    },
  };
}

/** The formula with symbols, with numbers for each axis, and what is left over. */
export function createFormula(place) {
  const formula = h("span.os-piece");
  const general = h("div.os-symbols", {}, "output size = ", formula);
  const lines = [0, 1].map(() => ({ name: h("span"), text: h("span"), result: h("b") }));
  const rows = lines.map(({ name, text, result }) => h("div.os-numbers", {}, name, text, result));
  const left = h("div.os-left");
  const use = h("div.os-use");
  const box = h("div.os-formula", {}, general, ...rows, left, use);
  place.append(box);
  return {
    text: () => [left, use].map((element) => element.textContent).join(" "),
    paint({ state, view, at, isKnown }) {
      const chain = state.view === "chain";
      const open = isKnown(chain ? at : 0);
      let axes = chain
        ? view.layers[at].axes
        : state.view === "same"
          ? view.kinds.map(({ tensorflow }) => tensorflow)
          : view.axes;
      const all = axes;
      const alike = axes.length === 2 && JSON.stringify(axes[0]) === JSON.stringify(axes[1]);
      if (alike) axes = axes.slice(0, 1);
      const same = state.view === "same";
      general.hidden = !open;
      const uneven = axes.find(({ before, after }) => before !== after) ?? axes[0];
      const inSymbols = same
        ? "⌈n / s⌉, for both"
        : symbols({ ...uneven, dilation: Math.max(...axes.map(({ dilation }) => dilation)) });
      setText(formula, inSymbols);
      rows.forEach((row, i) => {
        const axis = axes[i];
        row.hidden = !axis || !open;
        if (row.hidden) return;
        setText(lines[i].name, axes.length === 2 ? `${AXES[i]}: ` : "= ");
        // A line breaks at an equals sign, not inside a fraction.
        const steps = (same ? `⌈${axis.size} / ${axis.stride}⌉ = ` : numbers(axis)).match(/.+? = |.+$/g);
        lines[i].text.replaceChildren(...steps.map((text) => h("span.os-piece", {}, text)));
        setText(lines[i].result, String(axis.output));
      });
      setText(left, open && !same ? describeLeft(all) : "");
      setText(use, open && state.view === "layer" && state.usage ? describeUse(all) : "");
    },
  };
}
