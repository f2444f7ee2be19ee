/**
 * What a shift and a layer do in either order. The layer: a kernel laid on the picture at every place (a
 * cross-correlation), of which every second or third place is kept, then the largest or the mean of 2 × 2;
 * a blur may come before anything is left out. helpers.widgets.equivariance computes the same.
 *
 * Where the border is wrapped, a picture that is shifted comes in again on the other side. Else zeros come
 * in; and where only whole windows count ("valid"), what comes into an output is unknown: NaN.
 */

import { shapeOf } from "./convolution2d.mjs";

/** @typedef {{rows: number, cols: number, values: Float64Array}} Field */
/**
 * @typedef {{kernel: number[][], border: "zeros" | "wrap" | "valid", stride: number, pool: "none" | "max" | "mean",
 * blur: boolean}} Layer
 */
/** @typedef {{row: number, col: number}} Place */

/** A small Gaussian; its weights add up to 16. */
export const BLUR = [
  [1, 2, 1],
  [2, 4, 2],
  [1, 2, 1],
];
const BLUR_SUM = 16;

export const POOL = 2;

/** What is less than this share of the largest value is rounding. */
const DUST = 1e-9;

const modulo = (at, size) => ((at % size) + size) % size;

/** @param {number} rows @param {number} cols @param {(row: number, col: number) => number} value @returns {Field} */
function fill(rows, cols, value) {
  const values = new Float64Array(rows * cols);
  for (let row = 0; row < rows; row++) for (let col = 0; col < cols; col++) values[row * cols + col] = value(row, col);
  return { rows, cols, values };
}

export const valueAt = ({ cols, values }, { row, col }) => values[row * cols + col];

/** The value at a place that may lie outside: of the other side where it is wrapped, else `outside`. */
function read(field, row, col, border, outside) {
  const { rows, cols, values } = field;
  if (border === "wrap") return values[modulo(row, rows) * cols + modulo(col, cols)];
  return row < 0 || col < 0 || row >= rows || col >= cols ? outside : values[row * cols + col];
}

/**
 * A field moved down and to the right.
 * @param {Field} field
 * @param {[number, number]} by
 * @param {string} border
 * @param {number} coming what comes in
 */
export const shift = (field, [down, right], border, coming) =>
  fill(field.rows, field.cols, (row, col) => read(field, row - down, col - right, border, coming));

/** Where the window of a place begins. */
const windowStart = ({ row, col }, [rows, cols], border) =>
  border === "valid" ? { row, col } : { row: row - Math.floor(rows / 2), col: col - Math.floor(cols / 2) };

/** The cells under a kernel at a place: their weights and their values. */
function cellsUnder(field, kernel, place, border) {
  const start = windowStart(place, shapeOf(kernel), border);
  return kernel.flatMap((line, i) =>
    line.map((weight, j) => ({ weight, value: read(field, start.row + i, start.col + j, border, 0) })),
  );
}

const addUp = (cells) => cells.reduce((total, { weight, value }) => total + weight * value, 0);

function slide(field, kernel, border, divisor = 1) {
  const [down, across] = shapeOf(kernel).map((size) => (border === "valid" ? size - 1 : 0));
  return fill(
    field.rows - down,
    field.cols - across,
    (row, col) => addUp(cellsUnder(field, kernel, { row, col }, border)) / divisor,
  );
}

/** The places of a 2 × 2 that there are, from the left above. */
function poolPlaces({ rows, cols }, { row, col }, border) {
  return [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]
    .map(([down, right]) => ({ row: row + down, col: col + right }))
    .map((place) => (border === "wrap" ? { row: modulo(place.row, rows), col: modulo(place.col, cols) } : place))
    .filter((place) => place.row < rows && place.col < cols);
}

function poolEverywhere(field, kind, border) {
  const less = border === "valid" ? POOL - 1 : 0;
  return fill(field.rows - less, field.cols - less, (row, col) => {
    const values = poolPlaces(field, { row, col }, border).map((place) => valueAt(field, place));
    return kind === "max" ? Math.max(...values) : values.reduce((total, value) => total + value, 0) / values.length;
  });
}

const keepEvery = (field, step) =>
  fill(
    Math.ceil(field.rows / step),
    Math.ceil(field.cols / step),
    (row, col) => field.values[row * step * field.cols + col * step],
  );

/**
 * What a layer makes of a picture, stage by stage.
 * @param {Field} picture @param {Layer} layer
 * @returns {{picture: Field, stages: {kind: "kernel" | "blur" | "pool" | "keep", field: Field, step?: number}[],
 * output: Field}}
 */
export function runLayer(picture, { kernel, border, stride, pool, blur }) {
  const stages = [];
  const now = () => stages.at(-1).field;
  const add = (kind, field, step) => stages.push({ kind, field, step });
  const leaveOut = (step) => {
    if (blur) add("blur", slide(now(), BLUR, border, BLUR_SUM));
    add("keep", keepEvery(now(), step), step);
  };
  add("kernel", slide(picture, kernel, border));
  if (stride > 1) leaveOut(stride);
  if (pool !== "none") {
    add("pool", poolEverywhere(now(), pool, border));
    leaveOut(POOL);
  }
  return { picture, stages, output: now() };
}

/** How many pixels of the picture lie between two cells of the output. @param {Layer} layer */
export const stepOf = ({ stride, pool }) => stride * (pool === "none" ? 1 : POOL);

/**
 * By how many whole cells an output is moved for a shift of the picture.
 * @param {Layer} layer @param {[number, number]} by @returns {[number, number]}
 */
export function outputShift(layer, [down, right]) {
  const step = stepOf(layer);
  return [Math.floor(down / step), Math.floor(right / step)];
}

/**
 * Shift and layer in either order, and how much the results differ.
 * @param {Field} picture @param {Layer} layer @param {[number, number]} by down and to the right, from 0
 */
export function compareOrders(picture, layer, by) {
  const { border } = layer;
  const moved = shift(picture, by, border, 0);
  const [plain, ofMoved] = [runLayer(picture, layer), runLayer(moved, layer)];
  const movedOutput = shift(plain.output, outputShift(layer, by), border, border === "valid" ? NaN : 0);
  const { rows, cols } = movedOutput;
  const scale = plain.output.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const differences = ofMoved.output.values.map((value, i) => {
    const difference = value - movedOutput.values[i];
    return Math.abs(difference) <= DUST * scale ? 0 : difference;
  });
  let [largest, differing, compared, where] = [0, 0, 0, 0];
  differences.forEach((difference, i) => {
    if (Number.isNaN(difference)) return;
    compared++;
    if (difference === 0) return;
    differing++;
    if (Math.abs(difference) > largest) [largest, where] = [Math.abs(difference), i];
  });
  return {
    moved,
    plain,
    ofMoved,
    movedOutput,
    difference: { rows, cols, values: differences },
    largest,
    differing,
    compared,
    where: { row: Math.floor(where / cols), col: where % cols },
  };
}

/**
 * How the value of an output's cell came about, from the last stage back to the picture. Where a stage takes
 * several values, the way back follows one: the largest, or the one in the middle.
 * @param {ReturnType<typeof runLayer>} run @param {Layer} layer @param {Place} place
 * @returns {{kind: "kernel" | "blur" | "max" | "mean" | "none", cells: {weight: number, value: number}[], value:
 * number, place: Place}[]}
 */
export function explain({ picture, stages }, { kernel, border, pool }, place) {
  const told = [];
  let at = place;
  for (let i = stages.length - 1; i >= 0; i--) {
    const { kind, field, step } = stages[i];
    const before = stages[i - 1]?.field ?? picture;
    if (kind === "keep") at = { row: at.row * step, col: at.col * step };
    else if (kind === "pool") {
      const places = poolPlaces(before, at, border);
      const values = places.map((one) => valueAt(before, one));
      const value = valueAt(field, at);
      told.push({ kind: pool, cells: values.map((one) => ({ weight: 1, value: one })), value, place: at });
      at = places[pool === "max" ? values.indexOf(value) : 0];
    } else {
      const weights = kind === "blur" ? BLUR : kernel;
      told.push({ kind, cells: cellsUnder(before, weights, at, border), value: valueAt(field, at), place: at });
      if (kind === "blur" && border === "valid") at = { row: at.row + 1, col: at.col + 1 };
    }
  }
  return told;
}

/** The window of the picture that the kernel had at a place. @param {Layer} layer @param {Place} place */
export function kernelWindow({ kernel, border }, place) {
  const [rows, cols] = shapeOf(kernel);
  return { ...windowStart(place, [rows, cols], border), rows, cols };
}
