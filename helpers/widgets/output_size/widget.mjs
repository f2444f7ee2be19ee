/** OutputSize: how many windows fit, what is left over, and what a chain of layers leaves. */

import { createChainPicture, createFormula, createLayerPicture, createSamePicture, describeStep } from "./drawing.mjs";
import { createControls } from "./controls.mjs";
import { compute } from "./state.mjs";
import { diagnoseZeros, judgeSizes, readSizes } from "./words.mjs";
import { part, segmented } from "../card/controls.mjs";
import { h, heard } from "../card/dom.mjs";
import { parseNumber } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";

function build(card, store) {
  const refuse = (sentence) => store.refuse(sentence);
  const present = () => Math.min(store.state.step, store.view.count - 1);
  const positionOf = (step) => {
    const cols = store.view.axes.at(-1).output;
    return [Math.floor(step / cols), step % cols];
  };
  const pick = ([row, col]) => store.propose({ step: row * (store.view.axes?.at(-1).output ?? 0) + col });
  const repaint = () => paint(store.state, store.view);

  const tabs = segmented(
    "",
    [
      ["layer", "one layer"],
      ["same", "same ≠ same"],
      ["chain", "a chain"],
    ],
    (view) => store.propose({ view, step: 0 }),
  );
  tabs.element.setAttribute("aria-label", "view");
  card.stage.before(part("view", h("form.os-tabs", { onsubmit: (event) => event.preventDefault() }, tabs.element)));

  const layer = createLayerPicture(pick);
  const same = createSamePicture(pick, (changes) => store.propose({ ...changes, step: 0 }));
  const chain = createChainPicture((step) => store.propose({ step }));
  const pictures = { layer, same, chain };
  card.stage.append(layer.element, same.element, chain.element);

  const prediction = addPrediction(card, store, {
    read: (text) => (store.state.view === "same" ? parseNumber(text) : readSizes(text)),
    judge: (guess, at) => judge(store.state, store.view, at, guess),
    repaint,
    at: () => (store.state.view === "chain" ? present() : 0),
    count: () => (store.state.view === "chain" ? store.view.count : 1),
    go: (step) => store.propose({ step }),
  });

  const formula = createFormula(card.formula);
  const controls = createControls(store, refuse);
  card.settings.append(...controls.elements, part("predict", prediction.element));

  const paintPlayback = addPlayback(card, store, {
    count: () => store.view.count,
    label: "position",
    mayLeave: () => prediction.isKnown(store.state.view === "chain" ? present() : 0),
  });

  function paint(state, view) {
    const { answer, step, usage, hide, title, ...subject } = state;
    prediction.begin(subject);
    const at = present();
    const isKnown = (index) => prediction.isKnown(index);
    const open = isKnown(state.view === "chain" ? at : 0);
    card.root.classList.toggle("os-asking", !open && state.view !== "chain");
    tabs.show(state.view);
    for (const [name, picture] of Object.entries(pictures)) picture.element.hidden = name !== state.view;
    if (state.view === "layer") layer.paint({ state, view, at: open ? positionOf(at) : [0, 0], open });
    else if (state.view === "same") same.paint({ view, at: open ? at : 0, open });
    else chain.paint({ state, view, at, isKnown });
    prediction.arithmetic.replaceChildren(...describeStep({ state, view, at, open, positionOf }));
    formula.paint({ state, view, at, isKnown });
    controls.paint(state, view, at);
    prediction.show();
    paintPlayback(at);
    const said = heard(prediction.arithmetic);
    card.announce(`${said} ${open ? formula.text() : ""}`, said);
  }
  return paint;
}

/** Judges a guess at the answer that the view hides. */
function judge(state, view, at, guess) {
  if (state.view === "same") return diagnoseZeros(view.kinds.at(-1), guess);
  return judgeSizes(state.view === "chain" ? view.layers[at].axes : view.axes, view.apart, guess);
}

export default defineWidget({
  name: "OutputSize",
  title: "How many windows fit?",
  picture: "windows over the padded input, and the output",
  state: [
    "view",
    "dimensions",
    "input_size",
    "kernel_size",
    "padding",
    "stride",
    "dilation",
    "usage",
    "chain_input",
    "chain",
    "step",
    "answer",
  ],
  parts: {
    view: "views",
    dimensions: "row or grid",
    example: "examples",
    input: "input size",
    kernel: "kernel size",
    padding: "padding",
    stride: "stride",
    dilation: "dilation",
    axes: "unequal axes",
    usage: "use of cells",
    layers: "layer settings",
    predict: "predict switch",
    size: "formula",
    playback: "playback",
  },
  facts: {
    output_size({ dimensions }, { axes }) {
      const sizes = axes?.map(({ output }) => output) ?? null;
      return sizes && dimensions === 1 ? sizes[0] : sizes;
    },
  },
  compute,
  build,
});
