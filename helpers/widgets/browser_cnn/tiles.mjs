/** Kernels and maps as rows of tiles, each tile a grid of values in the colours of the signed scale. */

import { SIGNED_STEPS } from "../arithmetic/signed_scale.mjs";
import { drawOn } from "../card/canvas.mjs";
import { h } from "../card/dom.mjs";

/** Canvas pixels for one of the page, so that edges stay sharp on fine screens. */
const FINE = 2;
const GAP = 4;

export const largestIn = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;

/**
 * Pictures of the same size beside each other on one canvas, each with rows and columns of values.
 * @param {((map: number, row: number, col: number) => void) | null} pick a click on a cell
 */
export function createTiles(pick = null) {
  const canvas = h("canvas");
  const element = h("div.bc-tiles", { role: "img" }, canvas);
  let laid = null;

  if (pick) {
    canvas.classList.add("bc-pick");
    canvas.addEventListener("click", (event) => {
      const box = canvas.getBoundingClientRect();
      const [x, y] = [
        ((event.clientX - box.left) / box.width) * canvas.width,
        ((event.clientY - box.top) / box.height) * canvas.height,
      ];
      const { pitch, perRow, count, cell, rows, cols } = laid;
      const [down, across] = [Math.floor(y / pitch), Math.floor(x / pitch)];
      const map = down * perRow + across;
      const [row, col] = [Math.floor((y - down * pitch) / cell), Math.floor((x - across * pitch) / cell)];
      if (across < perRow && map < count && row < rows && col < cols) pick(map, row, col);
    });
  }

  return {
    element,
    /**
     * @param {{count: number, rows: number, cols: number, tile: number, perRow?: number}} layout `tile` in CSS pixels
     * @param {(map: number, row: number, col: number) => number} read NaN for nothing
     * @param {number} largest what gets the full colour @param {Uint32Array} table the signed scale
     * @param {string} line the colour of the lines around them
     */
    paint({ count, rows, cols, tile, perRow = count }, read, largest, table, line) {
      const cell = Math.max(1, Math.floor((FINE * tile) / Math.max(rows, cols)));
      const pitch = FINE * (tile + GAP);
      const across = Math.min(perRow, count);
      const [width, height] = [across * pitch - FINE * GAP, Math.ceil(count / across) * pitch - FINE * GAP];
      laid = { count, rows, cols, perRow: across, cell, pitch };
      drawOn(canvas, height, width, (bytes) => {
        const pixels = new Uint32Array(bytes.buffer);
        for (let map = 0; map < count; map++) {
          const corner = Math.floor(map / across) * pitch * width + (map % across) * pitch;
          for (let row = 0; row < rows; row++)
            for (let col = 0; col < cols; col++) {
              const value = read(map, row, col);
              if (Number.isNaN(value)) continue;
              const share = Math.max(-1, Math.min(1, value / largest));
              const colour = table[SIGNED_STEPS + Math.round(SIGNED_STEPS * share)];
              const start = corner + row * cell * width + col * cell;
              for (let y = 0; y < cell; y++) pixels.fill(colour, start + y * width, start + y * width + cell);
            }
        }
      });
      const context = canvas.getContext("2d");
      Object.assign(context, { strokeStyle: line, lineWidth: FINE });
      for (let map = 0; map < count; map++)
        context.strokeRect(
          (map % across) * pitch + FINE / 2,
          Math.floor(map / across) * pitch + FINE / 2,
          cols * cell - FINE,
          rows * cell - FINE,
        );
      const size = `${Math.round(width / FINE)}px`;
      if (canvas.style.width !== size) canvas.style.width = size;
    },
    /**
     * Outlines cells.
     * @param {{map: number, row: number, col: number, rows?: number, cols?: number}[]} places @param {string} colour
     */
    mark(places, colour) {
      const context = canvas.getContext("2d");
      Object.assign(context, { strokeStyle: colour, lineWidth: 1.5 * FINE });
      const { pitch, perRow, cell } = laid;
      for (const { map, row, col, rows = 1, cols = 1 } of places)
        context.strokeRect(
          (map % perRow) * pitch + col * cell,
          Math.floor(map / perRow) * pitch + row * cell,
          cols * cell,
          rows * cell,
        );
    },
    name: (words) => element.setAttribute("aria-label", words),
  };
}

/** Tiles are smaller where there are many of them. */
export const tileOf = (count) => (count <= 4 ? 56 : count <= 8 ? 40 : 20);

/** A kernel of several channels is drawn as a square of its slices. */
export function kernelLayout([height, width], channels, filters, tile = tileOf(filters)) {
  const side = Math.ceil(Math.sqrt(channels));
  return {
    layout: { count: filters, rows: side * (height + 1) - 1, cols: side * (width + 1) - 1, tile },
    /** @param {ArrayLike<number>} weights (height, width, channels, filters), flat */
    read: (weights) => (filter, row, col) => {
      const [i, j] = [row % (height + 1), col % (width + 1)];
      const channel = Math.floor(row / (height + 1)) * side + Math.floor(col / (width + 1));
      return i === height || j === width || channel >= channels
        ? NaN
        : weights[((i * width + j) * channels + channel) * filters + filter];
    },
  };
}
