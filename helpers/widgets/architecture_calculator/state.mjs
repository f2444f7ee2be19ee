/** ArchitectureCalculator's state: what fits, what would fit instead, and how layers are put in and taken out. */

import { count, LayerMisfit, totals } from "../arithmetic/architecture.mjs";
import { complete, fromLine, KINDS, toLine } from "../arithmetic/layer_kinds.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { isOwn } from "../card/sources.mjs";
import { told } from "../card/wall.mjs";
import NETWORKS from "../arithmetic/networks.json";

export const MOST_LAYERS = 60;
export const MOST_IMAGES = 4096;
const MOST_FIXES = 4;
const LARGEST_OFFER = 512;

/** A well-known network, as changes of the state. @param {string} name */
export function network(name) {
  const { layers, input_shape } = NETWORKS[name];
  return { input_shape, stack: layers.map(toLine), step: 0 };
}

/** AlexNet's first layer on other images: title, what comes before, and its border. */
function alexnetOn(side, extra = [], border = {}) {
  const [first, ...rest] = NETWORKS.alexnet.layers;
  return { input_shape: [side, side, 3], stack: [...extra, { ...first, ...border }, ...rest].map(toLine), step: 0 };
}
export const VARIANTS = {
  "227, no padding": alexnetOn(227),
  "224, no padding": alexnetOn(224),
  "224, two zeros on each side": alexnetOn(224, [{ kind: "ZeroPadding2D", padding: 2 }]),
  "224, same": alexnetOn(224, [], { padding: "same" }),
};

/** What can be chosen to begin with: title -> changes of the state. */
export const EXAMPLES = {
  ...Object.fromEntries(Object.entries(NETWORKS).map(([name, { title }]) => [title, network(name)])),
  ...Object.fromEntries(
    Object.entries(VARIANTS)
      .slice(1)
      .map(([name, changes]) => [`AlexNet on ${name}`, changes]),
  ),
  "two convolutions of 3 × 3": { input_shape: [32, 32, 16], stack: ["Conv2D 16 3", "Conv2D 16 3"], step: 0 },
  "one convolution of 5 × 5": { input_shape: [32, 32, 16], stack: ["Conv2D 16 5"], step: 0 },
};

/** A layer of a kind with settings to begin with. */
export function newLayer(kind, number) {
  const START = {
    filters: 16,
    kernel_size: 3,
    units: 10,
    rate: 0.5,
    activation: "relu",
    shortcut: Math.max(number - 2, 0),
  };
  const needed = Object.keys(KINDS[kind]).filter((name) => KINDS[kind][name] === null && name !== "strides");
  return complete({ kind, ...Object.fromEntries(needed.map((name) => [name, START[name]])) });
}

/** Shortcuts count layers, so they follow when one comes or goes. */
const shifted = (layers, from, change) =>
  layers.map((layer) =>
    layer.kind === "Add" && layer.shortcut >= from
      ? { ...layer, shortcut: Math.max(layer.shortcut + change, 0) }
      : layer,
  );

/** Puts a layer in, after so many others. @param {any[]} layers @param {number} after @param {any} layer */
export const inserted = (layers, after, layer) => shifted(layers, after + 1, 1).toSpliced(after, 0, layer);
/** Takes the layer out that comes after so many others. */
export const removed = (layers, at) => shifted(layers.toSpliced(at, 1), at + 1, -1);
export const moved = (layers, at, to) => layers.toSpliced(at, 1).toSpliced(to, 0, layers[at]);

function fits(layers, shape, upTo = layers.length) {
  try {
    count(layers.slice(0, upTo), shape);
    return true;
  } catch (error) {
    if (error instanceof Misfit) return false;
    throw error;
  }
}

/**
 * Single changes after which a layer fits: the words of a button, and the layers or the input then.
 * @returns {Generator<[string, {layers: any[], shape?: number[]}]>}
 */
function* remedies(layers, shape, number) {
  const at = number - 1;
  const layer = layers[at];
  const change = (settings) => layers.with(at, { ...layer, ...settings });
  for (const name of ["kernel_size", "pool_size"])
    for (let size = Math.max(...(layer[name] ?? [1])) - 1; size >= 1; size -= 1) {
      const smaller = change({ [name]: layer[name].map((side) => Math.min(side, size)) });
      if (!fits(smaller, shape)) continue;
      yield [`${name} ${size}`, { layers: smaller }];
      break;
    }
  if (layer.padding === "valid") yield ["padding same", { layers: change({ padding: "same" }) }];
  if (layer.groups > 1) yield ["groups 1", { layers: change({ groups: 1 }) }];
  for (const name of ["strides", "dilation_rate"])
    if (layer[name] && Math.max(...layer[name]) > 1) yield [`${name} 1`, { layers: change({ [name]: [1, 1] }) }];
  if (layer.kind === "Add")
    for (let shortcut = at - 1; shortcut >= 0; shortcut -= 1) {
      if (!fits(change({ shortcut }), shape, number)) continue;
      yield [`shortcut from ${shortcut}`, { layers: change({ shortcut }) }];
      break;
    }
  const flatten = complete({ kind: "Flatten" });
  yield ["put Flatten before it", { layers: inserted(layers, at, flatten) }];
  const flat = layers.slice(0, at).findIndex(({ kind }) => kind === "Flatten" || kind === "GlobalAveragePooling2D");
  if (flat >= 0) yield [`move it before layer ${flat + 1}`, { layers: moved(layers, at, flat) }];
  for (let side = Math.min(...shape.slice(0, 2)) + 1; side <= LARGEST_OFFER; side += 1) {
    const larger = [Math.max(shape[0], side), Math.max(shape[1], side), shape[2]];
    if (!fits(layers, larger)) continue;
    yield [`an input of ${larger[0]} × ${larger[1]}`, { layers, shape: larger }];
    break;
  }
  if (layers.length > 1) yield [`without layer ${number}`, { layers: removed(layers, at) }];
}

/** The same sentence for a reader, with a button for each change that would do. */
function explain(error, layers, shape) {
  const { number, message } = error;
  const offers = [...remedies(layers, shape, number)].filter(([, { layers: next, shape: size = shape }]) =>
    fits(next, size),
  );
  /** @type {[string, Record<string, any>][]} */
  const fixes = offers
    .slice(0, MOST_FIXES)
    .map(([words, { layers: next, shape: size = shape }]) => [
      words,
      { stack: next.map(toLine), input_shape: size, step: Math.min(number, next.length) - 1 },
    ]);
  const what = message.slice(message.indexOf(":") + 2);
  const ends = fixes.length ? " What would fit:" : "";
  return new Misfit(`Layer ${number}, ${layers[number - 1].kind}: ${what}. The table stays as it was.${ends}`, fixes);
}

/** @param {any} state */
export function compute({ images, source, input_shape, stack, batch_size, view, question, step, answer }) {
  const choices = {
    view: [view, ["layers", "code", "compare"]],
    question: [question, ["size", "parameters"]],
    answer: [answer, ["shown", "hidden"]],
  };
  for (const [name, [value, known]] of Object.entries(choices))
    if (!known.includes(value)) throw new Misfit(`There is no ${name} called ${value}: use ${known.join(" or ")}.`);
  const pictures = Object.keys(images);
  if (!isOwn(source) && !pictures.includes(source))
    throw new Misfit(`There is no picture ${told(source)}: use ${pictures.join(", ")}.`);
  if (!Array.isArray(stack) || stack.length < 1 || stack.length > MOST_LAYERS)
    throw new Misfit(`A network of ${stack?.length} layers does not work here: use 1 to ${MOST_LAYERS}.`);
  if (!Number.isInteger(batch_size) || batch_size < 1 || batch_size > MOST_IMAGES)
    throw new Misfit(`A batch of ${batch_size} does not work: use a whole number from 1 to ${MOST_IMAGES}.`);
  if (!Number.isInteger(step) || step < 0)
    throw new Misfit(`A step of ${step} does not work: use a whole number from 0.`);
  const layers = stack.map(fromLine);
  try {
    const counted = count(layers, input_shape);
    return { layers, counted, sums: totals(counted), count: layers.length };
  } catch (error) {
    throw error instanceof LayerMisfit ? explain(error, layers, input_shape) : error;
  }
}
