/**
 * Grids of numbers: to look at, to edit, with ghost cells and indices around them, and with a window
 * that slides over them. A grid is a list of rows; positions are `row, col`, never x and y.
 *
 * Grids take their cell size from `--cv-cell` and their gap from `--cv-gap`, so a widget's style sheet
 * decides how large they are.
 */

import { editableCell, largestOf, showValue, tint } from "./cells.mjs";
import { draggable } from "./drag.mjs";
import { h, prefersStillness, resize, setText } from "./dom.mjs";
import { number, plural } from "../arithmetic/format.mjs";
import { parseGrid } from "../arithmetic/reading.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";

/** @typedef {number[][]} Grid */

/** The largest magnitude in a grid: what gets the full tint. @param {Grid} grid */
export const largestIn = (grid) => largestOf(grid.flat());

/** How a screen reader calls a place. @param {number} row @param {number} col */
const placeOf = (row, col) => `row ${number(row)}, column ${number(col)}`;

/**
 * A grid to look at.
 * @param {object} [options]
 * @param {string} [options.label] what it is called by a screen reader
 * @param {(row: number, col: number) => void} [options.choose] makes the cells something to click
 */
export function plainGrid({ label, choose } = {}) {
  const element = h("div.cv-grid", { role: "group", "aria-label": label });
  if (choose) {
    element.classList.add("cv-choose");
    element.addEventListener("click", (event) => {
      const index = [...element.children].indexOf(event.target.closest(".cv-cell"));
      if (index >= 0) choose(Math.floor(index / columns), index % columns);
    });
  }
  let columns = 0;
  return {
    element,
    /** @param {number} row @param {number} col */
    cellAt: (row, col) => element.children[row * columns + col],

    /**
     * @param {(number | null)[][]} values null leaves a cell empty
     * @param {object} [options]
     * @param {number} [options.largest] what gets the full tint
     * @param {(value: number) => string} [options.print] how a number is written
     * @param {(cell: HTMLElement, row: number, col: number) => void} [options.each] for classes and titles
     */
    show(values, { largest = largestIn(values), print = number, each } = {}) {
      columns = values[0].length;
      element.style.setProperty("--cols", columns);
      resize(element, values.length * columns, () => h("div.cv-cell"));
      values.forEach((line, row) =>
        line.forEach((value, col) => {
          const cell = element.children[row * columns + col];
          showValue(cell, value === null ? "" : print(value), placeOf(row, col));
          tint(cell, value ?? 0, largest);
          each?.(cell, row, col);
        }),
      );
    },
  };
}

/**
 * A grid whose numbers the reader edits, with ghost cells around them where there are any.
 *
 * It is one stop of the Tab key; inside, the arrow keys go from cell to cell, and with Shift, up and down
 * change a number by one. A block of numbers pasted into any cell, or typed as rows ("1 2; 3 4"), fills
 * the whole grid.
 *
 * @param {object} options
 * @param {string} options.label what it is called by a screen reader
 * @param {(row: number, col: number) => string} options.name of a cell, "x[0, 1]"
 * @param {() => Grid} options.read
 * @param {(grid: Grid) => boolean} options.write tries a grid; returns whether it fits
 * @param {(sentence: string) => void} options.refuse
 * @param {(grid: Grid) => void} [options.check] throws Misfit at a block that can never fit
 * @param {(value: number) => string} [options.print] how a number is written
 */
export function editableGrid({ label, name, read, write, refuse, check = () => {}, print = number }) {
  const element = h("div.cv-grid.cv-editing", { role: "group", "aria-label": label });
  const editors = new Map(); // "row,col" -> editable cell
  let layout = "";
  let active = [0, 0];

  const editorAt = (row, col) => editors.get(`${row},${col}`);
  const withValue = (row, col, value) => read().with(row, read()[row].with(col, value));

  /** Takes up a block: one row fills the grid in reading order, several rows replace it. */
  function fill(block) {
    const [rows, cols] = [read().length, read()[0].length];
    const list = block[0];
    let grid = block;
    if (block.length === 1 && rows > 1) {
      if (list.length !== rows * cols) {
        refuse(
          `${plural(list.length, "number")} in one row do not fill ${rows} × ${cols} cells: use ${rows * cols} ` +
            "numbers, or one line for each row.",
        );
        return false;
      }
      grid = Array.from({ length: rows }, (_, row) => list.slice(row * cols, (row + 1) * cols));
    }
    try {
      check(grid);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      refuse(error.message);
      return false;
    }
    return write(grid);
  }

  function makeEditor(row, col) {
    const cell = editableCell({
      label: name(row, col),
      // What was pasted may have made the grid smaller than this cell's place, which it then leaves.
      read: () => read()[row]?.[col] ?? 0,
      write: (value) => read()[row]?.[col] !== undefined && write(withValue(row, col, value)),
      parseAll: parseGrid,
      writeAll: fill,
      refuse,
      print,
    });
    cell.element.addEventListener("focus", () => makeActive(row, col));
    cell.element.dataset.row = row;
    cell.element.dataset.col = col;
    return cell;
  }

  /** Only one cell takes part in the order of the Tab key. */
  function makeActive(row, col) {
    const before = editorAt(...active);
    if (before) before.element.tabIndex = -1;
    active = [row, col];
    editorAt(row, col).element.tabIndex = 0;
  }

  element.addEventListener(
    "keydown",
    (event) => {
      const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      const input = event.target;
      if (!by || !("row" in input.dataset) || event.ctrlKey || event.metaKey || event.altKey) return;
      const { row, col } = input.dataset;
      if (event.shiftKey) return; // the cell's own: one more, one less, or selecting text
      event.stopPropagation();
      const inside = !(input.selectionStart === 0 && input.selectionEnd === input.value.length);
      const atEdge = by[1] < 0 ? input.selectionEnd === 0 : input.selectionStart === input.value.length;
      if (by[1] && inside && !atEdge) return;
      event.preventDefault();
      editorAt(Number(row) + by[0], Number(col) + by[1])?.element.focus();
    },
    true,
  );

  /** Lays the cells out anew, ghosts and all; whoever was typing goes on doing so. */
  function layOut(rows, cols, [above, left], [allRows, allCols]) {
    const now = [rows, cols, above, left, allRows, allCols].join();
    if (now === layout) return;
    layout = now;
    const busy = element.contains(element.ownerDocument.activeElement) ? element.ownerDocument.activeElement : null;
    const cells = [];
    for (let row = -above; row < allRows - above; row++)
      for (let col = -left; col < allCols - left; col++) {
        const inside = row >= 0 && row < rows && col >= 0 && col < cols;
        if (inside && !editorAt(row, col)) editors.set(`${row},${col}`, makeEditor(row, col));
        cells.push(inside ? editorAt(row, col).element : h("div.cv-cell.ghost"));
      }
    for (const key of [...editors.keys()]) {
      const [row, col] = key.split(",").map(Number);
      if (row >= rows || col >= cols) editors.delete(key);
      else editorAt(row, col).element.tabIndex = -1;
    }
    const overlays = [...element.querySelectorAll(":scope > .cv-window")];
    element.replaceChildren(...cells, ...overlays);
    element.style.setProperty("--cols", allCols);
    makeActive(Math.min(active[0], rows - 1), Math.min(active[1], cols - 1));
    if (busy?.isConnected) busy.focus({ preventScroll: true });
  }

  let width = 0;
  return {
    element,
    /** @param {number} row @param {number} col counted from the first ghost */
    cellAt: (row, col) => element.children[row * width + col],

    /**
     * @param {Grid} values
     * @param {object} [options]
     * @param {Grid} [options.padded] the values with their ghosts
     * @param {[number, number]} [options.before] ghosts above and to the left
     * @param {number} [options.largest] what gets the full tint
     * @param {(cell: HTMLElement, row: number, col: number) => void} [options.each] for classes; positions counted from
     * the first ghost
     */
    show(values, { padded = values, before = [0, 0], largest = largestIn(padded), each } = {}) {
      width = padded[0].length;
      layOut(values.length, values[0].length, before, [padded.length, width]);
      padded.forEach((line, row) =>
        line.forEach((value, col) => {
          const cell = element.children[row * width + col];
          const editor = cell.classList.contains("ghost") ? null : editorAt(row - before[0], col - before[1]);
          if (editor) editor.show(value);
          else showValue(cell, print(value), `ghost cell, ${placeOf(row - before[0], col - before[1])}`);
          tint(cell, value, largest);
          each?.(cell, row, col);
        }),
      );
    },
  };
}

/**
 * A frame around a grid, with the numbers of its rows and columns.
 * @param {{element: HTMLElement}} grid
 */
export function withIndices(grid) {
  const rows = h("div.cv-indices.rows", { "aria-hidden": "true" });
  const cols = h("div.cv-indices.cols", { "aria-hidden": "true" });
  const paint = (box, count, first) => {
    resize(box, count, () => h("span"));
    [...box.children].forEach((mark, i) => setText(mark, number(i + first)));
  };
  return {
    element: h("div.cv-indexed", {}, cols, rows, grid.element),
    /**
     * @param {[number, number]} counts rows and columns
     * @param {[number, number]} [first] the number of the first ones
     */
    show([rowCount, colCount], first = [0, 0]) {
      paint(rows, rowCount, first[0]);
      paint(cols, colCount, first[1]);
    },
  };
}

/** How far the pointer may move before a click has become a drag. */
const CLICK_PX = 4;

/**
 * A window that lies over a grid and is dragged across it. Where a touch begins sideways or on the grip, the
 * window follows the finger; where it begins up or down, the page scrolls. A click goes to the cell below.
 *
 * @param {{element: HTMLElement, cellAt: (row: number, col: number) => HTMLElement}} grid
 * @param {(row: number, col: number) => void} choose the position, in strides, that the pointer is nearest to
 */
export function slidingWindow(grid, choose) {
  const grip = h("span.cv-grip");
  const cells = h("div.cv-window-cells");
  const element = h("div.cv-window", { "aria-hidden": "true" }, cells, grip);
  grid.element.append(element);

  let position = { row: 0, col: 0, lastRow: 0, lastCol: 0, stride: [1, 1] };

  const pitch = () => {
    const { width } = grid.element.firstElementChild.getBoundingClientRect();
    return width + parseFloat(getComputedStyle(grid.element).columnGap);
  };
  const place = (row, col) => {
    element.style.setProperty("--row", row);
    element.style.setProperty("--col", col);
  };
  const within = (value, most) => Math.min(Math.max(value, 0), most);

  draggable(
    element,
    (event) => {
      event.preventDefault(); // the focus stays where it is, unless this turns out to be a click
      return { x: event.clientX, y: event.clientY, row: position.row, col: position.col, pitch: pitch(), moved: false };
    },
    (event, from) => {
      const [right, down] = [event.clientX - from.x, event.clientY - from.y];
      from.moved ||= Math.hypot(right, down) > CLICK_PX;
      if (!from.moved) return;
      const row = within(from.row + down / from.pitch, position.lastRow);
      const col = within(from.col + right / from.pitch, position.lastCol);
      place(row, col);
      choose(Math.round(row / position.stride[0]), Math.round(col / position.stride[1]));
    },
    (event, from) => {
      // A finger that scrolls the page has moved the window a little at first: it goes back.
      if (event.type === "pointercancel" && from.moved)
        choose(Math.round(from.row / position.stride[0]), Math.round(from.col / position.stride[1]));
      place(position.row, position.col);
      if (event.type === "pointerup" && !from.moved) cellBelow(event)?.focus();
    },
  );

  function cellBelow({ clientX, clientY }) {
    /** @type {NodeListOf<HTMLInputElement>} */
    const cells = grid.element.querySelectorAll("input.cv-cell");
    return [...cells].find((cell) => {
      const { left, right, top, bottom } = cell.getBoundingClientRect();
      return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    });
  }

  return {
    element,
    /**
     * @param {object} at
     * @param {number} at.row first row that it covers, counted from the first ghost
     * @param {number} at.col
     * @param {number} at.lastRow the furthest it goes
     * @param {number} at.lastCol
     * @param {[number, number]} at.stride
     * @param {[number, number]} at.dilation
     * @param {Grid} at.kernel
     * @param {((weight: number) => string) | null} [print] how the kernel's numbers are written into its cells, if at
     * all
     */
    show(at, print = number) {
      position = at;
      const { kernel, dilation } = at;
      element.style.setProperty("--rows", kernel.length);
      element.style.setProperty("--cols", kernel[0].length);
      element.style.setProperty("--gaps-down", dilation[0] - 1);
      element.style.setProperty("--gaps-across", dilation[1] - 1);
      element.classList.toggle("spread", dilation[0] > 1 || dilation[1] > 1);
      resize(cells, kernel.flat().length, () => h("span"));
      kernel.flat().forEach((weight, i) => setText(cells.children[i], print ? `×${print(weight)}` : ""));
      if (!element.classList.contains("dragging")) place(at.row, at.col);
    },
    /** The elements that a turn by 180° moves. */
    turning: { element: cells, upright: () => [...cells.children] },
  };
}

/**
 * Turns a grid by 180° from what it was, its numbers staying upright.
 * @param {HTMLElement} element
 * @param {Element[]} upright what is in it
 */
export function halfTurn(element, upright) {
  if (prefersStillness()) return;
  const timing = { duration: 900, easing: "ease-in-out" };
  element.animate([{ transform: "rotate(-180deg)" }, { transform: "rotate(0deg)" }], timing);
  for (const cell of upright) cell.animate([{ transform: "rotate(180deg)" }, { transform: "rotate(0deg)" }], timing);
}

/**
 * Scrolls the stage sideways, where it is wider than the screen, so that a part of it can be seen.
 * @param {HTMLElement} stage
 * @param {HTMLElement} first the part's leftmost element
 * @param {HTMLElement} last its rightmost
 */
export function keepVisible(stage, first, last) {
  if (stage.scrollWidth <= stage.clientWidth) return;
  const outer = stage.getBoundingClientRect();
  const [from, to] = [first.getBoundingClientRect().left, last.getBoundingClientRect().right];
  if (from >= outer.left && to <= outer.right) return;
  stage.scrollBy({
    left: (from + to) / 2 - (outer.left + outer.right) / 2,
    behavior: prefersStillness() ? "auto" : "smooth",
  });
}
