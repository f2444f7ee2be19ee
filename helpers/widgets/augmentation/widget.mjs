/** Augmentation: one picture, and twelve that a network sees in its place; where each of their cells comes from. */

import { cellsAround, changeImage, drawChange, placeOf } from "../arithmetic/augmentation.mjs";
import { middleSquare } from "../arithmetic/image.mjs";
import { part } from "../card/controls.mjs";
import { h, resize, setText } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addSources, givenPictures, SOURCE_PARTS } from "../card/sources.mjs";
import { createSettings } from "./controls.mjs";
import { createPicture, createTiles } from "./drawing.mjs";
import { addQuestion } from "./question.mjs";
import { compute, COUNT, createDraws, SLIDERS } from "./state.mjs";
import { describeChange, describeLabels, RULE, writeCell, writeLabel } from "./words.mjs";

const DEFAULT_PICTURES = "6,9,cat";
/** What a link restores. */
const LINKED = ["source", ...Object.keys(SLIDERS), "pixels", "seed", "step", "cell", "answer"];

/**
 * The middle of a picture as the network takes it: so many pixels a side, or as many as there are.
 * @param {import("../arithmetic/image.mjs").Picture} picture @param {number} size
 * @returns {{values: Float64Array, shape: [number, number, number]}} numbers from 0 to 1, channels last
 */
export function cutPicture({ rows, cols, channels }, size) {
  const side = Math.min(size, rows, cols);
  const values = new Float64Array(side * side * channels.length);
  channels.forEach((channel, k) => {
    const square = middleSquare({ rows, cols, channels: [channel] }, side);
    square.forEach((value, i) => (values[i * channels.length + k] = value / 255));
  });
  return { values, shape: [side, side, channels.length] };
}

/** All images that are made of a picture. @param {{values: any, shape: any}} cut @param {any} state */
export function drawImages({ values, shape }, state) {
  return Array.from({ length: COUNT }, (_, index) => {
    const rng = createDraws(state.seed, index);
    const change = drawChange(state, rng);
    return { change, ...changeImage(values, shape, change, { noise: state.noise, rng }) };
  });
}

const isInside = (at, size) => at >= 0 && at < size;

function build(card, store) {
  card.root.classList.add("au");
  let picture = null;
  let cut = null;
  let images = [];
  let madeOf = "";

  let isGone = false; // a picture may arrive later
  card.onDispose(() => (isGone = true));
  const sources = addSources(card, store, ({ picture: next }) => {
    if (isGone) return;
    picture = next;
    madeOf = "";
    card.stage.dataset.drawn = "";
    paint(store.state);
  });
  const before = createPicture("the picture");
  const after = createPicture("the image on show", (row, col) => store.propose({ cell: [row, col] }));
  const tiles = createTiles((step) => store.propose({ step }));
  card.stage.append(
    sources.element,
    h("div.au-board", {}, before.element, after.element, part("tiles", tiles.element)),
  );
  const question = addQuestion(card, store, () => paint(store.state));
  const lines = part("inspect", h("div.au-lines"));
  card.say.append(lines);
  setText(card.formula, RULE);
  const settings = createSettings(store);
  card.settings.append(...settings.elements, part("predict", question.element));
  const paintPlayback = addPlayback(card, store, { count: () => COUNT, label: "image" });

  function repaint() {
    const { state, view } = store;
    const now = JSON.stringify([...Object.keys(SLIDERS), "pixels", "seed"].map((name) => state[name]));
    if (now !== madeOf) {
      madeOf = now;
      cut = cutPicture(picture, state.pixels);
      images = drawImages(cut, state);
    }
    const { shape } = cut;
    const image = images[state.step];
    const cell = state.cell.map((at) => Math.min(at, shape[0] - 1));
    const [row, col] = cell;
    const { shares } = cellsAround(shape, placeOf(shape, image.change, row, col).from);
    const inside = shares.filter(
      ([down, right, share]) => share > 1e-9 && isInside(down, shape[0]) && isInside(right, shape[1]),
    );
    const ends = (axis) => [Math.min(...inside.map((one) => one[axis])), Math.max(...inside.map((one) => one[axis]))];
    const [[top, bottom], [left, right]] = [ends(0), ends(1)];
    /** @type {[number, number, number, number, string][]} */
    const block = inside.length ? [[top, left, bottom - top + 1, right - left + 1, "au-from"]] : [];
    const isKnown = question.isKnown();
    before.show(cut.values, shape, `the picture, ${shape[0]} × ${shape[1]}`, block);
    const told = describeChange(image.change, state, shape[2]);
    after.show(image.values, shape, `image ${state.step + 1}: ${told}`, [[row, col, 1, 1, "au-cell"]]);
    const labels = view.labels.map((label) => (isKnown ? writeLabel(label, state.source) : ""));
    tiles.show(images, shape, labels, state.step);
    const written = [
      `cell (${cell.join(", ")}) of image ${state.step + 1}:`,
      ...writeCell(cut, image.change, cell, image, state),
    ];
    resize(lines, written.length, () => h("div"));
    written.forEach((text, i) => setText(lines.children[i], text));
    setText(
      question.arithmetic,
      isKnown ? describeLabels(view.kept, state.source, COUNT) : question.words(state.source),
    );
    const result = `${labels[state.step] ? `${labels[state.step]}, ` : ""}image ${state.step + 1}`;
    card.announce(`${result}: ${told}`, result);
  }

  function paint(state) {
    sources.follow();
    settings.show(state);
    question.begin(state);
    if (picture) repaint();
    question.show();
    paintPlayback(state.step);
  }
  return paint;
}

export default defineWidget({
  name: "Augmentation",
  title: "What a network sees",
  picture: "a picture, and twelve that are made of it, one of them enlarged",
  state: ["images", ...LINKED],
  linked: LINKED,
  given: givenPictures(DEFAULT_PICTURES),
  parts: {
    ...SOURCE_PARTS,
    tiles: "all images",
    inspect: "arithmetic of a cell",
    shift: "shift",
    rotate: "turn",
    zoom: "zoom",
    flip: "mirror",
    brightness: "light",
    colours: "colours",
    noise: "noise",
    size: "formula",
    pixels: "pixels",
    seed: "seed",
    cell: "cell",
    predict: "predict switch",
    playback: "playback",
  },
  facts: {
    kept: (_, { kept }) => kept,
  },
  compute,
  build,
});
