/**
 * A convolution layer over a few channels, step by step: what `helpers.convolution.conv_layer` computes for
 * one image, with every product. Arrays are channels last, as in TensorFlow: an image has the shape
 * (H, W, channels) and the weights (K_h, K_w, channels, kernels).
 */

import { requireGrid, trace2d } from "./convolution2d.mjs";
import { plural } from "./format.mjs";
import { Misfit } from "./misfit.mjs";
import { createRandom } from "./random.mjs";

/** @typedef {number[][][]} Volume */
/** @typedef {number[][][][]} Weights */

/** One channel of an image, as a grid. @param {Volume} image */
export const channelOf = (image, channel) => image.map((row) => row.map((cell) => cell[channel]));

/** What one kernel lays on one channel, as a grid. @param {Weights} weights */
export const sliceOf = (weights, channel, kernel) => weights.map((row) => row.map((cell) => cell[channel][kernel]));

/** An image in which one channel is another grid. @param {Volume} image @param {number[][]} grid */
export const withChannel = (image, channel, grid) =>
  image.map((row, i) => row.map((cell, j) => cell.with(channel, grid[i][j])));

/** Weights in which one slice of one kernel is another grid. @param {Weights} weights @param {number[][]} grid */
export const withSlice = (weights, channel, kernel, grid) =>
  weights.map((row, i) => row.map((cell, j) => cell.with(channel, cell[channel].with(kernel, grid[i][j]))));

const upTo = (count) => Array.from({ length: count }, (_, i) => i);

/** The sizes of a layer and its image. */
export function shapeOfLayer({ image, weights }) {
  return {
    rows: image.length,
    cols: image[0]?.length ?? 0,
    channels: image[0]?.[0]?.length ?? 0,
    kernelRows: weights.length,
    kernelCols: weights[0]?.length ?? 0,
    kernels: weights[0]?.[0]?.[0]?.length ?? 0,
  };
}

/** Refuses arrays that do not belong together. */
function requireLayer({ image, weights, bias }) {
  const { channels, kernels } = shapeOfLayer({ image, weights });
  if (!channels || !kernels)
    throw new Misfit("The image or the weights are empty: give them at least one channel and one kernel.");
  const depth = weights
    .flat()
    .map((cell) => cell.length)
    .find((length) => length !== channels);
  if (depth !== undefined)
    throw new Misfit(
      `The kernels have ${plural(depth, "channel")} and the image has ${channels}: give every kernel as ` +
        "many channels as the image.",
    );
  if (bias.length !== kernels)
    throw new Misfit(
      `The bias holds ${plural(bias.length, "number")} for ${plural(kernels, "kernel")}: give one for each.`,
    );
  if (image.flat().some((cell) => cell.length !== channels) || weights.flat(2).some((cell) => cell.length !== kernels))
    throw new Misfit("The cells differ in their number of channels: give all of them as many.");
  const wrong = [...image.flat(2), ...weights.flat(3), ...bias].find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Misfit(`“${wrong}” is not a finite number.`);
}

/**
 * Every output, kernel by kernel and row by row, with its windows, products and partial sums.
 * @param {{image: Volume, weights: Weights, bias: number[], stride?: any, padding?: any, flip?: boolean}} layer
 */
export function traceLayer({ image, weights, bias, stride = 1, padding = 0, flip = false }) {
  requireLayer({ image, weights, bias });
  const { channels, kernels } = shapeOfLayer({ image, weights });
  const grids = upTo(channels).map((channel) => channelOf(image, channel));
  for (const grid of grids) requireGrid("image", grid);
  const steps = [];
  let first;
  for (const kernel of upTo(kernels)) {
    const traces = grids.map((grid, channel) =>
      trace2d(grid, sliceOf(weights, channel, kernel), { flip, stride, padding }),
    );
    first ??= traces;
    traces[0].steps.forEach(({ row, col, start_row, start_col }, index) => {
      const parts = traces.map((trace) => trace.steps[index]);
      const partial_sums = parts.map((part) => part.sum);
      const sum = partial_sums.reduce((total, part) => total + part, 0) + bias[kernel];
      steps.push({
        row,
        col,
        kernel,
        start_row,
        start_col,
        bias: bias[kernel],
        partial_sums,
        sum,
        windows: parts.map((part) => part.window),
        products: parts.map((part) => part.products),
      });
    });
  }
  const { before, after, output_shape, ignored } = first[0];
  return {
    before,
    after,
    ignored,
    padded: first.map((trace) => trace.padded),
    output_shape: [...output_shape, kernels],
    steps,
  };
}

/** One feature map, as a grid of sums. @param {ReturnType<typeof traceLayer>} trace */
export function featureMap({ output_shape: [rows, cols], steps }, kernel) {
  return upTo(rows).map((row) => upTo(cols).map((col) => steps[(kernel * rows + row) * cols + col].sum));
}

/**
 * Numbers small enough to calculate with by hand: 0 … 2 for the image, −2 … 2 for weights and biases. They are
 * those that NumPy's `RandomState(seed).randint` draws, in this order.
 */
export function drawLayer(seed, { rows, cols, channels, kernelRows, kernelCols, kernels }) {
  const random = createRandom(seed);
  /** @type {(shape: number[], draw: () => number) => any} */
  const fill = ([size, ...inner], draw) => (size === undefined ? draw() : upTo(size).map(() => fill(inner, draw)));
  const around0 = () => random.upTo(4) - 2;
  return {
    image: fill([rows, cols, channels], () => random.upTo(2)),
    weights: fill([kernelRows, kernelCols, channels, kernels], around0),
    bias: fill([kernels], around0),
  };
}

/** Keeps the numbers of an array that a new one has room for. */
export function keepNumbers(drawn, old) {
  if (!Array.isArray(drawn)) return old === undefined ? drawn : old;
  return drawn.map((entry, i) => keepNumbers(entry, old?.[i]));
}

/** How many numbers a layer learns. */
export function countParameters({ kernelRows, kernelCols, channels, kernels }) {
  return { weights: kernelRows * kernelCols * channels * kernels, biases: kernels };
}
