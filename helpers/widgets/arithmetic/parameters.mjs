/**
 * How many parameters a layer has that takes one block of values to another: fully connected, locally
 * connected with a kernel of its own at each position, or a convolution, which shares one kernel.
 * `tests/browser/test_parameter_count.py` holds the counts to Keras's.
 */

import { grouped } from "./format.mjs";
import { layOutLayer } from "./sizes.mjs";

/** @type {("dense" | "local" | "convolution")[]} */
export const KINDS = ["dense", "local", "convolution"];

/**
 * @typedef {object} Layer
 * @property {[number, number]} input rows and columns
 * @property {number} channels of the input
 * @property {number} filters channels of the output
 * @property {[number, number]} kernel rows and columns
 * @property {any} padding "same" as in TensorFlow, "valid" or a number on each side
 * @property {number} stride
 * @property {boolean} bias
 */

/** Rows and columns that come out; 0 where the kernel does not fit. @param {Layer} layer */
export const outputOf = ({ input, kernel, padding, stride }) =>
  input.map((size, i) => layOutLayer({ kernel: kernel[i], padding, stride, dilation: 1 }, size).output);

/**
 * @param {Layer} layer
 * @returns {Record<"dense" | "local" | "convolution", {weights: number, biases: number, total: number}>}
 */
export function countParameters(layer) {
  const { channels, filters, kernel, bias } = layer;
  const [positions, area] = [outputOf(layer), kernel].map(([rows, cols]) => rows * cols);
  const count = (weights, biases) => ({ weights, biases: bias ? biases : 0, total: weights + (bias ? biases : 0) });
  const bank = area * channels * filters;
  return {
    dense: count(layer.input[0] * layer.input[1] * channels * positions * filters, positions * filters),
    local: count(positions * bank, positions * filters),
    convolution: count(bank, filters),
  };
}

/** The count as a product with its numbers, and what the biases add. @param {Layer} layer */
export function writeOut(kind, layer) {
  const { input, channels, filters, kernel, bias } = layer;
  const output = outputOf(layer);
  const product = (...factors) => factors.join("·");
  const bank = product(...kernel, channels, filters);
  const values = output[0] * output[1] * filters;
  return {
    dense: `(${product(...input, channels)}) · (${product(...output, filters)})${bias ? ` + ${grouped(values)}` : ""}`,
    local: `(${product(...output)}) · (${bank}${bias ? ` + ${filters}` : ""})`,
    convolution: `${bank}${bias ? ` + ${filters}` : ""}`,
  }[kind];
}

/** Counts that a slip leads to, each with its name. */
function slips(kind, layer) {
  const { input, channels, filters, kernel, bias } = layer;
  const counts = countParameters(layer);
  const [inside, positions, area] = [input, outputOf(layer), kernel].map(([rows, cols]) => rows * cols);
  const { weights, biases } = counts[kind];
  const values = positions * filters;
  const withBiases = (count) => count + biases;
  const forgotBiases = (whose) => [bias ? weights : NaN, `You left out the biases: one for each ${whose}.`];
  const needlessBiases = (count) => [
    bias ? NaN : weights + count,
    "There are no biases here: count the weights alone.",
  ];
  const others = Object.fromEntries(
    KINDS.filter((other) => other !== kind).map((other) => [counts[other].total, other]),
  );
  const mixedUp = Object.entries(others).map(([total, other]) => [
    Number(total),
    {
      dense: "That is the fully connected layer, where every output value has a weight for every input value.",
      local:
        kind === "convolution"
          ? `That is one kernel for each of the ${grouped(positions)} positions. A convolution uses the same one ` +
            "everywhere, so the positions do not count."
          : "That is the locally connected layer: here every output value is connected to every input value.",
      convolution:
        `That is the convolution, which shares its kernel. Here each of the ${grouped(positions)} positions ` +
        "has one of its own.",
    }[other],
  ]);
  const ofChannels = channels > 1 ? `each kernel reaches through all ${channels} input channels` : "";

  if (kind === "convolution")
    return [
      [channels > 1 ? withBiases(area * filters) : NaN, `You left out the input channels: ${ofChannels}.`],
      [
        channels > 1 ? area * filters : NaN,
        `You left out the input channels${bias ? " and the biases" : ""}: ${ofChannels}.`,
      ],
      [
        filters > 1 ? area * channels + (bias ? 1 : 0) : NaN,
        `That is one kernel: there are ${filters}, one for each output channel.`,
      ],
      [filters > 1 ? area * channels : NaN, `That is one kernel without its bias: there are ${filters} kernels.`],
      forgotBiases("output channel"),
      needlessBiases(filters),
      ...mixedUp,
      [positions * weights, "You counted the positions. The kernel is the same at all of them, so they do not count."],
      [bias ? weights + values : NaN, "A bias belongs to an output channel, not to each of its cells."],
      [bias ? weights + 1 : NaN, `Each of the ${filters} output channels has a bias of its own.`],
      [bias ? weights + channels * filters : NaN, "A kernel has one bias, not one for each input channel."],
      [area, "That is one kernel over one channel: think of the channels of the input and of the output."],
      [
        withBiases(kernel[0] * channels * filters),
        `A kernel of ${kernel.join(" × ")} has ${area} cells, not ${kernel[0]}.`,
      ],
      [
        withBiases(area * (channels + filters)),
        "Every output channel has weights for every input channel: multiply the two, do not add them.",
      ],
      [values, "That is how many values come out: the parameters are the numbers in the kernels."],
    ];
  const ins = inside * channels;
  if (kind === "dense")
    return [
      ...mixedUp,
      [
        withBiases(inside * values),
        `You left out the input channels: ${input.join(" × ")} × ${channels} values go in.`,
      ],
      [inside * values, `You left out the input channels: ${input.join(" × ")} × ${channels} values go in.`],
      [ins * positions, "You left out the output channels: every output value has weights of its own."],
      [inside * positions, "You left out the channels: all their values are connected too."],
      forgotBiases("output value"),
      needlessBiases(values),
      [
        bias ? weights + filters : NaN,
        `A dense layer does not know channels: it has a bias for each of its ${grouped(values)} output values.`,
      ],
      [ins + values, "Every input value is connected to every output value: multiply the two, do not add them."],
      [ins, "That is how many values go in: each of them is connected to every output value."],
      [values, "That is how many values come out: each of them is connected to every input value."],
    ];
  return [
    ...mixedUp,
    forgotBiases("output value"),
    needlessBiases(values),
    [
      bias ? weights + filters : NaN,
      `Nothing is shared here: each of the ${grouped(values)} output values has a bias of its own.`,
    ],
    [withBiases(positions * area * filters), `You left out the input channels: ${ofChannels}.`],
    [
      positions * area * channels + (bias ? positions : 0),
      "You left out the output channels: each of them has kernels of its own.",
    ],
    [
      positions * area,
      `You left out the channels: a kernel has ${area * channels} cells, and there are ${filters} at each position.`,
    ],
    [
      positions,
      `That is how many positions there are: each has ${filters === 1 ? "a kernel" : `${filters} kernels`} of its own.`,
    ],
  ];
}

/**
 * Says what is wrong with a predicted count, by recognising the result of a likely slip.
 * @param {"dense" | "local" | "convolution"} kind
 * @param {Layer} layer
 * @param {number} guess
 */
export function diagnoseCount(kind, layer, guess) {
  const { total } = countParameters(layer)[kind];
  const hint = {
    dense: "Multiply how many values go in by how many come out.",
    local: "Count the cells of one kernel, then the kernels at one position, then the positions.",
    convolution: "Count the cells of one kernel, through all input channels, then the kernels.",
  }[kind];
  // Exactly: where counts are large, a wrong one can be close.
  if (guess === total) return { right: true, words: `Right: ${grouped(total)}.` };
  const slip = slips(kind, layer).find(([value]) => value === guess);
  return {
    right: false,
    words: slip ? slip[1] : `${grouped(guess)} is not it. ${hint}${layer.bias ? " Then add the biases." : ""}`,
  };
}
