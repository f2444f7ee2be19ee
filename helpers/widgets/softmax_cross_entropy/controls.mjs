/** SoftmaxCrossEntropy's settings: ready-made examples, temperature, the largest score, the number of classes. */

import { CLASSES, TEMPERATURES } from "./state.mjs";
import { numberField, part, segmented, select, toggle } from "../card/controls.mjs";

const OWN = "your own";
const PLAIN = { input: "scores", temperature: 1, subtract: true, truth: 1 };

/** Scores that show one thing each. */
const EXAMPLES = {
  "three classes": { ...PLAIN, scores: [2, 1, -1] },
  "sure and right": { ...PLAIN, scores: [-1, 6, 0] },
  "badly wrong": { ...PLAIN, scores: [4, -8, 0] },
  "equal scores": { ...PLAIN, scores: [3, 3, 3, 3] },
  "scores of 1000": { ...PLAIN, scores: [1000, 999, 0], subtract: false },
  "scores of −1000": { ...PLAIN, scores: [-1000, -1001, -1002], subtract: false },
  "0.2, 0.3, 0.4, 0.1, 0.1?": { input: "probabilities", typed: [0.2, 0.3, 0.4, 0.1, 0.1] },
};

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const nameOfExample = (state) =>
  Object.keys(EXAMPLES).find((name) =>
    Object.entries(EXAMPLES[name]).every(([key, value]) => isSame(state[key], value)),
  );

/** The settings; they follow the state by themselves. */
export function addControls(card, store, prediction) {
  const propose = (changes) => store.propose(changes);
  const refuse = (sentence) => store.refuse(sentence);
  const list = () => (store.state.input === "scores" ? "scores" : "typed");
  function resize(count) {
    const values = store.state[list()];
    const longer = Array.from({ length: count }, (_, i) => values[i] ?? 0);
    const truth = Math.min(store.state.truth, list() === "scores" ? count - 1 : Infinity);
    return propose({ [list()]: longer, truth });
  }
  const names = [OWN, ...Object.keys(EXAMPLES)];
  const examples = select("example", names, (name) => name !== OWN && propose({ ...EXAMPLES[name], step: 0 }));
  /** @type {[string, string][]} */
  const kinds = [
    ["scores", "scores"],
    ["probabilities", "probabilities"],
  ];
  const input = segmented("type", kinds, (value) => propose({ input: value, step: 0 }));
  const range = { ...TEMPERATURES, step: 0.1 };
  const temperature = numberField("temperature T", range, (value) => propose({ temperature: value }), refuse);
  const subtract = toggle("subtract the largest score", (on) => propose({ subtract: on }));
  const classes = numberField("classes", CLASSES, resize, refuse);
  const scale = toggle("logarithmic chart", (on) => propose({ scale: on ? "log" : "linear" }));
  card.settings.append(
    part("examples", examples.element),
    part("input", input.element),
    part("classes", classes.element),
    part("temperature", temperature.element),
    part("subtract", subtract.element),
    part("scale", scale.element),
    part("predict", prediction.element),
  );
  store.subscribe((state, seen) => {
    if (!seen) return;
    examples.show(nameOfExample(state) ?? OWN);
    input.show(state.input);
    temperature.show(state.temperature);
    subtract.show(state.subtract);
    classes.show(state[list()].length);
    scale.show(state.scale === "log");
    for (const { element } of [temperature, subtract, scale]) element.classList.toggle("sce-idle", seen.isTyped);
  });
}
