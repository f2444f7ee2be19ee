/**
 * Pooling: one number for every window and channel, its largest or its mean. Nothing is learned.
 *
 * Cells that "same" padding adds never win and are never counted. The gradient of a maximum goes to the
 * first cell that has it; that of a mean is shared by the cells that were counted. NaN wins, and shows.
 */

import { checkImage, layWindows, countPerAxis } from "./windows.mjs";

/**
 * @param {object} options
 * @param {"max_pooling2d" | "average_pooling2d"} options.kind
 * @param {number | [number, number]} [options.poolSize]
 * @param {number | [number, number] | null} [options.strides] as far as the window is large, if not given
 * @param {"valid" | "same"} [options.padding]
 * @param {number[]} inputShape rows, columns, channels
 */
export function createPooling({ kind, poolSize = 2, strides = null, padding = "valid" }, inputShape) {
  checkImage(inputShape, kind);
  const kernel = countPerAxis(poolSize, "pool size");
  const stride = countPerAxis(strides ?? kernel, "stride");
  const { rows, cols, cells, starts } = layWindows(inputShape, { kernel, stride, dilation: [1, 1], padding });
  const channels = inputShape[2];
  const inputs = inputShape[0] * inputShape[1] * channels;
  const units = rows * cols * channels;
  const isMaximum = kind === "max_pooling2d";
  let winners; // where each maximum stood
  let count;

  function takeMaxima(samples, a) {
    for (let sample = 0, at = 0; sample < count; sample++)
      for (let t = 0; t < starts.length; t += cells)
        for (let c = 0; c < channels; c++, at++) {
          const base = sample * inputs + c;
          let [top, winner] = [-Infinity, -1];
          for (let k = t; k < t + cells; k++) {
            if (starts[k] < 0) continue;
            const value = samples[base + starts[k]];
            if (winner < 0 || value > top || (Number.isNaN(value) && !Number.isNaN(top))) {
              top = value;
              winner = base + starts[k];
            }
          }
          a[at] = top;
          winners[at] = winner;
        }
  }

  /** How many of the cells of the window at `t` lie in the image. */
  function countCells(t) {
    let inside = 0;
    for (let k = t; k < t + cells; k++) if (starts[k] >= 0) inside++;
    return inside;
  }

  function takeMeans(samples, a) {
    for (let sample = 0, at = 0; sample < count; sample++)
      for (let t = 0; t < starts.length; t += cells) {
        const inside = countCells(t);
        for (let c = 0; c < channels; c++, at++) {
          let sum = 0;
          for (let k = t; k < t + cells; k++) if (starts[k] >= 0) sum += samples[sample * inputs + c + starts[k]];
          a[at] = sum / inside;
        }
      }
  }

  function share(gradActivations, gradInputs) {
    for (let sample = 0, at = 0; sample < count; sample++)
      for (let t = 0; t < starts.length; t += cells) {
        const inside = countCells(t);
        for (let c = 0; c < channels; c++, at++) {
          const part = gradActivations[at] / inside;
          for (let k = t; k < t + cells; k++) if (starts[k] >= 0) gradInputs[sample * inputs + c + starts[k]] += part;
        }
      }
  }

  return {
    kind,
    inputs,
    units,
    inputShape,
    activation: "linear",
    shape: [rows, cols, channels],
    parameterCount: 0,
    take() {},
    initialize() {},

    makeRoom(samples, Numbers) {
      this.activations = new Numbers(samples * units);
      this.gradActivations = new Numbers(samples * units);
      if (isMaximum) winners = new Int32Array(samples * units);
    },

    forward(samples, sampleCount) {
      count = sampleCount;
      if (isMaximum) takeMaxima(samples, this.activations);
      else takeMeans(samples, this.activations);
      return this.activations;
    },

    backward(gradInputs) {
      if (!gradInputs) return;
      gradInputs.fill(0, 0, count * inputs);
      if (!isMaximum) share(this.gradActivations, gradInputs);
      else for (let at = 0; at < count * units; at++) gradInputs[winners[at]] += this.gradActivations[at];
    },
  };
}
