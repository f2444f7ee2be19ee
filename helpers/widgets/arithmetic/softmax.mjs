/**
 * Softmax and cross-entropy of one sample, step by step, and the sigmoid with squared error at the same scores.
 * What overflows becomes ∞, and ∞/∞ becomes NaN, as in any language.
 */

const total = (values) => values.reduce((sum, value) => sum + value, 0);

/**
 * @param {object} settings
 * @param {number[]} settings.scores z
 * @param {number} settings.truth the true class
 * @param {number} [settings.temperature] T, by which scores are divided
 * @param {boolean} [settings.subtract] whether the largest score is taken off first
 */
export function softmaxSteps({ scores, truth, temperature = 1, subtract = true }) {
  const largest = Math.max(...scores);
  const exponents = scores.map((score) => (subtract ? score - largest : score) / temperature);
  const powers = exponents.map(Math.exp);
  const sum = total(powers);
  const probabilities = powers.map((power) => power / sum);
  const fromProbability = -Math.log(probabilities[truth]);
  // The logarithm of a quotient is a difference: what p is too small for, this still holds.
  const fromScores = Math.log(sum) - exponents[truth];
  return {
    largest,
    exponents,
    powers,
    sum,
    probabilities,
    fromProbability,
    fromScores,
    loss: subtract ? fromScores : fromProbability,
    gradients: probabilities.map((p, i) => (p - Number(i === truth)) / temperature),
  };
}

export const sigmoid = (z) => 1 / (1 + Math.exp(-z));

/** A sigmoid for each score, and the mean of the squared differences from 1 and 0. @param {number[]} scores */
export function sigmoidSteps(scores, truth) {
  const outputs = scores.map(sigmoid);
  const errors = outputs.map((a, i) => a - Number(i === truth));
  return {
    outputs,
    loss: total(errors.map((error) => error ** 2)) / scores.length,
    gradients: outputs.map((a, i) => (2 / scores.length) * errors[i] * a * (1 - a)),
  };
}

/**
 * How fast each loss falls as the score of the true class rises, −∂L/∂z, for scores of it from −reach to reach.
 * @returns {{softmax: number[], sigmoid: number[]}}
 */
export function pulls({ scores, truth, temperature, subtract }, reach, count) {
  const places = Array.from({ length: count }, (_, i) => reach * ((2 * i) / (count - 1) - 1));
  const moved = places.map((place) => scores.with(truth, place));
  return {
    softmax: moved.map((all) => -softmaxSteps({ scores: all, truth, temperature, subtract }).gradients[truth]),
    sigmoid: moved.map((all) => -sigmoidSteps(all, truth).gradients[truth]),
  };
}

/** People round what they type. */
const ROUNDING = 1e-6;

/**
 * Whether numbers can come out of a softmax: each above 0, and 1 in sum.
 * @param {number[]} values
 */
export function judgeDistribution(values) {
  const sum = total(values);
  const shares = values.map((value) => value / sum);
  const negative = values.findIndex((value) => value < 0);
  const zero = values.indexOf(0);
  const isOne = Math.abs(sum - 1) <= ROUNDING;
  const areAbove = negative < 0 && zero < 0;
  return {
    sum,
    negative,
    zero,
    isOne,
    canBe: areAbove && isOne,
    shares: areAbove ? shares : null,
    scores: areAbove ? shares.map(Math.log) : null,
  };
}
