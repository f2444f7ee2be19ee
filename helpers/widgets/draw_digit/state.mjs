/** DrawDigit's state: what fits, and what a network reads of it. */

import { decodeStrokes, disturb, drawStrokes, enlarge, findFit, layOn, spread } from "../arithmetic/ink.mjs";
import { SIDE } from "../arithmetic/digits.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { requireAnswer, requireNumber } from "../arithmetic/requirements.mjs";

/** The image that the network reads, and its layers that can be looked into: their names and shapes. */
export const IMAGE_SHAPE = [28, 28, 1];
export const LAYERS = [
  { name: "conv 1", shape: [26, 26, 8] },
  { name: "pool 1", shape: [13, 13, 8] },
  { name: "conv 2", shape: [11, 11, 16] },
  { name: "pool 2", shape: [5, 5, 16] },
  null,
  { name: "dense", shape: [64] },
  { name: "output", shape: [10] },
];

/** The range of each setting. */
export const RANGES = {
  rotate: { min: -180, max: 180, step: 5 },
  shift: { min: -10, max: 10, step: 1 },
  thicken: { min: -2, max: 2, step: 0.25 },
  noise: { min: 0, max: 1, step: 0.05 },
  sample: { min: 0, max: 1796, whole: true },
  seed: { min: 0, max: 9999, whole: true },
};
const MOST_LETTERS = 6000;
const SOURCES = ["drawing", "sample", "image"];

/** What does not change the image. */
export const UNCHANGED = { rotate: 0, shift: [0, 0], thicken: 0, noise: 0 };

/** @param {any} state */
export function compute(state) {
  const { source, strokes, image, shift, cell, answer } = state;
  if (!SOURCES.includes(source)) throw new Misfit(`The network cannot read a ${source}: use ${SOURCES.join(", ")}.`);
  if (source === "image" && !image.length) throw new Misfit("No image was given: draw one, or take a sample.");
  const drawn = decodeStrokes(strokes);
  if (strokes.length > MOST_LETTERS)
    throw new Misfit("The drawing has grown too long for a link: undo the last stroke, or clear the pad.");
  if (!Array.isArray(shift) || shift.length !== 2)
    throw new Misfit(`A shift of ${shift} does not work: use two numbers, down and right.`);
  for (const [name, { min, max, whole }] of Object.entries(RANGES))
    for (const value of name === "shift" ? shift : [state[name]])
      requireNumber(name, value, { least: min, most: max, whole });
  requireAnswer(answer);
  return { strokes: drawn, cell: readCell(cell) };
}

function readCell(cell) {
  const [index, row, col, channel] = Array.isArray(cell) && cell.length === 4 ? cell : [];
  const layer = LAYERS[index];
  if (!layer) throw new Misfit(`No layer has the cell ${cell}: use layer 0 to 3, 5 or 6, then row, column and map.`);
  const [rows, cols, maps] = layer.shape.length === 1 ? [1, 1, ...layer.shape] : layer.shape;
  const isInside = (at, size) => Number.isInteger(at) && at >= 0 && at < size;
  if (!isInside(row, rows) || !isInside(col, cols) || !isInside(channel, maps))
    throw new Misfit(`The cell ${cell} lies outside: ${layer.name} has ${rows} × ${cols} cells in ${maps} maps.`);
  return { index, row, col, channel };
}

/**
 * What stands on the pad, how it is laid on the pixels, and the image that comes of it.
 * @param {any} state
 * @param {import("../arithmetic/ink.mjs").Stroke[]} strokes
 * @param {{inputs: Float64Array} | null} digits the samples, once they are there
 */
export function prepare(state, strokes, digits) {
  if (state.source === "image") {
    const given = Float64Array.from(state.image.flat());
    return { pad: spread(given, 28), fit: null, image: disturb(given, state) };
  }
  const cells = SIDE * SIDE;
  const first = state.sample * cells;
  const sample = digits ? digits.inputs.subarray(first, first + cells) : new Float64Array(cells);
  const pad = state.source === "drawing" ? drawStrokes(strokes) : enlarge(sample, SIDE);
  const fit = findFit(pad, state.centred);
  return { pad, fit, image: disturb(layOn(pad, fit), state) };
}
