/** The loupe of ImageFilter: the pixels in the window, the weights that lie on them, the products and their sum. */

import { part, segmented } from "../card/controls.mjs";
import { h, setText, steadyHeight } from "../card/dom.mjs";
import { exact, factor } from "../arithmetic/format.mjs";
import { plainGrid } from "../card/grid.mjs";
import { windowAt } from "../arithmetic/image.mjs";
import { sumsAt } from "./state.mjs";
import { brief, describeLoupe, describeShown, evenly, precise, writeFormula } from "./words.mjs";

const COLOURS = ["red", "green", "blue"];

/** From this luminance on, black is easier to read on a colour than white. */
const BRIGHT = 0.179;

/** A sum of more terms scrolls in a box. */
const SHORT_SUM = 9;

/** The luminance of a colour, as the guidelines for accessible contrast define it. @param {number[]} rgb */
function luminance(rgb) {
  const [red, green, blue] = rgb.map((value) =>
    value <= 10.31 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Colours a cell as its pixel is. @param {(number | null)[]} channels one value, or red, green and blue */
function shade(cell, channels, outside) {
  cell.classList.toggle("ghost", outside);
  cell.style.background = cell.style.color = "";
  if (channels[0] === null) return;
  const rgb = channels.length === 3 ? channels : Array(3).fill(channels[0]);
  cell.style.background = `rgb(${rgb})`;
  cell.style.color = luminance(rgb) > BRIGHT ? "#000" : "#fff";
}

/**
 * @param {any} card
 * @param {any} store
 * @param {any} question made by `addQuestion`
 * @param {HTMLElement} nudges buttons that move the loupe
 */
export function addLoupe(card, store, question, nudges) {
  const where = h("span.imf-where");
  const colour = segmented(
    "numbers of",
    COLOURS.map((words, i) => [i, words]),
    (channel) => store.propose({ channel }),
  );
  const rows = [0, 1].map(() => {
    const [pixels, weights, products] = ["pixels", "weights", "products"].map((label) => plainGrid({ label }));
    const name = h("span.imf-name");
    const element = h(
      "div.imf-grids",
      {},
      h("div", {}, h("span.imf-name", {}, "pixels"), pixels.element),
      h("div", {}, name, weights.element),
      h("div", {}, h("span.imf-name", {}, "= products"), products.element),
    );
    return { pixels, weights, products, name, element };
  });
  const element = part(
    "loupe",
    h("div.imf-loupe", {}, h("div.imf-line", {}, where, nudges, colour.element), ...rows.map((row) => row.element)),
  );

  const arithmetic = question.arithmetic;
  arithmetic.classList.add("imf-arithmetic");
  const steady = steadyHeight(card.say);
  const [symbols, numbers] = [h("div"), h("div")];
  card.formula.dataset.part = "range";
  card.formula.append(symbols, numbers);

  function showGrids({ flip }, view, { values, ghost, window, products, known }) {
    element.style.setProperty("--imf-count", Math.max(...view.shape));
    rows.forEach((row, i) => {
      row.element.hidden = i >= view.laid.length;
      if (row.element.hidden) return;
      const weights = view.laid[i];
      setText(row.name, `· weights${view.laid.length === 2 ? [" across", " down"][i] : ""}${flip ? ", flipped" : ""}`);
      row.pixels.show(window, {
        largest: 0,
        each: (cell, r, c) =>
          shade(
            cell,
            values.map((grid) => grid[r][c]),
            ghost[r][c],
          ),
      });
      row.weights.show(weights, { print: brief, each: evenly(weights) });
      const resize = evenly(products[i]);
      row.products.show(
        products[i].map((line) => line.map((product) => (known ? product : null))),
        {
          print: brief,
          each(cell, r, c) {
            resize(cell);
            cell.title = known
              ? `${factor(window[r][c])} · ${factor(weights[r][c])} = ${precise(products[i][r][c])}`
              : "";
          },
        },
      );
    });
  }

  function writeSum(view, { row, col }, { window, sums, value }) {
    const y = `y[${row}, ${col}] = `;
    const total = h("span.y", {}, precise(value));
    const terms = (grid) =>
      grid.flatMap((line, r) =>
        line.flatMap((weight, c) => [
          r + c ? " + " : "",
          `${factor(window[r][c])}·`,
          h("span.k", {}, factor(weight, brief)),
        ]),
      );
    if (view.laid.length === 2)
      return [
        ...["across", "down"].map((direction, i) =>
          h("div", {}, `${direction} = `, ...terms(view.laid[i]), ` = ${precise(sums[i])}`),
        ),
        h("div", {}, `${y}√(${factor(sums[0])}² + ${factor(sums[1])}²) = `, total),
      ];
    if (view.divisor === 1) return [y, ...terms(view.laid[0]), " = ", total];
    const divisor = exact(view.divisor);
    return [`${y}(`, ...terms(view.laid[0]), `) / ${divisor} = ${precise(sums[0])} / ${divisor} = `, total];
  }

  /** A sum of 81 products scrolls, and the keyboard must get to it. */
  function setLong(isLong) {
    arithmetic.classList.toggle("imf-long", isLong);
    const attributes = { tabindex: 0, role: "group", "aria-label": "the sum in full" };
    for (const [name, value] of Object.entries(attributes))
      isLong ? arithmetic.setAttribute(name, value) : arithmetic.removeAttribute(name);
  }

  return {
    element,
    /**
     * @param {any} state
     * @param {any} view
     * @param {object} on
     * @param {import("../arithmetic/image.mjs").Picture} on.picture
     * @param {{min: number, max: number}} on.range of the result
     * @param {{row: number, col: number}} on.at the pixel under the loupe
     * @param {boolean} on.shown whether the reader may see the result
     */
    show(state, view, { picture, range, at, shown }) {
      const isColour = picture.channels.length === 3;
      const { values, ghost, fits } = windowAt(picture, view.shape, state.mode, at.row, at.col);
      const window = values[isColour ? state.channel : 0];
      const { products, sums, value } = sumsAt(view, window);
      const known = shown && fits;
      setText(where, `loupe at row ${at.row}, column ${at.col}`);
      colour.show(state.channel);
      colour.element.hidden = !isColour;
      showGrids(state, view, { values, ghost, window, products, known });

      const hasLoupe = !state.hide.includes("loupe");
      if (!hasLoupe && shown) arithmetic.replaceChildren();
      else if (known) arithmetic.replaceChildren(...writeSum(view, at, { window, sums, value }));
      else
        setText(
          arithmetic,
          shown ? `y[${at.row}, ${at.col}] = nothing: here the kernel reaches over the border.` : question.words(),
        );
      const terms = view.laid.flat(2).length;
      setLong(known && hasLoupe && terms > SHORT_SUM);
      setText(symbols, writeFormula(state, view));
      setText(numbers, known && hasLoupe ? describeShown(state.show, value, range) : "");
      card.announce(describeLoupe({ ...at, value, fits, shown }));
      // Last, because it makes the browser lay the page out. A long sum has a fixed height anyway.
      if (terms <= SHORT_SUM && (hasLoupe || !shown)) steady([view.shape, shown].join());
      else card.say.style.minHeight = "";
    },
  };
}
