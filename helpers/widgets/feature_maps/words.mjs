/** What FeatureMaps says. */

import { percent, topOf } from "../arithmetic/answers.mjs";
import { grouped, number, plural } from "../arithmetic/format.mjs";

const short = (value) => number(Number(value.toFixed(3)), 3);

/** The frame on show. @param {{name: string, right?: number, of?: number}} about */
export function describeFrame({ name, right, of }) {
  if (right === undefined) return `Shown: the network ${name}.`;
  const share = `${number((100 * right) / of, 4)} % of MNIST's ${grouped(of)} test digits`;
  return `Shown: the network ${name}. It reads ${share} rightly.`;
}

/** The image that is read. */
export function describeImage({ images, digit }, label) {
  const written = label === undefined ? "" : `, written as a ${label}`;
  if (images) return `Image ${digit}${written}.`;
  return `Embedded UCI digit no. ${digit}${written}: enlarged from 8 × 8 cells, not from MNIST.`;
}

/** "conv 1, map 3" */
export const nameMap = ({ name, shape }, channel) => `${name}, ${shape.length === 1 ? "unit" : "map"} ${channel}`;

/** @param {ArrayLike<number>} outputs */
export function describeAnswer(outputs) {
  const top = topOf(outputs);
  return `The network says ${top}, with ${percent(outputs[top])}.`;
}

/** How much of a map answers. @param {ArrayLike<number>} activations of its layer */
export function describeMap(layer, channel, activations) {
  const channels = layer.shape.at(-1);
  const cells = layer.shape.length === 1 ? 1 : layer.shape[0] * layer.shape[1];
  let [sum, most, silent] = [0, -Infinity, 0];
  for (let at = channel; at < cells * channels; at += channels) {
    sum += activations[at];
    most = Math.max(most, activations[at]);
    if (activations[at] === 0) silent++;
  }
  const name = nameMap(layer, channel);
  if (cells === 1) return `${name}: ${short(sum)}`;
  return `${name}: ${silent} of ${cells} cells at 0, the largest ${short(most)}, the mean ${short(sum / cells)}`;
}

/** What a view shows beside the digit. */
export const CAPTIONS = { occlusion: "what counts", excite: "excites the map", fool: "changed digit" };

/** What a view found. */
export function describeOcclusion(outputs, { falls, rows, cols }, size) {
  const top = topOf(outputs);
  const worst = falls.reduce((best, fall, at) => (fall > falls[best] ? at : best), 0);
  const corner = `[${Math.floor(worst / cols)}, ${worst % cols}]`;
  return [
    `Paper of ${size} × ${size} pixels lay on each of ${rows} × ${cols} places; orange: there the ${top} lost.`,
    `It lost most with the paper's corner at ${corner}:`,
    `from ${percent(outputs[top])} to ${percent(outputs[top] - falls[worst])}.`,
  ].join(" ");
}

export function describeExciting(name, mean, best, steps) {
  if (mean === 0) return `${name} is silent for faint noise, and no small change wakes it: its gradient is 0.`;
  return [
    `${name} has the mean ${short(mean)} on this input, made from faint noise by ${steps} steps uphill.`,
    `The digit that excites it most reaches ${short(best)}.`,
    "That it answers to such a pattern does not say what it is for.",
  ].join(" ");
}

export function describeFooling({ target, moves, reach }, before, after, changed) {
  const [first, now] = [topOf(before), topOf(after)];
  const most = number(Math.min(reach, changed), 3);
  const said = `After ${plural(moves, "step")} towards ${target}, no pixel changed by more than ${most}`;
  const still = now === first ? `the network still says ${now}` : `the network says ${now}, and no longer ${first}`;
  return `${said}: ${still}. The ${target} rose from ${percent(before[target])} to ${percent(after[target])}.`;
}
