/** FeatureMaps' state: what fits, and the layers that have something to see. */

import { enlarge, findFit, layOn, PIXELS } from "../arithmetic/ink.mjs";
import { SIDE } from "../arithmetic/digits.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { requireAnswer, requireNumber, requireOneOf } from "../arithmetic/requirements.mjs";

export const VIEWS = ["maps", "occlusion", "excite", "fool"];
export const RANGES = {
  digit: { min: 0, max: 1796 },
  target: { min: 0, max: 9 },
  moves: { min: 0, max: 40 },
  reach: { min: 0, max: 1 },
};

/** The occlusion map's patch of paper; how an exciting input starts and grows; how far a fooling step goes. */
export const PATCH = { size: 5, stride: 1 };
export const EXCITING = { grey: 0.2, noise: 0.2, seed: 1, rate: 0.05, steps: 40 };
export const FOOLING_RATE = 0.02;

/** So many frames come with the widget. */
export const RECORDED = 10;

const isCount = (value) => Number.isInteger(value) && value >= 0;

/** @param {any} state */
export function compute({ view, map, step, answer, frames, ...state }) {
  requireOneOf("view", view, VIEWS);
  for (const [name, { min, max }] of Object.entries(RANGES))
    if (!(state[name] >= min && state[name] <= max) || (name !== "reach" && !Number.isInteger(state[name])))
      throw new Misfit(`A ${name} of ${state[name]} does not work: use a number from ${min} to ${max}.`);
  if (!Array.isArray(map) || map.length !== 2 || !map.every(isCount))
    throw new Misfit(`The map ${map} does not work: use its layer and its number, both from 0.`);
  requireNumber("step", step, { least: 0, whole: true });
  requireAnswer(answer);
  return { own: frames.length > 0 };
}

/** What each layer is called, with its shape; null for one that only lays its numbers in a row, and for the outputs. */
export function nameLayers({ network, layers }) {
  const counts = {};
  const last = layers.length - 1;
  return layers.map(({ kind }, index) => {
    const word = { conv2d: "conv", max_pooling2d: "pool", average_pooling2d: "mean pool", dense: "dense" }[kind];
    if (!word || (index === last && kind === "dense")) return null;
    counts[word] = (counts[word] ?? 0) + 1;
    return { name: `${word} ${counts[word]}`, shape: network.layers[index].shape };
  });
}

/** Whether it ends in probabilities, so that it can be asked for an answer. */
export const hasAnswer = ({ layers }) => layers.at(-1).activation === "softmax";

/** An embedded digit as a network for images of this size reads it. @param {Float64Array} cells of all digits */
export function asPixels(cells, digit, size) {
  const ink = cells.subarray(digit * SIDE * SIDE, (digit + 1) * SIDE * SIDE);
  if (size === SIDE) return Float64Array.from(ink);
  if (size !== PIXELS) throw new Misfit(`A network for ${size} rows reads no embedded digit: give it images.`);
  const pad = enlarge(ink, SIDE);
  return layOn(pad, findFit(pad));
}
