/** ConvGradients in words: the rule of each view with its numbers, what is spoken, what stands where. */

import { differenceOf, nameCell } from "./state.mjs";
import { NUDGE } from "../arithmetic/conv_gradients.mjs";
import { factor, number, plural } from "../arithmetic/format.mjs";

/** The views, as the switch calls them. */
/** @type {[string, string][]} */
export const VIEW_WORDS = [
  ["scatter", "scatter ∂L/∂y"],
  ["input", "gather ∂L/∂x"],
  ["kernel", "gather ∂L/∂w"],
];

const size = ([rows, cols], oneRow) => (oneRow ? number(cols) : `${rows} × ${cols}`);

/** "1 zero between its cells", where a stride puts some. */
const zeros = (stride) => (stride > 1 ? ` with ${plural(stride - 1, "zero")} between its cells` : "");

/** What the gradient of a view is, as an operation with a name. @returns {string[]} lines */
export function describeRule(which, { layer, oneRow, trace }) {
  const [, stride] = layer.stride;
  const [, padding] = layer.padding;
  const [, dilation] = layer.dilation;
  if (which === "scatter") {
    const kind = layer.flip ? "the kernel turned" : "the kernel as it is";
    return [
      `y = b + Σ w·x, ${kind}; L = Σ ∂L/∂y · y`,
      "Each ∂L/∂y adds ∂L/∂y · w to its ∂L/∂x, ∂L/∂y · x to its ∂L/∂w, and itself to ∂L/∂b.",
    ];
  }
  const spread = dilation > 1 ? `, its cells ${dilation} apart,` : "";
  if (which === "input") {
    const kernel = layer.flip
      ? `w as it is written${spread} (turned on the way there, and once more on the way back)`
      : `w turned by 180°${spread}`;
    const reach = oneRow ? number(trace.kernel[0].length) : size([trace.kernel.length, trace.kernel[0].length], false);
    return [
      `∂L/∂x = “full” cross-correlation of ∂L/∂y${zeros(stride)} with ${kernel}`,
      padding > 0
        ? `“full” puts zeros around it, as far as the kernel of ${reach} reaches; the ` +
          `${plural(padding, "cell")} of padding are cropped from every side again.`
        : `“full” puts zeros around it, as far as the kernel of ${reach} reaches.`,
    ];
  }
  const where = padding > 0 ? `x with its ${plural(padding, "ghost cell")} on every side` : "x";
  const move = dilation > 1 ? `, moved by ${plural(dilation, "cell")}, the layer's dilation` : "";
  return [
    `∂L/∂w = “valid” cross-correlation of ${where} with ∂L/∂y${zeros(stride)}${move}`,
    layer.flip
      ? "∂L/∂y is not turned, but what comes out is: this layer turns its kernel, so the first result " +
        "belongs to the last weight."
      : "Nothing is turned here: of the two gradients of a layer that cross-correlates, only ∂L/∂x turns the kernel.",
  ];
}

/** (L(x + h) − L(x − h)) / 2h with its numbers. */
export function describeDifference(view) {
  const {
    target: { letter, cell },
    oneRow,
  } = view;
  const name = nameCell(letter, cell, oneRow);
  const { more, less, slope } = differenceOf(view);
  const digits = (value) => number(value, 8);
  return (
    `finite difference, h = ${number(NUDGE)}: (L(${name} + h) − L(${name} − h)) / 2h = (${digits(more)} ` +
    `− ${factor(less, digits)}) / ${number(2 * NUDGE)} = ${number(slope)}`
  );
}

/** What is spoken of a step. */
export function describeStep(state, view, known) {
  const { target, oneRow, at } = view;
  const name = `dL by d${nameCell(target.letter, target.cell, oneRow)}`;
  const value = known ? number(target.answer) : "what?";
  if (state.view !== "scatter") return [`${name} is ${value}`];
  const { row, col, upstream } = view.scatter[at];
  const result = `${name} is ${value}${known ? " now" : ""}`;
  return [`${result}: dL by d${nameCell("y", [row, col], oneRow)}, ${number(upstream)}, is scattered`, result];
}
