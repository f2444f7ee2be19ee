/**
 * A dense layer's three formulas, for `count` samples at once: every unit j is joined to every input i
 * by the weight w_ij. On the way back, contributions add up wherever a number was used several times:
 * a weight by every sample, an input by every unit.
 */

import { activate, throughActivation } from "./activations.mjs";
import { INITIALIZERS } from "./initializers.mjs";
import { Misfit } from "./misfit.mjs";

/** z_j = b_j + Σ_i x_i w_ij, for every sample */
export function weightedSums(x, weights, biases, z, count, inputs, units) {
  for (let sample = 0; sample < count; sample++) {
    const row = sample * inputs;
    for (let j = 0; j < units; j++) {
      let sum = biases.length ? biases[j] : 0;
      for (let i = 0, w = j; i < inputs; i++, w += units) sum += x[row + i] * weights[w];
      z[sample * units + j] = sum;
    }
  }
}

/** dL/dw_ij = Σ x_i δ_j and dL/db_j = Σ δ_j, summed over the samples */
export function parameterGradients(x, deltas, gradWeights, gradBiases, count, inputs, units) {
  for (let j = 0; j < gradBiases.length; j++) {
    let sum = 0;
    for (let s = 0, d = j; s < count; s++, d += units) sum += deltas[d];
    gradBiases[j] = sum;
  }
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < units; j++) {
      let sum = 0;
      for (let s = 0, from = i, d = j; s < count; s++, from += inputs, d += units) sum += x[from] * deltas[d];
      gradWeights[i * units + j] = sum;
    }
  }
}

/** dL/dx_i = Σ_j w_ij δ_j, for every sample: what the layer before gets as its dL/da */
export function inputGradients(deltas, weights, gradInputs, count, inputs, units) {
  for (let sample = 0; sample < count; sample++) {
    const row = sample * units;
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let j = 0, w = i * units; j < units; j++, w++) sum += weights[w] * deltas[row + j];
      gradInputs[sample * inputs + i] = sum;
    }
  }
}

/**
 * The layer made of these formulas and an activation.
 * @param {{units: number, activation?: string, initializer?: string, bias?: number | null}} options
 * @param {number[]} inputShape
 */
export function createDense(options, inputShape) {
  const { units, activation = "linear", initializer = "glorot_uniform", bias = 0 } = options;
  const [inputs] = inputShape;
  if (inputShape.length !== 1)
    throw new Misfit(`A dense layer needs one row of numbers, and gets (${inputShape}): place flatten before it.`);
  let batch, count;

  return {
    kind: "dense",
    inputs,
    units,
    activation,
    initializer,
    bias,
    inputShape,
    shape: [units],
    parameterCount: (inputs + (bias === null ? 0 : 1)) * units,

    take(parameters, gradients) {
      this.weights = parameters.subarray(0, inputs * units);
      this.biases = parameters.subarray(inputs * units);
      this.gradWeights = gradients.subarray(0, inputs * units);
      this.gradBiases = gradients.subarray(inputs * units);
      this.biases.fill(bias);
    },

    makeRoom(samples, Numbers) {
      this.preActivations = new Numbers(samples * units); // z
      this.activations = new Numbers(samples * units); // a = f(z)
      this.gradActivations = new Numbers(samples * units); // dL/da
      this.deltas = new Numbers(samples * units); // δ = dL/dz
    },

    initialize(rng) {
      const { weights, biases } = this;
      for (let w = 0; w < weights.length; w++) weights[w] = INITIALIZERS[initializer](rng, inputs, units);
      biases.fill(bias);
    },

    forward(samples, sampleCount) {
      [batch, count] = [samples, sampleCount];
      weightedSums(samples, this.weights, this.biases, this.preActivations, count, inputs, units);
      activate(activation, this.preActivations, this.activations, count, units);
      return this.activations;
    },

    backward(gradInputs) {
      throughActivation(
        activation,
        this.preActivations,
        this.activations,
        this.gradActivations,
        this.deltas,
        count,
        units,
      );
      this.backwardDeltas(gradInputs);
    },

    /** The rest of the way back, for a loss that knows dL/dz itself. */
    backwardDeltas(gradInputs) {
      parameterGradients(batch, this.deltas, this.gradWeights, this.gradBiases, count, inputs, units);
      if (gradInputs) inputGradients(this.deltas, this.weights, gradInputs, count, inputs, units);
    },
  };
}
