/** What a wrong prediction gives away: the slip that leads to it. */

import { nameCell } from "./words.mjs";
import { number, plural } from "../arithmetic/format.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";
import { windowOf } from "../arithmetic/pool2d.mjs";

/**
 * Judges what the reader says that a cell of y, or of ∂L/∂x, will be.
 * @param {any} state @param {any} view the widget's picture @param {number} guess
 * @returns {{right: boolean, words: string}}
 */
export function diagnose(state, view, guess) {
  const { target } = view;
  const name = target.isGradient ? `∂L/∂${nameCell("x", target)}` : nameCell("y", target);
  const [slips, hint] = target.isGradient ? gradientSlips(state, view, name) : outputSlips(state, view);
  return judgeGuess(guess, target.answer, { right: `Right: ${name} = ${number(target.answer)}.`, slips, hint });
}

/** @param {number} result @returns {import("../arithmetic/judge.mjs").Slip} */
const slipTo = (result) => [result, "One window too far: that is its neighbour’s."];

/** What lies in a window of this size whose first cell is here; undefined where nothing does. */
function resultAt({ map, moved, options }, isMoved, row, col) {
  const [rows, cols] = options.pool;
  const image = isMoved ? moved : map;
  const values = [];
  for (let r = Math.max(row, 0); r < Math.min(row + rows, image.rows); r++)
    for (let c = Math.max(col, 0); c < Math.min(col + cols, image.cols); c++)
      values.push(image.values[r * image.cols + c]);
  if (!values.length) return undefined;
  return options.kind === "max" ? Math.max(...values) : values.reduce((a, b) => a + b) / values.length;
}

/** @returns {[import("../arithmetic/judge.mjs").Slip[], string]} */
function outputSlips({ kind, view: which }, view) {
  const isMoved = which === "shift";
  const {
    options,
    place: { row, col },
    down,
    across,
    map,
    moved,
    count,
  } = view;
  const window = isMoved ? view.movedWindow : view.window;
  const { values, largest, mean, total, filler, cells } = window;
  const image = isMoved ? moved : map;
  const real = cells.length;
  const there = (r, c) => resultAt(view, isMoved, r, c);
  const [stride, pool] = [options.stride[1], options.pool[1]];
  const neighbours = [-1, 1]
    .map((by) => view.at + by)
    .filter((step) => step >= 0 && step < count)
    .map((step) => slipTo(windowOf(image, options, step).result));
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const byKind =
    kind === "max"
      ? [
          [mean, "You averaged. Max pooling keeps the largest number and drops the others."],
          [total, "You added the numbers up. Max pooling keeps the largest one."],
          [Math.min(...values), "That is the smallest: the largest wins."],
          [
            filler ? Math.max(largest, 0) : undefined,
            "You counted the filler as 0. It is no number: it never wins, not even where all others are negative.",
          ],
          [
            values.reduce((one, other) => (Math.abs(other) > Math.abs(one) ? other : one)),
            "That is the largest without its sign: a negative number is smaller than any positive one.",
          ],
          [values.indexOf(largest), "That says where the largest stands. What is kept is the number itself."],
        ]
      : [
          [largest, "That is the largest. Mean pooling adds the numbers up and divides by how many there are."],
          [total, `You forgot to divide by ${real}.`],
          [
            filler ? total / (real + filler) : undefined,
            `You counted the filler: divide by the ${real} cells inside, not by ${real + filler}.`,
          ],
          [total / pool, `Divide by the number of cells, ${real}, not by the side of the window.`],
          [
            [...values].sort((a, b) => a - b)[Math.floor(real / 2)],
            "That is the middle number, the median: the mean adds up and divides.",
          ],
        ];
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const slips = [
    [isMoved ? view.window.result : undefined, "That was y before the shift: x has moved, and the windows have not."],
    [
      isMoved && col > 0 ? view.output.values[view.at - 1] : undefined,
      `y does not move along with x: x moved by 1, and a cell of y stands for ${plural(stride, "column")}.`,
    ],
    ...byKind,
    [
      there(row - down.before, col - across.before),
      `You forgot the stride, ${stride}: this window begins at ${nameCell("x", window)}.`,
    ],
    [
      there(row * pool - down.before, col * pool - across.before),
      `You moved by the size of the window, ${pool}: the stride is ${stride}.`,
    ],
    [
      there(row * down.stride, col * across.stride),
      `You forgot the filler before x: rows and columns of it, ${down.before} and ${across.before} here.`,
    ],
    ...neighbours,
    [values[0], "That is the window’s first number only."],
    [
      image.values.reduce((most, value) => Math.max(most, value), -Infinity),
      "That is the largest of the whole map: look into the window only.",
    ],
  ];
  const what = kind === "max" ? "which number is the largest?" : "add them up and divide by how many they are.";
  return [slips, `Look at the ${plural(real, "real cell")} in the frame: ${what}`];
}

/** @returns {[import("../arithmetic/judge.mjs").Slip[], string]} */
function gradientSlips({ kind, ties }, view, name) {
  const { target, window, upstream, at, place } = view;
  const { winners, cells, filler, result } = window;
  const g = upstream[at];
  const { before, share, value } = target;
  const own = nameCell("x", target);
  const size = cells.length;
  const winner = nameCell("x", winners[0]);
  const yName = `∂L/∂${nameCell("y", place)}`;
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const always = [
    [
      share && before ? share * g : undefined,
      `That writes over what was there: ${name} held ${number(before)} from earlier windows; this one adds to it.`,
    ],
    [share ? before - share * g : undefined, "The sign of what is added is wrong."],
    [
      before + share * g * value,
      `That multiplies by ${own} itself. The slope of y is ${number(share)} there, whatever its value.`,
    ],
    [share * g ? before : undefined, "Nothing was added yet: that is what it held before this step."],
    [result, "That is y, not how fast L changes with x."],
    [value, "That is the number itself, not how fast L changes with it."],
  ];
  if (kind === "mean")
    return [
      [
        [before + g, `Undivided: y is the sum divided by ${size}, so each cell gets ${yName} / ${size}.`],
        [
          filler ? before + g / (size + filler) : undefined,
          `You counted the filler: the gradient is shared by the real cells of the window, ${size} here.`,
        ],
        [value !== window.largest ? before : undefined, "Nothing wins in mean pooling: every cell gets its share."],
        ...always,
      ],
      `${number(g)} / ${size} is added to what it held, ${number(before)}.`,
    ];
  const tied = winners.length > 1;
  return [
    [
      [
        before + g / size,
        "That shares the gradient among all cells, as mean pooling does. Max pooling gives it to the winner.",
      ],
      [
        tied && ties === "first" ? before + g / winners.length : undefined,
        `Sharing among ${winners.length} winners is another convention: TensorFlow’s pooling gives all to ${winner}.`,
      ],
      [
        tied && share < 1 ? before + g : undefined,
        ties === "first"
          ? `${own} is as large as ${winner}, but TensorFlow’s pooling gives all of the gradient to the first one.`
          : `Here the ${winners.length} winners share the gradient: together they get ${number(g)}, not each.`,
      ],
      [
        !share ? before + g : undefined,
        `${own} did not win, ${winner} did: a small change of ${own} leaves y as it is.`,
      ],
      [tied && ties === "shared" ? before : undefined, `${own} is among the winners, which share the gradient here.`],
      ...always,
    ],
    share
      ? `${own} won: ${number(share * g)} is added to what it held, ${number(before)}.`
      : `${own} gets nothing from this window. What did it hold before?`,
  ];
}
