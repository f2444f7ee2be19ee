/**
 * The arithmetic of 1-D convolution, the same as in helpers.convolution and under the same names.
 * `tests/cases/convolution1d.json` and random cases hold the two together.
 */

import { number, plural } from "./format.mjs";
import { Misfit } from "./misfit.mjs";

export const MODES = ["zeros", "reflect", "symmetric", "edge", "wrap"];

/** @template T @param {T[]} kernel @returns {T[]} */
export const flip = (kernel) => [...kernel].reverse();

/** How many cells a kernel spans: its own and the gaps that dilation leaves between them. */
export const span = (kernelSize, dilation = 1) => dilation * (kernelSize - 1) + 1;

/**
 * The ghost cells before and after the input.
 * @param {"full" | "same" | "valid" | number | [number, number]} padding
 * @returns {[number, number]}
 */
export function ghostCells(padding, kernelSize, dilation = 1) {
  const reach = span(kernelSize, dilation);
  if (padding === "full") return [reach - 1, reach - 1];
  if (padding === "same") return [Math.floor(reach / 2), Math.floor((reach - 1) / 2)];
  if (padding === "valid") return [0, 0];
  const [before, after] = Array.isArray(padding) ? padding : [padding, padding];
  const counts = (n) => Number.isInteger(n) && n >= 0;
  if (!counts(before) || !counts(after) || (Array.isArray(padding) && padding.length !== 2))
    throw new Misfit(`A padding of ${padding} does not work: use full, same, valid or a whole number of cells from 0.`);
  return [before, after];
}

/** Which cell of the input stands at `col` (which may lie outside); -1 for a zero. */
export function ghostSource(col, size, mode) {
  if (col >= 0 && col < size) return col;
  if (mode === "zeros") return -1;
  if (mode === "edge") return col < 0 ? 0 : size - 1;
  const wrapped = (period) => ((col % period) + period) % period;
  if (mode === "wrap") return wrapped(size);
  if (mode === "symmetric") {
    const at = wrapped(2 * size);
    return at < size ? at : 2 * size - 1 - at;
  }
  if (size === 1) return 0;
  const at = wrapped(2 * size - 2);
  return at < size ? at : 2 * size - 2 - at;
}

/** @param {number[]} array @param {[number, number]} ghosts cells before and after */
export function pad(array, [before, after], mode = "zeros") {
  if (!MODES.includes(mode)) throw new Misfit(`There is no padding mode ${mode}: use ${MODES.join(", ")}.`);
  return Array.from({ length: before + array.length + after }, (_, i) => {
    const col = ghostSource(i - before, array.length, mode);
    return col < 0 ? 0 : array[col];
  });
}

/** ⌊(N + before + after − d(K − 1) − 1) / s⌋ + 1; refuses a kernel that does not fit. */
export function outputSize(inputSize, kernelSize, { stride = 1, padding = 0, dilation = 1 } = {}) {
  for (const [name, value] of Object.entries({ stride, dilation }))
    if (!Number.isInteger(value) || value < 1)
      throw new Misfit(
        `A ${name} of ${typeof value === "number" ? number(value) : value} does not work: use a whole number from 1.`,
      );
  if (inputSize < 1) throw new Misfit("The signal is empty: give it at least one number.");
  if (kernelSize < 1) throw new Misfit("The kernel is empty: give it at least one number.");
  const [before, after] = ghostCells(padding, kernelSize, dilation);
  const room = inputSize + before + after;
  const reach = span(kernelSize, dilation);
  if (reach > room) throw new Misfit(describeMisfit(inputSize, kernelSize, dilation, room, reach));
  return Math.floor((room - reach) / stride) + 1;
}

/** How many cells an input has with its ghost cells; refuses what `outputSize` refuses. */
export function paddedSize(inputSize, kernelSize, options = {}) {
  outputSize(inputSize, kernelSize, options);
  const [before, after] = ghostCells(options.padding ?? 0, kernelSize, options.dilation ?? 1);
  return before + inputSize + after;
}

function describeMisfit(inputSize, kernelSize, dilation, room, reach) {
  const spread = dilation > 1 ? `, spread over ${reach} by dilation ${dilation},` : "";
  const input = room > inputSize ? `${room} (${inputSize} and ${room - inputSize} of padding)` : room;
  const each = Math.ceil((reach - inputSize) / 2);
  const fitting = Math.floor((room - 1) / dilation) + 1;
  return (
    `A kernel of ${plural(kernelSize, "cell")}${spread} does not fit an input of ${input}: ` +
    `use a padding of at least ${each}, or a kernel of at most ${fitting}.`
  );
}

/**
 * Every output position with its window, products and sum.
 * @param {number[]} signal
 * @param {number[]} kernel
 * @param {{flip?: boolean, padding?: any, stride?: number, dilation?: number, mode?: string}} [options]
 */
export function trace1d(signal, kernel, options = {}) {
  const { padding = "full", stride = 1, dilation = 1, mode = "zeros" } = options;
  for (const [name, values] of Object.entries({ signal, kernel })) {
    const wrong = values.find((value) => typeof value !== "number");
    if (wrong !== undefined) throw new Misfit(`The ${name} holds “${wrong}”, which is not a number.`);
  }
  const size = outputSize(signal.length, kernel.length, { stride, padding, dilation });
  const [before, after] = ghostCells(padding, kernel.length, dilation);
  const padded = pad(signal, [before, after], mode);
  const applied = (options.flip ?? true) ? flip(kernel) : [...kernel];
  const steps = Array.from({ length: size }, (_, index) => {
    const start = index * stride;
    const window = applied.map((_, j) => padded[start + j * dilation]);
    const products = applied.map((weight, j) => weight * window[j]);
    return { index, start, window, products, sum: products.reduce((total, product) => total + product, 0) };
  });
  const reached = (size - 1) * stride + span(kernel.length, dilation);
  return { before, after, padded, kernel: applied, steps, ignored: padded.length - reached };
}

/**
 * The same outputs, read the other way: each cell of the input launches a copy of the kernel, as large as the cell,
 * and an output is the sum of what the copies bring to its place. Ghost cells that hold zeros launch nothing.
 * @param {ReturnType<typeof trace1d>} trace
 * @param {{stride?: number, dilation?: number, mode?: string}} [options]
 * @returns {{place: number, value: number, cells: {index: number, product: number}[]}[]} place: of the cell in the
 * input, negative in front of it
 */
export function copies({ before, after, padded, kernel, steps }, { stride = 1, dilation = 1, mode = "zeros" } = {}) {
  const rows = padded.map((value, i) => ({
    place: i - before,
    value,
    cells: kernel.flatMap((weight, j) => {
      const index = (i - j * dilation) / stride;
      return Number.isInteger(index) && index >= 0 && index < steps.length ? [{ index, product: value * weight }] : [];
    }),
  }));
  return mode === "zeros" ? rows.slice(before, padded.length - after) : rows;
}
