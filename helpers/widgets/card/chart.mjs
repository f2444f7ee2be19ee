/**
 * The one chart of the widgets: lines against steps or epochs, on a linear or a logarithmic scale.
 *
 *   const chart = createChart({ label: "loss", along: "epochs" });
 *   chart.show({ lines: [{ values: losses }], end: 50, at: 12, scale: "log" });
 *
 * Several lines get their colours and dashes from classes of their own, which set --c and --dash; with
 * `name`, each is told to a screen reader. `axes` is the frame alone, for what is no course of training.
 */

import { number, scientific, superscript } from "../arithmetic/format.mjs";
import { h, resize, setText } from "./dom.mjs";
import { place, svg } from "./svg.mjs";

/** The plot goes from 2 to 98, so that a line at either end keeps its whole width. */
const [TOP, HEIGHT] = [2, 96];

/** Lines are drawn through about so many points, and what is smaller than a share of the largest lies at the bottom. */
const POINTS = 256;
const DECADES = 16;

/** Labels on a logarithmic axis: at most so many spaces between them. */
const MOST_SPACES = 3.5;

/**
 * @typedef {object} Line
 * @property {ArrayLike<number>} values infinities and NaN leave a gap
 * @property {number} [length] how many of the values count
 * @property {number} [every] steps from one value to the next
 * @property {string} [name]
 * @property {string} [className]
 * @typedef {"linear" | "log"} Scale
 * @typedef {{low: number, high: number, scale: Scale}} Bounds
 */

/** The ends of the axis: from 0 to the largest value, or over the whole powers of ten between which all lie.
 * @param {Line[]} lines @param {Scale} scale @returns {Bounds} */
export function boundsOf(lines, scale) {
  let [low, high] = [Infinity, 0];
  for (const { values, length = values.length } of lines)
    for (let i = 0; i < length; i++) {
      if (values[i] > high && values[i] < Infinity) high = values[i];
      if (values[i] > 0 && values[i] < low) low = values[i];
    }
  if (low > high) [low, high] = [0.1, 1];
  if (scale === "linear") return { low: 0, high, scale };
  const top = 10 ** Math.ceil(Math.log10(high) + 1e-9);
  return { low: Math.max(10 ** Math.floor(Math.log10(low)), top * 10 ** -DECADES), high: top, scale };
}

/** How high a value stands, in hundredths from the top. @param {number} value @param {Bounds} bounds */
export function heightOf(value, { low, high, scale }) {
  const share =
    scale === "log" ? Math.log(Math.max(value, low) / low) / Math.log(high / low) : (value - low) / (high - low);
  return TOP + HEIGHT * (1 - Math.max(-1, Math.min(2, share)));
}

/**
 * The path of a line in a plot that is 100 wide and 100 high.
 * @param {Line} line
 * @param {number} end
 * @param {Bounds} bounds
 */
export function linePath({ values, length = values.length, every = 1 }, end, bounds) {
  const thin = Math.max(1, Math.ceil(Math.max(length, end / every) / POINTS));
  const points = [];
  let isGap = true;
  for (let i = 0; i < length; i++) {
    if (i % thin && i !== length - 1) continue;
    if (Number.isFinite(values[i])) {
      const x = end > 0 ? (100 * i * every) / end : 0;
      points.push(`${isGap ? "M" : "L"}${x.toFixed(2)} ${heightOf(values[i], bounds).toFixed(2)}`);
    }
    isGap = !Number.isFinite(values[i]);
  }
  return points.length > 1 ? points.join("") : "";
}

/** The labels of an axis. @param {Bounds} bounds @returns {[number, string][]} values, and how they are written */
export function ticksOf({ low, high, scale }) {
  if (scale === "linear") return [low, high].map((value) => [value, scientific(value, 2)]);
  const [first, last] = [low, high].map((value) => Math.round(Math.log10(value)));
  let step = 1;
  while ((last - first) / step > MOST_SPACES) step++;
  const powers = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
  return powers.map((power) => [10 ** power, power === 0 ? "1" : power === 1 ? "10" : `10${superscript(power)}`]);
}

/**
 * A plot with a title and labels at its axes.
 * @param {string} title "" for none
 * @param {...Node} children drawn in a box that is 100 wide and 100 high
 */
export function axes(title, ...children) {
  const grid = svg("path", { class: "cv-chart-grid" });
  const plot = svg("svg", { viewBox: "0 0 100 100", preserveAspectRatio: "none", role: "img" }, grid, ...children);
  const words = h("figcaption", { hidden: !title }, title);
  const values = h("div.cv-chart-values", { "aria-hidden": "true" });
  const ends = [h("span"), h("span"), h("span")];
  return {
    element: h("figure.cv-chart", {}, words, values, plot, h("div.cv-chart-ends", { "aria-hidden": "true" }, ...ends)),

    /** @param {string} text */
    entitle(text) {
      words.hidden = !text;
      setText(words, text);
    },

    /** @param {string} text what a screen reader hears of the plot */
    describe: (text) => place(plot, { "aria-label": text }),

    /** @param {[number, string][]} labels places in hundredths from the top, and texts */
    label(labels, [start, middle, end]) {
      resize(values, labels.length, () => h("span"));
      labels.forEach(([y, text], i) => {
        values.children[i].style.top = `${y}%`;
        setText(values.children[i], text);
      });
      place(grid, { d: labels.map(([y]) => `M0 ${y.toFixed(2)}H100`).join("") });
      [start, middle, end].forEach((text, i) => setText(ends[i], text));
    },
  };
}

/**
 * @param {object} options
 * @param {string} options.label what the lines show: "loss"
 * @param {string} options.along what is counted along the plot: "steps", "epochs"
 * @param {string} [options.title]
 */
export function createChart({ label, along, title = "" }) {
  const group = svg("g");
  const cursor = svg("path", { class: "cv-chart-at" });
  const frame = axes(title, cursor, group);

  /** @param {Line} line */
  function tell({ values, length = values.length, every = 1, name }) {
    if (length === 0) return "nothing yet";
    const ends =
      length > 1
        ? `${number(values[0], 3)} at the start, ${number(values[length - 1], 3)} after ` +
          `${number((length - 1) * every, 3)}`
        : number(values[0], 3);
    return name ? `${name} ${ends}` : ends;
  }

  return {
    element: frame.element,
    /**
     * @param {object} course
     * @param {Line[]} course.lines
     * @param {number} course.end how many steps the plot is wide
     * @param {number | null} [course.at] the step on show
     * @param {Scale} [course.scale]
     * @param {[number, number] | null} [course.between] fixed ends of the axis; otherwise the lines say
     */
    show({ lines, end, at = null, scale = "linear", between = null }) {
      const bounds = between ? { low: between[0], high: between[1], scale } : boundsOf(lines, scale);
      resize(group, lines.length, () => svg("path"));
      lines.forEach((line, i) =>
        place(group.children[i], {
          class: `cv-chart-line ${line.className ?? ""}`.trim(),
          d: linePath(line, end, bounds),
        }),
      );
      place(cursor, { d: at === null || end === 0 ? "" : `M${((100 * at) / end).toFixed(2)} 0V100` });
      frame.label(
        ticksOf(bounds).map(([value, text]) => [heightOf(value, bounds), text]),
        ["0", along, number(end, 12)],
      );
      frame.describe(`${label} by ${along}: ${lines.map(tell).join("; ")}`);
    },
  };
}
