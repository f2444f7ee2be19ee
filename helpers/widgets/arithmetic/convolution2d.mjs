/**
 * The arithmetic of 2-D convolution, the same as in helpers.convolution. What `trace2d` returns has
 * Python's names, so that one test can compare the two field by field. A grid is a list of rows.
 */

import { flip as reversed, ghostCells, outputSize, pad, span } from "./convolution.mjs";
import { Misfit } from "./misfit.mjs";
import { perAxis } from "./requirements.mjs";

/** @typedef {number[][]} Grid */

/** Turns a kernel by 180°: the rows in reverse order, and the cells of each row too. @param {Grid} kernel */
export const flip2d = (kernel) => reversed(kernel).map((row) => reversed(row));

/** Rows become columns. @param {Grid} grid */
export const transpose = (grid) => grid[0].map((_, col) => grid.map((row) => row[col]));

/** @param {Grid} grid @returns {[number, number]} */
export const shapeOf = (grid) => [grid.length, grid[0]?.length ?? 0];

/**
 * One value for each axis, from one number or from [down, across].
 * @param {string} name @param {number | number[]} value @returns {[number, number]}
 */
export function pairOf(name, value) {
  const sentence = `A ${name} of ${value} does not work: use one number, or one down and one across.`;
  const [down, across] = perAxis(value, 2, sentence);
  return [down, across];
}

/** The padding of each axis: one name or number for both, or [before, after] of the rows and of the columns. */
function paddingPerAxis(padding) {
  if (!Array.isArray(padding)) return [padding, padding];
  if (padding.length !== 2 || !padding.every((pair) => Array.isArray(pair) && pair.length === 2))
    throw new Misfit(
      "This padding does not work: use full, same, valid, a whole number, or [before, after] for the rows " +
        "and for the columns.",
    );
  return padding;
}

/**
 * Ghost cells around a grid: rows first, then whole columns, so that the corners are filled too.
 * @param {Grid} grid
 * @param {[number, number][]} ghosts cells above and below, left and right
 */
export function pad2d(grid, [aboveBelow, leftRight], mode = "zeros") {
  const wider = grid.map((row) => pad(row, leftRight, mode));
  return transpose(transpose(wider).map((col) => pad(col, aboveBelow, mode)));
}

/** Refuses what is no rectangle of numbers. @param {string} name @param {Grid} grid */
export function requireGrid(name, grid) {
  if (!Array.isArray(grid) || !grid.every(Array.isArray))
    throw new Misfit(`The ${name} is no grid: give it rows of numbers.`);
  const [rows, cols] = shapeOf(grid);
  if (rows === 0 || cols === 0) throw new Misfit(`The ${name} is empty: give it at least one number.`);
  const ragged = grid.findIndex((row) => row.length !== cols);
  if (ragged > 0)
    throw new Misfit(
      `The rows of the ${name} differ: row 0 has ${cols} numbers, row ${ragged} has ${grid[ragged].length}.`,
    );
  const wrong = grid.flat().find((value) => typeof value !== "number");
  if (wrong !== undefined) throw new Misfit(`The ${name} holds “${wrong}”, which is not a number.`);
}

/** Says along which axis a kernel does not fit. */
function sizeAlong(axis, inputSize, kernelSize, options) {
  try {
    return outputSize(inputSize, kernelSize, options);
  } catch (error) {
    if (error instanceof Misfit && /does not fit/.test(error.message))
      throw new Misfit(`Along the ${axis}: ${error.message}`);
    throw error;
  }
}

/** The axes of a layer: sizes of the output, padding and ghost cells of each; refuses what does not fit. */
function layOut(image, kernel, { padding = "full", stride: move = 1, dilation: gap = 1 }) {
  requireGrid("image", image);
  requireGrid("kernel", kernel);
  const stride = pairOf("stride", move);
  const dilation = pairOf("dilation", gap);
  const paddings = paddingPerAxis(padding);
  const kernelShape = shapeOf(kernel);
  const output_shape = shapeOf(image).map((size, axis) =>
    sizeAlong(["rows", "columns"][axis], size, kernelShape[axis], {
      stride: stride[axis],
      dilation: dilation[axis],
      padding: paddings[axis],
    }),
  );
  const ghosts = paddings.map((amount, axis) => ghostCells(amount, kernelShape[axis], dilation[axis]));
  return { stride, dilation, kernelShape, output_shape, ghosts };
}

/** Rows and columns of an image with its ghost cells, before any of them is made. */
export function paddedShape(image, kernel, options = {}) {
  const { ghosts } = layOut(image, kernel, options);
  return shapeOf(image).map((size, axis) => size + ghosts[axis][0] + ghosts[axis][1]);
}

/**
 * Every output position, row by row, with its window, products and sum.
 * @param {Grid} image
 * @param {Grid} kernel
 * @param {{flip?: boolean, padding?: any, stride?: any, dilation?: any, mode?: string}} [options]
 */
export function trace2d(image, kernel, options = {}) {
  const { flip = true, mode = "zeros" } = options;
  const { stride, dilation, kernelShape, output_shape, ghosts } = layOut(image, kernel, options);
  const padded = pad2d(image, ghosts, mode);
  const applied = flip ? flip2d(kernel) : kernel.map((row) => [...row]);

  const stepAt = (row, col) => {
    const [start_row, start_col] = [row * stride[0], col * stride[1]];
    const cellAt = (i, j) => padded[start_row + i * dilation[0]][start_col + j * dilation[1]];
    const window = applied.map((weights, i) => weights.map((_, j) => cellAt(i, j)));
    const products = applied.map((weights, i) => weights.map((weight, j) => weight * window[i][j]));
    const sum = products.flat().reduce((total, product) => total + product, 0);
    return { row, col, start_row, start_col, window, products, sum };
  };
  const steps = Array.from({ length: output_shape[0] * output_shape[1] }, (_, index) =>
    stepAt(Math.floor(index / output_shape[1]), index % output_shape[1]),
  );

  const reached = output_shape.map((size, axis) => (size - 1) * stride[axis] + span(kernelShape[axis], dilation[axis]));
  return {
    before: ghosts.map(([before]) => before),
    after: ghosts.map(([, after]) => after),
    padded,
    kernel: applied,
    output_shape,
    steps,
    ignored: shapeOf(padded).map((size, axis) => size - reached[axis]),
  };
}

/** The sums of a trace as a grid. @param {ReturnType<typeof trace2d>} trace @returns {Grid} */
export function outputGrid({ output_shape: [rows, cols], steps }) {
  return Array.from({ length: rows }, (_, row) => steps.slice(row * cols, (row + 1) * cols).map((step) => step.sum));
}
