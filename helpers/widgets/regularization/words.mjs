/** What Regularization says. */

import { factor, number, plural, scientific } from "../arithmetic/format.mjs";
import { LEARNING_RATE, PATIENCE, VALIDATION } from "./state.mjs";

export const brief = (value) => number(Math.abs(value) < 5e-6 ? 0 : value, 3);
export const percent = (share) => `${number(100 * share, 3)} %`;

/** Points gained or lost: +5.4, −0.8. @param {number} share */
export function points(share) {
  const rounded = Math.round(1000 * share) / 10;
  return `${rounded > 0 ? "+" : ""}${number(rounded, 3)}`;
}

/** Mean, ends and how often it helped. @param {{plain: any, treated: any}[]} pairs */
export function gainsOf(pairs) {
  const gains = pairs.map(({ plain, treated }) => treated.result.test_accuracy - plain.result.test_accuracy);
  return {
    gains,
    mean: gains.reduce((sum, gain) => sum + gain, 0) / gains.length,
    least: Math.min(...gains),
    most: Math.max(...gains),
    better: gains.filter((gain) => gain > 1e-9).length,
  };
}

/** What all finished pairs say together. @param {any[]} pairs */
export function describeGains(pairs) {
  if (!pairs.length) return "points of test accuracy that the remedy gains";
  const { mean, least, most, better } = gainsOf(pairs);
  const warning = pairs.length < 3 ? ". One lucky pair proves nothing" : "";
  const span = pairs.length > 1 ? ` (${points(least)} to ${points(most)})` : "";
  return `${points(mean)} points${span}, better in ${better} of ${plural(pairs.length, "pair")}${warning}`;
}

/** Where the pair on show stands. @param {any} pair @param {number} epoch @param {any} state */
export function describePair({ number: count, plain, treated }, epoch, { epochs, early_stopping: stops }) {
  const bad = [plain, treated].find(({ diverged }) => diverged);
  if (bad) return bad.message;
  const at = ({ history }) => history[Math.min(epoch, history.length - 1)];
  const [without, withIt] = [plain, treated].map(at);
  if (!without || !withIt) return "Measuring what the start can do …";
  const stopped =
    stops && treated.ended && epoch >= treated.best
      ? ` Stopped after epoch ${treated.history.length - 1}, back to epoch ${treated.best}: ` +
        `${percent(treated.result.test_accuracy)}.`
      : "";
  return (
    `Pair ${count}, epoch ${epoch} of ${epochs}. Own labels: plain ${percent(without.accuracy)}, remedy ` +
    `${percent(withIt.accuracy)}. Test digits: ${percent(without.test_accuracy)}, ` +
    `${percent(withIt.test_accuracy)}.${stopped}`
  );
}

/**
 * One step of one weight, in numbers.
 * @param {any} step @param {any} state @param {number} neuron from 1 @param {number} t which step it is
 * @returns {[string, string, string][]} lines; where there is little room, the symbols in the middle are left out
 */
export function writeStep(step, { l2, decay, dropout }, neuron, t) {
  const { loss, row, factors } = step;
  const [w, slope, after] = [row.before, row.slope, row.after].map((values) => values[neuron - 1]);
  const [mean, square] = [row.mean[neuron - 1], row.square[neuron - 1]];
  const total = slope + 2 * l2 * w;
  const decayed = w - LEARNING_RATE * decay * w;
  const rate = (LEARNING_RATE * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t);
  const penalty = l2 * row.squares;
  /** @type {[string, string, string][]} */
  const lines = [
    l2 > 0
      ? [
          "loss + penalty",
          ` = L + ${brief(l2)}·Σw²`,
          ` = ${brief(loss)} + ${brief(l2)}·${brief(row.squares)} = ${brief(loss + penalty)}`,
        ]
      : ["loss", "", ` = ${brief(loss)}, no penalty`],
    l2 > 0
      ? [
          "g",
          ` = ∂L/∂w + 2·${brief(l2)}·w`,
          ` = ${brief(slope)} + ${brief(2 * l2)}·${factor(w, brief)} = ${brief(total)}`,
        ]
      : ["g", " = ∂L/∂w", ` = ${brief(slope)}`],
  ];
  if (decay > 0)
    lines.push([
      "decay",
      `: w − ${LEARNING_RATE}·${brief(decay)}·w`,
      ` = ${number(w, 4)} − ${brief(LEARNING_RATE * decay)}·${factor(w, brief)} = ${number(decayed, 4)}`,
    ]);
  lines.push([
    "w",
    " ← w − rate·m/√s, by Adam,",
    ` = ${number(decayed, 4)} − ${brief(rate)}·${factor(mean, brief)}/√(${scientific(square, 2)})` +
      ` = ${number(after, 4)}`,
  ]);
  if (dropout > 0)
    lines.push(
      factors[0][neuron - 1] === 0
        ? ["this neuron is off for this digit: a = 0", "", ""]
        : ["this neuron is on: a", `/(1 − ${brief(dropout)})`, ` = ${brief(step.outputs[0][neuron - 1])}`],
    );
  return lines;
}

/** The rule of every step, in symbols. @param {any} state */
export function writeRule({ l2, decay, dropout, batch_norm: isNormal, early_stopping: stops, shift, samples }, remedy) {
  const rules = [
    `trained: loss${l2 > 0 ? " + l2·Σw², so g = ∂L/∂w + 2·l2·w" : ", so g = ∂L/∂w"}`,
    `w ← w${decay > 0 ? " − η·λ·w" : ""} − rate·m/√s, with Adam’s means m of g and s of g²; η = ${LEARNING_RATE}`,
    dropout > 0 && `a ← 0 with probability ${brief(dropout)}, else a/(1 − ${brief(dropout)})`,
    isNormal && "z ← γ·(z − mean)/√(variance + ε) + β over the batch",
    shift > 0 && `each digit moved by up to ${plural(shift, "cell")}, anew in each epoch`,
    stops && `stop ${PATIENCE} epochs after the lowest loss on ${VALIDATION} other digits, and go back to it`,
  ];
  return [`remedy: ${remedy}; ${samples} digits to learn from`, rules.filter(Boolean).join(";  ")];
}
