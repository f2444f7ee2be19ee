/** Pooling's pictures: maps as pixels, with the present window on them. */

import { paintPixels } from "../arithmetic/image.mjs";
import { drawOn } from "../card/canvas.mjs";
import { h, setText } from "../card/dom.mjs";
import { draggable } from "../card/drag.mjs";

const SHOWN = {
  forward: ["map", "output"],
  backward: ["map", "gradient"],
  shift: ["output", "movedOutput", "difference"],
};

const within = (value, most) => Math.min(Math.max(value, 0), most);
const largestOf = ({ values }) => values.reduce((most, value) => Math.max(most, value), 0) || 1;

/**
 * A map with a frame on it that a pointer moves.
 * @param {string} name its class
 * @param {(row: number, col: number) => void} choose the cell of this map under the pointer
 */
function createPicture(name, choose) {
  const canvas = h("canvas", { role: "img" });
  const mark = h("span.po-mark", { "aria-hidden": "true" });
  const frame = h("div.po-frame", {}, canvas, mark);
  const caption = h("figcaption");
  const element = h(`figure.po-picture.${name}`, {}, frame, caption);
  let size = { rows: 1, cols: 1 };
  const cellAt = (distance, length, count) => within(Math.floor((distance / length) * count), count - 1);
  const pick = ({ clientX, clientY }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    choose(cellAt(clientY - top, height, size.rows), cellAt(clientX - left, width, size.cols));
  };
  const press = (event) => {
    pick(event);
    return event;
  };
  draggable(frame, press, pick, () => {}, { waits: true });

  let drawn = [];
  return {
    element,
    /**
     * @param {import("../arithmetic/pool2d.mjs").FeatureMap} map
     * @param {object} look
     * @param {string} look.words
     * @param {number} look.largest what is drawn full
     * @param {any} [look.palette] draws signs in two colours
     * @param {{row: number, col: number, rows: number, cols: number}} look.at the frame
     */
    show(map, { words, largest, palette = null, at }) {
      const { rows, cols, values } = map;
      size = map;
      setText(caption, words);
      canvas.setAttribute("aria-label", words);
      const edges = { left: at.col / cols, width: at.cols / cols, top: at.row / rows, height: at.rows / rows };
      for (const [edge, share] of Object.entries(edges)) mark.style.setProperty(edge, `${100 * share}%`);
      const now = [values, largest, palette];
      if (now.every((value, i) => value === drawn[i])) return;
      drawn = now;
      const range = { min: palette ? -largest : 0, max: largest };
      const picture = { rows, cols, channels: [values] };
      const look = palette ? "signed" : "rescaled";
      drawOn(canvas, rows, cols, (bytes) => paintPixels(picture, bytes, look, range, palette));
    },
  };
}

/**
 * The pictures of a photograph's map, what comes out, and what becomes of a gradient or of a shift.
 * @param {(row: number, col: number) => void} chooseInput a cell of x
 * @param {(row: number, col: number) => void} goTo a window
 */
export function createPictures(chooseInput, goTo) {
  const pictures = {
    map: createPicture("map", chooseInput),
    gradient: createPicture("gradient", chooseInput),
    output: createPicture("output", goTo),
    movedOutput: createPicture("moved-output", goTo),
    difference: createPicture("difference", goTo),
  };
  const element = h("div.po-pictures", {}, ...Object.values(pictures).map((picture) => picture.element));
  const size = ({ rows, cols }) => `${rows} × ${cols}`;
  return {
    element,
    /** @param {any} state @param {any} now all that is on show @param {() => any} readPalette */
    show(state, { map, window: at, options, output, movedOutput, place, changes, gradient }, readPalette) {
      const names = SHOWN[state.view];
      for (const [name, picture] of Object.entries(pictures)) picture.element.hidden = !names.includes(name);
      element.style.setProperty("--count", names.length);
      const largest = largestOf(map);
      const frame = { row: at.row, col: at.col, rows: options.pool[0], cols: options.pool[1] };
      const cell = { ...place, rows: 1, cols: 1 };
      const called = state.kernel === "identity" ? "photograph" : "feature map";
      if (names.includes("map")) pictures.map.show(map, { words: `x: ${called}, ${size(map)}`, largest, at: frame });
      if (names.includes("output")) pictures.output.show(output, { words: `y: ${size(output)}`, largest, at: cell });
      if (state.view === "backward") {
        const way = { ...map, values: gradient };
        const words = "∂L/∂x where every ∂L/∂y is 1";
        pictures.gradient.show(way, { words, largest: largestOf(way), at: frame });
      } else if (state.view === "shift") {
        pictures.movedOutput.show(movedOutput, { words: "y of x shifted by one", largest, at: cell });
        const { differences } = changes[state.kind];
        pictures.difference.show(differences, { words: "difference", largest, palette: readPalette(), at: cell });
      }
    },
  };
}

/**
 * The part of a map around a window, null beyond its border.
 * @returns {{top: number, left: number, grid: (number | null)[][]}}
 */
export function around(map, { row, col }, [rows, cols], margin) {
  const [top, left] = [row - margin, col - margin];
  const isInside = (r, c) => r >= 0 && r < map.rows && c >= 0 && c < map.cols;
  const value = (r, c) => (isInside(r, c) ? map.values[r * map.cols + c] : null);
  const line = (i) => Array.from({ length: cols + 2 * margin }, (_, j) => value(top + i, left + j));
  return { top, left, grid: Array.from({ length: rows + 2 * margin }, (_, i) => line(i)) };
}
