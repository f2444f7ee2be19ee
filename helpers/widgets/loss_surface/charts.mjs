/** Two small charts: the loss against the steps, and what the network makes of the data where a racer is. */

import { number } from "../arithmetic/format.mjs";
import { axes, createChart } from "../card/chart.mjs";
import { place, svg } from "../card/svg.mjs";
import { looks } from "./marks.mjs";
import { RACERS } from "./race.mjs";
import { createSlice, INPUTS } from "./slice.mjs";

/** The ends of the losses' axis: the same for every race, so that races can be compared. */
/** @type {[number, number]} */
const LOSSES = [1e-6, 10];

/** The loss of every racer, on a logarithmic scale. */
export function createLossChart() {
  const chart = createChart({ label: "loss", along: "steps", title: "loss against steps" });
  return {
    element: chart.element,
    paint(runs, selected, steps, now) {
      const lines = runs.map(({ name, losses }) => ({
        values: losses,
        length: Math.min(now + 1, losses.length),
        name: RACERS[name],
        className: `${looks(name)}${name === selected ? " ls-chosen" : ""}`,
      }));
      chart.show({ lines, end: steps, at: now, scale: "log", between: LOSSES });
    },
  };
}

const INPUT_RANGE = [-2.1, 2.1];
const OUTPUT_RANGE = [-1.4, 2.9];

/** @param {number} value @param {number[]} range */
const along = (value, [low, high]) => (100 * (value - low)) / (high - low);

/** The data as dots, and the network's output as a line. */
export function createFitChart() {
  const slice = createSlice();
  const x = (value) => along(value, INPUT_RANGE).toFixed(1);
  const y = (value) => (100 - along(value, OUTPUT_RANGE)).toFixed(1);
  const curve = (values) => [...values].map((value, i) => `${x(INPUTS[i])} ${y(value)}`).join("L");
  const dots = [...slice.everything.targets].map((value, i) => `M${x(INPUTS[i])} ${y(value)}h0`).join("");
  const line = svg("path");
  const frame = axes("data and network", svg("path", { class: "ls-dots", d: dots }), line);
  frame.label(
    [2, 0].map((value) => [Number(y(value)), number(value)]),
    ["x = −2", "", "2"],
  );
  return {
    element: frame.element,
    paint(name, called, point) {
      frame.entitle(`data (dots) and the network where ${called} is`);
      frame.describe(`the data and what the network says to each input where ${called} is`);
      place(line, { class: `cv-chart-line ls-chosen ${looks(name)}`, d: `M${curve(slice.predict(point))}` });
    },
  };
}
