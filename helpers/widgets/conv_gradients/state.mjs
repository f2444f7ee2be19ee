/** ConvGradients' arithmetic: what a state shows, which value a step asks for. */

import {
  difference,
  finiteDifferences,
  fitUpstream,
  requireFitting,
  forward,
  inputAsCorrelation,
  kernelAsCorrelation,
  nudgeCell,
  scatter,
} from "../arithmetic/conv_gradients.mjs";
import { requireGrid, shapeOf } from "../arithmetic/convolution2d.mjs";
import { number } from "../arithmetic/format.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { requireAnswer, requireNumber, requireOneOf } from "../arithmetic/requirements.mjs";

/** The most rows and columns. */
export const MOST_CELLS = { image: [6, 8], kernel: [3, 4] };
/** The range of each setting. */
export const RANGES = { padding: { min: 0, max: 2 }, stride: { min: 1, max: 3 }, dilation: { min: 1, max: 2 } };

export const VIEWS = ["scatter", "input", "kernel"];

/** Refuses a grid that is no rectangle of finite numbers, or too large for the screen. */
export function requireSmall(name, grid) {
  requireGrid(name, grid);
  const wrong = grid.flat().find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Misfit(`The ${name} holds “${wrong}”, which is not a finite number.`);
  const [rows, cols] = shapeOf(grid);
  const most = MOST_CELLS[name];
  if (most && (rows > most[0] || cols > most[1]))
    throw new Misfit(`The ${name} has ${rows} × ${cols} cells: at most ${most[0]} × ${most[1]} fit here.`);
}

/** Whether image and kernel are single rows: the layer is a 1-D one then. */
export const isOneRow = ({ image, kernel }) => image.length === 1 && kernel.length === 1;

/** @param {any} state */
export function compute(state) {
  for (const name of ["image", "kernel", "upstream"]) requireSmall(name, state[name]);
  if (!Number.isFinite(state.bias)) throw new Misfit(`The bias is “${state.bias}”, which is not a finite number.`);
  for (const [name, { min, max }] of Object.entries(RANGES))
    requireNumber(name, state[name], { least: min, most: max, whole: true });
  requireOneOf("view", state.view, VIEWS);
  requireAnswer(state.answer);
  const ready = waysBack(state);
  const view = {
    ...ready,
    count: { scatter: ready.scatter.length, input: ready.input.steps.length, kernel: ready.kernel.steps.length }[
      state.view
    ],
  };
  const at = Math.min(Math.max(state.step, 0), view.count - 1);
  return { ...view, at, target: targetOf(state.view, view, at) };
}

/** The upstream gradient has the shape of the output, and follows it. */
export function settle(state, { layer: { upstream } }, changes) {
  if (changes.upstream) requireFitting(changes.upstream, upstream);
  return { upstream };
}

/** What a layer was last computed from, and all that does not change from step to step. */
let latest = { key: "", ready: null };

/** All three ways back through the layer of a state, computed anew only where the layer is another. */
function waysBack(state) {
  const names = ["image", "kernel", "bias", "upstream", "flip", "padding", "stride", "dilation"];
  const key = JSON.stringify(names.map((name) => state[name]));
  if (key !== latest.key) latest = { key, ready: goBack(state) };
  return latest.ready;
}

function goBack(state) {
  const oneRow = isOneRow(state);
  /** @param {number} value @param {number} none @returns {[number, number]} */
  const perAxis = (value, none) => [oneRow ? none : value, value];
  const bare = {
    image: state.image,
    kernel: state.kernel,
    bias: state.bias,
    flip: state.flip,
    padding: perAxis(state.padding, 0),
    stride: perAxis(state.stride, 1),
    dilation: perAxis(state.dilation, 1),
  };
  const trace = forward(bare);
  const layer = { ...bare, upstream: fitUpstream(state.upstream, trace.output_shape) };
  return {
    layer,
    trace,
    oneRow,
    scatter: scatter(layer),
    input: inputAsCorrelation(layer),
    kernel: kernelAsCorrelation(layer),
    differences: finiteDifferences(layer),
  };
}

/** "x[2]" in one dimension, "x[0, 2]" in two. @param {string} letter @param {number[]} cell @param {boolean} oneRow */
export const nameCell = (letter, [row, col], oneRow) => `${letter}[${oneRow ? col : `${row}, ${col}`}]`;

/**
 * The gradient that a step is about: the one that it finds or, where it changes many, one worth asking for. That is
 * one that already holds something, so that adding on and writing over differ, and whose factor is not the turned
 * kernel's, so that these differ too. Steps ask for ∂L/∂x and ∂L/∂w in turn.
 * @returns {{letter: "x" | "w", name: "image" | "kernel", cell: number[], part?: any, answer: number}}
 */
function targetOf(which, view, at) {
  if (which === "input") {
    const { row, col, sum } = view.input.steps[at];
    return { letter: "x", name: "image", cell: [row, col], answer: sum };
  }
  if (which === "kernel") {
    const { cell, sum } = view.kernel.steps[at];
    return { letter: "w", name: "kernel", cell, answer: sum };
  }
  const { parts } = view.scatter[at];
  const best = (list, worth) => list.reduce((one, other) => (worth(other) > worth(one) ? other : one));
  const inside = parts.filter((part) => part.inside);
  if (at % 2 === 0 && inside.length) {
    const part = best(inside, ({ input_before, weight, at: place }) => {
      const mirrored = parts[parts.length - 1 - parts.findIndex((other) => other.at === place)].weight;
      return 2 * Number(Boolean(input_before)) + 2 * Number(Boolean(weight)) + Number(weight !== mirrored);
    });
    const cell = part.at.map((index, axis) => index - view.layer.padding[axis]);
    return { letter: "x", name: "image", cell, part, answer: part.input_after };
  }
  const part = best(
    parts,
    ({ kernel_before, value, weight }) =>
      2 * Number(Boolean(kernel_before)) + 2 * Number(Boolean(value)) + Number(value !== weight),
  );
  return { letter: "w", name: "kernel", cell: part.cell, part, answer: part.kernel_after };
}

/** The finite difference of the step's gradient, with what it is made of. */
export const differenceOf = ({ layer, target: { name, cell } }) => {
  const [row, col] = cell;
  return difference(layer, nudgeCell(layer, name, row, col));
};

/** Rounds away what floating point leaves behind. @param {number} value */
export const tidy = (value) => number(value, 4);
