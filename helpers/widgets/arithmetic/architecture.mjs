/**
 * From layer to layer: shapes, parameters, multiply-adds and receptive fields, as helpers.architecture.counting
 * works them out. A window of k cells, d apart, on numbers that lie j cells of the image from each other widens
 * what is seen by (k − 1)·d·j, and the stride multiplies j.
 */

import { complete, LARGEST } from "./layer_kinds.mjs";
import { Misfit } from "./misfit.mjs";

/** A layer that does not fit the one before; `number` counts layers from 1. */
export class LayerMisfit extends Misfit {
  constructor(number, message) {
    super(`layer ${number}: ${message}`);
    this.number = number;
  }
}

/**
 * @typedef {{number: number, kind: string, shape: number[], weights: number, biases: number, moving: number,
 *   multiplyAdds: number, field: number[] | null, jump: number[] | null, shortcut: number | null}} Counted
 */

const product = (values) => values.reduce((total, value) => total * value, 1);
const by = (shape) => shape.join(" × ");
export const sizeOf = ({ shape }) => product(shape);
export const parametersOf = ({ weights, biases, moving }) => weights + biases + moving;

/** @param {any[]} layers @param {number[]} inputShape @returns {Counted[]} input first */
export function count(layers, inputShape) {
  const isSide = (n) => Number.isInteger(n) && n >= 1 && n <= LARGEST;
  if (!Array.isArray(inputShape) || inputShape.length !== 3 || !inputShape.every(isSide))
    throw new Misfit(
      `An input of ${inputShape} does not fit: use rows, columns and channels, whole numbers from 1 to ${LARGEST}.`,
    );
  const counted = [fresh(0, "Input", { shape: inputShape, field: [1, 1], jump: [1, 1] })];
  layers.forEach((layer, i) => {
    const settings = complete(layer);
    const before = fresh(i + 1, settings.kind, counted[i]);
    counted.push(RULES[settings.kind](before, settings, counted));
  });
  return counted;
}

const fresh = (number, kind, { shape, field, jump }) => ({
  number,
  kind,
  shape: [...shape],
  weights: 0,
  biases: 0,
  moving: 0,
  multiplyAdds: 0,
  field,
  jump,
  shortcut: null,
});

function mapsOf(before, what) {
  if (before.shape.length === 3) return before.shape;
  throw new LayerMisfit(
    before.number,
    `${what} needs maps of rows × columns × channels, and gets ${before.shape[0]} numbers: put it before Flatten`,
  );
}

/** The rows and columns that come out, and how field and jump grow. */
function slide(before, size, window, strides, padding, dilation = [1, 1], name = "kernel_size") {
  const out = size.map((cells, axis) => {
    const [k, s, d] = [window[axis], strides[axis], dilation[axis]];
    const span = d * (k - 1) + 1;
    if (padding === "valid" && span > cells) {
      const reaches = d > 1 ? `${name}=${k} with dilation_rate=${d} reaches over ${span} cells and` : `${name}=${k}`;
      throw new LayerMisfit(
        before.number,
        `${reaches} does not fit ${by(size)}: use at most ${Math.floor((cells - 1) / d) + 1}, or padding='same'`,
      );
    }
    return padding === "same" ? Math.ceil(cells / s) : Math.floor((cells - span) / s) + 1;
  });
  if (!before.field) return [out, {}];
  const field = before.field.map((r, axis) => r + (window[axis] - 1) * dilation[axis] * before.jump[axis]);
  return [out, { field, jump: before.jump.map((j, axis) => j * strides[axis]) }];
}

const divisor = (a, b) => (b ? divisor(b, a % b) : a);

function conv2d(before, { filters, kernel_size, strides, padding, dilation_rate, groups, use_bias }) {
  const [rows, cols, channels] = mapsOf(before, "Conv2D");
  for (const [name, value] of [
    ["channels", channels],
    ["filters", filters],
  ])
    if (value % groups)
      throw new LayerMisfit(
        before.number,
        `groups=${groups} does not divide the ${value} ${name}: use a divisor of both, such as ` +
          `${divisor(channels, filters)}`,
      );
  if (Math.max(...strides) > 1 && Math.max(...dilation_rate) > 1)
    throw new LayerMisfit(before.number, "Keras takes no strides together with dilation_rate");
  const [size, seen] = slide(before, [rows, cols], kernel_size, strides, padding, dilation_rate);
  const weights = product(kernel_size) * (channels / groups) * filters;
  return {
    ...before,
    shape: [...size, filters],
    weights,
    biases: use_bias ? filters : 0,
    multiplyAdds: weights * product(size),
    ...seen,
  };
}

function depthwise(before, { kernel_size, strides, padding, depth_multiplier, use_bias }) {
  const [rows, cols, channels] = mapsOf(before, "DepthwiseConv2D");
  if (strides[0] !== strides[1])
    throw new LayerMisfit(before.number, "TensorFlow takes equal strides for depthwise layers only");
  const [size, seen] = slide(before, [rows, cols], kernel_size, strides, padding);
  const out = channels * depth_multiplier;
  const weights = product(kernel_size) * out;
  return {
    ...before,
    shape: [...size, out],
    weights,
    biases: use_bias ? out : 0,
    multiplyAdds: weights * product(size),
    ...seen,
  };
}

function transpose(before, { filters, kernel_size, strides, padding, use_bias }) {
  const [rows, cols, channels] = mapsOf(before, "Conv2DTranspose");
  const size = [rows, cols].map(
    (n, axis) => n * strides[axis] + (padding === "same" ? 0 : Math.max(kernel_size[axis] - strides[axis], 0)),
  );
  const weights = product(kernel_size) * channels * filters;
  const seen = !before.field
    ? {}
    : {
        // Outputs lie 1/s of a jump apart, and each hears from ⌈k/s⌉ inputs along an axis.
        field: before.field.map(
          (r, axis) => r + (Math.ceil(kernel_size[axis] / strides[axis]) - 1) * before.jump[axis],
        ),
        jump: before.jump.map((j, axis) => j / strides[axis]),
      };
  return {
    ...before,
    shape: [...size, filters],
    weights,
    biases: use_bias ? filters : 0,
    multiplyAdds: weights * rows * cols,
    ...seen,
  };
}

function zeroPadding(before, { padding: [[top, bottom], [left, right]] }) {
  const [rows, cols, channels] = mapsOf(before, "ZeroPadding2D");
  return { ...before, shape: [rows + top + bottom, cols + left + right, channels] };
}

function pooling(before, { pool_size, strides, padding }) {
  const [rows, cols, channels] = mapsOf(before, before.kind);
  const [size, seen] = slide(before, [rows, cols], pool_size, strides, padding, [1, 1], "pool_size");
  return { ...before, shape: [...size, channels], ...seen };
}

function dense(before, { units, use_bias }) {
  if (before.shape.length !== 1) {
    const [rows, cols, channels] = before.shape;
    throw new LayerMisfit(
      before.number,
      `Dense would act on the ${channels} channels of each of the ${rows} × ${cols} places: ` +
        "put Flatten or GlobalAveragePooling2D before it",
    );
  }
  const weights = before.shape[0] * units;
  return {
    ...before,
    shape: [units],
    weights,
    biases: use_bias ? units : 0,
    multiplyAdds: weights,
    field: null,
    jump: null,
  };
}

function add(before, { shortcut }, counted) {
  if (shortcut >= before.number - 1)
    throw new LayerMisfit(
      before.number,
      `shortcut=${shortcut} does not fit: use a number from 0 to ${before.number - 2}`,
    );
  const other = counted[shortcut];
  if (by(other.shape) !== by(before.shape))
    throw new LayerMisfit(
      before.number,
      `shapes differ: ${by(before.shape)} here, ${by(other.shape)} after layer ${shortcut}; ` +
        "use the same filters and strides of 1 on the way",
    );
  if (!other.field || !before.field) return { ...before, field: null, jump: null, shortcut };
  return { ...before, field: before.field.map((r, axis) => Math.max(r, other.field[axis])), shortcut };
}

const RULES = {
  Conv2D: conv2d,
  DepthwiseConv2D: depthwise,
  Conv2DTranspose: transpose,
  ZeroPadding2D: zeroPadding,
  MaxPooling2D: pooling,
  AveragePooling2D: pooling,
  GlobalAveragePooling2D: (before) => ({ ...before, shape: [mapsOf(before, before.kind)[2]], field: null, jump: null }),
  // A scale and a shift are trained, a mean and a variance are kept.
  BatchNormalization: (before) => ({
    ...before,
    weights: before.shape.at(-1),
    biases: before.shape.at(-1),
    moving: 2 * before.shape.at(-1),
  }),
  Activation: (before) => before,
  Add: add,
  Dropout: (before) => before,
  Flatten: (before) => ({ ...before, shape: [product(before.shape)] }),
  Dense: dense,
};

/**
 * Sums over all layers; the numbers that training keeps; and the most that prediction needs at once.
 * @param {Counted[]} counted
 */
export function totals(counted) {
  const sum = (read) => counted.reduce((total, layer) => total + read(layer), 0);
  const sizes = counted.map(sizeOf);
  const atOnce = counted.map((_, number) => {
    if (number === 0) return sizes[0];
    const waiting = counted
      .slice(number)
      .map(({ shortcut }) => shortcut)
      .filter((shortcut) => shortcut !== null && shortcut < number - 1);
    return sizes[number - 1] + sizes[number] + [...new Set(waiting)].reduce((total, index) => total + sizes[index], 0);
  });
  return {
    weights: sum(({ weights }) => weights),
    biases: sum(({ biases }) => biases),
    moving: sum(({ moving }) => moving),
    parameters: sum(parametersOf),
    multiply_adds: sum(({ multiplyAdds }) => multiplyAdds),
    activations: sum(sizeOf),
    widest: Math.max(...atOnce),
  };
}

const BYTES = 4; // of a float32

/**
 * Bytes in float32. Training keeps the parameters, a gradient for each trained one, and for each image of the batch
 * all outputs; prediction keeps the parameters and, for one image, what is needed at once.
 */
export function memoryOf({ weights, biases, moving }, kept, atOnce, batchSize) {
  return {
    training: BYTES * (2 * (weights + biases) + moving + batchSize * kept),
    prediction: BYTES * (weights + biases + moving + atOnce),
  };
}
