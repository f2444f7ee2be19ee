/** NetworkPlayground's settings: what fits together, and the experiment that they describe. */

import { createNetwork } from "../arithmetic/network.mjs";
import { createOptimizer } from "../arithmetic/optimizers.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { createRandom } from "../arithmetic/random.mjs";
import { requireNumber, requireOneOf } from "../arithmetic/requirements.mjs";
import { TOY_DATA, withOneOutput } from "../arithmetic/toy_data.mjs";
import { createTrainer } from "../card/training.mjs";
import PRESETS from "./presets.json";

export const CHOICES = {
  data: Object.keys(TOY_DATA),
  activation: ["tanh", "sigmoid", "relu", "linear"],
  loss: ["categorical_crossentropy", "mean_squared_error"],
  optimizer: ["sgd", "momentum", "rmsprop", "adam"],
  initializer: ["glorot_uniform", "he_uniform", "random_normal", "zeros"],
  scale: ["linear", "log"],
  answer: ["shown", "hidden"],
};

export const MOST = { layers: 4, units: 8, batch_size: 200, noise: 0.5, learning_rate: 100 };

/** How many samples there are. */
const POINTS = 200;
const CURVE_POINTS = 50;

/** The optimisers as readers choose them, by their names in the engine. */
const RULES = {
  sgd: ["sgd", {}],
  momentum: ["sgd", { momentum: 0.9 }],
  rmsprop: ["rmsprop", {}],
  adam: ["adam", {}],
};

/** What makes up an experiment: a change of any of these, except the rate, starts it anew. */
export const SETTINGS = [
  "data",
  "hidden",
  "activation",
  "loss",
  "optimizer",
  "learning_rate",
  "batch_size",
  "seed",
  "noise",
  "initializer",
];

function requireLayers(hidden) {
  if (hidden.length > MOST.layers)
    throw new Misfit(`${hidden.length} hidden layers do not fit here: use at most ${MOST.layers}.`, [
      ["take the last ones out", { hidden: hidden.slice(0, MOST.layers), neuron: [] }],
    ]);
  for (const units of hidden)
    if (!Number.isInteger(units) || units < 1 || units > MOST.units)
      throw new Misfit(`A hidden layer of ${units} neurons does not work: use a whole number from 1 to ${MOST.units}.`);
}

function requirePlace({ sample, neuron }, count, layers) {
  if (!Number.isInteger(sample) || sample < 0 || sample > count)
    throw new Misfit(`There is no sample ${sample}: choose one from 1 to ${count}, or 0 for none.`);
  if (neuron.length === 0) return;
  const [layer, unit] = neuron;
  const units = layers[layer - 1]?.units;
  if (neuron.length !== 2 || !units || !Number.isInteger(unit) || unit < 1 || unit > units)
    throw new Misfit(
      `There is no neuron ${neuron.join(", ")}: give its layer, from 1 to ${layers.length}, and its number ` +
        `in that layer${units ? `, from 1 to ${units}` : ""}.`,
    );
}

/** What follows from the settings: the layers, and words by which to see that something changed. @param {any} state */
export function compute(state) {
  for (const [name, values] of Object.entries(CHOICES)) requireOneOf(name, state[name], values, `“${state[name]}”`);
  if (state.preset !== "") requireOneOf("preset", state.preset, Object.keys(PRESETS), `“${state.preset}”`);
  requireLayers(state.hidden);
  requireNumber("learning rate", state.learning_rate, { least: 0, most: MOST.learning_rate, above: true });
  requireNumber("batch size", state.batch_size, { least: 1, most: MOST.batch_size, whole: true });
  requireNumber("seed", state.seed, { least: 0, most: 2 ** 32 - 1, whole: true });
  requireNumber("noise", state.noise, { least: 0, most: MOST.noise });
  const isCurve = state.data === "curve";
  const isCrossentropy = state.loss === "categorical_crossentropy";
  if (isCurve && isCrossentropy)
    throw new Misfit(
      "Cross-entropy compares probabilities of classes, and a point of the curve has no class but a " +
        "number: use mean_squared_error.",
      [["use mean_squared_error", { loss: "mean_squared_error" }]],
    );
  const { activation, initializer } = state;
  const output = isCurve
    ? { units: 1, activation: "linear" }
    : isCrossentropy
      ? { units: 2, activation: "softmax" }
      : { units: 1, activation: "sigmoid" };
  const layers = [...state.hidden.map((units) => ({ units, activation, initializer })), { ...output, initializer }];
  const count = isCurve ? CURVE_POINTS : POINTS;
  requirePlace(state, count, layers);
  const told = Object.fromEntries(SETTINGS.map((name) => [name, state[name]]));
  return {
    layers,
    inputs: isCurve ? 1 : 2,
    count,
    isCurve,
    preset: matchingPreset(state),
    subject: JSON.stringify({ ...told, learning_rate: null }),
  };
}

/** The preset whose settings these are, or "". @param {any} state */
export function matchingPreset(state) {
  const fits = ({ settings }) =>
    SETTINGS.every((name) => JSON.stringify(settings[name]) === JSON.stringify(state[name]));
  return Object.keys(PRESETS).find((name) => fits(PRESETS[name])) ?? "";
}

/**
 * Data, network and trainer. Points, starting weights and the order of the samples are each drawn from
 * the seed anew, so that a change to one of them leaves the other two as they are.
 * @param {any} state that fits @param {{layers: any[], inputs: number, count: number, isCurve: boolean}} view
 * @param {{element: Element, report: (progress: any) => void}} page
 */
export function createExperiment(state, { layers, inputs, count, isCurve }, { element, report }) {
  const { seed, noise } = state;
  const points = TOY_DATA[state.data]({ count, noise, rng: createRandom(seed) });
  const data = !isCurve && state.loss === "mean_squared_error" ? withOneOutput(points) : points;
  const network = createNetwork({ inputs, layers, loss: state.loss, rng: createRandom(seed) });
  const [rule, more] = RULES[state.optimizer];
  const optimizer = createOptimizer(rule, network.parameters.length, { learningRate: state.learning_rate, ...more });
  const trainer = createTrainer({ network, optimizer, data, batchSize: state.batch_size, seed, element, report });
  return { data, network, trainer };
}
