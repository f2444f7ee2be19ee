/** The drawing of BackpropGraph: a card for each node, with its value above and its gradient below, and the edges. */

import { curve, edgesOf, head, layOut, pointAt } from "./layout.mjs";
import { bracketed, derivative, label, short, signOf } from "./words.mjs";
import { editableCell, showValue, tint } from "../card/cells.mjs";
import { h, setText } from "../card/dom.mjs";
import { draggable } from "../card/drag.mjs";
import { svg } from "../card/svg.mjs";

/** @type {("wide" | "narrow")[]} */
const SHAPES = ["wide", "narrow"];

/** Pixels of dragging that change an input by one step of 0.05. */
const PIXELS = 4;
export const STEP = 0.05;

/**
 * @typedef {object} Acts
 * @property {(name: string) => number} read
 * @property {(name: string, value: number) => boolean} write
 * @property {(name: string, list: number[]) => boolean} writeAll
 * @property {(sentence: string) => void} refuse
 * @property {(name: string) => void} choose an input was touched
 * @property {(name: string, phase: "forward" | "backward") => void} go
 */

/** Rounds what a slider or a finger says to whole steps. @param {number} value */
export const snap = (value) => Number((Math.round(value / STEP) * STEP).toFixed(2));

/** @param {Acts} acts */
export function createPicture(acts) {
  const element = h("div.bg-graph");
  let cards = new Map();
  let edges = [];
  let drawn = null;

  /** Builds the cards and edges of a graph. */
  function draw(name, ready) {
    cards = new Map();
    const layouts = SHAPES.map((shape) => layOut(name, ready, shape));
    layouts.forEach((layout, i) => {
      element.style.setProperty(`--${SHAPES[i]}-width`, layout.width);
      element.style.setProperty(`--${SHAPES[i]}-height`, layout.height.toFixed(2));
    });
    const operations = new Map(ready.operations.map((operation) => [operation.name, operation]));
    for (const node of [...ready.leaves, ...operations.keys()])
      cards.set(
        node,
        createCard(
          node,
          operations.get(node),
          ready.targets.includes(node),
          layouts.map(({ boxes }) => boxes[node]),
        ),
      );
    const curves = layouts.map((layout) => edgesOf(ready, layout));
    edges = curves[0].map(({ from, to }, i) => ({ from, to, ...createEdge(curves.map((list) => list[i])) }));
    const drawings = layouts.map(({ width, height }, i) => {
      const frame = {
        class: `bg-edges ${SHAPES[i]}`,
        viewBox: `0 0 ${width} ${height.toFixed(2)}`,
        "aria-hidden": "true",
      };
      return svg("svg", frame, ...edges.map(({ groups }) => groups[i]));
    });
    element.replaceChildren(
      ...drawings,
      ...[...cards.values()].map((card) => card.element),
      ...edges.map((edge) => edge.tag),
    );
  }

  function createCard(node, operation, isTarget, boxes) {
    const name = label(node);
    const title = h("b", {}, name);
    const element = h("div.bg-node", { "data-node": node, style: place(boxes) });
    const top = h("div.bg-head", {}, title);
    const gradient = isTarget
      ? null
      : h("button.bg-gradient", { type: "button", onclick: () => acts.go(node, "backward") });
    let field = null;
    let value;
    if (operation) {
      top.append(h("span", {}, signOf(operation.op)));
      value = h("button.bg-value", { type: "button", onclick: () => acts.go(node, "forward") });
    } else {
      field = editableCell({
        label: name,
        step: 0.1,
        refuse: acts.refuse,
        print: (value) => short(value),
        read: () => acts.read(node),
        write: (value) => acts.write(node, value),
        writeAll: (list) => acts.writeAll(node, list),
      });
      value = field.element;
      value.classList.add("bg-value");
      value.addEventListener("focus", () => acts.choose(node));
      element.classList.add(isTarget ? "target" : "leaf");
      top.title = `Drag to change ${name}`;
      draggable(
        top,
        (event) => {
          acts.choose(node);
          return { x: event.clientX, value: acts.read(node) };
        },
        (event, from) => acts.write(node, snap(from.value + Math.round((event.clientX - from.x) / PIXELS) * STEP)),
        () => {},
        { waits: true },
      );
    }
    element.append(top, value, ...(gradient ? [gradient] : []));
    return { element, value, gradient, field, name };
  }

  function createEdge(curves) {
    const groups = curves.map((edge) =>
      svg(
        "g",
        {},
        svg("path", { class: "bg-line", d: curve(edge) }),
        svg("path", { class: "bg-tip to", d: head(edge.end, edge.into) }),
        svg("path", { class: "bg-tip from", d: head(edge.start, edge.out) }),
      ),
    );
    const places = curves.map((edge) => {
      const [x, y] = pointAt(edge, edge.out[0] ? 0.5 : 0.6);
      return edge.out[0] ? { x, y: y - 0.8 } : { x, y };
    });
    const beside = curves.map(({ out }, i) => (out[0] ? "" : `.${SHAPES[i]}-beside`)).join("");
    const tag = h(`span.bg-slope${beside}`, { "aria-hidden": "true", style: place(places) });
    return { groups, tag };
  }

  return {
    element,

    /**
     * @param {any} state
     * @param {any} view
     * @param {object} now
     * @param {{kind: "start" | "forward" | "backward", name?: string}} now.step
     * @param {(name: string) => boolean} now.hasValue whether the value of a node has been computed by now
     * @param {(name: string) => boolean} now.hasGradient whether the gradient of a node may be seen
     * @param {string} now.chosen the input that the slider changes
     */
    paint(state, view, { step, hasValue, hasGradient, chosen }) {
      const { ready, values, gradients, ways } = view;
      const shape = JSON.stringify([state.graph, state.activation, ready.leaves]);
      if (shape !== drawn) draw(state.graph, ready);
      drawn = shape;
      element.classList.toggle("backward", step.kind === "backward");
      const largest = Math.max(
        ...Object.keys(gradients)
          .filter(hasGradient)
          .map((name) => Math.abs(gradients[name])),
        0,
      );
      for (const [node, card] of cards) {
        const isNow = node === step.name;
        card.element.classList.toggle("now", isNow);
        card.element.classList.toggle("chosen", node === chosen);
        if (card.field) card.field.show(values[node]);
        else {
          const known = hasValue(node);
          showValue(card.value, known ? short(values[node]) : "");
          card.value.classList.toggle("blank", !known);
          card.value.setAttribute(
            "aria-label",
            `${card.name} ${known ? `= ${short(values[node])}` : "is not computed yet"}: how it is computed`,
          );
        }
        if (!card.gradient) continue;
        const known = hasGradient(node);
        const asked = isNow && step.kind === "backward" && !known;
        showValue(card.gradient, known ? short(gradients[node]) : asked ? "?" : "");
        card.gradient.classList.toggle("blank", !known && !asked);
        card.gradient.setAttribute(
          "aria-label",
          `${derivative(node)} ${known ? `= ${short(gradients[node])}` : "is not known yet"}: how it is computed`,
        );
        tint(card.gradient, known ? gradients[node] : 0, largest);
      }
      for (const edge of edges) {
        const used =
          step.kind === "forward" ? edge.to === step.name : step.kind === "backward" && edge.from === step.name;
        const done = step.kind === "backward" ? hasGradient(edge.from) : hasValue(edge.to);
        for (const group of edge.groups) group.setAttribute("class", used ? "now" : done ? "done" : "");
        const way =
          used &&
          step.kind === "backward" &&
          hasGradient(step.name) &&
          ways[step.name].find(({ to }) => to === edge.to);
        edge.tag.hidden = !way;
        if (way) setText(edge.tag, `·${bracketed(way.slope)}`);
      }
    },
  };
}

/** Centre and size in both drawings, for the style sheet to choose from. */
function place(boxes) {
  const names = { x: "x", y: "y", width: "w", height: "h" };
  return boxes
    .flatMap((box, i) => Object.entries(box).map(([key, value]) => `--${SHAPES[i]}-${names[key]}:${value.toFixed(2)}`))
    .join(";");
}
