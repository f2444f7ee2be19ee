/**
 * From strokes to what a network of MNIST's digits reads: drawing on the pad, fitting, disturbing.
 * Python does the same in `helpers.widgets.ink`. Ink is 0 on bare paper and 1 where it is full.
 *
 * @typedef {[number, number][]} Stroke its points: row and column, from 0 (top, left) to 1
 * @typedef {object} Fit how the pad is laid on the pixels
 * @property {number} scale cells a pixel
 * @property {number} top where the first pixel begins, in cells
 * @property {number} left
 * @property {number[] | null} box rows and columns of the box around the ink, in cells
 * @property {number[] | null} corner where the box begins
 * @property {number[] | null} centre the centre of mass
 */

import { Misfit } from "./misfit.mjs";
import { createRandom } from "./random.mjs";

/** Rows and columns of the pad: four for each of the pixels that the network reads. */
export const CELLS = 112;
export const PIXELS = 28;
/** MNIST fits every digit into a box of so many pixels. */
export const BOX = 20;
/** Half the width of a stroke, in cells. */
export const PEN = 5;
/** Places along each axis that a stroke's points can have. */
export const PLACES = 512;
/** What is fainter than this share of the darkest ink does not count for the box. */
const FAINT = 0.25;

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * Three letters a point: 512 rows times 512 columns are 64 × 64 × 64 places. "!" ends a stroke.
 * @param {Stroke[]} strokes
 */
export function encodeStrokes(strokes) {
  const place = (share) => Math.min(PLACES - 1, Math.max(0, Math.round(share * PLACES)));
  const point = ([row, col]) => {
    const at = place(row) * PLACES + place(col);
    return [12, 6, 0].map((bits) => ALPHABET[(at >> bits) & 63]).join("");
  };
  return strokes.map((stroke) => `${stroke.map(point).join("")}!`).join("");
}

/** @param {string} text @returns {Stroke[]} */
export function decodeStrokes(text) {
  if (typeof text !== "string" || !/^(([\w-]{3})+!)*$/.test(text))
    throw new Misfit(
      `The strokes “${String(text).slice(0, 40)}” cannot be read: use those of a link that this widget made.`,
    );
  return text
    .split("!")
    .slice(0, -1)
    .map((part) =>
      part.match(/.../g).map((letters) => {
        const at = [...letters].reduce((sum, letter) => 64 * sum + ALPHABET.indexOf(letter), 0);
        return [Math.floor(at / PLACES) / PLACES, (at % PLACES) / PLACES];
      }),
    );
}

/**
 * Leaves out the points of a stroke that lie within `reach` of the line between their neighbours (Douglas and Peucker).
 * @param {Stroke} points @param {number} [reach] as a share of the pad
 * @returns {Stroke}
 */
export function simplify(points, reach = 0.004) {
  if (points.length < 3) return points;
  const [start, end] = [points[0], points.at(-1)];
  let [far, most] = [0, reach];
  for (let i = 1; i < points.length - 1; i++) {
    const distance = distanceTo(...points[i], ...start, ...end);
    if (distance > most) [far, most] = [i, distance];
  }
  if (far === 0) return [start, end];
  return [...simplify(points.slice(0, far + 1), reach), ...simplify(points.slice(far), reach).slice(1)];
}

/** How far a point is from the line between two others. */
function distanceTo(row, col, startRow, startCol, endRow, endCol) {
  const [down, right] = [endRow - startRow, endCol - startCol];
  const length = down * down + right * right;
  const along = (row - startRow) * down + (col - startCol) * right;
  const share = length ? Math.min(1, Math.max(0, along / length)) : 0;
  const [apart, across] = [row - startRow - share * down, col - startCol - share * right];
  return Math.sqrt(apart * apart + across * across);
}

/**
 * The pad's ink under a round pen. A cell is as dark as its middle is deep in a stroke: full from half a cell
 * inside the border on, none from half a cell outside.
 * @param {Stroke[]} strokes
 * @param {Float64Array} [ink] drawn on, if given
 */
export function drawStrokes(strokes, ink = new Float64Array(CELLS * CELLS)) {
  for (const stroke of strokes)
    stroke.forEach((point, i) => drawSegment(ink, point, stroke[Math.min(i + 1, stroke.length - 1)]));
  return ink;
}

function drawSegment(ink, start, end) {
  const [startRow, startCol, endRow, endCol] = [...start, ...end].map((share) => share * CELLS);
  const range = (one, other) => [
    Math.max(0, Math.floor(Math.min(one, other) - PEN - 1)),
    Math.min(CELLS - 1, Math.ceil(Math.max(one, other) + PEN + 1)),
  ];
  const [[top, bottom], [left, right]] = [range(startRow, endRow), range(startCol, endCol)];
  for (let row = top; row <= bottom; row++)
    for (let col = left; col <= right; col++) {
      const depth = PEN + 0.5 - distanceTo(row + 0.5, col + 0.5, startRow, startCol, endRow, endCol);
      const at = row * CELLS + col;
      if (depth > ink[at]) ink[at] = Math.min(depth, 1);
    }
}

/** A small square image on the pad, bilinear. @param {ArrayLike<number>} image @param {number} size */
export function spread(image, size) {
  const places = Array.from({ length: CELLS }, (_, cell) => {
    const place = Math.min(size - 1, Math.max(0, ((cell + 0.5) * size) / CELLS - 0.5));
    const first = Math.min(Math.floor(place), size - 2);
    return [first, place - first];
  });
  const ink = new Float64Array(CELLS * CELLS);
  for (let row = 0; row < CELLS; row++)
    for (let col = 0; col < CELLS; col++) {
      const [[r, down], [c, right]] = [places[row], places[col]];
      const line = (from) => image[from * size + c] * (1 - right) + image[from * size + c + 1] * right;
      ink[row * CELLS + col] = line(r) * (1 - down) + line(r + 1) * down;
    }
  return ink;
}

/**
 * An embedded digit on the pad: enlarged, with twice the contrast around half ink. Its counts of ink are a blurred
 * image; the contrast gives it strokes with borders again.
 * @param {ArrayLike<number>} digit @param {number} size
 */
export const enlarge = (digit, size) => spread(digit, size).map((ink) => Math.min(1, Math.max(0, 2 * ink - 0.5)));

/**
 * How the pad is laid on the 28 × 28 pixels. As MNIST's makers did it: the box around the ink is scaled to 20 pixels
 * along its longer side, and the centre of mass goes to the middle. Without ink, or without `centred`, the whole
 * pad is scaled to the 28 pixels.
 * @param {Float64Array} ink @param {boolean} [centred]
 * @returns {Fit}
 */
export function findFit(ink, centred = true) {
  const plain = { scale: CELLS / PIXELS, top: 0, left: 0, box: null, corner: null, centre: null };
  let [most, mass, rows, cols] = [0, 0, 0, 0];
  ink.forEach((value, at) => {
    most = Math.max(most, value);
    mass += value;
    rows += value * (Math.floor(at / CELLS) + 0.5);
    cols += value * ((at % CELLS) + 0.5);
  });
  if (most === 0) return plain;
  let [top, bottom, left, right] = [CELLS, -1, CELLS, -1];
  ink.forEach((value, at) => {
    if (value <= FAINT * most) return;
    const [row, col] = [Math.floor(at / CELLS), at % CELLS];
    [top, bottom, left, right] = [Math.min(top, row), Math.max(bottom, row), Math.min(left, col), Math.max(right, col)];
  });
  const [box, corner, centre] = [
    [bottom - top + 1, right - left + 1],
    [top, left],
    [rows / mass, cols / mass],
  ];
  if (!centred) return { ...plain, box, corner, centre };
  const scale = Math.max(...box) / BOX;
  return { scale, top: centre[0] - (PIXELS / 2) * scale, left: centre[1] - (PIXELS / 2) * scale, box, corner, centre };
}

/** The 28 × 28 pixels: each the mean of the ink under it. @param {Float64Array} ink @param {Fit} fit */
export function layOn(ink, { scale, top, left }) {
  const [rows, cols] = [overlaps(scale, top), overlaps(scale, left)];
  const image = new Float64Array(PIXELS * PIXELS);
  rows.forEach((over, row) =>
    cols.forEach((across, col) => {
      let sum = 0;
      for (const [r, down] of over) for (const [c, right] of across) sum += down * right * ink[r * CELLS + c];
      image[row * PIXELS + col] = sum;
    }),
  );
  return image;
}

/** The cells on which each of the 28 pixels lies, and which share of it on each. @returns {[number, number][][]} */
function overlaps(scale, start) {
  return Array.from({ length: PIXELS }, (_, pixel) => {
    const [from, to] = [start + scale * pixel, start + scale * (pixel + 1)];
    /** @type {[number, number][]} */
    const found = [];
    for (let cell = Math.max(0, Math.floor(from)); cell < Math.min(CELLS, Math.ceil(to)); cell++)
      found.push([cell, (Math.min(to, cell + 1) - Math.max(from, cell)) / scale]);
    return found;
  });
}

/** An image turned clockwise about its middle, then shifted (down, right), bilinear.
 * @param {Float64Array} ink @param {number} degrees @param {number[]} shift */
export function turnAndShift(ink, degrees, shift, size = PIXELS) {
  const [shiftDown, shiftRight] = shift;
  if (!degrees && !shiftDown && !shiftRight) return ink;
  const middle = (size - 1) / 2;
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const at = (row, col) => (row < 0 || col < 0 || row >= size || col >= size ? 0 : ink[row * size + col]);
  return ink.map((_, index) => {
    const [row, col] = [Math.floor(index / size) - middle - shiftDown, (index % size) - middle - shiftRight];
    const [fromRow, fromCol] = [cos * row - sin * col + middle, sin * row + cos * col + middle];
    const [r, c] = [Math.floor(fromRow), Math.floor(fromCol)];
    const [down, right] = [fromRow - r, fromCol - c];
    const line = (line) => at(line, c) * (1 - right) + at(line, c + 1) * right;
    return line(r) * (1 - down) + line(r + 1) * down;
  });
}

/**
 * Strokes that grow by so many pixels on each side, or shrink where it is negative. Every pixel becomes as dark as the
 * darkest near it: one `by` pixels away counts in full, one `by` + 1 away not at all. Thinning does it to the paper.
 */
export function thicken(ink, by, size = PIXELS) {
  if (by === 0) return ink;
  if (by < 0)
    return thicken(
      ink.map((value) => 1 - value),
      -by,
      size,
    ).map((value) => 1 - value);
  const reach = Math.ceil(by);
  const within = (place) => Math.min(size - 1, Math.max(0, place));
  const near = [];
  for (let row = -reach; row <= reach; row++)
    for (let col = -reach; col <= reach; col++) {
      const counts = Math.min(1, Math.max(0, by + 1 - Math.hypot(row, col)));
      if (counts > 0) near.push([row, col, counts]);
    }
  return ink.map((_, at) => {
    const [row, col] = [Math.floor(at / size), at % size];
    let most = 0;
    for (const [down, right, counts] of near)
      most = Math.max(most, counts * ink[within(row + down) * size + within(col + right)]);
    return most;
  });
}

/** Normal noise of this deviation on each pixel, kept between 0 and 1. */
export function addNoise(ink, deviation, seed) {
  if (deviation === 0) return ink;
  const rng = createRandom(seed);
  return ink.map((value) => Math.min(1, Math.max(0, value + deviation * rng.normal())));
}

/** @param {{rotate: number, shift: number[], thicken: number, noise: number, seed: number}} by */
export function disturb(ink, by) {
  return addNoise(thicken(turnAndShift(ink, by.rotate, by.shift), by.thicken), by.noise, by.seed);
}
