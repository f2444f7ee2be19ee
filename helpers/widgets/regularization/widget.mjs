/** Regularization: a plain network and one with a remedy learn few digits side by side, pair after pair. */

import { readDigits } from "../arithmetic/digits.mjs";
import { part } from "../card/controls.mjs";
import { h, resize, setText } from "../card/dom.mjs";
import { resultFirst } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPalette } from "../card/palette.mjs";
import { bringResource } from "../card/resources.mjs";
import { createThrottle } from "../card/throttle.mjs";
import { addTrainingBar, createSettings } from "./controls.mjs";
import { createCurves, createDigit, createHistogram, createNeurons, createPairs } from "./drawing.mjs";
import { createExperiment } from "./experiment.mjs";
import { addQuestion } from "./question.mjs";
import { compute, NOTHING, STEPS_PER_EPOCH } from "./state.mjs";
import { describeGains, describePair, gainsOf, points, writeRule, writeStep } from "./words.mjs";

/** While training, pictures are painted at most so often. */
const PAINT_MS = 60;

function build(card, store) {
  card.root.classList.add("rg");
  let digits = null;
  let isAsked = false; // for the digits
  let experiment = null;
  let begun = "";
  let looking = null; // { pair, step } that is looked back at; null for the present
  let look = null; // colours
  const kept = new Map(); // plain networks, for the next remedy
  const painting = createThrottle(PAINT_MS);
  let saved = "";
  const state = () => store.state;

  const curves = createCurves();
  const pairs = createPairs((number) => lookAt(number, Infinity));
  const digit = createDigit();
  const layers = [
    createNeurons("layer 1", (neuron) => neuron <= state().units && store.propose({ neuron })),
    createNeurons("layer 2", null),
  ];
  const histogram = createHistogram();
  const question = addQuestion(card, store, {
    repaint: () => paint(state(), store.view),
    begin() {
      begin();
      experiment.play();
    },
    experiment: () => experiment,
  });
  const seen = part("seen", h("div.rg-seen", {}, digit.element, ...layers.map(({ element }) => element)));
  card.stage.append(question.element, curves.element, pairs.element, h("div.rg-inside", {}, seen, histogram.element));
  const where = h("div.rg-where");
  const lines = h("div.rg-lines");
  card.say.append(where, lines);
  const formulas = [h("div"), h("div")];
  card.formula.append(...formulas);
  const settings = createSettings(store);
  card.settings.append(...settings.elements, part("predict", question.toggle));
  const readPalette = addPalette(card, () => {
    look = null;
    if (card.root.isConnected) repaint();
  });
  const marks = Object.fromEntries(
    Object.entries({ line: "line", off: "warn", chosen: "output" }).map(([name, colour]) => [
      name,
      h("span", { hidden: true, style: `color: var(--cv-${colour})` }),
    ]),
  );
  card.root.append(...Object.values(marks));

  const present = () => experiment.pairs.at(-1);
  const shownPair = () => (looking ? experiment.pairs[looking.pair - 1] : present());
  const lastStep = () => experiment.stepsOf(shownPair());
  const place = () => (looking ? Math.min(looking.step, lastStep()) : lastStep());

  function lookAt(number, step) {
    if (!experiment || number > experiment.pairs.length) return;
    experiment.pause();
    const most = experiment.stepsOf(experiment.pairs[number - 1]);
    const at = Math.max(0, Math.min(step, most));
    looking = number === experiment.pairs.length && at === most ? null : { pair: number, step: at };
    repaint();
  }
  function train(steps) {
    if (!experiment || experiment.ended || !question.allows()) return;
    looking = null;
    experiment.play(steps);
  }
  const bar = addTrainingBar(
    card,
    {
      play: () => (experiment?.playing ? experiment.pause() : train()),
      step() {
        if (experiment?.isEndless) experiment.pause();
        else if (looking) lookAt(looking.pair, looking.step + 1);
        else train(1);
      },
      back: () => experiment && lookAt(shownPair().number, place() - 1),
      home() {
        if (!experiment) return;
        begin();
        save();
        repaint();
      },
      end: () => experiment && lookAt(experiment.pairs.length, Infinity),
    },
    (steps) => experiment?.hurry(steps),
    (at) => experiment && lookAt(shownPair().number, at),
  );

  /** A new experiment; the old one ends. */
  function begin() {
    experiment?.dispose();
    looking = null;
    painting.forget();
    experiment = digits
      ? createExperiment(digits, state(), store.view, {
          element: card.stage,
          report,
          stepsPerSecond: bar.stepsPerSecond(),
          kept,
        })
      : null;
  }

  /** Called after every slice of work, and whenever it starts or stops. */
  function report() {
    if (!experiment || !painting.isDue(experiment.playing)) return;
    save();
    repaint();
    if (!experiment.playing) question.ended();
  }
  function save() {
    const results = experiment.finished.map(({ number, plain, treated }) => ({
      pair: number,
      plain: plain.result.test_accuracy,
      remedied: treated.result.test_accuracy,
    }));
    const now = JSON.stringify([results, experiment.playing || experiment.taken]);
    if (now === saved) return;
    saved = now;
    store.record({ results, steps: experiment.taken });
  }

  function readLook() {
    const palette = readPalette();
    const ramp = (share) => {
      const t = Math.max(0, Math.min(1, share));
      return [...palette.paper.map((from, k) => Math.round(from + (palette.negative[k] - from) * t)), 255];
    };
    const colours = Object.fromEntries(
      Object.entries(marks).map(([name, mark]) => [name, getComputedStyle(mark).color]),
    );
    return { ramp, colours };
  }

  function repaint() {
    const { view } = store;
    const { units } = state();
    look ??= readLook();
    const at = experiment ? place() : 0;
    const pair = experiment && shownPair();
    const step = pair?.treated.steps[at - 1] ?? null;
    digit.show(step, look.ramp);
    layers.forEach((layer, i) =>
      layer.show(
        units,
        step?.outputs[i] ?? null,
        step?.factors[i] ?? null,
        i ? 0 : view.neuron,
        look.colours,
        look.ramp,
      ),
    );
    const lineTexts = step
      ? writeStep(step, state(), view.neuron, at)
      : [[at ? "The network with the remedy has stopped." : "Take a step, to see what it does to a weight."]];
    resize(lines, lineTexts.length, () => h("div", {}, h("span"), h("span.rg-symbols"), h("span")));
    lineTexts.forEach((texts, i) => [0, 1, 2].forEach((k) => setText(lines.children[i].children[k], texts[k] ?? "")));
    setText(where, `Step ${at}, the weight w from the framed pixel to neuron ${view.neuron}:`);
    if (!pair) return;

    const epoch = Math.floor(at / STEPS_PER_EPOCH);
    curves.show(experiment.pairs, pair, state().epochs, at / STEPS_PER_EPOCH);
    const upTo = ({ history }) => history[Math.min(epoch, history.length - 1)];
    histogram.show(upTo(pair.plain)?.bins, upTo(pair.treated)?.bins);
    const { finished } = experiment;
    const gains = new Map(finished.map((each, i) => [each.number, gainsOf(finished).gains[i]]));
    /** @type {[any, any]} */
    const words = [describePair(pair, epoch, state()), describeGains(finished)];
    pairs.show(state().pairs, gains, pair.number, experiment.pairs.length, words);
    bar.paint({
      playing: experiment.playing,
      at,
      last: experiment.perPair,
      spoken: `step ${at} of pair ${pair.number}`,
      ended: experiment.ended,
    });
    card.announce(
      experiment.ended && !looking && gains.size
        ? `${points(gainsOf(finished).mean)} points in the mean: pair ${pair.number}, step ${at}`
        : `${resultFirst(lineTexts[0].join(""))[0]}; pair ${pair.number}, step ${at}`,
      `${resultFirst(lineTexts[0].join(""))[1]}; pair ${pair.number}, step ${at}`,
    );
  }

  function paint(now, view) {
    if (!isAsked) {
      isAsked = true;
      bringResource(card, "digits", "the digits", (bytes) => {
        digits = readDigits(bytes);
        begin();
        card.stage.dataset.learning = "";
        paint(state(), store.view);
      });
    }
    if (begun !== view.subject) {
      const isFirst = begun === "";
      begun = view.subject;
      begin();
      if (!isFirst) store.record({ steps: 0, results: [] });
    }
    experiment?.extend(now.pairs);
    question.begin(view, now);
    settings.show(now);
    writeRule(now, view.remedy).forEach((text, i) => setText(formulas[i], text));
    if (card.root.isConnected) repaint();
    else queueMicrotask(repaint); // colours are there only on the page
    question.show();
  }
  card.onDispose(() => experiment?.dispose());
  return paint;
}

const SETTINGS = [...Object.keys(NOTHING), "wrong", "epochs", "pairs", "neuron"];

export default defineWidget({
  name: "Regularization",
  title: "Remedies for overfitting",
  picture: "how a plain network and one with a remedy learn, which neurons are off, and how large the weights are",
  state: [...SETTINGS, "answer"],
  parts: {
    curves: "curves",
    runs: "pairs and what they gain",
    seen: "digit and neurons",
    weights: "weights",
    samples: "more data",
    shift: "augmentation",
    l2: "L2",
    decay: "weight decay",
    dropout: "dropout",
    units: "smaller network",
    batch_norm: "batch normalisation",
    early_stopping: "early stopping",
    none: "no remedy",
    wrong: "wrong labels",
    epochs: "epochs",
    pairs: "number of pairs",
    neuron: "neuron",
    predict: "predict switch",
    size: "formulas",
    playback: "playback",
  },
  facts: { active_units: ({ units, dropout }) => units * (1 - dropout) },
  compute,
  build,
});
