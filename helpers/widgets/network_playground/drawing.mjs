/** The network of NetworkPlayground: every neuron with what it says about all inputs, every weight as a line. */

import { iconButton, part } from "../card/controls.mjs";
import { h, isTouched, resize, setText } from "../card/dom.mjs";
import { number } from "../arithmetic/format.mjs";
import { place as set, svg } from "../card/svg.mjs";
import { MOST } from "./state.mjs";
import { drawCurve, drawPlane } from "./pictures.mjs";
import { nameNeuron, nameSource } from "./words.mjs";

const PLUS = "M12 5v14M5 12h14";
const MINUS = "M5 12h14";

/** An activation in little room. */
const twoDecimals = (value) => (Math.abs(value) < 10 ? value.toFixed(2).replace("-", "−") : number(value, 2));

/** How near to a line the pointer has to be, in pixels; fingers are wider. */
const REACH = { mouse: 7, touch: 16 };

/** A line's place: from the right side of one neuron to the left side of the next, in an S. */
const curveOf = ({ x0, y0, x1, y1 }) => `M${x0} ${y0}C${(x0 + x1) / 2} ${y0} ${(x0 + x1) / 2} ${y1} ${x1} ${y1}`;

/** The point of such a line at a share of the way. */
function pointOn({ x0, y0, x1, y1 }, share) {
  const s = share * share * (3 - 2 * share);
  const xs = 1.5 * share - 1.5 * share ** 2 + share ** 3; // the same S, along x
  return [x0 + (x1 - x0) * xs, y0 + (y1 - y0) * s];
}

/** The width of a line says how large a weight is. @param {number} weight */
export const widthOf = (weight) => (Number.isFinite(weight) ? Math.min(0.6 + 1.7 * Math.abs(weight), 9) : 9);

/** Sign and size of a weight, for the style sheet; only what changed is touched. */
function showWeight(element, weight, largest = 9) {
  const width = Math.min(widthOf(weight), largest).toFixed(1);
  if (element.dataset.width !== width) {
    element.dataset.width = width;
    element.style.setProperty("--width", width);
  }
  const kind = weight === 0 ? "zero" : weight < 0 ? "neg" : "pos";
  if (element.dataset.sign !== kind) element.dataset.sign = kind;
}

/**
 * @param {any} card
 * @param {object} act
 * @param {(neuron: [number, number]) => void} act.pick a neuron, to look into it
 * @param {(hidden: number[]) => void} act.rebuild other layers
 * @param {() => void} act.placed called when everything stands somewhere else and is to be painted
 */
export function createDiagram(card, act) {
  const lines = svg("g");
  const biases = svg("g");
  const drawing = svg("svg", { class: "np-drawing", "aria-hidden": "true" }, lines, biases);
  const labels = svg("svg", { class: "np-drawing np-labels", "aria-hidden": "true" });
  const heads = h("div.np-heads");
  const neurons = h("div.np-neurons", {
    role: "group",
    "aria-label": "the network's neurons: arrow keys go from one to the next",
  });
  const net = h("div.np-net", {}, heads, drawing, neurons, labels);
  const readout = h("p.np-readout");
  const layerWord = h("span");
  const fewer = iconButton(
    MINUS,
    "Take the last hidden layer out",
    () => state.hidden.length > 0 && act.rebuild(state.hidden.slice(0, -1)),
  );
  const more = iconButton(
    PLUS,
    "Add a hidden layer",
    () => state.hidden.length < MOST.layers && act.rebuild([...state.hidden, state.hidden.at(-1) ?? 4]),
  );
  const layersLine = part("layers", h("div.np-layers", {}, fewer, layerWord, more));
  const element = part("network", h("div.np-diagram", {}, layersLine, net, readout));

  let state = { hidden: [], neuron: [] };
  let network = null;
  let places = []; // places[column][row] = {x, y}
  let size = 34;
  let edges = []; // of all lines: where they run, and which weight they show
  let hovered = null; // an edge, a bias, or a neuron that the pointer is on or the focus
  let pinned = null; // an edge that was tapped
  let seen = null; // the sample's pass, where one is inspected

  const cellAt = (layer, unit) => neurons.querySelector(`[data-place="${layer},${unit}"]`);

  /** Hidden layers can be made wider and narrower at their heads. */
  function buildHeads() {
    heads.replaceChildren(
      ...places.map((column, at) => {
        const isHidden = at > 0 && at < places.length - 1;
        const units = column.length;
        const change = (by) => {
          if (units + by < 1 || units + by > MOST.units) return;
          act.rebuild(state.hidden.with(at - 1, units + by));
          queueMicrotask(() => heads.children[at]?.querySelectorAll("button")[by > 0 ? 1 : 0]?.focus());
        };
        const buttons = [
          [MINUS, `One neuron fewer in hidden layer ${at}`, -1, 1],
          [PLUS, `One neuron more in hidden layer ${at}`, 1, MOST.units],
        ].map(([icon, label, by, end]) => {
          const button = iconButton(String(icon), String(label), () => change(by));
          button.setAttribute("aria-disabled", String(units === end));
          return button;
        });
        const words =
          at === 0 ? "inputs" : isHidden ? network.layers[at - 1].activation : network.layers.at(-1).activation;
        const head = h(
          "div.np-head",
          { style: `left:${column[0].x}px` },
          h("span", {}, words),
          isHidden ? part("layers", h("span.np-width", {}, ...buttons)) : null,
        );
        return head;
      }),
    );
  }

  function place() {
    const width = net.clientWidth;
    if (!network || width === 0) return;
    const counts = [network.inputs, ...network.layers.map(({ units }) => units)];
    const tallest = Math.max(...counts, 3);
    const pitchX = (width - 10) / counts.length;
    size = Math.round(Math.max(22, Math.min(42, pitchX * 0.62)));
    const pitchY = size + 15;
    const height = tallest * pitchY + 4;
    places = counts.map((count, column) =>
      Array.from({ length: count }, (_, row) => ({
        x: Math.round(5 + pitchX * (column + 0.5)),
        y: Math.round(height / 2 + (row - (count - 1) / 2) * pitchY - 4),
      })),
    );
    for (const each of [drawing, labels]) set(each, { viewBox: `0 0 ${width} ${height}` });
    for (const each of [drawing, labels, neurons]) each.style.height = `${height}px`;
    net.style.setProperty("--neuron", `${size}px`);
    edges = network.layers.flatMap((layer, l) =>
      Array.from({ length: layer.units * layer.inputs }, (_, w) => {
        const [source, unit] = [Math.floor(w / layer.units), w % layer.units];
        const [from, to] = [places[l][source], places[l + 1][unit]];
        return {
          layer: l + 1,
          unit: unit + 1,
          source: source + 1,
          w,
          x0: from.x + size / 2,
          y0: from.y,
          x1: to.x - size / 2,
          y1: to.y,
        };
      }),
    );
    resize(lines, edges.length, () => svg("path"));
    edges.forEach((edge, i) => lines.children[i].setAttribute("d", curveOf(edge)));
    const units = network.layers.flatMap((layer, l) => Array.from({ length: layer.units }, (_, j) => places[l + 1][j]));
    resize(biases, units.length, () => svg("circle"));
    units.forEach(({ x, y }, i) => set(biases.children[i], { cx: x - size / 2, cy: y + size / 2 }));
    for (const cell of neurons.children) {
      const [layer, unit] = cell.dataset.place.split(",").map(Number);
      const { x, y } = places[layer][unit - 1];
      cell.style.left = `${x - size / 2}px`;
      cell.style.top = `${y - size / 2}px`;
    }
    buildHeads();
  }

  function build() {
    const input = (_, i) =>
      h(
        "span.np-neuron.np-input",
        { "data-place": `0,${i + 1}` },
        h("canvas", { "aria-hidden": "true" }),
        h("span.np-name", {}, network.inputs === 1 ? "x" : `x${"₁₂"[i]}`),
      );
    const neuron = (layer, unit) =>
      h(
        "button.np-neuron",
        { type: "button", tabindex: -1, "data-place": `${layer},${unit}`, onclick: () => act.pick([layer, unit]) },
        h("canvas", { "aria-hidden": "true" }),
        h("span.np-value"),
      );
    neurons.replaceChildren(
      ...Array.from({ length: network.inputs }, input),
      ...network.layers.flatMap(({ units }, l) => Array.from({ length: units }, (_, j) => neuron(l + 1, j + 1))),
    );
    cellAt(1, 1).tabIndex = 0;
    hovered = pinned = null;
  }

  const weightOf = ({ layer, w }) => network.layers[layer - 1].weights[w];
  const edgesInto = ([layer, unit]) => edges.filter((edge) => edge.layer === layer && edge.unit === unit);

  /** Numbers at the lines that are looked at, and their names below. */
  function paintLabels() {
    const target = hovered ?? pinned ?? (state.neuron.length ? { neuron: state.neuron } : null);
    const shown = !target ? [] : target.neuron ? edgesInto(target.neuron) : target.w === undefined ? [] : [target];
    edges.forEach((edge, i) => lines.children[i].classList.toggle("now", shown.includes(edge)));
    resize(labels, shown.length, () => svg("text"));
    shown.forEach((edge, i) => {
      const [x, y] = pointOn(edge, shown.length > 1 ? 0.38 : 0.5);
      set(labels.children[i], { x: x.toFixed(1), y: (y + 4).toFixed(1) });
      setText(labels.children[i], number(weightOf(edge), 2));
    });
    setText(
      readout,
      target
        ? describe(target)
        : isTouched()
          ? "Tap a neuron or a point to see its arithmetic."
          : "Point at a line, a corner or a neuron for its numbers; click a neuron or a point to see its arithmetic.",
    );
  }

  function describe(target) {
    const biasOf = ([layer, unit]) => number(network.layers[layer - 1].biases[unit - 1], 4);
    if (target.neuron) {
      const weights = edgesInto(target.neuron)
        .map((edge) => number(weightOf(edge), 4))
        .join(", ");
      return `${nameNeuron(network, target.neuron)}: weights ${weights}; bias ${biasOf(target.neuron)}.`;
    }
    if (target.bias) return `Bias of ${nameNeuron(network, target.bias, true)}: ${biasOf(target.bias)}.`;
    return (
      `Weight from ${nameSource(network, target.layer - 1, target.source)} to ` +
      `${nameNeuron(network, [target.layer, target.unit], true)}: ${number(weightOf(target), 5)}.`
    );
  }

  /** What is under the pointer: a corner with a bias, a line, or nothing. */
  function under({ clientX, clientY, pointerType }) {
    const box = drawing.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    const reach = REACH[pointerType] ?? REACH.touch;
    let best = { distance: reach, found: null };
    const offer = (px, py, found, bonus = 0) => {
      const distance = Math.hypot(px - x, py - y) - bonus;
      if (distance < best.distance) best = { distance, found };
    };
    for (const edge of edges) {
      if (x < edge.x0 - reach || x > edge.x1 + reach) continue;
      for (let share = 0; share <= 1; share += 1 / 24) offer(...pointOn(edge, share), edge);
    }
    places
      .slice(1)
      .forEach((column, l) =>
        column.forEach((at, j) => offer(at.x - size / 2, at.y + size / 2, { bias: [l + 1, j + 1] }, 3)),
      );
    return best.found;
  }

  function hover(target) {
    if (JSON.stringify(target) === JSON.stringify(hovered)) return;
    hovered = target;
    paintLabels();
  }
  const placeOf = (event) => event.target.closest("button.np-neuron")?.dataset.place.split(",").map(Number);
  net.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse") return;
    const neuron = placeOf(event);
    const found = under(event);
    hover(found?.bias ? found : neuron ? { neuron } : found);
  });
  net.addEventListener("pointerleave", () => hover(null));
  net.addEventListener("click", (event) => {
    pinned = placeOf(event) ? null : under(event);
    paintLabels();
  });
  neurons.addEventListener("focusin", (event) => {
    const neuron = placeOf(event);
    for (const cell of neurons.querySelectorAll("button")) cell.tabIndex = cell === event.target ? 0 : -1;
    if (!neuron) return;
    event.target.setAttribute("aria-label", describe({ neuron })); // not a live region, which would speak at every step
    if (event.target.matches(":focus-visible")) hover({ neuron });
  });
  neurons.addEventListener("focusout", () => hover(null));
  neurons.addEventListener("keydown", (event) => {
    const [layer, unit] = placeOf(event) ?? [];
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!layer || !step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const column = layer + step[0];
    const row = step[0] ? Math.min(unit, network.layers[column - 1]?.units ?? 0) : unit + step[1];
    cellAt(column, row)?.matches("button") && cellAt(column, row).focus();
  });

  let widthBefore = 0;
  const observer = new ResizeObserver(() => {
    if (net.clientWidth === widthBefore) return; // only its height follows the network
    widthBefore = net.clientWidth;
    place();
    act.placed();
  });
  observer.observe(net);
  card.onDispose(() => observer.disconnect());

  return {
    element,

    /** Another network. */
    show(nextNetwork) {
      network = nextNetwork;
      edges = [];
      build();
    },

    /** What the state says: how many layers, and which neuron is looked into. */
    mark(next) {
      state = next;
      setText(layerWord, `${state.hidden.length} hidden layer${state.hidden.length === 1 ? "" : "s"}`);
      fewer.setAttribute("aria-disabled", String(state.hidden.length === 0));
      more.setAttribute("aria-disabled", String(state.hidden.length === MOST.layers));
      for (const cell of neurons.querySelectorAll("button")) {
        const neuron = cell.dataset.place.split(",").map(Number);
        const isNow = String(neuron) === String(state.neuron);
        cell.setAttribute("aria-pressed", String(isNow));
        cell.setAttribute("aria-label", nameNeuron(network, neuron));
      }
    },

    /**
     * The weights and pictures as they are now.
     * @param {any} surfaces
     * @param {any} inspected a sample's pass, or null
     */
    paint(surfaces, inputPictures, table, inspected) {
      seen = inspected;
      if (edges.length === 0) place();
      if (edges.length === 0) return; // it has no size yet
      edges.forEach((edge, i) => showWeight(lines.children[i], weightOf(edge)));
      let bias = 0;
      network.layers.forEach((layer) => layer.biases.forEach((value) => showWeight(biases.children[bias++], value, 6)));
      const ink = getComputedStyle(element).color;
      const draw = (cell, values, role) =>
        surfaces.rows > 1
          ? drawPlane(cell.firstChild, values, surfaces, table, role)
          : drawCurve(cell.firstChild, values, ink);
      inputPictures.forEach((values, i) => draw(cellAt(0, i + 1), values, "signed"));
      surfaces.layers.forEach((layer, l) =>
        layer.forEach((values, j) => {
          const cell = cellAt(l + 1, j + 1);
          const isOutput = l === surfaces.layers.length - 1;
          draw(cell, values, !isOutput ? "signed" : layer.length > 1 ? `class${j}` : "border");
          setText(cell.lastChild, seen ? twoDecimals(seen.layers[l].activations[j]) : "");
        }),
      );
      paintLabels();
    },
  };
}
