/**
 * A convolutional layer: z = b + Σ x w over every window, without turning the kernel, as frameworks do.
 *
 * The windows of a strip of outputs are laid out as the rows of a matrix; then the forward pass and
 * the two gradients are matrix products: Z = X W, dL/dW = Xᵀ δ, and dL/dX = δ Wᵀ, which is added back
 * to where the windows came from. Weights are (kernel rows, kernel columns, channels in, channels out),
 * flat, as in Keras.
 */

import { activate, throughActivation } from "./activations.mjs";
import { INITIALIZERS } from "./initializers.mjs";
import { multiply } from "./matmul.mjs";
import { Misfit } from "./misfit.mjs";
import { checkImage, layWindows, countPerAxis } from "./windows.mjs";

/** So many numbers of windows are laid out at a time: few enough to stay in the processor's cache. */
const STRIP = 1 << 15;

/**
 * @param {object} options
 * @param {number} options.filters
 * @param {number | [number, number]} options.kernelSize
 * @param {number | [number, number]} [options.strides]
 * @param {"valid" | "same"} [options.padding]
 * @param {number | [number, number]} [options.dilation] 1 is dense
 * @param {string} [options.activation] @param {string} [options.initializer]
 * @param {number | null} [options.bias] where biases start; null for none
 * @param {number[]} inputShape rows, columns, channels
 */
export function createConv2D(options, inputShape) {
  const { filters, strides = 1, padding = "valid", dilation = 1 } = options;
  const { activation = "linear", initializer = "glorot_uniform", bias = 0 } = options;
  checkImage(inputShape, "conv2d");
  if (!Number.isInteger(filters) || filters < 1)
    throw new Misfit(`A layer of ${filters} filters does not work: use a whole number from 1.`);
  const kernel = countPerAxis(options.kernelSize, "kernel size");
  const stride = countPerAxis(strides, "stride");
  const windows = layWindows(inputShape, { kernel, stride, dilation: countPerAxis(dilation, "dilation"), padding });
  const { starts, cells } = windows;
  const channels = inputShape[2];
  const depth = cells * channels; // numbers in a window
  const places = windows.rows * windows.cols;
  const inputs = inputShape[0] * inputShape[1] * channels;
  const units = places * filters;
  const strip = Math.min(places, Math.max(4, Math.floor(STRIP / depth)));
  let columns, gradColumns; // one strip's windows, and dL/d of them
  let held; // which strip of which sample `columns` has
  let batch, count;

  const matrix = (values, start, row, col) => ({ values, start, row, col });

  /** Lays out the windows of places `first` to `end` of a sample. */
  function layOutWindows(sample, first, end) {
    const key = sample * places + first;
    if (held === key) return;
    held = key;
    const base = sample * inputs;
    for (let t = first * cells, at = 0; t < end * cells; t++) {
      const start = starts[t];
      if (start < 0) for (let c = 0; c < channels; c++) columns[at++] = 0;
      else for (let c = 0, from = base + start; c < channels; c++) columns[at++] = batch[from++];
    }
  }

  /** Adds every window's gradients to the cells that it read. */
  function addBack(gradInputs, sample, first, end) {
    const base = sample * inputs;
    for (let t = first * cells, at = 0; t < end * cells; t++) {
      const start = starts[t];
      if (start < 0) at += channels;
      else for (let c = 0, to = base + start; c < channels; c++) gradInputs[to++] += gradColumns[at++];
    }
  }

  return {
    kind: "conv2d",
    inputs,
    units,
    activation,
    initializer,
    bias,
    inputShape,
    shape: [windows.rows, windows.cols, filters],
    parameterCount: depth * filters + (bias === null ? 0 : filters),

    take(parameters, gradients) {
      const size = depth * filters;
      this.weights = parameters.subarray(0, size);
      this.biases = parameters.subarray(size);
      this.gradWeights = gradients.subarray(0, size);
      this.gradBiases = gradients.subarray(size);
      columns = new parameters.constructor(strip * depth);
      gradColumns = new parameters.constructor(strip * depth);
      this.biases.fill(bias);
    },

    makeRoom(samples, Numbers) {
      for (const name of ["preActivations", "activations", "gradActivations", "deltas"])
        this[name] = new Numbers(samples * units);
    },

    initialize(rng) {
      const { weights, biases } = this;
      const draw = INITIALIZERS[initializer];
      for (let w = 0; w < weights.length; w++) weights[w] = draw(rng, depth, cells * filters);
      biases.fill(bias);
    },

    forward(samples, sampleCount) {
      [batch, count, held] = [samples, sampleCount, -1];
      const { weights, biases, preActivations: z } = this;
      if (bias === null) z.fill(0, 0, count * units);
      else for (let at = 0; at < count * units; at += filters) for (let f = 0; f < filters; f++) z[at + f] = biases[f];
      for (let sample = 0; sample < count; sample++)
        for (let first = 0; first < places; first += strip) {
          const end = Math.min(places, first + strip);
          layOutWindows(sample, first, end);
          const sums = matrix(z, sample * units + first * filters, filters, 1);
          multiply(
            end - first,
            depth,
            filters,
            matrix(columns, 0, depth, 1),
            matrix(weights, 0, filters, 1),
            sums,
            true,
          );
        }
      activate(activation, z, this.activations, count * places, filters);
      return this.activations;
    },

    /** @param {Float64Array | Float32Array | null} gradInputs written to; null where nobody asks */
    backward(gradInputs) {
      const { weights, gradWeights, gradBiases, deltas } = this;
      throughActivation(
        activation,
        this.preActivations,
        this.activations,
        this.gradActivations,
        deltas,
        count * places,
        filters,
      );
      gradWeights.fill(0);
      gradBiases.fill(0);
      if (bias !== null)
        for (let at = 0; at < count * units; at += filters)
          for (let f = 0; f < filters; f++) gradBiases[f] += deltas[at + f];
      if (gradInputs) gradInputs.fill(0, 0, count * inputs);
      for (let sample = count - 1; sample >= 0; sample--)
        for (let first = (Math.ceil(places / strip) - 1) * strip; first >= 0; first -= strip) {
          const end = Math.min(places, first + strip);
          const start = sample * units + first * filters;
          layOutWindows(sample, first, end);
          multiply(
            depth,
            end - first,
            filters,
            matrix(columns, 0, 1, depth),
            matrix(deltas, start, filters, 1),
            matrix(gradWeights, 0, filters, 1),
            true,
          );
          if (!gradInputs) continue;
          multiply(
            end - first,
            filters,
            depth,
            matrix(deltas, start, filters, 1),
            matrix(weights, 0, 1, filters),
            matrix(gradColumns, 0, depth, 1),
            false,
          );
          addBack(gradInputs, sample, first, end);
        }
    },
  };
}
