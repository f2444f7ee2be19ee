/**
 * Pooling of a single map, window by window: what lies in a window, what comes out, where a gradient goes
 * back to, and what a shift of the map changes. The sums are those of the network's layer (pooling.mjs).
 */

import { createPooling } from "./pooling.mjs";
import { describeOverhang, layOut, sameInTensorflow } from "./sizes.mjs";
import { Misfit } from "./misfit.mjs";

/**
 * @typedef {{rows: number, cols: number}} Size
 * @typedef {Size & {values: Float64Array}} FeatureMap row after row
 * @typedef {[number, number]} Pair down and across
 * @typedef {{kind: "max" | "mean", pool: Pair, stride: Pair, padding: "valid" | "same"}} Options
 */

const LAYERS = { max: "max_pooling2d", mean: "average_pooling2d" };

/** @param {number[][]} grid @returns {FeatureMap} */
export const toMap = (grid) => ({ rows: grid.length, cols: grid[0].length, values: Float64Array.from(grid.flat()) });

/** @param {FeatureMap} map @returns {number[][]} */
export const toGrid = ({ rows, cols, values }) =>
  Array.from({ length: rows }, (_, row) => Array.from(values.subarray(row * cols, (row + 1) * cols)));

/** Where the windows lie along the rows and along the columns. @param {Size} map @param {Options} options */
export function layOutPool({ rows, cols }, { pool, stride, padding }) {
  return [rows, cols].map((size, axis) => {
    const along = { size, kernel: pool[axis], stride: stride[axis] };
    const laid = layOut({ ...along, padding: padding === "same" ? sameInTensorflow(along) : 0 });
    if (laid.output) return laid;
    const words = describeOverhang(laid).replace("kernel", "window");
    throw new Misfit(words, [["add filler (SAME)", { padding: "same" }]]);
  });
}

function createLayer({ rows, cols }, { kind, pool, stride, padding }) {
  const layer = createPooling({ kind: LAYERS[kind], poolSize: pool, strides: stride, padding }, [rows, cols, 1]);
  layer.makeRoom(1, Float64Array);
  return layer;
}

/** @param {FeatureMap} map @param {Options} options @returns {FeatureMap} */
export function poolMap(map, options) {
  const layer = createLayer(map, options);
  const [rows, cols] = layer.shape;
  return { rows, cols, values: layer.forward(map.values, 1) };
}

/**
 * One window: the cells of the map that lie in it, and what they give.
 * @param {FeatureMap} map @param {Options} options @param {number} step windows before it, row by row
 */
export function windowOf(map, options, step) {
  const [down, across] = layOutPool(map, options);
  const row = Math.floor(step / across.output) * down.stride - down.before;
  const col = (step % across.output) * across.stride - across.before;
  const cells = [];
  for (let r = Math.max(row, 0); r < Math.min(row + down.kernel, map.rows); r++)
    for (let c = Math.max(col, 0); c < Math.min(col + across.kernel, map.cols); c++)
      cells.push({ row: r, col: c, value: map.values[r * map.cols + c] });
  const values = cells.map(({ value }) => value);
  const largest = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const total = values.reduce((sum, value) => sum + value, 0);
  return {
    row,
    col,
    cells,
    values,
    largest,
    total,
    mean: total / cells.length,
    filler: down.kernel * across.kernel - cells.length,
    result: options.kind === "max" ? largest : total / cells.length,
    winners: cells.filter(({ value }) => value === largest),
  };
}

/**
 * ∂L/∂x of the whole map.
 * @param {FeatureMap} map @param {Options} options
 * @param {ArrayLike<number>} upstream ∂L/∂y, row after row
 * @param {"first" | "shared"} ties whether the first of several maxima gets all of a gradient, or each its share
 * @returns {Float64Array}
 */
export function passBack(map, options, upstream, ties = "first") {
  const gradient = new Float64Array(map.values.length);
  if (options.kind === "max" && ties === "shared") {
    for (let step = 0; step < upstream.length; step++) {
      const { winners } = windowOf(map, options, step);
      for (const { row, col } of winners) gradient[row * map.cols + col] += upstream[step] / winners.length;
    }
    return gradient;
  }
  const layer = createLayer(map, options);
  layer.forward(map.values, 1);
  layer.gradActivations.set(upstream);
  layer.backward(gradient);
  return gradient;
}

/** The map one column further to the right; its first column, which nothing replaces, stays. @param {FeatureMap} map */
export function shiftMap({ rows, cols, values }) {
  const moved = values.slice();
  for (let row = 0; row < rows; row++) moved.set(values.subarray(row * cols, (row + 1) * cols - 1), row * cols + 1);
  return { rows, cols, values: moved };
}

/**
 * In how many cells two maps differ, and by how much.
 * @param {FeatureMap} before @param {FeatureMap} after
 */
export function compareMaps(before, after) {
  let changed = 0;
  let sum = 0;
  const differences = after.values.map((value, i) => {
    const difference = value - before.values[i];
    if (Math.abs(difference) > 1e-9) changed++;
    sum += Math.abs(difference);
    return difference;
  });
  const count = differences.length;
  return { changed, count, mean: sum / count, differences: { ...after, values: differences } };
}
