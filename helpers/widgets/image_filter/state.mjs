/** The state of ImageFilter: its kernel, as it is written and as it is laid on the picture, and what does not fit. */

import { flip2d, requireGrid, shapeOf } from "../arithmetic/convolution2d.mjs";
import { BORDER_MODES } from "../arithmetic/image.mjs";
import { KERNEL_SIZES, KERNELS, namedKernel, sumOfWeights } from "../arithmetic/kernels.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { requireNumberAs, requireOneOf } from "../arithmetic/requirements.mjs";
import { isOwn } from "../card/sources.mjs";

export const MOST_CELLS = 9;
export const SHOW = ["clipped", "rescaled", "signed"];

/**
 * The kernel of a state as it is written: one with a name, or an own one.
 * @returns {{name: string, written: number[][]}} name is "own" for an own one
 */
function readKernel({ kernel, size, sigma, seed }) {
  // An address that names a kernel where there was an own one reads as a list of one name.
  const given = Array.isArray(kernel) && kernel.length === 1 && typeof kernel[0] === "string" ? kernel[0] : kernel;
  if (typeof given === "string") {
    if (!Object.hasOwn(KERNELS, given))
      throw new Misfit(
        `There is no kernel named ${given}: use ${Object.keys(KERNELS).join(", ")}, or rows of numbers.`,
      );
    return { name: given, written: namedKernel(given, { size, sigma, seed }) };
  }
  const written = Array.isArray(given) && given.every((entry) => !Array.isArray(entry)) ? [given] : given;
  checkKernel(written);
  return { name: "own", written };
}

/** Refuses what is no kernel for this widget. */
export function checkKernel(grid) {
  requireGrid("kernel", grid);
  const wrong = grid.flat().find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Misfit(`The kernel holds “${wrong}”, which is not a finite number.`);
  const [rows, cols] = shapeOf(grid);
  if (rows > MOST_CELLS || cols > MOST_CELLS)
    throw new Misfit(
      `A kernel of ${rows} × ${cols} cells is too large for this page: use at most ${MOST_CELLS} × ${MOST_CELLS}.`,
    );
}

/**
 * The kernels as they are written and as they are laid on the picture. There are two for the Sobel
 * magnitude, else one.
 * @param {any} state
 */
export function compute(state) {
  requireOneOf("size", state.size, KERNEL_SIZES);
  requireNumberAs("sigma", state.sigma, { least: 0.1, most: 9 });
  requireNumberAs("seed", state.seed, { least: 0, most: 9999, whole: true });
  requireOneOf("border", state.mode, BORDER_MODES);
  requireOneOf("way to show the result,", state.show, SHOW);
  requireOneOf("answer", state.answer, ["shown", "hidden"]);
  requireOneOf("channel", state.channel, [0, 1, 2]);
  requireNumberAs("divider", state.divider, { least: 0, most: 1 });
  for (const name of ["row", "col"]) requireNumberAs(name, state[name], { least: 0, whole: true });
  const pictures = Object.keys(state.images);
  if (!isOwn(state.source)) requireOneOf("picture", state.source, pictures);
  const { name, written } = readKernel(state);
  const writtenGrids = name === "sobel_magnitude" ? [written, namedKernel("sobel_y", state)] : [written];
  const sum = sumOfWeights(written);
  const divisor = state.normalise && sum !== 0 ? sum : 1;
  const laid = writtenGrids.map((grid) => (state.flip ? flip2d(grid) : grid));
  return {
    name,
    sum,
    divisor,
    laid,
    written: writtenGrids,
    shape: shapeOf(written),
    weights: laid.map((grid) => grid.map((row) => row.map((weight) => weight / divisor))),
  };
}

/** The result at one pixel, from the numbers in its window. */
export function sumsAt(view, window) {
  const products = view.laid.map((grid) =>
    grid.map((line, row) => line.map((weight, col) => weight * window[row][col])),
  );
  const sums = products.map((grid) => grid.flat().reduce((total, product) => total + product, 0));
  const values = sums.map((total) => total / view.divisor);
  return { products, sums, value: values.length === 2 ? Math.hypot(...values) : values[0] };
}
