/** DrawDigit's picture: the digit as the network gets it, the ten probabilities, the maps, one cell's arithmetic. */

import { PIXELS } from "../arithmetic/ink.mjs";
import { h, resize, setText } from "../card/dom.mjs";
import { createMapStack } from "../card/map_stack.mjs";
import { createMaps, paintInk } from "../card/maps.mjs";
import { folded } from "../card/panes.mjs";
import { place, svg } from "../card/svg.mjs";
import { LAYERS } from "./state.mjs";
import { describeTerms, nameGroup } from "./words.mjs";

/** So many products stand in a line of a long sum. */
const PER_LINE = 8;

const isPooling = ({ index }) => index === 1 || index === 3;

/** The 28 × 28 pixels, with the box of 20 that MNIST's digits fill, and what a cell is made from. */
export function createDigit() {
  const canvas = h("canvas", { role: "img", "aria-label": "the 28 × 28 pixels that the network reads" });
  const line = { "vector-effect": "non-scaling-stroke" };
  const box = svg("rect", { class: "dd-frame", x: 4, y: 4, width: 20, height: 20, ...line });
  const middle = svg("path", { class: "dd-mass", d: "M12.5 14h3M14 12.5v3", ...line });
  const field = svg("rect", { class: "dd-field", ...line });
  const marks = svg("svg", { viewBox: `0 0 ${PIXELS} ${PIXELS}`, "aria-hidden": "true" }, box, middle, field);
  return {
    element: h("div.dd-digit", {}, canvas, marks),
    show: (image, palette) => paintInk(canvas, image, PIXELS, PIXELS, palette),
    /** @param {{top: number, left: number, bottom: number, right: number}} area */
    mark({ top, left, bottom, right }) {
      place(field, { x: left, y: top, width: right - left + 1, height: bottom - top + 1 });
    },
  };
}

/**
 * All layers with their maps.
 * @param {(cell: any) => void} pick @param {(cell: any) => void} look
 */
export function createLayers(pick, look) {
  const layers = LAYERS.map((layer, index) => (index === 6 ? null : layer)); // the outputs have their bars
  const stack = createMapStack({ layers, pick, look });
  return {
    element: stack.element,
    show: stack.show,
    /** @param {any} cell @param {any} area in the layer before @param {string} spoken */
    mark(cell, area, spoken) {
      const before = cell.index === 5 ? 3 : cell.index - 1;
      layers.forEach((layer, index) => {
        if (!layer) return;
        const all = Array.from({ length: layer.shape.at(-1) }, (_, channel) => channel);
        const read = index !== before || !area ? [] : isPooling(cell) ? [cell.channel] : all;
        const isIts = index === cell.index;
        stack.mark(
          index,
          isIts ? cell : null,
          read.map((channel) => ({ ...area, channel })),
          isIts ? spoken : "",
        );
      });
    },
  };
}

/** The window of a cell above its weights, and the products in full. */
export function createInspector() {
  const [window, weights] = ["what it reads", "its weights"].map((label) => createMaps({ label, perLine: 16 }));
  const lines = h("div.dd-products", { tabindex: 0, role: "group", "aria-label": "the products in full" });
  const pictures = h(
    "div.dd-window",
    {},
    h("span", {}, "reads"),
    window.element,
    h("span", {}, "weights"),
    weights.element,
  );
  return {
    element: h("div.dd-inspector", {}, folded("products", lines), pictures),
    /** @param {any} cell @param {any} trace as `traceCell` tells @param {any} palette */
    show(cell, { groups }, palette) {
      const count = groups[0].terms.length;
      const side = Math.sqrt(count);
      const isSquare = cell.index !== 6 && Number.isInteger(side);
      const shape = isSquare ? [side, side, groups.length] : [1, count, groups.length];
      const values = (name) => {
        const all = new Float64Array(count * groups.length);
        groups.forEach(({ terms }, g) => terms.forEach((term, t) => (all[t * groups.length + g] = term[name])));
        return all;
      };
      const [read, held] = [values("value"), values("weight")];
      const largest = (all) => all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      pictures.style.setProperty("--dd-maps", isSquare ? groups.length : 16);
      pictures.hidden = isPooling(cell);
      window.show(read, shape, largest(read), palette);
      weights.show(held, shape, largest(held), palette);
      lines.hidden = isPooling(cell);
      const parts = isSquare ? groups : split(groups[0]);
      resize(lines, parts.length, () => h("div", {}, h("span"), h("span")));
      parts.forEach((part, i) => {
        const [name, sum] = lines.children[i].children;
        const units = `units ${PER_LINE * i} to ${PER_LINE * i + part.terms.length - 1}`;
        setText(name, isSquare ? nameGroup(cell, part) : units);
        setText(sum, describeTerms(part));
      });
    },
  };
}

/** A long sum in lines. */
function split({ terms }) {
  return Array.from({ length: Math.ceil(terms.length / PER_LINE) }, (_, line) => {
    const some = terms.slice(PER_LINE * line, PER_LINE * (line + 1));
    return { terms: some, sum: some.reduce((total, { value, weight }) => total + value * weight, 0) };
  });
}
