/** Pooling in words: the arithmetic of a window, the rule, what a shift changes. */

import { shareOf } from "./state.mjs";
import { factor, grouped, number, plural, sum } from "../arithmetic/format.mjs";
import { numbers } from "../arithmetic/sizes.mjs";
import { h } from "../card/dom.mjs";

/** @type {[string, string][]} */
export const VIEW_WORDS = [
  ["forward", "the windows"],
  ["backward", "the gradients"],
  ["shift", "a shift by one"],
];
export const KERNEL_WORDS = { sobel_x: "Sobel x", sobel_y: "Sobel y", laplacian: "Laplacian", identity: "none" };

/** More numbers of a window than this are not written out, nor more sums of a step. */
const MOST_NUMBERS = 36;
const MOST_SUMS = 9;

export const nameCell = (letter, { row, col }) => `${letter}[${row}, ${col}]`;

/** "max(1, 2, 3, 4)" or "(1 + 2 + 3 + 4) / 4". */
function writeWindow(kind, { values }) {
  const isMax = kind === "max";
  if (values.length > MOST_NUMBERS) {
    const some = values
      .slice(0, 3)
      .map((value) => number(value))
      .join(isMax ? ", " : " + ");
    const count = grouped(values.length);
    return isMax ? `max(${some}, … ${count} numbers)` : `(${some} + …) / ${count}`;
  }
  return isMax ? `max(${values.map((value) => number(value)).join(", ")})` : `(${sum(values)}) / ${values.length}`;
}

/** What filler does in a window, if there is some. */
function describeFiller(kind, { filler, cells }) {
  if (!filler) return "";
  const count = `${plural(filler, "cell")} of filler`;
  if (kind === "max") return `${count}: no number, so it can never win.`;
  return `${count}: not counted, so it divides by ${cells.length}.`;
}

/** How large what comes out is. */
function describeSize(whole, down, across) {
  if (whole) return "One window as large as the map: one number comes out of each channel.";
  const isSquare = down.output === across.output && down.padded === across.padded;
  const columns = isSquare ? ", and as many columns" : `; columns ${numbers(across)}${across.output}`;
  return `rows ${numbers(down)}${down.output}${columns}`;
}

/** The rule of a view, and the size of what comes out. @returns {string[]} lines */
export function describeRule({ kind, view, ties, whole }, { down, across, window }) {
  if (view === "shift")
    return ["x moves one column to the right; the first column stays, too. The windows do not move."];
  if (view === "forward") {
    const rule = kind === "max" ? "the largest number of each window" : "the mean of the real cells of each window";
    return [`y is ${rule}. There is nothing to learn.`, describeSize(whole, down, across)];
  }
  if (kind === "mean")
    return ["Mean: ∂y/∂x = 1 / n for each of the n real cells of a window. Overlapping windows add up."];
  const isTie = window.winners.length > 1 ? ", as here," : "";
  return [
    "Max: ∂y/∂x = 1 for the cell that won, 0 for all others. Overlapping windows add up.",
    ties === "shared"
      ? `At a tie${isTie} the winners share, as in tf.reduce_max. TensorFlow’s pooling gives all to the first.`
      : `At a tie${isTie} TensorFlow’s pooling gives all to the first, row by row. Sharing is another convention.`,
  ];
}

const part = ({ changed, count, mean }) =>
  `${grouped(changed)} of ${grouped(count)} cells (by ${number(mean, 3)} on average)`;

/** How many cells a shift changes: of the input, and of both outputs. */
const describeChanges = ({ changes }) =>
  `Changed: of x ${part(changes.input)}; of y with max ${part(changes.max)}, with mean ${part(changes.mean)}.`;

/** Who gets a window's gradient. */
function describeWay({ kind, ties }, { window: { winners, cells }, upstream, at, place }, known) {
  const g = upstream[at];
  const name = `∂L/∂${nameCell("y", place)} = ${number(g)}`;
  if (kind === "mean") {
    const share = known ? `: ${number(g)} / ${cells.length} = ${number(g / cells.length)} each` : "";
    return `${name} is shared by the ${plural(cells.length, "real cell")} of the window${share}`;
  }
  const [first] = winners;
  if (!known) return `${name} goes back`;
  if (winners.length === 1)
    return `${name} goes whole to ${nameCell("x", first)}, which won with ${number(first.value)}`;
  const tie = `${number(first.value)} stands in ${grouped(winners.length)} cells, a tie: ${name}`;
  if (ties === "shared") return `${tie} is shared by them, ${number(g / winners.length)} each`;
  return `${tie} goes whole to the first, ${nameCell("x", first)}`;
}

/** What each cell of the window held, and what it gets: "x[1, 1]: 0 + 5 = 5". */
function writeSums({ ties }, { window: at, map, before, options, upstream, at: step, isNumbers }) {
  const shares = at.cells.map((cell) => ({ cell, share: shareOf(options, ties, at, cell) }));
  const getting = shares.filter(({ share }) => share > 0);
  const others = shares.length - getting.length;
  const entries = getting.slice(0, MOST_SUMS).map(({ cell, share }) => {
    const held = isNumbers ? before[cell.row * map.cols + cell.col] : 0;
    const added = share * upstream[step];
    const words = `${nameCell("x", cell)}: ${number(held)} + ${factor(added)} = `;
    return h("span.po-entry", {}, words, h("span.y", {}, number(held + added)));
  });
  const rest = [
    getting.length > MOST_SUMS && `and ${grouped(getting.length - MOST_SUMS)} more alike`,
    others > 0 && `${grouped(others)} other cell${others > 1 ? "s" : ""} of the window: + 0`,
  ].filter(Boolean);
  return h("div.po-entries", {}, ...entries, ...rest.map((words) => h("span.po-entry.po-small", {}, words)));
}

/**
 * The arithmetic of the step, in lines.
 * @param {any} state @param {any} now all that is on show @param {boolean} shown whether its result may be seen
 * @returns {HTMLElement[]}
 */
export function writeArithmetic(state, now, shown) {
  const { window: at, movedWindow, place, target, isNumbers } = now;
  const line = (...parts) => h("div", {}, ...parts);
  const small = (words) => h("div.po-small", {}, words);
  const whole = (window) => [`${writeWindow(state.kind, window)} = `, h("span.y", {}, number(window.result))];
  const y = nameCell("y", place);
  if (state.view === "forward") {
    const filler = shown ? describeFiller(state.kind, at) : "";
    return [line(`${y} = `, ...(shown ? whole(at) : ["?"])), ...(filler ? [small(filler)] : [])];
  }
  if (state.view === "shift")
    return [
      line(`${y} = ${writeWindow(state.kind, at)} = ${number(at.result)}`),
      line("shifted: ", ...(shown ? whole(movedWindow) : ["?"])),
      small(shown ? describeChanges(now) : "How many cells change is told when you have found this one."),
    ];
  const name = `∂L/∂${nameCell("x", target)}`;
  const held = number(target.before);
  const question = isNumbers ? `${name}, ${held} so far, becomes ?` : `${name} gets ? from this window`;
  return [line(describeWay(state, now, shown)), shown ? writeSums(state, now) : line(question)];
}

/** What is spoken of a step. */
export function describeStep({ view }, { target }, known) {
  const name = target.isGradient ? `dL by d${nameCell("x", target)}` : nameCell("y", target);
  return `${name}${view === "shift" ? " of the shifted x" : ""} is ${known ? number(target.answer) : "what?"}`;
}
