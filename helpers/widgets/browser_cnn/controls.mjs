/** BrowserCNN's controls: playing and scrubbing, which digit and which cell are on show, and the settings. */

import { numberField, part, segmented, select, selectNumber, toggle } from "../card/controls.mjs";
import { h, icon, ICONS, resize, setText } from "../card/dom.mjs";
import { addPlaybar } from "../card/playbar.mjs";
import PRESETS from "./presets.json";
import { CHOICES, FILTERS, KERNELS, MOST } from "./state.mjs";
import { describeDense } from "./words.mjs";

/** Batches in a second. */
const SPEEDS = { "5 batches/s": 5, "50 batches/s": 50, "full speed": Infinity };
const USUAL = "full speed";

/**
 * @param {any} card
 * @param {{home: () => void, back: () => void, play: () => void, step: () => void, end: () => void}} act
 * @param {(batchesPerSecond: number) => void} hurry
 * @param {(place: number) => void} go
 */
export function addTrainingBar(card, act, hurry, go) {
  const names = { play: "train", back: "One epoch back", step: "One epoch on" };
  const bar = addPlaybar(card, {
    act,
    slider: { label: "epoch on show", go },
    speeds: SPEEDS,
    usual: USUAL,
    hurry,
    names,
  });
  return {
    batchesPerSecond: bar.speed,
    /** @param {any} progress playing, at, last, spoken, ended and isRecorded */
    paint({ playing, at, last, spoken, ended, isRecorded = false }) {
      bar.showPlaying(playing, isRecorded ? "play" : "train");
      bar.showPlace(at, last, spoken);
      bar.showIdle({ back: at <= 0, step: ended && at >= last, play: ended && !playing });
    },
  };
}

/** Goes through the held-out digits. @param {any} store */
export function createDigitChooser(store) {
  const words = h("span");
  const by = (step) => () => store.propose({ digit: (store.state.digit + step + MOST.digit + 1) % (MOST.digit + 1) });
  const button = (label, path, step) =>
    h("button", { type: "button", title: label, "aria-label": label, onclick: by(step) }, icon(path));
  return {
    element: part(
      "digit",
      h(
        "div.bc-chooser",
        {},
        button("The digit before", ICONS.back, -1),
        words,
        button("The next digit", ICONS.step, 1),
      ),
    ),
    show: (text) => setText(words, text),
  };
}

/** Which cell's arithmetic is written out, for those who do not click on it. @param {any} store */
export function createCellChooser(store) {
  const refuse = (sentence) => store.refuse(sentence);
  const layer = h("select", {
    "aria-label": "layer of the cell",
    onchange: () => store.propose({ cell: Number(layer.value) ? [Number(layer.value), 0, 0, 0] : [] }),
  });
  const names = ["map", "row", "column"];
  const fields = names.map((name, i) =>
    numberField(
      name,
      { min: 0, max: 63 },
      (value) => {
        const { layer: now, map, row, col } = store.view.cell;
        const limit = [2, 0, 1][i];
        const most = store.view.shown[now - 1].shape[limit] - 1;
        if (value > most) {
          refuse(`${value} does not work as ${name}: use 0 to ${most}.`);
          return false;
        }
        return store.propose({ cell: [now, ...[map, row, col].with(i, value)] });
      },
      refuse,
    ),
  );
  return {
    element: h("div.bc-who", {}, h("label", {}, "cell of", layer), ...fields.map(({ element }) => element)),
    /** @param {any} view */
    show({ shown, cell }) {
      resize(layer, shown.length + 1, () => h("option"));
      [{ name: "none" }, ...shown].forEach(({ name }, i) => {
        layer.children[i].value = String(i);
        setText(layer.children[i], name);
      });
      layer.value = String(cell?.layer ?? 0);
      const isMap = cell && shown[cell.layer - 1].kind !== "dense";
      fields[0].element.firstChild.textContent = isMap ? "map" : "unit";
      fields.forEach(({ element, show }, i) => {
        element.hidden = !cell || (i > 0 && !isMap);
        if (cell) show([cell.map, cell.row, cell.col][i]);
      });
    },
  };
}

const OWN = "your own";
const OWN_COMMENT =
  "Change one thing at a time: with the same seed the starting weights and the order of the digits stay the same.";

const RATES = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 1];
const BATCHES = [1, 8, 16, 32, 64, 128, 360];
const HIDDEN = [0, 8, 16, 32, 64];

/**
 * @param {any} store
 * @param {(changes: any) => boolean} change a change of the settings
 */
export function createSettings(store, change) {
  const refuse = (sentence) => store.refuse(sentence);
  const titles = Object.fromEntries(Object.entries(PRESETS).map(([name, { title }]) => [title, name]));
  const preset = select(
    "experiment",
    [OWN, ...Object.keys(titles)],
    (title) => title !== OWN && change(PRESETS[titles[title]].settings),
  );
  const comment = h("p");
  const layers = createLayers(store, change);
  const fields = {
    pooling: segmented(
      "pooling",
      CHOICES.pooling.map((name) => [name, name]),
      (pooling) => change({ pooling }),
    ),
    hidden: selectNumber("hidden units", HIDDEN, (hidden) => change({ hidden })),
    activation: select("activation", CHOICES.activation, (activation) => change({ activation })),
    optimizer: select("optimiser", CHOICES.optimizer, (optimizer) => change({ optimizer })),
    learning_rate: selectNumber("learning rate", RATES, (rate) => change({ learning_rate: rate })),
    batch_size: selectNumber("batch size", BATCHES, (size) => change({ batch_size: size })),
    seed: numberField("seed", { min: 0, max: MOST.seed }, (seed) => change({ seed }), refuse),
  };
  const epochs = numberField(
    "epochs",
    { min: 1, max: MOST.epochs },
    (count) => store.propose({ epochs: count }),
    refuse,
  );
  const compare = toggle("", (on) => change({ compare: on }));
  const promise = compare.element.lastChild;
  const log = toggle("loss on a log scale", (on) => store.propose({ scale: on ? "log" : "linear" }));
  const fold = h(
    "details.bc-fold",
    {},
    h("summary", {}, "Layers and training"),
    h(
      "div",
      {},
      part("layers", layers.element),
      ...Object.entries(fields).map(([name, { element }]) => part(name, element)),
    ),
  );
  return {
    elements: [
      part("presets", h("div.bc-presets", {}, preset.element, comment)),
      part("epochs", epochs.element),
      part("compare", compare.element),
      part("scale", log.element),
      fold,
    ],
    /** @param {any} state @param {any} view */
    show(state, { preset: name, parameters }) {
      preset.show(name ? PRESETS[name].title : OWN);
      setText(comment, name ? PRESETS[name].comment : OWN_COMMENT);
      layers.show(state);
      for (const [key, field] of Object.entries(fields)) field.show(state[key]);
      epochs.show(state.epochs);
      compare.show(state.compare);
      log.show(state.scale === "log");
      promise.textContent = describeDense(parameters);
    },
  };
}

/** The convolutions: how many kernels each has, and how large they are. */
function createLayers(store, change) {
  const list = h("span.bc-layers");
  const lines = [];
  const add = h(
    "button",
    {
      type: "button",
      onclick: () => change({ filters: [...store.state.filters, 8], kernels: [...store.state.kernels, 3] }),
    },
    "add a layer",
  );
  const remove = h(
    "button",
    {
      type: "button",
      onclick: () => change({ filters: store.state.filters.slice(0, -1), kernels: store.state.kernels.slice(0, -1) }),
    },
    "take the last out",
  );
  return {
    element: h("div.bc-convolutions", {}, list, h("span", {}, add, remove)),
    show({ filters, kernels }) {
      while (lines.length > filters.length) lines.pop().element.remove();
      while (lines.length < filters.length) {
        const i = lines.length;
        const count = selectNumber(`conv ${i + 1}`, FILTERS, (value) =>
          change({ filters: store.state.filters.with(i, value) }),
        );
        const size = selectNumber("kernels of size", KERNELS, (value) =>
          change({ kernels: store.state.kernels.with(i, value) }),
        );
        size.element.querySelector("select").setAttribute("aria-label", `size of the kernels of conv ${i + 1}`);
        const element = h("span.cv-group", {}, count.element, size.element);
        lines.push({ element, count, size });
        list.append(element);
      }
      lines.forEach(({ count, size }, i) => {
        count.show(filters[i]);
        size.show(kernels[i]);
      });
      add.hidden = filters.length >= MOST.layers;
      remove.hidden = filters.length <= 1;
    },
  };
}
