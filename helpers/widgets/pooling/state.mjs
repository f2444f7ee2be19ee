/** Pooling's arithmetic: what a state shows, and which value a step asks for. */

import { fitUpstream, requireFitting } from "../arithmetic/conv_gradients.mjs";
import { requireGrid, shapeOf } from "../arithmetic/convolution2d.mjs";
import { crossCorrelate, toGrey } from "../arithmetic/image.mjs";
import { namedKernel } from "../arithmetic/kernels.mjs";
import { toPhotograph } from "../arithmetic/kernel_training.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { compareMaps, layOutPool, passBack, poolMap, shiftMap, toMap, windowOf } from "../arithmetic/pool2d.mjs";
import { requireNumber, requireOneOf } from "../arithmetic/requirements.mjs";
import { isOwn } from "../card/sources.mjs";

/** The most rows and columns of numbers. */
export const MOST_CELLS = [6, 8];
export const RANGES = { pool_size: { min: 1, max: 6 }, stride: { min: 1, max: 6 } };
export const CHOICES = {
  input: ["numbers", "photograph"],
  kernel: ["sobel_x", "sobel_y", "laplacian", "identity"],
  kind: ["max", "mean"],
  padding: ["valid", "same"],
  view: ["forward", "backward", "shift"],
  ties: ["first", "shared"],
  answer: ["shown", "hidden"],
};
const CALLED = { pool_size: "pool size", kind: "kind of pooling" };

/** Refuses a grid that is no rectangle of finite numbers, or too large for the screen. */
export function requireSmall(name, grid) {
  requireGrid(name, grid);
  const wrong = grid.flat().find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Misfit(`The ${name} holds “${wrong}”, which is not a finite number.`);
  const [rows, cols] = shapeOf(grid);
  if (rows > MOST_CELLS[0] || cols > MOST_CELLS[1])
    throw new Misfit(`The ${name} has ${rows} × ${cols} cells: at most ${MOST_CELLS.join(" × ")} fit here.`);
}

/** @param {any} state */
export function compute(state) {
  for (const name of ["image", "upstream"]) requireSmall(name, state[name]);
  for (const [name, options] of Object.entries(CHOICES)) requireOneOf(CALLED[name] ?? name, state[name], options);
  for (const [name, { min, max }] of Object.entries(RANGES))
    requireNumber(CALLED[name] ?? name, state[name], { least: min, most: max, whole: true });
  if (!isOwn(state.source)) requireOneOf("picture", state.source, Object.keys(state.images));
  // A photograph has to be decoded first: the widget looks at it as soon as it is there.
  return state.input === "numbers" ? sceneOf(state, toMap(state.image)) : {};
}

/**
 * The feature map of a photograph: a kernel laid on it, as a layer does, and ReLU.
 * @param {import("../arithmetic/image.mjs").Picture} picture
 */
export function featureMapOf(picture, kernel) {
  const { side, pixels } = toPhotograph(toGrey(picture));
  const whole = Float32Array.from(pixels, (pixel) => Math.round(255 * pixel));
  const photograph = { rows: side, cols: side, channels: [whole] };
  const result = crossCorrelate(photograph, namedKernel(kernel, { size: 3 }), "valid");
  const {
    rows,
    cols,
    channels: [values],
  } = result;
  return { rows, cols, values: Float64Array.from(values, (value) => Math.max(value, 0)) };
}

/**
 * The pooling of a state, for a map of this size.
 * @param {any} state @param {import("../arithmetic/pool2d.mjs").Size} size
 * @returns {import("../arithmetic/pool2d.mjs").Options}
 */
export function optionsOf({ kind, pool_size, stride, padding, whole }, { rows, cols }) {
  if (whole) return { kind, pool: [rows, cols], stride: [1, 1], padding: "valid" };
  return { kind, pool: [pool_size, pool_size], stride: [stride, stride], padding };
}

/** The upstream gradient has the shape of the output, and follows it; that of a photograph is not the reader's. */
export function settle(state, { upstream, output }, changes) {
  if (state.input !== "numbers") return {};
  const { rows, cols } = output;
  const fitting = fitUpstream(state.upstream, [rows, cols]);
  if (changes.upstream) requireFitting(changes.upstream, fitting);
  return { upstream: fitting };
}

/** What a scene was last made from, and all of it that does not change from step to step. */
let latest = { key: "", map: null, all: null };

/** All windows of a state at once, computed anew only where the map or the pooling is another. */
function allOf(state, map) {
  const isNumbers = state.input === "numbers";
  const { view, kind, pool_size, stride, padding, whole, ties, image, upstream } = state;
  const key = JSON.stringify([view, kind, pool_size, stride, padding, whole, ties, isNumbers && [image, upstream]]);
  const isAnother = key !== latest.key || (!isNumbers && map !== latest.map);
  if (isAnother) latest = { key, map, all: poolAll(state, map, isNumbers) };
  return latest.all;
}

function poolAll(state, map, isNumbers) {
  const options = optionsOf(state, map);
  const [down, across] = layOutPool(map, options);
  const moved = shiftMap(map);
  const shape = [down.output, across.output];
  const upstream = isNumbers ? fitUpstream(state.upstream, shape).flat() : new Array(shape[0] * shape[1]).fill(1);
  const pooled = (image, kind) => poolMap(image, { ...options, kind });
  const both = (image) => ({ max: pooled(image, "max"), mean: pooled(image, "mean") });
  const [outputs, movedOutputs] = [both(map), both(moved)];
  return {
    map,
    moved,
    options,
    down,
    across,
    upstream,
    isNumbers,
    output: outputs[state.kind],
    movedOutput: movedOutputs[state.kind],
    gradient: state.view === "backward" ? passBack(map, options, upstream, state.ties) : null,
    changes: {
      input: compareMaps(map, moved),
      ...Object.fromEntries(CHOICES.kind.map((kind) => [kind, compareMaps(outputs[kind], movedOutputs[kind])])),
    },
  };
}

/**
 * All that is on show.
 * @param {any} state @param {import("../arithmetic/pool2d.mjs").FeatureMap} image
 */
export function sceneOf(state, image) {
  const all = allOf(state, image);
  const { map, moved, options, down, across, upstream, isNumbers, gradient } = all;
  const count = down.output * across.output;
  const at = Math.min(Math.max(state.step, 0), count - 1);
  // On numbers the gradients arrive one by one; a photograph has too many of them to wait for.
  const first = (end) => upstream.map((value, i) => (i < end ? value : 0));
  const upTo = (end) => gradient && isNumbers && passBack(map, options, first(end), state.ties);
  const view = {
    ...all,
    count,
    at,
    place: { row: Math.floor(at / across.output), col: at % across.output },
    window: windowOf(map, options, at),
    movedWindow: windowOf(moved, options, at),
    before: upTo(at),
    gradient: upTo(at + 1) || gradient,
  };
  return { ...view, target: targetOf(state, view) };
}

/** How much of a window's gradient one of its cells gets. */
export function shareOf({ kind }, ties, { winners, cells }, { row, col }) {
  if (kind === "mean") return 1 / cells.length;
  const rank = winners.findIndex((cell) => cell.row === row && cell.col === col);
  if (rank < 0) return 0;
  return ties === "shared" ? 1 / winners.length : Number(rank === 0);
}

/**
 * What a step asks for: its output or, on the way back, the gradient of one cell. That is the one where slips show:
 * a second winner, the winner and the best of the losers in turn; of a mean, the cell that already holds most.
 */
function targetOf({ view, kind, ties }, scene) {
  const { window, movedWindow, options, upstream, at, place, before, map, isNumbers } = scene;
  if (view === "forward") return { ...place, isGradient: false, answer: window.result };
  if (view === "shift") return { ...place, isGradient: false, answer: movedWindow.result };
  const held = ({ row, col }) => (isNumbers ? before[row * map.cols + col] : 0);
  const best = (cells, worth) => cells.reduce((one, other) => (worth(other) > worth(one) ? other : one));
  const losers = window.cells.filter((cell) => !window.winners.includes(cell));
  const [winner, second] = window.winners;
  const ofMax = () => second ?? (at % 2 && losers.length ? best(losers, ({ value }) => value) : winner);
  const cell = kind === "mean" ? best(window.cells, (one) => Math.abs(held(one))) : ofMax();
  const share = shareOf(options, ties, window, cell);
  return { ...cell, isGradient: true, before: held(cell), share, answer: held(cell) + share * upstream[at] };
}
