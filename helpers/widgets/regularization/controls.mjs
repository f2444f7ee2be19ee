/** Regularization's controls: playing and looking back, a control for each remedy, and what the comparison is of. */

import { numberField, part, selectNumber, toggle } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";
import { addPlaybar } from "../card/playbar.mjs";
import { LIMITS, MANY, NOTHING } from "./state.mjs";

const SPEEDS = { "3 steps/s": 3, "30 steps/s": 30, "full speed": Infinity };

/**
 * @param {any} card
 * @param {{home: () => void, back: () => void, play: () => void, step: () => void, end: () => void}} act
 * @param {(steps: number) => void} hurry
 * @param {(place: number) => void} go
 */
export function addTrainingBar(card, act, hurry, go) {
  const names = { play: "train", back: "One step back", step: "One step on" };
  const slider = { label: "step on show", go };
  const bar = addPlaybar(card, { act, slider, speeds: SPEEDS, usual: "full speed", hurry, names });
  return {
    stepsPerSecond: bar.speed,
    /** @param {any} progress playing, at, last, spoken and ended */
    paint({ playing, at, last, spoken, ended }) {
      bar.showPlaying(playing);
      bar.showPlace(at, last, spoken);
      bar.showIdle({ back: at <= 0, step: ended && at >= last, play: ended && !playing });
    },
  };
}

/** @param {any} store */
export function createSettings(store) {
  const refuse = (sentence) => store.refuse(sentence);
  const one = (name, label, values) => selectNumber(label, values, (value) => store.propose({ [name]: value }));
  const whole = (name, label) => {
    const { least: min, most: max } = LIMITS[name];
    return numberField(label, { min, max }, (value) => store.propose({ [name]: value }), refuse);
  };
  const on = (name, label) => toggle(label, (value) => store.propose({ [name]: value }));
  const remedies = {
    samples: one("samples", "digits", [150, 300, 600, 1200]),
    shift: one("shift", "shifts up to", [0, 1, 2]),
    l2: one("l2", "L2", [0, 0.001, 0.003, 0.01, 0.03]),
    decay: one("decay", "weight decay λ", [0, 0.3, 1, 3, 10]),
    dropout: one("dropout", "dropout", [0, 0.25, 0.5, 0.7]),
    units: one("units", "neurons a layer", [8, 16, 32, 64, MANY]),
    batch_norm: on("batch_norm", "batch normalisation"),
    early_stopping: on("early_stopping", "early stopping"),
  };
  const others = {
    wrong: one("wrong", "wrong labels", [0, 0.1, 0.2, 0.4]),
    epochs: whole("epochs", "epochs"),
    pairs: whole("pairs", "pairs"),
    neuron: whole("neuron", "neuron"),
  };
  const wrap = (fields) => Object.entries(fields).map(([name, { element }]) => part(name, element));
  const none = h("button", { type: "button", onclick: () => store.propose({ ...NOTHING }) }, "no remedy");
  return {
    elements: [
      h("fieldset.rg-remedies", {}, h("legend", {}, "remedies"), ...wrap(remedies), part("none", none)),
      ...wrap(others),
    ],
    /** @param {any} state */
    show(state) {
      for (const [name, field] of Object.entries({ ...remedies, ...others })) field.show(state[name]);
      none.setAttribute(
        "aria-disabled",
        String(Object.entries(NOTHING).every(([name, value]) => state[name] === value)),
      );
    },
  };
}
