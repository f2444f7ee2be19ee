/** How hard each loss pulls the true class's score up, against that score; the pointer moves the score. */

import { describePulls } from "./words.mjs";
import { number } from "../arithmetic/format.mjs";
import { pulls } from "../arithmetic/softmax.mjs";
import { axes, heightOf, linePath, ticksOf } from "../card/chart.mjs";
import { h, setText } from "../card/dom.mjs";
import { draggable } from "../card/drag.mjs";
import { place, svg } from "../card/svg.mjs";

const REACHES = [10, 20, 50, 100, 200, 500, 1000, 2000];
const POINTS = 241;
const NAMES = ["softmax", "sigmoid"];

/** What is smaller than this is left out on the logarithmic scale. */
const LEAST = 1e-6;

/** @param {any} store */
export function createPulls(store) {
  const lines = NAMES.map((name) => svg("path", { class: `cv-chart-line sce-${name}` }));
  const dots = NAMES.map((name) => svg("path", { class: `sce-dot sce-${name}` }));
  const cursor = svg("path", { class: "cv-chart-at" });
  const frame = axes("", cursor, ...lines, ...dots);
  const legend = NAMES.map(() => h("span"));
  const keys = NAMES.map((name, i) =>
    h(`div.sce-key.sce-${name}`, {}, h("span.sce-line", { "aria-hidden": "true" }), legend[i]),
  );
  const element = h("div.sce-chart", {}, frame.element, h("div.sce-keys", {}, ...keys));
  const plot = frame.element.querySelector("svg");
  let reach = REACHES[0];

  function moveTo({ clientX }) {
    const { left, width } = plot.getBoundingClientRect();
    const z = reach * (2 * Math.min(Math.max((clientX - left) / width, 0), 1) - 1);
    const rounded = Number(z.toFixed(reach > 50 ? 0 : 1));
    const { scores, truth } = store.state;
    if (scores[truth] !== rounded) store.propose({ scores: scores.with(truth, rounded) });
  }
  let held = false;
  draggable(
    plot,
    (event) => {
      held = true;
      moveTo(event);
      return event;
    },
    moveTo,
    () => (held = false),
    { waits: true },
  );

  return {
    element,
    /** @param {any} state @param {any} view @param {boolean} shown whether the gradient may be seen */
    show(state, view, shown) {
      const { scores, truth, scale, temperature } = state;
      const largest = Math.max(...scores.map(Math.abs));
      if (!held) reach = REACHES.find((wide) => largest <= wide);
      const curves = pulls(state, reach, POINTS);
      const bounds = { low: scale === "log" ? LEAST : 0, high: Math.max(1, 1 / temperature), scale };
      const now = [-view.softmax.gradients[truth], -view.sigmoid.gradients[truth]];
      const x = 50 * (1 + scores[truth] / reach);
      NAMES.forEach((name, i) => {
        const values = curves[name].map((pull) => (pull < bounds.low ? NaN : pull));
        place(lines[i], { d: linePath({ values }, POINTS - 1, bounds) });
        const isThere = now[i] >= bounds.low && (name === "sigmoid" || shown);
        place(dots[i], { d: isThere ? `M${x.toFixed(2)} ${heightOf(now[i], bounds).toFixed(2)}h0` : "" });
      });
      place(cursor, { d: `M${x.toFixed(2)} 0V100` });
      frame.entitle(`How hard each loss pulls the score of class ${truth} up, −∂L/∂z`);
      /** @type {[number, string][]} */
      const ticks = ticksOf(bounds).map(([value, text]) => [heightOf(value, bounds), text]);
      frame.label(ticks, [number(-reach), `score of class ${truth}`, number(reach)]);
      const words = describePulls(state, view, shown);
      frame.describe(`pull on the score of class ${truth} from ${-reach} to ${reach}; now ${words.join("; ")}`);
      words.forEach((text, i) => setText(legend[i], text));
    },
  };
}
