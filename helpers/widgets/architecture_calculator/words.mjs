/** ArchitectureCalculator in words: layers, sizes, and how a number of the table is worked out. */

import { sizeOf } from "../arithmetic/architecture.mjs";
import { grouped, number, scientific } from "../arithmetic/format.mjs";

export const by = (values) => values.join(" × ");
const pair = ([rows, cols]) => (rows === cols ? `${rows} × ${rows}` : `${rows} × ${cols}`);
const isTall = ({ kind }) => kind === "Conv2D" || kind === "DepthwiseConv2D" || kind === "Conv2DTranspose";

/** A count in full; one that has more digits than are exact, rounded. */
export const amount = (value) => (value > Number.MAX_SAFE_INTEGER ? scientific(value, 4) : grouped(value));

const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];
/** Bytes, in thousands: 249.5 MB. @param {number} bytes */
export function memory(bytes) {
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${number(value, 4)} ${UNITS[unit]}`;
}

const sides = (padding) => {
  const flat = padding.flat();
  return new Set(flat).size === 1
    ? `${flat[0]} on each side`
    : `${flat[0]} above, ${flat[1]} below, ${flat[2]} left, ${flat[3]} right`;
};

/** "Conv2D 96, 11 × 11, stride 4". @param {any} layer */
export function describeLayer(layer) {
  const {
    kind,
    filters,
    kernel_size,
    pool_size,
    strides,
    padding,
    dilation_rate,
    groups,
    depth_multiplier,
    units,
    activation,
    rate,
    shortcut,
  } = layer;
  const stride = strides && `stride ${strides[0] === strides[1] ? strides[0] : pair(strides)}`;
  const isUsual = strides && String(strides) === String(pool_size ?? [1, 1]);
  const words = [
    kind === "ZeroPadding2D" && sides(padding),
    kernel_size && pair(kernel_size),
    pool_size && pair(pool_size),
    !isUsual && stride,
    padding === "same" && "same",
    dilation_rate && Math.max(...dilation_rate) > 1 && `dilation ${pair(dilation_rate)}`,
    groups > 1 && `${groups} groups`,
    depth_multiplier > 1 && `${depth_multiplier} each`,
    kind === "Activation" ? activation : activation && activation !== "linear" && activation,
    rate !== undefined && number(rate),
    shortcut !== undefined && (shortcut ? `after layer ${shortcut}` : "the input"),
    layer.use_bias === false && "no biases",
  ].filter(Boolean);
  const name = filters || units ? `${kind} ${filters ?? units}` : kind;
  return [name, ...words].join(", ");
}

/** How one axis of the output comes about: "⌊(227 − 11) / 4⌋ + 1". */
function writeAxis(layer, size, axis) {
  const k = (layer.kernel_size ?? layer.pool_size)[axis];
  const s = layer.strides[axis];
  if (layer.kind === "Conv2DTranspose")
    return layer.padding === "same" || k <= s ? `${size}·${s}` : `(${size} − 1)·${s} + ${k}`;
  if (layer.padding === "same") return s === 1 ? `${size}, as with padding same` : `⌈${size} / ${s}⌉`;
  const d = layer.dilation_rate?.[axis] ?? 1;
  const span = d > 1 ? `${d}·(${k} − 1) − 1` : k;
  return s === 1 ? `${size} − ${span} + 1` : `⌊(${size} − ${span}) / ${s}⌋ + 1`;
}

/** How the size of a layer's output comes about. */
export function writeSize(layer, before, after) {
  const [rows, cols] = before.shape;
  if (isTall(layer) || layer.pool_size) {
    const written = [rows, cols].map((size, axis) => writeAxis(layer, size, axis));
    const along =
      written[0] === written[1] ? `rows and columns: ${written[0]}` : `rows: ${written[0]}, columns: ${written[1]}`;
    const channels = {
      Conv2D: "a map for each kernel",
      Conv2DTranspose: "a map for each kernel",
      DepthwiseConv2D: "each channel by itself",
    };
    return `${along}; ${channels[layer.kind] ?? "channels as before"}`;
  }
  return (
    {
      Flatten: before.shape.join("·"),
      Dense: "one number for each unit",
      GlobalAveragePooling2D: "the mean of each channel",
      Add: "two of the same size, added",
      ZeroPadding2D: `${by(before.shape.slice(0, 2))} and the zeros around it`,
    }[layer.kind] ?? "as large as what goes in"
  );
}

/** How many parameters a layer has, as a product: "11·11·3·96 + 96". Empty where it has none. */
export function writeParameters(layer, before, { biases, moving }) {
  const channels = before.shape.at(-1);
  const plus = biases ? ` + ${biases}` : "";
  const area = layer.kernel_size?.join("·");
  const each = layer.groups > 1 ? `(${channels}/${layer.groups})` : channels;
  return (
    {
      Conv2D: () => `${area}·${each}·${layer.filters}${plus}`,
      Conv2DTranspose: () => `${area}·${channels}·${layer.filters}${plus}`,
      DepthwiseConv2D: () =>
        `${area}·${channels}${layer.depth_multiplier > 1 ? `·${layer.depth_multiplier}` : ""}${plus}`,
      Dense: () => `${channels}·${layer.units}${plus}`,
      BatchNormalization: () => `${channels} scales + ${channels} shifts + ${moving} means and variances`,
    }[layer.kind]?.() ?? ""
  );
}

/** What one number of a layer's output sees of the image. */
export function describeField({ number: layer, field, jump }, [rows, cols]) {
  const name = `One number of layer ${layer}`;
  if (!field) return `${name} sees the whole image.`;
  const share = (Math.min(field[0], rows) * Math.min(field[1], cols)) / (rows * cols);
  const further = jump[0] === jump[1] ? number(jump[0]) : jump.map((j) => number(j)).join(" and ");
  const beyond = field[0] > rows || field[1] > cols ? " It reaches over the border." : "";
  return (
    `${name} sees ${pair(field)} of ${pair([rows, cols])} pixels, ${number(100 * share, 2)} % of them. ` +
    `The next one’s square lies ${further} further.${beyond}`
  );
}

/** All sums, in one line. */
export function describeTotals({ weights, biases, moving, parameters, multiply_adds }) {
  const parts = [
    [weights, "weights"],
    [biases, "biases"],
    [moving, "moving means and variances"],
  ].filter(([value, name]) => value || name === "weights");
  return (
    `${parts.map(([value, name]) => `${amount(value)} ${name}`).join(" + ")} = ${amount(parameters)} ` +
    `parameters; ${amount(multiply_adds)} multiply–adds for an image`
  );
}

/** @param {any} layer @param {any} after */
export const spokenSize = (layer, after) =>
  `${by(after.shape)}, ${sizeOf(after)} numbers: layer ${after.number}, ${describeLayer(layer)}`;
