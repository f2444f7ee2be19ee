/**
 * Pictures of windows over a padded input: a grid in two dimensions, a row in one. Cells are drawn
 * one by one where there is room for them, and as areas to scale where there is not.
 */

import { draggable } from "./drag.mjs";
import { h, resize, setText } from "./dom.mjs";
import { uses } from "../arithmetic/sizes.mjs";

/** Beyond this many rows or columns single cells can no longer be told apart. */
export const MOST_CELLS = 40;

/** Beyond this many columns the numbers of the cells are left out. */
const MOST_INDICES = 20;

/** Bars below each other that can be told apart. */
const MOST_BARS = 12;

/** One row, as an axis, so that a row of cells is a grid too. */
const SINGLE = {
  size: 1,
  kernel: 1,
  stride: 1,
  dilation: 1,
  before: 0,
  after: 0,
  span: 1,
  padded: 1,
  room: 0,
  output: 1,
  left: 0,
};

/** Puts an element at a place that is counted in cells. */
function place(element, { left = 0, top = 0, width = 1, height = 1 }) {
  for (const [name, value] of Object.entries({ left, top, width, height }))
    element.style.setProperty(`--${name}`, value);
}

/** Whether any of the windows `from` to `to` reads each cell of an axis. */
const readBy = (axis, from, to) =>
  uses(axis, Math.max(from, 0), Math.min(to, axis.output - 1)).map((count) => count > 0);

/**
 * A grid of cells, or the area that it takes, with room for what lies on top.
 * @param {string} name its class
 */
function createGrid(name) {
  const cells = h("div.wd-cells");
  const areas = h("div");
  const element = h(`div.wd-grid.${name}`, {}, areas, cells);
  return {
    element,
    cells,
    /**
     * @param {number} rows
     * @param {number} cols
     * @param {(row: number, col: number) => [string, string?, number?]} describe a cell's class, text and tint
     * @param {[string, object][]} instead areas with their classes and places, where cells are too many
     */
    paint(rows, cols, describe, instead) {
      element.style.setProperty("--rows", rows);
      element.style.setProperty("--cols", cols);
      const single = rows <= MOST_CELLS && cols <= MOST_CELLS;
      element.classList.toggle("coarse", !single);
      resize(cells, single ? rows * cols : 0, () => h("div"));
      resize(areas, single ? 0 : instead.length, () => h("div"));
      if (!single)
        instead.forEach(([kind, where], i) => {
          areas.children[i].className = `wd-area ${kind}`;
          place(areas.children[i], where);
        });
      else
        for (let row = 0; row < rows; row += 1)
          for (let col = 0; col < cols; col += 1) {
            const cell = cells.children[row * cols + col];
            const [kind, text = "", amount = 0] = describe(row, col);
            cell.className = `wd-cell ${kind}`;
            setText(cell, text);
            cell.style.setProperty("--amount", `${Math.round(amount)}%`);
          }
    },
  };
}

/**
 * The padded input with the window on it.
 * @param {(at: [number, number]) => void} pick called while the window is dragged, with its position in the output
 */
export function createInput(pick) {
  const grid = createGrid("wd-input");
  const outline = h("div.wd-window", { "aria-hidden": "true" });
  grid.element.append(outline);

  let now;
  draggable(
    outline,
    (event) => {
      if (!now.open) return null;
      const pitch = grid.element.getBoundingClientRect().width / now.cols.padded;
      return { x: event.clientX, y: event.clientY, at: now.at, pitch };
    },
    (event, from) => {
      const nearest = (axis, start, by) =>
        Math.min(Math.max(Math.round(start + by / from.pitch / axis.stride), 0), axis.output - 1);
      /** @type {[number, number]} */
      const at = [
        nearest(now.rows, from.at[0], event.clientY - from.y),
        nearest(now.cols, from.at[1], event.clientX - from.x),
      ];
      if (at.some((index, i) => index !== now.at[i])) pick(at);
    },
  );

  return {
    element: grid.element,
    /**
     * @param {object} picture
     * @param {import("../arithmetic/sizes.mjs").Axis} [picture.rows]
     * @param {import("../arithmetic/sizes.mjs").Axis} picture.cols
     * @param {[number, number]} picture.at the window, by its row and column in the output
     * @param {boolean} picture.open whether it may be seen how far the windows reach
     * @param {boolean} picture.usage whether each cell of the input says how many windows read it
     */
    paint(picture) {
      now = { rows: SINGLE, ...picture };
      const {
        rows,
        cols,
        at: [i, j],
        open,
        usage,
      } = now;
      const counts = [uses(rows), uses(cols)];
      const above = readBy(rows, 0, i - 1);
      const level = readBy(rows, i, i);
      const leftwards = readBy(cols, 0, j);
      const here = readBy(cols, j, j);
      const most = Math.max(...counts[0]) * Math.max(...counts[1]);
      const outside = ({ before, size }, k) => k < before || k >= before + size;
      const legible = cols.padded <= MOST_INDICES && rows.padded <= MOST_INDICES;

      /** @param {number} row @param {number} col @returns {[string, string?, number?]} */
      function describe(row, col) {
        const count = counts[0][row] * counts[1][col];
        const ghost = outside(rows, row) || outside(cols, col);
        const kinds = [ghost ? "ghost" : ""];
        if (open && count === 0) kinds.push("unread");
        if (level[row] && here[col]) kinds.push("inside");
        else if (!usage && (above[row] ? counts[1][col] > 0 : level[row] && leftwards[col])) kinds.push("seen");
        if (!usage || ghost) return [kinds.join(" "), ghost && legible ? "0" : ""];
        return [`${kinds.join(" ")} counted`, legible ? String(count) : "", (45 * count) / most];
      }

      const { left: below } = rows;
      const { left: right } = cols;
      grid.paint(rows.padded, cols.padded, describe, [
        ["ghost", { width: cols.padded, height: rows.padded }],
        ["input", { left: cols.before, top: rows.before, width: cols.size, height: rows.size }],
        ["unread", { left: cols.padded - right, width: open ? right : 0, height: rows.padded }],
        ["unread", { top: rows.padded - below, width: cols.padded - right, height: open ? below : 0 }],
      ]);
      place(outline, { left: j * cols.stride, top: i * rows.stride, width: cols.span, height: rows.span });
      outline.classList.toggle("movable", open);
    },
  };
}

/**
 * The output with the cell that the present window fills.
 * @param {(at: [number, number]) => void} pick
 */
export function createOutput(pick) {
  const grid = createGrid("wd-output");
  const mark = h("div.wd-mark");
  grid.element.append(mark);
  let width = 1;
  grid.cells.addEventListener("click", (event) => {
    const index = [...grid.cells.children].indexOf(event.target);
    if (index >= 0) pick([Math.floor(index / width), index % width]);
  });
  return {
    element: grid.element,
    /** @param {{rows: number, cols: number, at: [number, number]}} picture */
    paint({ rows, cols, at: [i, j] }) {
      width = cols;
      /** @param {number} row @param {number} col @returns {[string]} */
      const describe = (row, col) => [
        row === i && col === j ? "now" : row < i || (row === i && col < j) ? "filled" : "",
      ];
      grid.paint(rows, cols, describe, [["input", { width: cols, height: rows }]]);
      place(mark, { left: j, top: i });
    },
  };
}

/**
 * A row of cells with every window as a bar below it, and below the bars the output.
 * @param {(at: [number, number]) => void} pick
 */
export function createRow(pick) {
  const indices = h("div.wd-indices");
  const input = createInput(pick);
  const bars = h("div.wd-bars");
  const output = h("div.wd-track");
  const element = h("div.wd-row", {}, indices, input.element, bars, output);

  /** In how many lines the bars stand: one below the other as long as they are few. */
  function lines({ output: count, span, stride }) {
    if (count <= 8) return count;
    return Math.max(Math.ceil(span / stride), 2);
  }

  function paintBar(bar, axis, index, line, at) {
    place(bar, { left: index * axis.stride, top: line, width: axis.span });
    bar.className = `wd-bar ${index === at ? "now" : index < at ? "seen" : ""}`;
    // With dilation the bar is a line, and only what the kernel reads is thick.
    const reads = axis.dilation > 1 && axis.kernel > 1 ? axis.kernel : 0;
    bar.classList.toggle("dilated", reads > 0);
    resize(bar, reads, () => h("span"));
    [...bar.children].forEach((read, k) => place(read, { left: k * axis.dilation }));
  }

  return {
    element,
    /**
     * @param {object} picture
     * @param {import("../arithmetic/sizes.mjs").Axis} picture.axis
     * @param {number} picture.at the window
     * @param {boolean} picture.open
     * @param {boolean} picture.usage
     * @param {[number, number]} [picture.room] cells before and after the input to leave room for, so that rows line up
     */
    paint({ axis, at, open, usage, room = [axis.before, axis.after] }) {
      element.style.setProperty("--shift", room[0] - axis.before);
      element.style.setProperty("--across", room[0] + axis.size + room[1]);
      element.style.setProperty("--cols", axis.padded);
      input.paint({ cols: axis, at: [0, at], open, usage });
      resize(indices, axis.padded <= MOST_INDICES ? axis.padded : 0, () => h("span"));
      [...indices.children].forEach((label, i) => setText(label, String(i - axis.before).replace("-", "−")));

      const few = lines(axis) <= MOST_BARS && axis.output <= 400;
      const shown = open && few ? axis.output : 1;
      resize(bars, shown, () => h("div"));
      bars.style.setProperty("--lines", open && few ? lines(axis) : 1);
      [...bars.children].forEach((bar, i) => {
        if (shown === 1) paintBar(bar, axis, at, 0, at);
        else paintBar(bar, axis, i, i % lines(axis), at);
      });

      const single = axis.padded <= MOST_CELLS;
      output.hidden = !open || !single;
      resize(output, open && single ? axis.output : 0, (i) => h("div.wd-cell", { onclick: () => pick([0, i]) }));
      [...output.children].forEach((cell, i) => {
        place(cell, { left: i * axis.stride + (axis.span - 1) / 2 });
        cell.className = `wd-cell ${i === at ? "now" : i < at ? "filled" : ""}`;
      });
    },
  };
}
