/**
 * Small data sets that fit into one picture: four of points in two colours, one curve.
 *
 * Each is { name, inputs, targets, labels, count, inputCount, outputCount, ranges }, with one row per
 * sample in the flat `inputs` and `targets`; `ranges` says [low, high] of each input for a picture.
 * Points have a label, 0 or 1, and two targets: 1 at the label, 0 beside it. With `rng` they come in
 * random order and, if `noise` is above 0, each coordinate is moved by a normal draw with that
 * deviation; without, they stand in order and exactly in their places. `moons` and `circles` are those
 * of scikit-learn's `make_moons` and `make_circles`, number for number when `rng` is new and
 * `random_state` is its seed; all of them are those of Python's `laid_out` in helpers.toy_data.
 */

import { inOrder } from "./batches.mjs";
import { Misfit } from "./misfit.mjs";

/** @typedef {ReturnType<typeof import("./random.mjs").createRandom>} Random */
/** @typedef {{count?: number, noise?: number, rng?: Random | null}} Options */

/** The four corners in turn, so that 4 points are the truth table. @param {Options} [options] */
export function xor({ count = 4, noise = 0, rng = null } = {}) {
  const points = Array.from({ length: count }, (_, i) => [(i >> 1) & 1, i & 1]);
  const labels = points.map(([first, second]) => first ^ second);
  return cloud("xor", points, labels, noise, rng, [
    [-0.5, 1.5],
    [-0.5, 1.5],
  ]);
}

/** A ring of radius 1 and one of radius `factor` inside it. @param {Options & {factor?: number}} [options] */
export function circles({ count = 200, noise = 0, rng = null, factor = 0.5 } = {}) {
  const outer = Math.floor(count / 2);
  const ring = (size, radius) => Array.from({ length: size }, (_, i) => onCircle((2 * Math.PI * i) / size, radius));
  const points = [...ring(outer, 1), ...ring(count - outer, factor)];
  return cloud("circles", points, halves(count), noise, rng, [
    [-1.5, 1.5],
    [-1.5, 1.5],
  ]);
}

/** Two half circles that reach into each other. @param {Options} [options] */
export function moons({ count = 200, noise = 0, rng = null } = {}) {
  const upper = Math.floor(count / 2);
  const arc = (size) => Array.from({ length: size }, (_, i) => onCircle(size > 1 ? (Math.PI * i) / (size - 1) : 0, 1));
  const points = [...arc(upper), ...arc(count - upper).map(([first, second]) => [1 - first, 0.5 - second])];
  return cloud("moons", points, halves(count), noise, rng, [
    [-1.5, 2.5],
    [-1.75, 2.25],
  ]);
}

/**
 * Two arms that wind around each other, from near the centre to radius 1.
 * @param {Options & {turns?: number}} [options]
 */
export function spiral({ count = 200, noise = 0, rng = null, turns = 1.25 } = {}) {
  const first = Math.floor(count / 2);
  const arm = (size, turned) =>
    Array.from({ length: size }, (_, i) => onCircle(2 * Math.PI * turns * ((i + 1) / size) + turned, (i + 1) / size));
  const points = [...arm(first, 0), ...arm(count - first, Math.PI)];
  return cloud("spiral", points, halves(count), noise, rng, [
    [-1.25, 1.25],
    [-1.25, 1.25],
  ]);
}

/**
 * A curve over evenly spaced inputs, always in order; noise moves the targets.
 * @param {Options & {range?: [number, number], shape?: (input: number) => number}} [options]
 */
export function curve({ count = 50, noise = 0, rng = null, range = [-1, 1], shape = wave } = {}) {
  checkOptions(count, noise, rng);
  const [low, high] = range;
  const pitch = count > 1 ? (high - low) / (count - 1) : 0;
  const inputs = Float64Array.from({ length: count }, (_, i) => low + pitch * i);
  const targets = inputs.map((input) => shape(input) + (noise > 0 ? rng.normal(0, noise) : 0));
  return { name: "curve", inputs, targets, labels: null, count, inputCount: 1, outputCount: 1, ranges: [[low, high]] };
}

const wave = (input) => Math.sin(Math.PI * input);

export const TOY_DATA = { xor, circles, moons, spiral, curve };

/**
 * The same points for a network with a single output.
 * @param {ReturnType<typeof xor>} data
 * @param {number} [low] target of label 0: 0 for sigmoid, −1 for tanh @param {number} [high] target of label 1
 */
export function withOneOutput(data, low = 0, high = 1) {
  return { ...data, outputCount: 1, targets: Float64Array.from(data.labels, (label) => (label ? high : low)) };
}

const onCircle = (angle, radius) => [radius * Math.cos(angle), radius * Math.sin(angle)];
const halves = (count) => Array.from({ length: count }, (_, i) => (i < Math.floor(count / 2) ? 0 : 1));

function cloud(name, points, labelsInOrder, noise, rng, ranges) {
  const count = points.length;
  checkOptions(count, noise, rng);
  const order = inOrder(count);
  if (rng) rng.shuffle(order);
  const inputs = Float64Array.from([...order].flatMap((i) => points[i]));
  if (noise > 0) for (let i = 0; i < inputs.length; i++) inputs[i] += rng.normal(0, noise);
  const labels = Uint8Array.from(order, (i) => labelsInOrder[i]);
  const targets = Float64Array.from({ length: 2 * count }, (_, i) => (labels[i >> 1] === (i & 1) ? 1 : 0));
  return { name, inputs, targets, labels, count, inputCount: 2, outputCount: 2, ranges };
}

function checkOptions(count, noise, rng) {
  if (!Number.isInteger(count) || count < 1)
    throw new Misfit(`A data set of ${count} samples does not work: use a whole number from 1.`);
  if (!Number.isFinite(noise) || noise < 0) throw new Misfit(`A noise of ${noise} does not work: use a number from 0.`);
  if (noise > 0 && !rng) throw new Misfit(`A noise of ${noise} needs random numbers: pass an rng.`);
}
