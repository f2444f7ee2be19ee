/**
 * The kernels of image filtering by name, and what can be read off any kernel. helpers.widgets.image_filter
 * makes the same kernels. They are cross-correlation kernels as books print them, in whole numbers where
 * possible: dividing by the sum of the weights is a step of its own.
 */

import { shapeOf } from "./convolution2d.mjs";
import { number } from "./format.mjs";
import { createRandom } from "./random.mjs";

/** @typedef {number[][]} Grid */

/** Names of kernels and what they are called. */
export const KERNELS = {
  identity: "identity",
  mean: "mean",
  gaussian: "Gaussian",
  sobel_x: "Sobel x",
  sobel_y: "Sobel y",
  sobel_magnitude: "Sobel magnitude",
  laplacian: "Laplacian",
  sharpen: "sharpen",
  emboss: "emboss",
  random: "random",
};

export const KERNEL_SIZES = [3, 5, 7, 9];

const grid = (size, cell) =>
  Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, col) => cell(row, col)));
const outer = (column, row) => column.map((a) => row.map((b) => a * b));

/** Full convolution of two lists. */
const convolved = (a, b) =>
  Array.from({ length: a.length + b.length - 1 }, (_, i) =>
    a.reduce((sum, weight, k) => sum + weight * (b[i - k] ?? 0), 0),
  );

/** A row of Pascal's triangle: 1 2 1, 1 4 6 4 1, ... */
const binomial = (size) => (size === 1 ? [1] : convolved(binomial(size - 1), [1, 1]));

const derivative = (size) => convolved(binomial(size - 2), [-1, 0, 1]);
const curvature = (size) => convolved(binomial(size - 2), [1, -2, 1]);

const MAKERS = {
  identity: (size, middle) => grid(size, (row, col) => Number(row === middle && col === middle)),
  mean: (size) => grid(size, () => 1),
  gaussian: (size, middle, { sigma }) =>
    grid(size, (row, col) => Math.exp(-((row - middle) ** 2 + (col - middle) ** 2) / (2 * sigma ** 2))),
  sobel_x: (size) => outer(binomial(size), derivative(size)),
  sobel_y: (size) => outer(derivative(size), binomial(size)),
  // The plain one of 3 × 3 cells takes the four neighbours; larger ones smooth at the same time.
  laplacian(size) {
    if (size === 3)
      return [
        [0, 1, 0],
        [1, -4, 1],
        [0, 1, 0],
      ];
    const down = outer(curvature(size), binomial(size));
    return down.map((line, row) => line.map((weight, col) => weight + down[col][row]));
  },
  // The picture and, once more, what a blur takes from it.
  sharpen(size, middle) {
    if (size === 3)
      return [
        [0, -1, 0],
        [-1, 5, -1],
        [0, -1, 0],
      ];
    return grid(size, (row, col) => (row === middle && col === middle ? 2 * size * size - 1 : -1));
  },
  emboss: (size, middle) => grid(size, (row, col) => (row === middle && col === middle ? 1 : row + col - 2 * middle)),
  random(size, middle, { seed }) {
    const draws = createRandom(seed);
    return grid(size, () => Math.floor(100 * draws.random() + 0.5) / 100);
  },
};

/**
 * A kernel by its name. "sobel_magnitude" joins two: this gives the one across.
 * @param {string} name one of KERNELS
 * @param {{size: number, sigma?: number, seed?: number}} options
 * @returns {Grid}
 */
export function namedKernel(name, { size, sigma = 1, seed = 0 }) {
  return MAKERS[name === "sobel_magnitude" ? "sobel_x" : name](size, (size - 1) / 2, { sigma, seed });
}

/** The sum of the weights; sums that are nothing but rounding are 0. @param {Grid} kernel */
export function sumOfWeights(kernel) {
  const weights = kernel.flat();
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const size = weights.reduce((total, weight) => total + Math.abs(weight), 0);
  return Math.abs(sum) <= 1e-9 * size ? 0 : sum;
}

/**
 * The same kernel with another number of rows and columns: cut or filled with 0 around its middle.
 * @param {Grid} kernel
 */
export function resized(kernel, rows, cols) {
  const [oldRows, oldCols] = shapeOf(kernel);
  const [down, across] = [
    Math.floor(oldRows / 2) - Math.floor(rows / 2),
    Math.floor(oldCols / 2) - Math.floor(cols / 2),
  ];
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: cols }, (_, col) => kernel[row + down]?.[col + across] ?? 0),
  );
}

/**
 * What a kernel does, told from its weights as they are laid on the picture.
 * @param {Grid} applied flipped already, where it is a convolution
 * @returns {{kind: string, direction: string, sum: number}} kind: none, nothing, same, blur, shift, edges, spots,
 * sharpen, relief, other
 */
export function analyse(applied) {
  const [rows, cols] = shapeOf(applied);
  const weights = applied.flat();
  const size = weights.reduce((total, weight) => total + Math.abs(weight), 0);
  const sum = sumOfWeights(applied);
  if (size === 0) return { kind: "none", direction: "", sum };
  const middle = [Math.floor(rows / 2), Math.floor(cols / 2)];
  // Where the weights lean: with these signs, brighter there makes the result larger.
  const moment = (place) =>
    applied.reduce(
      (total, line, row) => total + line.reduce((part, weight, col) => part + weight * place(row, col), 0),
      0,
    );
  const down = moment((row) => row - middle[0]) / size;
  const right = moment((_, col) => col - middle[1]) / size;
  const leans = Math.hypot(down, right) > 0.05;
  const direction = !leans ? "" : compass(down, right);
  const used = weights.filter((weight) => weight !== 0);
  const kind =
    used.length === 1 && applied[middle[0]][middle[1]] !== 0
      ? "same"
      : used.length === 1
        ? "shift"
        : used.every((weight) => weight > 0) || used.every((weight) => weight < 0)
          ? "blur"
          : sum === 0
            ? leans
              ? "edges"
              : "spots"
            : leans
              ? "relief"
              : applied[middle[0]][middle[1]] * sum > 0
                ? "sharpen"
                : "other";
  return { kind, direction, sum };
}

/** The name of a direction, to the nearest of eight. */
function compass(down, right) {
  const share = Math.hypot(down, right) * 0.38;
  const words = [
    down < -share ? "top" : down > share ? "bottom" : "",
    right < -share ? "left" : right > share ? "right" : "",
  ];
  return words.filter(Boolean).join(" ");
}

const OPPOSITE = { top: "bottom", bottom: "top", left: "right", right: "left" };
const opposite = (direction) =>
  direction
    .split(" ")
    .map((word) => OPPOSITE[word])
    .join(" ");

/**
 * What a kernel does to a picture, in a sentence.
 * @param {{weights: Grid[]}} kernel as it is laid on the picture; two grids are joined to their magnitude
 */
export function describeEffect({ weights }) {
  if (weights.length === 2) return "How steep the picture is: large at edges of every direction, never negative.";
  const { kind, direction, sum } = analyse(weights[0]);
  const times = Math.abs(sum - 1) < 1e-9 ? "" : `, ${number(sum, 3)} times as bright`;
  return {
    none: "All weights are 0, and so is every pixel of the result.",
    same: times ? `Every pixel is multiplied by ${number(sum, 3)}.` : "Every pixel stays as it is.",
    shift: `Every pixel moves${times}.`,
    blur: `Blurs: every pixel becomes an average of those around it${times}.`,
    edges:
      `Finds edges: positive where it gets brighter towards the ${direction}, negative where it gets ` +
      "darker, 0 where the picture is even.",
    spots:
      "Finds edges and spots of every direction, with both signs; 0 where the picture is even or brightens evenly.",
    sharpen: `Sharpens: what differs from its surroundings differs more${times}.`,
    relief: `Makes a relief: as if light fell from the ${opposite(direction)}${times}.`,
    other: "Weighs the pixels around against each other.",
  }[kind];
}

/**
 * What to look at in a kernel in order to tell what it does, without telling that.
 * @param {{weights: Grid[]}} kernel
 */
export function hintAt({ weights }) {
  if (weights.length === 2)
    return (
      "Here two kernels are squared, added and the root is taken: nothing is negative, and no direction is " +
      "left out."
    );
  const { kind, direction, sum } = analyse(weights[0]);
  const brightness =
    sum === 0
      ? "these weights add up to 0, so even parts of the picture become 0"
      : Math.abs(sum - 1) < 1e-9
        ? "these weights add up to 1, so even parts stay as bright as they are"
        : `these weights add up to ${number(sum, 3)}, so even parts become ${number(sum, 3)} times as bright`;
  const signs = {
    blur: "none of them is negative",
    same: "only the one in the middle is not 0",
    shift: "only one of them is not 0, and it is not in the middle",
    edges: `they are positive at the ${direction} and negative opposite`,
    relief: `they are positive at the ${direction} and negative opposite`,
    spots: "those around the middle weigh the same in every direction",
    sharpen: "the middle has one sign, and those around it the other",
  }[kind];
  return `Look again: ${brightness}${signs ? `; ${signs}` : ""}.`;
}
