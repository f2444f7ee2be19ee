/** What BrowserCNN says. */

import { denseUnits } from "../arithmetic/digit_network.mjs";
import { factor, grouped, number, plural, sum } from "../arithmetic/format.mjs";

/** A number among many. */
export const brief = (value) => number(Math.abs(value) < 5e-5 ? 0 : value, 3);

export const percent = (share) => `${number(100 * share, 3)} %`;

const FUNCTIONS = { relu: "relu(z) = max(0, z)", tanh: "tanh(z)", sigmoid: "1 / (1 + e⁻ᶻ)", linear: "z" };

const power = (score) => `e^${factor(score, brief)}`;

/** Where a cell is. */
export function describeCell({ name, kind, shape }, { map, row, col }) {
  return kind === "dense" ? `${name}, unit ${map}` : `${name}, map ${map} of ${shape[2]}, cell (${row}, ${col})`;
}

/**
 * One cell's arithmetic, line by line.
 * @param {ReturnType<typeof import("../arithmetic/digit_network.mjs").traceCell>} trace
 * @param {"max" | "average"} pooling @param {boolean} isKnown whether the results may be seen
 */
export function writeCell(trace, pooling, isKnown) {
  const { kind, groups, bias, z, a, activation, scores } = trace;
  if (kind === "pool") {
    const values = groups[0].terms.map(({ x }) => brief(x));
    const result = isKnown ? brief(a) : "?";
    return [
      pooling === "max"
        ? `max(${values.join(", ")}) = ${result}`
        : `(${values.map((value) => value).join(" + ")}) / ${values.length} = ${result}`,
    ];
  }
  const products = groups.map(({ name, terms, sum: part }) => {
    const written = terms.map(({ x, w }) => `${factor(x, brief)}·${factor(w, brief)}`).join(" + ");
    return `${name ? `${name}: ` : ""}${written}${isKnown || groups.length > 1 ? ` = ${brief(part)}` : ""}`;
  });
  const parts =
    groups.length > 1
      ? `${sum(
          groups.map((group) => group.sum),
          brief,
        )} + ${factor(bias, brief)}`
      : `the sum above + the bias ${brief(bias)}`;
  const result = isKnown ? brief(z) : "?";
  const line = `z = ${parts} = ${result}`;
  if (scores.length)
    return [
      ...products,
      line,
      isKnown ? `p = eᶻ / Σ eᶻ = ${power(z)} / (${scores.map(power).join(" + ")}) = ${brief(a)}` : "p = eᶻ / Σ eᶻ = ?",
    ];
  return [...products, line, `a = ${FUNCTIONS[activation]} = ${isKnown ? brief(a) : "?"}`];
}

/** The layers with the shapes between them, and the parameters of each. @param {any} view */
export function writeLayers({ shown, parameters }, { kernels, pooling }) {
  const sizes = shown.map(({ kind, name, shape }) => {
    const what =
      kind === "conv"
        ? `${name} ${kernels[Number(name.split(" ")[1]) - 1]} × ${kernels[Number(name.split(" ")[1]) - 1]}`
        : kind === "pool"
          ? `${pooling} pool`
          : name;
    return `${what} → ${kind === "dense" ? shape[2] : shape.join("·")}`;
  });
  const counts = shown.filter((layer) => layer.parameters).map((layer) => `${layer.name} ${grouped(layer.parameters)}`);
  return [`8·8·1 → ${sizes.join(" → ")}`, `parameters: ${counts.join(" + ")} = ${grouped(parameters)}`];
}

/** How far training is. @param {any} experiment null while the digits are on their way */
export function describeProgress(experiment, epochs, shown) {
  if (!experiment || experiment.epochs < 0) return "";
  if (experiment.diverged) return experiment.message;
  const { main, dense } = experiment;
  const at = shown ?? experiment.epochs;
  const { val_accuracy: held, accuracy } = main.history[at];
  const place =
    shown !== null
      ? `Looking back at epoch ${at} of ${experiment.epochs}`
      : at >= epochs
        ? `After ${plural(at, "epoch")}`
        : `Epoch ${at} of ${epochs}`;
  const said =
    `${place}: reads ${percent(held)} of the held-out digits right, ` + `${percent(accuracy)} of those it learns from.`;
  const other = dense?.history[at];
  return other
    ? `${said} The dense network with ${grouped(dense.network.parameters.length)} parameters: ` +
        `${percent(other.val_accuracy)} and ${percent(other.accuracy)}.`
    : said;
}

/** @param {any} experiment */
export function announceProgress(experiment) {
  if (experiment.diverged) return "training has diverged";
  const { val_accuracy: held } = experiment.main.history.at(-1);
  return `${percent(held)} of the held-out digits right after ${plural(experiment.epochs, "epoch")}`;
}

/** What a recorded frame says. @param {any} frame @param {number} last epoch of the recording */
export function describeFrame(frame, last) {
  /** @type {[string, string, (value: number) => string][]} */
  const entries = [
    ["accuracy", "accuracy", percent],
    ["val_accuracy", "held-out accuracy", percent],
    ["loss", "loss", brief],
    ["val_loss", "held-out loss", brief],
  ];
  const told = entries
    .filter(([name]) => Number.isFinite(frame[name]))
    .map(([name, words, write]) => `${words} ${write(frame[name])}`);
  const results = told.length ? `: ${told.join(", ")}` : "";
  return `Recorded in Python, epoch ${brief(frame.epoch)} of ${brief(last)}${results}.`;
}

/** What the switch for the dense network promises. */
export const describeDense = (parameters) =>
  `compare with a dense network of as many parameters (64 → ${denseUnits(parameters)} → 10)`;
