/** Neuron: inputs, weights and a bias to drag, the activation's curve, and the line that one neuron can draw. */

import { createCurve } from "./curve.mjs";
import { brief, createPicture } from "./drawing.mjs";
import { createPlane } from "./plane.mjs";
import { createControls, createSliders } from "./controls.mjs";
import { compute, nearestPoint, isPoint, POINTS, saysOne, STAGES, weightedSum } from "./state.mjs";
import { createTable } from "./table.mjs";
import {
  describeActivation,
  describeCount,
  describeRule,
  describeStage,
  diagnoseActivation,
  diagnoseSum,
  products,
  short,
  symbols,
} from "./words.mjs";
import { part } from "../card/controls.mjs";
import { h, setText, steadyHeight } from "../card/dom.mjs";
import { number, resultFirst } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { folded } from "../card/panes.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";

const DONE = STAGES - 1;

function build(card, store) {
  const repaint = () => paint(store.state, store.view);
  // Until the reader has dragged something, the widget says and shows that one can.
  const hint = h("div.neu-hint", {}, "Drag any number sideways");
  card.root.classList.add("neu-fresh");
  const onDrag = () => card.root.classList.remove("neu-fresh");

  const sliders = createSliders(store, onDrag);
  const picture = createPicture(store, onDrag, hint, sliders.edit);
  const curve = createCurve(store, onDrag);
  const plane = createPlane(store, onDrag);
  const table = createTable(store);
  const below = h("div.neu-below", {}, h("div.neu-pair", {}, part("plane", plane.element), table.element), table.proof);
  card.stage.append(
    h(
      "div.neu",
      {},
      h("div.neu-left", {}, part("picture", picture.element), part("sliders", folded("sliders", sliders.element))),
      part("curve", curve.element),
    ),
  );
  card.say.after(card.formula, below);

  // With a problem, the steps are its four points, each with one question: its z. Without, they are the
  // parts of the calculation, and there are two questions: first z, then a.
  let asked = 0;
  const hasPoints = () => store.state.problem !== "none";
  const point = () => nearestPoint(store.state.inputs);
  const question = () => (hasPoints() ? point() : asked);
  const prediction = addPrediction(card, store, {
    judge: (guess, at) => (hasPoints() || at === 0 ? diagnoseSum : diagnoseActivation)(store.state, store.view, guess),
    repaint,
    at: question,
    count: () => (hasPoints() ? POINTS.length : 2),
    go(next) {
      if (hasPoints()) return store.propose({ inputs: POINTS[next] });
      asked = next;
      repaint();
    },
  });
  const steady = steadyHeight(card.say);

  const controls = createControls(store, (sentence) => store.refuse(sentence));
  card.settings.append(...controls.elements, part("predict", prediction.element));

  const paintPlayback = addPlayback(card, store, {
    now: () => (hasPoints() ? point() : store.state.step),
    show: (step) => store.propose(hasPoints() ? { inputs: POINTS[step] } : { step }),
    count: () => (hasPoints() ? POINTS.length : STAGES),
    label: "point of the table, or part of the calculation",
    mayLeave: () => prediction.isKnown(question()),
  });

  // The curve is drawn to the screen.
  addEventListener("resize", repaint);
  card.onDispose(() => removeEventListener("resize", repaint));

  let subject = "";
  /** What the values depend on; at the four points, the inputs belong to the question. */
  function begin({ inputs, weights, bias, activation, problem, answer }) {
    const values = [weights, bias, activation, problem, hasPoints() && isPoint(inputs) ? null : inputs];
    const now = JSON.stringify([values, answer]);
    if (now !== subject) asked = 0;
    subject = now;
    prediction.begin(values);
  }

  /** What may be seen: how far the calculation has come, and what the reader has found. */
  function visible({ step, answer }) {
    const stage = hasPoints() ? DONE : step;
    const isSumKnown = prediction.isKnown(hasPoints() ? point() : 0);
    const isAnswerKnown = hasPoints() ? isSumKnown : prediction.isKnown(1);
    return { stage: answer === "shown" || isSumKnown ? stage : DONE, isSumKnown, isAnswerKnown };
  }

  function paintArithmetic(state, view, { stage, isSumKnown, isAnswerKnown }) {
    const row = (...words) => h("div", {}, ...words);
    const result = (value) => h("span.y", {}, value);
    if (isSumKnown && stage < DONE)
      return prediction.arithmetic.replaceChildren(row(describeStage(state, view, stage)));
    const sum = isSumKnown
      ? row(`z = ${products(state)} = `, result(number(view.z)))
      : row(`z = ${symbols(state.inputs.length)} = ?`);
    const after = isAnswerKnown
      ? [row(`a = ${describeActivation(state.activation, view.z)} = `, result(short(view.a)))]
      : isSumKnown
        ? [row(`a = f(z) = ${describeActivation(state.activation, view.z)} = ?`)]
        : [];
    prediction.arithmetic.replaceChildren(sum, ...after);
  }

  function paint(state, view) {
    begin(state);
    const seen = visible(state);
    const { stage, isSumKnown, isAnswerKnown } = seen;
    const sum = !isSumKnown ? "?" : stage === 0 ? "" : brief(stage === 1 ? view.sum : view.z);
    const isOpen = isAnswerKnown && stage === DONE;
    picture.paint(state, {
      sum,
      answer: isOpen ? brief(view.a) : isAnswerKnown ? "" : "?",
      amount: !isOpen ? 0 : ["sigmoid", "step"].includes(state.activation) ? 2 * view.a - 1 : view.a,
      now: hasPoints() || !isSumKnown ? "all" : ["products", "sum", "bias", "all"][stage],
    });
    sliders.paint(state);
    curve.paint(state, view, isOpen);
    const isPair = state.inputs.length === 2;
    below.hidden = !isPair;
    const isRowKnown = (row) => (hasPoints() ? prediction.isKnown(row) : isOpen);
    if (isPair) table.paint(state, view, isRowKnown, plane.paint(state, view, isRowKnown));
    paintArithmetic(state, view, seen);
    setText(card.formula, describeRule(state.activation));
    controls.paint(state);
    prediction.show();
    steady(JSON.stringify([state.inputs.length, state.answer, state.problem]));
    paintPlayback(hasPoints() ? point() : state.step);
    card.announce(...spoken(state, view, isOpen));
  }

  function spoken(state, view, isOpen) {
    const isAllKnown = hasPoints() && POINTS.every((_, i) => prediction.isKnown(i));
    const rows = isAllKnown ? ` ${describeCount(state.problem, view.right)}` : "";
    const side = isOpen && hasPoints() ? `, counts as ${saysOne(state.activation, view.z) ? 1 : 0}.` : "";
    const lines = [...prediction.arithmetic.children].map((line) => resultFirst(line.textContent)).reverse();
    return [`${lines.map(([whole]) => whole).join("; ")}${side}${rows}`, `${lines[0][1]}${side}`];
  }
  return paint;
}

export default defineWidget({
  name: "Neuron",
  title: "One neuron",
  picture: "inputs, weights, their sum and the activation",
  state: ["inputs", "weights", "bias", "activation", "problem", "step", "answer"],
  parts: {
    picture: "drawing",
    sliders: "sliders",
    curve: "activation curve",
    plane: "plane",
    table: "truth table",
    proof: "conditions",
    problem: "problem",
    activation: "activation",
    length: "number of inputs",
    predict: "predict switch",
    size: "rules",
    playback: "playback",
  },
  facts: {
    ones: ({ weights, bias, activation }) =>
      weights.length === 2 ? POINTS.map((x) => saysOne(activation, weightedSum(x, weights, bias).z)) : null,
  },
  compute,
  build,
});
