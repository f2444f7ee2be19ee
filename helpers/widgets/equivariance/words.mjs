/** What Equivariance says. */

import { valueAt } from "../arithmetic/equivariance.mjs";
import { exact, factor, grouped, number, plural, sum } from "../arithmetic/format.mjs";

export const short = (value) => number(value, 4);

export const KERNEL_WORDS = {
  identity: "identity",
  mean: "mean",
  gaussian: "Gaussian",
  sobel_x: "Sobel x",
  sobel_y: "Sobel y",
  laplacian: "Laplacian",
  sharpen: "sharpen",
  emboss: "emboss",
  own: "your own",
};
export const QUESTION_WORDS = {
  zero: "is there a difference?",
  cells: "how far does it move?",
  largest: "the largest difference",
};

const everyNth = (n) => ({ 1: "every", 2: "every 2nd", 3: "every 3rd" })[n] ?? `every ${n}th`;
export const direction = ([down, right]) =>
  [right && `${right} to the right`, down && `${down} down`].filter(Boolean).join(", ") || "not at all";

/** One stage as a sum, a mean or a largest value. Weights of 0 are left out. */
function writeStage({ kind, cells, value }) {
  const used = cells.filter(({ weight }) => weight !== 0);
  const values = used.map((cell) => short(cell.value));
  if (kind === "max") return `max(${values.join(", ")}) = ${short(value)}`;
  if (kind === "mean")
    return `(${sum(
      used.map((cell) => cell.value),
      short,
    )}) / ${used.length} = ${short(value)}`;
  const products =
    used
      .map(({ weight, value: one }, i) => {
        const sign = weight < 0 ? (i ? " − " : "−") : i ? " + " : "";
        return `${sign}${exact(Math.abs(weight))}·${factor(one, short)}`;
      })
      .join("") || "0";
  return kind === "blur" ? `(${products}) / 16 = ${short(value)}` : `${products} = ${short(value)}`;
}

/** What a stage that takes several values follows, on the way back. */
const FOLLOWED = { max: "the largest", mean: "the first", blur: "the middle one" };

/** @param {ReturnType<typeof import("../arithmetic/equivariance.mjs").explain>} told from the output back */
function writeStages(told) {
  return told.map((stage, i) => `${i ? `; ${FOLLOWED[told[i - 1].kind]} is ` : ""}${writeStage(stage)}`).join("");
}

/** The arithmetic of one cell in both orders: two lines, and how they compare. */
export function describeCell(orders, { first, second, from }, cell) {
  const at = (name, { row, col }) => `${name}[${row}, ${col}]`;
  const difference = valueAt(orders.difference, cell);
  const lines = [`${at("f(S x)", cell)} = ${writeStages(first)}`];
  if (!second) {
    const what = Number.isNaN(difference)
      ? "nothing: it came in over the border, so there is nothing to compare"
      : "0, which came in over the border";
    lines.push(`${at("S f(x)", cell)} = ${what}`);
  } else lines.push(`${at("S f(x)", cell)} = ${at("f(x)", from)} = ${writeStages(second)}`);
  if (Number.isNaN(difference)) return [...lines, ""];
  return [...lines, difference === 0 ? "Equal." : `They differ by ${short(difference)}.`];
}

/** The layer in a formula, with the numbers in place. */
export function writeFormulas(orders, { layer, shift, step, outputShift }, known) {
  const { stride, pool, blur } = layer;
  const blurs = (on) => (on && blur ? "blur, " : "");
  const stages = [
    "f: kernel everywhere",
    stride > 1 && `${blurs(true)}keep ${everyNth(stride)}`,
    pool !== "none" && `${pool} of 2 × 2, ${blurs(true)}keep every 2nd`,
  ];
  const moves = shift.map((pixels, axis) =>
    pixels
      ? `${pixels} / ${step} = ${short(pixels / step)}${pixels % step ? `, so ${outputShift[axis]} whole` : ""}`
      : "",
  );
  const [down, right] = moves;
  const way = [right && `to the right by ${right}`, down && `down by ${down}`].filter(Boolean).join("; ");
  return [
    `${stages.filter(Boolean).join(" → ")};  ${grouped(orders.difference.rows)} × ` +
      `${grouped(orders.difference.cols)} cells`,
    known ? `S: ${direction(shift)}; the output moves ${way || "not at all"}` : `S: ${direction(shift)}`,
  ];
}

/** The differences in numbers. */
export function describeDifference({ largest, differing, compared, where }) {
  if (differing === 0) return `Largest difference: 0. All ${grouped(compared)} cells that can be compared are equal.`;
  const share = (100 * differing) / compared;
  return (
    `Largest difference: ${short(largest)}, at [${where.row}, ${where.col}]. ${grouped(differing)} of ` +
    `${grouped(compared)} cells differ (${number(share, 2)} %).`
  );
}

/**
 * What the differences come from: nothing, the border alone, or what is left out.
 * @returns {"none" | "border" | "everywhere"}
 */
export const causeOf = (orders, wrapped) =>
  orders.differing === 0 ? "none" : wrapped.differing === 0 ? "border" : "everywhere";

/**
 * Why the two orders agree or do not.
 * @param {any} orders @param {any} wrapped the same with a wrapped border @param {any} sharp the same without the blur,
 * null where there is none
 */
export function describeWhy(orders, wrapped, sharp, { layer, shift, step }) {
  const { border, stride, pool, blur } = layer;
  const said = [];
  const cause = causeOf(orders, wrapped);
  const isWhole = shift.every((pixels) => pixels % step === 0);
  const odd = shift.filter((pixels) => pixels % step).at(-1);
  if (shift.every((pixels) => pixels === 0)) said.push("Nothing is shifted yet.");
  else if (cause === "border") {
    said.push(
      border === "zeros"
        ? "Inside, the two orders agree. At the border, the kernel reaches over the edge: there it meets zeros " +
            "in one order, and pixels in the other."
        : "Inside, the two orders agree; they differ only where the border comes in.",
    );
  } else if (cause === "everywhere") {
    said.push(
      `The layer keeps one place in ${step} along each axis. A shift of ${odd} is no multiple of ${step}, ` +
        "so after it other places are kept than before: no shift of the output makes up for that.",
    );
    if (pool !== "none")
      said.push("Pooling is no exception: its windows of 2 × 2 then lie on other pixels of the scene.");
  } else if (step > 1 && isWhole)
    said.push(
      `The shift is ${plural(Math.max(...shift) / step, "whole step")} of ${step}: the same places of the ` +
        "picture are kept, so the output moves exactly.",
    );
  else if (step > 1)
    said.push("The shift is no whole step, and yet nothing differs: what is left out looks like what is kept.");
  else
    said.push(
      "The kernel does the same at every place, so it does not matter whether the picture or the output is shifted.",
    );
  if (cause !== "border" && border === "wrap" && step === 1)
    said.push("The border is wrapped, so nothing is lost there.");
  if (border === "valid" && orders.compared < orders.difference.values.length)
    said.push(
      `${plural(orders.difference.values.length - orders.compared, "cell")} (hatched) cannot be compared: ` +
        "what came in over the border is not known.",
    );
  if (sharp && blur && stepNeeds(stride, pool))
    said.push(`Without the blur the largest difference is ${short(sharp.largest)}, with it ${short(orders.largest)}.`);
  return said.join(" ");
}
const stepNeeds = (stride, pool) => stride > 1 || pool !== "none";

/** What screen readers hear. */
export function announce({ largest, differing, compared }, shift, known) {
  const where = `shifted ${direction(shift)}`;
  const result = `largest difference ${short(largest)}`;
  return known
    ? [`${result}, ${differing} of ${compared} cells differ: ${where}`, `${result}, ${where}`]
    : [`${where}: what do you expect?`];
}
