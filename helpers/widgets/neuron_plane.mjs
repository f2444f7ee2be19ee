/** The plane of two inputs: shaded by a, with the decision line to drag and to turn, and the four points. */

import { isPoint, LARGEST, saysOne } from "./neuron_state.mjs";
import { ACTIVATIONS } from "./shared/activations.mjs";
import { h, ICONS } from "./shared/dom.mjs";
import { number } from "./shared/format.mjs";
import { draggable, place, pointIn, svg } from "./shared/svg.mjs";

const SIZE = 330;
const EDGE = { left: 28, right: 8, top: 8, bottom: 28 };
const SIDE = SIZE - EDGE.left - EDGE.right;
const ARROW = 58;
const TURN = Math.PI / 36;

/** Sums at which the shading is computed; browsers fill in between. */
const SHADES = [-8, -5, -4, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 8];

/** The square of the plane that is shown. */
export function viewOf({ inputs, problem }) {
  if (problem !== "none") return [-0.6, 1.6];
  const reach = [2, 5, 12, 30, 60, LARGEST].find((size) => inputs.every((x) => Math.abs(x) <= 0.9 * size)) ?? 1.1 * LARGEST;
  return [-reach, reach];
}

/**
 * The piece of the line w₁·x₁ + w₂·x₂ + b = 0 inside the square.
 * @returns {[number[], number[]] | null} null where the line does not cross it
 */
export function clipLine([w1, w2], bias, [low, high]) {
  const inside = (value) => value >= low - 1e-9 && value <= high + 1e-9;
  const ends = [];
  for (const side of [low, high]) {
    const x2 = -(bias + w1 * side) / w2;
    if (w2 !== 0 && inside(x2)) ends.push([side, x2]);
    const x1 = -(bias + w2 * side) / w1;
    if (w1 !== 0 && inside(x1)) ends.push([x1, side]);
  }
  let best = null;
  let longest = 1e-6;
  ends.forEach((one, i) => ends.slice(i + 1).forEach((other) => {
    const length = Math.hypot(one[0] - other[0], one[1] - other[1]);
    if (length > longest) [longest, best] = [length, [one, other]];
  }));
  return best;
}

const hundredths = (value) => Math.round(100 * value) / 100;

/** The bias with which the line goes through a point. */
export const biasThrough = ([w1, w2], [x1, x2]) => Math.max(-LARGEST, Math.min(LARGEST, hundredths(-(w1 * x1 + w2 * x2)))) + 0;

/** Weights and bias of a line through `pivot`, with its normal at `angle` and weights of the same size. */
export function turned(weights, pivot, angle) {
  const size = Math.hypot(...weights);
  const next = [hundredths(size * Math.cos(angle)) + 0, hundredths(size * Math.sin(angle)) + 0];
  return { weights: next, bias: biasThrough(next, pivot) };
}

/** The colour of an activation on the diverging scale: none where it lies on the threshold. */
function colour(activation, a, most) {
  const strength = { step: 2 * a - 1, sigmoid: 2 * a - 1, tanh: a, relu: a / Math.max(1, most) }[activation];
  return `color-mix(in srgb, var(--cv-${strength < 0 ? "neg" : "pos"}) ${Math.round(48 * Math.abs(strength))}%, transparent)`;
}

/** The shading of the square as a CSS gradient. @param {number} least @param {number} most the sums z at its ends @param {number} angle clockwise from above */
export function shading(activation, least, most, angle) {
  const { value } = ACTIVATIONS[activation];
  if (most - least < 1e-9) {
    const whole = colour(activation, value(most), most);
    return `linear-gradient(${whole}, ${whole})`;
  }
  const within = [least, ...SHADES.filter((z) => z > least && z < most), most];
  const stops = within.map((z, i) => {
    // The step has both its values at 0: there the lower one comes first.
    const a = activation === "step" && z === 0 && within[i + 1] === 0 ? 0 : value(z);
    return `${colour(activation, a, most)} ${((100 * (z - least)) / (most - least)).toFixed(2)}%`;
  });
  return `linear-gradient(${angle.toFixed(4)}rad, ${stops.join(", ")})`;
}

/**
 * @param {any} store
 * @param {() => void} onDrag called when the reader has dragged something
 */
export function createPlane(store, onDrag) {
  const shade = h("div.neu-shade");
  const field = { x: EDGE.left, y: EDGE.top, width: SIDE, height: SIDE };
  const frame = svg("rect", { ...field, class: "neu-frame" });
  const axes = svg("path", { class: "neu-axis" });
  const ticks = svg("g", { class: "neu-ticks" });
  const reach = svg("line", { class: "neu-reach" });
  const stroke = svg("line", { class: "neu-line" });
  const line = svg("g", { class: "neu-handle every", tabindex: 0, role: "slider", "aria-label": "decision line, moved by the bias" }, reach, stroke);
  const stem = svg("path", { class: "neu-normal" });
  const knob = svg("g", { class: "neu-handle every turn", tabindex: 0, role: "slider", "aria-label": "direction of the decision line", "aria-valuemin": -180, "aria-valuemax": 180 },
    svg("circle", { r: 20, class: "neu-reach" }), svg("circle", { r: 10 }), svg("path", { class: "neu-turn-mark", d: ICONS.turn, transform: "translate(-6 -6) scale(.5)" }));
  const points = svg("g");
  const own = svg("g", { class: "neu-handle every own", "aria-hidden": "true" }, svg("circle", { r: 18, class: "neu-reach" }), svg("path", { d: "M0 -9 9 0 0 9 -9 0z" }));
  const drawing = svg("svg", { class: "neu-plot neu-plane", viewBox: `0 0 ${SIZE} ${SIZE}`, role: "group" },
    frame, axes, ticks, line, stem, points, own, knob);

  let view = [-1, 1];
  let pivot = [0, 0];
  let pivotHeld = false;
  const scale = () => SIDE / (view[1] - view[0]);
  const toX = (x1) => EDGE.left + (x1 - view[0]) * scale();
  const toY = (x2) => EDGE.top + (view[1] - x2) * scale();
  const at = (event) => {
    const { x, y } = pointIn(drawing, event);
    return [view[0] + (x - EDGE.left) / scale(), view[1] - (y - EDGE.top) / scale()];
  };
  const change = (changes) => {
    onDrag();
    store.propose(changes);
  };
  const turnTo = (weights, around, angle) => change(turned(weights, around, angle));

  draggable(line, (event) => event, (event) => change({ bias: biasThrough(store.state.weights, at(event)) }));
  draggable(knob,
    () => {
      pivotHeld = true;
      return { weights: store.state.weights, pivot };
    },
    (event, from) => {
      const [x1, x2] = at(event);
      turnTo(from.weights, from.pivot, Math.atan2(x2 - from.pivot[1], x1 - from.pivot[0]));
    },
    () => {
      pivotHeld = false;
      paint(...last);
    });
  const tenths = (value) => Math.min(Math.max(Math.round(10 * value) / 10, view[0]), view[1]) + 0;
  draggable(own, (event) => event, (event) => change({ inputs: at(event).map(tenths) }));

  /** The keys that a handle has for itself, so that they do not step. */
  function onKeys(element, act) {
    element.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      act(by);
    });
  }
  onKeys(line, (by) => {
    const bias = hundredths(store.state.bias + by * 0.1);
    if (Math.abs(bias) <= LARGEST) change({ bias });
  });
  onKeys(knob, (by) => {
    const { weights } = store.state;
    turnTo(weights, pivot, Math.atan2(weights[1], weights[0]) + by * TURN);
  });

  function paintAxes() {
    place(axes, { d: `M${EDGE.left} ${toY(0)}h${SIDE}M${toX(0)} ${EDGE.top}v${SIDE}` });
    const marks = view[0] === -0.6 ? [0, 1] : [view[0] / 2, 0, view[1] / 2];
    ticks.replaceChildren(
      ...marks.map((value) => svg("text", { x: toX(value), y: SIZE - 12 }, number(value))),
      ...marks.map((value) => svg("text", { x: EDGE.left - 5, y: toY(value) + 4, class: "end" }, number(value))),
      svg("text", { x: SIZE - 10, y: SIZE - 12, class: "end neu-letter" }, "x₁"),
      svg("text", { x: EDGE.left - 5, y: EDGE.top + 12, class: "end neu-letter" }, "x₂"),
    );
  }

  /** a depends on nothing but z, so that the shading is one gradient along the normal, from corner to corner. */
  function paintShade({ weights: [w1, w2], bias, activation }, isOpen) {
    shade.style.display = isOpen ? "" : "none";
    const sums = view.flatMap((x1) => view.map((x2) => w1 * x1 + w2 * x2 + bias));
    shade.style.background = shading(activation, Math.min(...sums), Math.max(...sums), Math.atan2(w1, w2));
  }

  function paintLine({ weights, bias }) {
    const piece = clipLine(weights, bias, view);
    for (const mark of [line, stem, knob]) mark.style.display = piece ? "" : "none";
    if (!piece) return false;
    const [[x1, y1], [x2, y2]] = piece.map(([a, b]) => [toX(a), toY(b)]);
    for (const mark of [reach, stroke]) place(mark, { x1, y1, x2, y2 });
    if (!pivotHeld) pivot = [0, 1].map((axis) => (piece[0][axis] + piece[1][axis]) / 2);
    const [x, y] = [toX(pivot[0]), toY(pivot[1])];
    const size = Math.hypot(...weights);
    const [across, down] = [weights[0] / size, -weights[1] / size];
    const room = [[across, x, SIZE], [down, y, SIZE]].map(([by, from, end]) => (by > 0 ? (end - 12 - from) / by : by < 0 ? (12 - from) / by : Infinity));
    const length = Math.max(26, Math.min(ARROW, ...room));
    place(stem, { d: `M${x} ${y}l${across * length} ${down * length}` });
    place(knob, { transform: `translate(${x + across * length} ${y + down * length})` });
    const angle = Math.round((Math.atan2(weights[1], weights[0]) * 180) / Math.PI);
    place(knob, { "aria-valuenow": angle, "aria-valuetext": `${number(angle)}°, pointing to where the answer is 1` });
    place(line, { "aria-valuenow": bias, "aria-valuemin": -LARGEST, "aria-valuemax": LARGEST, "aria-valuetext": `b = ${number(bias)}` });
    return true;
  }

  /** A disc where 1 is wanted and a ring where 0 is, with a tick or a cross once it is known. */
  function paintPoint({ x, wanted, right }, isKnown, isNow) {
    const badge = isKnown ? [svg("circle", { r: 9, cx: 15, cy: -15, class: "neu-badge" }),
      svg("path", { class: "neu-badge-mark", d: right ? ICONS.check : ICONS.cross, transform: "translate(8 -22) scale(.58)" })] : [];
    const element = svg("g", { class: `neu-point ${wanted ? "one" : "zero"}${isKnown ? (right ? " right" : " wrong") : ""}${isNow ? " now" : ""}`, transform: `translate(${toX(x[0])} ${toY(x[1])})` },
      svg("circle", { r: 17, class: "neu-ring" }), svg("circle", { r: 12, class: "neu-dot" }), svg("text", { y: 5 }, number(wanted)), ...badge);
    element.addEventListener("click", () => store.propose({ inputs: x }));
    return element;
  }

  let last = [];
  /** @param {any} state @param {any} result @param {(row: number) => boolean} isKnown which of the points may be judged @returns {boolean} whether the line can be seen */
  function paint(state, result, isKnown) {
    last = [state, result, isKnown];
    if (!own.classList.contains("dragging")) view = viewOf(state);
    paintAxes();
    paintShade(state, result.rows.length ? result.rows.every((_, i) => isKnown(i)) : isKnown(0));
    const seen = paintLine(state);
    const atPoint = state.problem !== "none" && isPoint(state.inputs);
    points.replaceChildren(...result.rows.map((row, i) => paintPoint(row, isKnown(i), atPoint && row.x.every((x, k) => x === state.inputs[k]))));
    const inside = state.inputs.every((x) => x >= view[0] && x <= view[1]);
    own.style.display = inside && (!atPoint || own.classList.contains("dragging")) ? "" : "none";
    place(own, { transform: `translate(${toX(state.inputs[0])} ${toY(state.inputs[1])})` });
    own.classList.toggle("one", saysOne(state.activation, result.z));
    return seen;
  }
  return { element: h("div.neu-plane-panel", {}, h("div.neu-plane-box", {}, shade, drawing)), paint };
}
