/** ArchitectureCalculator: what every layer of a network gives, costs and sees. */

import { createControls } from "./controls.mjs";
import { createBoxes, createComparison, createPhotograph, createTable } from "./drawing.mjs";
import { asks, judge, readAnswer } from "./question.mjs";
import { compute } from "./state.mjs";
import { amount, by, describeLayer, describeTotals, memory, spokenSize, writeParameters, writeSize } from "./words.mjs";
import { memoryOf, parametersOf } from "../arithmetic/architecture.mjs";
import { h, setText, steadyHeight } from "../card/dom.mjs";
import { part } from "../card/controls.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";
import { addSources, givenPictures, SOURCE_PARTS } from "../card/sources.mjs";

const DEFAULT_PICTURES = "cat,coffee";

function build(card, store) {
  let picture = null;
  let isGone = false;
  card.onDispose(() => (isGone = true));
  const at = () => Math.min(store.state.step, store.view.count - 1);
  const repaint = () => !isGone && store.view && paint(store.state, store.view);
  /** Shows another layer; what was typed and did not fit is given up. */
  function choose(step) {
    controls.forget();
    store.propose({ stack: store.state.stack, input_shape: store.state.input_shape, step });
  }

  const boxes = createBoxes(choose);
  const table = createTable(choose);
  const photograph = createPhotograph();
  const compare = createComparison((changes) => store.propose({ ...changes, view: "layers" }));
  const columns = h(
    "div.ac-columns",
    {},
    h("div.ac-top", {}, part("picture", boxes.element), part("field", photograph.element)),
    table.element,
  );
  const prediction = addPrediction(card, store, {
    judge: (guess, step) => judge(store.state.question, store.view, guess, step),
    read: (text) => readAnswer(store.state.question, text),
    repaint,
    at,
    count: () => store.view.count,
    asks: (step) => asks(store.state.question, store.view, step),
    go: choose,
  });
  const keepHeight = steadyHeight(prediction.arithmetic);
  const sums = h("div");
  card.formula.append(sums);
  const sources = addSources(card, store, (next) => {
    picture = next.picture;
    repaint();
  });
  const controls = createControls(card, store, prediction, sources, (changes) => store.propose(changes));
  card.stage.append(h("div.ac", {}, columns, controls.code, compare));
  const paintPlayback = addPlayback(card, store, {
    count: () => store.view.count,
    label: "layer on show",
    mayLeave: () => prediction.isKnown(at()),
    now: at,
    show: choose,
  });
  card.stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    const { add, remove, move } = controls.act;
    const keys = event.altKey
      ? { ArrowUp: () => move(-1), ArrowDown: () => move(1), Insert: add, Delete: remove }
      : {
          ArrowUp: () => at() > 0 && choose(at() - 1),
          ArrowDown: () => at() < store.view.count - 1 && choose(at() + 1),
        };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });

  function paint(state, view) {
    sources.follow();
    prediction.begin([state.stack, state.input_shape, state.question]);
    /** What leaves its input as it is would tell what the layer before gives. */
    const isKnown = (step) =>
      prediction.isKnown(step) && (step === 0 || asks(state.question, view, step) || isKnown(step - 1));
    const now = at();
    const [layer, before, after] = [view.layers[now], view.counted[now], view.counted[now + 1]];
    columns.hidden = state.view !== "layers";
    controls.code.hidden = state.view !== "code";
    compare.hidden = state.view !== "compare";
    boxes.paint({ counted: view.counted, at: now, isKnown });
    table.paint({ view, at: now, isKnown, batchSize: state.batch_size });
    photograph.paint(picture, after, state.input_shape, isKnown(now));
    prediction.arithmetic.replaceChildren(...describe(state, layer, before, after, prediction.isKnown(now)));
    keepHeight(JSON.stringify([state.stack, state.input_shape, state.question, prediction.isKnown(now)]));
    const isAll = view.layers.every((_, step) => isKnown(step));
    setText(
      sums,
      isAll
        ? `${describeTotals(view.sums)}; ${describeMemory(state, view)}`
        : "The sums are told when you have found all layers.",
    );
    controls.paint(state, view);
    prediction.show();
    paintPlayback(now);
    card.announce(
      isKnown(now) ? spokenSize(layer, after) : `Layer ${now + 1}, ${describeLayer(layer)}: what comes out?`,
    );
  }
  return paint;
}

/** The arithmetic of the layer on show, in lines; or what is asked of it. */
function describe({ question }, layer, before, after, known) {
  const name = `Layer ${after.number}, ${describeLayer(layer)}, on ${by(before.shape)}`;
  if (!known)
    return [h("div", {}, `${name}: ${question === "size" ? "which size comes out?" : "how many parameters has it?"}`)];
  const result = (text) => h("b.y", {}, text);
  const parameters = parametersOf(after);
  const costs = parameters
    ? h(
        "div.ac-small",
        {},
        `parameters: ${writeParameters(layer, before, after)} = `,
        result(amount(parameters)),
        after.multiplyAdds ? `; multiply–adds: ${amount(after.multiplyAdds)}` : "",
      )
    : h("div.ac-small", {}, "no parameters");
  return [h("div", {}, `${name}: ${writeSize(layer, before, after)} → `, result(by(after.shape))), costs];
}

function describeMemory({ batch_size }, { sums }) {
  const { training, prediction } = memoryOf(sums, sums.activations, sums.widest, batch_size);
  return (
    `memory in float32: ${memory(training)} to train on ${batch_size} images (parameters, gradients, all ` +
    `outputs), ${memory(prediction)} to predict one`
  );
}

const LINKED = ["source", "input_shape", "stack", "batch_size", "view", "question", "step", "answer"];

export default defineWidget({
  name: "ArchitectureCalculator",
  title: "What does each layer give, cost and see?",
  picture: "the layers as boxes to scale, a table of them, and what a number sees of a photograph",
  state: ["images", ...LINKED],
  linked: LINKED,
  given: givenPictures(DEFAULT_PICTURES),
  parts: {
    view: "view",
    example: "networks",
    input: "input size",
    layer: "layer settings",
    order: "add and move",
    batch_size: "batch size",
    question: "what to predict",
    picture: "boxes",
    field: "receptive field",
    ...SOURCE_PARTS,
    predict: "predict switch",
    size: "sums",
    playback: "playback",
  },
  facts: {
    depth: (_, { count }) => count,
    parameters: (_, { sums }) => sums.parameters,
    field: (_, { counted }) => counted.at(-1).field,
    output_shape: (_, { counted }) => counted.at(-1).shape,
  },
  compute,
  build,
});
