/** What a wrong gradient gives away: the slip that leads to it. */

import { nameCell } from "./state.mjs";
import { flip2d, shapeOf, trace2d } from "../arithmetic/convolution2d.mjs";
import { factor, number, plural } from "../arithmetic/format.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";

const add = (values) => values.reduce((total, value) => total + value, 0);

/**
 * Judges what the reader says the step's gradient is.
 * @param {any} state
 * @param {any} view the widget's picture
 * @param {number} guess
 * @returns {{right: boolean, words: string}}
 */
export function diagnose(state, view, guess) {
  const { letter, cell, answer } = view.target;
  const name = `∂L/∂${nameCell(letter, cell, view.oneRow)}`;
  const after = state.view === "scatter" ? " after this step" : "";
  const [slips, hint] = { scatter: scatterSlips, input: inputSlips, kernel: kernelSlips }[state.view](view, name);
  return judgeGuess(guess, answer, {
    right: `Right: ${name} = ${number(answer)}${after}.`,
    slips: [...slips, ...always(view, name)],
    hint,
  });
}

/** Slips that can happen in any view. */
function always({ target, layer }, name) {
  const {
    name: of,
    cell: [row, col],
    answer,
  } = target;
  return [
    [-answer, "The sign is wrong: follow the minus signs of both factors."],
    [layer[of][row][col], `That is the number itself, not how fast L changes with it, which is ${name}.`],
  ];
}

function scatterSlips(view, name) {
  const {
    layer,
    oneRow,
    at,
    target: { letter, part },
  } = view;
  const { row, col, upstream, parts } = view.scatter[at];
  const isInput = letter === "x";
  const [before, own, other] = isInput
    ? [part.input_before, part.weight, part.value]
    : [part.kernel_before, part.value, part.weight];
  const g = `∂L/∂${nameCell("y", [row, col], oneRow)}`;
  const partner = isInput ? nameCell("w", part.cell, oneRow) : nameX(part, layer, oneRow);
  const mirrored = parts[parts.length - 1 - parts.indexOf(part)].weight;
  const elsewhere = parts
    .filter((one) => one !== part)
    .map((one) => [
      before + upstream * (isInput ? one.weight : one.value),
      `That multiplies by ${isInput ? nameCell("w", one.cell, oneRow) : nameX(one, layer, oneRow)}: in ` +
        `this output ${nameOwn(view)} meets ${partner}.`,
    ]);
  const turned = layer.flip
    ? `The kernel is laid down turned here, and this is the one as it is written: ${nameOwn(view)} meets ${partner}.`
    : `You turned the kernel. Here the layer does not: ${nameOwn(view)} meets ${partner} on the way back ` +
      "as on the way there.";
  const slips = [
    [before + own, `The upstream factor is missing: what is added is ${g} · ${partner}, not ${partner} alone.`],
    [
      before ? upstream * own : undefined,
      `That writes over what was there: ${name} held ${number(before)} from earlier outputs, and this step adds to it.`,
    ],
    [isInput ? before + upstream * mirrored : undefined, turned],
    [
      before + upstream * other,
      `That multiplies by ${nameOwn(view)} itself: in a product, the slope with respect to one factor is ` +
        `the other, ${partner}.`,
    ],
    [upstream * own === 0 ? undefined : before, "Nothing was added yet: that is what it held before this step."],
    [before - upstream * own, "The sign of what is added is wrong: follow the minus signs of both factors."],
    [
      before + upstream + own,
      `${g} and ${partner} are multiplied, not added; their product is added to what was there.`,
    ],
    [before + upstream, `The other factor is missing: what is added is ${g} · ${partner}.`],
    ...elsewhere,
    [
      view.scatter.at(-1)[isInput ? "input" : "kernel"][isInput ? part.at[0] : part.cell[0]][
        isInput ? part.at[1] : part.cell[1]
      ],
      "That is the value after all steps: some are still to come.",
    ],
  ];
  return [
    slips,
    `Take what it held, ${number(before)}, and add ${g} · ${partner} = ${number(upstream)}·${factor(own)}.`,
  ];
}

const nameOwn = ({ target, oneRow }) => nameCell(target.letter, target.cell, oneRow);
const nameX = (part, { padding }, oneRow) =>
  part.inside
    ? nameCell(
        "x",
        part.at.map((index, axis) => index - padding[axis]),
        oneRow,
      )
    : "a ghost cell, 0";

/** What all steps added to the gradient on show: { upstream, own }, own being the factor beside the upstream one. */
function contributions({ scatter, layer, target: { letter, cell } }) {
  return scatter.flatMap(({ upstream, parts }) =>
    parts
      .filter((part) =>
        letter === "x"
          ? part.at.every((index, axis) => index - layer.padding[axis] === cell[axis])
          : part.cell.every((index, axis) => index === cell[axis]),
      )
      .map((part) => ({ upstream, own: letter === "x" ? part.weight : part.value })),
  );
}

/**
 * What another way to slide gives at a position, if it fits there.
 * @param {number[][]} grid @param {number[][]} kernel @param {any} options @param {number[]} place
 */
function valueAt(grid, kernel, options, [row, col]) {
  const shape = shapeOf(grid).map((size, axis) => size - (shapeOf(kernel)[axis] - 1) * (options.dilation?.[axis] ?? 1));
  if (shape.some((size) => size < 1)) return undefined;
  const {
    output_shape: [, cols],
    steps,
  } = trace2d(grid, kernel, { flip: false, padding: "valid", ...options });
  return col < cols ? steps[row * cols + col]?.sum : undefined;
}

/** A grid with so many zeros around it. */
function surround(grid, counts) {
  const [rows, cols] = shapeOf(grid);
  return Array.from({ length: rows + 2 * counts[0] }, (_, row) =>
    Array.from({ length: cols + 2 * counts[1] }, (_, col) => grid[row - counts[0]]?.[col - counts[1]] ?? 0),
  );
}

function gathered(view) {
  const own = contributions(view);
  const products = own.map(({ upstream, own: value }) => upstream * value);
  const shorter =
    products.length < 2
      ? []
      : [
          [
            products.at(-1),
            `That is only the last of ${products.length} products: they are added, none writes over another.`,
          ],
          [products[0], `That is only the first of ${products.length} products: add them all.`],
          ...products.map((product) => [add(products) - product, `One product is missing: ${number(product)}.`]),
          [add(products) / products.length, "The products are added, not averaged."],
        ];
  return [
    [
      add(own.map(({ own: value }) => value)),
      `The upstream factors are missing: each ${view.target.letter === "x" ? "weight" : "number of x"} ` +
        "counts times its ∂L/∂y.",
    ],
    [
      add(own.map(({ upstream }) => upstream)),
      "Those are the upstream gradients alone: multiply each by the other factor before you add.",
    ],
    ...shorter,
  ];
}

function inputSlips(view, name) {
  const {
    layer,
    target: { cell },
  } = view;
  const { slid, turned, reach, steps } = view.input;
  const full = (upstream) =>
    surround(
      upstream,
      reach.map((cells) => cells - 1),
    );
  const neighbours = steps
    .filter(({ row, col }) => Math.abs(row - cell[0]) + Math.abs(col - cell[1]) === 1)
    .map(({ row, col, sum }) => [sum, `One step too far: that is ∂L/∂${nameCell("x", [row, col], view.oneRow)}.`]);
  const { stride, dilation, padding } = layer;
  const shifted = cell.map((index, axis) => index + padding[axis]);
  const slips = [
    [
      valueAt(slid, flip2d(turned), { dilation }, cell),
      layer.flip
        ? "You turned the kernel: this layer turned it already on the way there, so the way back takes it as " +
          "it is written."
        : "The kernel was not turned: ∂L/∂x takes it turned by 180°.",
    ],
    [
      Math.max(...stride) > 1 ? valueAt(full(layer.upstream), turned, { dilation }, shifted) : undefined,
      `The zeros between are missing: a stride of ${stride[1]} puts ${plural(stride[1] - 1, "zero")} ` +
        "between the cells of ∂L/∂y.",
    ],
    [
      Math.max(...padding) > 0 ? contributionsAt(view, cell) : undefined,
      "The padding was not cropped: that belongs to a ghost cell, and x begins further in.",
    ],
    ...gathered(view),
    ...neighbours,
  ];
  return [slips, "Lay the turned kernel on the framed cells of ∂L/∂y, multiply cell by cell and add."];
}

/** What the gradient with its ghost cells holds at a place counted from the first ghost. */
const contributionsAt = (view, [row, col]) => view.scatter.at(-1).input[row]?.[col];

function kernelSlips(view, name) {
  const {
    layer,
    target: { cell },
  } = view;
  const { padded, steps } = view.kernel;
  const { stride, dilation, padding } = layer;
  const own = steps.find((step) => step.cell.every((index, axis) => index === cell[axis]));
  const [rows, cols] = shapeOf(layer.kernel);
  const mirrored = steps.find((step) => step.cell[0] === rows - 1 - cell[0] && step.cell[1] === cols - 1 - cell[1]);
  const neighbours = steps
    .filter((step) => Math.abs(step.cell[0] - cell[0]) + Math.abs(step.cell[1] - cell[1]) === 1)
    .map((step) => [step.sum, `One step too far: that is ∂L/∂${nameCell("w", step.cell, view.oneRow)}.`]);
  const place = [own.row, own.col];
  const slips = [
    [
      mirrored.sum,
      layer.flip
        ? "The result was not turned: this layer lays its kernel down turned, so what is found first belongs " +
          "to the last weight."
        : "Nothing is turned for ∂L/∂w: that is the gradient of the weight on the other side.",
    ],
    [
      valueAt(padded, flip2d(layer.upstream), { stride: dilation, dilation: stride }, place),
      "You turned ∂L/∂y: here it is laid down as it is.",
    ],
    [
      Math.max(...stride) > 1 ? valueAt(padded, layer.upstream, { stride: dilation }, place) : undefined,
      `The stride was forgotten: the cells of ∂L/∂y stand ${stride[1]} apart, with ` +
        `${plural(stride[1] - 1, "zero")} between.`,
    ],
    [
      Math.max(...dilation) > 1 ? valueAt(padded, layer.upstream, { dilation: stride }, place) : undefined,
      `The dilation was forgotten: from weight to weight, ∂L/∂y moves ${plural(dilation[1], "cell")}.`,
    ],
    [
      Math.max(...padding) > 0
        ? valueAt(layer.image, layer.upstream, { stride: dilation, dilation: stride }, place)
        : undefined,
      "The padding was forgotten: the first window begins on the ghost cells.",
    ],
    ...gathered(view),
    ...neighbours,
  ];
  return [slips, "Lay ∂L/∂y on the framed cells of x, multiply cell by cell and add."];
}
