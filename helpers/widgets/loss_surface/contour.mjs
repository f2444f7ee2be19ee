/** The loss from above: bands between level lines, found by marching squares, and what is drawn on them. */

import { createSlice, RANGES } from "./slice.mjs";

/** The picture's side in its own units, and the cells in which the loss is looked at. */
export const SIDE = 400;
export const CELLS = 100;

/** Four level lines for each power of ten: 10^0.5, 10^0.25, 1, … 0.001. */
export const LEVELS = Array.from({ length: 15 }, (_, i) => 10 ** ((2 - i) / 4));

/** Below the last level nothing is drawn; the floor keeps the logarithm finite at the optimum, where the loss is 0. */
const FLOOR = 1e-4;

let grid = null;
/** The loss at (CELLS + 1)² points, computed once for all copies of the widget. */
export const lossGrid = () => (grid ??= createSlice().paint(CELLS));

/** A point of the plane in the picture's units. @param {number[]} point */
export const place = ([w, b]) => [
  (SIDE * (w - RANGES[0][0])) / (RANGES[0][1] - RANGES[0][0]),
  (SIDE * (RANGES[1][1] - b)) / (RANGES[1][1] - RANGES[1][0]),
];

/** The point of the plane at a share of the picture's width and height, kept within it. @returns {[number, number]} */
export const pointAt = (across, down) => [
  RANGES[0][0] + Math.min(Math.max(across, 0), 1) * (RANGES[0][1] - RANGES[0][0]),
  RANGES[1][1] - Math.min(Math.max(down, 0), 1) * (RANGES[1][1] - RANGES[1][0]),
];

/**
 * The regions where a grid of values is below a level, as closed lines of [col, row].
 *
 * The grid is taken to be high all around, so that every line closes along the border. Walking round a cell clockwise,
 * a line starts at the edge where one leaves the region and ends where one enters it again; the cell beyond that
 * edge takes it up from there.
 * @param {ArrayLike<number>} values (cells + 1)² of them, row by row
 * @param {number} cells
 * @param {number} level
 * @returns {[number, number][][]}
 */
export function regionsBelow(values, cells, level) {
  const size = cells + 1;
  const isInGrid = (row, col) => row >= 0 && col >= 0 && row < size && col < size;
  const at = (row, col) => (isInGrid(row, col) ? values[row * size + col] : Infinity);
  const clamp = (index) => Math.min(Math.max(index, 0), cells);
  const next = new Map(); // from the edge where a piece starts to the edge where it ends
  const crossings = new Map();

  /** Notes where the level crosses the edge from a node to the next one, and names the edge. */
  /** @param {number[]} one @param {number[]} other */
  function cross([row, col], [row2, col2]) {
    const key = 2 * ((Math.min(row, row2) + 1) * (size + 2) + Math.min(col, col2) + 1) + Number(row !== row2);
    if (!crossings.has(key)) {
      const [from, to] = [at(row, col), at(row2, col2)];
      const share = to === Infinity ? 0 : from === Infinity ? 1 : (level - from) / (to - from);
      crossings.set(key, [
        clamp(col) + share * (clamp(col2) - clamp(col)),
        clamp(row) + share * (clamp(row2) - clamp(row)),
      ]);
    }
    return key;
  }

  for (let row = -1; row < size; row++) {
    for (let col = -1; col < size; col++) {
      const heights = [at(row, col), at(row, col + 1), at(row + 1, col + 1), at(row + 1, col)];
      const lows =
        Number(heights[0] < level) +
        Number(heights[1] < level) +
        Number(heights[2] < level) +
        Number(heights[3] < level);
      if (lows === 0 || lows === 4) continue; // as for almost all cells
      const corners = [
        [row, col],
        [row, col + 1],
        [row + 1, col + 1],
        [row + 1, col],
      ];
      const below = heights.map((height) => height < level);
      const exits = [0, 1, 2, 3].filter((i) => below[i] && !below[(i + 1) % 4]);
      // Two exits: a saddle. Its middle says whether the two low corners belong together.
      const joined = exits.length === 2 && heights.reduce((sum, height) => sum + height, 0) / 4 < level;
      for (const exit of exits) {
        let entry = exit;
        const turn = joined ? 1 : 3;
        do entry = (entry + turn) % 4;
        while (!(!below[entry] && below[(entry + 1) % 4]));
        next.set(cross(corners[exit], corners[(exit + 1) % 4]), cross(corners[entry], corners[(entry + 1) % 4]));
      }
    }
  }
  return closeLines(next, crossings);
}

/** Follows each line from piece to piece until it is back at its beginning. */
function closeLines(next, crossings) {
  const lines = [];
  while (next.size) {
    const line = [];
    let [key] = next.keys();
    while (next.has(key)) {
      line.push(crossings.get(key));
      const following = next.get(key);
      next.delete(key);
      key = following;
    }
    lines.push(line);
  }
  return lines;
}

let drawn = null;
/** For every level, the outline of the region below it, as the `d` of an SVG path. @returns {string[]} */
export function levelOutlines() {
  if (drawn) return drawn;
  const logs = Float64Array.from(lossGrid(), (loss) => Math.log10(Math.max(loss, FLOOR)));
  const scale = SIDE / CELLS;
  const outline = (line) =>
    `M${line.map(([col, row]) => `${(col * scale).toFixed(1)} ${(row * scale).toFixed(1)}`).join("L")}Z`;
  drawn = LEVELS.map((level) => regionsBelow(logs, CELLS, Math.log10(level)).map(outline).join(""));
  return drawn;
}

/** How many levels lie above a loss: 0 on the plain, `LEVELS.length` around the optimum. */
export function depthOf(loss) {
  let depth = 0;
  while (depth < LEVELS.length && loss < LEVELS[depth]) depth++;
  return depth;
}
