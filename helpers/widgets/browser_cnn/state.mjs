/** BrowserCNN's settings: what fits together, and the layers that follow from them. */

import { denseLayers, denseUnits, INPUT_SHAPE, layersOf, shownLayers } from "../arithmetic/digit_network.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { createNetwork } from "../arithmetic/network.mjs";
import { requireNumber, requireOneOf } from "../arithmetic/requirements.mjs";
import { told } from "../card/wall.mjs";
import PRESETS from "./presets.json";

export const CHOICES = {
  pooling: ["max", "average", "none"],
  activation: ["relu", "tanh", "sigmoid"],
  optimizer: ["sgd", "momentum", "rmsprop", "adam"],
  scale: ["linear", "log"],
  answer: ["shown", "hidden"],
};
export const KERNELS = [1, 3, 5];
export const FILTERS = [1, 2, 4, 6, 8, 12, 16];
export const MOST = {
  layers: 3,
  filters: 16,
  hidden: 64,
  learning_rate: 100,
  batch_size: 360,
  seed: 2 ** 32 - 1,
  epochs: 100,
  digit: 359,
};

/** What makes up an experiment: a change of any of these starts it anew. */
export const SETTINGS = Object.keys(PRESETS.two_layers.settings);

const CALLED = {
  learning_rate: "learning rate",
  batch_size: "batch size",
  hidden: "number of hidden units",
  epochs: "number of epochs",
};
const LOSS = "categorical_crossentropy";

function requireSetting(state, name, range) {
  requireNumber(CALLED[name] ?? name, state[name], { most: MOST[name], ...range });
}

function requireLayers({ filters, kernels }) {
  if (!filters.length || filters.length > MOST.layers)
    throw new Misfit(`${filters.length} convolutions do not fit here: use 1 to ${MOST.layers}.`);
  if (filters.length !== kernels.length)
    throw new Misfit(`There are ${filters.length} convolutions and ${kernels.length} kernel sizes: give one for each.`);
  for (const count of filters)
    if (!Number.isInteger(count) || count < 1 || count > MOST.filters)
      throw new Misfit(`A layer of ${count} kernels does not work: use a whole number from 1 to ${MOST.filters}.`);
  for (const size of kernels)
    if (!KERNELS.includes(size))
      throw new Misfit(`A kernel of ${size} rows and columns does not work here: use ${KERNELS.join(", ")}.`);
}

/** Filters without kernels, and kernels without filters, get as many as there are layers. */
export function complete(changes, state) {
  const { filters = state.filters, kernels = state.kernels } = changes;
  if (!Array.isArray(filters) || !Array.isArray(kernels) || filters.length === kernels.length) return changes;
  const fit = (values, fill, { length }) => Array.from({ length }, (_, i) => values[i] ?? fill).slice(0, MOST.layers);
  if (!("kernels" in changes)) return { ...changes, kernels: fit(kernels, 3, filters) };
  return "filters" in changes ? changes : { ...changes, filters: fit(filters, 8, kernels) };
}

function requireCell(cell) {
  const fits =
    Array.isArray(cell) && [0, 4].includes(cell.length) && cell.every((at) => Number.isInteger(at) && at >= 0);
  if (!fits || cell[0] === 0)
    throw new Misfit(`No layer has the cell ${told(cell)}: use its layer from 1, then map, row and column from 0.`);
}

/** The cell on show, moved inside where its layer is there but smaller; null for none. */
function placeCell([layer, ...cell], shown) {
  if (layer === undefined) return null;
  const found = shown[layer - 1];
  if (!found) return null;
  const [rows, cols, maps] = found.shape;
  const [map, row, col] = cell;
  return { layer, map: Math.min(map, maps - 1), row: Math.min(row, rows - 1), col: Math.min(col, cols - 1) };
}

/** @param {any} state */
export function compute(state) {
  for (const [name, values] of Object.entries(CHOICES)) requireOneOf(name, state[name], values, `“${state[name]}”`);
  if (state.preset !== "") requireOneOf("preset", state.preset, Object.keys(PRESETS), `“${state.preset}”`);
  requireLayers(state);
  requireCell(state.cell);
  requireSetting(state, "learning_rate", { least: 0, above: true });
  for (const name of ["hidden", "seed", "digit"]) requireSetting(state, name, { least: 0, whole: true });
  for (const name of ["batch_size", "epochs"]) requireSetting(state, name, { least: 1, whole: true });
  const layers = layersOf(state);
  const network = createNetwork({ inputs: INPUT_SHAPE, layers, loss: LOSS });
  const shown = shownLayers(network);
  const parameters = network.parameters.length;
  const units = denseUnits(parameters);
  return {
    layers,
    shown,
    parameters,
    loss: LOSS,
    dense: { units, layers: denseLayers(units, state.activation) },
    cell: placeCell(state.cell, shown),
    preset: matchingPreset(state),
    subject: JSON.stringify(SETTINGS.map((name) => state[name])),
  };
}

/** The preset whose settings these are, or "". @param {any} state */
export function matchingPreset(state) {
  const fits = ({ settings }) =>
    SETTINGS.every((name) => JSON.stringify(settings[name]) === JSON.stringify(state[name]));
  return Object.keys(PRESETS).find((name) => fits(PRESETS[name])) ?? "";
}
