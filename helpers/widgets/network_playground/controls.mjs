/** NetworkPlayground's controls: playing, the presets, and the settings. */

import { numberField, part, select, selectNumber } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";
import { folded } from "../card/panes.mjs";
import { addPlaybar } from "../card/playbar.mjs";
import PRESETS from "./presets.json";
import { CHOICES, MOST } from "./state.mjs";

/** Steps in a second. */
const SPEEDS = { "5 steps/s": 5, "100 steps/s": 100, "1000 steps/s": 1000, "full speed": Infinity };
const USUAL = "100 steps/s";

/**
 * Reset, back, play and step, as in the other widgets, but through a training that has no end.
 * @param {any} card
 * @param {{home: () => void, back: () => void, play: () => void, step: () => void}} act
 * @param {(stepsPerSecond: number) => void} hurry
 */
export function addTrainingBar(card, act, hurry) {
  const names = { play: "train", back: "One step back", step: "One step" };
  const bar = addPlaybar(card, { act, speeds: SPEEDS, usual: USUAL, hurry, names });
  return {
    stepsPerSecond: bar.speed,
    /** @param {any} progress of the trainer */
    paint({ playing, steps, diverged }) {
      bar.showPlaying(playing);
      bar.showIdle({ back: steps === 0, step: diverged, play: diverged && !playing });
    },
  };
}

const OWN = "your own";
const OWN_COMMENT =
  "Change one thing at a time: with the same seed the points, the starting weights and the order of " +
  "the samples stay the same.";

/** The ready experiments, with what there is to see. @param {(name: string) => void} choose */
export function createPresets(choose) {
  const titles = Object.fromEntries(Object.entries(PRESETS).map(([name, { title }]) => [title, name]));
  const field = select("experiment", [OWN, ...Object.keys(titles)], (title) => title !== OWN && choose(titles[title]));
  const comment = h("p.np-comment");
  return {
    element: part("presets", h("div.np-presets", {}, field.element, folded("what it shows", comment))),
    /** @param {string} name "" for settings of the reader's own */
    show(name) {
      field.show(name ? PRESETS[name].title : OWN);
      setText(comment, name ? PRESETS[name].comment : OWN_COMMENT);
    },
  };
}

const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const NOISES = [0, 0.02, 0.05, 0.1, 0.2, 0.3];

/**
 * @param {any} store
 * @param {(changes: any) => boolean} change a change of the settings
 */
export function createSettings(store, change) {
  const refuse = (sentence) => store.refuse(sentence);
  const one = (name, label = name) => select(label, CHOICES[name], (value) => change({ [name]: value }));
  const fields = {
    data: one("data"),
    noise: selectNumber("noise", NOISES, (noise) => change({ noise })),
    activation: one("activation"),
    initializer: one("initializer", "start"),
    loss: one("loss"),
    optimizer: one("optimizer", "optimiser"),
    learning_rate: selectNumber("learning rate", RATES, (rate) => change({ learning_rate: rate })),
    batch_size: numberField(
      "batch size",
      { min: 1, max: MOST.batch_size },
      (size) => change({ batch_size: size }),
      refuse,
    ),
    seed: numberField("seed", { min: 0, max: 2 ** 32 - 1 }, (seed) => change({ seed }), refuse),
  };
  const another = h(
    "button.np-another",
    { type: "button", title: "The next seed", onclick: () => change({ seed: (store.state.seed + 1) % 2 ** 32 }) },
    "next",
  );
  const crossentropy = [...fields.loss.element.querySelectorAll("option")].find(
    ({ value }) => value === "categorical_crossentropy",
  );
  return {
    elements: Object.entries(fields).map(([name, { element }]) =>
      part(name, name === "seed" ? h("span.cv-group.np-seed", {}, element, another) : element),
    ),
    /** @param {any} state @param {boolean} isCurve */
    show(state, isCurve) {
      for (const [name, field] of Object.entries(fields)) field.show(state[name]);
      crossentropy.disabled = isCurve;
    },
  };
}
