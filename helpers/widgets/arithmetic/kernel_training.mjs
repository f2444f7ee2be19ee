/**
 * A kernel that learns: one photograph and what a filter made of it are the whole training set.
 *
 * The layer is a cross-correlation without a bias, y[r, c] = Σ w[i, j] · x[r + i, c + j], at all places
 * whose windows lie wholly on the photograph. Its loss is the mean of the squared errors e = y − t, so
 * its gradient is one sum of products for each cell of the kernel, ∂L/∂w[i, j] = 2/N Σ e[r, c] · x[r + i, c + j].
 * Every epoch does the real forward and backward pass. helpers.widgets.filter_trainer computes the same.
 */

import { flip2d } from "./convolution2d.mjs";
import { symmetricEigen } from "./eigen.mjs";
import { middleSquare } from "./image.mjs";
import { namedKernel, resized, sumOfWeights } from "./kernels.mjs";
import { Misfit } from "./misfit.mjs";
import { createOptimizer } from "./optimizers.mjs";
import { createRandom } from "./random.mjs";

/** @typedef {{side: number, pixels: Float64Array}} Photograph a square of numbers from 0 to 1 */
/** @typedef {number[][]} Grid */

export const SIDE = 128;
const LEAST_SIDE = 16;

/** Around the places where there is an output: as far as the largest kernel, 7 × 7, reaches. */
export const MARGIN = 3;

/** A picture of what was reached is kept after so many epochs. */
export const FRAME_EPOCHS = 200;

/** Losses beyond this will not come back. */
const LOST = 1e12;

/** What a curvature must have, as a share of the largest, in order to be more than rounding. */
const FLAT = 1e-9;

const RULES = { sgd: ["sgd", {}], momentum: ["sgd", { momentum: 0.9 }], rmsprop: ["rmsprop", {}], adam: ["adam", {}] };
export const OPTIMIZER_NAMES = Object.keys(RULES);

/**
 * The middle square of a grey picture, at most 128 × 128 pixels, each the mean of those it stands for.
 * @param {import("./image.mjs").Picture} picture grey, 0 to 255
 * @returns {Photograph}
 */
export function toPhotograph(picture) {
  const { rows, cols } = picture;
  const square = Math.min(rows, cols);
  if (square < LEAST_SIDE)
    throw new Misfit(
      `A picture of ${rows} × ${cols} pixels is too small to learn from: use at least ${LEAST_SIDE} × ${LEAST_SIDE}.`,
    );
  const side = Math.min(square, SIDE);
  return { side, pixels: middleSquare(picture, side).map((value) => value / 255) };
}

/** Runs `visit(first pixel, first output, cell)` for each row of outputs under each cell of the kernel. */
function forEachRow(side, size, visit) {
  const across = side - 2 * MARGIN;
  const start = MARGIN - (size - 1) / 2;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      for (let r = 0; r < across; r++) visit((r + start + i) * side + start + j, r * across, i * size + j);
}

/**
 * The forward pass: the output at every place.
 * @param {Photograph} photograph
 * @param {ArrayLike<number>} kernel row after row
 */
export function forward({ side, pixels }, kernel, size, output) {
  const across = side - 2 * MARGIN;
  output.fill(0);
  forEachRow(side, size, (from, to, cell) => {
    const weight = kernel[cell];
    for (let c = 0; c < across; c++) output[to + c] += weight * pixels[from + c];
  });
}

/** The backward pass: for each cell of the kernel Σ e · x. */
export function backward({ side, pixels }, errors, size, sums) {
  const across = side - 2 * MARGIN;
  sums.fill(0);
  forEachRow(side, size, (from, to, cell) => {
    let sum = 0;
    for (let c = 0; c < across; c++) sum += errors[to + c] * pixels[from + c];
    sums[cell] += sum;
  });
}

/** Kernels that make targets, as books print them; those that average are divided by their sum. */
export const TARGET_KERNELS = ["sobel_x", "sobel_y", "mean", "gaussian", "laplacian", "sharpen", "emboss", "blur"];

/** Targets that no kernel makes. */
export const TARGET_EFFECTS = ["median", "vignette"];

/**
 * The kernel that makes a target, as it is written; null where none does.
 * @param {string | Grid} target
 * @returns {Grid | null}
 */
export function writtenKernel(target) {
  if (Array.isArray(target)) return target;
  if (TARGET_EFFECTS.includes(target)) return null;
  const grid = target === "blur" ? namedKernel("mean", { size: 7 }) : namedKernel(target, { size: 3 });
  const divisor = ["mean", "gaussian", "blur"].includes(target) ? sumOfWeights(grid) : 1;
  return grid.map((line) => line.map((weight) => weight / divisor));
}

/** The kernel that the layer ought to learn, laid on as it is; null where none of its size makes the target. */
export function wantedKernel({ target, flip, size }) {
  const written = writtenKernel(target);
  if (!written) return null;
  const wanted = resized(written, size, size);
  const kept = (grid) => grid.flat().filter((weight) => weight !== 0).length;
  if (kept(wanted) < kept(written)) return null;
  return flip ? flip2d(wanted) : wanted;
}

/** What is to be learned, at every place, before there is noise in it. @param {Photograph} photograph */
export function makeTarget(photograph, { target, flip }) {
  const { side, pixels } = photograph;
  const across = side - 2 * MARGIN;
  const values = new Float64Array(across * across);
  const written = writtenKernel(target);
  if (written) {
    const size = Math.max(written.length, written[0].length);
    const square = resized(written, size, size);
    forward(photograph, (flip ? flip2d(square) : square).flat(), size, values);
    return values;
  }
  const middle = (side - 1) / 2;
  for (let r = 0; r < across; r++)
    for (let c = 0; c < across; c++) {
      const [row, col] = [r + MARGIN, c + MARGIN];
      const around = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => pixels[(row + down) * side + col + right]));
      values[r * across + c] =
        target === "median"
          ? around.sort((a, b) => a - b)[4]
          : around[4] * (1 - (0.75 * ((row - middle) ** 2 + (col - middle) ** 2)) / (2 * middle ** 2));
    }
  return values;
}

/**
 * How the loss bends in every direction of the kernel's space: eigenvalues and eigenvectors of its Hessian
 * 2/N XᵀX, where a row of X is one window. XᵀX/N is the second moment of the patches.
 * @param {Photograph} photograph
 * @returns {{values: number[], vectors: number[][], free: number, largest: number}} from the largest on; `free` counts
 * the directions that change nothing
 */
export function curvatures(photograph, size) {
  const { side, pixels } = photograph;
  const across = side - 2 * MARGIN;
  const cells = size * size;
  const column = new Float64Array(across * across);
  const sums = new Float64Array(cells);
  const hessian = [];
  for (let cell = 0; cell < cells; cell++) {
    const start = MARGIN - (size - 1) / 2;
    for (let r = 0; r < across; r++) {
      const from = (r + start + Math.floor(cell / size)) * side + start + (cell % size);
      column.set(pixels.subarray(from, from + across), r * across);
    }
    backward(photograph, column, size, sums);
    hessian.push(Array.from(sums, (sum) => (2 * sum) / (across * across)));
  }
  const { values, vectors } = symmetricEigen(hessian);
  const largest = Math.max(values[0], 0);
  const free = values.filter((value) => value <= FLAT * largest).length;
  return { values, vectors, free: largest === 0 ? cells : free, largest };
}

/** The least loss that any kernel of this size reaches: what is left of t beside all that windows can make. */
export function leastLoss(photograph, target, size, { values, vectors, free }) {
  const sums = new Float64Array(size * size);
  backward(photograph, target, size, sums);
  const count = target.length;
  let left = target.reduce((sum, value) => sum + value * value, 0) / count;
  for (let k = 0; k < values.length - free; k++) {
    const along = vectors[k].reduce((sum, entry, i) => sum + entry * sums[i], 0) / count;
    left -= (2 * along * along) / values[k];
  }
  return Math.max(left, 0);
}

/** The largest rate at which plain gradient descent, or that with momentum β, does not run away: 2(1 + β)/λ. */
export function largestRate(optimizer, largest) {
  const momentum = RULES[optimizer][1].momentum ?? 0;
  return RULES[optimizer][0] === "sgd" && largest > 0 ? (2 * (1 + momentum)) / largest : Infinity;
}

/**
 * A training: its numbers are always those of the present kernel.
 * @param {Photograph} photograph
 * @param {{target: string | Grid, flip: boolean, size: number, seed: number, noise: number, optimizer: string,
 * learning_rate: number}} settings
 */
export function createTraining(photograph, settings) {
  const { size, seed, noise } = settings;
  const across = photograph.side - 2 * MARGIN;
  const count = across * across;
  const random = createRandom(seed);
  const kernel = Float64Array.from({ length: size * size }, () => random.uniform(-0.5, 0.5));
  const target = makeTarget(photograph, settings);
  if (noise > 0) for (let i = 0; i < count; i++) target[i] += random.normal(0, noise);
  const [rule, memory] = RULES[settings.optimizer];
  const optimizer = createOptimizer(rule, kernel.length, { learningRate: settings.learning_rate, ...memory });
  const memories = Object.values(optimizer).filter((value) => value instanceof Float64Array);

  const training = {
    kernel,
    target,
    across,
    count,
    optimizer,
    output: new Float64Array(count),
    errors: new Float64Array(count),
    sums: new Float64Array(kernel.length),
    gradient: new Float64Array(kernel.length),
    epochs: 0,
    loss: NaN,
    losses: [],
    frames: [],
    diverged: false,

    /**
     * One epoch: a step against the gradient, and the numbers after it.
     * @returns {boolean} whether there is sense in another
     */
    step() {
      if (training.diverged) return false;
      optimizer.update(kernel, training.gradient);
      training.epochs++;
      evaluate();
      return !training.diverged;
    },

    /** One epoch back: from the last frame before, the same steps again. */
    back() {
      const goal = training.epochs - 1;
      if (goal < 0) return;
      const frame = training.frames.findLast(({ epoch }) => epoch <= goal);
      training.frames.length = training.frames.indexOf(frame);
      training.losses.length = training.epochs = frame.epoch;
      kernel.set(frame.kernel);
      memories.forEach((values, i) => values.set(frame.memories[i]));
      optimizer.steps = frame.epoch;
      training.diverged = false;
      evaluate();
      while (training.epochs < goal) training.step();
    },
  };

  function evaluate() {
    const { output, errors, sums, gradient } = training;
    forward(photograph, kernel, size, output);
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const error = output[i] - target[i];
      errors[i] = error;
      squares += error * error;
    }
    backward(photograph, errors, size, sums);
    for (let cell = 0; cell < kernel.length; cell++) gradient[cell] = (2 * sums[cell]) / count;
    training.loss = squares / count;
    training.diverged = !(training.loss < LOST);
    training.losses.push(training.loss);
    if (training.epochs % FRAME_EPOCHS === 0 && !training.diverged)
      training.frames.push({
        epoch: training.epochs,
        kernel: kernel.slice(),
        memories: memories.map((values) => values.slice()),
      });
  }
  evaluate();
  return training;
}
