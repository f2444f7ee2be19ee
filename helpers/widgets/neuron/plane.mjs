/** The plane of two inputs: shaded by a, with the decision line to drag and to turn, and the four points. */

import { biasThrough, clipLine, hundredths, shading, turned, viewOf } from "./line.mjs";
import { isPoint, LARGEST } from "./state.mjs";
import { h, ICONS } from "../card/dom.mjs";
import { number } from "../arithmetic/format.mjs";
import { draggable } from "../card/drag.mjs";
import { place, pointIn, svg } from "../card/svg.mjs";

const SIZE = 330;
const EDGE = { left: 28, right: 8, top: 8, bottom: 28 };
const SIDE = SIZE - EDGE.left - EDGE.right;
const ARROW = 58;
/** Where on its visible piece the line may have its arrow, as shares, and how far from every point in pixels. */
const PLACES = [0.5, 0.32, 0.68, 0.18, 0.82];
const CLEAR = 40;
const TURN = Math.PI / 36;

/** Part of the drawing that pointer and keys move. */
const handle = (label, ...children) =>
  svg("g", { class: "neu-handle", tabindex: 0, role: "slider", "aria-label": label }, ...children);

/**
 * @param {any} store
 * @param {() => void} onDrag called when the reader has dragged something
 */
export function createPlane(store, onDrag) {
  const shade = h("div.neu-shade");
  const frame = svg("rect", { x: EDGE.left, y: EDGE.top, width: SIDE, height: SIDE, class: "neu-frame" });
  const axes = svg("path", { class: "neu-axis" });
  const ticks = svg("g", { class: "neu-ticks" });
  const reach = svg("line", { class: "neu-reach" });
  const stroke = svg("line", { class: "neu-line" });
  const line = handle("decision line, moved by the bias", reach, stroke);
  const stem = svg("path", { class: "neu-normal" });
  const knob = handle(
    "direction of the decision line",
    svg("circle", { r: 20, class: "neu-reach" }),
    svg("circle", { r: 10 }),
    svg("path", { class: "neu-turn-mark", d: ICONS.turn, transform: "translate(-6 -6) scale(.5)" }),
  );
  place(knob, { "aria-valuemin": -180, "aria-valuemax": 180 });
  place(line, { "aria-valuemin": -LARGEST, "aria-valuemax": LARGEST });
  const points = svg("g");
  const own = svg(
    "g",
    { class: "neu-handle own", "aria-hidden": "true" },
    svg("circle", { r: 18, class: "neu-reach" }),
    svg("path", { d: "M0 -9 9 0 0 9 -9 0z" }),
  );
  const drawing = svg(
    "svg",
    { class: "neu-plot neu-plane", viewBox: `0 0 ${SIZE} ${SIZE}`, role: "group" },
    frame,
    axes,
    ticks,
    line,
    stem,
    points,
    own,
    knob,
  );

  let view = [-1, 1];
  let pivot = [0, 0];
  let share = PLACES[0];
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

  // A little inside, so that the line does not leave the picture with the pointer, where no one could take it again.
  const inside = (value) => Math.min(Math.max(value, view[0] + 0.1), view[1] - 0.1);
  draggable(
    line,
    (event) => event,
    (event) => change({ bias: biasThrough(store.state.weights, at(event).map(inside)) }),
  );
  draggable(
    knob,
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
      if (last) paint(last.state, last.result, last.isKnown);
    },
  );
  const tenths = (value) => Math.min(Math.max(Math.round(10 * value) / 10, view[0]), view[1]) + 0;
  draggable(
    own,
    (event) => event,
    (event) => change({ inputs: at(event).map(tenths) }),
  );

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

  const between = ([one, other], part) => [0, 1].map((axis) => one[axis] + part * (other[axis] - one[axis]));

  /** An arrow that starts at a point of the plane and stays in the picture, in pixels. */
  function arrowAt(start, normal) {
    const foot = [toX(start[0]), toY(start[1])];
    const room = normal.map((by, axis) => (by ? ((by > 0 ? SIZE - 12 : 12) - foot[axis]) / by : Infinity));
    const length = Math.max(26, Math.min(ARROW, ...room));
    return { foot, tip: foot.map((from, axis) => from + normal[axis] * length) };
  }

  /** @param {any} state @param {number[][]} covered points that the arrow must leave in sight */
  function paintLine({ weights, bias }, covered) {
    const piece = clipLine(weights, bias, view);
    for (const mark of [line, stem, knob]) mark.style.display = piece ? "" : "none";
    if (!piece) return false;
    const [[x1, y1], [x2, y2]] = piece.map(([a, b]) => [toX(a), toY(b)]);
    for (const mark of [reach, stroke]) place(mark, { x1, y1, x2, y2 });
    const size = Math.hypot(...weights);
    const normal = [weights[0] / size, -weights[1] / size];
    if (!pivotHeld) {
      // The arrow stays where it is on the line as long as it covers no point there.
      const offers = [share, ...PLACES].map((part) => ({ part, ...arrowAt(between(piece, part), normal) }));
      /** @param {{tip: number[]}} offer */
      const room = ({ tip: [x, y] }) => Math.min(...covered.map(([x1, x2]) => Math.hypot(toX(x1) - x, toY(x2) - y)));
      const roomiest = () => offers.reduce((best, offer) => (room(offer) > room(best) ? offer : best));
      share = (offers.find((offer) => room(offer) > CLEAR) ?? roomiest()).part;
      pivot = between(piece, share);
    }
    const { foot, tip } = arrowAt(pivot, normal);
    place(stem, { d: `M${foot.join(" ")}L${tip.join(" ")}` });
    place(knob, { transform: `translate(${tip.join(" ")})` });
    const angle = Math.round((Math.atan2(weights[1], weights[0]) * 180) / Math.PI);
    place(knob, { "aria-valuenow": angle, "aria-valuetext": `${number(angle)}°, pointing to where the answer is 1` });
    place(line, { "aria-valuenow": bias, "aria-valuetext": `b = ${number(bias)}` });
    return true;
  }

  /** A disc where 1 is wanted and a ring where 0 is, with a tick or a cross once it is known. */
  function paintPoint({ x, wanted, right }, isKnown, isNow) {
    const mark = right ? ICONS.check : ICONS.cross;
    const badge = isKnown
      ? [
          svg("circle", { r: 9, cx: 15, cy: -15, class: "neu-badge" }),
          svg("path", { class: "neu-badge-mark", d: mark, transform: "translate(8 -22) scale(.58)" }),
        ]
      : [];
    const kinds = ["neu-point", wanted && "one", isKnown && (right ? "right" : "wrong"), isNow && "now"];
    const element = svg(
      "g",
      { class: kinds.filter(Boolean).join(" "), transform: `translate(${toX(x[0])} ${toY(x[1])})` },
      svg("circle", { r: 17, class: "neu-ring" }),
      svg("circle", { r: 12, class: "neu-dot" }),
      svg("text", { y: 5 }, number(wanted)),
      ...badge,
    );
    element.addEventListener("click", () => store.propose({ inputs: x }));
    return element;
  }

  let last = null;
  /**
   * @param {any} state @param {any} result
   * @param {(row: number) => boolean} isKnown which of the points may be judged
   * @returns {boolean} whether the line can be seen
   */
  function paint(state, result, isKnown) {
    last = { state, result, isKnown };
    if (!own.classList.contains("dragging")) view = viewOf(state);
    paintAxes();
    paintShade(state, result.rows.length ? result.rows.every((_, i) => isKnown(i)) : isKnown(0));
    const seen = paintLine(state, [...result.rows.map((row) => row.x), state.inputs]);
    const atPoint = state.problem !== "none" && isPoint(state.inputs);
    const isNow = ({ x }) => atPoint && x.every((value, k) => value === state.inputs[k]);
    points.replaceChildren(...result.rows.map((row, i) => paintPoint(row, isKnown(i), isNow(row))));
    const inside = state.inputs.every((x) => x >= view[0] && x <= view[1]);
    own.style.display = inside && (!atPoint || own.classList.contains("dragging")) ? "" : "none";
    place(own, { transform: `translate(${toX(state.inputs[0])} ${toY(state.inputs[1])})` });
    return seen;
  }
  return { element: h("div.neu-plane-panel", {}, h("div.neu-plane-box", {}, shade, drawing)), paint };
}
