/** FilterTrainer's controls: playing, scrubbing through the frames, and the settings. */

import { numberField, part, segmented, select, selectNumber, toggle } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";
import { addPlaybar } from "../card/playbar.mjs";
import { OPTIMIZER_NAMES } from "../arithmetic/kernel_training.mjs";
import { MOST, NOISES, RATES, SIZES } from "./state.mjs";

/** Epochs in a second. */
const SPEEDS = { "5/s": 5, "100/s": 100, full: Infinity };
const USUAL = "full";

const TARGETS = {
  sobel_x: "Sobel x",
  sobel_y: "Sobel y",
  mean: "mean",
  gaussian: "Gaussian",
  laplacian: "Laplacian",
  sharpen: "sharpen",
  emboss: "emboss",
  own: "own kernel",
  blur: "7 × 7 blur",
  median: "median",
  vignette: "vignette",
};

/**
 * @param {any} card
 * @param {{home: () => void, back: () => void, play: () => void, step: () => void}} act
 * @param {(epochsPerSecond: number) => void} hurry
 * @param {(index: number) => void} look goes to a frame of the film
 */
export function addTrainingBar(card, act, hurry, look) {
  const names = { play: "train", back: "One epoch back", step: "One epoch" };
  const slider = { label: "frame of the film", go: look };
  const bar = addPlaybar(card, { act, slider, speeds: SPEEDS, usual: USUAL, hurry, names });
  return {
    epochsPerSecond: bar.speed,
    /**
     * @param {{playing: boolean, epochs: number, ended: boolean, last: number, index: number, shown: number, name?:
     * string}} progress
     */
    paint({ playing, epochs, ended, last, index, shown, name }) {
      bar.showPlaying(playing, name);
      bar.showPlace(index, last, `epoch ${shown}`);
      bar.showIdle({ back: epochs === 0, step: ended, play: ended && !playing });
    },
  };
}

/** @param {any} store */
export function createSettings(store) {
  const refuse = (sentence) => store.refuse(sentence);
  const target = h(
    "select",
    {
      onchange: () =>
        store.propose({
          target:
            target.value === "own"
              ? (store.view.written ?? [
                  [0, 0, 0],
                  [0, 1, 0],
                  [0, 0, 0],
                ])
              : target.value,
        }),
    },
    ...Object.entries(TARGETS).map(([value, words]) => h("option", { value }, words)),
  );
  const fields = {
    target: {
      element: h("label", {}, "target", target),
      show: (value) => (target.value = typeof value === "string" ? value : "own"),
    },
    flip: segmented(
      "made by",
      [
        [true, "convolution"],
        [false, "cross-correlation"],
      ],
      (flip) => store.propose({ flip }),
    ),
    size: segmented(
      "learned kernel",
      SIZES.map((size) => [size, `${size} × ${size}`]),
      (size) => store.propose({ size }),
    ),
    optimizer: select("optimiser", OPTIMIZER_NAMES, (optimizer) => store.propose({ optimizer })),
    learning_rate: selectNumber("learning rate", RATES, (rate) => store.propose({ learning_rate: rate })),
    epochs: numberField("epochs", { min: 1, max: MOST.epochs }, (epochs) => store.propose({ epochs }), refuse),
    noise: selectNumber("noise in the target", NOISES, (noise) => store.propose({ noise })),
    seed: numberField("seed", { min: 0, max: MOST.seed }, (seed) => store.propose({ seed }), refuse),
  };
  const next = h(
    "button.ft-next",
    {
      type: "button",
      title: "The next seed",
      onclick: () => store.propose({ seed: (store.state.seed + 1) % (MOST.seed + 1) }),
    },
    "next",
  );
  const log = toggle("loss on a log scale", (on) => store.propose({ scale: on ? "log" : "linear" }));
  const wrap = (name, element) => part(name, name === "seed" ? h("span.cv-group", {}, element, next) : element);
  return {
    elements: [...Object.entries(fields).map(([name, { element }]) => wrap(name, element)), part("scale", log.element)],
    /** @param {any} state @param {any} settings with the target as it was read */
    show(state, settings) {
      for (const [name, field] of Object.entries(fields)) field.show(settings[name]);
      log.show(state.scale === "log");
    },
  };
}
