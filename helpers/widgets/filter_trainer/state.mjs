/** FilterTrainer's settings: what fits together. */

import { requireGrid, shapeOf } from "../arithmetic/convolution2d.mjs";
import {
  OPTIMIZER_NAMES,
  TARGET_EFFECTS,
  TARGET_KERNELS,
  wantedKernel,
  writtenKernel,
} from "../arithmetic/kernel_training.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { requireNumberAs, requireOneOf } from "../arithmetic/requirements.mjs";
import { isOwn } from "../card/sources.mjs";

export const SIZES = [3, 5, 7];
export const RATES = [0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 3];
export const NOISES = [0, 0.02, 0.05, 0.1, 0.2, 0.5];
export const MOST = { learning_rate: 100, epochs: 5000, seed: 2 ** 32 - 1, noise: 1 };
const ODD = [1, 3, 5, 7];

/** What makes up a training: a change of any of these starts it anew. */
export const SUBJECT = ["source", "target", "flip", "size", "seed", "optimizer", "learning_rate", "noise"];

/** What a film from Python has already chosen: a change of these is a training in the page. */
const RULE = ["size", "seed", "optimizer", "learning_rate", "epochs"];

/** Refuses what is no kernel for a target. @param {number[][]} grid */
export function checkTarget(grid) {
  requireGrid("target kernel", grid);
  const wrong = grid.flat().find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Misfit(`The target kernel holds “${wrong}”, which is not a finite number.`);
  const shape = shapeOf(grid);
  if (!shape.every((count) => ODD.includes(count)))
    throw new Misfit(
      `A target kernel of ${shape.join(" × ")} cells does not fit here: use 1, 3, 5 or 7 rows and columns, ` +
        "so that it has a middle.",
    );
}

/** The target of a state: a name, or a grid. An address that names one reads as a list of one name. */
function readTarget({ target }) {
  const given = Array.isArray(target) && target.length === 1 && typeof target[0] === "string" ? target[0] : target;
  if (typeof given === "string") {
    requireOneOf("target", given, [...TARGET_KERNELS, ...TARGET_EFFECTS]);
    return given;
  }
  const grid = Array.isArray(given) && given.every((entry) => !Array.isArray(entry)) ? [given] : given;
  checkTarget(grid);
  return grid;
}

/** @param {any} state */
export function compute(state) {
  const target = readTarget(state);
  requireOneOf("size", state.size, SIZES);
  requireOneOf("optimiser", state.optimizer, OPTIMIZER_NAMES);
  requireOneOf("scale", state.scale, ["linear", "log"]);
  requireOneOf("answer", state.answer, ["shown", "hidden"]);
  requireNumberAs("learning rate", state.learning_rate, { least: 0, most: MOST.learning_rate, above: true });
  requireNumberAs("number of epochs", state.epochs, { least: 1, most: MOST.epochs, whole: true });
  requireNumberAs("seed", state.seed, { least: 0, most: MOST.seed, whole: true });
  requireNumberAs("noise", state.noise, { least: 0, most: MOST.noise });
  if (!isOwn(state.source)) requireOneOf("picture", state.source, Object.keys(state.images));
  if (state.cell.length !== 2 || !state.cell.every((at) => Number.isInteger(at) && at >= 0))
    throw new Misfit(`There is no cell ${state.cell.join(", ")}: give its row and its column, from 0.`);
  const settings = { ...state, target };
  return {
    settings,
    written: writtenKernel(target),
    wanted: wantedKernel(settings),
    cell: state.cell.map((at) => Math.min(at, state.size - 1)),
    subject: JSON.stringify(SUBJECT.map((name) => state[name])),
    rule: JSON.stringify(RULE.map((name) => state[name])),
    mayFilm: state.frames.length > 0 && state.frames[0].kernel.length === state.size,
  };
}
