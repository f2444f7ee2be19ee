/**
 * Four ways to go downhill, with the formulas and default values of Keras 3.
 *
 * An optimiser changes an array of parameters by an array of gradients, in place; it neither knows
 * nor cares what they belong to. What it remembers between steps is open to view, one number per
 * parameter: sgd its `velocity`, rmsprop `meanSquare` and `velocity`, adam `mean` and `meanSquare`; and
 * all of them how many `steps` they took. `learningRate` and other settings may be changed at any time.
 */

import { Misfit } from "./misfit.mjs";

const RULES = {
  sgd: {
    settings: { learningRate: 0.01, momentum: 0, nesterov: false },
    memory: ["velocity"],
    descend: byVelocity,
  },
  rmsprop: {
    settings: { learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7 },
    memory: ["meanSquare", "velocity"],
    descend: byMeanSquare,
  },
  adam: {
    settings: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
    memory: ["mean", "meanSquare"],
    descend: byMeanAndMeanSquare,
  },
};

export const OPTIMIZERS = Object.keys(RULES);

/**
 * @param {"sgd" | "rmsprop" | "adam"} name
 * @param {number} size the number of parameters
 * @param {Record<string, number | boolean>} [settings] learningRate, and what else the rule above has
 */
export function createOptimizer(name, size, settings = {}) {
  if (!(name in RULES)) throw new Misfit(`There is no optimiser ${name}: use ${OPTIMIZERS.join(", ")}.`);
  const { settings: defaults, memory, descend } = RULES[name];
  for (const [setting, value] of Object.entries(settings)) checkSetting(name, setting, value, defaults);
  const memories = Object.fromEntries(memory.map((kind) => [kind, new Float64Array(size)]));
  return {
    name,
    ...defaults,
    ...settings,
    ...memories,
    steps: 0,

    /**
     * @param {Float64Array | Float32Array} parameters changed in place
     * @param {Float64Array | Float32Array} gradients
     */
    update(parameters, gradients) {
      this.steps++;
      descend(this, parameters, gradients);
    },

    /** Forgets everything but its settings. */
    reset() {
      this.steps = 0;
      for (const kind of memory) memories[kind].fill(0);
    },
  };
}

function checkSetting(name, setting, value, defaults) {
  const known = Object.keys(defaults);
  if (!known.includes(setting)) throw new Misfit(`${name} has no ${setting}: it has ${known.join(", ")}.`);
  if (setting === "nesterov") return;
  const isShare = setting !== "learningRate" && setting !== "epsilon";
  if (!Number.isFinite(value) || value < 0 || (isShare && value >= 1))
    throw new Misfit(`A ${setting} of ${value} does not work: use a number from 0${isShare ? " to below 1" : ""}.`);
}

/**
 * v ← momentum · v − rate · g, then p ← p + v; without momentum that is p − rate · g. Nesterov's form
 * takes the momentum once more: p ← p + momentum · v − rate · g.
 */
function byVelocity({ learningRate, momentum, nesterov, velocity }, parameters, gradients) {
  for (let i = 0; i < parameters.length; i++) {
    const step = learningRate * gradients[i];
    velocity[i] = momentum * velocity[i] - step;
    parameters[i] += nesterov ? momentum * velocity[i] - step : velocity[i];
  }
}

/** s ← ρ s + (1 − ρ) g² and v ← momentum · v + rate · g / √(s + ε), with ε under the root; then p ← p − v. */
function byMeanSquare({ learningRate, rho, momentum, epsilon, meanSquare, velocity }, parameters, gradients) {
  for (let i = 0; i < parameters.length; i++) {
    meanSquare[i] = rho * meanSquare[i] + (1 - rho) * gradients[i] * gradients[i];
    velocity[i] = momentum * velocity[i] + (learningRate * gradients[i]) / Math.sqrt(meanSquare[i] + epsilon);
    parameters[i] -= velocity[i];
  }
}

/**
 * m ← m + (1 − β₁)(g − m) and s ← s + (1 − β₂)(g² − s), then p ← p − α m / (√s + ε).
 *
 * Both means start at 0 and are too small at first; α = rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) makes up for
 * it. Keras takes the two corrections together in this way, so ε stands beside the uncorrected root:
 * it is the "ε̂" of Kingma and Ba (2015), section 2.
 */
function byMeanAndMeanSquare(optimizer, parameters, gradients) {
  const { learningRate, beta1, beta2, epsilon, mean, meanSquare, steps } = optimizer;
  const rate = (learningRate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps);
  for (let i = 0; i < parameters.length; i++) {
    mean[i] += (1 - beta1) * (gradients[i] - mean[i]);
    meanSquare[i] += (1 - beta2) * (gradients[i] * gradients[i] - meanSquare[i]);
    parameters[i] -= (rate * mean[i]) / (Math.sqrt(meanSquare[i]) + epsilon);
  }
}
