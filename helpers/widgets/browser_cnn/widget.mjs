/** BrowserCNN: a small convolutional network learns to read digits in the page, or a recorded training is looked at. */

import { traceCell } from "../arithmetic/digit_network.mjs";
import { readDigits, SIDE } from "../arithmetic/digits.mjs";
import { signedTable } from "../arithmetic/signed_scale.mjs";
import { part } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPalette } from "../card/palette.mjs";
import { bringResource } from "../card/resources.mjs";
import { createThrottle } from "../card/throttle.mjs";
import { addTrainingBar, createDigitChooser, createSettings } from "./controls.mjs";
import { createCourse } from "./course.mjs";
import { createNet } from "./drawing.mjs";
import { createExperiment, createStart } from "./experiment.mjs";
import { addInspector } from "./inspector.mjs";
import PRESETS from "./presets.json";
import { addQuestions } from "./question.mjs";
import { createRecording } from "./recording.mjs";
import { complete, compute, matchingPreset, SETTINGS } from "./state.mjs";
import { announceProgress, describeProgress, writeLayers } from "./words.mjs";

const CELLS = SIDE * SIDE;
const NO_DIGIT = new Float64Array(CELLS);

/** While training, pictures are painted at most so often, more rarely where painting comes late. */
const PAINT_MS = { least: 33, most: 250 };
const WORDS_MS = 250;

function build(card, store) {
  card.root.classList.add("bc");
  let digits = null;
  let isAsked = false; // for the digits
  let experiment = null;
  let display = null; // a network like the one that learns, with the weights on show
  let begun = "";
  let shown = null; // an epoch that is looked back at; null for the present
  let table = null;
  let colours = null;
  let lastPreset = "";
  let savedEpoch = -1;
  const pictures = createThrottle(PAINT_MS.least, PAINT_MS.most);
  const readable = createThrottle(WORDS_MS);
  const state = () => store.state;
  const change = (changes) => store.propose({ ...changes, preset: matchingPreset({ ...state(), ...changes }) });

  const chooser = createDigitChooser(store);
  const net = createNet((layer, ...cell) => store.propose({ cell: [layer, ...cell] }), chooser.element);
  const course = createCourse(store);
  const recording = createRecording(store, card, () => repaint());
  const questions = addQuestions(card, store, {
    repaint: () => paint(state(), store.view),
    trace,
    reached: (epoch) => experiment?.main.history[epoch]?.val_accuracy ?? null,
  });
  card.stage.append(
    questions.element,
    recording.element,
    h("div.bc-board", {}, part("maps", net.element), course.curves),
  );
  const inspector = addInspector(card, store, questions);
  const formulas = [h("div"), h("div")];
  card.formula.append(...formulas);
  card.playbar.before(course.results);
  const settings = createSettings(store, change);
  card.settings.append(...settings.elements, part("predict", questions.toggle));
  const readPalette = addPalette(card, () => {
    table = null;
    course.forget();
    if (display) repaint();
  });

  const lastEpoch = () => Math.max(experiment?.epochs ?? 0, 0);
  /** The last place of the slider: the present may lie between two epochs. */
  const lastPlace = () => lastEpoch() + (experiment?.isBetween ? 1 : 0);
  const place = () => shown ?? lastPlace();
  const isEnded = () => !experiment || experiment.diverged || experiment.epochs >= state().epochs;
  function lookAt(epoch) {
    experiment?.pause();
    shown = epoch >= lastPlace() ? null : Math.max(epoch, 0);
    save();
    repaint();
  }
  function learnUntil(epochs) {
    if (isEnded() || !questions.allows()) return;
    shown = null;
    experiment.play(epochs);
  }
  const live = {
    play: () => (experiment?.playing ? experiment.pause() : learnUntil(state().epochs)),
    step: () =>
      shown !== null
        ? lookAt(shown + 1)
        : experiment && !experiment.playing
          ? learnUntil(lastEpoch() + 1)
          : experiment?.pause(),
    back: () => experiment && lookAt(place() - 1),
    home() {
      if (!experiment) return;
      begin(state(), store.view);
      save();
      repaint();
    },
    end: () => experiment && lookAt(lastPlace()),
  };
  const by = (name) => () => (state().frames.length ? recording.act[name]() : live[name]());
  const bar = addTrainingBar(
    card,
    { play: by("play"), step: by("step"), back: by("back"), home: by("home"), end: by("end") },
    (batchesPerSecond) => experiment?.hurry(batchesPerSecond),
    (at) => (state().frames.length ? recording.go(at) : lookAt(at)),
  );

  /** A new experiment; the old one ends. */
  function begin(now, view) {
    experiment?.dispose();
    experiment = shown = null;
    display = createStart(view, view.layers, now.seed);
    net.build(view.shown);
    experiment = digits
      ? createExperiment(digits, now, view, { element: card.stage, report, stepsPerSecond: bar.batchesPerSecond() })
      : null;
    savedEpoch = -1;
    for (const throttle of [pictures, readable]) throttle.forget();
    course.forget();
  }

  /** Called after every slice of work, and whenever it starts or stops. */
  function report() {
    if (!experiment || !pictures.isDue(experiment.playing)) return;
    if (!experiment.playing || experiment.epochs > savedEpoch) save();
    repaint();
  }
  function save() {
    if (!experiment || experiment.epochs < 0) return;
    savedEpoch = experiment.epochs;
    const rounded = experiment.main.history.map((entry) =>
      Object.fromEntries(
        Object.entries(entry).map(([name, value]) => [
          name,
          Number.isFinite(value) ? Number(value.toPrecision(6)) : null,
        ]),
      ),
    );
    store.record({
      steps: experiment.steps,
      history: rounded,
      parameters: experiment.playing || experiment.diverged ? [] : [...experiment.main.network.parameters],
    });
  }

  /** The digit on show, or blank paper until the digits have come. */
  const sample = () => digits?.test.inputs.subarray(state().digit * CELLS, (state().digit + 1) * CELLS) ?? NO_DIGIT;
  function trace() {
    const { cell, shown: layers } = store.view;
    return cell && display && digits
      ? traceCell(display, sample(), layers[cell.layer - 1], [cell.map, cell.row, cell.col])
      : null;
  }

  function repaint() {
    const { view } = store;
    if (!table) {
      const palette = readPalette();
      table = signedTable(palette);
      colours = Object.fromEntries(Object.entries(marks).map(([name, probe]) => [name, getComputedStyle(probe).color]));
    }
    if (state().frames.length) {
      const at = recording.paint(state().frames, table, colours.line);
      course.showCurves([at.history], at.index, Math.max(at.count - 1, 1));
      course.tell(at.words);
      bar.paint({
        playing: at.playing,
        at: at.index,
        last: at.count - 1,
        spoken: at.place,
        ended: false,
        isRecorded: true,
      });
      card.announce(at.words);
      return;
    }
    const frame = shown === null ? null : experiment.main.frames[shown];
    if (frame) display.parameters.set(frame.parameters);
    else if (experiment) display.parameters.set(experiment.main.network.parameters);
    display.forward(sample());
    const label = digits ? digits.test.labels[state().digit] : null;
    net.paint(display, sample(), label, view.cell, table, colours);
    if (!readable.isDue(Boolean(experiment?.playing))) return;
    chooser.show(label === null ? "" : `held-out digit ${state().digit}: a ${label}`);
    if (experiment) paintProgress(frame);
    inspector.show(trace(), view);
    const at = place();
    bar.paint({
      playing: Boolean(experiment?.playing),
      at,
      last: lastPlace(),
      spoken: `epoch ${at}`,
      ended: isEnded(),
    });
    if (experiment && experiment.epochs >= 0)
      card.announce(
        shown === null ? announceProgress(experiment) : describeProgress(experiment, state().epochs, shown),
      );
  }

  function paintProgress(frame) {
    const { main, dense } = experiment;
    const histories = [main, dense].filter(Boolean).map(({ history }) => history);
    course.showCurves(histories, shown ?? lastEpoch(), Math.max(state().epochs, lastEpoch()));
    course.tell(describeProgress(experiment, state().epochs, shown));
    course.showResults(digits.test, (frame ?? main.frames.at(-1))?.predictions, table);
    questions.show();
  }

  const marks = Object.fromEntries(
    Object.entries({ read: "kernel", now: "output", line: "line" }).map(([name, colour]) => [
      name,
      h("span", { hidden: true, style: `color: var(--cv-${colour})` }),
    ]),
  );
  card.root.append(...Object.values(marks));

  function paint(now, view) {
    // A preset that was named by itself, in an address or by Python, brings its settings.
    if (now.preset !== view.preset) {
      const isNamed = now.preset && now.preset !== lastPreset;
      lastPreset = now.preset;
      return void store.propose(isNamed ? PRESETS[now.preset].settings : { preset: view.preset });
    }
    lastPreset = view.preset;
    const isRecorded = now.frames.length > 0;
    card.root.classList.toggle("bc-recorded", isRecorded);
    recording.element.hidden = !isRecorded;
    if (isRecorded) experiment?.pause();
    else if (!isAsked) {
      isAsked = true;
      bringResource(card, "digits", "the digits", (bytes) => {
        digits = readDigits(bytes);
        begin(state(), store.view);
        card.stage.dataset.learning = "";
        paint(state(), store.view);
      });
    }
    if (begun !== view.subject) {
      const isFirst = begun === "";
      begun = view.subject;
      begin(now, view);
      if (!isFirst) store.record({ steps: 0, history: [], parameters: [] });
    }
    questions.begin(view.subject, [view.subject, now.digit, view.cell, shown, experiment?.steps]);
    settings.show(now, view);
    inspector.follow(view);
    writeLayers(view, now).forEach((text, i) => setText(formulas[i], text));
    readable.forget();
    if (card.root.isConnected) repaint();
    else queueMicrotask(repaint); // colours are there only on the page
    questions.show();
    card.root.classList.toggle("bc-secret", !questions.isDone());
  }
  card.onDispose(() => experiment?.dispose());
  return paint;
}

export default defineWidget({
  name: "BrowserCNN",
  title: "Watch a convolutional network learn",
  picture: "the kernels and maps of a network that reads a digit, and how well it does",
  state: [...SETTINGS, "epochs", "preset", "digit", "cell", "scale", "answer", "frames"],
  linked: [...SETTINGS, "epochs", "preset", "digit", "cell", "scale", "answer"],
  given: () => [],
  parts: {
    presets: "experiments",
    digit: "digit",
    maps: "kernels and maps",
    curves: "curves",
    confusion: "confusion matrix",
    misread: "misread digits",
    inspect: "arithmetic of a cell",
    layers: "layers",
    pooling: "pooling",
    hidden: "hidden units",
    activation: "activation",
    optimizer: "optimiser",
    learning_rate: "learning rate",
    batch_size: "batch size",
    seed: "seed",
    epochs: "epochs",
    compare: "dense network",
    scale: "scale of the loss",
    predict: "predict switch",
    size: "formulas",
    playback: "playback",
  },
  complete,
  compute,
  build,
});
