/** ConfusionMatrix: which classes a classifier takes for which, with the samples behind each number. */

import { createMatrix, createSamples } from "./drawing.mjs";
import { compute } from "./state.mjs";
import { describeCell, describeMeasure, describeRule, diagnose, MEASURES } from "./words.mjs";
import { part, segmented, toggle } from "../card/controls.mjs";
import { h, setText, steadyHeight } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPrediction } from "../card/predict.mjs";

const SHARES = { count: "counts", recall: "% of the truth", precision: "% of what was said" };

/** What a link restores. */
const LINKED = ["cell", "turned", "share", "measure", "answer"];

function build(card, store) {
  const matrix = createMatrix((row, col) => {
    store.propose({ cell: store.state.turned ? [col, row] : [row, col] });
  });
  const samples = createSamples();
  card.stage.append(
    h(
      "div.cm",
      {},
      part("matrix", h("div.cm-scroll", { tabindex: 0, role: "group", "aria-label": "matrix" }, matrix.element)),
      part("samples", samples.element),
    ),
  );
  const prediction = addPrediction(card, store, {
    judge: (guess) => diagnose(store.state, store.view, guess),
    repaint: () => paint(store.state, store.view),
    label: "Your prediction of the measure",
  });
  const keepHeight = steadyHeight(prediction.arithmetic);
  const rule = h("div");
  card.formula.append(rule);
  const measure = segmented("work out", Object.entries(MEASURES), (name) => store.propose({ measure: name }));
  const share = segmented("cells show", Object.entries(SHARES), (name) => store.propose({ share: name }));
  const turned = toggle("columns are the truth", (on) => store.propose({ turned: on }));
  card.settings.append(
    part("measure", measure.element),
    part("share", share.element),
    part("turned", turned.element),
    part("predict", prediction.element),
  );

  function paint(state, view) {
    prediction.begin([state.counts, state.cell[0], state.measure]);
    const isKnown = prediction.isKnown(0);
    matrix.show(state, view);
    samples.show(state);
    setText(prediction.arithmetic, describeMeasure(state, view, isKnown));
    keepHeight(JSON.stringify([state.cell, state.measure, isKnown]));
    setText(rule, describeRule(state));
    measure.show(state.measure);
    share.show(state.share);
    turned.show(state.turned);
    prediction.show();
    card.announce(`${describeCell(state)} ${describeMeasure(state, view, isKnown)}`);
  }
  return paint;
}

export default defineWidget({
  name: "ConfusionMatrix",
  title: "Look into a confusion matrix",
  picture: "a table of counts, true classes against what was said",
  state: ["counts", "names", "samples", "sheet", ...LINKED],
  linked: LINKED,
  parts: {
    matrix: "matrix",
    samples: "samples",
    share: "what cells show",
    measure: "measure",
    turned: "rows and columns",
    predict: "predict switch",
    size: "rule",
  },
  facts: {
    recall: (_, { measures }) => measures.recall.value,
    precision: (_, { measures }) => measures.precision.value,
  },
  compute,
  build,
});
