/** BackpropGraph: a computation graph, forward node by node, and backward by the chain rule. */

import { createPicture, snap, STEP } from "./drawing.mjs";
import { diagnose } from "./question.mjs";
import { ACTIVATION_NAMES, changedLeaves, GRAPHS, LARGEST, leafValues, limitOf, readyGraph } from "./graphs.mjs";
import { sayNudge, sayStep, tableOf } from "./lines.mjs";
import { calculate, label, short } from "./words.mjs";
import { numberField, part, segmented, select } from "../card/controls.mjs";
import { h, heard, setText } from "../card/dom.mjs";
import { resultFirst } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { backpropagate, evaluate, nudge } from "../arithmetic/graph.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";

const NUDGE = 1e-5;
const SLIDER = 5;

/** Pixels of the stage from which the buttons below stay where they are; on a phone they float anyway. */
const ROOMY = 600;

/** @param {any} state */
export function compute(state) {
  if (!["shown", "hidden"].includes(state.answer))
    throw new Misfit(`The answer can be shown or hidden, not ${state.answer}.`);
  if (!Number.isInteger(state.step) || state.step < 0)
    throw new Misfit(`A step of ${state.step} does not work: use a whole number from 0.`);
  const ready = readyGraph(state);
  const leaves = leafValues(ready, state);
  const values = evaluate(ready, leaves);
  const { gradients, ways } = backpropagate(ready, values);
  const nudged = Object.fromEntries(
    ready.backward.map((name) => {
      const size = ready.positive?.includes(name) ? values[name] : 1; // not across 0, where there is no logarithm
      return [name, nudge(ready, leaves, values, name, NUDGE * size)];
    }),
  );
  const steps = [
    { kind: "start" },
    ...ready.operations.map(({ name }) => ({ kind: "forward", name })),
    ...ready.backward.map((name) => ({ kind: "backward", name })),
  ];
  return { graph: state.graph, ready, leaves, values, gradients, ways, nudged, steps };
}

function build(card, store) {
  const root = h("div.bg");
  const phase = h("span.bg-phase");
  const count = h("span.bg-count");
  const top = h("div.bg-top", {}, phase, count, h("span.bg-key", {}, "value above, ∂L/∂node below"));
  let chosen = null;

  /** Changes inputs; the state holds only those that are not the graph's own. */
  function change(changes) {
    return store.propose({ values: changedLeaves(store.view.ready, { ...store.view.leaves, ...changes }) });
  }
  /** A list fills the inputs of the same letter, from the first one on. */
  function fill(name, list) {
    const row = store.view.ready.leaves.filter((leaf) => leaf[0] === name[0]);
    if (list.length <= row.length) return change(Object.fromEntries(list.map((value, i) => [row[i], value])));
    store.refuse(`${list.length} numbers do not fit: ${row.map(label).join(", ")} take ${row.length}.`);
    return false;
  }

  const picture = createPicture({
    read: (name) => store.view.leaves[name],
    write: (name, value) => change({ [name]: value }),
    writeAll: fill,
    refuse: (sentence) => store.refuse(sentence),
    choose(name) {
      if (chosen === name) return;
      chosen = name;
      repaint();
    },
    go: (name, kind) =>
      store.propose({ step: store.view.steps.findIndex((step) => step.kind === kind && step.name === name) }),
  });
  const changer = createChanger(() => chosen, change);
  root.append(top, picture.element, changer.element);
  card.stage.append(root);

  const at = () => Math.min(store.state.step, store.view.steps.length - 1);
  const stepAt = (index) => store.view.steps[index];
  const repaint = () => paint(store.state, store.view);
  const indexOf = (kind, name) => store.view.steps.findIndex((step) => step.kind === kind && step.name === name);
  const hasGradient = (name) => {
    const index = indexOf("backward", name);
    return index >= 0 && index <= at() && prediction.isKnown(index);
  };
  const prediction = addPrediction(card, store, {
    judge: (guess, index) => diagnose(store.view, stepAt(index).name, guess, hasGradient),
    read: calculate,
    repaint,
    at,
    count: () => store.view.steps.length,
    asks: (index) => stepAt(index).kind === "backward",
    go: (step) => store.propose({ step }),
  });
  prediction.arithmetic.classList.add("bg-ways");
  const check = part("check", h("div.bg-check"));
  card.say.append(check);
  card.formula.remove();
  const controls = createControls(store, firstNumbers(store.state));
  const table = h("div");
  const all = h(
    "details.bg-all",
    { ontoggle: () => repaint() },
    h("summary", {}, "all gradients beside their finite differences"),
    table,
  );
  card.settings.append(...controls.elements, part("predict", prediction.element), controls.reset, part("table", all));
  const paintPlayback = addPlayback(card, store, {
    count: () => store.view.steps.length,
    label: "step of the computation",
    mayLeave: () => prediction.isKnown(at()),
  });
  const reserve = reserveRoom(
    card,
    store,
    (lines, view) => {
      prediction.arithmetic.replaceChildren(...lines);
      check.replaceChildren(...sayNudge(view, view.ready.backward.at(-1)));
    },
    repaint,
  );

  function paint(state, view) {
    const { ready, steps, leaves } = view;
    if (!ready.leaves.includes(chosen)) chosen = ready.first;
    prediction.begin([state.graph, state.activation, leaves]);
    const now = at();
    const step = steps[now];
    const known = prediction.isKnown(now);
    root.classList.toggle("backward", step.kind === "backward");
    setText(phase, { start: "inputs", forward: "forward →", backward: "← backward" }[step.kind]);
    setText(count, step.kind === "start" ? `${steps.length - 1} steps to go` : `step ${now} of ${steps.length - 1}`);
    picture.paint(state, view, { step, chosen, hasGradient, hasValue: (name) => indexOf("forward", name) <= now });
    changer.paint(leaves, state);
    prediction.arithmetic.replaceChildren(...sayStep(view, step, known));
    check.replaceChildren(...(step.kind === "backward" && known ? sayNudge(view, step.name) : []));
    if (all.open) table.replaceChildren(tableOf(view, hasGradient));
    controls.paint(state);
    prediction.show();
    paintPlayback(now);
    reserve();
    const [whole, result] = resultFirst(heard(prediction.arithmetic));
    card.announce(`${whole} ${phase.textContent}`, result);
  }
  return paint;
}

/**
 * Keeps room for the longest step, so that the buttons below stay where they are from step to step.
 * @returns {() => void} call after painting
 */
function reserveRoom(card, store, write, repaint) {
  let measured = "";
  function measure() {
    const { view } = store;
    if (!view || card.stage.clientWidth < ROOMY) {
      measured = card.say.style.minHeight = "";
      return;
    }
    const now = `${card.stage.clientWidth} ${view.graph} ${view.ready.backward}`;
    if (now === measured) return;
    measured = now;
    card.say.style.minHeight = "";
    const texts = view.steps.map((step) => sayStep(view, step, true));
    const length = (lines) => lines.reduce((total, line) => total + 60 + line.textContent.length, 0);
    write(
      texts.reduce((longest, lines) => (length(lines) > length(longest) ? lines : longest)),
      view,
    );
    card.say.style.minHeight = `${card.say.offsetHeight}px`;
    repaint();
  }
  const observer = new ResizeObserver(measure);
  observer.observe(card.stage);
  card.onDispose(() => observer.disconnect());
  return measure;
}

/** The slider for the input that was touched last. */
function createChanger(chosen, change) {
  const name = h("b");
  const slider = h("input", {
    type: "range",
    min: -SLIDER,
    max: SLIDER,
    step: STEP,
    oninput: () => change({ [chosen()]: snap(Number(slider.value)) }),
  });
  const value = h("output");
  slider.addEventListener("keydown", (event) => /^(Arrow|Home|End|Page)/.test(event.key) && event.stopPropagation());
  return {
    element: part("slider", h("div.bg-change", {}, h("label", {}, "change", name, slider), value)),
    paint(leaves, state) {
      const at = leaves[chosen()];
      const isShare = state.graph === "softmax" && chosen()[0] === "y";
      const reach = Math.min(Math.max(SLIDER, Math.ceil(Math.abs(at))), limitOf(state.graph));
      slider.min = String(isShare ? 0 : -reach);
      slider.max = String(isShare ? 1 : reach);
      slider.value = String(at);
      slider.setAttribute("aria-valuetext", `${label(chosen())} = ${short(at)}`);
      setText(name, label(chosen()));
      setText(value, short(at));
    },
  };
}

/** The numbers that the widget began with, where they fit, or else the graph's own. */
function firstNumbers({ graph, values }) {
  return (state) => (state.graph === graph ? keepFitting({ ...state, values }) : {});
}

/** @param {any} store @param {(state: any) => Record<string, number>} first */
function createControls(store, first) {
  const graph = segmented("graph", Object.entries(GRAPHS), (name) =>
    store.propose({ graph: name, values: first({ ...store.state, graph: name }), step: 0 }),
  );
  const activation = select("activation", ACTIVATION_NAMES, (name) => store.propose({ activation: name }));
  const size = (name, words) =>
    numberField(
      words,
      { min: 1, max: LARGEST[name] },
      (count) => {
        const next = { ...store.state, [name]: count };
        return store.propose({ [name]: count, values: keepFitting(next) });
      },
      (sentence) => store.refuse(sentence),
    );
  const signal = size("signal_size", "cells of x");
  const kernel = size("kernel_size", "cells of w");
  const sizes = h("span.cv-group", {}, signal.element, kernel.element);
  const reset = h(
    "button",
    { type: "button", onclick: () => store.propose({ values: first(store.state) }) },
    "first numbers",
  );
  return {
    reset: part("reset", reset),
    elements: [
      part("graph", graph.element),
      part("activation", h("span", {}, activation.element)),
      part("sizes", h("span", {}, sizes)),
    ],
    paint(state) {
      graph.show(state.graph);
      activation.show(state.activation);
      activation.element.hidden = !["neuron", "two_layer"].includes(state.graph);
      sizes.hidden = state.graph !== "convolution";
      signal.show(state.signal_size);
      kernel.show(state.kernel_size);
      reset.setAttribute("aria-disabled", String(JSON.stringify(state.values) === JSON.stringify(first(state))));
    },
  };
}

/** The reader's numbers, as far as a convolution of another size has inputs for them. */
function keepFitting(state) {
  if (state.kernel_size > state.signal_size) return state.values;
  const { leaves } = readyGraph(state);
  return Object.fromEntries(Object.entries(state.values).filter(([name]) => leaves.includes(name)));
}

export default defineWidget({
  name: "BackpropGraph",
  title: "Forward through a graph, and back",
  picture: "a computation graph with the value and the gradient of every node",
  state: ["graph", "values", "activation", "signal_size", "kernel_size", "step", "answer"],
  parts: {
    graph: "choice of the graph",
    activation: "activation",
    sizes: "sizes of the convolution",
    slider: "slider",
    reset: "first numbers",
    predict: "predict switch",
    check: "finite difference",
    table: "table of all gradients",
    playback: "playback",
  },
  facts: {
    loss: (_, { values }) => values.L,
    grad_w1: (_, { gradients }) => gradients.w1 ?? null,
    grad_w2: (_, { gradients }) => gradients.w2 ?? null,
    grad_b: (_, { gradients }) => gradients.b ?? null,
  },
  compute,
  build,
});
