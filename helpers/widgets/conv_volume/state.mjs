/** ConvVolume's arithmetic and words: what a state shows, what a wrong prediction comes from, what is spoken. */

import { countParameters, featureMap, shapeOfLayer, traceLayer } from "../arithmetic/conv_layer.mjs";
import { number } from "../arithmetic/format.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";
import { requireAnswer, requireNumber } from "../arithmetic/requirements.mjs";

/** What fits on a screen, and the words for it. */
export const MOST = { rows: 7, cols: 7, channels: 4, kernelRows: 3, kernelCols: 3, kernels: 4, stride: 3, padding: 2 };

const WORDS = {
  rows: "rows",
  cols: "columns",
  channels: "channels",
  kernelRows: "kernel rows",
  kernelCols: "kernel columns",
  kernels: "kernels",
};

const upTo = (count) => Array.from({ length: count }, (_, i) => i);
const total = (values) => values.reduce((all, value) => all + value, 0);

/** @param {any} state */
export function compute(state) {
  const shape = shapeOfLayer(state);
  const tooMany = Object.keys(shape).find((name) => shape[name] > MOST[name]);
  if (tooMany) {
    throw new Misfit(`${shape[tooMany]} ${WORDS[tooMany]} do not fit on the screen: use at most ${MOST[tooMany]}.`);
  }
  requireNumber("padding", state.padding, { least: 0, most: MOST.padding, whole: true });
  requireNumber("stride", state.stride, { least: 1, most: MOST.stride, whole: true });
  requireNumber("seed", state.seed, { least: 0, most: 2 ** 32 - 1, whole: true });
  requireAnswer(state.answer);
  return traceLayer(state);
}

/** "y[0, 1, 0]" */
export const nameOf = ({ row, col, kernel }) => `y[${row}, ${col}, ${kernel}]`;

/**
 * Says what is wrong with a predicted value, by recognising the value of a likely slip.
 * @returns {{right: boolean, words: string}}
 */
export function diagnose(state, trace, index, guess) {
  const step = trace.steps[index];
  const { row, col, kernel, partial_sums: partials, bias, sum: answer } = step;
  const [, , kernels] = trace.output_shape;
  const sumAt = (changes, position = step) => {
    try {
      return featureMap(traceLayer({ ...state, ...changes }), position.kernel)[position.row]?.[position.col];
    } catch (error) {
      if (error instanceof Misfit) return undefined;
      throw error;
    }
  };
  const others = upTo(kernels)
    .filter((k) => k !== kernel)
    .map((k) => [
      sumAt({}, { row, col, kernel: k }),
      `That is kernel ${k} at this position: y[${row}, ${col}, ${k}]. Here it is kernel ${kernel}.`,
    ]);
  const otherBiases = upTo(kernels)
    .filter((k) => k !== kernel)
    .map((k) => [
      answer - bias + state.bias[k],
      `That is with the bias of kernel ${k}: kernel ${kernel} has ${number(bias)}.`,
    ]);
  const channels = partials.length;
  const alone =
    channels === 1
      ? []
      : partials.flatMap((partial, c) => [
          [partial + bias, `That is channel ${c} alone, with the bias: add the sums of all ${channels} channels.`],
          [partial, `That is channel ${c} alone: add the sums of all ${channels} channels, and the bias.`],
          [answer - partial, `Channel ${c} is missing: its products add up to ${number(partial)}.`],
          [answer - partial - bias, `Channel ${c} and the bias are missing.`],
        ]);
  const neighbours = [
    [0, 1, "right"],
    [0, -1, "left"],
    [1, 0, "down"],
    [-1, 0, "up"],
  ].map(([down, across, where]) => [
    featureMap(trace, kernel)[row + down]?.[col + across],
    `One step too far ${where}: that is ${nameOf({ row: row + down, col: col + across, kernel })}.`,
  ]);
  const slips = [
    [answer - bias, `The bias is missing: add ${number(bias)} at the end.`],
    [answer + (channels - 1) * bias, "The bias is added once, not for each channel."],
    ...alone,
    ...others,
    ...otherBiases,
    [sumAt({ flip: true }), "You turned the kernels by 180°: a layer does not, it lays them down as they are."],
    ...neighbours,
    [
      state.stride > 1 ? sumAt({ stride: 1 }) : undefined,
      `That is the value for stride 1: here the window moves ${state.stride} cells a step.`,
    ],
    [
      state.padding > 0 ? sumAt({ padding: 0 }) : undefined,
      "That is the value without padding: the first windows begin on the ghost cells here.",
    ],
    [answer - 2 * bias, "The bias is added, not taken off."],
    [total(step.products.flat(2).map(Math.abs)) + bias, "Check the signs: a minus got lost on the way."],
    [
      total(step.windows.flat(2)) + bias,
      "That is the sum of the windows and the bias: multiply each cell by the kernel's cell first.",
    ],
  ];
  const products = channels === 1 ? "the products" : `the products of all ${channels} channels`;
  const hint = `Add ${products}, then the bias ${number(bias)}. Channel 0 gives ${number(partials[0])}.`;
  return judgeGuess(guess, answer, {
    right: `Right: ${nameOf({ row, col, kernel })} = ${number(answer)}.`,
    slips,
    hint,
  });
}

/** The number of parameters with its numbers. */
export function describeParameters(shape) {
  const { weights, biases } = countParameters(shape);
  const product = [shape.kernelRows, shape.kernelCols, shape.channels, shape.kernels].join("·");
  return [
    `${product} weights + ${biases} ${biases === 1 ? "bias" : "biases"} = ${weights} + ${biases} = `,
    weights + biases,
  ];
}

export function describeStep(step, known) {
  const parts = step.partial_sums.map((partial, c) => `channel ${c} adds up to ${number(partial)}`).join(", ");
  const place = `row ${step.row}, column ${step.col}, kernel ${step.kernel}`;
  const result = `y ${place} is ${known ? number(step.sum) : "what?"}`;
  return [known ? `${result}: ${parts}, bias ${number(step.bias)}` : result, result];
}
