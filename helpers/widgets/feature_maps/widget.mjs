/** FeatureMaps: what the layers of a network make of a digit, while it is trained and afterwards. */

import { topOf } from "../arithmetic/answers.mjs";
import { readDigits } from "../arithmetic/digits.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { readNetwork, splitFrames } from "../arithmetic/stored_network.mjs";
import { createBars } from "../card/bars.mjs";
import { part } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { createMapStack } from "../card/map_stack.mjs";
import { addPalette } from "../card/palette.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { bringResource } from "../card/resources.mjs";
import { addControls } from "./controls.mjs";
import { createBest, createKernels, createPicture } from "./drawing.mjs";
import { addQuestion } from "./question.mjs";
import { bestDigits, changedDigit, excitingInput, occluded, remember } from "./probes.mjs";
import { asPixels, compute, EXCITING, hasAnswer, nameLayers, PATCH, RECORDED } from "./state.mjs";
import {
  CAPTIONS,
  describeAnswer,
  describeExciting,
  describeFooling,
  describeFrame,
  describeImage,
  describeMap,
  describeOcclusion,
  nameMap,
} from "./words.mjs";

const fromText = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

function build(card, store) {
  card.root.classList.add("fm");
  let recorded = null; // the frames that come with the widget
  let embedded = null; // the digits: inputs, labels
  let stack = null;
  let architecture = "";
  const readFrame = ({ name, network }) => {
    const read = readNetwork(fromText(network));
    return { ...read, about: { ...read.about, name } };
  };
  const readOwn = remember(
    (frames) => frames.map(readFrame),
    (frames) => [frames],
  );
  const toInk = (images) => Float64Array.from(fromText(images), (byte) => byte / 255);
  const readImages = remember(toInk, (images) => [images]);

  const digit = createPicture("it reads");
  const result = createPicture("what counts");
  const bars = createBars({ label: "probability of each digit" });
  const answer = part("probabilities", h("div.fm-outcome", {}, bars.element));
  const state = h("p.fm-state", { role: "status" });
  const place = h("div.fm-stack");
  const kernels = createKernels();
  const best = createBest((chosen) => store.propose({ digit: chosen }));
  const top = h("div.fm-top", {}, digit.element, result.element, answer, best.element);
  card.stage.append(top, state, place, part("kernels", h("div", {}, kernels.element)));
  const question = addQuestion(card, store, { repaint: () => paint(store.state), asked });
  card.formula.dataset.part = "sum";
  const [found, frameWords, imageWords] = [h("p"), h("p"), h("p")];
  card.formula.append(found, frameWords, imageWords);
  const controls = addControls(card, store, question);
  const count = () => store.state.frames.length || RECORDED;
  const paintPlayback = addPlayback(card, store, { count, label: "moment of the training" });
  const readPalette = addPalette(card, () => repaint());

  bringResource(card, "map_frames", "the networks", (bytes) => {
    recorded = splitFrames(bytes).map((frame) => readNetwork(frame));
    paint(store.state);
  });
  bringResource(card, "digits", "the sample digits", (bytes) => {
    const { train, test } = readDigits(bytes);
    const cells = new Float64Array(train.inputs.length + test.inputs.length);
    cells.set(train.inputs);
    cells.set(test.inputs, train.inputs.length);
    embedded = { cells, labels: [...train.labels, ...test.labels] };
    paint(store.state);
  });

  const frames = () => (store.state.frames.length ? readOwn(store.state.frames) : recorded);
  const frameAt = () => frames()?.[Math.min(store.state.step, count() - 1)] ?? null;

  /** The digits that can be read: how many, one of them as pixels, what it was written as. */
  function gallery({ network }) {
    const [rows, cols] = network.inputShape;
    const { images, labels } = store.state;
    if (images) {
      const all = readImages(images);
      const size = rows * cols;
      return { length: all.length / size, at: (i) => all.slice(i * size, (i + 1) * size), labels };
    }
    if (!embedded) return null;
    const { cells, labels: written } = embedded;
    return { length: written.length, at: (i) => asPixels(cells, i, rows), labels: written };
  }

  /** The chosen map, where there is one; else the first. */
  function chosenMap(layers) {
    const [index, channel] = store.state.map;
    const isThere = layers[index] && channel < layers[index].shape.at(-1);
    return isThere ? [index, channel] : [layers.findIndex(Boolean), 0];
  }

  /** What the question is about: the chosen layer, or the last that has rows. */
  /** @returns {[any, any, number] | null} */
  function asked() {
    const frame = frameAt();
    if (!frame) return null;
    const layers = nameLayers(frame);
    let [index] = chosenMap(layers);
    while (layers[index]?.shape.length !== 3) index--;
    const before = index === 0 ? frame.network.inputShape : frame.network.layers[index - 1].shape;
    return [layers[index], frame.layers[index], before[0]];
  }

  function buildStack(layers) {
    const key = JSON.stringify(layers);
    if (key === architecture) return;
    architecture = key;
    const pick = ({ index, channel }) => store.propose({ map: [index, channel] });
    stack = createMapStack({ layers, whole: true, pick });
    place.replaceChildren(stack.element);
  }

  /** What the view adds to the digit: a picture, words, and other probabilities. */
  function look(frame, ink, { map, layer, digits, palette }) {
    const { view } = store.state;
    const [rows, cols] = frame.network.inputShape;
    const before = hasAnswer(frame) ? frame.network.forward(ink).slice(0, 10) : null;
    if (view === "occlusion" && before) {
      const falls = occluded(frame, ink, topOf(before));
      const largest = falls.falls.reduce((most, fall) => Math.max(most, Math.abs(fall)), 1e-9);
      result.showSigned(falls.falls, falls.rows, falls.cols, largest, palette);
      return { read: ink, before, words: describeOcclusion(before, falls, PATCH.size) };
    }
    if (view === "excite") {
      const { image, mean } = excitingInput(frame, map);
      const leaders = bestDigits(frame, map, digits);
      result.showInk(image, rows, cols, palette);
      best.show(leaders, rows, cols, palette);
      const words = describeExciting(nameMap(layer, map[1]), mean, leaders[0].mean, EXCITING.steps);
      return { read: ink, before, words };
    }
    if (view === "fool" && before) {
      const image = changedDigit(frame, ink, store.state);
      const after = frame.network.forward(image).slice(0, 10);
      const changed = image.reduce((most, value, i) => Math.max(most, Math.abs(value - ink[i])), 0);
      result.showInk(image, rows, cols, palette);
      return { read: image, before, after, words: describeFooling(store.state, before, after, changed) };
    }
    return { read: ink, before, words: "" };
  }

  function repaint() {
    const frame = frameAt();
    if (!frame || !card.root.isConnected) return;
    const digits = gallery(frame);
    if (!digits) return;
    const { network } = frame;
    const layers = nameLayers(frame);
    buildStack(layers);
    const palette = readPalette();
    const [rows, cols] = network.inputShape;
    const number = Math.min(store.state.digit, digits.length - 1);
    const ink = digits.at(number);
    const map = chosenMap(layers);
    const layer = layers[map[0]];
    const answers = hasAnswer(frame);
    controls.offer(answers);
    const view = answers || store.state.view === "excite" ? store.state.view : "maps";
    top.dataset.view = view;
    result.element.hidden = view === "maps";
    best.element.hidden = view !== "excite";
    answer.classList.toggle("fm-none", !answers || view === "excite");
    if (view !== "maps") result.name(CAPTIONS[view]);
    digit.showInk(ink, rows, cols, palette);
    const { read, before, after, words } = look(frame, ink, { map, layer, digits, palette });
    network.forward(read);
    if (answers) bars.show(after ?? before, { earlier: after ? before : null });
    const known = question.isKnown(0);
    stack.element.classList.toggle("fm-hidden", !known);
    stack.show(network, palette);
    layers.forEach((each, index) => {
      if (!each) return;
      const [height, width] = each.shape.length === 1 ? [1, 1] : each.shape;
      const isIts = index === map[0];
      if (!isIts) return stack.mark(index, null);
      const around = { top: 0, left: 0, bottom: height - 1, right: width - 1, channel: map[1] };
      stack.mark(index, { row: 0, col: 0, channel: map[1] }, [around], nameMap(each, map[1]));
    });
    const name = nameMap(layer, map[1]);
    kernels.show(network.layers[map[0]], map[1], name, palette);
    const told = describeMap(layer, map[1], network.layers[map[0]].activations);
    // Beside the picture stands what the view found, or else what the map holds.
    setText(question.arithmetic, known ? words || told : `How many rows has a map of ${asked()[0].name}?`);
    setText(state, answers ? describeAnswer(after ?? before) : "These are its layers with maps alone.");
    setText(found, known && words ? told : "");
    setText(frameWords, describeFrame(frame.about));
    setText(imageWords, describeImage({ ...store.state, digit: number }, digits.labels[number]));
    card.stage.dataset.reading = "";
    card.announce(
      `${state.textContent} ${frame.about.name}: ${known ? told : ""}`,
      `${state.textContent} ${frame.about.name}`,
    );
  }

  function paint(now) {
    controls.show(now);
    paintPlayback(Math.min(now.step, count() - 1));
    question.begin([now.map[0], now.frames.length]);
    try {
      if (card.root.isConnected) repaint();
      else queueMicrotask(repaint); // colours are there only on the page
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      store.refuse(error.message);
    }
    question.show();
  }
  return paint;
}

const LINKED = ["digit", "step", "view", "map", "target", "moves", "reach", "answer"];

export default defineWidget({
  name: "FeatureMaps",
  title: "See what a network's layers make of a digit",
  picture: "a digit, the feature maps of every layer, and the ten probabilities",
  state: [...LINKED, "frames", "images", "labels"],
  linked: LINKED,
  given: (state) => ["frames", "images", "labels"].filter((name) => state[name].length > 0),
  parts: {
    view: "view",
    digit: "digit",
    fooling: "fooling",
    probabilities: "probabilities",
    kernels: "kernels",
    sum: "what was found",
    predict: "predict switch",
    playback: "playback",
  },
  compute,
  build,
});
