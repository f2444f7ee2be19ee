/** Rows, columns and channels become one row of numbers: they already lie so, and nothing is copied. */

/** @param {object} _ no options @param {number[]} inputShape */
export function createFlatten(_, inputShape) {
  const units = inputShape.reduce((product, size) => product * size, 1);
  return {
    kind: "flatten",
    inputShape,
    units,
    inputs: units,
    activation: "linear",
    shape: [units],
    parameterCount: 0,
    take() {},
    initialize() {},

    /** What comes back belongs to the layer before, which keeps it; a first layer has a place of its own. */
    makeRoom(samples, Numbers, before) {
      this.gradActivations = before ? before.gradActivations : new Numbers(samples * units);
    },

    forward(samples) {
      return (this.activations = samples);
    },

    backward(gradInputs) {
      if (gradInputs && gradInputs !== this.gradActivations)
        for (let i = 0; i < Math.min(gradInputs.length, this.gradActivations.length); i++)
          gradInputs[i] = this.gradActivations[i];
    },
  };
}
