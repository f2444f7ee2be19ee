/** ParameterCount: what sharing one kernel saves, beside connecting everything with everything. */

import { createAreas, createNetworks, ROW } from "./drawing.mjs";
import { numberField, part, select, toggle } from "../card/controls.mjs";
import { h, setText, heard } from "../card/dom.mjs";
import { grouped, number, parseCount, resultFirst } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { countParameters, diagnoseCount, KINDS, outputOf, writeOut } from "../arithmetic/parameters.mjs";
import { perAxis, requireAnswer, requireNumber } from "../arithmetic/requirements.mjs";
import { panes } from "../card/panes.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";
import { describeOverhang, layOut, nearestFits } from "../arithmetic/sizes.mjs";

const LARGEST = { input_size: 256, in_channels: 512, filters: 512, kernel_size: 64, stride: 64, padding: 64 };
const CALLED = {
  input_size: "input size",
  in_channels: "number of input channels",
  filters: "number of output channels",
  kernel_size: "kernel size",
  stride: "stride",
  padding: "padding",
};

/** What the layers are called within a sentence. */
const NAMES = { dense: "fully connected layer", local: "locally connected layer", convolution: "convolution" };

const EXAMPLES = {
  "28 × 28 × 3, 32 kernels": {
    input_size: 28,
    in_channels: 3,
    filters: 32,
    kernel_size: 3,
    padding: "same",
    stride: 1,
    bias: false,
  },
  "one channel, one kernel": {
    input_size: 100,
    in_channels: 1,
    filters: 1,
    kernel_size: 3,
    padding: "same",
    stride: 1,
    bias: false,
  },
  "5 × 5 × 3, two kernels, stride 2": {
    input_size: 5,
    in_channels: 3,
    filters: 2,
    kernel_size: 3,
    padding: 1,
    stride: 2,
    bias: true,
  },
  "digits, 32 kernels": {
    input_size: 28,
    in_channels: 1,
    filters: 32,
    kernel_size: 3,
    padding: "valid",
    stride: 1,
    bias: true,
  },
  "AlexNet's first layer": {
    input_size: 227,
    in_channels: 3,
    filters: 96,
    kernel_size: 11,
    padding: "valid",
    stride: 4,
    bias: true,
  },
};
const OWN = "your own";

/** Refuses what is no whole number in its range. */
function requireCount(name, value, least = 1) {
  if (!Number.isInteger(value) || value < least || value > LARGEST[name])
    throw new Misfit(
      `A ${CALLED[name]} of ${typeof value === "number" ? number(value) : value} does not work: use a ` +
        `whole number from ${least} to ${LARGEST[name]}.`,
    );
}

/**
 * Rows and columns of a setting that is one number for both, or a pair.
 * @param {any} state @param {string} name @returns {[number, number]}
 */
function pair(state, name) {
  const value = state[name];
  const [rows, cols] = perAxis(
    value,
    2,
    `A ${CALLED[name]} of ${value} does not work: use one number, or rows and columns.`,
  );
  for (const side of [rows, cols]) requireCount(name, side);
  return [rows, cols];
}

/** @param {any} state */
export function compute(state) {
  requireAnswer(state.answer);
  for (const name of ["in_channels", "filters", "stride"]) requireCount(name, state[name]);
  if (!["same", "valid"].includes(state.padding)) requireCount("padding", state.padding, 0);
  requireNumber("step", state.step, { least: 0, most: ROW - 1, whole: true });
  const layer = {
    input: pair(state, "input_size"),
    channels: state.in_channels,
    filters: state.filters,
    kernel: pair(state, "kernel_size"),
    padding: state.padding,
    stride: state.stride,
    bias: state.bias,
  };
  const output = outputOf(layer);
  const at = output.indexOf(0);
  if (at >= 0) {
    const axis = layOut({
      size: layer.input[at],
      kernel: layer.kernel[at],
      padding: layer.padding,
      stride: layer.stride,
    });
    const names = { padding: "padding", kernel: "kernel_size", input: "input_size" };
    /** @type {[string, Record<string, any>][]} */
    const fixes = nearestFits(axis)
      .filter(({ name, value }) => value <= LARGEST[names[name]])
      .map(({ name, value, words }) => [
        words,
        { [names[name]]: Array.isArray(state[names[name]]) ? state[names[name]].with(at, value) : value },
      ]);
    throw new Misfit(`${describeOverhang(axis)} What would fit:`, fixes);
  }
  return { layer, output, counts: countParameters(layer) };
}

/** How many parameters of the first layer there are for each one of the second. */
export function ratio(counts, one, other) {
  const value = counts[one].total / counts[other].total;
  return value >= 100 ? grouped(Math.round(value)) : number(value, 3);
}

/** "28 × 28 × 3" */
const shape = (sides, channels) => `${sides.join(" × ")} × ${channels}`;

function build(card, store) {
  const refuse = (sentence) => store.refuse(sentence);
  const repaint = () => paint(store.state, store.view);
  let asked = 0;

  const shapes = h("div.pc-shapes");
  const networks = createNetworks();
  const areas = createAreas();
  part("networks", networks.element);
  part("areas", areas.element);
  const tabs = panes("what is on show", [
    ["connections", [networks.element], "networks"],
    ["to scale", [areas.element], "areas"],
  ]);
  card.stage.append(tabs.element, shapes, networks.element, areas.element);

  const prediction = addPrediction(card, store, {
    read: parseCount,
    judge: (guess, at) => diagnoseCount(KINDS[at], store.view.layer, guess),
    repaint,
    at: () => asked,
    count: () => KINDS.length,
    go: (next) => {
      asked = next;
      repaint();
    },
  });

  const symbols = Object.fromEntries(KINDS.map((kind) => [kind, h("div")]));
  card.formula.append(h("div.pc-formula", {}, ...Object.values(symbols)));

  const controls = createControls(store, refuse);
  card.settings.append(...controls.elements, part("predict", prediction.element));
  const paintPlayback = addPlayback(card, store, { count: () => ROW, label: "output cell in the drawings" });

  let subject = "";
  function paint(state, view) {
    const { layer, output, counts } = view;
    const now = JSON.stringify([layer, state.answer]);
    if (now !== subject) asked = 0;
    subject = now;
    prediction.begin(layer);
    const known = Object.fromEntries(KINDS.map((kind, i) => [kind, prediction.isKnown(i)]));

    const values = (sides, channels) => grouped(sides[0] * sides[1] * channels);
    shapes.replaceChildren(
      h("span", {}, h("b", {}, shape(layer.input, layer.channels)), ` = ${values(layer.input, layer.channels)} values`),
      h(
        "span",
        {},
        h("span.pc-arrow", { "aria-hidden": "true" }, "→ "),
        h("b", {}, shape(output, layer.filters)),
        ` = ${values(output, layer.filters)} values`,
      ),
    );
    networks.paint({
      step: state.step,
      texts: Object.fromEntries(
        KINDS.map((kind) => [
          kind,
          known[kind] ? [writeOut(kind, layer), `= ${grouped(counts[kind].total)}`] : ["", "?"],
        ]),
      ),
    });
    const open = KINDS.every((kind) => known[kind]);
    areas.paint({ counts, open });

    const name = NAMES[KINDS[asked]];
    const compared =
      `fully connected : convolution = ${grouped(counts.dense.total)} : ` + `${grouped(counts.convolution.total)} = `;
    prediction.arithmetic.replaceChildren(
      ...(open && (state.answer === "shown" || asked === KINDS.length - 1)
        ? [compared, h("b.y", {}, `${ratio(counts, "dense", "convolution")} : 1`)]
        : known[KINDS[asked]]
          ? [`The ${name}: ${grouped(counts[KINDS[asked]].total)}`]
          : [`How many parameters has the ${name}${layer.bias ? ", with its biases" : ""}?`]),
    );
    for (const [kind, element] of Object.entries(symbols))
      setText(element, known[kind] ? inSymbols(kind, layer.bias) : "");

    controls.paint(state);
    prediction.show();
    paintPlayback(state.step);
    const counted = networks.text();
    const [said] = resultFirst(heard(prediction.arithmetic));
    card.announce([counted, said].filter(Boolean).join(". "), counted || said);
  }
  return paint;
}

/** The count in symbols: H, W and C go in, H′, W′ and C′ come out, and k is the side of the kernel. */
function inSymbols(kind, bias) {
  return {
    dense: `fully connected: (H·W·C)·(H′·W′·C′)${bias ? " + H′·W′·C′" : ""}`,
    local: `locally connected: H′·W′·(k·k·C·C′${bias ? " + C′" : ""})`,
    convolution: `convolution: k·k·C·C′${bias ? " + C′" : ""}`,
  }[kind];
}

function createControls(store, refuse) {
  const bare = (name, label, propose) =>
    numberField(label, { min: name === "padding" ? 0 : 1, max: LARGEST[name], bare: true }, propose, refuse);
  const both = (values) => (values[0] === values[1] ? values[0] : values);
  const sides = (name, labels) =>
    labels.map((label, i) =>
      bare(name, label, (value) => {
        const now = store.state[name];
        return store.propose({ [name]: both((Array.isArray(now) ? now : [now, now]).with(i, value)) });
      }),
    );
  const count = (name, label) => bare(name, label, (value) => store.propose({ [name]: value }));
  const group = (legend, ...fields) =>
    h(
      "fieldset.pc-group",
      {},
      h("legend", {}, legend),
      ...fields.flatMap(({ element }, i) => (i ? [h("span", { "aria-hidden": "true" }, "×"), element] : [element])),
    );

  const input = sides("input_size", ["input rows", "input columns"]);
  const channels = count("in_channels", "input channels");
  const kernel = sides("kernel_size", ["kernel rows", "kernel columns"]);
  const filters = numberField(
    "output channels",
    { min: 1, max: LARGEST.filters },
    (value) => store.propose({ filters: value }),
    refuse,
  );
  const stride = numberField(
    "stride",
    { min: 1, max: LARGEST.stride },
    (value) => store.propose({ stride: value }),
    refuse,
  );
  const padding = select("padding", ["same", "valid", "a number"], (value) =>
    store.propose({ padding: value === "a number" ? 1 : value }),
  );
  const each = bare("padding", "padding on each side", (value) => store.propose({ padding: value }));
  const bias = toggle("biases", (on) => store.propose({ bias: on }));
  const example = select(
    "example",
    [OWN, ...Object.keys(EXAMPLES)],
    (name) => EXAMPLES[name] && store.propose(EXAMPLES[name]),
  );

  return {
    elements: [
      part("example", example.element),
      part("input", group("input", ...input, channels)),
      part("filters", filters.element),
      part("kernel", group("kernel", ...kernel)),
      part("padding", h("span.cv-group", {}, padding.element, each.element)),
      part("stride", stride.element),
      part("bias", bias.element),
    ],
    paint(state) {
      const show = (fields, value) => fields.forEach((field, i) => field.show(Array.isArray(value) ? value[i] : value));
      show(input, state.input_size);
      show(kernel, state.kernel_size);
      channels.show(state.in_channels);
      filters.show(state.filters);
      stride.show(state.stride);
      bias.show(state.bias);
      const isNumber = typeof state.padding === "number";
      padding.show(isNumber ? "a number" : state.padding);
      each.element.hidden = !isNumber;
      if (isNumber) each.show(state.padding);
      const named = Object.entries(EXAMPLES).find(([, changes]) =>
        Object.entries(changes).every(([name, value]) => JSON.stringify(state[name]) === JSON.stringify(value)),
      );
      example.show(named ? named[0] : OWN);
    },
  };
}

export default defineWidget({
  name: "ParameterCount",
  title: "How many parameters?",
  picture: "three ways to connect a layer, and their parameters to scale",
  state: ["input_size", "in_channels", "filters", "kernel_size", "padding", "stride", "bias", "step", "answer"],
  parts: {
    example: "examples",
    input: "input size",
    filters: "output channels",
    kernel: "kernel size",
    padding: "padding",
    stride: "stride",
    bias: "biases",
    predict: "predict switch",
    networks: "drawings",
    areas: "areas",
    size: "ratio",
    playback: "playback",
  },
  facts: { parameters: (_, { counts }) => counts.convolution.total },
  compute,
  build,
});
