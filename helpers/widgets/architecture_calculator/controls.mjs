/** ArchitectureCalculator's settings: the view, the input, the layer on show, and the network as code. */

import { EXAMPLES, inserted, MOST_IMAGES, MOST_LAYERS, moved, newLayer, removed } from "./state.mjs";
import { ACTIVATIONS, COUNTS, fromLine, isSame, KINDS, LARGEST, toLine } from "../arithmetic/layer_kinds.mjs";
import { fromKeras, toKeras } from "../arithmetic/keras_code.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { numberField, numberPair, part, segmented, select, toggle } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";

const OWN = "your own";
const LABELS = {
  filters: "kernels",
  kernel_size: "kernel",
  pool_size: "window",
  strides: "stride",
  dilation_rate: "dilation",
  use_bias: "biases",
  depth_multiplier: "per channel",
  shortcut: "from layer",
};
const labelOf = (name) => LABELS[name] ?? name;

/** One control for each setting that a layer may have. */
function createFields(change, refuse) {
  /** @type {[[string, string], [string, string]]} */
  const SIDES = [
    ["", "rows"],
    ["×", "columns"],
  ];
  const whole = { min: 1, max: LARGEST };
  const fields = {};
  for (const name of COUNTS)
    fields[name] = numberField(labelOf(name), whole, (value) => change({ [name]: value }), refuse);
  for (const name of ["kernel_size", "pool_size", "strides", "dilation_rate"])
    fields[name] = numberPair(
      labelOf(name),
      SIDES,
      whole,
      (index, value) => change((now) => pairChange(now, name, index, value)),
      refuse,
    );
  fields.shortcut = numberField(
    labelOf("shortcut"),
    { min: 0, max: MOST_LAYERS },
    (value) => change({ shortcut: value }),
    refuse,
  );
  fields.rate = numberField("rate", { min: 0, max: 0.99, step: 0.05 }, (value) => change({ rate: value }), refuse);
  fields.zeros = numberField(
    "zeros on each side",
    { min: 0, max: LARGEST },
    (value) =>
      change({
        padding: [
          [value, value],
          [value, value],
        ],
      }),
    refuse,
  );
  fields.padding = select("padding", ["valid", "same"], (value) => change({ padding: value }));
  fields.activation = select("activation", ACTIVATIONS, (value) => change({ activation: value }));
  fields.use_bias = toggle("biases", (on) => change({ use_bias: on }));
  return fields;
}

/** Rows and columns are changed together as long as they are alike and the rows are changed. */
function pairChange(layer, name, index, value) {
  const [rows, cols] = layer[name];
  const next = index === 0 && rows === cols ? [value, value] : layer[name].with(index, value);
  // The stride of pooling follows the window as long as it is as large.
  const follows = name === "pool_size" && isSame(layer.strides, layer.pool_size);
  return follows ? { [name]: next, strides: next } : { [name]: next };
}

/**
 * @param {any} card
 * @param {any} store
 * @param {any} prediction
 * @param {any} sources
 * @param {(changes: any) => boolean} propose
 */
export function createControls(card, store, prediction, sources, propose) {
  const refuse = (sentence) => store.refuse(sentence);
  const at = () => Math.min(store.state.step, store.state.stack.length - 1);
  let pending = null; // layers that did not fit yet; the next change goes on from them
  const layers = () => pending ?? store.state.stack.map(fromLine);
  function put(next, step = at()) {
    const fits = propose({ stack: next.map(toLine), step });
    pending = fits ? null : next;
    return fits;
  }
  const change = (settings) => {
    const now = layers();
    const layer = now[at()];
    return put(now.with(at(), { ...layer, ...(typeof settings === "function" ? settings(layer) : settings) }));
  };

  const view = segmented(
    "show",
    [
      ["layers", "the layers"],
      ["code", "Keras code"],
      ["compare", "227 or 224?"],
    ],
    (value) => propose({ view: value }),
  );
  const example = select(
    "network",
    [OWN, ...Object.keys(EXAMPLES)],
    (name) => EXAMPLES[name] && propose(EXAMPLES[name]),
  );
  const question = segmented(
    "predict",
    [
      ["size", "sizes"],
      ["parameters", "parameters"],
    ],
    (value) => propose({ question: value }),
  );
  const batch = numberField(
    "images in a batch",
    { min: 1, max: MOST_IMAGES },
    (value) => propose({ batch_size: value }),
    refuse,
  );
  const MARKS = [
    ["", "rows"],
    ["×", "columns"],
    ["×", "channels"],
  ];
  const inputs = MARKS.map(([, name], i) =>
    numberField(
      `input ${name}`,
      { min: 1, max: LARGEST, bare: true },
      (value) =>
        propose({
          input_shape:
            i === 0 && store.state.input_shape[0] === store.state.input_shape[1]
              ? [value, value, store.state.input_shape[2]]
              : store.state.input_shape.with(i, value),
        }),
      refuse,
    ),
  );
  const input = h(
    "fieldset.cv-pair",
    {},
    h("legend", {}, "input"),
    ...MARKS.flatMap(([mark], i) =>
      [mark && h("span", { "aria-hidden": "true" }, mark), inputs[i].element].filter(Boolean),
    ),
  );

  const title = h("b.ac-editing");
  const kind = select("kind", Object.keys(KINDS), (name) => put(layers().with(at(), newLayer(name, at() + 1))));
  const fields = createFields(change, refuse);
  const button = (words, label, act) =>
    h("button", { type: "button", "aria-label": label, title: label, onclick: act }, words);
  const act = {
    add() {
      if (store.state.stack.length === MOST_LAYERS) return refuse(`At most ${MOST_LAYERS} layers fit here.`);
      const [now, next] = [layers(), at() + 1];
      const flat = store.view.counted[next].shape.length === 1;
      return put(inserted(now, next, newLayer(flat ? "Dropout" : "Activation", next + 1)), next);
    },
    remove() {
      if (store.state.stack.length === 1) return refuse("A network needs at least one layer here.");
      return put(removed(layers(), at()), Math.max(at() - 1, 0));
    },
    move(by) {
      const to = at() + by;
      if (to < 0 || to >= store.state.stack.length)
        return refuse(`Layer ${at() + 1} is the ${by < 0 ? "first" : "last"} one already.`);
      return put(moved(layers(), at(), to), to);
    },
  };
  const order = h(
    "span.cv-group",
    {},
    button("add", "Add a layer below (Alt + Insert)", act.add),
    button("remove", "Remove the layer (Alt + Delete)", act.remove),
    button("↑", "Move the layer up (Alt + arrow up)", () => act.move(-1)),
    button("↓", "Move the layer down (Alt + arrow down)", () => act.move(1)),
  );
  const editor = h(
    "fieldset.ac-editor",
    {},
    title,
    kind.element,
    ...Object.values(fields).map(({ element }) => element),
  );
  card.settings.append(
    part("view", view.element),
    part("example", example.element),
    part("input", input),
    part("layer", editor),
    part("order", order),
    part("batch_size", batch.element),
    part("question", question.element),
    part("predict", prediction.element),
    h("span.ac-sources", {}, sources.element),
  );

  const code = createCode(store, (changes) => propose({ ...changes, step: 0 }), refuse);
  return {
    act,
    code: code.element,
    paint(state, now) {
      if (pending && isSame(pending.map(toLine), state.stack)) pending = null;
      view.show(state.view);
      const named = Object.keys(EXAMPLES).find(
        (name) => isSame(EXAMPLES[name].stack, state.stack) && isSame(EXAMPLES[name].input_shape, state.input_shape),
      );
      example.show(named ?? OWN);
      question.show(state.question);
      batch.show(state.batch_size);
      inputs.forEach((field, i) => field.show(state.input_shape[i]));
      const layer = now.layers[at()];
      setText(title, `layer ${at() + 1}`);
      kind.show(layer.kind);
      const isZeros = layer.kind === "ZeroPadding2D";
      for (const [name, field] of Object.entries(fields)) {
        const has = name === "zeros" ? isZeros : name in layer && !(name === "padding" && isZeros);
        field.element.hidden = !has;
        if (has) field.show(name === "zeros" ? layer.padding[0][0] : layer[name]);
      }
      code.paint(state, now);
    },
    forget: () => (pending = null),
  };
}

/** The network as Keras code, to copy, and to change or replace. */
function createCode(store, take, refuse) {
  const area = h("textarea", { spellcheck: "false", "aria-label": "Keras code", rows: 14 });
  const done = h("span.cv-done", { role: "status" });
  async function copy() {
    area.select();
    const copied = await navigator.clipboard?.writeText(area.value).then(
      () => true,
      () => false,
    );
    setText(done, copied ? "Copied." : "Press Ctrl+C (or ⌘C) to copy.");
  }
  function read() {
    setText(done, "");
    try {
      const { layers, input_shape } = fromKeras(area.value);
      if (layers.length > MOST_LAYERS)
        return refuse(`These are ${layers.length} layers: at most ${MOST_LAYERS} fit here.`);
      if (take({ stack: layers.map(toLine), input_shape })) setText(done, `Read: ${layers.length} layers.`);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      refuse(error.message);
    }
  }
  let written = "";
  return {
    element: h(
      "div.ac-code",
      {},
      area,
      h(
        "div.cv-group",
        {},
        h("button", { type: "button", onclick: copy }, "copy"),
        h("button", { type: "button", onclick: read }, "read this code"),
        h("span.ac-caption", {}, "Change it, or paste your own: it is read here, never run."),
        done,
      ),
    ),
    paint({ input_shape }, { layers }) {
      const now = toKeras(layers, input_shape);
      if (now !== written) area.value = now;
      written = now;
    },
  };
}
