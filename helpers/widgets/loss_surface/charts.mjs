/** Two small charts: the loss against the steps, and what the network makes of the data where a racer is. */

import { h, setText } from "../card/dom.mjs";
import { number } from "../arithmetic/format.mjs";
import { svg } from "../card/svg.mjs";
import { looks } from "./marks.mjs";
import { createSlice, INPUTS } from "./slice.mjs";

const WIDTH = 200;
const HEIGHT = 100;
/** Powers of ten of the loss, from the bottom to the top. */
const POWERS = [-6, 1];

const along = (value, [low, high], size) => (size * (value - low)) / (high - low);

/** A chart with its title and the ends of its axes. */
function frame(title, { left, bottom }, ...children) {
  const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", class: "ls-chart", "aria-hidden": "true" }, ...children);
  const words = h("figcaption", {}, title);
  const ends = bottom.map((text) => h("span", {}, text));
  return {
    words, ends,
    element: h("figure.ls-figure", {}, words,
      h("div.ls-axis", { "aria-hidden": "true" }, ...left.map(([text, share]) => h("span", { style: `top: ${100 * share}%` }, text))),
      picture, h("div.ls-ends", { "aria-hidden": "true" }, ...ends)),
  };
}

/** The loss of every racer, on a logarithmic scale. */
export function createLossChart() {
  const lines = svg("g", {});
  const cursor = svg("path", { class: "ls-cursor" });
  const powers = [0, -2, -4, -6];
  const grid = powers.map((power) => HEIGHT - along(power, POWERS, HEIGHT));
  const label = (power) => (power === 0 ? "1" : `10${[...number(power)].map((sign) => (sign === "−" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign])).join("")}`);
  const { element, ends } = frame("loss against steps", {
    left: powers.map((power, i) => [label(power), grid[i] / HEIGHT]), bottom: ["0", "steps", ""],
  }, svg("path", { class: "ls-gridline", d: grid.map((y) => `M0 ${y}H${WIDTH}`).join("") }), lines, cursor);
  const known = new WeakMap();
  const points = (run, steps) => {
    if (!known.has(run)) known.set(run, run.losses.map((loss, k) => {
      const power = Math.log10(Math.max(loss, 10 ** (POWERS[0] - 1)));
      return `${((WIDTH * k) / steps).toFixed(1)} ${(HEIGHT - along(power, POWERS, HEIGHT)).toFixed(1)}`;
    }));
    return known.get(run);
  };
  return {
    element,
    paint(runs, selected, steps, now) {
      lines.replaceChildren(...runs.map((run) => svg("path", {
        class: `ls-line ${looks(run.name)}${run.name === selected ? " ls-chosen" : ""}`, d: `M${points(run, steps).slice(0, now + 1).join("L")}`,
      })));
      const x = ((WIDTH * now) / steps).toFixed(1);
      cursor.setAttribute("d", `M${x} 0V${HEIGHT}`);
      setText(ends[2], number(steps));
    },
  };
}

const INPUT_RANGE = [-2.1, 2.1];
const OUTPUT_RANGE = [-1.4, 2.9];

/** The data as dots, and the network's output as a line. */
export function createFitChart() {
  const slice = createSlice();
  const x = (value) => along(value, INPUT_RANGE, WIDTH).toFixed(1);
  const y = (value) => (HEIGHT - along(value, OUTPUT_RANGE, HEIGHT)).toFixed(1);
  const curve = (values) => [...values].map((value, i) => `${x(INPUTS[i])} ${y(value)}`).join("L");
  const dots = [...slice.everything.targets].map((value, i) => `M${x(INPUTS[i])} ${y(value)}h0`).join("");
  const line = svg("path", {});
  const { element, words } = frame("", {
    left: [2, 0].map((value) => [number(value), 1 - along(value, OUTPUT_RANGE, 1)]), bottom: ["x = −2", "", "2"],
  }, svg("path", { class: "ls-gridline", d: `M0 ${y(0)}H${WIDTH}` }), svg("path", { class: "ls-dots", d: dots }), line);
  return {
    element,
    paint(name, called, point) {
      setText(words, `data (dots) and the network where ${called} is`);
      line.setAttribute("class", `ls-line ls-chosen ${looks(name)}`);
      line.setAttribute("d", `M${curve(slice.predict(point))}`);
    },
  };
}
