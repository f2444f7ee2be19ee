/** Augmentation's settings: what fits, and what is drawn for each of the images. */

import { drawChange, labelAfter } from "../arithmetic/augmentation.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { createRandom } from "../arithmetic/random.mjs";
import { requireNumber, requireOneOf } from "../arithmetic/requirements.mjs";
import { isOwn } from "../card/sources.mjs";

/** How many images are drawn. */
export const COUNT = 12;
export const SIDES = [28, 48, 64];

/** What each slider is called, and how far it goes. */
export const SLIDERS = {
  shift: { called: "shift", most: 10, step: 1, unit: " px" },
  rotate: { called: "turn", most: 180, step: 5, unit: "°" },
  zoom: { called: "zoom", most: 0.5, step: 0.05, unit: "" },
  flip: { called: "mirror", most: 1, step: 0.1, unit: "" },
  brightness: { called: "light", most: 0.5, step: 0.05, unit: "" },
  colours: { called: "colours", most: 0.5, step: 0.05, unit: "" },
  noise: { called: "noise", most: 0.3, step: 0.02, unit: "" },
};
export const MOST_SEED = 9999;

/** The generator of one of the images, which draws first its change and then its noise. */
export const createDraws = (seed, index) => createRandom(COUNT * seed + index);

/** @param {any} state */
export function compute(state) {
  for (const [name, { called, most }] of Object.entries(SLIDERS))
    requireNumber(called, state[name], { least: 0, most, whole: name === "shift" });
  requireNumber("seed", state.seed, { least: 0, most: MOST_SEED, whole: true });
  requireNumber("step", state.step, { least: 0, most: COUNT - 1, whole: true });
  if (!SIDES.includes(state.pixels))
    throw new Misfit(`A number of ${state.pixels} pixels does not work: use ${SIDES.join(", ")}.`);
  if (!Array.isArray(state.cell) || state.cell.length !== 2)
    throw new Misfit("A cell has a row and a column: use two whole numbers.");
  for (const at of state.cell)
    requireNumber("row or column", at, { least: 0, most: Math.max(...SIDES) - 1, whole: true });
  if (!["shown", "hidden"].includes(state.answer)) throw new Misfit("The answer is shown or hidden.");
  if (!isOwn(state.source)) requireOneOf("picture", state.source, Object.keys(state.images), `“${state.source}”`);
  const changes = Array.from({ length: COUNT }, (_, index) => drawChange(state, createDraws(state.seed, index)));
  const labels = changes.map((change) => labelAfter(state.source, change));
  return {
    changes,
    /** Of each image what it is now called; null where nobody knows. */
    labels,
    kept: labels[0] === null ? null : labels.filter((label) => label === state.source).length,
  };
}
