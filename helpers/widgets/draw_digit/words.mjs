/** What DrawDigit says. */

import { percent, topOf } from "../arithmetic/answers.mjs";
import { BOX, CELLS } from "../arithmetic/ink.mjs";
import { factor, grouped, number, sum as sumOf } from "../arithmetic/format.mjs";
import { LAYERS } from "./state.mjs";

export const short = (value) => number(Number(value.toFixed(3)), 3);

/** "conv 2, map 3, [4, 5]" @param {{index: number, row: number, col: number, channel: number}} cell */
export function nameCell({ index, row, col, channel }) {
  const { name, shape } = LAYERS[index];
  if (index === 6) return `output for ${channel}`;
  return shape.length === 1 ? `${name}, unit ${channel}` : `${name}, map ${channel}, [${row}, ${col}]`;
}

/** The sum of a cell, one number for each map that it reads. */
export function describeSum(cell, { groups, bias, z, a }, outputs) {
  const { index } = cell;
  const kind = ["conv", "pool", "conv", "pool", "", "dense", "output"][index];
  if (kind === "pool") return `max(${groups[0].terms.map(({ value }) => short(value)).join(", ")}) = ${short(a)}`;
  const sum = `z = b + Σ x·w = ${sumOf([bias, ...groups.map((group) => group.sum)], short)} = ${short(z)}`;
  if (kind !== "output") return `${sum};  a = ReLU(z) = ${short(a)}`;
  const total = outputs.reduce((all, logit) => all + Math.exp(logit), 0);
  return `${sum};  p = e^z / Σ e^z = ${short(Math.exp(z))} / ${short(total)} = ${percent(a)}`;
}

/** The products of one group, in full. */
export const describeTerms = ({ terms, sum }) =>
  `${terms.map(({ value, weight }) => `${short(value)}·${factor(weight, short)}`).join(" + ")} = ${short(sum)}`;

/** What the groups of terms are. */
export function nameGroup(cell, { channel }) {
  return cell.index === 0 ? "digit" : cell.index === 6 ? "units" : `map ${channel}`;
}

/** How much of the digit a cell is made from. @param {any} field as `receptiveField` tells */
export const describeField = ({ top, left, bottom, right }) => `${bottom - top + 1} × ${right - left + 1}`;

/** How the drawing came to its 28 × 28 pixels. */
export function describeFit({ centred, source }, fit) {
  if (source === "image") return "The image is read as it is, without centring.";
  if (!fit.box) return "There is no ink, so there is nothing to centre.";
  const [tall, wide] = fit.box;
  const box = `The ink fills ${tall} × ${wide} of the pad's ${CELLS} × ${CELLS} cells`;
  const pixels = fit.box.map((side) => short(side / fit.scale)).join(" × ");
  if (!centred)
    return `${box}: ${pixels} pixels, where it was drawn. MNIST's have ${BOX} and are centred; this one is not.`;
  const [down, right] = fit.centre.map((place) => (CELLS / 2 - place) / fit.scale);
  const way = (by, ahead, back) => `${short(Math.abs(by))} ${by < 0 ? back : ahead}`;
  const moved = `${way(down, "down", "up")}, ${way(right, "right", "left")}`;
  return [
    `${box}. Scaled so that ${Math.max(tall, wide)} cells become ${BOX} pixels: ${pixels}.`,
    `Then moved, so that its centre of mass is in the middle: ${moved}.`,
  ].join(" ");
}

/** What is shown, and what the network knows. */
export function describeData({ source, sample }, label, about) {
  const { right, of } = about.accuracy;
  const shown =
    source === "drawing"
      ? "Shown: the drawing on the pad."
      : source === "image"
        ? "Shown: the image that Python gave."
        : `Shown: embedded UCI digit no. ${sample}, written as a ${label}: 8 × 8 cells, enlarged. It is not ` +
          "from MNIST.";
  const share = `${number((100 * right) / of, 4)} % of its ${grouped(of)} test digits`;
  return `${shown} The network learned from MNIST's training digits and reads ${share} rightly.`;
}

/** What the ten numbers are worth. */
export function describeAnswer(outputs, isDigit, hasInk) {
  const top = topOf(outputs);
  const said = `says ${top}, with ${percent(outputs[top])}`;
  if (!hasInk) return `The pad is empty, and the network still ${said}: its ten numbers always add up to 1.`;
  const lesson = "It has ten answers and no “none of these”: confidence is not knowledge.";
  if (!isDigit) return `This is no digit, and the network ${said}. ${lesson}`;
  return `The network ${said}.`;
}
