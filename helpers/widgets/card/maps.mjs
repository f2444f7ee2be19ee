/**
 * Feature maps side by side in one picture: cells that can be pointed at, clicked, and walked with the arrow keys;
 * marks around cells and windows. A layer without rows and columns is one line of cells.
 */

import { SIGNED_STEPS, signedTable } from "../arithmetic/signed_scale.mjs";
import { drawOn } from "./canvas.mjs";
import { h, resize } from "./dom.mjs";
import { place, svg } from "./svg.mjs";

/**
 * @typedef {{row: number, col: number, channel: number}} MapCell
 * @typedef {{top: number, left: number, bottom: number, right: number, channel: number}} Area
 */

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The pixels of the signed scale, once for each palette. */
const tables = new WeakMap();

/** @param {import("../arithmetic/signed_scale.mjs").Palette} palette */
export function tableOf(palette) {
  if (!tables.has(palette)) tables.set(palette, signedTable(palette));
  return tables.get(palette);
}

/** Paints ink from 0 to 1: dark on paper, or bright on it where the theme is dark. */
export function paintInk(canvas, ink, rows, cols, { paper }) {
  const full = paper[0] < 128 ? 255 : 0;
  drawOn(canvas, rows, cols, (bytes) => {
    for (let i = 0; i < ink.length; i++) {
      bytes[4 * i] = bytes[4 * i + 1] = bytes[4 * i + 2] = full;
      bytes[4 * i + 3] = Math.round(255 * Math.min(1, Math.max(0, ink[i])));
    }
  });
}

/**
 * @param {object} options
 * @param {string} options.label what the picture shows
 * @param {number} options.perLine so many maps in a line
 * @param {number} [options.gap] cells between maps
 * @param {(cell: MapCell) => void} [options.pick] a click, or a step by keyboard; without it nothing can be picked
 * @param {boolean} [options.whole] whether the arrow keys go from map to map, not from cell to cell
 * @param {(cell: MapCell | null) => void} [options.look] where the mouse is
 */
export function createMaps({ label, perLine, gap = 1, pick, whole = false, look = () => {} }) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const marks = svg("svg", { preserveAspectRatio: "none", "aria-hidden": "true" });
  const role = pick ? { role: "application", tabindex: 0, "aria-roledescription": "feature maps" } : { role: "img" };
  const element = h("div.cv-maps", { ...role, "aria-label": label }, canvas, marks);
  let [rows, cols, channels] = [1, 1, 1];
  let now = null; // the marked cell

  const across = () => Math.min(perLine, channels);
  const size = () => ({
    width: across() * (cols + gap) - gap,
    height: Math.ceil(channels / perLine) * (rows + gap) - gap,
  });
  const originOf = (channel) => ({
    top: Math.floor(channel / perLine) * (rows + gap),
    left: (channel % perLine) * (cols + gap),
  });

  /** The cell at a place of the picture; null between maps. */
  function cellAt(y, x) {
    const [line, place] = [Math.floor(y / (rows + gap)), Math.floor(x / (cols + gap))];
    const [row, col] = [Math.floor(y - line * (rows + gap)), Math.floor(x - place * (cols + gap))];
    const channel = line * perLine + place;
    const isMap = line >= 0 && place >= 0 && place < perLine && channel < channels;
    return isMap && row < rows && col < cols ? { row, col, channel } : null;
  }
  function cellUnder({ clientX, clientY }) {
    const box = element.getBoundingClientRect();
    const { width, height } = size();
    return cellAt(((clientY - box.top) / box.height) * height, ((clientX - box.left) / box.width) * width);
  }

  if (pick) {
    element.addEventListener("pointermove", (event) => event.pointerType === "mouse" && look(cellUnder(event)));
    element.addEventListener("pointerleave", () => look(null));
    element.addEventListener("click", (event) => {
      const cell = cellUnder(event);
      if (cell) pick(cell);
    });
    element.addEventListener("keydown", (event) => {
      const by = ARROWS[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (!now) return pick({ row: rows >> 1, col: cols >> 1, channel: 0 });
      if (whole) {
        const channel = now.channel + by[0] * perLine + by[1];
        return channel >= 0 && channel < channels ? pick({ ...now, channel }) : undefined;
      }
      const { top, left } = originOf(now.channel);
      // Past the border of a map the next one begins; the gap between them is stepped over.
      for (const far of [1, 1 + gap]) {
        const cell = cellAt(top + now.row + far * by[0], left + now.col + far * by[1]);
        if (cell) return pick(cell);
      }
    });
  }

  return {
    element,
    /**
     * @param {ArrayLike<number>} values one after the other: row, column, map
     * @param {number[]} shape rows, columns and maps, or a number of units
     * @param {number} largest the value of full colour
     * @param {import("../arithmetic/signed_scale.mjs").Palette} palette
     */
    show(values, shape, largest, palette) {
      [rows, cols, channels] = shape.length === 1 ? [1, 1, shape[0]] : shape;
      const { width, height } = size();
      element.style.aspectRatio = `${width} / ${height}`;
      place(marks, { viewBox: `0 0 ${width} ${height}` });
      const table = tableOf(palette);
      const scale = largest > 0 ? SIGNED_STEPS / largest : 0;
      drawOn(canvas, height, width, (bytes) => {
        const pixels = new Uint32Array(bytes.buffer);
        for (let channel = 0; channel < channels; channel++) {
          const { top, left } = originOf(channel);
          for (let row = 0; row < rows; row++)
            for (let col = 0; col < cols; col++) {
              const share = Math.round(scale * values[(row * cols + col) * channels + channel]);
              const step = Math.min(Math.max(share, -SIGNED_STEPS), SIGNED_STEPS);
              pixels[(top + row) * width + left + col] = table[step + SIGNED_STEPS];
            }
        }
      });
    },
    /**
     * @param {MapCell | null} cell which one is looked into
     * @param {Area[]} [windows] what it is made from
     * @param {string} [spoken] what the cell is, for a screen reader
     */
    mark(cell, windows = [], spoken = "") {
      now = cell;
      const boxes = windows.map((area) => ({ ...area, kind: "window" }));
      if (cell) {
        const { row, col, channel } = cell;
        boxes.push({ top: row, bottom: row, left: col, right: col, channel, kind: "now" });
      }
      resize(marks, boxes.length, () => svg("rect", { "vector-effect": "non-scaling-stroke" }));
      boxes.forEach((box, i) => {
        const { top, left } = originOf(box.channel);
        place(marks.children[i], {
          class: box.kind,
          x: left + box.left,
          y: top + box.top,
          width: box.right - box.left + 1,
          height: box.bottom - box.top + 1,
        });
      });
      if (pick) element.setAttribute("aria-label", spoken ? `${label}: ${spoken}` : label);
    },
  };
}
