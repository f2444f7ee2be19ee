/** NetworkPlayground: a small network learns in sight, with every number on the way to be looked at. */

import { addTrainingBar, createPresets, createSettings } from "./controls.mjs";
import { createDiagram } from "./drawing.mjs";
import { createInspector } from "./inspector.mjs";
import { createOutput } from "./output.mjs";
import PRESETS from "./presets.json";
import { addQuestion } from "./question.mjs";
import { compute, createExperiment, matchingPreset, SETTINGS } from "./state.mjs";
import { describeSurface, inSymbols, ruleOf } from "./words.mjs";
import { part } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { panes } from "../card/panes.mjs";
import { evaluate, inspectSample } from "../arithmetic/network.mjs";
import { signedTable } from "../arithmetic/signed_scale.mjs";
import { addPalette } from "../card/palette.mjs";
import { createThrottle } from "../card/throttle.mjs";
import { createSurfaces, paintSurfaces } from "../arithmetic/surfaces.mjs";

/** How finely neurons are looked at: cells along each side of the plane, and along the line. */
const CELLS = 40;
const LINE_CELLS = 100;

/** While training, pictures are painted at most so often, and more seldom where a painted frame comes late. */
const PAINT_MS = { least: 40, most: 125 };
const WORDS_MS = 250;
const SAVE_MS = 500;

/** Steps that may be taken again to go one back. */
const MOST_REPEATED = 20000;

/** Which points are on the right side. The latest forward pass must be that over all data. */
function judgePoints(network, data) {
  if (data.labels === null) return null;
  const { predictions, outputs } = network;
  return Array.from(
    data.labels,
    (label, i) =>
      (outputs === 1 ? predictions[i] >= 0.5 : predictions[2 * i + 1] > predictions[2 * i]) === (label === 1),
  );
}

function build(card, store) {
  card.root.classList.add("np");
  const state = () => store.state;
  let experiment = null;
  let surfaces = null;
  let inputPictures = [];
  let seen = null; // the pass of the sample that is inspected
  let subject = "";
  let lastPreset = null;
  let classLoss = "categorical_crossentropy";
  let changedAt = []; // steps at which the learning rate was changed on the way
  const pictures = createThrottle(PAINT_MS.least, PAINT_MS.most);
  const readable = createThrottle(WORDS_MS);
  const saving = createThrottle(SAVE_MS);

  const trainer = () => experiment.trainer;
  const change = (changes) => {
    const next = { ...changes };
    if (changes.data === "curve" && state().loss !== "mean_squared_error") next.loss = "mean_squared_error";
    else if (changes.data && changes.data !== "curve" && state().data === "curve") next.loss = classLoss;
    if (changes.loss) classLoss = changes.loss;
    if (changes.hidden || next.loss || changes.data) Object.assign(next, { neuron: [], sample: 0 });
    const fits = store.propose({ ...next, preset: matchingPreset({ ...state(), ...next }) });
    if (fits && changes.data === "curve")
      store.mention(
        "The curve's targets are numbers, not classes: so there is one linear output, and the loss is the " +
          "mean squared error.",
      );
    if (fits && changes.learning_rate && trainer().progress.steps > 0)
      store.mention(
        `From step ${trainer().progress.steps} on, the learning rate is ${changes.learning_rate}. Go back to ` +
          "the start to train with it from the beginning.",
      );
    return fits;
  };
  const look = ({ sample = state().sample, neuron = state().neuron }) => {
    const close = sample === 0;
    return store.propose({ sample, neuron: close ? [] : neuron.length ? neuron : [store.view.layers.length, 1] });
  };

  const presets = createPresets((name) =>
    store.propose({ ...PRESETS[name].settings, preset: name, sample: 0, neuron: [] }),
  );
  const diagram = createDiagram(card, {
    pick: (neuron) => look({ sample: state().sample || 1, neuron }),
    rebuild: (hidden) => change({ hidden }),
    placed: () => experiment && paintPictures(),
  });
  const output = createOutput(store, (sample) => look({ sample }));
  const question = addQuestion(card, store, {
    repaint: () => paint(store.state, store.view),
    reached: () => evaluate(experiment.network, experiment.data),
    experiment: () => experiment,
  });
  const inspector = createInspector(store, look);
  const tabs = panes("what is on show", [
    ["output", [output.plane]],
    ["network", [diagram.element], "network"],
    ["loss", [output.curve], "curve"],
    ["numbers", [inspector.element]],
  ]);
  card.stage.append(
    presets.element,
    question.element,
    tabs.element,
    h("div.np-board", {}, output.element, diagram.element),
  );
  card.say.append(inspector.element);
  const symbols = h("div");
  const count = h("div");
  const rule = h("div");
  card.formula.append(symbols, count, rule);
  const settings = createSettings(store, change);
  card.settings.append(...settings.elements, part("predict", question.toggle));

  const allowed = () => question.allows();
  const bar = addTrainingBar(
    card,
    {
      play() {
        if (trainer().progress.playing) trainer().pause();
        else if (allowed()) trainer().play();
      },
      step: () => allowed() && trainer().step(),
      home: () => {
        changedAt = [];
        question.rest();
        trainer().reset();
      },
      back() {
        const { steps } = trainer().progress;
        if (steps === 0 || !allowed()) return;
        if (changedAt.length)
          return store.mention(
            "The learning rate was changed on the way, so the steps before cannot be repeated: go back to the start.",
          );
        if (steps > MOST_REPEATED)
          return store.mention("Going back repeats all steps but one, and these are too many: go back to the start.");
        trainer().reset();
        if (steps > 1) trainer().step(steps - 1);
      },
    },
    (stepsPerSecond) => (trainer().stepsPerSecond = stepsPerSecond),
  );
  let table = null;
  const readPalette = addPalette(card, () => {
    table = null;
    if (experiment) paintPictures();
  });

  /** A new experiment; the old one ends. */
  function begin(now, view) {
    experiment?.trainer.dispose();
    experiment = createExperiment(now, view, { element: card.stage, report });
    trainer().stepsPerSecond = bar.stepsPerSecond();
    const { network, data } = experiment;
    surfaces = createSurfaces(network, data.ranges, view.isCurve ? { cols: LINE_CELLS } : { rows: CELLS, cols: CELLS });
    const width = data.inputCount;
    inputPictures = Array.from({ length: width }, (_, i) =>
      Float32Array.from({ length: surfaces.inputs.length / width }, (__, at) => surfaces.inputs[at * width + i]),
    );
    diagram.show(network);
    output.show(data);
    changedAt = [];
    for (const throttle of [pictures, readable, saving]) throttle.forget();
  }

  /** Called by the trainer after every slice of work, and whenever it starts or stops. */
  function report(progress) {
    bar.paint(progress);
    if (!pictures.isDue(progress.playing)) return;
    paintPictures();
    if (saving.isDue(progress.playing)) save(progress);
    if (!progress.playing) question.ended();
  }

  function save(progress) {
    saving.mark();
    const finite = (value) => (Number.isFinite(value) ? value : null);
    const { loss } = evaluate(experiment.network, experiment.data);
    const parameters = progress.playing || progress.diverged ? [] : [...experiment.network.parameters];
    store.record({ steps: progress.steps, loss_value: finite(loss), parameters });
  }

  function paintPictures() {
    const { network, data } = experiment;
    const { progress } = trainer();
    table ??= signedTable(readPalette());
    paintSurfaces(network, surfaces);
    const reached = evaluate(network, data);
    const right = judgePoints(network, data);
    const { sample, neuron } = state();
    if (readable.isDue(progress.playing)) {
      const start = (sample - 1) * data.inputCount;
      seen = sample
        ? inspectSample(
            network,
            data.inputs.subarray(start, start + data.inputCount),
            data.targets.subarray((sample - 1) * data.outputCount, sample * data.outputCount),
          )
        : null;
      const looked = neuron.length ? seen : null;
      if (!looked && !inspector.element.hidden) tabs.show(0); // its tab goes with it
      inspector.show(looked, state(), network, data);
    }
    diagram.paint(surfaces, inputPictures, table, seen);
    output.paintSurface(surfaces, table, right);
    output.paintFigures(progress, reached, state().scale);
    const words = describeSurface(progress, reached, data);
    output.name(words);
    card.announce(`${words} ${progress.message}`);
  }

  function paint(now, view) {
    // A preset that was named by itself, in an address or by Python, brings its settings.
    if (now.preset && now.preset !== view.preset && now.preset !== lastPreset) {
      lastPreset = now.preset;
      return void store.propose({ ...PRESETS[now.preset].settings, sample: 0, neuron: [] });
    }
    if (now.preset !== view.preset) return void store.propose({ preset: view.preset });
    lastPreset = now.preset;
    if (view.subject !== subject) {
      const isFirst = subject === "";
      subject = view.subject;
      begin(now, view);
      if (!isFirst) store.record({ steps: 0, loss_value: null, parameters: [] });
    }
    const { optimizer, progress } = trainer();
    if (optimizer.learningRate !== now.learning_rate) {
      if (progress.steps > 0) changedAt.push(progress.steps);
      optimizer.learningRate = now.learning_rate;
    }
    question.begin(now, view);
    diagram.mark(now);
    output.mark(now.sample, now.scale);
    if (card.root.isConnected) paintPictures();
    else queueMicrotask(paintPictures); // colours and sizes are there only on the page
    bar.paint(progress);
    presets.show(view.preset);
    presets.element.classList.toggle("np-secret", !question.isKnown());
    settings.show(now, view.isCurve);
    const written = inSymbols(view);
    setText(symbols, written.layers);
    setText(count, written.parameters);
    setText(rule, ruleOf(now, view.count));
    question.show();
  }
  card.onDispose(() => experiment?.trainer.dispose());
  return paint;
}

export default defineWidget({
  name: "NetworkPlayground",
  title: "Watch a network learn",
  picture: "a network, its neurons and what it says about the data",
  state: [...SETTINGS, "preset", "scale", "sample", "neuron", "answer"],
  parts: {
    presets: "experiments",
    network: "network",
    layers: "layers",
    data: "data",
    noise: "noise",
    activation: "activation",
    initializer: "start",
    loss: "loss",
    optimizer: "optimiser",
    learning_rate: "learning rate",
    batch_size: "batch size",
    seed: "seed",
    predict: "predict switch",
    curve: "loss curve",
    inspect: "one sample's arithmetic",
    size: "formulas",
    playback: "playback",
  },
  facts: {
    hidden_units: ({ hidden }) => hidden.reduce((total, units) => total + units, 0),
    loss_now: (state, view, told) => told("loss_value"),
  },
  hasResult: (told) => told("steps") > 0,
  compute,
  build,
});
