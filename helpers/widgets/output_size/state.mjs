/** The state of OutputSize: what its settings are along each axis, how they change, and what does not fit. */

import { AXES, describeLayer } from "./words.mjs";
import { number, plural } from "../arithmetic/format.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { perAxis } from "../arithmetic/requirements.mjs";
import {
  chainFits,
  describeOverhang,
  layOut,
  layOutChain,
  nearestFits,
  parseLayer,
  sameInNumpy,
  sameInTensorflow,
  writeLayer,
} from "../arithmetic/sizes.mjs";
import { told } from "../card/wall.mjs";

export const LARGEST = { input_size: 1024, chain_input: 1024, kernel_size: 64, stride: 64, dilation: 16, padding: 64 };
export const MOST_LAYERS = 12;

const PER_AXIS = ["input_size", "kernel_size", "stride", "dilation", "chain_input"];

/** What a setting of an axis is called in the state, and to the reader. */
export const TRAITS = { padding: "padding", kernel: "kernel_size", dilation: "dilation", input: "input_size" };
const CALLED = { input_size: "input size", chain_input: "input size", kernel_size: "kernel size" };

/** The values of a setting along each axis. */
function settingPerAxis(state, name) {
  const value = state[name];
  const values = perAxis(
    value,
    state.dimensions,
    `A ${CALLED[name] ?? name} of ${value} does not work: use one ` +
      `number${state.dimensions === 2 ? ", or one for rows and one for columns" : " in one dimension"}.`,
  );
  const least = name === "padding" ? 0 : 1;
  for (const count of values)
    if (!Number.isInteger(count) || count < least || count > LARGEST[name])
      throw new Misfit(
        `A ${CALLED[name] ?? name} of ${typeof count === "number" ? number(count) : count} does not work: ` +
          `use a whole number from ${least} to ${LARGEST[name]}.`,
      );
  return values;
}

/** The padding along each axis: a name, or [before, after]. */
function paddingPerAxis({ padding, dimensions }) {
  if (typeof padding === "string") return new Array(dimensions).fill(padding);
  const pairs = !Array.isArray(padding)
    ? new Array(dimensions).fill([padding, padding])
    : dimensions === 1
      ? [padding]
      : padding;
  const isPair = (pair) =>
    Array.isArray(pair) &&
    pair.length === 2 &&
    pair.every((n) => Number.isInteger(n) && n >= 0 && n <= LARGEST.padding);
  if (pairs.length !== dimensions || !pairs.every(isPair))
    throw new Misfit(
      `A padding of ${JSON.stringify(padding)} does not work: use full, same, valid or whole numbers from ` +
        `0 to ${LARGEST.padding}.`,
    );
  return pairs;
}

/** Whether rows and columns have settings of their own. */
const isApart = (state) =>
  state.dimensions === 2 &&
  (PER_AXIS.some((name) => Array.isArray(state[name])) ||
    (Array.isArray(state.padding) && JSON.stringify(state.padding[0]) !== JSON.stringify(state.padding[1])));

/** The settings along each axis, as `layOut` takes them. */
function settings(state) {
  const [sizes, kernels, strides, dilations] = ["input_size", "kernel_size", "stride", "dilation"].map((name) =>
    settingPerAxis(state, name),
  );
  const paddings = paddingPerAxis(state);
  return sizes.map((size, i) => ({
    size,
    kernel: kernels[i],
    stride: strides[i],
    dilation: dilations[i],
    padding: paddings[i],
  }));
}

/** A change of one axis, or of both where they are alike. */
export function changeOf(state, name, axis, value) {
  if (!isApart(state)) return { [name]: value };
  if (name !== "padding") return { [name]: settingPerAxis(state, name).with(axis, value) };
  const pairs = settings(state).map((one) => {
    const { before, after } = layOut(one);
    return [before, after];
  });
  return { padding: pairs.with(axis, [value, value]) };
}

/** Refuses a kernel that does not fit, with the nearest settings that do. */
function refuseOverhang(state, axes) {
  const at = axes.findIndex(({ output }) => output === 0);
  if (at < 0) return;
  const where = isApart(state) ? `Along the ${AXES[at]}: ` : "";
  /** @type {[string, Record<string, any>][]} */
  const fixes = nearestFits(axes[at])
    .filter(({ name, value }) => value <= LARGEST[TRAITS[name]])
    .map(({ name, value, words }) => [words, changeOf(state, TRAITS[name], at, value)]);
  throw new Misfit(`${where}${describeOverhang(axes[at])} What would fit:`, fixes);
}

/** The layers of a chain with their sizes along each axis; refuses one that does not fit. */
function computeChain(state) {
  const layers = state.chain.map(parseLayer);
  for (const [i, layer] of layers.entries()) {
    const counts = [
      ["kernel size", layer.kernel, LARGEST.kernel_size],
      ["stride", layer.stride, LARGEST.stride],
      ["dilation", layer.dilation, LARGEST.dilation],
    ];
    if (typeof layer.padding === "number") counts.push(["padding", layer.padding, LARGEST.padding]);
    for (const [name, count, largest] of counts)
      if (count > largest)
        throw new Misfit(`Layer ${i + 1}: a ${name} of ${count} is too large, use at most ${largest}.`);
  }
  const inputs = settingPerAxis(state, "chain_input");
  const perInput = inputs.map((size) => layOutChain(layers, size));
  const failed = Math.min(
    ...perInput.map((axes) => axes.findIndex(({ output }) => output === 0)).map((at) => (at < 0 ? Infinity : at)),
  );
  if (failed < Infinity) refuseLayer(state, layers, perInput, failed);
  return layers.map((layer, i) => ({ layer, axes: perInput.map((axes) => axes[i]) }));
}

function refuseLayer(state, layers, perInput, at) {
  const axis = perInput.map((axes) => axes[at]).find((one) => one.output === 0);
  const layer = layers[at];
  /** @type {[string, Record<string, any>][]} */
  const changes = nearestFits(axis)
    .filter(({ name, value }) => name !== "input" && value <= LARGEST[TRAITS[name]])
    .map(({ name, value, words }) => [
      `layer ${at + 1}: ${words}`,
      { chain: state.chain.with(at, writeLayer({ ...layer, [name]: value })) },
    ]);
  let input = 1;
  while (input <= LARGEST.chain_input && !chainFits(layers, input)) input += 1;
  if (input <= LARGEST.chain_input)
    changes.push([
      `start with ${input}`,
      {
        chain_input: Array.isArray(state.chain_input) ? state.chain_input.map((size) => Math.max(size, input)) : input,
      },
    ]);
  if (layers.length > 1)
    changes.push([`without layer ${at + 1}`, { chain: state.chain.toSpliced(at, 1), step: Math.max(at - 1, 0) }]);
  throw new Misfit(
    `Layer ${at + 1}, ${describeLayer(layer, state.dimensions)}: ${describeOverhang(axis)} What would fit:`,
    changes,
  );
}

/** What holds of a chain in every view. Whether its layers fit is asked where it is on show. */
function requireChain({ chain, chain_input }) {
  if (!Array.isArray(chain) || !chain.every((line) => typeof line === "string"))
    throw new Misfit("A chain is a list of texts, one for each layer: “conv 3 same”, “pool 2 s2”.");
  if (chain.length === 0 || chain.length > MOST_LAYERS)
    throw new Misfit(`A chain of ${plural(chain.length, "layer")} does not work here: use 1 to ${MOST_LAYERS}.`);
  const sizes = [chain_input].flat();
  const isSize = (size) => Number.isInteger(size) && size >= 1 && size <= LARGEST.chain_input;
  if (sizes.length < 1 || sizes.length > 2 || !sizes.every(isSize))
    throw new Misfit(
      `${told(chain_input)} does not work as the chain's input: use a whole number from 1 to ${LARGEST.chain_input}.`,
    );
}

/** @param {any} state */
export function compute(state) {
  if (!["shown", "hidden"].includes(state.answer))
    throw new Misfit(`The answer can be shown or hidden, not ${state.answer}.`);
  if (![1, 2].includes(state.dimensions))
    throw new Misfit(`${state.dimensions} dimensions do not work here: use 1 or 2.`);
  if (!Number.isInteger(state.step) || state.step < 0)
    throw new Misfit(`A step of ${state.step} does not work: use a whole number from 0.`);
  requireChain(state);
  const apart = isApart(state);
  if (state.view === "chain") {
    const layers = computeChain(state);
    return { apart, layers, count: layers.length };
  }
  if (state.view === "same") {
    const kinds = settings({ ...state, padding: "same" }).map((one) => ({
      numpy: layOut({ ...one, padding: sameInNumpy(one) }),
      tensorflow: layOut({ ...one, padding: sameInTensorflow(one) }),
    }));
    return { apart, kinds, count: Math.max(...kinds.map(({ numpy }) => numpy.output)) };
  }
  if (state.view !== "layer") throw new Misfit(`There is no view called ${state.view}: use layer, same or chain.`);
  const axes = settings(state).map(layOut);
  refuseOverhang(state, axes);
  return { apart, axes, count: axes.reduce((product, { output }) => product * output, 1) };
}

/** A state in one or two dimensions; where an axis goes, the rows' settings stay. */
export function inDimensions(state, dimensions) {
  const first = (value) => (Array.isArray(value) ? value[0] : value);
  const changes = Object.fromEntries(PER_AXIS.map((name) => [name, first(state[name])]));
  let { padding } = state;
  if (Array.isArray(padding) && dimensions !== state.dimensions)
    padding = dimensions === 1 ? padding[0] : [padding, padding];
  return { ...changes, padding, dimensions, step: 0 };
}

/** Gives rows and columns settings of their own, or those of the rows to both. */
export function setApart(state, apart) {
  const pair = (value) => (Array.isArray(value) ? value : [value, value]);
  const changes = Object.fromEntries(PER_AXIS.map((name) => [name, apart ? pair(state[name]) : pair(state[name])[0]]));
  if (!apart && Array.isArray(state.padding)) {
    const [[before, after]] = state.padding;
    changes.padding = before === after ? before : [state.padding[0], state.padding[0]];
  }
  return { ...changes, step: 0 };
}
