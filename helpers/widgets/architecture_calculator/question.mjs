/** What a reader predicts of a layer, and the slips that lead to other numbers. */

import { by, writeParameters } from "./words.mjs";
import { parametersOf } from "../arithmetic/architecture.mjs";
import { grouped, parseCount } from "../arithmetic/format.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";

/** Reads "55", "55 × 55 × 96", "(55, 55, 96)"; or a count, for parameters. NaN where it is neither. */
export function readAnswer(question, text) {
  if (question === "parameters") return parseCount(text);
  const words = text
    .replace(/[()[\]]/g, " ")
    .trim()
    .split(/[\s,;×x*·]+/i);
  const values = words.map((word) => (/^\d+(\.\d+)?$/.test(word) ? Number(word) : NaN));
  return values.some(Number.isNaN) ? NaN : values;
}

/** Whether there is something to predict at a layer. */
export const asks = (question, { layers, counted }, at) =>
  question === "parameters"
    ? parametersOf(counted[at + 1]) > 0
    : by(counted[at + 1].shape) !== by(counted[at].shape) || Boolean(layers[at].kernel_size ?? layers[at].units);

/** Values along the rows that slips lead to. */
/** @returns {import("../arithmetic/judge.mjs").Slip[]} */
function sizeSlips(layer, before, after) {
  const window = layer.kernel_size ?? layer.pool_size;
  if (!window || layer.kind === "Conv2DTranspose") return [];
  const [size, k, s, d] = [before.shape[0], window[0], layer.strides[0], layer.dilation_rate?.[0] ?? 1];
  const span = d * (k - 1) + 1;
  const steps = (size - span) / s;
  if (layer.padding === "same")
    return [
      [Math.floor(size / s), "With padding same, what does not divide evenly is rounded up."],
      [Math.floor(steps) + 1, "That is without padding: same adds zeros, so the kernel does not shrink the map."],
      [size, "You left out the stride."],
    ];
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const slips = [
    [Math.floor(steps), "That is how often the window moves on. Add 1 for where it starts."],
    [steps + 1, "No window stands between two cells: round down before you add 1."],
    [Math.ceil(steps) + 1, "You rounded up; the last step would lead over the border, so it is left out."],
    [Math.ceil(size / s), "You did not take off the window: its first cell stops before the border."],
    [size - span + 1, "That is with a stride of 1."],
    [Math.floor((size - k) / s) + 1, "You left out the dilation: it spreads the kernel."],
    [size, "That would be with padding same and a stride of 1."],
  ];
  return slips.filter(([value]) => value !== after.shape[0]);
}

function judgeSize(layer, before, after, guess) {
  const answer = after.shape;
  const right = `Right: ${by(answer)}.`;
  if (guess.length === answer.length && guess.every((value, i) => value === answer[i]))
    return { right: true, words: right };
  const isSquare = answer.length === 3 && answer[0] === answer[1];
  if (guess.length === 1 && isSquare && guess[0] === answer[0]) return { right: true, words: right };
  if (answer.length === 3 && guess.length === 3 && guess[0] === answer[0] && guess[1] === answer[1]) {
    const isPool = Boolean(layer.pool_size);
    const why = isPool
      ? "Pooling keeps every channel."
      : layer.kind === "DepthwiseConv2D"
        ? "A depthwise layer keeps the channels apart."
        : `There is one map for each of the ${answer[2]} kernels.`;
    return { right: false, words: `Rows and columns are right. ${why}` };
  }
  if (layer.kind === "Flatten" && guess.length === 3)
    return { right: false, words: "Flatten makes one row of numbers out of the maps: multiply." };
  if (answer.length === 1) {
    /** @type {import("../arithmetic/judge.mjs").Slip[]} */
    const slips =
      layer.kind === "Flatten"
        ? [
            [before.shape[0] * before.shape[1], "You left out the channels."],
            [before.shape.at(-1), "That is one place: there are rows and columns of them."],
          ]
        : [[before.shape.at(-1), "That is how many go in."]];
    return judgeGuess(guess[0], answer[0], {
      right,
      slips,
      hint: layer.kind === "Flatten" ? "Multiply rows, columns and channels." : "Each unit gives one number.",
    });
  }
  return judgeGuess(guess[0], answer[0], {
    right,
    slips: sizeSlips(layer, before, after),
    hint: "Count how often the window fits along the rows, or write rows × columns × channels.",
    same: (value, typed) => value !== undefined && Math.abs(value - typed) < 0.01 && !(typed === answer[0]),
  });
}

/** @returns {import("../arithmetic/judge.mjs").Slip[]} */
function parameterSlips(layer, before, after) {
  const { weights, biases, moving } = after;
  const channels = before.shape.at(-1);
  const area = (layer.kernel_size ?? [1, 1]).reduce((product, side) => product * side, 1);
  const places = after.shape.length === 3 ? after.shape[0] * after.shape[1] : 1;
  if (layer.kind === "BatchNormalization")
    return [
      [weights + biases, "Those are trained. Two more for each channel are kept and counted: a mean and a variance."],
      [channels, "Each channel has four numbers: scale, shift, mean and variance."],
    ];
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const bias = biases
    ? [
        [weights, `You left out the biases: ${grouped(biases)} of them.`],
        [weights + 1, "Each kernel or unit has a bias of its own."],
      ]
    : [[weights + after.shape.at(-1), "This layer has no biases."]];
  if (layer.kind === "Dense")
    return [
      ...bias,
      [channels + layer.units, "Every input goes to every unit: multiply the two."],
      [channels, "That is how many numbers go in."],
    ];
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const each =
    layer.groups > 1
      ? [
          [
            area * channels * layer.filters + biases,
            `A kernel reads only the channels of its group: ${channels} / ${layer.groups}.`,
          ],
        ]
      : [];
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const deep =
    layer.kind === "DepthwiseConv2D"
      ? [[area * channels * channels + biases, "A depthwise kernel reads one channel, not all of them."]]
      : [
          [area * after.shape.at(-1) + biases, "You left out the input channels: each kernel reads all of them."],
          [area * after.shape.at(-1), "You left out the input channels and the biases."],
          [area * channels + (biases ? 1 : 0), `That is one kernel: there are ${grouped(after.shape.at(-1))}.`],
          [area * channels, `That is one kernel: there are ${grouped(after.shape.at(-1))}.`],
        ];
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const slips = [
    ...bias,
    ...each,
    ...deep,
    [weights * places, "The same kernel is used at every place, so the places do not count."],
    [weights * places + biases, "The same kernel is used at every place, so the places do not count."],
    [area, "That is one kernel over one channel."],
  ];
  return slips.filter(([value]) => value !== weights + biases + moving);
}

/**
 * Judges a prediction of a layer.
 * @param {"size" | "parameters"} question
 * @param {any} view
 * @param {any} guess
 * @param {number} at
 */
export function judge(question, { layers, counted }, guess, at) {
  const [layer, before, after] = [layers[at], counted[at], counted[at + 1]];
  if (question === "size") return judgeSize(layer, before, after, guess);
  const answer = parametersOf(after);
  return judgeGuess(guess, answer, {
    right: `Right: ${writeParameters(layer, before, after)} = ${grouped(answer)}.`,
    slips: parameterSlips(layer, before, after),
    hint:
      layer.kind === "Dense"
        ? "Every unit has a weight for every number that goes in."
        : "Count the cells of one kernel through all channels, then the kernels.",
    same: (value, typed) => value === typed,
  });
}
