/** ImageFilter: a kernel over a photograph, what becomes of every pixel, and why. */

import { drawOn } from "../card/canvas.mjs";
import { part, segmented, toggle } from "../card/controls.mjs";
import { MODES } from "../arithmetic/convolution.mjs";
import { transpose } from "../arithmetic/convolution2d.mjs";
import { h, icon, setText } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { workFor } from "../card/loop.mjs";
import { sumOfWeights } from "../arithmetic/kernels.mjs";
import { magnitude, paintPixels, startCrossCorrelation, summarise, toGrey } from "../arithmetic/image.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { addPalette } from "../card/palette.mjs";
import { panes } from "../card/panes.mjs";
import { addSources, givenPictures, isOwn, SOURCE_PARTS } from "../card/sources.mjs";
import { addLoupe } from "./loupe.mjs";
import { addPanel } from "./controls.mjs";
import { addQuestion } from "./question.mjs";
import { compute, SHOW } from "./state.mjs";
import { addView } from "./drawing.mjs";
import { describePicture, describeRange, endsOf, short } from "./words.mjs";

const DEFAULT_PICTURES = "camera,cat,coins";

/** How long filtering may hold a frame up, in milliseconds; what is left goes on in the next frame. */
const FRAME_MS = 12;
const ROWS_AT_A_TIME = 16;

/** The scale of shades under the picture, and what it leaves out. */
function addRange(store) {
  const scale = h("canvas.imf-scale", { "aria-hidden": "true" });
  const [from, to] = [h("span"), h("span")];
  const words = h("p");
  const choice = (show, label) => h("button", { type: "button", onclick: () => store.propose({ show }) }, label);
  const signs = choice("signed", "show signs");
  const fixes = h("span.imf-fixes", {}, signs, choice("rescaled", "rescale"));
  const element = part("range", h("div.imf-range", {}, h("div.imf-scale-line", {}, from, scale, to), words, fixes));
  return {
    element,
    /** @param {import("../arithmetic/image.mjs").Picture | null} result null hides it */
    show(result, { show, range, palette }) {
      element.classList.toggle("imf-hidden", !result);
      setText(words, result ? describeRange(show, range, result.channels.length === 3) : "");
      fixes.hidden = !result || show !== "clipped" || range.clipped === 0;
      if (!result) return;
      signs.hidden = range.below === 0;
      const [low, high] = endsOf(show, range);
      const ramp = Float32Array.from({ length: 256 }, (_, i) => low + ((high - low) * i) / 255);
      const strip = {
        rows: 1,
        cols: ramp.length,
        channels: Array(show === "signed" ? result.channels.length : 1).fill(ramp),
      };
      drawOn(scale, 1, ramp.length, (bytes) => paintPixels(strip, bytes, show, { min: low, max: high }, palette));
      setText(from, short(low));
      setText(to, short(high));
    },
  };
}

/** The settings below the picture. */
function addSettings(card, store, predict, saveResult) {
  const show = segmented(
    "result",
    SHOW.map((name) => [name, name]),
    (value) => store.propose({ show: value }),
  );
  const border = h(
    "select",
    { onchange: () => store.propose({ mode: border.value }) },
    ...MODES.map((name) => h("option", { value: name }, name)),
    h("option", { value: "valid" }, "only where it fits"),
  );
  const operation = segmented(
    "operation",
    [
      [true, "flipped (convolution)"],
      [false, "as is (cross-correlation)"],
    ],
    (flip) => store.propose({ flip }),
  );
  const colour = toggle("colour", (on) => store.propose({ colour: on }));
  const save = h(
    "button",
    { type: "button", onclick: saveResult },
    icon("M12 4v11M7 11l5 5 5-5M5 20h14"),
    "save the result",
  );
  card.settings.append(
    part("show", show.element),
    part("mode", h("label", {}, "border", border)),
    part("operation", operation.element),
    part("colour", colour.element),
    part("predict", predict),
    part("save", save),
  );
  const unshared = h(
    "p.imf-unshared",
    {},
    "The picture of your own is not in it: whoever opens it sees the first picture instead.",
  );
  card.root.querySelector(".cv-share").append(unshared);
  return {
    show(state) {
      show.show(state.show);
      border.value = state.mode;
      operation.show(state.flip);
      colour.show(state.colour);
      unshared.hidden = !isOwn(state.source);
    },
  };
}

/** What a link restores. */
const LINKED = [
  "source",
  "kernel",
  "size",
  "sigma",
  "seed",
  "flip",
  "normalise",
  "mode",
  "show",
  "colour",
  "row",
  "col",
  "channel",
  "divider",
  "answer",
];

function build(card, store) {
  const view = addView(card, store, schedule);
  const caption = h("div.imf-caption");
  const range = addRange(store);
  const panel = addPanel(store);
  const question = addQuestion(card, store, () => paint(store.state, store.view));
  const loupe = addLoupe(card, store, question, view.nudges);
  const settings = addSettings(card, store, question.element, saveResult);
  const readPalette = addPalette(card, schedule);

  // What is on show: a source's picture, in grey or in colour, what the kernel has made of it, and the work in hand.
  let source = null;
  let picture = null;
  let result = null; // stays until there is another one
  let resultRange = null;
  let resultOf = null; // the picture that it was made of
  let work = null;
  const sources = addSources(card, store, (next) => {
    if (next.live && work) return; // the camera is quicker than the filter: this frame is left out
    source = next;
    schedule();
  });
  const tabs = panes("what is on show", [
    ["photograph", [view.element, loupe.element]],
    ["kernel and result", [...panel.details, caption, range.element]],
  ]);
  card.stage.append(
    h(
      "div.imf",
      {},
      tabs.element,
      sources.element,
      h("div.imf-main", {}, h("div.imf-view", {}, view.element, caption, range.element), panel.element),
      loupe.element,
    ),
  );

  async function saveResult() {
    if (resultOf !== picture || !question.isKnown(0)) return store.refuse("There is no result to save yet.");
    const blob = await new Promise((resolve) => view.result.toBlob(resolve, "image/png"));
    const address = URL.createObjectURL(blob);
    const stem = source.label.replace(/\.\w+$/, "").replace(/[^\w-]+/g, "-");
    h("a", { href: address, download: `${stem}-${store.view.name}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  // One frame of work: as much filtering as fits, then whatever has changed since the last.
  let frame = 0;
  function schedule() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (source && store.view) step(store.state, store.view);
    });
  }
  card.onDispose(() => cancelAnimationFrame(frame));

  const painted = {};
  /** Whether anything that a part depends on has changed since it was painted. */
  function changed(name, ...subject) {
    const same = painted[name]?.every((entry, i) => entry === subject[i]);
    if (!same) painted[name] = subject;
    return !same;
  }

  function step(state, kernel) {
    const inColour = state.colour && source.picture.channels.length === 3;
    if (changed("before", source, inColour)) {
      picture = inColour ? source.picture : toGrey(source.picture);
      view.showBefore(picture, source.label);
      setText(caption, describePicture(source, picture, state.colour));
    }
    if (changed("result", picture, kernel, state.mode)) startWork(kernel, state.mode);
    if (work && !goOn()) return schedule();

    const shown = question.isKnown(0);
    const made = resultOf === picture ? result : null;
    const look = { show: state.show, range: resultRange, palette: readPalette() };
    if (changed("question", shown, picture, kernel, state.mode, state.show, look.palette) && !shown)
      question.ask(picture, state, kernel, look.palette);
    if (changed("after", made, shown, state.show, look.palette)) {
      view.showAfter(shown ? made : null, look);
      range.show(shown && made, look);
    }
    const at = view.at();
    if (
      changed("loupe", at.row, at.col, state.hide, picture, kernel, made, state.mode, state.channel, state.show, shown)
    ) {
      view.showLens(at, kernel.shape);
      loupe.show(state, kernel, { picture, range: resultRange, at, shown });
    }
    view.settle();
  }

  function startWork({ weights }, mode) {
    try {
      work = weights.map((grid) => startCrossCorrelation(picture, grid, mode));
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      work = null; // the last result stays
      store.refuse(error.message, error.fixes);
    }
  }

  /** Filters until the frame's time is up. @returns {boolean} whether the result is there */
  function goOn() {
    let all = false;
    workFor(FRAME_MS, () => {
      all = work.every((job) => job.advance(ROWS_AT_A_TIME));
      return !all;
    });
    if (!all) return false;
    const results = work.map((job) => job.result);
    result = results.length === 2 ? magnitude(...results) : results[0];
    resultRange = summarise(result);
    resultOf = picture;
    work = null;
    return true;
  }

  function paint(state, kernel) {
    question.begin([
      state.source,
      state.kernel,
      state.size,
      state.sigma,
      state.seed,
      state.flip,
      state.normalise,
      state.mode,
    ]);
    sources.follow();
    view.follow();
    panel.show(state, kernel, question.isKnown(0));
    settings.show(state);
    question.show();
    schedule();
  }
  return paint;
}

export default defineWidget({
  name: "ImageFilter",
  title: "Put a kernel over a photograph",
  picture: "the picture before and after, and the numbers under the loupe",
  state: ["images", ...LINKED],
  linked: LINKED,
  given: givenPictures(DEFAULT_PICTURES),
  parts: {
    ...SOURCE_PARTS,
    kernel: "choice of kernel",
    cells: "kernel's cells",
    normalise: "dividing by the sum",
    operation: "kernel flip",
    mode: "border",
    show: "clipped, rescaled, signed",
    colour: "colour",
    loupe: "loupe",
    divider: "divider",
    range: "range of values",
    predict: "predict switch",
    save: "save",
  },
  facts: {
    weights: (_, { weights }) => (weights.length === 1 ? weights[0] : null),
    weight_sum: (_, { weights }) => (weights.length === 1 ? sumOfWeights(weights[0]) : null),
    column_sums: (_, { weights }) =>
      weights.length === 1 ? transpose(weights[0]).map((col) => sumOfWeights([col])) : null,
  },
  compute,
  build,
});
