/** FrequencyResponse's pictures: the sinusoid before and after, the gain at all frequencies, and the arrows. */

import { response, wave } from "../arithmetic/frequency.mjs";
import { axes, heightOf, linePath, ticksOf } from "../card/chart.mjs";
import { h, resize } from "../card/dom.mjs";
import { draggable } from "../card/drag.mjs";
import { place, svg } from "../card/svg.mjs";
import { CELLS, frequencyAt, STEPS } from "./state.mjs";
import { short, writeFrequency } from "./words.mjs";

const [FINE, POINTS] = [12, 121]; // points of a line for each cell, and of the gain's

const ROOM = 1.12; // above and below, for the dots
/** @param {number} bound @returns {import("../card/chart.mjs").Bounds} */
const middle = (bound) => ({ low: -ROOM * bound, high: ROOM * bound, scale: "linear" });
/** @param {import("../card/chart.mjs").Bounds} bounds @returns {[number, string][]} */
const label = (bounds) =>
  [bounds.high / ROOM, 0, bounds.low / ROOM].map((value) => [heightOf(value, bounds), short(value)]);
const across = (n) => (100 * (n + 0.5)) / CELLS; // half a cell of room at either end
const dots = (values, bounds, chosen) =>
  values
    .map((value, n) => (chosen(n) ? `M${across(n).toFixed(2)} ${heightOf(value, bounds).toFixed(2)}h0` : ""))
    .join("");

/** The cells of a sinusoid, with the wave that they lie on. @param {string} title */
export function createWave(title) {
  const curve = svg("path", { class: "cv-chart-line fr-wave" });
  const slow = svg("path", { class: "cv-chart-line fr-slow" });
  const left = svg("path", { class: "fr-dots fr-left" });
  const kept = svg("path", { class: "fr-dots" });
  const frame = axes(title, curve, slow, left, kept);
  return {
    element: frame.element,
    /**
     * @param {number[]} values @param {number} bound
     * @param {(n: number) => number} at the wave between the cells
     * @param {{stride?: number, alias?: ((n: number) => number) | null, words: string}} options
     */
    show(values, bound, at, { stride = 1, alias = null, words }) {
      const bounds = middle(bound);
      const line = (wave) => {
        const length = CELLS * FINE + 1;
        return linePath({ values: Array.from({ length }, (_, i) => wave(i / FINE - 0.5)) }, length - 1, bounds);
      };
      place(curve, { d: values.length ? line(at) : "" });
      place(slow, { d: alias ? line(alias) : "" });
      place(kept, { d: dots(values, bounds, (n) => n % stride === 0) });
      place(left, { d: dots(values, bounds, (n) => n % stride !== 0) });
      frame.label(label(bounds), ["n = 0", "cell", String(CELLS - 1)]);
      frame.describe(words);
    },
  };
}

/** The gain at all frequencies; the pointer chooses one. @param {any} store */
export function createGain(store) {
  const limit = svg("path", { class: "fr-limit" });
  const fold = svg("path", { class: "cv-chart-line fr-slow" });
  const cursor = svg("path", { class: "cv-chart-at" });
  const line = svg("path", { class: "cv-chart-line" });
  const found = svg("path", { class: "fr-dots fr-found" });
  const dot = svg("path", { class: "fr-dots fr-now" });
  const frame = axes("gain |H(f)|", limit, cursor, line, fold, found, dot);
  frame.element.classList.add("fr-gain");
  const plot = frame.element.querySelector("svg");
  function choose({ clientX }) {
    const { left, width } = plot.getBoundingClientRect();
    const step = Math.round(STEPS * Math.min(Math.max((clientX - left) / width, 0), 1));
    if (step !== store.state.step) store.propose({ step });
  }
  draggable(
    plot,
    (event) => {
      choose(event);
      return event;
    },
    choose,
    () => {},
    { waits: true },
  );
  return {
    element: frame.element,
    /** @param {any} state @param {any} view @param {(step: number) => boolean} isKnown */
    show({ kernel, step, stride, answer }, { gain, slow, bound }, isKnown) {
      /** @type {import("../card/chart.mjs").Bounds} */
      const bounds = { low: 0, high: bound, scale: "linear" };
      const point = (f, value) => `M${(200 * f).toFixed(2)} ${heightOf(value, bounds).toFixed(2)}`;
      const gainAt = (f) => response(kernel, f).gain;
      const values = Array.from({ length: POINTS }, (_, i) => gainAt(i / (2 * (POINTS - 1))));
      const all = answer === "shown";
      place(line, { d: all ? linePath({ values }, POINTS - 1, bounds) : "" });
      const others = all ? [] : Array.from({ length: STEPS + 1 }, (_, i) => i).filter(isKnown);
      place(found, { d: others.map((i) => `${point(frequencyAt(i), gainAt(frequencyAt(i)))}h0`).join("") });
      const now = frequencyAt(step);
      place(dot, { d: isKnown(step) ? `${point(now, gain)}h0` : "" });
      place(cursor, { d: `M${(200 * now).toFixed(2)} 0V100` });
      place(limit, { d: stride > 1 ? `M${(100 / stride).toFixed(2)} 0H100V100H${(100 / stride).toFixed(2)}Z` : "" });
      const folds = isKnown(step) && stride > 1 && Math.abs(slow.frequency - now) > 1e-9;
      place(fold, { d: folds ? `${point(now, gain)}H${(200 * slow.frequency).toFixed(2)}` : "" });
      /** @type {[number, string][]} */
      const labels = ticksOf(bounds).map(([value, text]) => [heightOf(value, bounds), text]);
      frame.label(labels, ["f = 0", "frequency", "1/2"]);
      const here = isKnown(step) ? short(gain) : "to be found";
      frame.describe(`gain by frequency, from 0 to a half; at ${writeFrequency(step)} it is ${here}`);
    },
  };
}

/** The cells of the kernel as arrows, one after the other, each turned further; their sum is H. */
export function createArrows() {
  const ring = svg("circle", { class: "fr-ring", cx: 0, cy: 0, r: 1 });
  const chain = svg("g");
  const total = svg("path", { class: "fr-total" });
  const tip = svg("circle", { class: "fr-tip", r: 3.5 });
  const drawing = svg("svg", { viewBox: "-50 -50 100 100", role: "img" }, ring, chain, total, tip);
  const element = h("figure.fr-arrows", {}, h("figcaption", {}, "the arrows w[k] make H"), drawing);
  return {
    element,
    /** @param {any} view @param {boolean} shown */
    show({ arrows, re, im, gain, phase, bound }, shown) {
      const scale = 46 / bound;
      place(ring, { r: scale });
      let [x, y] = [0, 0];
      const to = () => `${(scale * x).toFixed(2)} ${(-scale * y).toFixed(2)}`;
      const paths = arrows.map(({ weight, cos, sin }) => {
        const from = to();
        x += weight * cos;
        y += weight * sin;
        return `M${from}L${to()}`;
      });
      resize(chain, shown ? paths.length : 0, () => svg("path"));
      if (shown) paths.forEach((d, k) => place(chain.children[k], { d, class: `fr-arrow fr-${k % 2}` }));
      place(total, { d: shown ? `M0 0L${(scale * re).toFixed(2)} ${(-scale * im).toFixed(2)}` : "" });
      place(tip, {
        cx: (scale * re).toFixed(2),
        cy: (-scale * im).toFixed(2),
        visibility: shown ? "visible" : "hidden",
      });
      const words = shown ? `length ${short(gain)}, angle ${short(phase)} degrees` : "to be found";
      place(drawing, { "aria-label": `the sum of ${arrows.length} arrows: ${words}` });
    },
  };
}

/** The wave of the output, and the slow one that a stride leaves of it. */
export const outputWave =
  ({ frequency, gain, phase }) =>
  (n) =>
    gain * wave(frequency, n, phase);
export const aliasWave =
  ({ slow, gain, phase }) =>
  (n) =>
    gain * wave(slow.sign * slow.frequency, n, phase);
