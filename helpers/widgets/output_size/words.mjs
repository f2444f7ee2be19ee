/**
 * What OutputSize says: sizes, layers, what is left over, why two kinds of "same" differ, and what a guess got wrong.
 */

import { parseNumber, number, plural } from "../arithmetic/format.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";
import { diagnoseSize, uses } from "../arithmetic/sizes.mjs";

export const AXES = ["rows", "columns"];

/** "conv 11 × 11, stride 4, padding 2" */
export function describeLayer({ kind, kernel, stride, padding, dilation }, dimensions) {
  const ghosts = typeof padding === "string" ? padding : padding ? `padding ${padding}` : "";
  return [
    `${kind} ${dimensions === 2 ? `${kernel} × ${kernel}` : kernel}`,
    stride > 1 && `stride ${stride}`,
    ghosts,
    dilation > 1 && `dilation ${dilation}`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** "55 × 55" or "55". @param {number[]} sizes */
export const sizeText = (sizes) => sizes.join(" × ");

/** What the strides step past at the end, and what no window reads at all. */
export function describeLeft(axes) {
  const names =
    axes.length === 1
      ? [["cell", "at the end"]]
      : [
          ["row", "at the bottom"],
          ["column", "on the right"],
        ];
  const left = axes
    .map(({ left: count }, i) => count && `${plural(count, names[i][0])} ${names[i][1]}`)
    .filter(Boolean);
  const total = axes.reduce((sum, axis) => sum + axis.left, 0);
  const sentences = [];
  if (total) {
    const lost = axes.some((axis) => axis.left > axis.after);
    const why = lost ? "the stride steps past" : "nothing of the input is lost, only padding";
    sentences.push(`${left.join(" and ")} ${total === 1 ? "is" : "are"} never reached: ${why}.`);
  }
  const unread = unreadBetween(axes);
  if (unread)
    sentences.push(
      `${sentences.length ? "Between the windows" : "Hatched: between the windows"} ` +
        `${plural(unread, "cell")} of the input ${unread === 1 ? "is" : "are"} read by none.`,
    );
  return sentences.join(" ");
}

/** Cells of the input that lie between windows, not behind the last one. */
function unreadBetween(axes) {
  const within = axes.map((axis) => {
    const counts = uses(axis).slice(axis.before, axis.before + axis.size);
    const reached = axis.size - Math.max(axis.left - axis.after, 0);
    return [reached, counts.slice(0, reached).filter((count) => count > 0).length];
  });
  const product = (i) => within.reduce((total, pair) => total * pair[i], 1);
  return product(0) - product(1);
}

/** How often a corner, an edge and an inner cell of the input are used. */
export function describeUse(axes) {
  const counts = axes.map((axis) => uses(axis).slice(axis.before, axis.before + axis.size));
  const times = (count) => (count === 1 ? "once" : count === 2 ? "twice" : count === 0 ? "never" : `${count} times`);
  if (axes.some(({ stride, dilation }) => stride > 1 || dilation > 1)) {
    const [least, most] = [Math.min, Math.max].map((pick) =>
      counts.reduce((product, along) => product * pick(...along), 1),
    );
    return `A cell of the input is used ${least === most ? times(least) : `${least} to ${most} times`}.`;
  }
  const ends = counts.map((along) => along[0]);
  const middles = counts.map((along) => along[Math.floor((along.length - 1) / 2)]);
  if (axes.length === 1) return `The first cell is used ${times(ends[0])}, the one in the middle ${times(middles[0])}.`;
  return (
    `The top left corner is used ${times(ends[0] * ends[1])}, the middle of the top edge ` +
    `${times(ends[0] * middles[1])}, the cell in the middle ${times(middles[0] * middles[1])}.`
  );
}

/** Why the two kinds of "same" differ along an axis, or when they would. */
export function compareSame({ numpy, tensorflow }) {
  const zeros = ({ before, after }) => `${before} before and ${after} after`;
  if (numpy.before === tensorflow.before && numpy.after === tensorflow.after)
    return `Here both put ${zeros(numpy)}. They part for even kernels, and where a stride needs fewer zeros.`;
  const total = numpy.before + numpy.after;
  const needed = tensorflow.before + tensorflow.after;
  if (total === needed)
    return (
      `${plural(total, "zero")} cannot be shared evenly. NumPy and SciPy put the one too many before, ` +
      "TensorFlow and Keras after: the windows stand one cell apart."
    );
  return (
    "NumPy and SciPy know no stride: you take every " +
    `${numpy.stride}${numpy.stride === 2 ? "nd" : numpy.stride === 3 ? "rd" : "th"} value of their ` +
    `“same”, which has ${plural(total, "zero")}. ` +
    `TensorFlow and Keras add only what their ${plural(numpy.output, "window")} need: ${needed}. Equally ` +
    "many values, from other windows."
  );
}

/** Judges the number of zeros that TensorFlow puts before the input. */
export function diagnoseZeros({ numpy, tensorflow }, guess) {
  const total = tensorflow.before + tensorflow.after;
  const { output, stride, span, size } = tensorflow;
  const needs =
    `its ${plural(output, "window")} reach over (${output} − 1)·${stride} + ${span} = ` +
    `${(output - 1) * stride + span} cells, and the input has ${size}`;
  return judgeGuess(guess, tensorflow.before, {
    right: `Right: ${tensorflow.before}.`,
    slips: [
      [tensorflow.after, "That is how many it puts after: the one too many goes to the end."],
      [numpy.before, "That is what NumPy and SciPy put before."],
      [total, "Those are all of its zeros: they are shared between both sides."],
      [total / 2, "Half a zero cannot be put anywhere: round down before, and up after."],
      [numpy.after, "That is what NumPy and SciPy put after."],
    ],
    hint: `Count what it needs: ${needs}.`,
  });
}

/** Reads "3", "2.5" or "2,5" as one size, and "3 × 4", "3x4" or "3, 4" as two. */
export function readSizes(text) {
  const counts = text.split(/[x×*;]|,\s+|\bby\b/).map(parseNumber);
  if (counts.length > 2 || counts.some(Number.isNaN)) return NaN;
  return counts.length === 1 ? counts[0] : counts;
}

/** Judges a size: one number where the axes are alike, else one for each of them. */
export function judgeSizes(axes, apart, guess) {
  const alike = axes.length === 1 || (axes[0].output === axes[1].output && !apart);
  if (alike && !(Array.isArray(guess) && axes.length === 1)) {
    const guesses = Array.isArray(guess) ? guess : [guess];
    const verdicts = guesses.map((one, i) => diagnoseSize(axes[i], one));
    return (
      verdicts.find(({ right }) => !right) ?? {
        right: true,
        words: `Right: ${sizeText(axes.map(({ output }) => output))}.`,
      }
    );
  }
  if (!Array.isArray(guess) || axes.length === 1)
    return {
      right: false,
      words:
        axes.length === 1
          ? "In one dimension the size is a single number."
          : "Rows and columns have settings of their own: type both sizes, as in 3 × 4.",
    };
  const verdicts = axes.map((axis, i) => diagnoseSize(axis, guess[i]));
  if (verdicts.every(({ right }) => right)) return { right: true, words: `Right: ${sizeText(guess)}.` };
  return {
    right: false,
    words: verdicts.map(({ words }, i) => `${AXES[i][0].toUpperCase()}${AXES[i].slice(1)}: ${words}`).join(" "),
  };
}
