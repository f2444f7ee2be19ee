/** What a wrong prediction gives away: the slip that leads to it. */

import { answerAt } from "./state.mjs";
import { indexed, nameAsked, short } from "./words.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";
import { sigmoid, softmaxSteps } from "../arithmetic/softmax.mjs";

/** Readers calculate with the few digits that they see, and round what comes out. */
const slack = (size) => (size < 0.3 ? 0.02 * size : Math.max(0.006, 0.006 * size));
const near = (value, guess) => Math.abs(value - guess) <= slack(Math.abs(value));

/**
 * Judges what the reader says a step's value is.
 * @param {any} state @param {any} view the widget's picture @param {number} guess
 * @returns {{right: boolean, words: string}}
 */
export function diagnose(state, view, guess) {
  const answer = answerAt(view, state.truth);
  const name = nameAsked(view, state.truth);
  if (!Number.isFinite(answer))
    return { right: false, words: `No number is right: ${name} is ${short(answer)} here. Show it.` };
  const [slips, hint] = SLIPS[view.now](state, view);
  return judgeGuess(guess, answer, { right: `Right: ${name} = ${short(answer)}.`, slips, hint, same: near });
}

/** The values of the other classes. */
const others = (values, truth, words) => values.map((value, i) => [i === truth ? undefined : value, words(i)]);

function probabilitySlips({ scores, truth, temperature, subtract }, { softmax }) {
  const { powers, sum, probabilities, exponents } = softmax;
  const p = probabilities[truth];
  const [own, plain] = [powers[truth], Math.exp(scores[truth])];
  const forgotten = `You forgot to divide by the sum S = ${short(sum)}: powers alone do not add up to 1.`;
  const total = scores.reduce((all, score) => all + score, 0);
  const slips = [
    [own, forgotten],
    [plain, forgotten],
    ...others(probabilities, truth, (i) => `That is the probability of class ${i}: the true one is class ${truth}.`),
    [
      temperature === 1 ? undefined : softmaxSteps({ scores, truth, subtract }).probabilities[truth],
      `You forgot the temperature: divide the scores by ${short(temperature)} first.`,
    ],
    [
      subtract ? plain / sum : own / softmaxSteps({ scores, truth, temperature }).sum,
      "Numerator and sum do not belong together: the largest score is taken off in both, or in neither.",
    ],
    [own / (sum - own), "That divides by the powers of the other classes: the sum S holds its own, too."],
    [scores[truth] / total, "That is the score’s share of all scores. Powers of e come first."],
    [
      exponents[truth] / exponents.reduce((all, x) => all + x, 0),
      "That divides the exponents. Powers of e come first.",
    ],
    [sigmoid(scores[truth]), "That is the sigmoid: it looks at one score only, softmax at all of them."],
    [1 - p, "That is the probability of all other classes together."],
    [100 * p, "That is in percent: a probability is a share of 1."],
    [1 / scores.length, "All classes alike: that is right for equal scores only."],
    [scores[truth], "That is the score: raise e to it, and divide by the sum of all powers."],
  ];
  return [slips, `Divide ${short(own)} by the sum of all powers, ${short(sum)}.`];
}

function lossSlips({ scores, truth }, { softmax, sigmoid: squares }) {
  const { probabilities, loss } = softmax;
  const p = probabilities[truth];
  const entropy = probabilities.reduce((all, q) => all - (q ? q * Math.log(q) : 0), 0);
  const errors = probabilities.map((q, i) => (q - Number(i === truth)) ** 2);
  const squared = errors.reduce((all, error) => all + error, 0);
  const slips = [
    [loss / Math.LN10, "That is the logarithm to base 10: here it is the natural one, ln, to base e."],
    [loss / Math.LN2, "That is the logarithm to base 2: here it is the natural one, ln, to base e."],
    ...others(
      probabilities.map((q) => -Math.log(q)),
      truth,
      (i) => `That is −ln ${indexed("p", i)}, of the wrong class: the true one is class ${truth}.`,
    ),
    [-loss, "The minus sign is missing: ln p is negative below 1, and the loss is −ln p."],
    [p, "That is the probability: the loss is minus its logarithm."],
    [1 - p, "That is how much is missing to 1: cross-entropy takes −ln p."],
    [loss / scores.length, `You divided by the ${scores.length} classes: the sum has one term, the true class’s.`],
    [-p * Math.log(p), "You weighted by p: what stands in front of ln p is y, which is 1."],
    [entropy, "That is the entropy −Σ p ln p: cross-entropy has y in front of the logarithm, not p."],
    [
      probabilities.reduce((all, q) => all - Math.log(q), 0),
      "You added up all logarithms: y is 0 for all but the true class.",
    ],
    [squared, "Those are squared differences: cross-entropy takes −ln p."],
    [squared / scores.length, "That is the mean squared error of p: cross-entropy takes −ln p."],
    [squares.loss, "That is the squared error of the sigmoids: cross-entropy takes −ln p of the softmax."],
    [1 / p, "That is 1/p: take its logarithm."],
  ];
  return [slips, `Take the natural logarithm of ${indexed("p", truth)} = ${short(p)}, and turn its sign.`];
}

function gradientSlips({ truth, temperature }, { softmax, sigmoid: squares }) {
  const { probabilities, gradients, loss } = softmax;
  const p = probabilities[truth];
  const g = gradients[truth];
  const slips = [
    [-g, "The sign is wrong: L falls when the true class’s score rises, so it is p − y, not y − p."],
    [
      temperature === 1 ? undefined : p - 1,
      `You forgot the temperature: z is divided by ${short(temperature)}, and so is its gradient.`,
    ],
    [p / temperature, "y is missing: for the true class it is 1, so take 1 off."],
    [p, "y is missing: for the true class it is 1, so take 1 off."],
    ...others(
      gradients,
      truth,
      (i) => `That is the gradient of class ${i}, where y is 0: the true one is class ${truth}.`,
    ),
    [-1 / p, "That is ∂L/∂p: the way back goes on through the softmax, and p cancels."],
    [p * (1 - p), "That is ∂p/∂z, the softmax’s own slope: times ∂L/∂p = −1/p it gives p − 1."],
    [-p * (1 - p), "That is −∂p/∂z: times 1/p it gives p − 1."],
    [squares.gradients[truth], "That is the gradient of the sigmoid with squared error."],
    [loss, "That is the loss itself, not how fast it changes with z."],
    [-1, "That would be so at p = 0: the gradient is p − 1."],
  ];
  return [slips, `Take y = 1 off ${indexed("p", truth)} = ${short(p)}${temperature === 1 ? "" : ", and divide by T"}.`];
}

const SLIPS = { probabilities: probabilitySlips, loss: lossSlips, gradients: gradientSlips };
