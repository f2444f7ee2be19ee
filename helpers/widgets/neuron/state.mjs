/** What one neuron computes: products, weighted sum z, activation a, slope; and the four points of AND, OR, XOR. */

import { ACTIVATIONS } from "../arithmetic/activations.mjs";
import { number } from "../arithmetic/format.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";

export const MOST_INPUTS = 4;
export const INDICES = ["₁", "₂", "₃", "₄"];
/** No number may be larger: nothing could be seen of the others. */
export const LARGEST = 100;
/** Parts of the calculation, in the order in which they are played: products, sum, bias, activation. */
export const STAGES = 4;

export const KINDS = ["step", "sigmoid", "tanh", "relu"];
export const POINTS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
/** What is wanted at each of the four points. */
export const PROBLEMS = { and: [0, 0, 0, 1], or: [0, 1, 1, 1], xor: [0, 1, 1, 0] };
/** A fresh set of as many numbers. */
export const START = { inputs: [1, 0, 1, 0], weights: [1, 1, -1, 0.5] };

/** Takes a total for 0 where it differs from 0 only by what was rounded off its terms: 0.7 + 0.1 − 0.8 is 0. */
const withoutDust = (total, terms) =>
  Math.abs(total) < 1e-12 * terms.reduce((size, term) => size + Math.abs(term), 0) ? 0 : total;

/**
 * @param {number[]} inputs @param {number[]} weights @param {number} bias
 * @returns {{products: number[], sum: number, z: number}} the sum is without the bias
 */
export function weightedSum(inputs, weights, bias) {
  const products = inputs.map((x, i) => x * weights[i]);
  const sum = products.reduce((total, product) => total + product, 0);
  return { products, sum: withoutDust(sum, products), z: withoutDust(sum + bias, [...products, bias]) };
}

/** Whether the neuron's answer counts as 1. The step is 1 from z = 0 on; the others must lie above the middle. */
export const saysOne = (activation, z) => (activation === "step" ? z >= 0 : z > 0);

/** The point of the truth table that lies nearest to two inputs. */
export const nearestPoint = (inputs) => {
  const [row, col] = inputs.map((x) => (x >= 0.5 ? 1 : 0));
  return 2 * row + col;
};

/** Whether the inputs are one of the four points. */
export const isPoint = (inputs) => inputs.length === 2 && inputs.every((x) => x === 0 || x === 1);

function requireNumbers(name, values, letter) {
  if (!Array.isArray(values) || values.length === 0)
    throw new Misfit(`There are no ${name}: use 1 to ${MOST_INPUTS} numbers.`);
  if (values.length > MOST_INPUTS)
    throw new Misfit(`${values.length} ${name} do not fit in the picture: use 1 to ${MOST_INPUTS}.`);
  values.forEach((value, i) => requireNumber(`${letter}${INDICES[i]}`, value));
}

function requireNumber(name, value) {
  if (!Number.isFinite(value)) throw new Misfit(`${name} is “${value}”, which is not a finite number.`);
  if (Math.abs(value) > LARGEST)
    throw new Misfit(`${name} is ${number(value)}: use a number from −${LARGEST} to ${LARGEST}.`);
}

function requireOneOf(name, value, options) {
  if (!options.includes(value)) throw new Misfit(`There is no ${name} “${value}”: choose from ${options.join(", ")}.`);
}

/** @param {any} state */
export function compute(state) {
  const { inputs, weights, bias, activation, problem, step } = state;
  requireNumbers("inputs", inputs, "x");
  requireNumbers("weights", weights, "w");
  requireNumber("The bias", bias);
  if (inputs.length !== weights.length)
    throw new Misfit(
      `${inputs.length} inputs and ${weights.length} weights do not belong together: give one weight for each input.`,
    );
  requireOneOf("activation", activation, KINDS);
  requireOneOf("problem", problem, ["none", ...Object.keys(PROBLEMS)]);
  if (problem !== "none" && inputs.length !== 2)
    throw new Misfit(`${problem.toUpperCase()} has two inputs, and this neuron has ${inputs.length}.`, [
      ["use two inputs", withLength({ ...state, problem }, 2)],
      ["leave the problem out", { problem: "none" }],
    ]);
  if (!Number.isInteger(step) || step < 0 || step >= STAGES)
    throw new Misfit(`A step of ${step} does not work: use 0 (products), 1 (sum), 2 (bias) or 3 (activation).`);
  requireOneOf("answer", state.answer, ["shown", "hidden"]);

  const { value, slope } = ACTIVATIONS[activation];
  const point = weightedSum(inputs, weights, bias);
  const rows =
    problem === "none"
      ? []
      : POINTS.map((x, i) => {
          const { z } = weightedSum(x, weights, bias);
          const wanted = PROBLEMS[problem][i];
          return { x, wanted, z, a: value(z), right: saysOne(activation, z) === (wanted === 1) };
        });
  return { ...point, a: value(point.z), slope: slope(point.z), rows, right: rows.filter((row) => row.right).length };
}

/**
 * Tries what a reader typed: what does not fit is explained, and nothing else has to wait for it.
 * @param {any} store @param {Record<string, any>} changes
 * @returns {boolean} whether they fit
 */
export function attempt(store, changes) {
  try {
    compute({ ...store.state, ...changes });
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    store.refuse(error.message, error.fixes);
    return false;
  }
  return store.propose(changes);
}

/** The same neuron with another number of inputs. */
export function withLength({ inputs, weights, problem }, count) {
  const fit = (values, start) => Array.from({ length: Math.min(count, MOST_INPUTS) }, (_, i) => values[i] ?? start[i]);
  const values = { inputs: fit(inputs, START.inputs), weights: fit(weights, START.weights) };
  return { ...values, problem: count === 2 ? problem : "none" };
}

/**
 * What each point asks of the weights and the bias.
 * @returns {{point: number[], sum: string, relation: string, value: number, holds: boolean}[]}
 */
export function conditions({ activation }, { rows }) {
  const sums = ["b", "w₂ + b", "w₁ + b", "w₁ + w₂ + b"];
  const [above, below] = activation === "step" ? ["≥", "<"] : [">", "≤"];
  return rows.map(({ x, wanted, z, right }, i) => {
    const relation = wanted ? above : below;
    return { point: x, sum: sums[i], relation, value: z, holds: right };
  });
}
