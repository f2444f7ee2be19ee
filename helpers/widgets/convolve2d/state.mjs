/** Convolve2D's arithmetic and words: what a state shows, what a wrong prediction comes from, what is spoken. */

import { BORDERS } from "../arithmetic/borders.mjs";
import { MODES } from "../arithmetic/convolution.mjs";
import {
  flip2d,
  outputGrid,
  paddedShape,
  requireGrid,
  shapeOf,
  trace2d,
  transpose,
} from "../arithmetic/convolution2d.mjs";
import { exact, factor, number, plural } from "../arithmetic/format.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";

/** The most rows, and the most columns. */
export const MOST_CELLS = { image: 9, kernel: 5 };
const MOST_PADDED = 25;

/** How formulas call the grids. */
export const LETTERS = { image: "x", kernel: "w" };

/** Refuses a grid that is no rectangle of finite numbers, or too large for the screen. */
export function requireSmall(name, grid) {
  requireGrid(name, grid);
  const wrong = grid.flat().find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Misfit(`The ${name} holds “${wrong}”, which is not a finite number.`);
  const [rows, cols] = shapeOf(grid);
  const most = MOST_CELLS[name];
  if (rows > most || cols > most)
    throw new Misfit(`The ${name} has ${rows} × ${cols} cells: at most ${most} × ${most} fit here.`);
}

/** @param {any} state */
export function compute(state) {
  requireSmall("image", state.image);
  requireSmall("kernel", state.kernel);
  if (!["shown", "hidden"].includes(state.answer))
    throw new Misfit(`The answer can be shown or hidden, not ${state.answer}.`);
  const [rows, cols] = orFixes(() => paddedShape(state.image, state.kernel, state));
  if (Math.max(rows, cols) > MOST_PADDED)
    throw new Misfit(
      `${number(rows)} × ${number(cols)} cells do not fit on the screen: use less padding or dilation, for ` +
        `at most ${MOST_PADDED} × ${MOST_PADDED}.`,
    );
  return trace2d(state.image, state.kernel, state);
}

/** What is worked out, or a refusal that offers what lets any kernel in. */
function orFixes(work) {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Misfit) || !/does not fit/.test(error.message)) throw error;
    throw new Misfit(
      error.message,
      ["same", "full"].map((padding) => [`padding “${padding}”`, { padding }]),
    );
  }
}

/**
 * Says what is wrong with a predicted value, by recognising the value of a likely slip.
 * @returns {{right: boolean, words: string}}
 */
export function diagnose(state, trace, index, guess) {
  const { row, col, window, products, sum: answer } = trace.steps[index];
  const valueAt = ({ kernel = state.kernel, ...changes }) => {
    try {
      return outputGrid(trace2d(state.image, kernel, { ...state, ...changes }))[row]?.[col];
    } catch (error) {
      if (error instanceof Misfit) return undefined;
      throw error;
    }
  };
  const flat = products.flat();
  const total = (values) => values.reduce((all, value) => all + value, 0);
  const upsideDown = [...state.kernel].reverse();
  const leftRight = flip2d(upsideDown);
  const rest = (sides) => (state.flip ? `by 180°, ${sides} change places too.` : "it should stay as it is.");
  const asWritten = state.flip ? "" : " Cross-correlation leaves it as it is.";
  const neighbours = [
    [0, 1, "right"],
    [0, -1, "left"],
    [1, 0, "down"],
    [-1, 0, "up"],
  ].map(([down, across, where]) => [
    outputGrid(trace)[row + down]?.[col + across],
    `One step too far ${where}: that is y[${row + down}, ${col + across}].`,
  ]);
  const otherModes = MODES.filter((mode) => mode !== state.mode).map((mode) => [
    valueAt({ mode }),
    mode === "zeros"
      ? `That is the value with zeros outside: here the ghost cells are filled by “${state.mode}”.`
      : `That is the value for “${mode}”, where the ghost cells hold ${BORDERS[mode].words}. Here it is ` +
        `${BORDERS[state.mode].words}.`,
  ]);
  const productAt = (i, j) =>
    `${factor(window[i][j], exact)}·${factor(trace.kernel[i][j], exact)} = ${exact(products[i][j])}`;
  const missing = products.flatMap((line, i) =>
    line.map((product, j) => [
      product ? answer - product : undefined,
      `One product is missing from the sum: ${productAt(i, j)}.`,
    ]),
  );
  const slips = [
    [
      valueAt({ flip: !state.flip }),
      state.flip
        ? "That is cross-correlation: the kernel was not turned."
        : "That is convolution: the kernel was turned by 180°, and cross-correlation leaves it as it is.",
    ],
    [valueAt({ kernel: upsideDown, flip: false }), `You turned the kernel upside down only: ${rest("left and right")}`],
    [
      valueAt({ kernel: leftRight, flip: false }),
      `You swapped left and right of the kernel only: ${rest("top and bottom")}`,
    ],
    [valueAt({ kernel: transpose(state.kernel) }), `The kernel's rows became its columns.${asWritten}`],
    [
      valueAt({ kernel: transpose(state.kernel), flip: !state.flip }),
      `The kernel's rows became its columns.${asWritten}`,
    ],
    ...neighbours,
    [
      state.stride !== 1 ? valueAt({ stride: 1 }) : undefined,
      "That is the value for stride 1: here the kernel takes larger steps.",
    ],
    ...(state.dilation === 1
      ? []
      : [state.padding, trace.before.map((before, axis) => [before, trace.after[axis]])]
    ).map((padding) => [
      valueAt({ dilation: 1, padding }),
      "That is the value without dilation: the kernel's cells stand apart here.",
    ]),
    ...otherModes,
    [
      Math.max(...trace.before) > 0 ? valueAt({ padding: "valid" }) : undefined,
      "That is the value without padding: the first windows begin on the ghost cells here.",
    ],
    [total(flat.map(Math.abs)), "Check the signs: a minus got lost on the way."],
    [total(window.flat()), "That is the sum of the window alone: multiply each cell by the kernel's cell first."],
    [
      total(window.flat()) * total(state.kernel.flat()),
      "That is the window's sum times the kernel's sum: multiply cell by cell first, then add.",
    ],
    ...missing,
    ...flat.map((product) => [product, "That is one of the products: now add them all up."]),
  ];
  const first = flat.findIndex(Boolean);
  const example =
    first < 0
      ? ""
      : ` One of the products is ${productAt(Math.floor(first / window[0].length), first % window[0].length)}.`;
  const hint =
    `Multiply each cell of the window by the kernel's number in it, and add all ${flat.length} ` +
    `products.${example}`;
  return judgeGuess(guess, answer, { right: `Right: y[${row}, ${col}] = ${exact(answer)}.`, slips, hint });
}

/** What is spoken and, for a picture without words, all that can be seen of a step. */
export function describeStep(trace, step, known) {
  const weights = trace.kernel.flat();
  const pairs = step.window
    .flat()
    .map((value, i) => `${factor(value, exact)} times ${factor(weights[i], exact)}`)
    .join(", plus ");
  const result = `y row ${step.row}, column ${step.col} is ${known ? exact(step.sum) : "what?"}`;
  return [known ? `${result}: ${pairs}` : `${result} ${pairs}`, result];
}

/** "1 row at the bottom and 2 columns at the right, hatched, are never reached". */
export function describeIgnored([rows, cols]) {
  if (!rows && !cols) return "";
  const sides = [
    rows && `${plural(rows, "row")} at the bottom`,
    cols && `${plural(cols, "column")} at the right`,
  ].filter(Boolean);
  return `${sides.join(" and ")}, hatched, ${rows + cols === 1 ? "is" : "are"} never reached: the stride steps past.`;
}
