/**
 * The arithmetic of filtering photographs. A picture is a list of channels, one for grey and three for
 * colour, each a Float32Array that holds row after row.
 *
 * Cross-correlation is computed as a sum of shifted copies: for each cell of the kernel, the whole row
 * of the picture that lies under it, times its weight, is added to the output row. Three or nine cells
 * that stand side by side in the kernel are done at once, because then a pixel is read once and handed
 * on from weight to weight. Sums are kept in double precision and rounded once.
 */

import { ghostCells, ghostSource } from "./convolution.mjs";
import { shapeOf } from "./convolution2d.mjs";
import { Misfit } from "./misfit.mjs";
import { SIGNED_STEPS, signedTable } from "./signed_scale.mjs";

/** @typedef {import("./signed_scale.mjs").Palette} Palette */

/** @typedef {{rows: number, cols: number, channels: (Float32Array | Float64Array)[]}} Picture */
/** @typedef {number[][]} Grid */

/** How the border is treated: the padding modes, or only the positions where the kernel fits. */
export const BORDER_MODES = ["zeros", "reflect", "symmetric", "edge", "wrap", "valid"];

/** Rec. 709 luminance, as in skimage.color.rgb2gray. */
const LUMINANCE = [0.2125, 0.7154, 0.0721];

/**
 * A picture in one channel of whole numbers, so that they are easy to read.
 * @param {Picture} picture
 * @returns {Picture}
 */
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

/** What `addNine` may read beyond the last cell, for weights that only fill a group up. */
const SPARE = 8;

/** A channel with its ghost cells, in double precision. */
function padChannel(channel, { rows, cols }, around, mode) {
  const [aboveBelow, [left, right]] = around;
  const fromRow = fillings(rows, aboveBelow, mode);
  const fromCol = fillings(cols, [left, right], mode);
  const width = fromCol.length;
  const ghosts = [...fromCol.keys()].filter((col) => (col < left || col >= left + cols) && fromCol[col] >= 0);
  const padded = new Float64Array(fromRow.length * width + SPARE);
  fromRow.forEach((from, row) => {
    if (from < 0) return;
    const line = channel.subarray(from * cols, (from + 1) * cols);
    padded.set(line, row * width + left);
    for (const col of ghosts) padded[row * width + col] = line[fromCol[col]];
  });
  return padded;
}

/**
 * The kernel's cells in groups of nine or three that stand side by side, filled up with zeros. Groups of
 * nothing but zeros are left out.
 * @returns {{shift: number, weights: number[]}[]} shift: from the window's first cell to the group's, in the padded
 * picture
 */
function groupsOf(kernel, paddedCols) {
  return kernel.flatMap((line, row) => {
    const groups = [];
    for (let col = 0; col < line.length; ) {
      const size = line.length - col > 6 ? 9 : 3;
      const weights = Array.from({ length: size }, (_, i) => line[col + i] ?? 0);
      if (weights.some((weight) => weight !== 0)) groups.push({ shift: row * paddedCols + col, weights });
      col += size;
    }
    return groups;
  });
}

/** @param {number[]} weights */
function addThree(sums, source, start, weights) {
  const [a, b, c] = weights;
  let x = source[start],
    y = source[start + 1];
  for (let col = 0, next = start + 2; col < sums.length; col++, next++) {
    const z = source[next];
    sums[col] += a * x + b * y + c * z;
    x = y;
    y = z;
  }
}

/** @param {number[]} weights */
function addNine(sums, source, start, weights) {
  const [a, b, c, d, e, f, g, h, i] = weights;
  let q = source[start],
    r = source[start + 1],
    s = source[start + 2],
    t = source[start + 3];
  let u = source[start + 4],
    v = source[start + 5],
    w = source[start + 6],
    x = source[start + 7];
  for (let col = 0, next = start + 8; col < sums.length; col++, next++) {
    const y = source[next];
    sums[col] += a * q + b * r + c * s + d * t + e * u + f * v + g * w + h * x + i * y;
    q = r;
    r = s;
    s = t;
    t = u;
    u = v;
    v = w;
    w = x;
    x = y;
  }
}

/**
 * A cross-correlation that can be done a few rows at a time, so that a page never stands still.
 * @param {Picture} picture
 * @param {Grid} kernel laid on the picture as it is; flip it before for a convolution
 * @param {string} mode one of BORDER_MODES
 * @returns {{result: Picture, advance: (rows: number) => boolean}} `advance` does some rows and says whether all are
 * done
 */
export function startCrossCorrelation(picture, kernel, mode) {
  const shape = shapeOf(kernel);
  const ghosts = ghostsAround(shape, mode);
  const [paddedRows, paddedCols] = [picture.rows, picture.cols].map(
    (size, axis) => size + ghosts[axis][0] + ghosts[axis][1],
  );
  const [rows, cols] = [paddedRows - shape[0] + 1, paddedCols - shape[1] + 1];
  if (rows < 1 || cols < 1)
    throw new Misfit(
      `A kernel of ${shape[0]} × ${shape[1]} cells fits nowhere in a picture of ${picture.rows} × ` +
        `${picture.cols} pixels: ` +
        "use a smaller kernel, or a border that is filled.",
      [["fill the border with zeros", { mode: "zeros" }]],
    );
  const result = { rows, cols, channels: picture.channels.map(() => new Float32Array(rows * cols)) };
  const groups = groupsOf(kernel, paddedCols);
  const sums = new Float64Array(cols);
  let done = 0;
  let padded = null;
  return {
    result,
    advance(count) {
      for (let i = 0; i < count && done < rows * picture.channels.length; i++, done++) {
        const channel = Math.floor(done / rows);
        const row = done % rows;
        if (row === 0) padded = padChannel(picture.channels[channel], picture, ghosts, mode);
        sums.fill(0);
        for (const { shift, weights } of groups)
          (weights.length === 3 ? addThree : addNine)(sums, padded, row * paddedCols + shift, weights);
        result.channels[channel].set(sums, row * cols);
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
    for (let at = 0; at < channel.length; at++)
      lengths[at] = Math.sqrt(channel[at] * channel[at] + other[at] * other[at]);
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

/**
 * Writes a picture into the bytes of an ImageData. A grey picture on the signed scale gets the palette's
 * colours; in a colour picture each channel is drawn around a middle grey, which stands for 0.
 * @param {Picture} picture
 * @param {Uint8ClampedArray} bytes red, green, blue and alpha of every pixel
 * @param {"clipped" | "rescaled" | "signed"} show
 * @param {{min: number, max: number}} [range] for what is not clipped
 * @param {Palette} [palette] for the signed scale
 */
export function paintPixels(picture, bytes, show, range, palette) {
  const { rows, cols, channels } = picture;
  const pixels = new Uint32Array(bytes.buffer, 0, rows * cols);
  if (show === "signed" && channels.length === 1) {
    const table = signedTable(palette);
    const scale = toShown(show, range)(1) * SIGNED_STEPS;
    const [values] = channels;
    for (let i = 0; i < pixels.length; i++) pixels[i] = table[Math.round(values[i] * scale) + SIGNED_STEPS];
    return;
  }
  const [red, green, blue] = channels.map((values) => toBytes(values, show, range));
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = green ? 0xff000000 | (blue[i] << 16) | (green[i] << 8) | red[i] : 0xff000000 | (red[i] * 0x010101);
}

/** Shades of a channel. */
function toBytes(values, show, range) {
  // A clamped array rounds what it gets, and cuts it off at 0 and 255.
  if (show === "clipped" || (show === "rescaled" && range.max === range.min)) return new Uint8ClampedArray(values);
  const shown = toShown(show, range); // a straight line
  const [offset, scale] = show === "signed" ? [127.5, 127.5 * shown(1)] : [shown(0), shown(1) - shown(0)];
  const bytes = new Uint8ClampedArray(values.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = offset + scale * values[i];
  return bytes;
}

/**
 * What lies under the kernel when its middle is on one pixel.
 * @param {Picture} picture
 * @param {[number, number]} kernelShape
 * @param {string} mode
 * @param {number} row @param {number} col the pixel; of an even kernel's two middle cells the second lies on it
 * @returns {{values: (number | null)[][][], ghost: boolean[][], fits: boolean}} one grid for each channel; which cells
 * lie outside, where "valid" has no values (null) and no output
 */
export function windowAt(picture, kernelShape, mode, row, col) {
  const ghosts = kernelShape.map((size) => ghostCells("same", size));
  const [rowsUnder, colsUnder] = [
    [picture.rows, row],
    [picture.cols, col],
  ].map(([size, at], axis) => {
    const [before, after] = ghosts[axis];
    return [...fillings(size, [before, after], mode).subarray(at, at + kernelShape[axis])].map((cell, i) => ({
      cell,
      outside: at + i < before || at + i >= size + before,
    }));
  });
  const ghost = rowsUnder.map((r) => colsUnder.map((c) => r.outside || c.outside));
  const read = (channel) =>
    rowsUnder.map((r, i) =>
      colsUnder.map((c, j) =>
        mode === "valid" && ghost[i][j] ? null : r.cell < 0 || c.cell < 0 ? 0 : channel[r.cell * picture.cols + c.cell],
      ),
    );
  return { values: picture.channels.map(read), ghost, fits: mode !== "valid" || !ghost.flat().some(Boolean) };
}

/** A part of a picture. @param {Picture} picture @returns {Picture} */
export function crop({ cols, channels }, top, left, rows, width) {
  const cut = (channel) => {
    const part = new Float32Array(rows * width);
    for (let row = 0; row < rows; row++)
      part.set(channel.subarray((top + row) * cols + left, (top + row) * cols + left + width), row * width);
    return part;
  };
  return { rows, cols: width, channels: channels.map(cut) };
}

/**
 * The middle square of a grey picture, cut down to so many pixels a side: each is the mean of those it stands for,
 * rounded.
 * @param {Picture} picture @param {number} side at most as many as the picture has
 */
export function middleSquare({ rows, cols, channels: [grey] }, side) {
  const square = Math.min(rows, cols);
  const [top, left] = [rows, cols].map((size) => Math.floor((size - square) / 2));
  const edges = Array.from({ length: side + 1 }, (_, i) => Math.floor((i * square) / side));
  const pixels = new Float64Array(side * side);
  for (let r = 0; r < side; r++)
    for (let c = 0; c < side; c++) {
      let sum = 0;
      for (let row = edges[r]; row < edges[r + 1]; row++)
        for (let col = edges[c]; col < edges[c + 1]; col++) sum += grey[(top + row) * cols + left + col];
      pixels[r * side + c] = Math.floor(sum / ((edges[r + 1] - edges[r]) * (edges[c + 1] - edges[c])) + 0.5);
    }
  return pixels;
}
