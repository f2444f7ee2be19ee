/** The neuron itself: inputs, weights as lines, sum, activation and answer, with their numbers to drag. */

import { INDICES, LARGEST } from "./state.mjs";
import { called } from "./words.mjs";
import { tint } from "../card/cells.mjs";
import { h, resize, setText } from "../card/dom.mjs";
import { number } from "../arithmetic/format.mjs";
import { draggable } from "../card/drag.mjs";
import { place, svg } from "../card/svg.mjs";

const WIDTH = 360;
/** The room of a row, for 1 to 4 inputs. */
const ROWS = [70, 82, 70, 66];
const FOOT = 50;
const X = { input: 34, weight: 0.42, sum: 214, activation: 276, answer: 332 };
/** A number changes by a tenth for so many pixels. */
const PIXELS_PER_TENTH = 5;
/** Weights of this size have the full colour and the thickest line. */
const STRONG = 3;

/** What a dragged number becomes: tenths, like those of the sliders. */
export const dragged = (from, pixels) =>
  Math.max(-LARGEST, Math.min(LARGEST, Math.round(10 * from + pixels / PIXELS_PER_TENTH) / 10));

const heightFor = (count) => Math.max(count, 2) * ROWS[count - 1] + FOOT;
/** Where the row of an input lies; a single one stands before the sum. */
const rowAt = (i, count) => (count === 1 ? ROWS[0] : (i + 0.5) * ROWS[count - 1]);

/** Little curves for the box of the activation, in a square of 28. */
const GLYPHS = {
  step: "M-14 9H0V-9H14",
  sigmoid: "M-14 9C2 9 -2 -9 14 -9",
  tanh: "M-14 10C0 10 0 -10 14 -10",
  relu: "M-14 9H0L13 -10",
};

/** A shape with a small name and a number; marks at its sides say that it can be dragged. */
function numberNode(kind, shape, width, isMovable) {
  const name = svg("text", { class: "neu-name", y: -5 });
  const value = svg("text", { class: "neu-value", y: 12 });
  const marks = isMovable
    ? [svg("path", { class: "neu-mark", d: `M${-width - 4} -5l-5 5 5 5M${width + 4} -5l5 5 -5 5` })]
    : [];
  const element = svg("g", { class: `neu-node ${kind}${isMovable ? " movable" : ""}` }, shape, name, value, ...marks);
  return {
    element,
    paint({ x, y, label, text, amount = 0 }) {
      place(element, { transform: `translate(${x} ${y})` });
      setText(name, label);
      setText(value, text);
      value.classList.toggle("long", text.length > 4);
      tint(element, amount, STRONG);
    },
  };
}

const disc = (r) => svg("circle", { r });
const pill = () => svg("rect", { x: -26, y: -18, width: 52, height: 36, rx: 9 });

/**
 * @param {any} store
 * @param {() => void} onDrag called when the reader has dragged something
 * @param {HTMLElement} hint stands where the drawing is empty
 * @param {(name: string, i?: number) => void} edit opens the field of a number that was only pressed
 */
export function createPicture(store, onDrag, hint, edit) {
  const edges = svg("g");
  const biasEdge = svg("line", { class: "neu-edge" });
  const wires = svg("path", { class: "neu-wire" });
  const nodes = svg("g");
  const sum = numberNode("sum", disc(28), 28, false);
  const answer = numberNode("answer", disc(26), 26, false);
  const glyph = svg("path", { class: "neu-glyph" });
  const box = svg(
    "g",
    { class: "neu-node activation" },
    svg("rect", { x: -20, y: -20, width: 40, height: 40, rx: 8 }),
    glyph,
  );
  const boxName = svg("text", { class: "neu-name" });
  const bias = movable(
    "bias",
    pill(),
    26,
    () => store.state.bias,
    (value) => store.propose({ bias: value }),
    () => edit("bias"),
  );
  const drawing = svg(
    "svg",
    { class: "neu-picture", "aria-hidden": "true" },
    edges,
    biasEdge,
    wires,
    sum.element,
    box,
    boxName,
    answer.element,
    nodes,
    bias.element,
  );
  const inputs = [];
  const weights = [];

  function movable(kind, shape, width, read, write, press) {
    const node = numberNode(kind, shape, width, true);
    let isPressed = false;
    draggable(
      node.element,
      (event) => {
        isPressed = true;
        return { at: event.clientX, value: read() };
      },
      (event, from) => {
        const value = dragged(from.value, event.clientX - from.at);
        if (value === read()) return;
        isPressed = false;
        onDrag();
        write(value);
      },
      ({ type }) => isPressed && type === "pointerup" && press(), // not where the swipe scrolls the page
    );
    return node;
  }
  const entry = (name, i) => [
    () => store.state[name][i],
    (value) => store.propose({ [name]: store.state[name].with(i, value) }),
    () => edit(name, i),
  ];

  function fit(list, count, make) {
    while (list.length > count) list.pop().element.remove();
    while (list.length < count) {
      list.push(make(list.length));
      nodes.append(list.at(-1).element);
    }
  }

  function paintEdge(line, from, to, weight) {
    const width = 1.5 + 2.2 * Math.min(Math.abs(weight), STRONG);
    place(line, { x1: from.x, y1: from.y, x2: to.x, y2: to.y, "stroke-width": width });
    line.classList.toggle("none", weight === 0);
    tint(line, weight, STRONG);
  }

  return {
    element: h("div.neu-drawing", {}, drawing, hint),

    /**
     * @param {any} state
     * @param {{sum: string, answer: string, amount: number, now: string}} texts what is known, and what is just
     * computed
     */
    paint(state, texts) {
      const count = state.inputs.length;
      const height = heightFor(count);
      const centre = { x: X.sum, y: (height - FOOT) / 2 };
      place(drawing, { viewBox: `0 0 ${WIDTH} ${height}`, "data-now": texts.now });
      resize(edges, count, () => svg("line", { class: "neu-edge" }));
      fit(inputs, count, (i) => movable("input", disc(24), 24, ...entry("inputs", i)));
      fit(weights, count, (i) => movable("weight", pill(), 26, ...entry("weights", i)));
      state.weights.forEach((weight, i) => {
        const from = { x: X.input, y: rowAt(i, count) };
        paintEdge(edges.children[i], from, centre, weight);
        inputs[i].paint({ ...from, label: `x${INDICES[i]}`, text: number(state.inputs[i], 4) });
        const along = (axis) => from[axis] + X.weight * (centre[axis] - from[axis]);
        weights[i].paint({
          x: along("x"),
          y: along("y"),
          label: `w${INDICES[i]}`,
          text: number(weight, 4),
          amount: weight,
        });
      });
      const start = { x: X.sum, y: height - 20 };
      paintEdge(biasEdge, start, centre, state.bias);
      bias.paint({ ...start, label: "b", text: number(state.bias, 4), amount: state.bias });
      place(wires, { d: `M${X.sum} ${centre.y}H${X.answer}` });
      sum.paint({ ...centre, label: "Σ", text: texts.sum });
      place(box, { transform: `translate(${X.activation} ${centre.y})` });
      place(glyph, { d: GLYPHS[state.activation] });
      place(boxName, { x: X.activation, y: centre.y + 35 });
      setText(boxName, called(state.activation));
      answer.paint({ x: X.answer, y: centre.y, label: "a", text: texts.answer, amount: STRONG * texts.amount });
    },
  };
}

/** What the picture's circles can hold of a value: three decimals, and no 0 or 1 that is none. */
export function brief(value) {
  if (Math.abs(value) >= 10) return number(value, 4);
  const rounded = Number(value.toFixed(3));
  return `${Number.isInteger(rounded) && Math.abs(value - rounded) > 1e-12 ? "≈ " : ""}${number(rounded)}`;
}
