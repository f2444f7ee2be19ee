/** The settings of OutputSize: examples, sizes along each axis, padding, and the layers of a chain. */

import { changeOf, inDimensions, LARGEST, MOST_LAYERS, setApart, TRAITS } from "./state.mjs";
import { AXES } from "./words.mjs";
import { numberField, part, segmented, select, toggle } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";
import { parseLayer, writeLayer } from "../arithmetic/sizes.mjs";

const EXAMPLES = {
  "5 × 5, padding 1, stride 2": {
    dimensions: 2,
    input_size: 5,
    kernel_size: 3,
    padding: 1,
    stride: 2,
    dilation: 1,
    usage: false,
  },
  "kernel 2, stride 2": {
    dimensions: 2,
    input_size: 8,
    kernel_size: 2,
    padding: "valid",
    stride: 2,
    dilation: 1,
    usage: false,
  },
  "kernel 2, stride 2, odd size": {
    dimensions: 2,
    input_size: 7,
    kernel_size: 2,
    padding: "valid",
    stride: 2,
    dilation: 1,
    usage: false,
  },
  "corner, edge and inner cells": {
    dimensions: 2,
    input_size: 5,
    kernel_size: 3,
    padding: "same",
    stride: 1,
    dilation: 1,
    usage: true,
  },
  "a row, full": {
    dimensions: 1,
    input_size: 5,
    kernel_size: 3,
    padding: "full",
    stride: 1,
    dilation: 1,
    usage: false,
  },
  "a row, dilated": {
    dimensions: 1,
    input_size: 9,
    kernel_size: 3,
    padding: "valid",
    stride: 1,
    dilation: 2,
    usage: false,
  },
  "AlexNet's first layer": {
    dimensions: 2,
    input_size: 227,
    kernel_size: 11,
    padding: "valid",
    stride: 4,
    dilation: 1,
    usage: false,
  },
  "the same on 224 × 224": {
    dimensions: 2,
    input_size: 224,
    kernel_size: 11,
    padding: "valid",
    stride: 4,
    dilation: 1,
    usage: false,
  },
};

const CHAINS = {
  "conv and pool, twice": { chain_input: 32, chain: ["conv 3 same", "pool 2 s2", "conv 3 same", "pool 2 s2"] },
  AlexNet: {
    chain_input: 227,
    chain: ["conv 11 s4", "pool 3 s2", "conv 5 p2", "pool 3 s2", "conv 3 p1", "conv 3 p1", "conv 3 p1", "pool 3 s2"],
  },
  "LeNet-5": { chain_input: 32, chain: ["conv 5", "pool 2 s2", "conv 5", "pool 2 s2", "conv 5"] },
  "digits, no padding": { chain_input: 28, chain: ["conv 3", "pool 2 s2", "conv 3", "pool 2 s2"] },
  "three of 3 × 3": { chain_input: 9, chain: ["conv 3", "conv 3", "conv 3"] },
  "one of 7 × 7": { chain_input: 9, chain: ["conv 7"] },
};

const OWN = "your own";

/** All settings; which of them are in sight depends on the view. */
export function createControls(store, refuse) {
  let wantsSides = false;
  const only = (views, element) => Object.assign(element, { views });

  /** A field for each axis; the second one is there only where rows and columns differ. */
  function axisFields(trait, label) {
    const fields = AXES.map((axis, i) =>
      numberField(
        i ? `${label} columns` : label,
        { min: 1, max: LARGEST[trait] },
        (value) => store.propose(changeOf(store.state, trait, i, value)),
        refuse,
      ),
    );
    fields[1].element.firstChild.textContent = "×";
    fields[1].element.querySelector("input").setAttribute("aria-label", `${label} columns`);
    return {
      element: h("span.os-fields", {}, ...fields.map(({ element }) => element)),
      show(state, apart) {
        const values = Array.isArray(state[trait]) ? state[trait] : [state[trait], state[trait]];
        fields[0].show(values[0]);
        fields[1].show(values[1]);
        fields[1].element.hidden = !apart;
        const input = fields[0].element.querySelector("input");
        if (apart) input.setAttribute("aria-label", `${label} rows`);
        else input.removeAttribute("aria-label");
      },
    };
  }

  const example = select(
    "example",
    [OWN, ...Object.keys(EXAMPLES)],
    (name) => EXAMPLES[name] && store.propose({ ...EXAMPLES[name], step: 0 }),
  );
  const chains = select(
    "example",
    [OWN, ...Object.keys(CHAINS)],
    (name) => CHAINS[name] && store.propose({ ...CHAINS[name], step: 0 }),
  );
  const dimensions = segmented(
    "input",
    [
      [1, "a row"],
      [2, "a grid"],
    ],
    (value) => store.propose(inDimensions(store.state, value)),
  );
  const input = axisFields("input_size", "size");
  const chainInput = axisFields("chain_input", "size");
  const kernel = axisFields("kernel_size", "kernel");
  const stride = axisFields("stride", "stride");
  const dilation = axisFields("dilation", "dilation");
  const alike = toggle("rows and columns alike", (on) => store.propose(setApart(store.state, !on)));
  const usage = toggle("how often is each cell used?", (on) => store.propose({ usage: on }));

  /** @type {[string, string][]} */
  const kinds = [
    ["valid", "valid"],
    ["same", "same"],
    ["full", "full"],
    ["number", "a number"],
  ];
  const padding = segmented("padding", kinds, (kind) => {
    wantsSides = false;
    store.propose({ padding: kind === "number" ? asNumbers(store.state, store.view, false) : kind });
  });
  const unlike = toggle("before ≠ after", (on) => {
    wantsSides = on;
    store.propose({ padding: asNumbers(store.state, store.view, on) });
  });
  const proposePadding = (axis, side, value) => {
    const pairs = store.view.axes.map(({ before, after }) => [before, after]);
    const next = side === null ? [value, value] : pairs[axis].with(side, value);
    const changed = store.view.apart ? pairs.with(axis, next) : pairs.map(() => next);
    const even = !store.view.apart && side === null;
    return store.propose({ padding: even ? value : store.state.dimensions === 1 ? changed[0] : changed });
  };
  const ghosts = (label, axis, side) =>
    numberField(label, { min: 0, max: LARGEST.padding }, (value) => proposePadding(axis, side, value), refuse);
  const each = [ghosts("padding", 0, null), ghosts("padding columns", 1, null)];
  each[0].element.firstChild.textContent = "";
  each[0].element.querySelector("input").setAttribute("aria-label", "padding on each side");
  each[1].element.firstChild.textContent = "×";
  each[1].element.querySelector("input").setAttribute("aria-label", "padding of the columns");
  const sides = [ghosts("before", 0, 0), ghosts("after", 0, 1)];
  const fourSides = [ghosts("above", 0, 0), ghosts("below", 0, 1), ghosts("left", 1, 0), ghosts("right", 1, 1)];
  const paddingFields = h(
    "span.cv-group",
    {},
    ...[...each, ...sides, ...fourSides, unlike].map(({ element }) => element),
  );

  const layers = createLayerEditor(store, refuse);
  const boxes = [
    ["example", [only(["layer"], example.element), only(["chain"], chains.element)]],
    ["dimensions", [only(["layer", "chain"], dimensions.element)]],
    ["input", [only(["layer", "same"], input.element), only(["chain"], chainInput.element)]],
    ["kernel", [only(["layer", "same"], kernel.element)]],
    ["padding", [only(["layer"], h("span.cv-group", {}, padding.element, paddingFields))]],
    ["stride", [only(["layer", "same"], stride.element)]],
    ["dilation", [only(["layer", "same"], dilation.element)]],
    ["axes", [only(["layer", "same", "chain"], alike.element)]],
    ["usage", [only(["layer"], usage.element)]],
    ["layers", [only(["chain"], layers.element)]],
  ].map(([name, contents]) => ({ contents, element: part(name, h("span.os-control", {}, ...contents)) }));

  return {
    elements: boxes.map(({ element }) => element),
    paint(state, view, at) {
      for (const content of boxes.flatMap(({ contents }) => contents))
        content.hidden = !content.views.includes(state.view);
      alike.element.hidden = state.dimensions === 1;
      dimensions.show(state.dimensions);
      for (const fields of [input, chainInput, kernel, stride, dilation]) fields.show(state, view.apart);
      alike.show(!view.apart);
      usage.show(state.usage);
      example.show(named(EXAMPLES, state));
      chains.show(named(CHAINS, state));
      if (state.view === "chain") layers.paint(state, view, at);
      if (state.view !== "layer") return;

      const isName = typeof state.padding === "string";
      const uneven =
        wantsSides ||
        view.axes.some(({ before, after }) => before !== after) ||
        (state.dimensions === 1 && Array.isArray(state.padding));
      padding.show(isName ? state.padding : "number");
      unlike.element.hidden = isName;
      unlike.show(uneven);
      const [first, last] = [view.axes[0], view.axes.at(-1)];
      const toShow = [
        [each[0], !uneven, first.before],
        [each[1], !uneven && view.apart, last.before],
        ...sides.map((field, i) => [field, uneven && !view.apart, [first.before, first.after][i]]),
        ...fourSides.map((field, i) => [
          field,
          uneven && view.apart,
          [first.before, first.after, last.before, last.after][i],
        ]),
      ];
      for (const [field, visible, value] of toShow) {
        field.element.hidden = isName || !visible;
        field.show(value);
      }
    },
  };
}

/** The example that the state is just now, or none. */
function named(examples, state) {
  const found = Object.entries(examples).find(([, changes]) =>
    Object.entries(changes).every(
      ([name, value]) => name === "usage" || JSON.stringify(state[name]) === JSON.stringify(value),
    ),
  );
  return found ? found[0] : OWN;
}

/** The present padding as numbers: before and after, or on each side. */
function asNumbers({ dimensions }, { axes, apart }, uneven) {
  const pairs = axes.map(({ before, after }) => (uneven ? [before, after] : [before, before]));
  if (!uneven && !apart) return pairs[0][0];
  return dimensions === 1 ? pairs[0] : pairs;
}

/** The settings of the layer that is on show, and layers more or fewer. */
function createLayerEditor(store, refuse) {
  const at = () => Math.min(store.state.step, store.state.chain.length - 1);
  const layer = () => parseLayer(store.state.chain[at()]);
  const change = (changes) =>
    store.propose({ chain: store.state.chain.with(at(), writeLayer({ ...layer(), ...changes })) });
  const field = (name, label, least = 1) =>
    numberField(
      label,
      { min: least, max: LARGEST[TRAITS[name] ?? name] },
      (value) => change({ [name]: value }),
      refuse,
    );

  const title = h("b.os-editing");
  const kind = select("kind", ["conv", "pool"], (value) => change({ kind: value }));
  const kernel = field("kernel", "kernel");
  const stride = field("stride", "stride");
  const padding = select("padding", ["valid", "same", "full", "number"], (value) =>
    change({ padding: { valid: 0, number: 1 }[value] ?? value }),
  );
  const each = field("padding", "on each side", 0);
  const dilation = field("dilation", "dilation");
  const add = h(
    "button",
    {
      type: "button",
      onclick: () => {
        if (store.state.chain.length === MOST_LAYERS) return refuse(`At most ${MOST_LAYERS} layers fit here.`);
        store.propose({ chain: store.state.chain.toSpliced(at() + 1, 0, "conv 3 same"), step: at() + 1 });
      },
    },
    "add a layer",
  );
  const remove = h(
    "button",
    {
      type: "button",
      onclick: () => {
        if (store.state.chain.length === 1) return refuse("A chain needs at least one layer.");
        store.propose({ chain: store.state.chain.toSpliced(at(), 1), step: Math.max(at() - 1, 0) });
      },
    },
    "remove",
  );
  let wantsNumber = -1;
  padding.element
    .querySelector("select")
    .addEventListener("change", (event) => (wantsNumber = event.target.value === "number" ? at() : -1));

  return {
    element: h(
      "fieldset.os-editor",
      {},
      title,
      kind.element,
      kernel.element,
      stride.element,
      h("span.cv-group", {}, padding.element, each.element),
      dilation.element,
      h("span.cv-group", {}, add, remove),
    ),
    paint(state, view, now) {
      const shown = view.layers[now].layer;
      setText(title, `layer ${now + 1}`);
      kind.show(shown.kind);
      kernel.show(shown.kernel);
      stride.show(shown.stride);
      dilation.show(shown.dilation);
      const isNumber = typeof shown.padding === "number" && (shown.padding > 0 || wantsNumber === now);
      padding.show(typeof shown.padding === "string" ? shown.padding : isNumber ? "number" : "valid");
      each.element.hidden = !isNumber;
      each.show(typeof shown.padding === "number" ? shown.padding : 0);
    },
  };
}
