/** Predict first: which of four small pictures does the kernel make? The others are what likely slips would make. */

import { drawOn } from "../card/canvas.mjs";
import { h } from "../card/dom.mjs";
import { crop, crossCorrelate, magnitude, paintPixels, summarise } from "../arithmetic/image.mjs";
import { analyse, describeEffect, hintAt, namedKernel, sumOfWeights } from "../arithmetic/kernels.mjs";
import { flip2d, transpose } from "../arithmetic/convolution2d.mjs";
import { addPrediction, choiceButton } from "../card/predict.mjs";
import { createRandom } from "../arithmetic/random.mjs";

/** What a kernel, or the pair of the Sobel magnitude, makes of a picture. */
function filtered(picture, weights, mode) {
  const results = weights.map((grid) => crossCorrelate(picture, grid, mode));
  return results.length === 2 ? magnitude(...results) : results[0];
}

/**
 * Other kernels whose results could be mistaken for this one's: their names and how to tell them, the likeliest first.
 */
function lures(view, flipped) {
  const middle = (grid) =>
    grid.map((line, row) => line.map((_, col) => Number(row === grid.length >> 1 && col === line.length >> 1)));
  const scaled = (grid, by) => grid.map((line) => line.map((weight) => weight * by));
  const named = (name, size = 3) => {
    const grid = namedKernel(name, { size, sigma: 2, seed: 1 });
    return [scaled(grid, 1 / (sumOfWeights(grid) || 1))];
  };
  const [own] = view.weights;
  const turned = transpose(own);
  const all = {
    turned: [
      [turned],
      `Rows and columns of the kernel are exchanged there: ${describeEffect({ weights: [turned] })
        .replace(/^./, (letter) => letter.toLowerCase())
        .replace(/\.$/, "")}`,
    ],
    mirrored: [
      [flip2d(own)],
      flipped
        ? "That is cross-correlation: the kernel was not flipped"
        : "That is convolution: the kernel was flipped, and here it is laid on as it is",
    ],
    dim: [[scaled(own, 1 / (sumOfWeights(own) || 1))], "There the weights were divided by their sum"],
    same: [[middle(own)], "Nothing was changed there: that is the picture itself"],
    blur: [named("mean", 7), "That one is blurred: its weights are all positive"],
    sharp: [named("sharpen"), "That one is sharpened: its weight in the middle is large, those around it are negative"],
    across: [named("sobel_x"), "That one shows where it gets brighter or darker from left to right"],
    down: [named("sobel_y"), "That one shows where it gets brighter or darker from top to bottom"],
    both: [[...named("sobel_x"), ...named("sobel_y")], "That one shows edges of every direction, all of them positive"],
    spots: [named("laplacian"), "That one answers to edges of every direction, with both signs"],
    relief: [named("emboss"), "That one is a relief: its weights lean to one corner, and add up to 1"],
  };
  const order =
    {
      edges: ["turned", "mirrored", "both", "spots", "blur"],
      spots: ["across", "down", "both", "sharp"],
      blur: ["dim", "sharp", "same", "relief"],
      sharpen: ["dim", "blur", "same", "spots", "relief"],
      relief: ["mirrored", "dim", "across", "sharp", "same"],
      same: ["blur", "sharp", "relief"],
    }[view.weights.length === 2 ? "spots" : analyse(own).kind] ?? [];
  return [...new Set([...order, ...Object.keys(all)])].map((key) => ({ weights: all[key][0], words: all[key][1] }));
}

/** How different two pictures look: the root of the mean square of the difference of their bytes. */
function difference(a, b) {
  let total = 0;
  for (let i = 0; i < a.length; i += 4) for (let c = 0; c < 3; c++) total += (a[i + c] - b[i + c]) ** 2;
  return Math.sqrt(total / ((3 * a.length) / 4));
}

const THUMBNAIL = 128;
const LOOKS_DIFFERENT = 9;

/**
 * Four small results, one of them by the kernel itself, in an order that the kernel decides.
 * @returns {{rows: number, cols: number, options: {bytes: Uint8ClampedArray, right: boolean, words: string}[]}}
 */
function makeQuestion(picture, state, view, palette) {
  const [row, col] = [state.row, state.col].map((at, axis) => Math.min(at, [picture.rows, picture.cols][axis] - 1));
  const [rows, cols] = [Math.min(THUMBNAIL, picture.rows), Math.min(THUMBNAIL, picture.cols)];
  const from = (at, size, all) => Math.min(Math.max(at - (size >> 1), 0), all - size);
  const part = crop(picture, from(row, rows, picture.rows), from(col, cols, picture.cols), rows, cols);
  const draw = (weights) => {
    const result = filtered(part, weights, "symmetric"); // the border of a part is not the picture's
    const bytes = new Uint8ClampedArray(4 * rows * cols);
    paintPixels(result, bytes, state.show, summarise(result), palette);
    return bytes;
  };
  const options = [{ bytes: draw(view.weights), right: true, words: "" }];
  const spare = [];
  for (const { weights, words } of lures(view, state.flip)) {
    const option = { bytes: draw(weights), right: false, words };
    const alike = options.some(({ bytes }) => difference(bytes, option.bytes) < LOOKS_DIFFERENT);
    (alike ? spare : options).push(option);
    if (options.length === 4) break;
  }
  // A picture of one grey leaves nothing to tell apart: then there are fewer to choose from.
  const seed = view.weights.flat(2).reduce((hash, weight) => (hash * 31 + Math.round(1000 * weight)) >>> 0, 7);
  return { rows, cols, options: createRandom(seed).shuffle(options) };
}

/**
 * Adds the question below the stage.
 * @param {any} card
 * @param {any} store
 * @param {() => void} repaint
 */
export function addQuestion(card, store, repaint) {
  const choices = h("div.imf-choices");
  let question = { options: [] };
  const prediction = addPrediction(card, store, {
    repaint,
    judge(index) {
      const { right, words } = question.options[index];
      return { right, words: right ? `Right. ${describeEffect(store.view)}` : `${words}. ${hintAt(store.view)}` };
    },
    took: (index, { right }) => choices.children[index].classList.toggle("imf-wrong", !right),
    choices(pick) {
      choices.append(
        ...[..."ABCD"].map((letter, i) =>
          choiceButton(
            { "aria-label": `picture ${letter}`, onclick: () => pick(i) },
            () => (question.options[i] ? i : undefined),
            h("canvas", { "aria-hidden": "true" }),
            h("span", {}, letter),
          ),
        ),
      );
      return choices;
    },
  });
  return {
    ...prediction,

    /** What is asked, in words. */
    words: () =>
      question.options.length > 1
        ? "Which of these does the kernel make of the picture?"
        : "Here the picture is too even to tell kernels apart: move the loupe, or choose another one.",

    /** Draws the pictures to choose from. */
    ask(picture, state, view, palette) {
      question = makeQuestion(picture, state, view, palette);
      [...choices.children].forEach((button, i) => {
        const option = question.options[i];
        button.hidden = !option;
        button.classList.remove("imf-wrong");
        if (option) drawOn(button.firstElementChild, question.rows, question.cols, (bytes) => bytes.set(option.bytes));
      });
    },
  };
}
