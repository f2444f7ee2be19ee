/** OutputSize: how many windows fit, what is left over, and what a chain of layers leaves. */

import { numberField, part, segmented, select, toggle } from "./shared/controls.mjs";
import { h, resize, setText } from "./shared/dom.mjs";
import { number, parseNumber, plural } from "./shared/format.mjs";
import { defineWidget } from "./shared/frame.mjs";
import { Misfit } from "./shared/misfit.mjs";
import { addPlayback } from "./shared/playback.mjs";
import { addPrediction, judgeGuess } from "./shared/predict.mjs";
import {
  chainFits, describeOverhang, diagnoseSize, layOut, layOutChain, nearestFits, numbers, parseLayer,
  sameInNumpy, sameInTensorflow, symbols, uses, writeLayer,
} from "./shared/sizes.mjs";
import { createInput, createOutput, createRow, MOST_CELLS } from "./shared/windows.mjs";

const LARGEST = { input_size: 1024, chain_input: 1024, kernel_size: 64, stride: 64, dilation: 16, padding: 64 };
const MOST_LAYERS = 12;
const AXES = ["rows", "columns"];
const PER_AXIS = ["input_size", "kernel_size", "stride", "dilation", "chain_input"];

/** What a setting of an axis is called in the state, and to the reader. */
const TRAITS = { padding: "padding", kernel: "kernel_size", dilation: "dilation", input: "input_size" };
const CALLED = { input_size: "input size", chain_input: "input size", kernel_size: "kernel size" };

const EXAMPLES = {
  "5 × 5, padding 1, stride 2": { dimensions: 2, input_size: 5, kernel_size: 3, padding: 1, stride: 2, dilation: 1, usage: false },
  "kernel 2, stride 2": { dimensions: 2, input_size: 8, kernel_size: 2, padding: "valid", stride: 2, dilation: 1, usage: false },
  "kernel 2, stride 2, odd size": { dimensions: 2, input_size: 7, kernel_size: 2, padding: "valid", stride: 2, dilation: 1, usage: false },
  "corner, edge and inner cells": { dimensions: 2, input_size: 5, kernel_size: 3, padding: "same", stride: 1, dilation: 1, usage: true },
  "a row, full": { dimensions: 1, input_size: 5, kernel_size: 3, padding: "full", stride: 1, dilation: 1, usage: false },
  "a row, dilated": { dimensions: 1, input_size: 9, kernel_size: 3, padding: "valid", stride: 1, dilation: 2, usage: false },
  "AlexNet's first layer": { dimensions: 2, input_size: 227, kernel_size: 11, padding: "valid", stride: 4, dilation: 1, usage: false },
  "the same on 224 × 224": { dimensions: 2, input_size: 224, kernel_size: 11, padding: "valid", stride: 4, dilation: 1, usage: false },
};

const CHAINS = {
  "conv and pool, twice": { chain_input: 32, chain: ["conv 3 same", "pool 2 s2", "conv 3 same", "pool 2 s2"] },
  "AlexNet": { chain_input: 227, chain: ["conv 11 s4", "pool 3 s2", "conv 5 p2", "pool 3 s2", "conv 3 p1", "conv 3 p1", "conv 3 p1", "pool 3 s2"] },
  "LeNet-5": { chain_input: 32, chain: ["conv 5", "pool 2 s2", "conv 5", "pool 2 s2", "conv 5"] },
  "digits, no padding": { chain_input: 28, chain: ["conv 3", "pool 2 s2", "conv 3", "pool 2 s2"] },
  "three of 3 × 3": { chain_input: 9, chain: ["conv 3", "conv 3", "conv 3"] },
  "one of 7 × 7": { chain_input: 9, chain: ["conv 7"] },
};

const OWN = "your own";

/** The values of a setting along each axis. */
function perAxis(state, name) {
  const value = state[name];
  const values = Array.isArray(value) ? value : new Array(state.dimensions).fill(value);
  if (values.length !== state.dimensions || (Array.isArray(value) && state.dimensions === 1))
    throw new Misfit(`A ${CALLED[name] ?? name} of ${value} does not work: use one number${state.dimensions === 2 ? ", or one for rows and one for columns" : " in one dimension"}.`);
  const least = name === "padding" ? 0 : 1;
  for (const count of values)
    if (!Number.isInteger(count) || count < least || count > LARGEST[name])
      throw new Misfit(`A ${CALLED[name] ?? name} of ${number(Number(count))} does not work: use a whole number from ${least} to ${LARGEST[name]}.`);
  return values;
}

/** The padding along each axis: a name, or [before, after]. */
function paddingPerAxis({ padding, dimensions }) {
  if (typeof padding === "string") return new Array(dimensions).fill(padding);
  const pairs = !Array.isArray(padding) ? new Array(dimensions).fill([padding, padding]) : dimensions === 1 ? [padding] : padding;
  const isPair = (pair) => Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isInteger(n) && n >= 0 && n <= LARGEST.padding);
  if (pairs.length !== dimensions || !pairs.every(isPair))
    throw new Misfit(`A padding of ${JSON.stringify(padding)} does not work: use full, same, valid or whole numbers from 0 to ${LARGEST.padding}.`);
  return pairs;
}

/** Whether rows and columns have settings of their own. */
const isApart = (state) => state.dimensions === 2
  && (PER_AXIS.some((name) => Array.isArray(state[name])) || (Array.isArray(state.padding) && JSON.stringify(state.padding[0]) !== JSON.stringify(state.padding[1])));

/** The settings along each axis, as `layOut` takes them. */
function settings(state) {
  const [sizes, kernels, strides, dilations] = ["input_size", "kernel_size", "stride", "dilation"].map((name) => perAxis(state, name));
  const paddings = paddingPerAxis(state);
  return sizes.map((size, i) => ({ size, kernel: kernels[i], stride: strides[i], dilation: dilations[i], padding: paddings[i] }));
}

/** A change of one axis, or of both where they are alike. */
function changeOf(state, name, axis, value) {
  if (!isApart(state)) return { [name]: value };
  if (name !== "padding") return { [name]: perAxis(state, name).with(axis, value) };
  const pairs = settings(state).map((one) => {
    const { before, after } = layOut(one);
    return [before, after];
  });
  return { padding: pairs.with(axis, [value, value]) };
}

/** Refuses a kernel that does not fit, with the nearest settings that do. */
function refuseOverhang(state, axes) {
  const at = axes.findIndex(({ output }) => output === 0);
  if (at < 0) return;
  const where = isApart(state) ? `Along the ${AXES[at]}: ` : "";
  const fixes = nearestFits(axes[at])
    .filter(({ name, value }) => value <= LARGEST[TRAITS[name]])
    .map(({ name, value, words }) => [words, changeOf(state, TRAITS[name], at, value)]);
  throw new Misfit(`${where}${describeOverhang(axes[at])} What would fit:`, fixes);
}

/** The layers of a chain with their sizes along each axis; refuses one that does not fit. */
function computeChain(state) {
  if (state.chain.length === 0 || state.chain.length > MOST_LAYERS)
    throw new Misfit(`A chain of ${plural(state.chain.length, "layer")} does not work here: use 1 to ${MOST_LAYERS}.`);
  const layers = state.chain.map(parseLayer);
  for (const [i, layer] of layers.entries()) {
    const counts = [["kernel size", layer.kernel, LARGEST.kernel_size], ["stride", layer.stride, LARGEST.stride], ["dilation", layer.dilation, LARGEST.dilation]];
    if (typeof layer.padding === "number") counts.push(["padding", layer.padding, LARGEST.padding]);
    for (const [name, count, largest] of counts)
      if (count > largest) throw new Misfit(`Layer ${i + 1}: a ${name} of ${count} is too large, use at most ${largest}.`);
  }
  const inputs = perAxis(state, "chain_input");
  const perInput = inputs.map((size) => layOutChain(layers, size));
  const failed = Math.min(...perInput.map((axes) => axes.findIndex(({ output }) => output === 0)).map((at) => (at < 0 ? Infinity : at)));
  if (failed < Infinity) refuseLayer(state, layers, perInput, failed);
  return layers.map((layer, i) => ({ layer, axes: perInput.map((axes) => axes[i]) }));
}

function refuseLayer(state, layers, perInput, at) {
  const axis = perInput.map((axes) => axes[at]).find((one) => one.output === 0);
  const layer = layers[at];
  const changes = nearestFits(axis)
    .filter(({ name, value }) => name !== "input" && value <= LARGEST[TRAITS[name]])
    .map(({ name, value, words }) => [`layer ${at + 1}: ${words}`, { chain: state.chain.with(at, writeLayer({ ...layer, [name]: value })) }]);
  let input = 1;
  while (input <= LARGEST.chain_input && !chainFits(layers, input)) input += 1;
  if (input <= LARGEST.chain_input) changes.push([`start with ${input}`, { chain_input: Array.isArray(state.chain_input) ? state.chain_input.map((size) => Math.max(size, input)) : input }]);
  if (layers.length > 1) changes.push([`without layer ${at + 1}`, { chain: state.chain.toSpliced(at, 1), step: Math.max(at - 1, 0) }]);
  throw new Misfit(`Layer ${at + 1}, ${describeLayer(layer, state.dimensions)}: ${describeOverhang(axis)} What would fit:`, changes);
}

/** @param {any} state */
export function compute(state) {
  if (!["shown", "hidden"].includes(state.answer)) throw new Misfit(`The answer can be shown or hidden, not ${state.answer}.`);
  if (![1, 2].includes(state.dimensions)) throw new Misfit(`${state.dimensions} dimensions do not work here: use 1 or 2.`);
  if (!Number.isInteger(state.step) || state.step < 0) throw new Misfit(`A step of ${state.step} does not work: use a whole number from 0.`);
  const apart = isApart(state);
  if (state.view === "chain") {
    const layers = computeChain(state);
    return { apart, layers, count: layers.length };
  }
  if (state.view === "same") {
    const kinds = settings({ ...state, padding: "same" }).map((one) => ({
      numpy: layOut({ ...one, padding: sameInNumpy(one) }),
      tensorflow: layOut({ ...one, padding: sameInTensorflow(one) }),
    }));
    return { apart, kinds, count: Math.max(...kinds.map(({ numpy }) => numpy.output)) };
  }
  if (state.view !== "layer") throw new Misfit(`There is no view called ${state.view}: use layer, same or chain.`);
  const axes = settings(state).map(layOut);
  refuseOverhang(state, axes);
  return { apart, axes, count: axes.reduce((product, { output }) => product * output, 1) };
}

/** "conv 11 × 11, stride 4, padding 2" */
export function describeLayer({ kind, kernel, stride, padding, dilation }, dimensions) {
  const ghosts = typeof padding === "string" ? padding : padding ? `padding ${padding}` : "";
  return [`${kind} ${dimensions === 2 ? `${kernel} × ${kernel}` : kernel}`, stride > 1 && `stride ${stride}`, ghosts, dilation > 1 && `dilation ${dilation}`]
    .filter(Boolean).join(", ");
}

/** "55 × 55" or "55". @param {number[]} sizes */
export const sizeText = (sizes) => sizes.join(" × ");

/** What the strides step past at the end, and what no window reads at all. */
export function describeLeft(axes) {
  const names = axes.length === 1 ? [["cell", "at the end"]] : [["row", "at the bottom"], ["column", "on the right"]];
  const left = axes.map(({ left: count }, i) => count && `${plural(count, names[i][0])} ${names[i][1]}`).filter(Boolean);
  const total = axes.reduce((sum, axis) => sum + axis.left, 0);
  const sentences = [];
  if (total) {
    const lost = axes.some((axis) => axis.left > axis.after);
    const why = lost ? "the stride steps past" : "nothing of the input is lost, only padding";
    sentences.push(`${left.join(" and ")} ${total === 1 ? "is" : "are"} never reached: ${why}.`);
  }
  const unread = unreadBetween(axes);
  if (unread) sentences.push(`${sentences.length ? "Between the windows" : "Hatched: between the windows"} ${plural(unread, "cell")} of the input ${unread === 1 ? "is" : "are"} read by none.`);
  return sentences.join(" ");
}

/** Cells of the input that lie between windows, not behind the last one. */
function unreadBetween(axes) {
  const within = axes.map((axis) => {
    const counts = uses(axis).slice(axis.before, axis.before + axis.size);
    const reached = axis.size - Math.max(axis.left - axis.after, 0);
    return [reached, counts.slice(0, reached).filter((count) => count > 0).length];
  });
  const product = (i) => within.reduce((total, pair) => total * pair[i], 1);
  return product(0) - product(1);
}

/** How often a corner, an edge and an inner cell of the input are used. */
export function describeUse(axes) {
  const counts = axes.map((axis) => uses(axis).slice(axis.before, axis.before + axis.size));
  const times = (count) => (count === 1 ? "once" : count === 2 ? "twice" : count === 0 ? "never" : `${count} times`);
  if (axes.some(({ stride, dilation }) => stride > 1 || dilation > 1)) {
    const [least, most] = [Math.min, Math.max].map((pick) => counts.reduce((product, along) => product * pick(...along), 1));
    return `A cell of the input is used ${least === most ? times(least) : `${least} to ${most} times`}.`;
  }
  const ends = counts.map((along) => along[0]);
  const middles = counts.map((along) => along[Math.floor((along.length - 1) / 2)]);
  if (axes.length === 1) return `The first cell is used ${times(ends[0])}, the one in the middle ${times(middles[0])}.`;
  return `The top left corner is used ${times(ends[0] * ends[1])}, the middle of the top edge ${times(ends[0] * middles[1])}, the cell in the middle ${times(middles[0] * middles[1])}.`;
}

/** Why the two kinds of "same" differ along an axis, or when they would. */
export function compareSame({ numpy, tensorflow }) {
  const zeros = ({ before, after }) => `${before} before and ${after} after`;
  if (numpy.before === tensorflow.before && numpy.after === tensorflow.after)
    return `Here both put ${zeros(numpy)}. They part for even kernels, and where a stride needs fewer zeros.`;
  const total = numpy.before + numpy.after;
  const needed = tensorflow.before + tensorflow.after;
  if (total === needed)
    return `${plural(total, "zero")} cannot be shared evenly. NumPy and SciPy put the one too many before, TensorFlow and Keras after: the windows stand one cell apart.`;
  return `NumPy and SciPy know no stride: you take every ${numpy.stride}${numpy.stride === 2 ? "nd" : numpy.stride === 3 ? "rd" : "th"} value of their “same”, which has ${plural(total, "zero")}. `
    + `TensorFlow and Keras add only what their ${plural(numpy.output, "window")} need: ${needed}. Equally many values, from other windows.`;
}

/** Judges the number of zeros that TensorFlow puts before the input. */
export function diagnoseZeros({ numpy, tensorflow }, guess) {
  const total = tensorflow.before + tensorflow.after;
  const { output, stride, span, size } = tensorflow;
  const needs = `its ${plural(output, "window")} reach over (${output} − 1)·${stride} + ${span} = ${(output - 1) * stride + span} cells, and the input has ${size}`;
  return judgeGuess(guess, tensorflow.before, {
    right: `Right: ${tensorflow.before}.`,
    slips: [
      [tensorflow.after, "That is how many it puts after: the one too many goes to the end."],
      [numpy.before, "That is what NumPy and SciPy put before."],
      [total, "Those are all of its zeros: they are shared between both sides."],
      [total / 2, "Half a zero cannot be put anywhere: round down before, and up after."],
      [numpy.after, "That is what NumPy and SciPy put after."],
    ],
    hint: `Count what it needs: ${needs}.`,
  });
}

/** Reads "3" or "3 × 4". */
export function readSizes(text) {
  const counts = text.split(/[x×*,;]|\bby\b/).map(parseNumber);
  return counts.some(Number.isNaN) || counts.length > 2 ? (text.includes(",") ? parseNumber(text) : NaN) : counts.length === 1 ? counts[0] : counts;
}

/** Judges a size: one number where the axes are alike, else one for each of them. */
export function judgeSizes(axes, apart, guess) {
  const alike = axes.length === 1 || (axes[0].output === axes[1].output && !apart);
  if (alike && !(Array.isArray(guess) && axes.length === 1)) {
    const guesses = Array.isArray(guess) ? guess : [guess];
    const verdicts = guesses.map((one, i) => diagnoseSize(axes[i], one));
    return verdicts.find(({ right }) => !right) ?? { right: true, words: `Right: ${sizeText(axes.map(({ output }) => output))}.` };
  }
  if (!Array.isArray(guess) || axes.length === 1)
    return { right: false, words: axes.length === 1 ? "In one dimension the size is a single number." : "Rows and columns have settings of their own: type both sizes, as in 3 × 4." };
  const verdicts = axes.map((axis, i) => diagnoseSize(axis, guess[i]));
  if (verdicts.every(({ right }) => right)) return { right: true, words: `Right: ${sizeText(guess)}.` };
  return { right: false, words: verdicts.map(({ words }, i) => `${AXES[i][0].toUpperCase()}${AXES[i].slice(1)}: ${words}`).join(" ") };
}

function build(card, store) {
  const refuse = (sentence) => store.refuse(sentence);
  const present = () => Math.min(store.state.step, store.view.count - 1);
  const positionOf = (step) => {
    const cols = store.view.axes.at(-1).output;
    return [Math.floor(step / cols), step % cols];
  };
  const pick = ([row, col]) => store.propose({ step: row * (store.view.axes?.at(-1).output ?? 0) + col });
  const repaint = () => paint(store.state, store.view);

  const tabs = segmented("", [["layer", "one layer"], ["same", "same ≠ same"], ["chain", "a chain"]], (view) => store.propose({ view, step: 0 }));
  tabs.element.setAttribute("aria-label", "view");
  card.stage.before(part("view", h("form.os-tabs", { onsubmit: (event) => event.preventDefault() }, tabs.element)));

  const layer = createLayerPicture(pick);
  const same = createSamePicture(pick, (changes) => store.propose({ ...changes, step: 0 }));
  const chain = createChainPicture((step) => store.propose({ step }));
  const pictures = { layer, same, chain };
  card.stage.append(layer.element, same.element, chain.element);

  const prediction = addPrediction(card, store, {
    read: (text) => (store.state.view === "same" ? parseNumber(text) : readSizes(text)),
    judge: (guess, at) => judge(store.state, store.view, at, guess),
    repaint,
    at: () => (store.state.view === "chain" ? present() : 0),
    count: () => (store.state.view === "chain" ? store.view.count : 1),
    go: (step) => store.propose({ step }),
  });

  const formula = createFormula(card.formula);
  const controls = createControls(store, refuse);
  card.settings.append(...controls.elements, part("predict", prediction.element));

  const paintPlayback = addPlayback(card, store, {
    count: () => store.view.count,
    label: "position",
    mayLeave: () => prediction.isKnown(store.state.view === "chain" ? present() : 0),
  });

  function paint(state, view) {
    const { answer, step, usage, hide, title, ...subject } = state;
    prediction.begin(subject);
    const at = present();
    const isKnown = (index) => prediction.isKnown(index);
    const open = isKnown(state.view === "chain" ? at : 0);
    card.root.classList.toggle("os-asking", !open && state.view !== "chain");
    tabs.show(state.view);
    for (const [name, picture] of Object.entries(pictures)) picture.element.hidden = name !== state.view;
    if (state.view === "layer") layer.paint({ state, view, at: open ? positionOf(at) : [0, 0], open });
    else if (state.view === "same") same.paint({ state, view, at: open ? at : 0, open });
    else chain.paint({ state, view, at, isKnown });
    prediction.arithmetic.replaceChildren(...describeStep({ state, view, at, open, positionOf }));
    formula.paint({ state, view, at, isKnown });
    controls.paint(state, view, at);
    prediction.show();
    paintPlayback(at);
    card.announce(`${prediction.arithmetic.textContent} ${open ? formula.text() : ""}`);
  }
  return paint;
}

/** Judges a guess at the answer that the view hides. */
function judge(state, view, at, guess) {
  if (state.view === "same") return diagnoseZeros(view.kinds.at(-1), guess);
  return judgeSizes(state.view === "chain" ? view.layers[at].axes : view.axes, view.apart, guess);
}

/** The sentence below the picture: what the present step does, or what is asked. */
function describeStep({ state, view, at, open, positionOf }) {
  const result = (text) => h("b.y", {}, text);
  if (state.view === "same") {
    if (!open) return [`How many zeros does TensorFlow put before the input${view.apart ? ", along the columns" : ""}?`];
    const { numpy, tensorflow } = view.kinds.at(-1);
    const index = Math.min(at, numpy.output - 1);
    const start = (axis) => number(index * axis.stride - axis.before);
    const along = view.apart ? " along the columns" : "";
    return [`Window ${index + 1} of ${numpy.output}${along} starts at cell ${start(numpy)} in NumPy and SciPy, at ${start(tensorflow)} in TensorFlow and Keras.`];
  }
  if (state.view === "chain") {
    const { layer, axes } = view.layers[at];
    const words = `Layer ${at + 1}, ${describeLayer(layer, state.dimensions)}: `;
    return open ? [words, `${sizeText(axes.map(({ size }) => size))} → `, result(sizeText(axes.map(({ output }) => output)))] : [words, "which size comes out?"];
  }
  const sizes = sizeText(view.axes.map(({ output }) => output));
  if (!open) return ["How large is the output?"];
  const [row, col] = positionOf(at);
  const where = state.dimensions === 2 ? `row ${row}, column ${col}` : `cell ${col}`;
  return ["Output ", result(sizes), ` · window ${at + 1} of ${view.count} fills ${where}`];
}

/** One layer: in two dimensions input and output side by side, in one below each other. */
function createLayerPicture(pick) {
  const input = createInput(pick);
  const output = createOutput(pick);
  const row = createRow(pick);
  const inputName = h("figcaption");
  const outputName = h("figcaption");
  const unknown = h("div.os-unknown", {}, "?");
  const rowName = h("div.os-caption");
  const grids = h("div.os-grids", {},
    h("figure", {}, inputName, input.element),
    h("span.os-arrow", { "aria-hidden": "true" }, "→"),
    h("figure", {}, outputName, output.element, unknown));
  const single = h("div.os-single", {}, rowName, row.element);
  return {
    element: h("div.os-layer", {}, grids, single),
    paint({ state, view, at, open }) {
      const [rows, cols] = view.axes.length === 2 ? view.axes : [null, view.axes[0]];
      grids.hidden = !rows;
      single.hidden = Boolean(rows);
      const sizes = sizeText(view.axes.map(({ size }) => size));
      const padded = view.axes.some(({ size, padded }) => padded > size) ? `, with padding ${sizeText(view.axes.map((axis) => axis.padded))}` : "";
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
function createSamePicture(pick, change) {
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
    const head = ["", "zeros before", "zeros after", "first window starts at", "output size"];
    const table = h("table.os-table", {},
      h("thead", {}, h("tr", {}, ...head.map((words) => h("th", { scope: "col" }, words)))),
      h("tbody", {}, ...rows.map(({ called, cells }) => h("tr", {}, h("th", { scope: "row" }, called), ...cells))));
    const why = h("p.os-why");
    const block = h("section", {}, name, ...rows.map(({ figure }) => figure), table, why);
    element.append(block);
    return { block, name, rows, why };
  };
  const blocks = [makeAxis(), makeAxis()];
  const tries = h("div.cv-fixes", {},
    h("button", { type: "button", onclick: () => change({ kernel_size: 4 }) }, "try kernel 4"),
    h("button", { type: "button", onclick: () => change({ stride: 2 }) }, "try stride 2"));
  element.append(tries);
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
        const room = ["before", "after"].map((side) => Math.max(kinds.numpy[side], kinds.tensorflow[side]));
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
      const agree = view.kinds.every(({ numpy, tensorflow }) => numpy.before === tensorflow.before && numpy.after === tensorflow.after);
      tries.hidden = !open || !agree;
    },
  };
}

/** A chain: one line for the input and one for each layer, with the size to scale. */
function createChainPicture(go) {
  const list = h("ol.os-chain");
  const line = (i) => {
    const words = h("span.os-what");
    const bar = h("span.os-bar");
    const size = h("span.os-size");
    const left = h("span.os-over");
    const content = [words, h("span.os-track", {}, bar, size, left)];
    return h("li", {}, i === 0 ? h("span.os-line", {}, ...content) : h("button.os-line", { type: "button", onclick: () => go(i - 1) }, ...content));
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
function createFormula(place) {
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
      let axes = chain ? view.layers[at].axes : state.view === "same" ? view.kinds.map(({ tensorflow }) => tensorflow) : view.axes;
      const all = axes;
      const alike = axes.length === 2 && JSON.stringify(axes[0]) === JSON.stringify(axes[1]);
      if (alike) axes = axes.slice(0, 1);
      const same = state.view === "same";
      general.hidden = !open;
      const uneven = axes.find(({ before, after }) => before !== after) ?? axes[0];
      const inSymbols = same ? "⌈n / s⌉, for both" : symbols({ ...uneven, dilation: Math.max(...axes.map(({ dilation }) => dilation)) });
      setText(formula, inSymbols);
      rows.forEach((row, i) => {
        const axis = axes[i];
        row.hidden = !axis || !open;
        if (row.hidden) return;
        setText(lines[i].name, axes.length === 2 ? `${AXES[i]}: ` : "= ");
        // A line breaks at an equals sign, not inside a fraction.
        const steps = (same ? `⌈${axis.size} / ${axis.stride}⌉ = ` : numbers(axis)).split(/(?<= = )/);
        lines[i].text.replaceChildren(...steps.map((text) => h("span.os-piece", {}, text)));
        setText(lines[i].result, String(axis.output));
      });
      setText(left, open && !same ? describeLeft(all) : "");
      setText(use, open && state.view === "layer" && state.usage ? describeUse(all) : "");
    },
  };
}

/** All settings; which of them are in sight depends on the view. */
function createControls(store, refuse) {
  let wantsSides = false;
  const only = (views, element) => Object.assign(element, { views });

  /** A field for each axis; the second one is there only where rows and columns differ. */
  function axisFields(trait, label) {
    const fields = AXES.map((axis, i) => numberField(i ? `${label} columns` : label, { min: 1, max: LARGEST[trait] }, (value) => store.propose(changeOf(store.state, trait, i, value)), refuse));
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

  const example = select("example", [OWN, ...Object.keys(EXAMPLES)], (name) => EXAMPLES[name] && store.propose({ ...EXAMPLES[name], step: 0 }));
  const chains = select("example", [OWN, ...Object.keys(CHAINS)], (name) => CHAINS[name] && store.propose({ ...CHAINS[name], step: 0 }));
  const dimensions = segmented("input", [[1, "a row"], [2, "a grid"]], (value) => store.propose(inDimensions(store.state, value)));
  const input = axisFields("input_size", "size");
  const chainInput = axisFields("chain_input", "size");
  const kernel = axisFields("kernel_size", "kernel");
  const stride = axisFields("stride", "stride");
  const dilation = axisFields("dilation", "dilation");
  const alike = toggle("rows and columns alike", (on) => store.propose(setApart(store.state, !on)));
  const usage = toggle("how often is each cell used?", (on) => store.propose({ usage: on }));

  const kinds = [["valid", "valid"], ["same", "same"], ["full", "full"], ["number", "a number"]];
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
  const ghosts = (label, axis, side) => numberField(label, { min: 0, max: LARGEST.padding }, (value) => proposePadding(axis, side, value), refuse);
  const each = [ghosts("padding", 0, null), ghosts("padding columns", 1, null)];
  each[0].element.firstChild.textContent = "";
  each[0].element.querySelector("input").setAttribute("aria-label", "padding on each side");
  each[1].element.firstChild.textContent = "×";
  each[1].element.querySelector("input").setAttribute("aria-label", "padding of the columns");
  const sides = [ghosts("before", 0, 0), ghosts("after", 0, 1)];
  const fourSides = [ghosts("above", 0, 0), ghosts("below", 0, 1), ghosts("left", 1, 0), ghosts("right", 1, 1)];
  const paddingFields = h("span.cv-group", {}, ...[...each, ...sides, ...fourSides, unlike].map(({ element }) => element));

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
      for (const content of boxes.flatMap(({ contents }) => contents)) content.hidden = !content.views.includes(state.view);
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
      const uneven = wantsSides || view.axes.some(({ before, after }) => before !== after) || (state.dimensions === 1 && Array.isArray(state.padding));
      padding.show(isName ? state.padding : "number");
      unlike.element.hidden = isName;
      unlike.show(uneven);
      const [first, last] = [view.axes[0], view.axes.at(-1)];
      const toShow = [
        [each[0], !uneven, first.before], [each[1], !uneven && view.apart, last.before],
        ...sides.map((field, i) => [field, uneven && !view.apart, [first.before, first.after][i]]),
        ...fourSides.map((field, i) => [field, uneven && view.apart, [first.before, first.after, last.before, last.after][i]]),
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
  const found = Object.entries(examples).find(([, changes]) => Object.entries(changes).every(([name, value]) => name === "usage" || JSON.stringify(state[name]) === JSON.stringify(value)));
  return found ? found[0] : OWN;
}

/** The present padding as numbers: before and after, or on each side. */
function asNumbers({ dimensions }, { axes, apart }, uneven) {
  const pairs = axes.map(({ before, after }) => (uneven ? [before, after] : [before, before]));
  if (!uneven && !apart) return pairs[0][0];
  return dimensions === 1 ? pairs[0] : pairs;
}

/** A state in one or two dimensions; where an axis goes, the rows' settings stay. */
function inDimensions(state, dimensions) {
  const first = (value) => (Array.isArray(value) ? value[0] : value);
  const changes = Object.fromEntries(PER_AXIS.map((name) => [name, first(state[name])]));
  let { padding } = state;
  if (Array.isArray(padding) && dimensions !== state.dimensions) padding = dimensions === 1 ? padding[0] : [padding, padding];
  return { ...changes, padding, dimensions, step: 0 };
}

/** Gives rows and columns settings of their own, or those of the rows to both. */
function setApart(state, apart) {
  const pair = (value) => (Array.isArray(value) ? value : [value, value]);
  const changes = Object.fromEntries(PER_AXIS.map((name) => [name, apart ? pair(state[name]) : pair(state[name])[0]]));
  if (!apart && Array.isArray(state.padding)) {
    const [[before, after]] = state.padding;
    changes.padding = before === after ? before : [state.padding[0], state.padding[0]];
  }
  return { ...changes, step: 0 };
}

/** The settings of the layer that is on show, and layers more or fewer. */
function createLayerEditor(store, refuse) {
  const at = () => Math.min(store.state.step, store.state.chain.length - 1);
  const layer = () => parseLayer(store.state.chain[at()]);
  const change = (changes) => store.propose({ chain: store.state.chain.with(at(), writeLayer({ ...layer(), ...changes })) });
  const field = (name, label, least = 1) => numberField(label, { min: least, max: LARGEST[TRAITS[name] ?? name] }, (value) => change({ [name]: value }), refuse);

  const title = h("b.os-editing");
  const kind = select("kind", ["conv", "pool"], (value) => change({ kind: value }));
  const kernel = field("kernel", "kernel");
  const stride = field("stride", "stride");
  const padding = select("padding", ["valid", "same", "full", "number"], (value) => change({ padding: { valid: 0, number: 1 }[value] ?? value }));
  const each = field("padding", "on each side", 0);
  const dilation = field("dilation", "dilation");
  const add = h("button", { type: "button", onclick: () => {
    if (store.state.chain.length === MOST_LAYERS) return refuse(`At most ${MOST_LAYERS} layers fit here.`);
    store.propose({ chain: store.state.chain.toSpliced(at() + 1, 0, "conv 3 same"), step: at() + 1 });
  } }, "add a layer");
  const remove = h("button", { type: "button", onclick: () => {
    if (store.state.chain.length === 1) return refuse("A chain needs at least one layer.");
    store.propose({ chain: store.state.chain.toSpliced(at(), 1), step: Math.max(at() - 1, 0) });
  } }, "remove");
  let wantsNumber = -1;
  padding.element.querySelector("select").addEventListener("change", (event) => (wantsNumber = event.target.value === "number" ? at() : -1));

  return {
    element: h("fieldset.os-editor", {}, title, kind.element, kernel.element, stride.element,
      h("span.cv-group", {}, padding.element, each.element), dilation.element, h("span.cv-group", {}, add, remove)),
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

export default defineWidget({
  name: "OutputSize",
  title: "How many windows fit?",
  picture: "windows over the padded input, and the output",
  state: ["view", "dimensions", "input_size", "kernel_size", "padding", "stride", "dilation", "usage", "chain_input", "chain", "step", "answer"],
  parts: {
    view: "views", dimensions: "row or grid", example: "examples", input: "input size", kernel: "kernel size", padding: "padding",
    stride: "stride", dilation: "dilation", axes: "unequal axes", usage: "use of cells", layers: "layer settings",
    predict: "predict switch", size: "formula", playback: "playback",
  },
  compute,
  build,
});
