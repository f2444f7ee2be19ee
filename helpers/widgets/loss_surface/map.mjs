/** The plane from above: level lines, the racers' paths, the optimum, and the start that the reader moves. */

import { h } from "../card/dom.mjs";
import { number } from "../arithmetic/format.mjs";
import { draggable } from "../card/drag.mjs";
import { place, svg } from "../card/svg.mjs";
import { levelOutlines, LEVELS, place as placeOf, pointAt, SIDE } from "./contour.mjs";
import { looks, MARKERS, STAR } from "./marks.mjs";
import { RANGES, TRUTH } from "./slice.mjs";

/** How far an arrow key moves the start; with Shift, a tenth of it. */
const STRIDE = 0.5;
/** A start has one decimal, or two with Shift: its numbers are to be read. */
const round = (value) => Math.round(value * 20) / 20;

/** The `M…` of a path up to a step, quickly for every step of a race. */
function createTracks() {
  const known = new WeakMap();
  return (run, now) => {
    if (!known.has(run))
      known.set(
        run,
        run.points.map((point) =>
          placeOf(point)
            .map((x) => x.toFixed(1))
            .join(" "),
        ),
      );
    return known.get(run).slice(0, now + 1);
  };
}

/**
 * @param {object} options
 * @param {() => [number, number]} options.start where it is now
 * @param {(point: [number, number]) => void} options.move puts it elsewhere
 * @param {() => void} options.take called when a pointer takes it
 * @param {() => void} options.drop called when the reader lets it go
 */
export function createMap({ start, move, take, drop }) {
  const bands = levelOutlines().map((d, i) =>
    svg("path", { d, class: "ls-band", style: `--depth: ${(i + 1) / LEVELS.length}` }),
  );
  const paths = svg("g", {});
  const [starX, starY] = placeOf(TRUTH);
  const cross = svg("path", { d: `M${starX} 0V${SIDE}M0 ${starY}H${SIDE}`, class: "ls-cross" });
  const star = svg("path", { d: STAR, class: "ls-star" });
  const heads = svg("g", {});
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${SIDE} ${SIDE}`, class: "ls-map", "aria-hidden": "true" },
    ...bands,
    cross,
    paths,
    star,
    heads,
  );
  const handle = h("button.ls-start", { type: "button" }, h("span", { "aria-hidden": "true" }));
  const plot = h("div.ls-plot", {}, drawing, handle);
  const tracks = createTracks();

  const ticks = (range, axis) =>
    [0, 1, 2, 3, 4].map((i) => {
      const at = axis === "x" ? i / 4 : 1 - i / 4;
      return h(
        "span",
        { style: `${axis === "x" ? "left" : "top"}: ${100 * at}%` },
        number(range[0] + (i / 4) * (range[1] - range[0])),
      );
    });
  const element = h(
    "div.ls-framed",
    {},
    h("div.ls-ticks.up", { "aria-hidden": "true" }, h("b", {}, "b"), ...ticks(RANGES[1], "y")),
    plot,
    h("div.ls-ticks.along", { "aria-hidden": "true" }, h("b", {}, "w"), ...ticks(RANGES[0], "x")),
  );

  // A mouse takes the start along from wherever it is pressed. A finger taps, or drags the start itself: it must be
  // able to scroll.
  /** @param {number[]} point @returns {[number, number]} */
  const rounded = ([w, b]) => [round(w), round(b)];
  const under = (event) => {
    const box = drawing.getBoundingClientRect();
    return rounded(pointAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height));
  };
  const grasp = (event) => {
    if (event.pointerType === "touch" && !handle.contains(event.target)) return null;
    event.preventDefault();
    take();
    move(under(event));
    return handle;
  };
  draggable(
    plot,
    grasp,
    (event) => move(under(event)),
    () => drop(),
  );
  plot.addEventListener("click", (event) => {
    if (event.pointerType !== "touch" || handle.contains(event.target)) return;
    take();
    move(under(event));
    drop();
  });
  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  handle.addEventListener("keydown", (event) => {
    const by = KEYS[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const stride = event.shiftKey ? STRIDE / 10 : STRIDE;
    const [w, b] = start();
    const [[left, right], [bottom, top]] = RANGES;
    move(rounded(pointAt((w + stride * by[0] - left) / (right - left), (top - (b + stride * by[1])) / (top - bottom))));
  });
  handle.addEventListener("click", (event) => event.detail === 0 && drop()); // Enter and space

  /** Markers keep their size on the screen, whatever that of the drawing. */
  const upright = (point) =>
    `translate(${placeOf(point)
      .map((x) => x.toFixed(1))
      .join(" ")}) scale(${(SIDE / (drawing.clientWidth || SIDE)).toFixed(3)})`;

  return {
    element,
    paint(runs, selected, now, state) {
      const order = [...runs].sort((a, b) => Number(a.name === selected) - Number(b.name === selected));
      paths.replaceChildren(
        ...order.flatMap((run) => {
          const track = tracks(run, now);
          const isChosen = run.name === selected;
          const d = `M${track.join("L")}`;
          const dots = isChosen
            ? [svg("path", { class: `ls-steps ${looks(run.name)}`, d: `M${track.join("h0M")}h0` })]
            : [];
          return [
            svg("path", { class: "ls-halo", d }),
            svg("path", { class: `ls-line ${looks(run.name)}${isChosen ? " ls-chosen" : ""}`, d }),
            ...dots,
          ];
        }),
      );
      place(star, { transform: upright(TRUTH) });
      heads.replaceChildren(
        ...order.map((run) =>
          svg("path", {
            class: `ls-marker ${looks(run.name)}`,
            d: MARKERS[run.name],
            transform: upright(run.points[Math.min(now, run.points.length - 1)]),
          }),
        ),
      );
      heads.style.display = now === 0 ? "none" : "";
      const [x, y] = placeOf([state.weight, state.bias]);
      handle.style.left = `${(100 * x) / SIDE}%`;
      handle.style.top = `${(100 * y) / SIDE}%`;
      handle.setAttribute(
        "aria-label",
        `Start at w = ${number(state.weight)}, b = ${number(state.bias)}. The arrow keys move it, Enter ` +
          "starts the race.",
      );
    },
  };
}

/** The colour scale, with the loss at every fourth of its lines. */
export function createScale() {
  const swatches = [...LEVELS, null].map((_, i) => h("i", { style: `--depth: ${i / LEVELS.length}` }));
  const labels = LEVELS.flatMap((level, i) =>
    (i + 2) % 4 === 0
      ? [h("span", { style: `left: ${(100 * (i + 1)) / (LEVELS.length + 1)}%` }, number(level, 2))]
      : [],
  );
  return h(
    "div.ls-scale",
    {},
    h("span", {}, "loss"),
    h("div", { role: "img", "aria-label": "The darker the colour, the lower the loss" }, ...swatches, ...labels),
  );
}
