/**
 * The arithmetic of sizes along one axis: how many windows fit, what is left over, how often each
 * cell is used, what the two kinds of "same" add, and how a chain of layers shrinks its input.
 * `tests/browser/test_sizes.py` holds it to `helpers.convolution.output_size` and to TensorFlow.
 */

import { ghostCells, span } from "./convolution.mjs";
import { number, plural } from "./format.mjs";
import { Misfit } from "./misfit.mjs";
import { judgeGuess } from "./judge.mjs";

/**
 * @typedef {object} Axis
 * @property {number} size cells of the input
 * @property {number} kernel cells of the kernel
 * @property {number} stride
 * @property {number} dilation
 * @property {number} before ghost cells in front
 * @property {number} after ghost cells behind
 * @property {number} span cells that the kernel reaches over, its gaps included
 * @property {number} padded cells of the input with its ghosts
 * @property {number} room how far the kernel can move; negative where it does not fit
 * @property {number} output number of windows; 0 where the kernel does not fit
 * @property {number} left cells at the end of `padded` that the last window does not reach
 */

/**
 * Lays a kernel out along one axis.
 * @param {{size: number, kernel: number, padding?: any, stride?: number, dilation?: number}} settings
 * @returns {Axis}
 */
export function layOut({ size, kernel, padding = 0, stride = 1, dilation = 1 }) {
  const [before, after] = ghostCells(padding, kernel, dilation);
  const reach = span(kernel, dilation);
  const padded = before + size + after;
  const room = padded - reach;
  const output = room < 0 ? 0 : Math.floor(room / stride) + 1;
  const left = output ? room - (output - 1) * stride : padded;
  return { size, kernel, stride, dilation, before, after, span: reach, padded, room, output, left };
}

/** The zeros that NumPy's and SciPy's "same" stand for: those of stride 1, the odd one before. */
export const sameInNumpy = ({ kernel, dilation = 1 }) => ghostCells("same", kernel, dilation);

/** The zeros that TensorFlow's SAME adds: as many as its ⌈n / s⌉ windows need, the odd one after. */
export function sameInTensorflow({ size, kernel, stride = 1, dilation = 1 }) {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + span(kernel, dilation) - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/**
 * How many of the windows `from` to `to` read each cell of the padded input.
 * @param {Axis} axis
 */
export function uses(axis, from = 0, to = axis.output - 1) {
  const counts = new Array(axis.padded).fill(0);
  for (let window = from; window <= to; window += 1)
    for (let k = 0; k < axis.kernel; k += 1) counts[window * axis.stride + k * axis.dilation] += 1;
  return counts;
}

/** The formula with symbols, as simple as the settings allow. @param {Axis} axis */
export function symbols({ before, after, dilation }) {
  const padding = before === after ? "2p" : "p₁ + p₂";
  return `⌊(N + ${padding} − ${dilation > 1 ? "d·(K − 1) − 1" : "K"}) / s⌋ + 1`;
}

/** The same formula with its numbers, up to but without the result. @param {Axis} axis */
export function numbers({ size, kernel, stride, dilation, before, after, room }) {
  const padding = before === after ? `2·${before}` : `${before} + ${after}`;
  const reach = dilation > 1 ? `${dilation}·(${kernel} − 1) − 1` : kernel;
  const quotient = room / stride;
  const rounded = Number.isInteger(quotient) ? "" : `⌊${number(quotient, 4)}⌋ + 1 = `;
  return (
    `⌊(${size} + ${padding} − ${reach}) / ${stride}⌋ + 1 = ⌊${room} / ${stride}⌋ + 1 = ` +
    `${rounded}${Math.floor(quotient)} + 1 = `
  );
}

/**
 * The nearest settings that let a kernel in that does not fit: one change each.
 * @param {Axis} axis
 * @returns {{name: "padding" | "kernel" | "dilation" | "input", value: number, words: string}[]}
 */
export function nearestFits(axis) {
  /** @type {{name: "padding" | "kernel" | "dilation" | "input", value: number}[]} */
  const found = [{ name: "padding", value: Math.ceil((axis.span - axis.size) / 2) }];
  const kernel = Math.floor((axis.padded - 1) / axis.dilation) + 1;
  if (kernel >= 1) found.push({ name: "kernel", value: kernel });
  if (axis.dilation > 1 && axis.padded >= axis.kernel)
    found.push({ name: "dilation", value: Math.floor((axis.padded - 1) / (axis.kernel - 1)) });
  found.push({ name: "input", value: axis.span - axis.before - axis.after });
  return found.map((fit) => ({ ...fit, words: `${fit.name} ${fit.value}` }));
}

/** Says why a kernel does not fit. @param {Axis} axis */
export function describeOverhang(axis) {
  const { size, kernel, dilation, before, after, padded, span: reach } = axis;
  const spread = dilation > 1 ? `, spread over ${reach} by dilation ${dilation},` : "";
  const ghosts = before + after ? ` with ${before === after ? `2·${before}` : `${before} + ${after}`} of padding` : "";
  return (
    `A kernel of ${plural(kernel, "cell")}${spread} does not fit an input of ${size}${ghosts}: it sticks ` +
    `out by ${reach - padded}.`
  );
}

/**
 * Says what is wrong with a predicted output size, by recognising the result of a likely slip.
 * @param {Axis} axis
 * @param {number} guess
 * @returns {{right: boolean, words: string}}
 */
export function diagnoseSize(axis, guess) {
  const { size, kernel, stride: s, dilation, before, after, span: reach, room, output } = axis;
  const ghosts = before + after;
  const moves = (distance) => (distance < 0 ? NaN : Math.floor(distance / s) + 1);
  const once =
    before === after ? `There are ${before} ghost cells on each side: count them twice, 2·${before} = ${ghosts}.` : "";
  /** @type {[number, string][]} */
  const slips = [
    [
      output - 1,
      s > 1
        ? `⌊${room} / ${s}⌋ = ${output - 1} is how often the kernel moves on. Add 1 for where it starts.`
        : `${room} is how often the kernel moves on. Add 1 for where it starts.`,
    ],
    [
      room / s + 1,
      `${number(room / s, 4)} is no whole number of steps. Round down: what is left over is never reached.`,
    ],
    [
      room / s,
      `${number(room / s, 4)} is no whole number of steps. Round down, and add 1 for where the kernel starts.`,
    ],
    [
      moves(room - ghosts),
      `You left out the padding: the kernel moves over ${size} + ${ghosts} = ${size + ghosts} cells.`,
    ],
    [moves(room - after), once || `You left out the padding after: there are ${before} + ${after} ghost cells.`],
    [moves(room - before), once || `You left out the padding before: there are ${before} + ${after} ghost cells.`],
    [
      Math.ceil(room / s) + 1,
      `You rounded ${number(room / s, 4)} up. Round down: a window that sticks out is not taken.`,
    ],
    [
      moves(size + ghosts - kernel),
      `You left out the dilation: the kernel's ${kernel} cells span ${dilation}·(${kernel} − 1) + 1 = ${reach}.`,
    ],
    [
      moves(size + ghosts - dilation * kernel),
      `The kernel spans ${reach} cells, not ${dilation * kernel}: there is no gap after its last cell.`,
    ],
    [
      moves(size + ghosts),
      `You did not take off the kernel: its last cell has to fit too, so it moves over ${size + ghosts} − ${reach}.`,
    ],
    [size + ghosts, "That is the size of the input with its padding."],
    [
      Math.floor((size + ghosts) / s),
      `That is ${size + ghosts} / ${s}: take off the kernel first, and add 1 at the end.`,
    ],
    [room + 1, `That is the size for stride 1: here the kernel moves ${s} cells at a time.`],
    [
      Math.floor((room + 1) / s),
      "Add the 1 after dividing, not before: it is the position at which the kernel starts.",
    ],
    [
      output + 1,
      `One too many: the last window starts at cell ${(output - 1) * s} of ${size + ghosts}, and the next ` +
        "would stick out.",
    ],
    [size, "That is the size of the input."],
  ];
  const whole = Number.isInteger(guess) ? "" : "An output has whole cells. ";
  return judgeGuess(guess, output, {
    right: `Right: ${output}.`,
    // People round what they type, so that 2.33 stands for 2⅓.
    slips: slips.map(([value, words]) => [Math.abs(value - guess) < 0.006 ? guess : undefined, words]),
    hint:
      `${whole}Count how often the kernel can move on over ${size + ghosts} cells, ${s} at a time, until ` +
      "its end is at the edge.",
  });
}

const LAYER = /^(conv|pool)\s+(\d+)((?:\s+(?:[spd]\d+|same|valid|full))*)$/;

/**
 * A layer as one writes it: "conv 11 s4", "pool 3 s2", "conv 5 p2", "conv 3 same d2".
 * @param {string} text
 * @returns {{kind: "conv" | "pool", kernel: number, stride: number, padding: any, dilation: number}}
 */
export function parseLayer(text) {
  const [, kind, kernel, rest] = LAYER.exec(String(text).trim()) ?? [];
  if (!kind)
    throw new Misfit(
      `“${text}” is no layer: write “conv” or “pool”, the kernel, and if need be s2, p1, same or d2, as in ` +
        "“conv 3 s2 p1”.",
    );
  /** @type {any} */
  const layer = { kind, kernel: Number(kernel), stride: 1, padding: 0, dilation: 1 };
  const names = { s: "stride", p: "padding", d: "dilation" };
  for (const word of rest.split(/\s+/).filter(Boolean)) {
    if (/\d/.test(word)) layer[names[word[0]]] = Number(word.slice(1));
    else layer.padding = word === "valid" ? 0 : word;
  }
  for (const name of ["kernel", "stride", "dilation"])
    if (layer[name] < 1) throw new Misfit(`A ${name} of 0 does not work in “${text}”: use a whole number from 1.`);
  return layer;
}

/** The inverse of `parseLayer`: only what differs from the usual is written. */
export function writeLayer({ kind, kernel, stride, padding, dilation }) {
  const ghosts = typeof padding === "string" ? padding : padding ? `p${padding}` : "";
  return [kind, kernel, stride > 1 && `s${stride}`, ghosts, dilation > 1 && `d${dilation}`].filter(Boolean).join(" ");
}

/** Lays one layer of a network out; its "same" is TensorFlow's. @returns {Axis} */
export function layOutLayer(layer, size) {
  const padding = layer.padding === "same" ? sameInTensorflow({ ...layer, size }) : layer.padding;
  return layOut({ ...layer, padding, size });
}

/**
 * One axis through a whole chain; ends with the first layer that does not fit.
 * @param {ReturnType<typeof parseLayer>[]} layers
 * @param {number} size of the input
 * @returns {Axis[]}
 */
export function layOutChain(layers, size) {
  const axes = [];
  for (const layer of layers) {
    const axis = layOutLayer(layer, size);
    axes.push(axis);
    if (!axis.output) break;
    size = axis.output;
  }
  return axes;
}

/** Whether every layer of a chain fits. */
export const chainFits = (layers, size) => {
  const axes = layOutChain(layers, size);
  return axes.length === layers.length && axes.every(({ output }) => output > 0);
};
