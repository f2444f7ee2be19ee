/** Pooling's numbers: x with its window, y or the gradients beside it, and x one column further. */

import { around } from "./drawing.mjs";
import { requireSmall, shareOf } from "./state.mjs";
import { nameCell } from "./words.mjs";
import { shapeOf } from "../arithmetic/convolution2d.mjs";
import { number } from "../arithmetic/format.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { toGrid } from "../arithmetic/pool2d.mjs";
import { showValue } from "../card/cells.mjs";
import { h } from "../card/dom.mjs";
import { editableGrid, largestIn, plainGrid, slidingWindow } from "../card/grid.mjs";

/** Cells around a window of a photograph that are shown with it. */
const MARGIN = 1;

/** A window larger than this on a photograph is looked at as pixels only. */
const MOST_SHOWN = 6;

const NUMBERS = {
  forward: ["image", "output"],
  backward: ["image", "gradient", "upstream"],
  shift: ["image", "moved", "output", "movedOutput", "difference"],
};
/** Of a photograph, what lies around the window; the rest is pixels. */
const AROUND = { forward: ["image"], backward: ["image", "gradient"], shift: ["image", "moved"] };

const blank = (value) => (Number.isNaN(value) ? "" : number(value));
const brief = (value) => number(value, 3);
const sameCell = (one, other) => one.row === other.row && one.col === other.col;
const isIn = (cells, place) => cells.some((cell) => sameCell(cell, place));
const filled = (rows, cols, value) =>
  Array.from({ length: rows }, (_, row) => Array.from({ length: cols }, (_, col) => value(row, col)));

/** The upstream gradient as a grid. */
const upstreamOf = ({ output, upstream }) => toGrid({ ...output, values: Float64Array.from(upstream) });

/**
 * @param {any} store
 * @param {() => any} scene all that is on show
 * @param {(row: number, col: number) => void} goTo shows another window
 */
export function createFigures(store, scene, goTo) {
  const refuse = (sentence) => store.refuse(sentence);
  const image = editableGrid({
    label: "x: arrow keys go from cell to cell, paste a block of numbers to fill it",
    name: (row, col) => nameCell("x", { row, col }),
    read: () => store.state.image,
    write: (grid) => store.propose({ image: grid }),
    check: (grid) => requireSmall("image", grid),
    refuse,
    print: blank,
  });
  const window = slidingWindow(image, goTo);
  const upstream = editableGrid({
    label: "upstream gradient ∂L/∂y: arrow keys go from cell to cell, paste a block of numbers to fill it",
    name: (row, col) => `∂L/∂${nameCell("y", { row, col })}`,
    read: () => upstreamOf(scene()),
    write: (grid) => store.propose({ upstream: grid }),
    check: requireOutputShape,
    refuse,
  });
  upstream.element.addEventListener("focusin", ({ target }) => {
    if ("row" in target.dataset) goTo(Number(target.dataset.row), Number(target.dataset.col));
  });
  const crop = plainGrid({ label: "x around the window" });
  const gradient = plainGrid({ label: "∂L/∂x" });
  const moved = plainGrid({ label: "x shifted by one" });
  const [output, movedOutput, difference] = ["y", "y of the shifted x", "the difference"].map((label) =>
    plainGrid({ label, choose: goTo }),
  );

  const figure = (place, name, words, ...grids) =>
    h(
      `div.po-figure.${place}`,
      {},
      h("div.po-name", {}, h("b", {}, name), " ", words),
      ...grids.map((grid) => grid.element),
    );
  const figures = {
    image: figure("image", "x", "", image, crop),
    moved: figure("moved", "x", "shifted by one", moved),
    gradient: figure("gradient", "∂L/∂x", "", gradient),
    output: figure("output", "y", "", output),
    upstream: figure("upstream", "∂L/∂y", "", upstream),
    movedOutput: figure("moved-output", "y", "shifted", movedOutput),
    difference: figure("difference", "Δy", "change", difference),
  };
  const side = (...names) => h("div.po-side", {}, ...names.map((name) => figures[name]));
  const element = h(
    "div.po-numbers",
    {},
    side("image", "moved", "gradient"),
    side("output", "upstream", "movedOutput", "difference"),
  );

  function requireOutputShape(grid) {
    requireSmall("upstream", grid);
    const [rows, cols] = shapeOf(grid);
    const { output: y } = scene();
    if (rows === y.rows && cols === y.cols) return;
    const fits = `∂L/∂y has one for each window, ${y.rows} × ${y.cols}`;
    throw new Misfit(`This block has ${rows} × ${cols} numbers: ${fits}.`);
  }

  /** Marks a cell that lies in the window, and those that won in it. */
  function markWindow(cell, place, { cells, winners }, isJudged) {
    cell.classList.toggle("in-window", isIn(cells, place));
    cell.classList.toggle("won", isJudged && sameCell(winners[0], place));
    cell.classList.toggle("tied", isJudged && isIn(winners.slice(1), place));
  }

  /** Marks a cell of ∂L/∂x: one that is asked for, or those that get the window's gradient alone. */
  function markGradient(cell, place, { window: at, options, target }, ties, shown) {
    const isAsked = !shown && sameCell(target, place);
    markWindow(cell, place, at, false);
    cell.classList.toggle("waiting", isAsked);
    cell.classList.toggle("now", isAsked || (shown && options.kind === "max" && shareOf(options, ties, at, place) > 0));
    if (isAsked) showValue(cell, "?");
  }

  function paintImage({ image: values }, { down, across, window: at, options }, isJudged) {
    /** @type {[number, number]} */
    const before = [down.before, across.before];
    const padded = filled(down.padded, across.padded, (row, col) => values[row - before[0]]?.[col - before[1]] ?? NaN);
    image.show(values, {
      padded,
      before,
      each(cell, row, col) {
        const isIgnored = row >= down.padded - down.left || col >= across.padded - across.left;
        markWindow(cell, { row: row - before[0], col: col - before[1] }, at, isJudged);
        cell.classList.toggle("ignored", isIgnored);
        const isGhost = cell.classList.contains("ghost");
        cell.title = isGhost ? "filler: no number" : isIgnored ? "no window reaches this cell" : "";
      },
    });
    const [lastRow, lastCol] = [down, across].map((axis) => (axis.output - 1) * axis.stride);
    window.show(
      {
        row: at.row + before[0],
        col: at.col + before[1],
        lastRow,
        lastCol,
        stride: options.stride,
        dilation: [1, 1],
        kernel: filled(down.kernel, across.kernel, () => 0),
      },
      null,
    );
  }

  /** The part of a map around a window of it. */
  function paintAround(grid, map, at, { options }, each) {
    const { top, left, grid: part } = around(map, at, options.pool, MARGIN);
    grid.show(part, {
      largest: largestIn(part.map((line) => line.map((value) => value ?? 0))),
      print: brief,
      each(cell, row, col) {
        cell.classList.toggle("ghost", part[row][col] === null);
        each(cell, { row: top + row, col: left + col });
      },
    });
  }

  /** y: what the steps so far have given or, for a shift, all of it. */
  function paintOutputs(state, now, isFound) {
    const isKnown = (index) => (state.answer === "hidden" ? isFound(index) : state.view === "shift" || index <= now.at);
    const fill = (grid, { rows, cols, values }, isThere) =>
      grid.show(
        filled(rows, cols, (row, col) => (isThere(row * cols + col) ? values[row * cols + col] : null)),
        {
          largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
          each(cell, row, col) {
            const index = row * cols + col;
            cell.classList.toggle("now", index === now.at);
            cell.classList.toggle("waiting", !isThere(index));
            if (index === now.at && !isThere(index)) showValue(cell, "?");
          },
        },
      );
    if (state.view === "forward") fill(output, now.output, isKnown);
    else if (state.view === "shift") {
      fill(output, now.output, () => true);
      fill(movedOutput, now.movedOutput, isKnown);
      fill(difference, now.changes[state.kind].differences, isKnown);
    } else {
      const { cols } = now.output;
      upstream.show(upstreamOf(now), {
        each: (cell, row, col) => cell.classList.toggle("now", row * cols + col === now.at),
      });
    }
  }

  /** How many columns of cells stand side by side: of x, and in all. */
  function layOut(state, { across, options, map, isNumbers }) {
    const wide = isNumbers ? across.padded : options.pool[1] + 2 * MARGIN;
    const beside = state.view === "forward" ? 0 : isNumbers ? map.cols : wide;
    const outputs = isNumbers ? (state.view === "shift" ? 3 : 1) * across.output : 0;
    element.style.setProperty("--wide", wide);
    element.style.setProperty("--tall", options.pool[0] + 2 * MARGIN);
    element.style.setProperty("--across", wide + beside + outputs + 1);
  }

  return {
    element,
    /**
     * @param {any} state @param {any} now all that is on show
     * @param {boolean} shown whether the reader may see what the step gives
     * @param {(index: number) => boolean} isFound whether the reader has found what a step gives
     */
    show(state, now, shown, isFound) {
      const { isNumbers, map, options } = now;
      const isTooLarge = !isNumbers && Math.max(...options.pool) > MOST_SHOWN;
      const names = isTooLarge ? [] : (isNumbers ? NUMBERS : AROUND)[state.view];
      for (const [name, { hidden }] of Object.entries(figures))
        if (hidden === names.includes(name)) figures[name].hidden = !hidden;
      image.element.hidden = !isNumbers;
      crop.element.hidden = isNumbers;
      layOut(state, now);
      if (isTooLarge) return;
      const isMax = options.kind === "max";
      const isJudged = isMax && (shown || state.view === "shift");
      const markMoved = (cell, place) => markWindow(cell, place, now.movedWindow, isMax && shown);
      const markGrad = (cell, place) => markGradient(cell, place, now, state.ties, shown);
      if (!isNumbers) {
        paintAround(crop, map, now.window, now, (cell, place) => markWindow(cell, place, now.window, isJudged));
        if (state.view === "shift") paintAround(moved, now.moved, now.movedWindow, now, markMoved);
        const way = { ...map, values: now.gradient };
        if (state.view === "backward") paintAround(gradient, way, now.window, now, markGrad);
        return;
      }
      paintImage(state, now, isJudged);
      if (state.view === "shift") {
        const largest = largestIn(state.image);
        moved.show(toGrid(now.moved), { largest, each: (cell, row, col) => markMoved(cell, { row, col }) });
      } else if (state.view === "backward") {
        const held = toGrid({ ...map, values: shown ? now.gradient : now.before });
        const largest = largestIn([now.upstream]);
        gradient.show(held, { largest, each: (cell, row, col) => markGrad(cell, { row, col }) });
      }
      paintOutputs(state, now, isFound);
    },
  };
}
