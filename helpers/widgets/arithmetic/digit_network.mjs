/**
 * Small convolutional networks that read 8 × 8 digits: their layers, a dense network of the same weight,
 * what they make of a set of digits, and the arithmetic of any one cell. See network.mjs for the rest.
 */

import { ACTIVATIONS } from "./activations.mjs";
import { SIDE } from "./digits.mjs";

/** @type {[number, number, number]} */
export const INPUT_SHAPE = [SIDE, SIDE, 1];
export const CLASSES = 10;
const POOL = 2;
const KINDS = { max: "max_pooling2d", average: "average_pooling2d" };
const OUTPUT = { units: CLASSES, activation: "softmax" };

/**
 * The layers that settings describe, for `createNetwork`.
 * @param {{filters: number[], kernels: number[], pooling: string, hidden: number, activation: string}} settings
 */
export function layersOf({ filters, kernels, pooling, hidden, activation }) {
  const blocks = filters.flatMap((count, i) => [
    { kind: "conv2d", filters: count, kernelSize: kernels[i], padding: "same", activation },
    ...(pooling === "none" ? [] : [{ kind: KINDS[pooling], poolSize: POOL }]),
  ]);
  return [...blocks, { kind: "flatten" }, ...(hidden ? [{ units: hidden, activation }] : []), OUTPUT];
}

/** The one hidden layer's units with which a dense network comes nearest to a number of parameters. */
export const denseUnits = (parameters) => Math.max(1, Math.round((parameters - CLASSES) / (SIDE * SIDE + 1 + CLASSES)));

/** @param {number} units */
export const denseLayers = (units, activation) => [{ kind: "flatten" }, { units, activation }, OUTPUT];

/**
 * The layers as readers see them, from 1: flatten only renames, and is left out.
 * @param {any} network
 * @returns {{index: number, kind: "conv" | "pool" | "dense", name: string, shape: number[], parameters: number}[]}
 */
export function shownLayers(network) {
  const counts = { conv: 0, pool: 0, dense: 0 };
  const last = network.layers.length - 1;
  return network.layers
    .map((layer, index) => {
      const kind = layer.kind === "conv2d" ? "conv" : layer.kind.includes("pooling") ? "pool" : layer.kind;
      if (kind === "flatten") return null;
      counts[kind] += 1;
      const [rows, cols, maps] = layer.shape.length === 3 ? layer.shape : [1, 1, layer.units];
      const name = index === last ? "output" : kind === "dense" ? "hidden" : `${kind} ${counts[kind]}`;
      return { index, kind, name, shape: [rows, cols, maps], parameters: layer.parameterCount };
    })
    .filter(Boolean);
}

/**
 * Goes through digits bit by bit, so that a page stays smooth, and adds up what the network makes of them.
 * @param {any} network
 * @param {{inputs: any, targets: any, labels: Uint8Array, count: number}} digits
 */
export function createMeasurement(network, digits, size = 48) {
  const measured = { done: 0, loss: 0, right: 0, predictions: new Uint8Array(digits.count) };
  return {
    measured,
    /** Measures some more; returns whether there are more. */
    step() {
      const from = measured.done;
      const count = Math.min(size, digits.count - from);
      const outputs = network.forward(
        digits.inputs.subarray(from * network.inputs, (from + count) * network.inputs),
        count,
      );
      const targets = digits.targets.subarray(from * network.outputs, (from + count) * network.outputs);
      measured.loss += network.loss(targets) * count;
      for (let i = 0; i < count; i++) {
        const label = largestAt(outputs, i * network.outputs, network.outputs);
        measured.predictions[from + i] = label;
        if (label === digits.labels[from + i]) measured.right++;
      }
      measured.done += count;
      return measured.done < digits.count;
    },
    /** Mean loss, and the share that is right. */
    get result() {
      return { loss: measured.loss / measured.done, accuracy: measured.right / measured.done };
    },
  };
}

/** Where the largest of some numbers stands, from 0. */
export function largestAt(values, start, count) {
  let top = 0;
  for (let i = 1; i < count; i++) if (values[start + i] > values[start + top]) top = i;
  return top;
}

/** How often each class (rows) was read as each (columns). @returns {number[][]} */
export function confusion(labels, predictions) {
  const counts = Array.from({ length: CLASSES }, () => new Array(CLASSES).fill(0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]][predictions[i]]++;
  return counts;
}

/**
 * How one cell came about in the network's latest forward pass of a single sample.
 * @param {any} network
 * @param {ArrayLike<number>} sample
 * @param {ReturnType<typeof shownLayers>[number]} shown
 * @param {[number, number, number]} cell map, row and column; of a dense layer the unit, 0 and 0
 * @typedef {{name: string, terms: {x: number, w: number, isOutside: boolean}[], sum: number}} Group
 * @returns {{kind: string, groups: Group[], bias: number, z: number, a: number, activation: string, scores: number[]}}
 * one group for each channel that is read; a pool has only x in its terms; `scores` are all z of a softmax
 */
export function traceCell(network, sample, { index, kind, shape }, [map, row, col]) {
  const layer = network.layers[index];
  const read = index === 0 ? sample : network.layers[index - 1].activations;
  const at = (row * shape[1] + col) * shape[2] + map;
  const groups = { conv: traceConv, pool: tracePool, dense: traceDense }[kind](
    layer,
    read,
    map,
    row,
    col,
    network.layers[index - 1],
  );
  const a = layer.activations[at];
  if (kind === "pool") return { kind, groups, bias: 0, z: a, a, activation: "linear", scores: [] };
  const scores = layer.activation === "softmax" ? Array.from(layer.preActivations.subarray(0, layer.units)) : [];
  return {
    kind,
    groups,
    bias: layer.biases[map],
    z: layer.preActivations[at],
    a,
    activation: layer.activation,
    scores,
  };
}

const total = (terms) => terms.reduce((sum, { x, w }) => sum + x * w, 0);

function traceConv(layer, read, map, row, col) {
  const [rows, cols, channels] = layer.inputShape;
  const filters = layer.shape[2];
  const size = Math.sqrt(layer.weights.length / channels / filters);
  const before = (size - 1) / 2;
  return Array.from({ length: channels }, (_, channel) => {
    const terms = Array.from({ length: size * size }, (__, k) => {
      const [y, x] = [row + Math.floor(k / size) - before, col + (k % size) - before];
      const isOutside = y < 0 || y >= rows || x < 0 || x >= cols;
      return {
        x: isOutside ? 0 : read[(y * cols + x) * channels + channel],
        w: layer.weights[(k * channels + channel) * filters + map],
        isOutside,
      };
    });
    return { name: channels > 1 ? `map ${channel}` : "", terms, sum: total(terms) };
  });
}

function tracePool(layer, read, map, row, col) {
  const [, cols, channels] = layer.inputShape;
  const terms = Array.from({ length: POOL * POOL }, (_, k) => {
    const [y, x] = [POOL * row + Math.floor(k / POOL), POOL * col + (k % POOL)];
    return { x: read[(y * cols + x) * channels + map], w: 1, isOutside: false };
  });
  return [{ name: "", terms, sum: total(terms) }];
}

function traceDense(layer, read, unit, _row, _col, before) {
  const channels = before?.kind === "flatten" ? before.inputShape.at(-1) : 1;
  return Array.from({ length: channels }, (_, channel) => {
    const terms = [];
    for (let i = channel; i < layer.inputs; i += channels)
      terms.push({ x: read[i], w: layer.weights[i * layer.units + unit], isOutside: false });
    return { name: channels > 1 ? `map ${channel}` : "", terms, sum: total(terms) };
  });
}

/** The sum of products of a convolution's cell if the kernel were turned by 180°, as convolution is defined. */
export const turnedSum = (groups) =>
  groups.reduce(
    (sum, { terms }) => sum + terms.reduce((part, { x }, k) => part + x * terms[terms.length - 1 - k].w, 0),
    0,
  );

/** f(z) of an activation that looks at one number. */
export const activated = (activation, z) => ACTIVATIONS[activation].value(z);
