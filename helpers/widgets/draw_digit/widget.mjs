/** DrawDigit: draw a digit, and see a convolutional network read it, layer by layer. */

import { percent, topOf } from "../arithmetic/answers.mjs";
import { readDigits } from "../arithmetic/digits.mjs";
import { encodeStrokes } from "../arithmetic/ink.mjs";
import { readNetwork } from "../arithmetic/stored_network.mjs";
import { receptiveField, traceCell } from "../arithmetic/trace_cell.mjs";
import { createBars } from "../card/bars.mjs";
import { part } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPalette } from "../card/palette.mjs";
import { bringResource } from "../card/resources.mjs";
import { addControls } from "./controls.mjs";
import { createDigit, createInspector, createLayers } from "./drawing.mjs";
import { createPad } from "./pad.mjs";
import { mayBeDigit } from "./presets.mjs";
import { addQuestion } from "./question.mjs";
import { compute, IMAGE_SHAPE, prepare, UNCHANGED } from "./state.mjs";
import { describeAnswer, describeData, describeField, describeFit, describeSum, nameCell } from "./words.mjs";

function build(card, store) {
  card.root.classList.add("dd");
  let reading = null; // the network, its layers, and what is known about it
  let digits = null;
  let labels = null;
  let stroke = null; // one that is still being drawn
  let frame = null; // in which a stroke that grows is painted
  let hovered = null; // a cell that the mouse is on
  let seen = null; // what the picture shows: the pad, how it is laid on the pixels, the image
  const past = []; // drawings to go back to

  const pad = createPad({
    draft(points) {
      stroke = points;
      frame ??= requestAnimationFrame(() => {
        frame = null;
        repaint();
      });
    },
    commit(points) {
      stroke = null;
      const before = kept();
      change(encodeStrokes([...before, points]));
    },
    undo,
    tell: (words) => card.announce(`${words}. ${heard()}`),
  });
  card.onDispose(() => cancelAnimationFrame(frame));
  const kept = () => (store.state.source === "drawing" ? store.view.strokes : []);
  function change(strokes) {
    const before = store.state.strokes;
    const fresh = store.state.source === "drawing" ? {} : UNCHANGED;
    if (store.propose({ strokes, source: "drawing", ...fresh })) past.push(before);
    else repaint();
  }
  function undo() {
    const strokes = past.pop() ?? encodeStrokes(store.view.strokes.slice(0, -1));
    store.propose({ strokes, source: "drawing" });
  }

  const digit = createDigit();
  const pick = ({ index, row, col, channel }) => {
    hovered = null;
    store.propose({ cell: [index, row, col, channel] });
  };
  const pickOutput = (channel) => pick({ index: 6, row: 0, col: 0, channel });
  const bars = createBars({ label: "probability of each digit", pick: pickOutput });
  const layers = createLayers(pick, (cell) => {
    hovered = cell;
    repaint();
  });
  const inspector = createInspector();
  const button = (words, act) => h("button", { type: "button", onclick: act }, words);
  const [padWords, digitWords] = [h("figcaption"), h("figcaption")];
  const buttons = h(
    "div.dd-buttons",
    {},
    button("undo", undo),
    button("clear", () => change("")),
  );
  const state = h("p.dd-state", { role: "status" });
  const [data, fitting] = [h("p"), h("p")];
  card.stage.append(
    h(
      "div.dd-top",
      {},
      h("figure.dd-figure", {}, padWords, pad.element, buttons),
      h("figure.dd-figure", {}, digitWords, digit.element),
      part("probabilities", h("div.dd-outcome", {}, bars.element)),
    ),
    state,
    part("maps", layers.element),
  );
  const question = addQuestion(card, store, {
    repaint: () => paint(store.state),
    outputs: () => reading?.network.predictions,
    label: () => (store.state.source === "sample" && labels ? labels[store.state.sample] : null),
  });
  const sum = part("sum", h("div.dd-sum", {}, h("div.dd-line"), inspector.element));
  question.arithmetic.append(sum);
  const [sumLine] = sum.children;
  card.formula.dataset.part = "fit";
  card.formula.append(fitting, data);
  addControls(card, store, question);
  const readPalette = addPalette(card, () => repaint());

  bringResource(card, "draw_weights", "the network", (bytes) => {
    reading = readNetwork(bytes);
    paint(store.state);
  });
  bringResource(card, "digits", "the sample digits", (bytes) => {
    const { train, test } = readDigits(bytes);
    digits = { inputs: new Float64Array(train.inputs.length + test.inputs.length) };
    digits.inputs.set(train.inputs);
    digits.inputs.set(test.inputs, train.inputs.length);
    labels = [...train.labels, ...test.labels];
    paint(store.state);
  });

  const heard = () => {
    if (!reading || !question.isKnown(0)) return "";
    const { predictions } = reading.network;
    return `The network says ${topOf(predictions)}, with ${percent(predictions[topOf(predictions)])}.`;
  };

  function repaint() {
    if (!card.root.isConnected || !store.view) return;
    const now = stroke ? { ...store.state, source: "drawing" } : store.state;
    seen = prepare(now, stroke ? [...kept(), stroke] : store.view.strokes, digits);
    const palette = readPalette();
    pad.show(seen.pad, seen.fit, palette);
    digit.show(seen.image, palette);
    setText(padWords, now.source === "drawing" ? "draw here" : "draw to begin anew");
    setText(fitting, now.source === "image" ? describeFit(now, null) : describeFit(now, seen.fit));
    if (!reading) return;
    const { network, layers: described, about } = reading;
    network.forward(seen.image);
    const known = question.isKnown(0) && !(stroke && store.state.answer === "hidden");
    const cell = hovered ?? store.view.cell;
    bars.show(network.predictions, { known, chosen: cell.index === 6 ? cell.channel : null });
    layers.show(network, palette);
    const fieldOf = (back) => receptiveField(described, IMAGE_SHAPE, cell.index, cell, back);
    layers.mark(cell, fieldOf(cell.index === 5 ? 2 : 1), nameCell(cell)); // over the flattening to the maps
    const field = fieldOf(cell.index + 1);
    digit.mark(field);
    const trace = traceCell(network, described, seen.image, cell.index, cell);
    const isOut = cell.index === 6 && !known;
    const told = `${nameCell(cell)}: ${describeSum(cell, trace, network.layers[6].preActivations)}`;
    setText(sumLine, isOut ? "" : told);
    inspector.element.hidden = isOut;
    if (!isOut) inspector.show(cell, trace, palette);
    setText(digitWords, `it reads; green: ${describeField(field)}`);
    const isDigit = now.source !== "drawing" || stroke || mayBeDigit(now.strokes);
    const hasInk = seen.image.some((ink) => ink > 0);
    setText(state, known ? describeAnswer(network.predictions, isDigit, hasInk) : "Which digit will it say?");
    setText(data, describeData(now, labels?.[now.sample], about));
    card.stage.dataset.reading = "";
    if (!stroke) card.announce([heard(), isOut ? "" : told].join(" "));
  }

  function paint(now) {
    const { source, strokes, sample, centred, rotate, shift, thicken, noise, seed } = now;
    question.begin([source, source === "drawing" ? strokes : sample, centred, rotate, shift, thicken, noise, seed]);
    if (card.root.isConnected) repaint();
    else queueMicrotask(repaint); // colours are there only on the page
    question.show();
  }
  return paint;
}

const LINKED = ["source", "strokes", "sample", "centred", ...Object.keys(UNCHANGED), "seed", "cell", "answer"];

export default defineWidget({
  name: "DrawDigit",
  title: "Draw a digit, and watch a network read it",
  picture: "the pad, the pixels that the network reads, its feature maps and its ten probabilities",
  state: [...LINKED, "image"],
  linked: LINKED,
  given: ({ image }) => (image.length ? ["image"] : []),
  parts: {
    source: "what is read",
    presets: "drawings",
    samples: "samples",
    centring: "centring",
    changes: "changes of the image",
    probabilities: "probabilities",
    maps: "feature maps",
    sum: "arithmetic of a cell",
    fit: "centring in numbers",
    predict: "predict switch",
  },
  compute,
  build,
});
