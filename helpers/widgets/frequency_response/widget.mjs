/** FrequencyResponse: a sinusoid goes through a kernel and comes out scaled and shifted. */

import { aliasWave, createArrows, createGain, createWave, outputWave } from "./drawing.mjs";
import { diagnose } from "./question.mjs";
import { compute, MOST_CELLS, MOST_STRIDE, STEPS } from "./state.mjs";
import { describe, describeStep, short, writeArithmetic, writeFrequency } from "./words.mjs";
import { wave } from "../arithmetic/frequency.mjs";
import { editableList, largestOf } from "../card/cells.mjs";
import { numberField, part, segmented, select } from "../card/controls.mjs";
import { h, steadyHeight } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";

const OWN = "your own";

/** Kernels that show one thing each. */
const EXAMPLES = {
  "mean of two": [0.5, 0.5],
  "¼, ½, ¼": [0.25, 0.5, 0.25],
  "mean of five": [0.2, 0.2, 0.2, 0.2, 0.2],
  "Gaussian of five": [0.0625, 0.25, 0.375, 0.25, 0.0625],
  difference: [1, -1],
  "two cells later": [0, 0, 1],
  "1, −1, 2": [1, -1, 2],
};
const nameOf = (kernel) => Object.keys(EXAMPLES).find((name) => String(EXAMPLES[name]) === String(kernel)) ?? OWN;

function addSettings(card, store, prediction) {
  const refuse = (sentence) => store.refuse(sentence);
  const names = [OWN, ...Object.keys(EXAMPLES)];
  const examples = select("kernel", names, (name) => name !== OWN && store.propose({ kernel: EXAMPLES[name] }));
  const resized = (count) => Array.from({ length: count }, (_, k) => store.state.kernel[k] ?? 0);
  const range = { min: 1, max: MOST_CELLS };
  const length = numberField("cells", range, (count) => store.propose({ kernel: resized(count) }), refuse);
  /** @type {[number, string][]} */
  const strides = Array.from({ length: MOST_STRIDE }, (_, i) => [i + 1, String(i + 1)]);
  const stride = segmented("stride", strides, (value) => store.propose({ stride: value }));
  card.settings.append(
    part("examples", examples.element),
    part("length", length.element),
    part("stride", stride.element),
    part("predict", prediction.element),
  );
  return (state) => {
    examples.show(nameOf(state.kernel));
    length.show(state.kernel.length);
    stride.show(state.stride);
  };
}

function build(card, store) {
  const cells = editableList(store, "kernel", "w");
  const kernel = h("div.fr-kernel", {}, h("b", {}, "w"), h("span", {}, "kernel"), cells.element);
  const [before, after] = [createWave("x, the sinusoid that goes in"), createWave("y, what comes out")];
  const gain = createGain(store);
  const arrows = createArrows();
  const right = h("div.fr-right", {}, gain.element, part("arrows", arrows.element));
  card.stage.append(kernel, h("div.fr", {}, h("div.fr-waves", {}, before.element, after.element), right));

  const prediction = addPrediction(card, store, {
    judge: (guess) => diagnose(store.state, store.view, guess),
    repaint: () => paint(store.state, store.view),
    at: () => store.state.step,
    count: () => STEPS + 1,
    go: (step) => store.propose({ step }),
    label: "Your prediction of the gain",
  });
  prediction.arithmetic.classList.add("fr-sum");
  card.formula.classList.add("fr-words");
  card.playbar.after(card.formula); // on a phone the picture, the sum and the play bar need the screen
  const keepHeight = steadyHeight(prediction.arithmetic);
  const keepLines = steadyHeight(card.formula);
  const paintSettings = addSettings(card, store, prediction);
  const paintPlayback = addPlayback(card, store, {
    count: () => STEPS + 1,
    label: "frequency",
    mayLeave: () => prediction.isKnown(store.state.step),
  });

  function paint(state, view) {
    prediction.begin(state.kernel);
    const { step, stride } = state;
    const shown = prediction.isKnown(step);
    cells.show(state.kernel, largestOf(state.kernel));
    const name = writeFrequency(step);
    before.show(view.input, 1, (n) => wave(view.frequency, n), { words: `a cosine of frequency ${name}` });
    after.show(shown ? view.output : [], view.bound, outputWave(view), {
      stride,
      alias: shown && stride > 1 ? aliasWave(view) : null,
      words: shown ? `the same cosine, ${short(view.gain)} times as high` : "to be found",
    });
    gain.show(state, view, prediction.isKnown);
    arrows.show(view, shown);
    prediction.arithmetic.replaceChildren(...writeArithmetic(state, view, shown));
    keepHeight(JSON.stringify([state.kernel.length, shown]));
    card.formula.replaceChildren(...describe(state, view, shown).map((line) => h("div", {}, line)));
    keepLines(JSON.stringify([stride, shown]));
    prediction.show();
    paintSettings(state);
    paintPlayback(step);
    card.announce(...describeStep(state, view, shown));
  }
  return paint;
}

export default defineWidget({
  name: "FrequencyResponse",
  title: "Sinusoid in, sinusoid out",
  picture: "the sinusoid before and after, the gain at all frequencies, and the arrows that add up to it",
  state: ["kernel", "step", "stride", "answer"],
  parts: {
    examples: "examples",
    length: "number of cells",
    stride: "stride",
    arrows: "arrows",
    predict: "predict switch",
    size: "formula",
    playback: "playback",
  },
  compute,
  build,
});
