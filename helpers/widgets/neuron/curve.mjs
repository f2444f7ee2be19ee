/** The activation's curve: the current point, which moves the bias when it is dragged, and its tangent. */

import { LARGEST } from "./state.mjs";
import { describeSlope, short } from "./words.mjs";
import { ACTIVATIONS } from "../arithmetic/activations.mjs";
import { h, setText } from "../card/dom.mjs";
import { number } from "../arithmetic/format.mjs";
import { draggable } from "../card/drag.mjs";
import { place, pointIn, svg } from "../card/svg.mjs";

const WIDTH = 340;
/** On a phone all of the neuron is to be on one screen. */
const HEIGHT = { page: 250, phone: 146 };
const PHONE = 480;
const EDGE = { left: 34, right: 12, top: 14, bottom: 30 };
const HALF_TANGENT = 62;
const REACHES = [6, 12, 30, 60, 150, 500];

/** How far the axis of z goes to each side, so that the point lies on it. */
export const reachFor = (z) => REACHES.find((reach) => Math.abs(z) <= reach) ?? Math.ceil(Math.abs(z));

const HEIGHTS = { step: [-0.2, 1.2], sigmoid: [-0.2, 1.2], tanh: [-1.3, 1.3] };

/** @param {string} activation @param {number} reach @returns {[number, number]} the ends of the axis of a */
const heights = (activation, reach) => HEIGHTS[activation] ?? [-0.15 * reach, 1.05 * reach];

/** The curve as a path: straight pieces for step and ReLU, many short ones for the others. */
function path(activation, reach, toX, toY) {
  const { value } = ACTIVATIONS[activation];
  const steps = 160;
  const smooth = () =>
    Array.from({ length: steps + 1 }, (_, i) => reach * ((2 * i) / steps - 1)).map((z) => [z, value(z)]);
  const pieces = {
    step: [
      [
        [-reach, 0],
        [0, 0],
      ],
      [
        [0, 1],
        [reach, 1],
      ],
    ],
    relu: [
      [
        [-reach, 0],
        [0, 0],
        [reach, reach],
      ],
    ],
  }[activation] ?? [smooth()];
  const write = (points) => points.map(([z, a]) => `${toX(z).toFixed(1)} ${toY(a).toFixed(1)}`).join("L");
  return pieces.map((points) => `M${write(points)}`).join("");
}

/**
 * @param {any} store
 * @param {() => void} onDrag called when the reader has dragged the point
 */
export function createCurve(store, onDrag) {
  const axes = svg("path", { class: "neu-axis" });
  const ticks = svg("g", { class: "neu-ticks" });
  const middle = svg("path", { class: "neu-guide" });
  const curve = svg("path", { class: "neu-curve" });
  const tangent = svg("line", { class: "neu-tangent" });
  const drop = svg("path", { class: "neu-drop" });
  const handle = svg(
    "g",
    { class: "neu-handle across", tabindex: 0, role: "slider", "aria-label": "z, moved by the bias" },
    svg("circle", { r: 22, class: "neu-reach" }),
    svg("path", { class: "neu-mark", d: "M-14 -5l-5 5 5 5M14 -5l5 5 -5 5" }),
    svg("circle", { r: 8 }),
  );
  const open = svg("circle", { r: 4, class: "neu-open" });
  const filled = svg("circle", { r: 4, class: "neu-closed" });
  const drawing = svg(
    "svg",
    { class: "neu-plot", role: "group" },
    axes,
    ticks,
    middle,
    drop,
    curve,
    open,
    filled,
    tangent,
    handle,
  );
  const slope = h("b");
  const hint = h("div.neu-small", {}, "Drag the point sideways: it moves the bias b, and z with it.");

  let height = HEIGHT.page;
  let reach = reachFor(0);
  let isHeld = false;
  const toX = (z) => EDGE.left + ((z + reach) / (2 * reach)) * (WIDTH - EDGE.left - EDGE.right);
  const toZ = (x) => ((x - EDGE.left) / (WIDTH - EDGE.left - EDGE.right)) * 2 * reach - reach;

  /** Moves the bias so that z becomes what is wanted, in hundredths. */
  function moveTo(z) {
    const { view, state } = store;
    const target = Math.max(-reach, Math.min(reach, z));
    const bias = Math.round(100 * (target - view.sum)) / 100;
    if (bias === state.bias || Math.abs(bias) > LARGEST) return;
    onDrag();
    store.propose({ bias });
  }
  draggable(
    handle,
    (event) => {
      isHeld = true;
      return toX(store.view.z) - pointIn(drawing, event).x;
    },
    (event, offset) => moveTo(toZ(pointIn(drawing, event).x + offset)),
    () => (isHeld = false),
  );
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 0.1, ArrowUp: 0.1, ArrowLeft: -0.1, ArrowDown: -0.1, PageUp: 1, PageDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    moveTo(store.view.z + by);
  });

  function paintAxes(activation, low, toY) {
    place(axes, {
      d: `M${EDGE.left} ${toY(0)}H${WIDTH - EDGE.right}M${toX(0)} ${EDGE.top}V${height - EDGE.bottom + 6}`,
    });
    const across = [-reach, -reach / 2, 0, reach / 2, reach];
    const up = activation === "relu" ? [reach / 2, reach] : activation === "tanh" ? [-1, 1] : [0.5, 1];
    const below = Math.min(toY(low) + 14, height - 8);
    ticks.replaceChildren(
      ...across.map((z) => svg("text", { x: toX(z), y: below }, number(z))),
      ...up.map((a) => svg("text", { x: EDGE.left - 5, y: toY(a) + 4, class: "end" }, number(a))),
      svg("text", { x: WIDTH - EDGE.right, y: toY(0) - 6, class: "end neu-letter" }, "z"),
      svg("text", { x: toX(0) + 8, y: EDGE.top + 6, class: "start neu-letter" }, "a"),
    );
    place(middle, { d: up.map((a) => `M${EDGE.left} ${toY(a)}H${WIDTH - EDGE.right}`).join("") });
  }

  return {
    element: h(
      "div.neu-curve-panel",
      {},
      drawing,
      h("div.neu-slope", {}, h("span.neu-small", {}, "slope of the tangent"), slope),
      hint,
    ),

    /** @param {any} state @param {any} view @param {boolean} known whether z and a may be seen */
    paint({ activation }, { z, a, slope: rise }, known) {
      if (!isHeld) reach = reachFor(known ? z : 0);
      height = innerWidth > PHONE ? HEIGHT.page : HEIGHT.phone;
      const [low, high] = heights(activation, reach);
      const toY = (value) => EDGE.top + ((high - value) / (high - low)) * (height - EDGE.top - EDGE.bottom);
      place(drawing, { viewBox: `0 0 ${WIDTH} ${height}` });
      paintAxes(activation, low, toY);
      place(curve, { d: path(activation, reach, toX, toY) });
      for (const [end, value] of [
        [open, 0],
        [filled, 1],
      ]) {
        end.style.display = activation === "step" ? "" : "none";
        place(end, { cx: toX(0), cy: toY(value) });
      }
      const [x, y] = [toX(z), toY(a)];
      const marks = [handle, drop, tangent];
      for (const mark of marks) mark.style.display = known ? "" : "none";
      place(handle, {
        transform: `translate(${x} ${y})`,
        "aria-valuenow": Number(z.toPrecision(5)),
        "aria-valuemin": -reach,
        "aria-valuemax": reach,
        "aria-valuetext": `z = ${number(z)}, a = ${short(a)}`,
      });
      place(drop, { d: `M${x} ${toY(0)}V${y}H${toX(0)}` });
      // In pixels, because the two axes have different units.
      const unit = { z: (toX(reach) - toX(0)) / reach, a: (toY(low) - toY(high)) / (high - low) };
      const down = (-rise * unit.a) / unit.z;
      const across = HALF_TANGENT / Math.hypot(1, down);
      place(tangent, { x1: x - across, y1: y - across * down, x2: x + across, y2: y + across * down });
      tangent.classList.toggle("by-convention", z === 0 && activation === "relu");
      if (z === 0 && activation === "step") tangent.style.display = "none";
      setText(slope, known ? describeSlope(activation, z, a, rise) : "f′(z) = ?");
      hint.style.visibility = known ? "" : "hidden";
    },
  };
}
