/** SoftmaxCrossEntropy's settings: what fits together, and what follows from them. */

import { number } from "../arithmetic/format.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { requireNumber, requireOneOf } from "../arithmetic/requirements.mjs";
import { judgeDistribution, sigmoidSteps, softmaxSteps } from "../arithmetic/softmax.mjs";

export const CLASSES = { min: 2, max: 6 };
export const LARGEST = 2000;
export const TEMPERATURES = { min: 0.1, max: 10 };

/** The columns of the calculation, in the order in which they are stepped through. */
export const STEPS = ["scores", "exponents", "powers", "sum", "probabilities", "loss", "gradients"];
export const TYPED_STEPS = ["typed", "sum", "verdict"];

/** At these steps the reader may be asked first. */
const ASKED = ["probabilities", "loss", "gradients"];

function requireNumbers(name, values) {
  const count = `use ${CLASSES.min} to ${CLASSES.max}, one for each class`;
  if (!Array.isArray(values) || values.length < CLASSES.min || values.length > CLASSES.max)
    throw new Misfit(`${Array.isArray(values) ? values.length : "No"} ${name} do not fit: ${count}.`);
  for (const value of values) {
    if (!Number.isFinite(value)) throw new Misfit(`“${value}” among the ${name} is not a finite number.`);
    const fits = `use numbers from −${LARGEST} to ${LARGEST}`;
    if (Math.abs(value) > LARGEST) throw new Misfit(`${number(value)} among the ${name} is too large: ${fits}.`);
  }
}

/** @param {any} state */
export function compute(state) {
  const { scores, typed, truth, temperature } = state;
  requireNumbers("scores", scores);
  requireNumbers("probabilities", typed);
  requireOneOf("input", state.input, ["scores", "probabilities"]);
  requireOneOf("scale", state.scale, ["linear", "log"]);
  requireOneOf("answer", state.answer, ["shown", "hidden"]);
  if (!Number.isInteger(truth) || truth < 0 || truth >= scores.length)
    throw new Misfit(`There is no class ${truth}: the classes are 0 to ${scores.length - 1}.`);
  const { min, max } = TEMPERATURES;
  requireNumber("temperature", temperature, { least: min, most: max });
  const steps = state.input === "scores" ? STEPS : TYPED_STEPS;
  const at = Math.min(Math.max(state.step, 0), steps.length - 1);
  return {
    steps,
    at,
    now: steps[at],
    isTyped: state.input === "probabilities",
    softmax: softmaxSteps(state),
    sigmoid: sigmoidSteps(scores, truth),
    verdict: judgeDistribution(typed),
  };
}

/** Whether there is something to predict at a step. */
export const asksAt = ({ steps }, step) => ASKED.includes(steps[step]);

/** What a step asks for: the probability, the loss or the gradient of the true class. */
export function answerAt({ now, softmax }, truth) {
  return now === "loss" ? softmax.loss : softmax[now]?.[truth];
}
