/**
 * The way back through a convolution layer with one channel and one kernel, computed in three ways: each upstream
 * gradient scattered to all that made its output; each gradient gathered by a cross-correlation; and a central
 * finite difference, which knows nothing of either.
 *
 * A layer is { image, kernel, bias, upstream, flip, padding, stride, dilation }: `upstream` holds ∂L/∂y, `flip` is
 * true for a layer that turns its kernel, and the last three hold one number for each axis, [down, across].
 */

import { flip2d, shapeOf, trace2d } from "./convolution2d.mjs";
import { span } from "./convolution.mjs";
import { Misfit } from "./misfit.mjs";

/** @typedef {number[][]} Grid */
/** @typedef {[number, number]} Pair */
/**
 * @typedef {{image: Grid, kernel: Grid, bias: number, upstream: Grid, flip: boolean, padding: Pair, stride: Pair,
 * dilation: Pair}} Layer
 */

/** @param {number[]} size @param {(row: number, col: number) => any} value */
const gridOf = ([rows, cols], value) =>
  Array.from({ length: rows }, (_, row) => Array.from({ length: cols }, (_, col) => value(row, col)));
const copy = (grid) => grid.map((row) => [...row]);

/**
 * Every output with its window, from the padded image; the bias is not in it.
 * @param {Omit<Layer, "upstream" | "bias">} layer
 */
export function forward({ image, kernel, flip, padding, stride, dilation }) {
  return trace2d(image, kernel, { flip, padding: padding.map((count) => [count, count]), stride, dilation });
}

/** Which cell of the kernel, as it is written, lies at a cell of the kernel as it is laid down. */
export const writtenCell = ({ kernel, flip }, row, col) => {
  const [rows, cols] = shapeOf(kernel);
  return flip ? [rows - 1 - row, cols - 1 - col] : [row, col];
};

/**
 * One upstream gradient after the other, scattered: y = b + Σ w·x, so g = ∂L/∂y adds g·w to ∂L/∂x, g·x to ∂L/∂w
 * and g to ∂L/∂b, for each x and w that met in this y.
 *
 * A step's `parts` are the pairs that met: `at` in the padded image, `inside` the image or on a ghost cell, `cell` of
 * the kernel as it is written, and both gradients before and after. `input` (with its ghost cells) and `kernel` are
 * the gradients as they stand after the step.
 * @param {Layer} layer
 */
export function scatter(layer) {
  const trace = forward(layer);
  const [above, left] = trace.before;
  const [rows, cols] = shapeOf(layer.image);
  const input = gridOf(shapeOf(trace.padded), () => 0);
  const kernel = gridOf(shapeOf(layer.kernel), () => 0);
  let bias = 0;
  return trace.steps.map(({ row, col, start_row, start_col, window }) => {
    const upstream = layer.upstream[row][col];
    const parts = window.flatMap((line, i) =>
      line.map((value, j) => {
        const at = [start_row + i * layer.dilation[0], start_col + j * layer.dilation[1]];
        const cell = writtenCell(layer, i, j);
        const weight = trace.kernel[i][j];
        const inside = at[0] >= above && at[0] < above + rows && at[1] >= left && at[1] < left + cols;
        const [input_before, kernel_before] = [input[at[0]][at[1]], kernel[cell[0]][cell[1]]];
        const input_after = (input[at[0]][at[1]] += upstream * weight);
        const kernel_after = (kernel[cell[0]][cell[1]] += upstream * value);
        return { at, inside, cell, weight, value, input_before, input_after, kernel_before, kernel_after };
      }),
    );
    const bias_before = bias;
    bias += upstream;
    return { row, col, upstream, parts, bias_before, bias_after: bias, input: copy(input), kernel: copy(kernel) };
  });
}

/** ∂L/∂x without its ghost cells, from one that has them. @param {Grid} padded @param {Layer} layer @returns {Grid} */
export function crop(padded, { image, padding: [above, left] }) {
  const [rows, cols] = shapeOf(image);
  return padded.slice(above, above + rows).map((row) => row.slice(left, left + cols));
}

/** All three gradients. @param {Layer} layer */
export function gradients(layer) {
  const { input, kernel, bias_after } = scatter(layer).at(-1);
  return { image: crop(input, layer), kernel, bias: bias_after };
}

/**
 * ∂L/∂x as a cross-correlation: the kernel as it was laid down, turned by 180°, slides over ∂L/∂y, which has s − 1
 * zeros between its cells and as many around it as "full" puts there, without the p that padding crops. The kernel
 * keeps its dilation. One step for each cell of x.
 * @param {Layer} layer
 */
export function inputAsCorrelation(layer) {
  const { upstream, stride, dilation, padding } = layer;
  const turned = flip2d(forward(layer).kernel);
  const reach = shapeOf(turned).map((size, axis) => span(size, dilation[axis]));
  const size = shapeOf(layer.image).map((cells, axis) => cells + reach[axis] - 1);
  const cellAt = (...place) => {
    const offset = place.map((index, axis) => index + padding[axis] - (reach[axis] - 1));
    const [row, col] = offset.map((cells, axis) => cells / stride[axis]);
    const value = upstream[row]?.[col];
    const within = offset.every((cells, axis) => cells >= 0 && cells <= (shapeOf(upstream)[axis] - 1) * stride[axis]);
    return { value: value ?? 0, kind: value !== undefined ? "upstream" : within ? "between" : "around" };
  };
  const cells = gridOf(size, cellAt);
  const slid = cells.map((line) => line.map(({ value }) => value));
  const kinds = cells.map((line) => line.map(({ kind }) => kind));
  return {
    slid,
    kinds,
    turned,
    reach,
    steps: trace2d(slid, turned, { flip: false, padding: "valid", dilation }).steps,
  };
}

/** ∂L/∂y with s − 1 zeros between its cells. @param {Layer} layer @returns {Grid} */
export function spreadUpstream({ upstream, stride }) {
  const size = shapeOf(upstream).map((cells, axis) => (cells - 1) * stride[axis] + 1);
  return gridOf(size, (row, col) => upstream[row / stride[0]]?.[col / stride[1]] ?? 0);
}

/**
 * ∂L/∂w as a cross-correlation: ∂L/∂y slides over the padded image, "valid", and nothing is turned. The two steps
 * change their roles: the layer's stride spreads ∂L/∂y, and its dilation is how far ∂L/∂y moves. One step for each
 * cell of the kernel as it is laid down; `cell` says which one that is as it is written.
 * @param {Layer} layer
 */
export function kernelAsCorrelation(layer) {
  const { padded, ignored } = forward(layer);
  const [rows, cols] = shapeOf(padded).map((size, axis) => size - ignored[axis]);
  const reached = padded.slice(0, rows).map((row) => row.slice(0, cols));
  const { steps } = trace2d(reached, layer.upstream, {
    flip: false,
    padding: "valid",
    stride: layer.dilation,
    dilation: layer.stride,
  });
  return { padded, ignored, steps: steps.map((step) => ({ ...step, cell: writtenCell(layer, step.row, step.col) })) };
}

/**
 * L = Σ g·y: the loss whose gradient at the output is `upstream`, straight from the definition.
 * @param {Layer} layer
 */
export function loss({ image, kernel, bias, upstream, flip, padding, stride, dilation }) {
  let total = 0;
  upstream.forEach((line, r) =>
    line.forEach((g, c) => {
      let y = bias;
      kernel.forEach((weights, i) =>
        weights.forEach((_, j) => {
          const weight = flip ? kernel[kernel.length - 1 - i][weights.length - 1 - j] : kernel[i][j];
          const x =
            image[r * stride[0] + i * dilation[0] - padding[0]]?.[c * stride[1] + j * dilation[1] - padding[1]] ?? 0;
          y += weight * x;
        }),
      );
      total += g * y;
    }),
  );
  return total;
}

/** How far a number is moved to either side. */
export const NUDGE = 0.001;

/**
 * (L(v + h) − L(v − h)) / 2h for one number v of a layer.
 * @param {Layer} layer
 * @param {(by: number) => Partial<Layer>} nudge
 */
export function difference(layer, nudge, h = NUDGE) {
  const [more, less] = [h, -h].map((by) => loss({ ...layer, ...nudge(by) }));
  return { more, less, slope: (more - less) / (2 * h) };
}

/** How one cell of the image or of the kernel is moved. @param {Layer} layer @param {"image" | "kernel"} name */
export const nudgeCell = (layer, name, row, col) => (by) => ({
  [name]: layer[name].with(row, layer[name][row].with(col, layer[name][row][col] + by)),
});

/** A finite difference for every number that has a gradient. @param {Layer} layer */
export function finiteDifferences(layer, h = NUDGE) {
  const each = (name) =>
    layer[name].map((line, row) => line.map((_, col) => difference(layer, nudgeCell(layer, name, row, col), h).slope));
  return {
    image: each("image"),
    kernel: each("kernel"),
    bias: difference(layer, (by) => ({ bias: layer.bias + by }), h).slope,
  };
}

/** Numbers for ∂L/∂y where the reader has given none: small, of both signs, no two neighbours alike. */
const FILL = [1, -2, 3, 2, -1];

/**
 * ∂L/∂y for an output of another shape: numbers keep their places, and new places get new numbers.
 * @param {Grid} upstream
 * @returns {Grid}
 */
export const fitUpstream = (upstream, shape) =>
  gridOf(shape, (row, col) => upstream[row]?.[col] ?? FILL[(3 * row + col) % FILL.length]);

/** Refuses a gradient that is asked for and has another shape than the one that fits. @param {Grid} fitting */
export function requireFitting(upstream, fitting) {
  const [found, wanted] = [upstream, fitting].map((grid) => `${grid.length} × ${grid[0].length}`);
  if (found !== wanted)
    throw new Misfit(
      `An upstream gradient of ${found} numbers does not fit an output of ${wanted}: give one for each.`,
    );
}
