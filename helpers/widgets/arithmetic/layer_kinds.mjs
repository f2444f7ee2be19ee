/** The kinds of layers that the calculator knows, as helpers.architecture.kinds and lines have them. */

import { Misfit } from "./misfit.mjs";

export const ACTIVATIONS = ["linear", "relu", "sigmoid", "tanh", "softmax"];
export const LARGEST = 100000;

const WINDOW = { strides: [1, 1], padding: "valid" };
const END = { activation: "linear", use_bias: true };

/** Settings and their defaults; null has to be given. @type {Record<string, Record<string, any>>} */
export const KINDS = {
  Conv2D: { filters: null, kernel_size: null, ...WINDOW, dilation_rate: [1, 1], groups: 1, ...END },
  DepthwiseConv2D: { kernel_size: null, ...WINDOW, depth_multiplier: 1, ...END },
  Conv2DTranspose: { filters: null, kernel_size: null, ...WINDOW, ...END },
  ZeroPadding2D: {
    padding: [
      [1, 1],
      [1, 1],
    ],
  },
  MaxPooling2D: { pool_size: [2, 2], strides: null, padding: "valid" },
  AveragePooling2D: { pool_size: [2, 2], strides: null, padding: "valid" },
  GlobalAveragePooling2D: {},
  BatchNormalization: {},
  Activation: { activation: null },
  Add: { shortcut: null },
  Dropout: { rate: null },
  Flatten: {},
  Dense: { units: null, ...END },
};

/** What Keras wants in order before names. */
export const POSITIONAL = {
  Conv2D: ["filters", "kernel_size", "strides", "padding"],
  DepthwiseConv2D: ["kernel_size", "strides", "padding", "depth_multiplier"],
  Conv2DTranspose: ["filters", "kernel_size", "strides", "padding"],
  ZeroPadding2D: ["padding"],
  MaxPooling2D: ["pool_size", "strides", "padding"],
  AveragePooling2D: ["pool_size", "strides", "padding"],
  Activation: ["activation"],
  Dropout: ["rate"],
  Dense: ["units", "activation", "use_bias"],
};

export const PAIRS = ["kernel_size", "strides", "dilation_rate", "pool_size"];
export const COUNTS = ["filters", "units", "groups", "depth_multiplier"];
const CHOICES = { activation: ACTIVATIONS, padding: ["valid", "same"], use_bias: [true, false] };

/** @typedef {Record<string, any> & {kind: string}} Layer */

const isSize = (value) => Number.isInteger(value) && value >= 0 && value <= LARGEST;
const isCount = (value) => isSize(value) && value >= 1;
const isPairOf = (is, value) => Array.isArray(value) && value.length === 2 && value.every(is);

/** ((top, bottom), (left, right)) from what Keras takes; null where it is none of it. */
function sidesOf(value) {
  if (isSize(value))
    return [
      [value, value],
      [value, value],
    ];
  if (!Array.isArray(value) || value.length !== 2) return null;
  const sides = value.map((side) => (isSize(side) ? [side, side] : side));
  return sides.every((side) => isPairOf(isSize, side)) ? sides : null;
}

/** A setting in full; throws a Misfit where it does not fit. */
function checked(kind, name, value) {
  const refuse = (fits) => {
    throw new Misfit(`${kind}: ${name}=${JSON.stringify(value)} does not fit: use ${fits}.`);
  };
  const count = `a whole number from 1 to ${LARGEST}`;
  if (kind === "ZeroPadding2D") return sidesOf(value) ?? refuse("a whole number from 0, or one for each side");
  if (PAIRS.includes(name)) {
    const pair = isCount(value) ? [value, value] : value;
    return isPairOf(isCount, pair) ? pair : refuse(`${count}, or a pair for rows and columns`);
  }
  if (COUNTS.includes(name) && !isCount(value)) return refuse(count);
  if (name in CHOICES && !CHOICES[name].includes(value)) return refuse(`one of ${CHOICES[name].join(", ")}`);
  if (name === "rate" && !(typeof value === "number" && value >= 0 && value < 1))
    return refuse("a number from 0, below 1");
  if (name === "shortcut" && !(Number.isInteger(value) && value >= 0))
    return refuse("the number of an earlier layer, or 0 for the input");
  return value;
}

/** A layer with every setting written out. @param {any} layer @returns {Layer} */
export function complete(layer) {
  const { kind, ...given } = layer;
  if (!Object.hasOwn(KINDS, kind))
    throw new Misfit(`There is no layer ${kind} here: use one of ${Object.keys(KINDS).join(", ")}.`);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(KINDS[kind], name));
  if (unknown) throw new Misfit(`${kind} has no setting ${unknown}.`);
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
  const settings = { ...KINDS[kind], ...named };
  if ("pool_size" in settings) settings.strides ??= settings.pool_size;
  for (const [name, value] of Object.entries(settings)) {
    if (value === null) throw new Misfit(`${kind} needs ${name}.`);
    settings[name] = checked(kind, name, value);
  }
  return { kind, ...settings };
}

/** The settings that stand in a line without their names. */
export function firstSettings(kind) {
  if ("pool_size" in KINDS[kind]) return ["pool_size"];
  if (kind === "ZeroPadding2D") return ["padding"];
  return Object.keys(KINDS[kind]).filter((name) => KINDS[kind][name] === null);
}

function writeValue(value) {
  if (!Array.isArray(value)) return String(value);
  const flat = value.flat();
  return new Set(flat).size === 1 ? String(flat[0]) : flat.join("x");
}

export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** A layer as a line: "Conv2D 96 11 strides=4". @param {any} layer */
export function toLine(layer) {
  const { kind, ...settings } = complete(layer);
  const first = firstSettings(kind);
  const usual = complete({ kind, ...Object.fromEntries(first.map((name) => [name, settings[name]])) });
  const others = Object.entries(settings).filter(
    ([name, value]) => !first.includes(name) && !isSame(value, usual[name]),
  );
  return [
    kind,
    ...first.map((name) => writeValue(settings[name])),
    ...others.map(([name, value]) => `${name}=${writeValue(value)}`),
  ].join(" ");
}

function readValue(name, text) {
  if (text === "true" || text === "false") return text === "true";
  if (
    PAIRS.includes(name) ||
    COUNTS.includes(name) ||
    name === "shortcut" ||
    (name === "padding" && /^\d/.test(text))
  ) {
    const sizes = text.split("x").map((word) => (/^\d+$/.test(word) ? Number(word) : word));
    if (sizes.length === 4) return [sizes.slice(0, 2), sizes.slice(2)];
    return sizes.length === 1 ? sizes[0] : sizes;
  }
  return name === "rate" && text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** The layer that a line stands for. @param {any} text @returns {Layer} */
export function fromLine(text) {
  const [kind, ...words] = String(text).trim().split(/\s+/);
  if (!Object.hasOwn(KINDS, kind))
    throw new Misfit(`“${text}” is no layer: begin with one of ${Object.keys(KINDS).join(", ")}.`);
  const named = words
    .filter((word) => word.includes("="))
    .map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)]);
  const first = words.filter((word) => !word.includes("="));
  const names = firstSettings(kind);
  if (first.length > names.length || new Set(named.map(([name]) => name)).size < named.length)
    throw new Misfit(`“${text}” is no layer: it says more than ${kind} takes.`);
  const pairs = [...first.map((word, i) => [names[i], word]), ...named];
  return complete({ kind, ...Object.fromEntries(pairs.map(([name, word]) => [name, readValue(name, word)])) });
}
