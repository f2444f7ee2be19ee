/** What the neuron says: its arithmetic in full, its rules, and what went wrong with a prediction. */

import { INDICES } from "./state.mjs";
import { ACTIVATIONS } from "../arithmetic/activations.mjs";
import { factor, number, plural, sum } from "../arithmetic/format.mjs";
import { judgeGuess, sameNumber } from "../arithmetic/judge.mjs";

/** What an activation is called. */
export const called = (activation) => (activation === "relu" ? "ReLU" : activation);

/** A value with three digits, and more where it would seem to be 0 or 1 and is not. */
export function short(value) {
  const digits = [3, 5, 9].find((count) => Number(value.toPrecision(count)) !== Math.round(value));
  return number(value, digits ?? 5);
}

/** A summand that follows others: " + 0.2" or " − 0.2". */
const added = (value) => (value < 0 ? ` − ${number(-value)}` : ` + ${number(value)}`);

/** "x₁·w₁ + x₂·w₂ + b" */
export const symbols = (count) => [...INDICES.slice(0, count).map((i) => `x${i}·w${i}`), "b"].join(" + ");

/** "1·0.5 + 0·(−1) + 0.2" */
export const products = ({ inputs, weights, bias }) =>
  inputs.map((x, i) => `${factor(x)}·${factor(weights[i])}`).join(" + ") + added(bias);

/**
 * What one part of the calculation does.
 * @param {any} state @param {any} view
 * @param {number} stage 0 products, 1 sum, 2 bias
 * @returns {string}
 */
export function describeStage(state, view, stage) {
  const { inputs, weights, bias } = state;
  const parts = inputs.map((x, i) => `${factor(x)}·${factor(weights[i])} = ${number(view.products[i])}`);
  if (stage === 0) return `Products: ${parts.join(", ")}`;
  if (stage === 1 && parts.length === 1) return `Sum of one product: ${number(view.sum)}`;
  if (stage === 1) return `Sum: ${sum(view.products)} = ${number(view.sum)}`;
  return `Bias: z = ${number(view.sum)}${added(bias)} = ${number(view.z)}`;
}

/** The activation with its number in place, up to the result: "1 / (1 + e^(−0.7))". */
export function describeActivation(activation, z) {
  return {
    step: `step(${number(z)})`,
    sigmoid: `1 / (1 + e^(−${factor(z)}))`,
    tanh: `tanh(${number(z)})`,
    relu: `max(0, ${number(z)})`,
  }[activation];
}

/** The slope of the activation with its numbers. */
export function describeSlope(activation, z, a, slope) {
  if (activation === "sigmoid") return `f′(z) = a·(1 − a) = ${short(a)}·${short(1 - a)} = ${short(slope)}`;
  if (activation === "tanh") return `f′(z) = 1 − a² = 1 − ${a < 0 ? `(${short(a)})` : short(a)}² = ${short(slope)}`;
  if (activation === "step" && z === 0) return "f′(0) is undefined: the curve jumps here. In code it counts as 0.";
  if (activation === "step") return "f′(z) = 0: the curve is flat.";
  if (z === 0) return "f′(0) is undefined: the curve has a corner. By convention it counts as 0, as in Keras.";
  return z > 0 ? "f′(z) = 1, because z > 0." : "f′(z) = 0, because z < 0.";
}

/** The activation as a formula. */
export function describeRule(activation) {
  return {
    step: "a = step(z) = 1 where z ≥ 0, else 0 (some books write z > 0)",
    sigmoid: "a = σ(z) = 1 / (1 + e^(−z))",
    tanh: "a = tanh(z) = (e^z − e^(−z)) / (e^z + e^(−z))",
    relu: "a = ReLU(z) = max(0, z)",
  }[activation];
}

/** Which answers count as 1. */
export function describeThreshold(activation) {
  const where = { step: "a = 1, that is where z ≥ 0", sigmoid: "a > 0.5, that is where z > 0" };
  return `The answer counts as 1 where ${where[activation] ?? "a > 0, that is where z > 0"}.`;
}

/** The decision line with its numbers: "1·x₁ − 0.5·x₂ + 0.2 = 0". */
export function describeLine({ weights: [w1, w2], bias }) {
  return `${number(w1)}·x₁ ${w2 < 0 ? "−" : "+"} ${number(Math.abs(w2))}·x₂${added(bias)} = 0`;
}

/** How many of the four points are right. */
export function describeCount(problem, right) {
  if (right === 4) return `4 of 4 right: this is ${problem.toUpperCase()}.`;
  return `${right} of 4 right`;
}

/**
 * Says what is wrong with a predicted weighted sum.
 * @returns {{right: boolean, words: string}}
 */
export function diagnoseSum(state, view, guess) {
  const { inputs, weights, bias, activation } = state;
  const { products: parts, sum: withoutBias, z, a } = view;
  const more = parts.length > 1;
  const total = (values) => values.reduce((sofar, value) => sofar + value, 0);
  const rest = `the others${bias ? " and the bias" : ""}`;
  const product = (i) => `x${INDICES[i]}·w${INDICES[i]}`;
  const slips = [
    [bias ? withoutBias : undefined, `You forgot the bias: add b = ${number(bias)} to the products.`],
    [bias ? withoutBias - bias : undefined, `The bias has the wrong sign: b = ${number(bias)} is added.`],
    ...parts.map((part, i) => [
      part && more ? z - part : undefined,
      `The product ${product(i)} is missing from the sum.`,
    ]),
    ...parts.map((part, i) => [part ? z - 2 * part : undefined, `A sign got lost: ${product(i)} = ${number(part)}.`]),
    [-z, "All signs are turned round."],
    [total(parts.map(Math.abs)) + Math.abs(bias), "Check the signs: a minus got lost on the way."],
    [total(parts.map(Math.abs)) + bias, "Check the signs of the products: a minus got lost on the way."],
    [total(weights) + bias, "That is the sum of the weights and the bias: multiply each weight by its input first."],
    [total(inputs) + bias, "That is the sum of the inputs and the bias: multiply each input by its weight first."],
    [total(inputs) + total(weights) + bias, "You added inputs and weights: multiply each input by its weight."],
    [withoutBias * bias, "The bias is added, not multiplied."],
    ...parts.map((part, i) => [more ? part : undefined, `That is the product ${product(i)} alone: add ${rest}.`]),
    [bias, "That is the bias alone: the products come on top of it."],
  ];
  // The activation is rarely a round number, so that readers give it with few digits.
  if (!sameNumber(z, guess) && !slips.some(([value]) => sameNumber(value, guess)) && closeTo(a, guess))
    return {
      right: false,
      words: `That is a = f(z), after the ${called(activation)}: first comes z, the weighted sum.`,
    };
  const first = `the first product is ${factor(inputs[0])}·${factor(weights[0])}`;
  const hint =
    `Multiply each input by its weight, add the ${plural(parts.length, "product")} and then the bias; ` + `${first}.`;
  return judgeGuess(guess, z, { right: `Right: z = ${number(z)}.`, slips, hint });
}

/** Two decimals are enough where no calculator is at hand. */
const closeTo = (value, guess) => Math.abs(value - guess) < 0.0051;

/**
 * Says what is wrong with a predicted activation.
 * @returns {{right: boolean, words: string}}
 */
export function diagnoseActivation({ activation }, { z, a, slope }, guess) {
  const isCurved = activation === "sigmoid" || activation === "tanh";
  const near = isCurved ? closeTo : sameNumber;
  const result = `a = ${describeActivation(activation, z)} = ${short(a)}`;
  if (near(a, guess)) return { right: true, words: `Right: ${result}.` };
  const other = { sigmoid: "tanh", tanh: "sigmoid", relu: "step", step: "relu" }[activation];
  const slips = [
    [z, "That is z, before the activation: put it through f."],
    [isCurved ? ACTIVATIONS[activation].value(-z) : undefined, "That is f(−z): check the sign of z."],
    [activation === "sigmoid" ? Math.exp(-z) : undefined, "That is e^(−z): add 1, and divide 1 by the result."],
    [activation === "sigmoid" ? 1 + Math.exp(-z) : undefined, "That is 1 + e^(−z): now divide 1 by it."],
    [isCurved ? slope : undefined, "That is the slope f′(z): asked for is the height f(z)."],
    [ACTIVATIONS[other].value(z), `That is the ${called(other)} of z: here f is another function.`],
  ];
  const slip = slips.find(([value]) => value !== undefined && near(value, guess));
  const hint = {
    step: "The step is 1 where z ≥ 0, and 0 elsewhere.",
    sigmoid: "The sigmoid lies between 0 and 1, and is 0.5 at z = 0; two decimals are enough.",
    tanh: "The tanh lies between −1 and 1, and is 0 at z = 0; two decimals are enough.",
    relu: "The ReLU is 0 where z ≤ 0, and z itself elsewhere.",
  }[activation];
  return { right: false, words: slip ? slip[1] : `${number(guess)} is not it. ${hint}` };
}
