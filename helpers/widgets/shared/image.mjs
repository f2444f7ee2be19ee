/**
 * The arithmetic of filtering photographs. A picture is a list of channels, one for grey and three for
 * colour, each a Float32Array that holds row after row.
 *
 * Cross-correlation is computed as a sum of shifted copies: for each cell of the kernel, the whole row
 * of the picture that lies under it, times its weight, is added to the output row. A kernel that is a
 * column times a row (mean, Gaussian, Sobel) goes down first and then across, which takes 9 + 9 copies
 * instead of 81. Sums are kept in double precision and rounded once.
 */

import { ghostCells, ghostSource } from "./convolution.mjs";
import { shapeOf } from "./convolution2d.mjs";
import { Misfit } from "./misfit.mjs";

/** @typedef {{rows: number, cols: number, channels: Float32Array[]}} Picture */
/** @typedef {number[][]} Grid */

/** How the border is treated: the padding modes, or only the positions where the kernel fits. */
export const BORDER_MODES = ["zeros", "reflect", "symmetric", "edge", "wrap", "valid"];

/** Rec. 709 luminance, as in skimage.color.rgb2gray. */
const LUMINANCE = [0.2125, 0.7154, 0.0721];

/** A picture in one channel of whole numbers, so that they are easy to read. @param {Picture} picture @returns {Picture} */
export function toGrey(picture) {
  const { rows, cols, channels } = picture;
  if (channels.length === 1) return picture;
  const grey = new Float32Array(rows * cols);
  const [red, green, blue] = channels;
  for (let i = 0; i < grey.length; i++)
    grey[i] = Math.floor(LUMINANCE[0] * red[i] + LUMINANCE[1] * green[i] + LUMINANCE[2] * blue[i] + 0.5);
  return { rows, cols, channels: [grey] };
}

/** Ghost cells [before, after] of the rows and of the columns. @param {[number, number]} kernelShape */
export function ghostsAround(kernelShape, mode) {
  return kernelShape.map((size) => ghostCells(mode === "valid" ? "valid" : "same", size));
}

/** For every position along an axis, ghosts included: which cell of the picture fills it, or −1 for a zero. */
function fillings(size, [before, after], mode) {
  return Int32Array.from({ length: before + size + after }, (_, i) => ghostSource(i - before, size, mode));
}

/** A channel with its ghost cells, in double precision. */
function padChannel(channel, { rows, cols }, [aboveBelow, leftRight], mode) {
  const fromRow = fillings(rows, aboveBelow, mode);
  const fromCol = fillings(cols, leftRight, mode);
  const padded = new Float64Array(fromRow.length * fromCol.length);
  let at = 0;
  for (const row of fromRow) {
    if (row < 0) {
      at += fromCol.length;
      continue;
    }
    const first = row * cols;
    for (let i = 0; i < fromCol.length; i++) padded[at++] = fromCol[i] < 0 ? 0 : channel[first + fromCol[i]];
  }
  return padded;
}

/**
 * The column and the row whose products are the kernel's cells, where there are such.
 * @param {Grid} kernel
 * @returns {{column: number[], row: number[]} | null}
 */
export function separate(kernel) {
  const largest = Math.max(...kernel.flat().map(Math.abs));
  if (largest === 0) return null;
  const pivotRow = kernel.findIndex((line) => line.some((weight) => Math.abs(weight) === largest));
  const pivotCol = kernel[pivotRow].findIndex((weight) => Math.abs(weight) === largest);
  const row = kernel[pivotRow];
  const column = kernel.map((line) => line[pivotCol] / row[pivotCol]);
  const close = (weight, product) => Math.abs(weight - product) <= 1e-14 * largest;
  const isProduct = kernel.every((line, r) => line.every((weight, c) => close(weight, column[r] * row[c])));
  return isProduct ? { column, row } : null;
}

/**
 * The shifted copies to add up: how far each is shifted, and its weight. Cells that hold 0 need none;
 * three copies are added at a time, so their number is filled up to a multiple of three.
 */
function copies(weights, shifts) {
  const used = weights.map((weight, i) => [weight, shifts[i]]).filter(([weight]) => weight !== 0);
  while (used.length % 3) used.push([0, 0]);
  return { weights: Float64Array.from(used, ([weight]) => weight), shifts: Int32Array.from(used, ([, shift]) => shift) };
}

function addCopies(sums, length, source, start, { weights, shifts }) {
  for (let i = 0; i < weights.length; i += 3) {
    const a = weights[i], b = weights[i + 1], c = weights[i + 2];
    const fromA = start + shifts[i], fromB = start + shifts[i + 1], fromC = start + shifts[i + 2];
    for (let col = 0; col < length; col++) sums[col] += a * source[fromA + col] + b * source[fromB + col] + c * source[fromC + col];
  }
}

/** A function that writes one row of output sums, the quicker of the two ways for this kernel. */
function rowFilter(kernel, paddedCols, cols) {
  const indices = (count, step = 1) => Array.from({ length: count }, (_, i) => i * step);
  const [height, width] = shapeOf(kernel);
  const all = copies(kernel.flat(), kernel.flatMap((line, row) => line.map((_, col) => row * paddedCols + col)));
  const sums = new Float64Array(cols);
  const separated = separate(kernel);
  const down = separated && copies(separated.column, indices(height, paddedCols));
  const across = separated && copies(separated.row, indices(width));
  if (!separated || down.weights.length + across.weights.length >= all.weights.length)
    return (padded, row) => {
      sums.fill(0);
      addCopies(sums, cols, padded, row * paddedCols, all);
      return sums;
    };
  const columns = new Float64Array(paddedCols);
  return (padded, row) => {
    columns.fill(0);
    addCopies(columns, paddedCols, padded, row * paddedCols, down);
    sums.fill(0);
    addCopies(sums, cols, columns, 0, across);
    return sums;
  };
}

/**
 * A cross-correlation that can be done a few rows at a time, so that a page never stands still.
 * @param {Picture} picture
 * @param {Grid} kernel laid on the picture as it is; flip it before for a convolution
 * @param {string} mode one of BORDER_MODES
 * @returns {{result: Picture, advance: (rows: number) => boolean}} `advance` does some rows and says whether all are done
 */
export function startCrossCorrelation(picture, kernel, mode) {
  const shape = shapeOf(kernel);
  const ghosts = ghostsAround(shape, mode);
  const [paddedRows, paddedCols] = [picture.rows, picture.cols].map((size, axis) => size + ghosts[axis][0] + ghosts[axis][1]);
  const [rows, cols] = [paddedRows - shape[0] + 1, paddedCols - shape[1] + 1];
  if (rows < 1 || cols < 1)
    throw new Misfit(
      `A kernel of ${shape[0]} × ${shape[1]} cells fits nowhere in a picture of ${picture.rows} × ${picture.cols} pixels: ` +
      "use a smaller kernel, or a border that is filled.",
      [["fill the border with zeros", { mode: "zeros" }]],
    );
  const result = { rows, cols, channels: picture.channels.map(() => new Float32Array(rows * cols)) };
  const filterRow = rowFilter(kernel, paddedCols, cols);
  let done = 0;
  let padded = null;
  return {
    result,
    advance(count) {
      for (let i = 0; i < count && done < rows * picture.channels.length; i++, done++) {
        const channel = Math.floor(done / rows);
        const row = done % rows;
        if (row === 0) padded = padChannel(picture.channels[channel], picture, ghosts, mode);
        result.channels[channel].set(filterRow(padded, row), row * cols);
      }
      return done === rows * picture.channels.length;
    },
  };
}

/** The whole cross-correlation at once. @param {Picture} picture @param {Grid} kernel @returns {Picture} */
export function crossCorrelate(picture, kernel, mode) {
  const work = startCrossCorrelation(picture, kernel, mode);
  work.advance(Infinity);
  return work.result;
}

/** √(a² + b²), pixel by pixel: how steep a picture is, from its steepness across and down. */
export function magnitude(across, down) {
  const channels = across.channels.map((channel, i) => {
    const other = down.channels[i];
    const lengths = new Float32Array(channel.length);
    for (let at = 0; at < channel.length; at++) lengths[at] = Math.sqrt(channel[at] * channel[at] + other[at] * other[at]);
    return lengths;
  });
  return { ...across, channels };
}

/** Rounding leaves this much beside 0 and 255, which is no clipping. */
const DUST = 1e-3;

/**
 * The range of a result and how many pixels a screen cannot show; a colour pixel counts where any channel does.
 * @param {Picture} picture
 * @returns {{min: number, max: number, below: number, above: number, clipped: number, pixels: number}}
 */
export function summarise({ rows, cols, channels }) {
  let min = Infinity;
  let max = -Infinity;
  let below = 0;
  let above = 0;
  let clipped = 0;
  const pixels = rows * cols;
  for (const channel of channels)
    for (let i = 0; i < pixels; i++) {
      const value = channel[i];
      if (value < min) min = value;
      if (value > max) max = value;
    }
  if (min < -DUST || max > 255 + DUST)
    for (let i = 0; i < pixels; i++) {
      let low = false;
      let high = false;
      for (const channel of channels) {
        if (channel[i] < -DUST) low = true;
        else if (channel[i] > 255 + DUST) high = true;
      }
      if (low) below++;
      if (high) above++;
      if (low || high) clipped++;
    }
  return { min, max, below, above, clipped, pixels };
}

/**
 * The value that the screen shows for a value of the result: 0 … 255, or −1 … 1 on the signed scale.
 * @param {"clipped" | "rescaled" | "signed"} show
 * @param {{min: number, max: number}} range
 * @returns {(value: number) => number}
 */
export function toShown(show, { min, max }) {
  if (show === "signed") {
    const largest = Math.max(Math.abs(min), Math.abs(max)) || 1;
    return (value) => value / largest;
  }
  if (show === "rescaled" && max > min) return (value) => ((value - min) / (max - min)) * 255;
  return (value) => Math.min(Math.max(value, 0), 255);
}

/** @typedef {{paper: number[], negative: number[], positive: number[]}} Palette red, green and blue of the signed scale */

/** Red, green and blue on the signed scale for a share of −1 … 1. @param {number} share @param {Palette} palette */
export function signedColour(share, { paper, negative, positive }) {
  const end = share < 0 ? negative : positive;
  return paper.map((from, i) => from + Math.abs(share) * (end[i] - from));
}

const SIGNED_STEPS = 255;

/** A table of the signed scale, three bytes a step from −1 to 1. @param {Palette} palette */
function signedTable(palette) {
  const table = new Uint8ClampedArray(3 * (2 * SIGNED_STEPS + 1));
  for (let step = -SIGNED_STEPS; step <= SIGNED_STEPS; step++)
    table.set(signedColour(step / SIGNED_STEPS, palette), 3 * (step + SIGNED_STEPS));
  return table;
}

/**
 * Writes a picture into the bytes of an ImageData. A grey picture on the signed scale gets the palette's
 * colours; in a colour picture each channel is drawn around a middle grey, which stands for 0.
 * @param {Picture} picture
 * @param {Uint8ClampedArray} bytes red, green, blue and alpha of every pixel
 * @param {"clipped" | "rescaled" | "signed"} show
 * @param {{min: number, max: number}} range
 * @param {Palette} palette
 */
export function paintPixels(picture, bytes, show, range, palette) {
  const { rows, cols, channels } = picture;
  const shown = toShown(show, range);
  const pixels = rows * cols;
  if (show === "signed" && channels.length === 1) {
    const table = signedTable(palette);
    for (let i = 0; i < pixels; i++) {
      const at = 3 * (Math.round(shown(channels[0][i]) * SIGNED_STEPS) + SIGNED_STEPS);
      bytes[4 * i] = table[at];
      bytes[4 * i + 1] = table[at + 1];
      bytes[4 * i + 2] = table[at + 2];
      bytes[4 * i + 3] = 255;
    }
    return;
  }
  const toByte = show === "signed" ? (value) => 127.5 + 127.5 * shown(value) : shown;
  const [red, green, blue] = channels.length === 1 ? [channels[0], null, null] : channels;
  for (let i = 0; i < pixels; i++) {
    const byte = toByte(red[i]);
    bytes[4 * i] = byte;
    bytes[4 * i + 1] = green ? toByte(green[i]) : byte;
    bytes[4 * i + 2] = blue ? toByte(blue[i]) : byte;
    bytes[4 * i + 3] = 255;
  }
}

/**
 * What lies under the kernel when its middle is on one pixel.
 * @param {Picture} picture
 * @param {[number, number]} kernelShape
 * @param {string} mode
 * @param {number} row @param {number} col the pixel; of an even kernel's two middle cells the second lies on it
 * @returns {{values: (number | null)[][][], ghost: boolean[][], fits: boolean}} one grid for each channel; which cells lie outside, where "valid" has no values (null) and no output
 */
export function windowAt(picture, kernelShape, mode, row, col) {
  const ghosts = kernelShape.map((size) => ghostCells("same", size));
  const [rowsUnder, colsUnder] = [[picture.rows, row], [picture.cols, col]].map(([size, at], axis) => {
    const [before, after] = ghosts[axis];
    return [...fillings(size, [before, after], mode).subarray(at, at + kernelShape[axis])]
      .map((cell, i) => ({ cell, outside: at + i < before || at + i >= size + before }));
  });
  const ghost = rowsUnder.map((r) => colsUnder.map((c) => r.outside || c.outside));
  const read = (channel) => rowsUnder.map((r, i) => colsUnder.map((c, j) =>
    mode === "valid" && ghost[i][j] ? null : r.cell < 0 || c.cell < 0 ? 0 : channel[r.cell * picture.cols + c.cell]));
  return { values: picture.channels.map(read), ghost, fits: mode !== "valid" || !ghost.flat().some(Boolean) };
}

/** A part of a picture. @param {Picture} picture @returns {Picture} */
export function crop({ cols, channels }, top, left, rows, width) {
  const cut = (channel) => {
    const part = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++) part.set(channel.subarray((top + row) * cols + left, (top + row) * cols + left + width), row * width);
    return part;
  };
  return { rows, cols: width, channels: channels.map(cut) };
}
