/** Seven ways downhill from the same start, step by step, with everything that they compute on the way. */

import { createBatches } from "../arithmetic/batches.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { createOptimizer } from "../arithmetic/optimizers.mjs";
import { createSlice, eigenvalues, RANGES, TRUTH } from "./slice.mjs";

/** The racers by their names in Python. */
export const RACERS = {
  sgd: "gradient descent",
  momentum: "momentum",
  mini_batch: "mini-batch",
  rmsprop: "RMSprop",
  adam: "Adam",
  newton: "Newton",
  newton_damped: "damped Newton",
};

/** Beyond this, a racer is said to have diverged. */
const FAR = 1e4;
/** The damped form: the least curvature that it believes in, its longest step, and how often it halves one. */
export const DAMPED = { curvature: 1e-3, longest: 2, halvings: 50 };

/** How long a step or a gradient is. */
/** @param {ArrayLike<number>} step */
export const length = ({ 0: w, 1: b }) => Math.hypot(w, b);
export const distanceToTruth = (point) => length([point[0] - TRUTH[0], point[1] - TRUTH[1]]);
export const isInPicture = (point) => RANGES.every(([low, high], i) => point[i] >= low && point[i] <= high);

/** Δ = −H⁻¹·g, by Cramer's rule; a matrix without inverse gives infinities or NaN. */
function newtonStep([p, q, r], [gw, gb]) {
  const determinant = p * r - q * q;
  return [-(r * gw - q * gb) / determinant, -(p * gb - q * gw) / determinant];
}

/** The rules: each changes the point, and returns what is to be remembered of the step. */
const RULES = {
  sgd: byOptimizer("sgd", []),
  momentum: byOptimizer("sgd", ["velocity"], ({ momentum }) => ({ momentum })),
  mini_batch: byOptimizer("sgd", []),
  rmsprop: byOptimizer("rmsprop", ["meanSquare"]),
  adam: byOptimizer("adam", ["mean", "meanSquare"]),
  newton: (slice) => (point, gradient) => {
    const hessian = slice.hessian(point);
    const step = newtonStep(hessian, gradient);
    point[0] += step[0];
    point[1] += step[1];
    return { hessian, step };
  },
  newton_damped: (slice) => (point, gradient) => {
    const hessian = slice.hessian(point);
    const damping = Math.max(0, DAMPED.curvature - eigenvalues(hessian)[0]);
    const step = newtonStep([hessian[0] + damping, hessian[1], hessian[2] + damping], gradient);
    const before = slice.loss(point);
    let share = Math.min(1, DAMPED.longest / Math.max(length(step), 1e-300));
    const trial = () => [point[0] + share * step[0], point[1] + share * step[1]];
    for (let i = 0; i < DAMPED.halvings && !(slice.loss(trial()) <= before); i++) share /= 2;
    [point[0], point[1]] = slice.loss(trial()) <= before ? trial() : point;
    return { hessian, damping, step, share };
  },
};

/** A rule of the shared optimisers, which of its memories are told, and what it takes of the settings but the rate. */
/**
 * @param {"sgd" | "rmsprop" | "adam"} rule @param {string[]} memories
 * @param {(settings: any) => Record<string, number>} [more]
 */
function byOptimizer(rule, memories, more = () => ({})) {
  return (slice, settings) => {
    const optimizer = createOptimizer(rule, 2, { learningRate: settings.learning_rate, ...more(settings) });
    return (point, gradient) => {
      optimizer.update(point, gradient);
      return Object.fromEntries(memories.map((name) => [name, [...optimizer[name]]]));
    };
  };
}

/** The samples of one batch after the other. */
function sampleBatches({ inputs, targets, count }, size, seed) {
  const batches = createBatches(count, size, seed);
  return () => {
    batches.next();
    const chosen = batches.order.slice(batches.first, batches.first + batches.count);
    return {
      inputs: Float64Array.from(chosen, (s) => inputs[s]),
      targets: Float64Array.from(chosen, (s) => targets[s]),
      count: chosen.length,
    };
  };
}

/**
 * One racer at its start.
 * @returns {{point: Float64Array, step: () => any}} `step` moves the point and tells how; null where it cannot go on
 */
function createRacer(name, slice, settings) {
  const point = Float64Array.of(settings.weight, settings.bias);
  const gradient = new Float64Array(2);
  const move = RULES[name](slice, settings);
  const nextBatch =
    name === "mini_batch"
      ? sampleBatches(slice.everything, settings.batch_size, settings.seed)
      : () => slice.everything;
  return {
    point,
    step() {
      const before = [...point];
      slice.descend(point, gradient, nextBatch());
      const told = { before, gradient: [...gradient], ...move(point, gradient) };
      if (Math.abs(point[0]) <= FAR && Math.abs(point[1]) <= FAR) return told; // not for NaN
      [point[0], point[1]] = before;
      return null;
    },
  };
}

/**
 * @typedef {object} Run
 * @property {string} name
 * @property {[number, number][]} points from the start on
 * @property {number[]} losses over all samples, at each point
 * @property {number[]} slopes |gradient| over all samples, at each point
 * @property {any[]} told what each step computed; told[k] led to points[k]
 * @property {number | null} left the first step outside the picture
 * @property {boolean} diverged whether it ended early, being too far for numbers
 */

/** @returns {Run} */
export function race(name, settings, slice = createSlice()) {
  const racer = createRacer(name, slice, settings);
  const run = { name, points: [], losses: [], slopes: [], told: [null], left: null, diverged: false };
  const gradient = new Float64Array(2);
  const note = () => {
    run.points.push([...racer.point]);
    run.losses.push(slice.descend(racer.point, gradient));
    run.slopes.push(length(gradient));
  };
  note();
  for (let k = 1; k <= settings.steps; k++) {
    const told = racer.step();
    if (!told) {
      run.diverged = true;
      break;
    }
    run.told.push(told);
    note();
    if (run.left === null && !isInPicture(racer.point)) run.left = k;
  }
  return run;
}

/** How many steps a racer needs to come within a distance of the optimum; null where `most` are not enough. */
export function stepsToArrive(name, settings, within = 0.1, most = 20000) {
  const racer = createRacer(name, createSlice(), settings);
  for (let k = 0; k <= most; k++) {
    if (distanceToTruth(racer.point) < within) return k;
    if (!racer.step()) return null;
  }
  return null;
}

const WHOLE = {
  steps: [10, 2000, "number of steps"],
  step: [0, 2000, "step"],
  batch_size: [1, 21, "batch size"],
  seed: [0, 2 ** 32 - 1, "seed"],
};
const NUMBERS = {
  weight: [...RANGES[0], "starting weight"],
  bias: [...RANGES[1], "starting bias"],
  learning_rate: [1e-4, 100, "learning rate"],
  momentum: [0, 0.99, "momentum"],
};
const CHOICES = { view: ["contour", "surface"], answer: ["shown", "hidden"], selected: Object.keys(RACERS) };

/** Refuses what no race can start from, in a sentence. @param {any} state */
function check(state) {
  for (const [name, [low, high, words]] of Object.entries({ ...NUMBERS, ...WHOLE }))
    if (
      !Number.isFinite(state[name]) ||
      state[name] < low ||
      state[name] > high ||
      (name in WHOLE && !Number.isInteger(state[name]))
    ) {
      const fits = `a ${name in WHOLE ? "whole " : ""}number from ${low} to ${high}`.replaceAll("-", "−");
      throw new Misfit(`A ${words} of ${String(state[name]).replaceAll("-", "−")} does not work: use ${fits}.`);
    }
  for (const [name, choices] of Object.entries(CHOICES))
    if (!choices.includes(state[name]))
      throw new Misfit(`There is no ${name} “${state[name]}”: use ${choices.join(", ")}.`);
  const unknown = state.optimizers.find((name) => !(name in RACERS));
  if (unknown !== undefined)
    throw new Misfit(`There is no optimiser “${unknown}”: use ${Object.keys(RACERS).join(", ")}.`);
  if (state.optimizers.length === 0) throw new Misfit("Nobody races: choose at least one optimiser.");
}

/** What a race depends on. */
export const SUBJECT = ["weight", "bias", "learning_rate", "momentum", "optimizers", "steps", "seed", "batch_size"];

const slice = createSlice();
/** The runs of late, so that showing another step, or the same race in a second view, costs nothing. */
const remembered = new Map();

/** The runs of all who race, in the order of `RACERS`. @returns {Run[]} */
export function runRace(state) {
  const { optimizers, ...settings } = Object.fromEntries(SUBJECT.map((name) => [name, state[name]]));
  return Object.keys(RACERS)
    .filter((name) => optimizers.includes(name))
    .map((name) => {
      const key = JSON.stringify([name, settings]);
      if (!remembered.has(key)) {
        if (remembered.size >= 4 * Object.keys(RACERS).length) remembered.clear();
        remembered.set(key, race(name, settings, slice));
      }
      return remembered.get(key);
    });
}

/** @param {any} state */
export function compute(state) {
  check(state);
  const runs = runRace(state);
  // A run is as good as its last point; one that diverged has lost.
  const finals = runs.map((run) => (run.diverged ? Infinity : run.losses.at(-1)));
  return { runs, finals, best: finals.indexOf(Math.min(...finals)) };
}
