/** SoftmaxCrossEntropy: from scores to probabilities to a loss and its gradient, and what else could be done. */

import { createPulls } from "./chart.mjs";
import { addControls } from "./controls.mjs";
import { diagnose } from "./question.mjs";
import { asksAt, compute } from "./state.mjs";
import { createTable } from "./table.mjs";
import { describeRule, describeStep, writeArithmetic } from "./words.mjs";
import { part } from "../card/controls.mjs";
import { h, steadyHeight } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";

function build(card, store) {
  const table = createTable(store);
  card.stage.append(table.element);
  const prediction = addPrediction(card, store, {
    judge: (guess) => diagnose(store.state, store.view, guess),
    repaint: () => paint(store.state, store.view),
    at: () => store.view.at,
    count: () => store.view.steps.length,
    asks: (step) => asksAt(store.view, step),
    go: (step) => store.propose({ step }),
  });
  prediction.arithmetic.classList.add("sce-sum");
  const keepHeight = steadyHeight(prediction.arithmetic);
  const rule = h("div");
  card.formula.append(rule);
  const chart = createPulls(store);
  const divide = () => store.propose({ typed: store.view.verdict.shares });
  const normalise = h("button", { type: "button", onclick: divide }, "divide by the sum");
  const mend = h("div.sce-mend", {}, normalise);
  const below = h("div.sce-below", {}, mend, part("chart", chart.element));
  card.note.before(below);
  addControls(card, store, prediction);
  const paintPlayback = addPlayback(card, store, {
    count: () => store.view.steps.length,
    label: "step of the calculation",
    now: () => store.view.at,
    mayLeave: () => prediction.isKnown(store.view.at),
  });

  function paint(state, view) {
    const { at, steps, isTyped, verdict } = view;
    prediction.begin([state.input, state.scores, state.truth, state.temperature, state.subtract]);
    const shown = prediction.isKnown(at);
    table.show(state, view, shown);
    prediction.arithmetic.replaceChildren(...writeArithmetic(state, view, shown));
    keepHeight(JSON.stringify([state.input, steps[at], shown]));
    rule.replaceChildren(...describeRule(state, view).map((line) => h("div", {}, line)));
    mend.hidden = !isTyped || at < 2 || verdict.isOne || !verdict.shares;
    chart.element.classList.toggle("sce-away", isTyped);
    if (!isTyped) chart.show(state, view, prediction.isKnown(steps.indexOf("gradients")));
    prediction.show();
    paintPlayback(at);
    card.announce(...describeStep(state, view, shown));
  }
  return paint;
}

export default defineWidget({
  name: "SoftmaxCrossEntropy",
  title: "Turn scores into probabilities and a loss",
  picture: "a row for each class, with its score, probability and gradient",
  state: ["scores", "truth", "temperature", "subtract", "input", "typed", "scale", "step", "answer"],
  parts: {
    examples: "examples",
    input: "scores or probabilities",
    classes: "number of classes",
    temperature: "temperature",
    subtract: "subtracting the largest score",
    scale: "scale of the chart",
    chart: "chart of the two losses",
    predict: "predict switch",
    size: "rule",
    playback: "playback",
  },
  facts: {
    probabilities: (_, { softmax }) => softmax.probabilities,
    loss: (_, { softmax }) => softmax.loss,
  },
  compute,
  build,
});
