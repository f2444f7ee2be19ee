/** Pooling: one number for every window, where its gradient goes back to, and what a shift by one changes. */

import { addControls } from "./controls.mjs";
import { createPictures } from "./drawing.mjs";
import { createFigures } from "./figures.mjs";
import { diagnose } from "./question.mjs";
import { compute, featureMapOf, sceneOf, settle } from "./state.mjs";
import { describeRule, describeStep, writeArithmetic } from "./words.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { h, steadyHeight } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPalette } from "../card/palette.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";
import { addSources, givenPictures, SOURCE_PARTS } from "../card/sources.mjs";

const DEFAULT_PICTURES = "camera,coins";

function build(card, store) {
  let now = null; // all that is on show
  let photograph = null;
  let feature = { picture: null, kernel: "", map: null };
  let isGone = false;
  card.onDispose(() => (isGone = true));
  const repaint = () => now && paint(store.state, store.view);

  const pictures = createPictures(chooseInput, goTo);
  const figures = createFigures(store, () => now, goTo);
  card.stage.append(h("div.po", {}, pictures.element, figures.element));
  const prediction = addPrediction(card, store, {
    judge: (guess) => diagnose(store.state, now, guess),
    repaint,
    at: () => now?.at ?? 0,
    count: () => now?.count ?? 1,
    asks: () => now !== null,
    go: (step) => store.propose({ step }),
  });
  prediction.arithmetic.classList.add("po-sum");
  const keepHeight = steadyHeight(prediction.arithmetic);
  const rule = h("div");
  card.formula.append(rule);
  const sources = addSources(card, store, (next) => {
    photograph = next;
    if (!isGone && store.view && store.state.input === "photograph") paint(store.state, store.view);
  });
  addControls(card, store, prediction, sources);
  const readPalette = addPalette(card, repaint);
  const paintPlayback = addPlayback(card, store, {
    count: () => now?.count ?? 1,
    label: "window on show",
    now: () => now?.at ?? 0,
    mayLeave: () => prediction.isKnown(now?.at ?? 0),
  });

  function goTo(row, col) {
    const step = row * now.across.output + col;
    if (step !== now.at) store.propose({ step });
  }
  /** Shows the window in the middle of which a cell of x is nearest. */
  function chooseInput(row, col) {
    const nearest = (at, { before, kernel, stride, output }) =>
      Math.min(Math.max(Math.round((at + before - (kernel - 1) / 2) / stride), 0), output - 1);
    goTo(nearest(row, now.down), nearest(col, now.across));
  }
  card.stage.addEventListener("keydown", (event) => {
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isElsewhere = event.target.closest("input, select") || event.ctrlKey || event.metaKey || event.altKey;
    if (!down || !now || isElsewhere) return;
    event.preventDefault();
    const row = now.place.row + down;
    if (row >= 0 && row < now.down.output) goTo(row, now.place.col);
  });

  /** What a state shows of the photograph; null as long as there is none, or where it does not fit. */
  function lookAt(state) {
    if (!photograph) return null;
    const { picture } = photograph;
    try {
      if (feature.picture !== picture || feature.kernel !== state.kernel)
        feature = { picture, kernel: state.kernel, map: featureMapOf(picture, state.kernel) };
      return sceneOf(state, feature.map);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      store.refuse(error.message);
      return null;
    }
  }

  function paint(state, view) {
    sources.follow();
    const isNumbers = state.input === "numbers";
    const next = isNumbers ? view : lookAt(state);
    if (!next) return;
    now = next;
    const subject = isNumbers ? [state.image, now.upstream] : [photograph.name, state.kernel];
    prediction.begin([state.view, state.kind, state.ties, now.options, subject]);
    const shown = prediction.isKnown(now.at);
    card.root.classList.toggle("po-photograph", !isNumbers);
    pictures.element.hidden = isNumbers;
    if (!isNumbers) pictures.show(state, now, readPalette);
    figures.show(state, now, shown, prediction.isFound);
    prediction.arithmetic.replaceChildren(...writeArithmetic(state, now, shown));
    keepHeight(JSON.stringify([shown, state.view, isNumbers, state.kind, now.options]));
    rule.replaceChildren(
      ...describeRule(state, now)
        .filter(Boolean)
        .map((line) => h("div", {}, line)),
    );
    prediction.show();
    paintPlayback(now.at);
    card.announce(describeStep(state, now, shown));
  }
  return paint;
}

const LINKED = [
  "source",
  "input",
  "kernel",
  "image",
  "kind",
  "pool_size",
  "stride",
  "padding",
  "whole",
  "upstream",
  "view",
  "ties",
  "step",
  "answer",
];

export default defineWidget({
  name: "Pooling",
  title: "Pool a feature map",
  picture: "the map with a window on it, and beside it what comes out of each window",
  state: ["images", ...LINKED],
  linked: LINKED,
  given: givenPictures(DEFAULT_PICTURES),
  parts: {
    view: "view",
    kind: "max or mean",
    pool_size: "pool size",
    stride: "stride",
    padding: "border",
    whole: "global pooling",
    ties: "ties",
    input: "numbers or photograph",
    examples: "examples",
    shape: "size",
    kernel: "kernel",
    ...SOURCE_PARTS,
    predict: "predict switch",
    size: "rule and size",
    playback: "playback",
  },
  facts: {
    output_size: ({ input }, { down, across }) => (input === "numbers" ? [down.output, across.output] : null),
  },
  compute,
  settle,
  build,
});
