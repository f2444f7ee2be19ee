/**
 * Dropout: while a network trains, every number is put to 0 with probability `rate`, and the others are
 * divided by 1 − rate, so that their mean stays. At prediction nothing happens.
 */

import { Misfit } from "./misfit.mjs";
import { createRandom } from "./random.mjs";

/** @param {{rate: number, seed?: number}} options @param {number[]} inputShape */
export function createDropout({ rate, seed = 0 }, inputShape) {
  if (!(rate >= 0 && rate < 1))
    throw new Misfit(`A dropout rate of ${rate} does not work: use a number from 0 to below 1.`);
  const units = inputShape.reduce((product, size) => product * size, 1);
  const random = createRandom(seed);
  let count;

  return {
    kind: "dropout",
    inputShape,
    units,
    rate,
    inputs: units,
    activation: "linear",
    shape: inputShape,
    parameterCount: 0,
    /** 0 or 1 / (1 − rate), for every number of the latest forward pass. @type {any} */
    factors: null,
    take() {},
    initialize() {},
    /** Draws the same numbers again. */
    restart: random.restart,

    makeRoom(samples, Numbers) {
      this.activations = new Numbers(samples * units);
      this.gradActivations = new Numbers(samples * units);
      this.factors = new Numbers(samples * units);
    },

    forward(samples, sampleCount, training = false) {
      count = sampleCount;
      const { factors } = this;
      for (let i = 0; i < count * units; i++) {
        factors[i] = !training ? 1 : random.random() < rate ? 0 : 1 / (1 - rate);
        this.activations[i] = samples[i] * factors[i];
      }
      return this.activations;
    },

    backward(gradInputs) {
      if (gradInputs) for (let i = 0; i < count * units; i++) gradInputs[i] = this.gradActivations[i] * this.factors[i];
    },
  };
}
