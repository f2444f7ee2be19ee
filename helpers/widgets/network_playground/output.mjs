/** What NetworkPlayground's network says about the plane or the line, beside the data, and how far training is. */

import { createChart } from "../card/chart.mjs";
import { part, segmented } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";
import { grouped, number, scientific } from "../arithmetic/format.mjs";
import { place, svg } from "../card/svg.mjs";
import { borderPath, drawPlane } from "./pictures.mjs";

/** The curve's picture goes from −1.6 to 1.6 upwards. */
const TALLEST = 1.6;

/** How near to a point a click must be, in pixels. */
const REACH = 24;

/** Where an input, or a target of the curve, stands in a picture that is 100 wide and 100 high. */
const across = ([low, high], value) => (100 * (value - low)) / (high - low);
const upwards = ([low, high], value) => 100 - (100 * (value - low)) / (high - low);

/** Points of class 0 are round, those of class 1 square. */
function mark(x, y, label) {
  const at = { "data-label": label ?? "none" };
  return label === 1
    ? svg("rect", { ...at, x: x - 1.35, y: y - 1.35, width: 2.7, height: 2.7 })
    : svg("circle", { ...at, cx: x, cy: y, r: 1.5 });
}

/**
 * @param {any} store
 * @param {(sample: number) => void} pick a data point, counted from 1
 */
export function createOutput(store, pick) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const border = svg("path", { class: "np-border" });
  const points = svg("g");
  const ring = svg("circle", { class: "np-ring", r: 3.6, hidden: "" });
  const overlay = svg(
    "svg",
    { viewBox: "0 0 100 100", class: "np-points", "aria-hidden": "true" },
    border,
    points,
    ring,
  );
  const surface = h("div.np-surface", { role: "img" }, canvas, overlay);
  const low = h("span");
  const middle = h("span");
  const high = h("span");
  const legend = h("div.np-legend", { "aria-hidden": "true" });
  const axis = h("div.np-axis", { "aria-hidden": "true" }, low, middle, high);
  const terms = ["steps", "epochs", "loss", "right"].map((name) => {
    const value = h("dd");
    const term = h("dt", {}, name);
    return { element: h("div", {}, term, value), term, value };
  });
  const figures = h("dl.np-figures", {}, ...terms.map(({ element }) => element));
  const message = h("p.np-message", { role: "status" });

  const chart = createChart({ label: "loss", along: "steps" });
  const scale = segmented(
    "loss by step",
    [
      ["linear", "linear"],
      ["log", "log"],
    ],
    (value) => store.propose({ scale: value }),
  );
  const curve = part("curve", h("div.np-curve", {}, scale.element, chart.element));
  const plane = h("div", {}, surface, axis, legend, message);
  const element = h("div.np-output", {}, plane, h("div.np-course", {}, figures, curve));

  let data = null;
  let placesOf = []; // of the points, in hundredths

  surface.addEventListener("click", (event) => {
    const box = surface.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const distances = placesOf.map(([px, py]) => Math.hypot((px / 100) * box.width - x, (py / 100) * box.height - y));
    const nearest = distances.indexOf(Math.min(...distances));
    if (distances[nearest] <= REACH) pick(nearest + 1);
  });

  return {
    element,
    plane,
    curve,

    /** Other data. */
    show(nextData) {
      data = nextData;
      const { inputs, targets, labels, count, ranges } = data;
      const isCurve = labels === null;
      const vertical = isCurve ? [-TALLEST, TALLEST] : ranges[1];
      placesOf = Array.from({ length: count }, (_, i) =>
        isCurve
          ? [across(ranges[0], inputs[i]), upwards(vertical, targets[i])]
          : [across(ranges[0], inputs[2 * i]), upwards(vertical, inputs[2 * i + 1])],
      );
      points.replaceChildren(...placesOf.map(([x, y], i) => mark(x, y, labels?.[i])));
      surface.classList.toggle("np-line", isCurve);
      canvas.hidden = isCurve;
      border.classList.toggle("np-fit", isCurve);
      const [from, to] = ranges[0].map((value) => number(value));
      setText(low, from);
      const [lowest, highest] = vertical.map((value) => number(value));
      const square = lowest === from && highest === to; // then one pair of numbers is enough for both directions
      setText(
        middle,
        isCurve ? `x →,  y ↑ ±${TALLEST}` : square ? "x₁ →,  x₂ ↑" : `x₁ →,  x₂ ↑ ${lowest} … ${highest}`,
      );
      setText(high, to);
      legend.replaceChildren(
        ...(isCurve
          ? [h("span.np-key.np-dot", {}, "data"), h("span.np-key.np-stroke", {}, "network")]
          : [
              h("span.np-key.np-round", {}, "class 0"),
              h("span.np-key.np-square", {}, "class 1"),
              h("span.np-key.np-wrong", {}, "wrong"),
            ]),
      );
    },

    /** The sample that is inspected, from 1; 0 for none. */
    mark(sample, scaleName) {
      const at = placesOf[sample - 1];
      ring.toggleAttribute("hidden", !at);
      if (at) place(ring, { cx: at[0], cy: at[1] });
      scale.show(scaleName);
    },

    /**
     * @param {any} surfaces what the neurons say, filled
     * @param {Uint32Array} table the signed scale
     * @param {boolean[] | null} right which points are right
     */
    paintSurface(surfaces, table, right) {
      const values = surfaces.layers.at(-1).at(-1); // of class 1, or of the only output
      if (surfaces.rows > 1) {
        drawPlane(canvas, values, surfaces, table, "border");
        border.setAttribute("d", borderPath(values, surfaces));
      } else {
        const bounded = (value) => Math.max(-900, Math.min(1000, upwards([-TALLEST, TALLEST], value)));
        const path = Array.from(
          values,
          (value, i) => `${((100 * (i + 0.5)) / values.length).toFixed(1)} ${bounded(value).toFixed(1)}`,
        );
        border.setAttribute("d", values.every(Number.isFinite) ? `M${path.join("L")}` : "");
      }
      right?.forEach((isRight, i) => {
        if (points.children[i].classList.contains("wrong") === isRight)
          points.children[i].classList.toggle("wrong", !isRight);
      });
    },

    /** @param {any} progress @param {{loss: number, accuracy: number | null}} reached over all points */
    paintFigures(progress, reached, scaleName) {
      const [steps, epochs, loss, right] = terms;
      setText(steps.value, grouped(progress.steps));
      setText(epochs.value, grouped(progress.epochs));
      setText(loss.value, scientific(reached.loss, reached.loss < 1e-4 ? 3 : 4));
      right.element.hidden = reached.accuracy === null;
      if (reached.accuracy !== null) setText(right.value, `${Math.round(reached.accuracy * data.count)}/${data.count}`);
      setText(message, progress.message);
      const { values, length } = progress.curve;
      const every = progress.steps / Math.max(length - 1, 1);
      chart.show({ lines: [{ values, length, every }], end: progress.steps, scale: scaleName });
    },

    /** @param {string} words what a screen reader hears of the surface */
    name: (words) => surface.setAttribute("aria-label", words),
  };
}
