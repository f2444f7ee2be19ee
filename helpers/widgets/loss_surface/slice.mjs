/**
 * A network of 1 input, 2 sigmoid neurons and 1 linear output, of which only two numbers move: weight and
 * bias of its first hidden neuron. The data were made by this very network, so that the loss is 0 at `TRUTH`.
 *
 *   y = 2·σ(w·x + b) − 1.5·σ(4·x + 4) + 0.5
 */

import { createNetwork } from "../arithmetic/network.mjs";
import { paintLoss } from "../arithmetic/surfaces.mjs";

/** Weights and biases of the hidden layer, then of the output, in the network's order. */
export const PARAMETERS = [6, 4, -3, 4, 2, -1.5, 0.5];
/** Where the weight and the bias of the first hidden neuron stand among them. */
/** @type {[number, number]} */
const AT = [0, 2];
const OUTPUT_WEIGHT = PARAMETERS[4];

/** @type {number[]} */
export const TRUTH = AT.map((at) => PARAMETERS[at]);
/** What the picture shows of w and of b. */
export const RANGES = [
  [-6, 14],
  [-12, 8],
];

const COUNT = 21;
/** x = −2, −1.8, …, 2 */
export const INPUTS = Float64Array.from({ length: COUNT }, (_, i) => (i - 10) / 5);

/**
 * Below this slope, a 25th of its steepest, a sigmoid is called saturated: its activation is below 0.0102 or above
 * 0.9898.
 */
export const FLAT = 0.01;

/** Loss, gradient and curvature over w and b. Each copy has a network of its own to work with. */
export function createSlice() {
  const network = createNetwork({ inputs: 1, layers: [{ units: 2, activation: "sigmoid" }, { units: 1 }] });
  network.parameters.set(PARAMETERS);
  const targets = network.forward(INPUTS, COUNT).slice();
  const everything = { inputs: INPUTS, targets, count: COUNT };
  const [hidden] = network.layers;

  function moveTo(point) {
    AT.forEach((at, i) => (network.parameters[at] = point[i]));
  }

  /** The loss at a point; fills `gradient`, for all samples or for a batch of them. */
  function descend(point, gradient, batch = everything) {
    moveTo(point);
    network.forward(batch.inputs, batch.count);
    const loss = network.loss(batch.targets);
    network.backward(batch.targets);
    AT.forEach((at, i) => (gradient[i] = network.gradients[at]));
    return loss;
  }

  function loss(point) {
    moveTo(point);
    network.forward(INPUTS, COUNT);
    return network.loss(targets);
  }

  /**
   * The second derivatives [∂²L/∂w², ∂²L/∂w∂b, ∂²L/∂b²]. With e = a − y and a = v·σ(z) + the rest, each sample adds
   * 2/n · (v²·σ′² + e·v·σ″) times x², x and 1.
   */
  function hessian(point) {
    moveTo(point);
    const predictions = network.forward(INPUTS, COUNT);
    const sums = [0, 0, 0];
    for (let s = 0; s < COUNT; s++) {
      const a = hidden.activations[2 * s];
      const slope = a * (1 - a);
      const error = predictions[s] - targets[s];
      const bend = (2 / COUNT) * (OUTPUT_WEIGHT ** 2 * slope ** 2 + error * OUTPUT_WEIGHT * slope * (1 - 2 * a));
      sums[0] += bend * INPUTS[s] ** 2;
      sums[1] += bend * INPUTS[s];
      sums[2] += bend;
    }
    return sums;
  }

  return {
    everything,
    descend,
    loss,
    hessian,

    /** What the network says to every input. @returns {Float64Array} */
    predict(point) {
      moveTo(point);
      return network.forward(INPUTS, COUNT).slice();
    },

    /** For how many samples the first neuron hardly moves any more, and the largest error of the others. */
    saturation(point) {
      moveTo(point);
      const predictions = network.forward(INPUTS, COUNT);
      let [flat, error] = [0, 0];
      for (let s = 0; s < COUNT; s++) {
        const a = hidden.activations[2 * s];
        if (a * (1 - a) < FLAT) flat++;
        else error = Math.max(error, Math.abs(predictions[s] - targets[s]));
      }
      return { flat, error };
    },

    /** The loss at (cells + 1)² points of the picture, its borders included, row by row from the top. */
    paint(cells) {
      /** @param {number[]} range @returns {[number, number]} */
      const wider = ([low, high]) => [low - (high - low) / cells / 2, high + (high - low) / cells / 2];
      return paintLoss(
        network,
        everything,
        { indices: AT, ranges: [wider(RANGES[0]), wider(RANGES[1])], rows: cells + 1, cols: cells + 1 },
        new Float64Array((cells + 1) ** 2),
      );
    },
  };
}

/** The eigenvalues of [[p, q], [q, r]], the smaller first. */
export function eigenvalues([p, q, r]) {
  const middle = (p + r) / 2;
  const spread = Math.sqrt(((p - r) / 2) ** 2 + q ** 2);
  return [middle - spread, middle + spread];
}
