/** An activation as a layer of its own, where something stands between it and the sums: batch normalisation. */

import { activate, throughActivation } from "./activations.mjs";

/** @param {{activation: string}} options @param {number[]} inputShape */
export function createActivation({ activation }, inputShape) {
  const units = inputShape.reduce((product, size) => product * size, 1);
  let sums, count;

  return {
    kind: "activation",
    inputShape,
    units,
    activation,
    inputs: units,
    shape: inputShape,
    parameterCount: 0,
    take() {},
    initialize() {},

    makeRoom(samples, Numbers) {
      this.activations = new Numbers(samples * units);
      this.gradActivations = new Numbers(samples * units);
      this.deltas = new Numbers(samples * units);
    },

    forward(samples, sampleCount) {
      [sums, count] = [samples, sampleCount];
      activate(activation, sums, this.activations, count, units);
      return this.activations;
    },

    backward(gradInputs) {
      const deltas = gradInputs ?? this.deltas;
      throughActivation(activation, sums, this.activations, this.gradActivations, deltas, count, units);
    },
  };
}
