/** SoftmaxCrossEntropy in words: the arithmetic of each step, its rule, and what goes wrong. */

import { factor, number, scientific, resultFirst } from "../arithmetic/format.mjs";
import { h } from "../card/dom.mjs";

const DIGITS = "₀₁₂₃₄₅";
export const short = (value) => scientific(value, 4);
/** "p₂". */
export const indexed = (letter, i) => `${letter}${DIGITS[i]}`;

/** From here on e^z is too large for a number of 64 bits, and for one of 32. */
const OVERFLOW = "e^z overflows above z = 709.8; in the 32 bits that networks use, above 88.7.";

const isLost = (values) => values.some((value) => !Number.isFinite(value));

/** Each class's part of a line: "p₀ = …   p₁ = …". */
const perClass = (values, write) =>
  values.flatMap((value, i) => [i ? " " : "", h("span.sce-entry", {}, ...[write(value, i)].flat())]);
const result = (value) => h("span.y", {}, short(value));

/** What is done to a score before e is raised to it, with numbers. */
function writeExponent(state, { softmax }, i) {
  const { scores, temperature, subtract } = state;
  const off = subtract ? `${short(scores[i])} − ${factor(softmax.largest, short)}` : short(scores[i]);
  if (temperature === 1) return off;
  return subtract ? `(${off}) / ${short(temperature)}` : `${off} / ${short(temperature)}`;
}

const writeSum = (values) => values.map((value) => factor(value, short)).join(" + ");

const LINES = {
  scores: ({ scores, truth }) => [
    perClass(scores, (z, i) => [`${indexed("z", i)} = `, result(z)]),
    [`The true class is ${truth}.`],
  ],
  exponents(state, view) {
    const { exponents, largest } = view.softmax;
    const first = state.subtract ? `The largest score, ${short(largest)}, is taken off.` : "Nothing is taken off.";
    return [[first], perClass(exponents, (x, i) => [`${writeExponent(state, view, i)} = `, result(x)])];
  },
  powers: (state, { softmax: { exponents, powers } }) => [
    perClass(powers, (power, i) => [`e^${factor(exponents[i], short)} = `, result(power)]),
  ],
  sum: (state, { softmax: { powers, sum } }) => [[`S = ${writeSum(powers)} = `, result(sum)]],
  probabilities: (state, { softmax: { powers, sum, probabilities } }) => [
    perClass(probabilities, (p, i) => [`${indexed("p", i)} = ${short(powers[i])} / ${short(sum)} = `, result(p)]),
  ],
  loss({ truth, subtract }, { softmax }) {
    const p = softmax.probabilities[truth];
    const lines = [[`L = −ln ${indexed("p", truth)} = −ln ${short(p)} = `, result(softmax.fromProbability)]];
    if (subtract && !Number.isFinite(softmax.fromProbability)) {
      const x = softmax.exponents[truth];
      const words = `p is too small for a number. From the scores: L = ln S − ${factor(x, short)} = `;
      lines.push([words, result(softmax.fromScores)]);
    }
    return lines;
  },
  gradients({ truth, temperature }, { softmax: { probabilities, gradients } }) {
    const over = temperature === 1 ? "" : ` / ${short(temperature)}`;
    const write = (p, i) => {
      const difference = `${short(p)} − ${Number(i === truth)}`;
      return [`${over ? `(${difference})${over}` : difference} = `, result(gradients[i])];
    };
    return [["∂L/∂z = p − y", over && ", over T", ":"], perClass(probabilities, write)];
  },
  typed: ({ typed }) => [
    ["Can a softmax put out these numbers?"],
    perClass(typed, (p, i) => `${indexed("p", i)} = ${short(p)}`),
  ],
  sum_typed: ({ typed }, { verdict }) => [[`${writeSum(typed)} = `, result(verdict.sum)]],
  verdict: ({ typed }, { verdict }) => {
    const lines = [[h("b", {}, judgeInWords(typed, verdict))]];
    if (!verdict.scores) return lines;
    const of = verdict.isOne ? "" : `Divided by ${short(verdict.sum)} they can: `;
    const scores = perClass(verdict.scores, (z, i) => [`${indexed("z", i)} = `, result(z)]);
    return [...lines, [of, "z = ln p, or these plus any one number:"], scores];
  },
};

/** Whether typed numbers can be a softmax's, and why. */
export function judgeInWords(typed, { sum, negative, zero, isOne }) {
  if (negative >= 0)
    return `No: ${indexed("p", negative)} = ${short(typed[negative])} is negative, and no power of e is.`;
  if (!isOne) return `No: they add up to ${number(sum, 6)}, and a softmax, which divides by its sum, to 1.`;
  if (zero >= 0) return `Not exactly: ${indexed("p", zero)} is 0, and no power of e is. Only rounding gives 0.`;
  return "Yes: all are above 0, and they add up to 1.";
}

/**
 * The arithmetic of the step, in lines.
 * @param {any} state @param {any} view @param {boolean} shown whether its result may be seen
 * @returns {HTMLElement[]}
 */
export function writeArithmetic(state, view, shown) {
  const { now, isTyped } = view;
  if (!shown) return [h("div", {}, `${nameAsked(view, state.truth)} = ?`)];
  const lines = LINES[isTyped && now === "sum" ? "sum_typed" : now](state, view);
  return lines.map((parts) => h("div.sce-entries", {}, ...parts.filter(Boolean)));
}

/** The value that a step asks for. */
export const nameAsked = ({ now }, truth) =>
  ({ probabilities: indexed("p", truth), loss: "L", gradients: `∂L/∂${indexed("z", truth)}` })[now];

const RULES = {
  scores: "Scores, or logits, are any numbers: they come out of the last dense layer.",
  exponents: "Taking the same number off all scores leaves p as it is: e^(z − m) = e^z / e^m, and e^m cancels.",
  powers: "e^x is above 0 for every x, and grows with x.",
  sum: "S adds up the powers of all classes.",
  probabilities: "pᵢ = e^xᵢ / S: above 0, 1 in sum, and in the order of the scores.",
  loss: "L = −Σ yᵢ ln pᵢ: y is 1 for the true class and 0 for all others, so one logarithm is left.",
  gradients: "Only the true class’s score is pulled up, all others are pushed down; together that is 0.",
  typed: "A softmax puts out e^xᵢ / S: powers of e, divided by their sum.",
  verdict: "The way back from p to scores is the logarithm.",
};

/** The rule of the step, and what is lost where numbers are too large. @returns {string[]} lines */
export function describeRule(state, { now, isTyped, softmax: { powers, sum, exponents } }) {
  if (isTyped) return [now === "sum" ? RULES.typed : RULES[now]];
  const lines = [RULES[now]];
  if (state.temperature !== 1 && now === "exponents")
    lines.push("A high temperature T makes p more even, a low one makes the largest win.");
  if (["scores", "exponents"].includes(now)) return lines;
  if (isLost(powers)) lines.push(`${OVERFLOW} ∞ / ∞ is no number: NaN.`);
  else if (sum === 0) lines.push("All powers are 0: e^z underflows below z = −745. 0 / 0 is no number: NaN.");
  else if (isLost(exponents)) lines.push(OVERFLOW);
  return lines;
}

/** What pulls the true class's score up, in numbers: [softmax, sigmoid]. */
export function describePulls({ truth, scores, temperature }, { softmax, sigmoid: { outputs, gradients } }, shown) {
  const a = outputs[truth];
  const over = temperature === 1 ? "" : ` / ${short(temperature)}`;
  const rest = `1 − ${short(softmax.probabilities[truth])}`;
  const pull = shown ? `${over ? `(${rest})${over}` : rest} = ${short(-softmax.gradients[truth])}` : "?";
  const terms = `2/${scores.length} · (1 − ${short(a)}) · ${short(a)} · ${short(1 - a)}`;
  return [
    `softmax, cross-entropy: ${over ? "(1 − p)/T" : "1 − p"} = ${pull}`,
    `sigmoid, squared error: ${terms} = ${short(-gradients[truth])}`,
  ];
}

/** What is spoken of a step: all of it, and the results alone. */
export function describeStep(state, view, shown) {
  if (!shown) return [`${nameAsked(view, state.truth)} is what?`];
  const entries = writeArithmetic(state, view, true).flatMap((line) => {
    const parts = [...line.querySelectorAll(".sce-entry")];
    return (parts.length ? parts : [line]).map((part) => resultFirst(part.textContent));
  });
  return [0, 1].map((which) => entries.map((entry) => entry[which]).join("; "));
}
