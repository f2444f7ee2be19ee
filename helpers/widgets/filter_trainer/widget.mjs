/** FilterTrainer: a random kernel learns, from one photograph and what a filter made of it, to be that filter. */

import { toGrey } from "../arithmetic/image.mjs";
import { number } from "../arithmetic/format.mjs";
import { createTraining, curvatures, forward, leastLoss, toPhotograph } from "../arithmetic/kernel_training.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { createChart } from "../card/chart.mjs";
import { part } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { editableGrid, plainGrid } from "../card/grid.mjs";
import { createLoop } from "../card/loop.mjs";
import { addPalette } from "../card/palette.mjs";
import { addSources, givenPictures, SOURCE_PARTS } from "../card/sources.mjs";
import { createThrottle } from "../card/throttle.mjs";
import { addTrainingBar, createSettings } from "./controls.mjs";
import { createDirections, createPictures, createStrip, lookOf } from "./drawing.mjs";
import { createFilm, FILM_RATE } from "./film.mjs";
import { addQuestion } from "./question.mjs";
import { checkTarget, compute } from "./state.mjs";
import {
  announceState,
  brief,
  describeFilm,
  describeFrame,
  describeState,
  describeSum,
  describeTurn,
  tiny,
  writeFormulas,
} from "./words.mjs";

const DEFAULT_PICTURES = "camera,cat,coins,stripes,constant";

/** While training, pictures are painted at most so often. */
const PAINT_MS = 40;
const SAVE_MS = 500;

const inRows = (values, size) =>
  Array.from({ length: size }, (_, row) => Array.from(values.slice(row * size, (row + 1) * size)));

/** What a link restores. */
const LINKED = [
  "source",
  "target",
  "flip",
  "size",
  "seed",
  "noise",
  "optimizer",
  "learning_rate",
  "epochs",
  "cell",
  "scale",
  "answer",
];

function build(card, store) {
  card.root.classList.add("ft");
  let photograph = null;
  let training = null;
  let bends = null; // the curvatures of the loss
  let least = 0;
  let look = null;
  let begun = ""; // what the training on show is of
  let bent = "";
  let shown = null; // an epoch whose frame is looked at; null for the present
  let scratch = null;
  let film = null; // a training of Python's, while it is on show
  let frameAt = 0;
  const seenBefore = { frames: null, rule: "" };
  const painting = createThrottle(PAINT_MS);
  const saving = createThrottle(SAVE_MS);

  const pictures = createPictures();
  const chart = createChart({ label: "loss", along: "epochs" });
  const choose = (row, col) => store.propose({ cell: [row, col] });
  const targetCells = editableGrid({
    label: "target kernel",
    name: (row, col) => `k[${row}, ${col}]`,
    read: () => store.view.written ?? [[0]],
    write: (grid) => store.propose({ target: grid }),
    check: checkTarget,
    refuse: (sentence) => store.refuse(sentence),
    print: brief,
  });
  const kernelCells = plainGrid({ label: "learned kernel", choose });
  const gradientCells = plainGrid({ label: "gradient of the loss", choose });
  const targetBox = h("div.ft-grid", {}, h("span", {}, "target’s kernel"), targetCells.element);
  const kernels = h(
    "div.ft-kernels",
    {},
    part("target", targetBox),
    h("div.ft-grid.ft-learned", {}, h("span", {}, "learned w"), kernelCells.element),
    part("gradient", h("div.ft-grid", {}, h("span", {}, "gradient ∂L/∂w"), gradientCells.element)),
  );
  const turn = h("p.ft-turn");
  const state = h("p.ft-state", { role: "status" });
  const strip = createStrip(lookAt);
  const directions = createDirections();
  const bendsBox = part(
    "directions",
    h(
      "details.ft-bends",
      {},
      h("summary", {}, "What this picture can teach: the curvature of the loss"),
      h(
        "p",
        {},
        "Each square is a direction in which the kernel can change, and its number says how strongly the " +
          "loss bends that way. Steep ones are learned at once, flat ones slowly, and free ones (0) never.",
      ),
      directions.element,
    ),
  );
  const filmWords = h("span");
  const filmButton = h("button", { type: "button", onclick: () => (film ? closeFilm() : askForFilm()) });
  const filmNote = h("p.ft-film", { hidden: true }, filmWords, filmButton);
  const sources = addSources(card, store, take);
  card.stage.append(sources.element, pictures.element, h("div.ft-board", {}, kernels, part("curve", chart.element)));
  // What is read after a step stands below its arithmetic, which has to be on one screen with the picture.
  card.note.after(h("div.ft-more", {}, filmNote, part("film", strip.element), state, part("turn", turn), bendsBox));
  const question = addQuestion(card, store, {
    repaint: () => paint(store.state, store.view),
    isDetermined: () => bends !== null && bends.free === 0,
  });
  const formulas = [h("div"), h("div")];
  card.formula.append(...formulas);
  const settings = createSettings(store);
  card.settings.append(...settings.elements, part("predict", question.element));
  const readPalette = addPalette(card, () => {
    strip.repaint();
    if (training) repaint();
  });

  /** Whether the reader may train now; says what to do first where not. */
  function allowed() {
    if (!training) return false;
    if (question.isKnown()) return true;
    store.mention("First say what you expect: then it may learn.");
    return false;
  }
  const ended = () =>
    film ? frameAt >= film.frames.length - 1 : training.diverged || training.epochs >= store.state.epochs;
  const live = () => (shown = null);
  const bar = addTrainingBar(
    card,
    {
      play() {
        if (loop.playing) return loop.pause();
        if (film && ended() && allowed()) frameAt = 0;
        if (!allowed() || ended()) return;
        live();
        loop.play();
      },
      step() {
        loop.pause();
        if (!allowed() || ended()) return;
        if (film) return goTo(frameAt + 1);
        live();
        training.step();
        rest();
      },
      back() {
        if (film) return goTo(frameAt - 1);
        if (!training || training.epochs === 0) return;
        loop.pause();
        live();
        training.back();
        rest();
      },
      home() {
        if (!training) return;
        if (film) return goTo(0);
        loop.pause();
        begin();
        rest();
      },
    },
    hurry,
    (index) => training && (film ? goTo(index) : lookAt(training.frames[index]?.epoch ?? training.epochs)),
  );
  const loop = createLoop({
    element: card.stage,
    work: () => (film ? Boolean(++frameAt) : training.step()) && !ended(),
    report() {
      if (!painting.isDue(loop.playing)) return;
      if (!film && saving.isDue(loop.playing)) save();
      repaint();
    },
    stepsPerSecond: bar.epochsPerSecond(),
  });
  card.onDispose(loop.dispose);

  function hurry() {
    loop.stepsPerSecond = Math.min(bar.epochsPerSecond(), film ? FILM_RATE : Infinity);
  }
  /** A frame of Python's film. */
  function goTo(index) {
    loop.pause();
    if (allowed()) frameAt = Math.min(Math.max(index, 0), film.frames.length - 1);
    repaint();
  }
  function openFilm(at = Infinity) {
    film = createFilm(photograph, training, store.state.frames);
    frameAt = Math.min(at, film.frames.length - 1);
    look = lookOf({ ...training, errors: film.at(0).errors });
    strip.clear();
    hurry();
  }
  function askForFilm() {
    loop.pause();
    const { size, frames } = store.state;
    if (frames[0].kernel.length !== size) {
      seenBefore.frames = null; // and it will be taken up as a new one
      store.propose({ size: frames[0].kernel.length });
      return;
    }
    openFilm();
    repaint();
  }
  function closeFilm() {
    loop.pause();
    film = null;
    begin();
    hurry();
    rest();
  }
  function lookAt(epoch) {
    if (film) return goTo(film.frames.findIndex((frame) => frame.epoch === epoch));
    loop.pause();
    shown = epoch === training.epochs ? null : epoch;
    repaint();
  }
  function rest() {
    save();
    repaint();
  }
  function save() {
    saving.mark();
    store.record({
      steps: training.epochs,
      loss_value: Number.isFinite(training.loss) ? training.loss : null,
      weights: loop.playing || training.diverged ? [] : inRows(training.kernel, store.state.size),
    });
  }

  /** Another picture. */
  function take({ picture, live: moving }) {
    if (moving) loop.pause();
    try {
      photograph = toPhotograph(toGrey(picture));
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      return store.refuse(error.message);
    }
    pictures.showPhotograph(photograph.pixels);
    begun = bent = "";
    paint(store.state, store.view);
  }

  /** A new training; the old one ends. */
  function begin() {
    const { settings: now } = store.view;
    shown = null;
    training = createTraining(photograph, now);
    if (bent !== `${now.size}`) {
      bent = `${now.size}`;
      bends = curvatures(photograph, now.size);
      directions.show(bends, readPalette());
    }
    least = leastLoss(photograph, training.target, now.size, bends);
    look = lookOf(training);
    scratch = { output: new Float64Array(training.count), errors: new Float64Array(training.count) };
    strip.clear();
    pictures.showTarget(training, look, readPalette());
  }

  /** The numbers on show: those of the present, or those of a frame. */
  function seen() {
    if (film) return film.at(frameAt);
    if (shown === null) return training;
    const { kernel } = training.frames.find(({ epoch }) => epoch === shown);
    forward(photograph, kernel, store.state.size, scratch.output);
    for (let i = 0; i < training.count; i++) scratch.errors[i] = scratch.output[i] - training.target[i];
    return { ...scratch, kernel };
  }
  function outputOf(kernel) {
    const output = new Float64Array(training.count);
    forward(photograph, kernel, store.state.size, output);
    return output;
  }

  function repaint() {
    const { state: now, view } = store;
    const { size } = now;
    if (film && !question.isKnown()) frameAt = 0; // the last one would give the answer away
    const numbers = seen();
    const palette = readPalette();
    const subject = film ? numbers : training;
    const epoch = film ? numbers.epochs : (shown ?? training.epochs);
    const { frames } = film ?? training;
    pictures.showTarget(training, look, palette);
    pictures.showOutput(numbers, look, palette);
    if (film) chart.show({ ...film.course, at: epoch, scale: now.scale });
    else
      chart.show({
        lines: [{ values: training.losses }],
        end: Math.max(now.epochs, training.epochs),
        at: epoch,
        scale: now.scale,
      });
    strip.show(frames, outputOf, look, epoch, palette, Boolean(film));
    card.root.style.setProperty("--ft-count", Math.max(size, 3));
    const mark = (cell, row, col) => cell.classList.toggle("now", row === view.cell[0] && col === view.cell[1]);
    kernelCells.show(inRows(numbers.kernel, size), { print: brief, each: mark });
    gradientCells.element.parentElement.classList.toggle("ft-past", shown !== null);
    gradientCells.show(inRows(subject.gradient, size), { print: tiny, each: mark });
    const known = question.isKnown();
    setText(
      question.arithmetic,
      known
        ? describeSum(subject, film ? { ...view.settings, optimizer: "Python’s optimiser" } : view.settings, view.cell)
        : question.words(),
    );
    writeFormulas(subject, now).forEach((text, i) => setText(formulas[i], text));
    setText(turn, known ? describeTurn(now, view) : "");
    const said = film ? describeFrame(numbers, view) : describeState(training, view, bends, least);
    setText(
      state,
      shown === null
        ? said
        : `The film, after ${shown} epochs: loss ${number(training.losses[shown], 3)}. Train or step to go on ` +
            `from epoch ${training.epochs}.`,
    );
    filmNote.hidden = now.frames.length === 0;
    if (now.frames.length) {
      setText(filmWords, describeFilm(now.frames, Boolean(film)));
      setText(filmButton, film ? "train in the page instead" : "show it");
    }
    if (film) {
      bar.paint({
        playing: loop.playing,
        epochs: frameAt,
        ended: false,
        last: frames.length - 1,
        index: frameAt,
        shown: epoch,
        name: "play",
      });
      card.announce(announceState(numbers));
      return;
    }
    const { epochs } = training;
    const index = frames.findIndex((frame) => frame.epoch === epoch);
    // the present may lie beyond the last frame
    const last = frames.at(-1)?.epoch === epochs ? frames.length - 1 : frames.length;
    bar.paint({ playing: loop.playing, epochs, ended: ended(), last, index: index < 0 ? last : index, shown: epoch });
    card.announce(announceState(training));
  }

  /** Python has recorded something, or the reader wants another training than it had. */
  function followFilm({ frames }, { rule, mayFilm }) {
    const isNew = frames !== seenBefore.frames && mayFilm;
    const isLeft = film !== null && (!mayFilm || (!isNew && rule !== seenBefore.rule));
    Object.assign(seenBefore, { frames, rule });
    if (isNew) {
      loop.pause();
      openFilm();
    } else if (isLeft) closeFilm();
  }

  function paint(now, view) {
    sources.follow();
    settings.show(now, view.settings);
    targetBox.classList.toggle("ft-none", !view.written);
    if (view.written) targetCells.show(view.written);
    if (photograph) {
      if (begun !== view.subject) {
        loop.pause();
        const isFirst = begun === "";
        begun = view.subject;
        begin();
        if (!isFirst) save();
        if (film) openFilm(frameAt);
      }
      followFilm(now, view);
      question.begin(view, now.source);
      if (card.root.isConnected) repaint();
      else queueMicrotask(() => card.root.isConnected && repaint()); // colours are there only on the page
      card.stage.dataset.learning = "";
    }
    question.show();
  }
  return paint;
}

export default defineWidget({
  name: "FilterTrainer",
  title: "Watch a filter being learned",
  picture: "a photograph, what the kernel makes of it, the target and their difference",
  state: ["images", ...LINKED, "frames"],
  linked: LINKED,
  given: (state) => [...givenPictures(DEFAULT_PICTURES)(state), ...(state.frames.length ? ["frames"] : [])],
  parts: {
    ...SOURCE_PARTS,
    target: "target",
    flip: "how the target is made",
    size: "size of the kernel",
    optimizer: "optimiser",
    learning_rate: "learning rate",
    epochs: "epochs",
    noise: "noise",
    seed: "seed",
    scale: "scale of the loss",
    gradient: "gradient",
    curve: "loss curve",
    film: "film strip",
    turn: "why it comes out turned",
    directions: "curvature",
    predict: "predict switch",
    playback: "playback",
  },
  facts: { wanted_kernel: (_, { wanted }) => wanted },
  compute,
  build,
});
