/** ImageFilter: a kernel over a photograph, what becomes of every pixel, and why. */

import { numberField, numberPair, part, segmented, toggle } from "./shared/controls.mjs";
import { MODES } from "./shared/convolution.mjs";
import { flip2d, requireGrid, shapeOf } from "./shared/convolution2d.mjs";
import { h, icon, setText, steadyHeight } from "./shared/dom.mjs";
import { exact, factor, grouped, number } from "./shared/format.mjs";
import { defineWidget } from "./shared/frame.mjs";
import { editableGrid, plainGrid } from "./shared/grid.mjs";
import { BORDER_MODES, crop, crossCorrelate, magnitude, paintPixels, startCrossCorrelation, summarise, toGrey, toShown, windowAt } from "./shared/image.mjs";
import { analyse, describeEffect, hintAt, KERNEL_SIZES, KERNELS, namedKernel, resized, sumOfWeights } from "./shared/kernels.mjs";
import { Misfit } from "./shared/misfit.mjs";
import { addPrediction } from "./shared/predict.mjs";
import { createRandom } from "./shared/random.mjs";
import { addSources, isOwn } from "./shared/sources.mjs";

const MOST_CELLS = 9;
const DEFAULT_PICTURES = "camera,cat,coins";
const SHOW = ["clipped", "rescaled", "signed"];
const CHANNELS = ["red", "green", "blue"];

/** How long filtering may hold a frame up, in milliseconds; what is left goes on in the next frame. */
const FRAME_MS = 12;
const ROWS_AT_A_TIME = 16;

/**
 * The kernel of a state as it is written: one with a name, or an own one.
 * @returns {{name: string, written: number[][]}} name is "own" for an own one
 */
function readKernel({ kernel, size, sigma, seed }) {
  // An address that names a kernel where there was an own one reads as a list of one name.
  const given = Array.isArray(kernel) && kernel.length === 1 && typeof kernel[0] === "string" ? kernel[0] : kernel;
  if (typeof given === "string") {
    if (!(given in KERNELS)) throw new Misfit(`There is no kernel named ${given}: use ${Object.keys(KERNELS).join(", ")}, or rows of numbers.`);
    return { name: given, written: namedKernel(given, { size, sigma, seed }) };
  }
  const written = Array.isArray(given) && given.every((entry) => !Array.isArray(entry)) ? [given] : given;
  checkKernel(written);
  return { name: "own", written };
}

/** Refuses what is no kernel for this widget. */
function checkKernel(grid) {
  requireGrid("kernel", grid);
  const wrong = grid.flat().find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Misfit(`The kernel holds “${wrong}”, which is not a finite number.`);
  const [rows, cols] = shapeOf(grid);
  if (rows > MOST_CELLS || cols > MOST_CELLS) throw new Misfit(`A kernel of ${rows} × ${cols} cells is too large for this page: use at most ${MOST_CELLS} × ${MOST_CELLS}.`);
}

function requireOneOf(what, value, options) {
  if (!options.includes(value)) throw new Misfit(`There is no ${what} ${value}: use ${options.join(", ")}.`);
}

function requireNumber(what, value, min, max) {
  if (!(typeof value === "number" && value >= min && value <= max)) throw new Misfit(`${value} does not work as ${what}: use a number from ${min} to ${max}.`);
}

/**
 * The kernels as they are written and as they are laid on the picture. There are two for the Sobel
 * magnitude, else one.
 * @param {any} state
 */
export function compute(state) {
  requireOneOf("size", state.size, KERNEL_SIZES);
  requireNumber("sigma", state.sigma, 0.1, 9);
  requireNumber("seed", state.seed, 0, 9999);
  requireOneOf("border", state.mode, BORDER_MODES);
  requireOneOf("way to show the result,", state.show, SHOW);
  requireOneOf("answer", state.answer, ["shown", "hidden"]);
  requireOneOf("channel", state.channel, [0, 1, 2]);
  requireNumber("divider", state.divider, 0, 1);
  requireNumber("row", state.row, 0, Infinity);
  requireNumber("col", state.col, 0, Infinity);
  const pictures = Object.keys(state.images);
  if (!isOwn(state.source)) requireOneOf("picture", state.source, pictures);
  const { name, written } = readKernel(state);
  const writtenGrids = name === "sobel_magnitude" ? [written, namedKernel("sobel_y", state)] : [written];
  const sum = sumOfWeights(written);
  const divisor = state.normalise && sum !== 0 ? sum : 1;
  const laid = writtenGrids.map((grid) => (state.flip ? flip2d(grid) : grid));
  return {
    name, sum, divisor, laid,
    written: writtenGrids,
    shape: shapeOf(written),
    weights: laid.map((grid) => grid.map((row) => row.map((weight) => weight / divisor))),
  };
}

/** What a kernel, or the pair of the Sobel magnitude, makes of a picture. */
function filtered(picture, weights, mode) {
  const results = weights.map((grid) => crossCorrelate(picture, grid, mode));
  return results.length === 2 ? magnitude(...results) : results[0];
}

/** The result at one pixel, from the numbers in its window. */
function sumsAt(view, window) {
  const products = view.laid.map((grid) => grid.map((line, row) => line.map((weight, col) => weight * window[row][col])));
  const sums = products.map((grid) => grid.flat().reduce((total, product) => total + product, 0));
  const values = sums.map((total) => total / view.divisor);
  return { products, sums, value: values.length === 2 ? Math.hypot(...values) : values[0] };
}

/** A share of all pixels, with as many digits as it deserves. */
export function percent(count, all) {
  const share = (100 * count) / all;
  if (count > 0 && share < 0.1) return "less than 0.1\u00a0%";
  if (count < all && share > 99.9) return "more than 99.9\u00a0%";
  return `${share < 10 ? Math.round(10 * share) / 10 : Math.round(share)}\u00a0%`;
}

/** What happens to values that no screen can show. */
export function describeRange(show, { min, max, below, above, clipped, pixels }) {
  const range = `The result runs from ${short(min)} to ${short(max)}`;
  if (show === "signed") return `${range}: blue is negative, orange positive, paper is 0.`;
  if (show === "rescaled") return max > min ? `${range}: black is its smallest value, white its largest.` : `Every value is ${short(min)}: there is nothing to stretch.`;
  if (clipped === 0) return `${range}: nothing is clipped.`;
  const sides = [[below, "below 0, shown black"], [above, "above 255, shown white"]].filter(([count]) => count);
  const each = sides.map(([count, words]) => (sides.length === 1 ? words : `${percent(count, pixels)} ${words}`));
  return `${range}. ${percent(clipped, pixels)} of the pixels are clipped: ${each.join(", and ")}.`;
}

const short = (value) => (Math.abs(value) >= 1000 ? grouped(Math.round(value)) : number(value, Math.abs(value) >= 100 ? 4 : 3));

/** A weight or a product in a small cell: two decimals at most, and thousands as such. */
function brief(value) {
  const size = Math.abs(value);
  if (size >= 1000) return `${number(value / 1000, 2)}k`;
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const rounded = Number(value.toFixed(decimals));
  return rounded === 0 && value !== 0 ? `${number(Math.sign(value)).replace("1", "")}0.00` : number(rounded);
}

/** The scale of shades under the picture, and the numbers at its ends. */
function endsOf(show, range) {
  if (show === "signed") {
    const largest = Math.max(Math.abs(range.min), Math.abs(range.max)) || 1;
    return [-largest, largest];
  }
  return show === "rescaled" && range.max > range.min ? [range.min, range.max] : [0, 255];
}

/** The signed scale in the colours of the theme. @param {HTMLElement[]} probes elements that have these colours */
function readPalette(probes) {
  const [paper, negative, positive] = probes.map((probe) => getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number));
  return { paper, negative, positive };
}

/** Other kernels whose results could be mistaken for this one's: their names and how to tell them, the likeliest first. */
function lures(view, flipped) {
  const middle = (grid) => grid.map((line, row) => line.map((_, col) => Number(row === grid.length >> 1 && col === line.length >> 1)));
  const scaled = (grid, by) => grid.map((line) => line.map((weight) => weight * by));
  const named = (name, size = 3) => {
    const grid = namedKernel(name, { size, sigma: 2, seed: 1 });
    return [scaled(grid, 1 / (sumOfWeights(grid) || 1))];
  };
  const [own] = view.weights;
  const turned = own[0].map((_, col) => own.map((line) => line[col]));
  const all = {
    turned: [[turned], `Rows and columns of the kernel are exchanged there: ${describeEffect({ weights: [turned] }).replace(/^./, (letter) => letter.toLowerCase()).replace(/\.$/, "")}`],
    mirrored: [[flip2d(own)], flipped ? "That is cross-correlation: the kernel was not flipped" : "That is convolution: the kernel was flipped, and here it is laid on as it is"],
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
  const order = {
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

function build(card, store) {
  const refuse = (sentence) => store.refuse(sentence);
  const probes = ["paper", "neg", "pos"].map((name) => h("span", { hidden: true, style: `color: var(--cv-${name})` }));

  // What is on show: the picture, what the kernel has made of it, and the work in hand.
  let source = null;
  let picture = null; // in grey or in colour, as the state wants
  let result = null;
  let range = null;
  let work = null;
  let hover = null; // the pixel under a pointer that only looks
  let painted = {};
  let palette = null; // read once, because reading makes the browser lay the page out

  const sources = addSources(card, store, (next) => {
    if (next.live && work) return; // the camera is quicker than the filter: this frame is left out
    source = next;
    schedule();
  });

  // The picture: before and after, one over the other.
  const before = h("canvas.imf-canvas", { "aria-hidden": "true" });
  const after = h("canvas.imf-canvas.imf-after", { "aria-hidden": "true" });
  const lens = h("div.imf-lens", { "aria-hidden": "true" });
  const handle = h("div.imf-divider", { role: "slider", tabindex: 0, "aria-label": "where before ends and after begins, in percent", "aria-valuemin": 0, "aria-valuemax": 100 });
  const frame = h("div.imf-frame", { role: "application", tabindex: 0, "aria-roledescription": "picture with a loupe", "aria-busy": "true" },
    before, after, h("span.imf-tag.imf-tag-before", { "aria-hidden": "true" }, "before"), h("span.imf-tag.imf-tag-after", { "aria-hidden": "true" }, "after"),
    lens, part("divider", handle), h("div.imf-dropzone", { "aria-hidden": "true" }, "drop the picture here"));
  const caption = h("div.imf-caption");
  const scale = h("canvas.imf-scale", { width: 256, height: 1, "aria-hidden": "true" });
  const [scaleFrom, scaleTo] = [h("span"), h("span")];
  const rangeWords = h("span");
  const signs = h("button", { type: "button", onclick: () => store.propose({ show: "signed" }) }, "show signs");
  const fixes = h("span.imf-fixes", {},
    signs,
    h("button", { type: "button", onclick: () => store.propose({ show: "rescaled" }) }, "rescale"));
  const rangeBox = part("range", h("div.imf-range", {}, h("div.imf-scale-line", {}, scaleFrom, scale, scaleTo), h("p", {}, rangeWords), fixes));

  // The kernel: chosen by name, or edited cell by cell.
  const kernelChoice = h("select", { onchange: () => chooseKernel(kernelChoice.value) },
    ...Object.entries({ ...KERNELS, own: "your own" }).map(([value, words]) => h("option", { value }, words)));
  const size = segmented("size", KERNEL_SIZES.map((n) => [n, String(n)]), (value) => store.propose({ size: value }));
  const shape = numberPair("size", [["", "rows"], ["×", "columns"]], { min: 1, max: MOST_CELLS }, resizeOwn, refuse);
  const sigma = numberField("sigma", { min: 0.1, max: 9, step: 0.1 }, (value) => store.propose({ sigma: value }), refuse);
  const seed = numberField("seed", { min: 0, max: 9999 }, (value) => store.propose({ seed: value }), refuse);
  const reshuffle = h("button", { type: "button", onclick: () => store.propose({ seed: (store.state.seed + 1) % 10000 }) }, "shuffle");
  const random = h("span.cv-group", {}, seed.element, reshuffle);
  const undo = h("button", { type: "button", onclick: takeBack }, icon("M8 5 3 10l5 5M3 10h11a5 5 0 0 1 0 10h-2"), "undo");
  const fraction = h("span.imf-fraction", {}, h("span"), h("span"));
  const cells = editableGrid({
    label: "kernel",
    name: (row, col) => `w[${row}, ${col}]`,
    read: () => store.view.written[0],
    write: (grid) => store.propose({ kernel: grid }),
    check: checkKernel,
    refuse,
    print: brief,
  });
  const pair = [plainGrid({ label: "kernel across" }), plainGrid({ label: "kernel down" })];
  const pairBox = h("div.imf-pair", {}, ...pair.map((grid, i) => h("div", {}, h("span.imf-name", {}, ["across", "down"][i]), grid.element)));
  const kernelBox = part("cells", h("div.imf-kernel", {}, fraction, cells.element, pairBox));
  const sumWords = h("p.imf-sum");
  const normalise = toggle("divide by the sum", (on) => store.propose({ normalise: on }));
  const effect = h("p.imf-effect");
  const panel = h("div.imf-panel", {},
    part("kernel", h("div.imf-choose", {}, h("label", {}, "kernel", kernelChoice), size.element, shape.element, sigma.element, random)),
    kernelBox,
    h("div.imf-line", {}, part("normalise", normalise.element), part("kernel", undo)),
    sumWords, effect);

  // The loupe: the numbers under it, and what is done with them.
  const where = h("span.imf-where");
  const nudge = (words, path, down, right) => h("button.cv-icon-button", { type: "button", title: words, "aria-label": words, onclick: () => moveLens(down, right) }, icon(path));
  const pad = h("span.imf-pad", {}, nudge("one pixel left", "M15 5l-8 7 8 7", 0, -1), nudge("one pixel up", "M5 15l7-8 7 8", -1, 0), nudge("one pixel down", "M5 9l7 8 7-8", 1, 0), nudge("one pixel right", "M9 5l8 7-8 7", 0, 1));
  const channel = segmented("numbers of", CHANNELS.map((words, i) => [i, words]), (value) => store.propose({ channel: value }));
  const rows = [0, 1].map(() => {
    const grids = ["pixels", "weights", "products"].map((label) => plainGrid({ label }));
    const names = ["pixels", "", "= products"].map((words) => h("span.imf-name", {}, words));
    return { grids, names, element: h("div.imf-grids", {}, ...grids.map((grid, i) => h("div", {}, names[i], grid.element))) };
  });
  const loupe = part("loupe", h("div.imf-loupe", {}, h("div.imf-line", {}, where, pad, channel.element), ...rows.map((row) => row.element)));

  card.stage.append(h("div.imf", {}, ...probes, sources.element,
    h("div.imf-main", {}, h("div.imf-view", {}, frame, caption, rangeBox), panel), loupe));

  const choices = h("div.imf-choices");
  let question = null;
  const prediction = addPrediction(card, store, {
    judge: judgePick,
    repaint: () => paint(store.state, store.view),
    choices(pick) {
      [..."ABCD"].forEach((letter, i) =>
        choices.append(h("button", { type: "button", "aria-label": `picture ${letter}`, onclick: () => pick(i) }, h("canvas", { "aria-hidden": "true" }), h("span", {}, letter))));
      return choices;
    },
  });
  prediction.arithmetic.classList.add("imf-arithmetic");
  const steadySay = steadyHeight(card.say);
  const [formulaSymbols, formulaNumbers] = [h("div"), h("div")];
  card.formula.dataset.part = "range";
  card.formula.append(formulaSymbols, formulaNumbers);

  // Settings.
  const show = segmented("result", SHOW.map((name) => [name, name]), (value) => store.propose({ show: value }));
  const border = h("select", { onchange: () => store.propose({ mode: border.value }) },
    ...MODES.map((name) => h("option", { value: name }, name)), h("option", { value: "valid" }, "only where it fits"));
  const operation = segmented("kernel", [[true, "flipped (convolution)"], [false, "as is (cross-correlation)"]], (flip) => store.propose({ flip }));
  const colour = toggle("colour", (on) => store.propose({ colour: on }));
  const save = h("button", { type: "button", onclick: saveResult }, icon("M12 4v11M7 11l5 5 5-5M5 20h14"), "save the result");
  card.settings.append(
    part("show", show.element), part("mode", h("label", {}, "border", border)), part("operation", operation.element),
    part("colour", colour.element), part("predict", prediction.element), part("save", save));
  card.root.querySelector(".cv-share").append(h("p.imf-unshared", { hidden: true }, "The picture of your own is not in it: whoever opens it sees the first picture instead."));

  // Kernels that were there before, so that none is lost.
  const past = [];
  let lastKernel = null;
  const kernelState = ({ kernel, size, sigma, seed }) => ({ kernel, size, sigma, seed });
  function remember(state) {
    const now = JSON.stringify(kernelState(state));
    if (lastKernel !== null && lastKernel !== now) past.push(lastKernel);
    lastKernel = now;
    undo.setAttribute("aria-disabled", String(past.length === 0));
  }
  function takeBack() {
    if (!past.length) return;
    lastKernel = past.pop();
    store.propose(JSON.parse(lastKernel));
  }
  function chooseKernel(name) {
    store.propose({ kernel: name === "own" ? store.view.written[0] : name });
  }
  function resizeOwn(index, count) {
    return store.propose({ kernel: resized(store.view.written[0], ...store.view.shape.with(index, count)) });
  }

  // The loupe's place: where it was put, or for a moment where the mouse points.
  const clampTo = ({ row, col }) => ({ row: Math.min(Math.max(row, 0), picture.rows - 1), col: Math.min(Math.max(col, 0), picture.cols - 1) });
  const place = () => clampTo(hover ?? store.state);
  function moveLens(down, right) {
    if (!picture) return;
    const { row, col } = clampTo(store.state);
    hover = null;
    store.propose(clampTo({ row: row + down, col: col + right }));
  }
  function pixelUnder({ clientX, clientY }) {
    const box = frame.getBoundingClientRect();
    return clampTo({ row: Math.floor(((clientY - box.top) / box.height) * picture.rows), col: Math.floor(((clientX - box.left) / box.width) * picture.cols) });
  }
  let pressed = false;
  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !picture || handle.contains(event.target)) return;
    frame.setPointerCapture(event.pointerId);
    pressed = true;
    hover = pixelUnder(event);
    schedule();
  });
  frame.addEventListener("pointermove", (event) => {
    if (!picture || dragging || handle.contains(event.target) || (event.pointerType !== "mouse" && !pressed)) return;
    hover = pixelUnder(event);
    schedule();
  });
  frame.addEventListener("pointerup", (event) => {
    if (!pressed) return;
    pressed = false;
    store.propose(pixelUnder(event));
    if (event.pointerType !== "mouse") hover = null;
  });
  const leave = () => {
    pressed = false;
    hover = null;
    schedule();
  };
  frame.addEventListener("pointercancel", leave);
  frame.addEventListener("pointerleave", leave);

  const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  card.stage.addEventListener("keydown", (event) => {
    const by = arrows[event.key];
    if (!by || ![card.stage, frame].includes(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 10 : 1;
    moveLens(by[0] * far, by[1] * far);
  });

  // The divider follows the pointer; Python hears of it when the pointer rests.
  let dragging = false;
  const share = (event) => {
    const box = frame.getBoundingClientRect();
    return Math.round(1000 * Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1)) / 1000;
  };
  handle.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    handle.setPointerCapture(event.pointerId);
    dragging = true;
  });
  handle.addEventListener("pointermove", (event) => dragging && paintDivider(share(event)));
  handle.addEventListener("pointerup", (event) => {
    if (!dragging) return;
    dragging = false;
    store.propose({ divider: share(event) });
  });
  handle.addEventListener("pointercancel", () => {
    dragging = false;
    paintDivider(store.state.divider);
  });
  handle.addEventListener("keydown", (event) => {
    const now = store.state.divider;
    const next = { ArrowLeft: now - 0.02, ArrowDown: now - 0.02, ArrowRight: now + 0.02, ArrowUp: now + 0.02, Home: 0, End: 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    store.propose({ divider: Math.round(1000 * Math.min(Math.max(next, 0), 1)) / 1000 });
  });
  function paintDivider(divider) {
    frame.style.setProperty("--divider", divider);
    frame.classList.toggle("imf-only-before", divider > 0.93);
    frame.classList.toggle("imf-only-after", divider < 0.07);
    handle.setAttribute("aria-valuenow", String(Math.round(100 * divider)));
    handle.setAttribute("aria-valuetext", `${Math.round(100 * divider)} % before, ${100 - Math.round(100 * divider)} % after`);
  }

  async function saveResult() {
    if (!result) return;
    const blob = await new Promise((resolve) => after.toBlob(resolve, "image/png"));
    const address = URL.createObjectURL(blob);
    const stem = source.label.replace(/\.\w+$/, "").replace(/[^\w-]+/g, "-");
    h("a", { href: address, download: `${stem}-${store.view.name}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  // One frame of work: as much filtering as fits, then everything that has changed since the last.
  let frameRequest = 0;
  function schedule() {
    frameRequest ||= requestAnimationFrame(() => {
      frameRequest = 0;
      if (source && store.view) step(store.state, store.view);
    });
  }
  card.onDispose(() => cancelAnimationFrame(frameRequest));

  /** @returns {boolean} whether a part of the picture has changed since it was last painted */
  function changed(name, ...subject) {
    const same = painted[name]?.every((entry, i) => entry === subject[i]);
    if (!same) painted[name] = subject;
    return !same;
  }

  function step(state, view) {
    const inColour = state.colour && source.picture.channels.length === 3;
    if (changed("picture", source, inColour)) {
      picture = inColour ? source.picture : toGrey(source.picture);
      paintBefore();
      paintCaption(state);
    }
    if (changed("result", picture, view, state.mode)) startWork(view, state.mode);
    if (work && !goOn()) return schedule();
    const shown = prediction.isKnown(0);
    palette ??= readPalette(probes);
    if (changed("question", shown, picture, view, state.mode, state.show, palette) && !shown) ask(state, view, palette);
    if (changed("after", result, state.show, shown, palette)) paintAfter(state, shown, palette);
    paintLoupe(state, view, shown);
    // Last, for it makes the browser lay the page out; a long sum has a fixed height anyway.
    if (view.laid.flat(2).length <= 9) steadySay([view.shape, shown].join());
    else card.say.style.minHeight = "";
    frame.setAttribute("aria-busy", "false");
  }

  function startWork(view, mode) {
    try {
      work = view.weights.map((grid) => startCrossCorrelation(picture, grid, mode));
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      work = null; // the last result stays
      store.refuse(error.message, error.fixes);
    }
  }

  /** Filters until the frame's time is up. @returns {boolean} whether the result is there */
  function goOn() {
    const end = performance.now() + FRAME_MS;
    let all = false;
    do all = work.every((job) => job.advance(ROWS_AT_A_TIME));
    while (!all && performance.now() < end);
    if (!all) return false;
    const results = work.map((job) => job.result);
    result = results.length === 2 ? magnitude(...results) : results[0];
    range = summarise(result);
    work = null;
    return true;
  }

  function paintBefore() {
    const { rows, cols } = picture;
    draw(before, rows, cols, (bytes) => paintPixels(picture, bytes, "clipped", { min: 0, max: 255 }, null));
    frame.style.setProperty("--rows", rows);
    frame.style.setProperty("--cols", cols);
  }

  function paintCaption(state) {
    const { rows, cols } = source.picture;
    const about = `${source.label}: ${grouped(rows)} × ${grouped(cols)} pixels, ${state.colour && source.picture.channels.length === 1 ? "which are grey" : picture.channels.length === 3 ? "in colour" : "in grey"}.`;
    setText(caption, [about, ...source.notes].join(" "));
    frame.setAttribute("aria-label", `${source.label}, before and after. The arrow keys move the loupe by one pixel, with Shift by ten.`);
  }

  function draw(canvas, rows, cols, fill) {
    if (canvas.width !== cols || canvas.height !== rows) Object.assign(canvas, { width: cols, height: rows });
    const image = new ImageData(cols, rows);
    fill(image.data);
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  function paintAfter(state, shown, palette) {
    frame.classList.toggle("imf-hidden", !shown);
    after.hidden = !shown;
    draw(after, result.rows, result.cols, (bytes) => paintPixels(result, bytes, state.show, range, palette));
    // Where only whole windows count, the result is smaller, and lies in the middle.
    const [top, left] = [(picture.rows - result.rows) / 2, (picture.cols - result.cols) / 2].map(Math.ceil);
    frame.style.setProperty("--top", top / picture.rows);
    frame.style.setProperty("--left", left / picture.cols);
    frame.style.setProperty("--height", result.rows / picture.rows);
    frame.style.setProperty("--width", result.cols / picture.cols);
    frame.classList.toggle("imf-shrunk", result.rows < picture.rows || result.cols < picture.cols);
    const [low, high] = endsOf(state.show, range);
    draw(scale, 1, 256, (bytes) => paintPixels({ rows: 1, cols: 256, channels: Array(state.show === "signed" ? picture.channels.length : 1).fill(Float32Array.from({ length: 256 }, (_, i) => low + ((high - low) * i) / 255)) }, bytes, state.show, { min: low, max: high }, palette));
    setText(scaleFrom, short(low));
    setText(scaleTo, short(high));
    setText(rangeWords, shown ? describeRange(state.show, range) : "");
    fixes.hidden = !shown || state.show !== "clipped" || range.clipped === 0;
    signs.hidden = range.below === 0;
    rangeBox.classList.toggle("imf-hidden", !shown);
  }

  function ask(state, view, palette) {
    question = makeQuestion(picture, state, view, palette);
    [...choices.children].forEach((button, i) => {
      const option = question.options[i];
      button.hidden = !option;
      button.classList.remove("imf-wrong");
      if (option) draw(button.firstElementChild, question.rows, question.cols, (bytes) => bytes.set(option.bytes));
    });
  }

  function judgePick(index) {
    const option = question.options[index];
    choices.children[index].classList.toggle("imf-wrong", !option.right);
    if (option.right) return { right: true, words: `Right. ${describeEffect(store.view)}` };
    return { right: false, words: `${option.words}. ${hintAt(store.view)}` };
  }

  function paintLoupe(state, view, shown) {
    const { row, col } = place();
    const colourful = picture.channels.length === 3;
    const now = [row, col, picture, view, state.mode, state.channel, state.show, result, shown];
    if (!changed("loupe", ...now)) return;
    const { values, ghost, fits } = windowAt(picture, view.shape, state.mode, row, col);
    const window = values[colourful ? state.channel : 0];
    const { products, sums, value } = sumsAt(view, window);
    frame.style.setProperty("--lens-row", (row + 0.5 + (view.shape[0] % 2 ? 0 : -0.5)) / picture.rows);
    frame.style.setProperty("--lens-col", (col + 0.5 + (view.shape[1] % 2 ? 0 : -0.5)) / picture.cols);
    frame.style.setProperty("--lens-height", view.shape[0] / picture.rows);
    frame.style.setProperty("--lens-width", view.shape[1] / picture.cols);
    setText(where, `loupe at row ${row}, column ${col}`);
    channel.element.hidden = !colourful;
    channel.show(state.channel);
    loupe.style.setProperty("--imf-count", Math.max(...view.shape));
    rows.forEach(({ grids, names, element }, i) => {
      element.hidden = i >= view.laid.length;
      if (element.hidden) return;
      setText(names[1], `· weights${view.laid.length === 2 ? [" across", " down"][i] : ""}${state.flip ? ", flipped" : ""}`);
      grids[0].show(window, { largest: 0, each: (cell, r, c) => shade(cell, values, r, c, ghost[r][c]) });
      grids[1].show(view.laid[i], { print: brief, each: evenly(view.laid[i]) });
      const known = shown && fits ? products[i] : products[i].map((line) => line.map(() => null));
      const size = evenly(products[i]);
      grids[2].show(known, { print: brief, each(cell, r, c) {
        size(cell);
        cell.title = known[r][c] === null ? "" : `${factor(window[r][c])} · ${factor(view.laid[i][r][c])} = ${short5(products[i][r][c])}`;
      } });
    });
    paintArithmetic(state, view, { row, col, window, sums, value, fits, shown });
    paintFormula(state, view, shown && fits ? value : null);
    card.announce(describeLoupe(view, { row, col, value, fits, shown }));
  }

  /** Colours a cell as the pixel is, and its number so that it can be read on that. */
  function shade(cell, values, row, col, outside) {
    cell.classList.toggle("ghost", outside);
    cell.style.background = cell.style.color = "";
    if (values[0][row][col] === null) return;
    const rgb = values.length === 3 ? values.map((grid) => grid[row][col]) : Array(3).fill(values[0][row][col]);
    const linear = rgb.map((v) => (v <= 10.31 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    cell.style.background = `rgb(${rgb})`;
    cell.style.color = luminance > 0.179 ? "#000" : "#fff";
  }

  function paintArithmetic(state, view, { row, col, window, sums, value, fits, shown }) {
    const box = prediction.arithmetic;
    const y = `y[${row}, ${col}] = `;
    if (!shown) return box.replaceChildren(question?.options.length > 1 ? "Which of these does the kernel make of the picture?" : "Here the picture is too even to tell kernels apart: move the loupe, or choose another one.");
    if (!fits) return box.replaceChildren(`${y}nothing: here the kernel reaches over the border.`);
    const [over, under] = view.divisor === 1 ? ["", ""] : ["(", `) / ${exact(view.divisor)}`];
    const terms = (grid) => grid.flatMap((line, r) => line.flatMap((weight, c) => [r + c ? " + " : "", `${factor(window[r][c])}·`, h("span.k", {}, factor(weight, brief))]));
    const total = h("span.y", {}, short5(value));
    if (view.laid.length === 2) {
      const names = ["across = ", "down = "];
      box.replaceChildren(
        ...view.laid.flatMap((grid, i) => [h("div", {}, names[i], ...terms(grid), ` = ${short5(sums[i])}`)]),
        h("div", {}, `${y}√(${factor(sums[0])}² + ${factor(sums[1])}²) = `, total));
    } else {
      const divided = view.divisor === 1 ? [] : [` = ${short5(sums[0])} / ${exact(view.divisor)}`];
      box.replaceChildren(y, over, ...terms(view.laid[0]), under, ...divided, " = ", total);
    }
    // A long sum scrolls: then the keyboard must get to it.
    const isLong = view.laid.flat(2).length > 9;
    box.classList.toggle("imf-long", isLong);
    if (isLong) Object.assign(box, { tabIndex: 0, role: "group", ariaLabel: "the sum in full" });
    else for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
  }

  function paintFormula(state, view, value) {
    const offset = (size) => (state.flip ? (size - 1) >> 1 : size >> 1);
    const index = (name, letter, size) => (state.flip ? `${name}${offset(size) ? ` + ${offset(size)}` : ""} − ${letter}` : `${name} + ${letter}${offset(size) ? ` − ${offset(size)}` : ""}`);
    const [height, width] = view.shape;
    const by = view.divisor === 1 ? "" : ` / ${exact(view.divisor)}`;
    setText(formulaSymbols, `y[row, col] = Σᵢ Σⱼ w[i, j] · x[${index("row", "i", height)}, ${index("col", "j", width)}]${by}`);
    setText(formulaNumbers, value === null ? "" : describeShown(state.show, value, range));
  }

  function paint(state, view) {
    prediction.begin([state.source, state.kernel, state.size, state.sigma, state.seed, state.flip, state.normalise, state.mode]);
    remember(state);
    sources.follow();
    const isPair = view.written.length === 2;
    kernelChoice.value = view.name;
    size.show(state.size);
    size.element.hidden = view.name === "own";
    shape.element.hidden = view.name !== "own";
    shape.show(view.shape);
    sigma.element.hidden = view.name !== "gaussian";
    sigma.show(state.sigma);
    random.hidden = view.name !== "random";
    seed.show(state.seed);
    cells.element.hidden = isPair;
    pairBox.hidden = !isPair;
    panel.style.setProperty("--imf-count", Math.max(...view.shape));
    kernelBox.classList.toggle("imf-wide", Math.max(...view.shape) > 5);
    if (isPair) pair.forEach((grid, i) => grid.show(view.written[i], { print: brief, each: evenly(view.written[i]) }));
    else cells.show(view.written[0], { each: evenly(view.written[0]) });
    fraction.hidden = view.divisor === 1;
    setText(fraction.firstElementChild, view.divisor < 0 ? "−1" : "1");
    setText(fraction.lastElementChild, exact(Math.abs(view.divisor)));
    normalise.show(state.normalise);
    setText(sumWords, describeSum(state, view));
    setText(effect, prediction.isKnown(0) ? describeEffect(view) : "");
    show.show(state.show);
    border.value = state.mode;
    operation.show(state.flip);
    colour.show(state.colour);
    card.root.querySelector(".imf-unshared").hidden = !isOwn(state.source);
    if (!dragging) paintDivider(state.divider);
    prediction.show();
    schedule();
  }

  // A change of theme changes the colours of the signed scale.
  const changeTheme = () => {
    palette = null;
    schedule();
  };
  const themes = new MutationObserver(changeTheme);
  for (const element of [document.documentElement, document.body]) themes.observe(element, { attributes: true, attributeFilter: ["data-theme", "data-jp-theme-light", "class", "theme"] });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", changeTheme);
  card.onDispose(() => {
    themes.disconnect();
    scheme.removeEventListener("change", changeTheme);
  });
  return paint;
}

/** Numbers in one grid in type of one size: that of the longest. */
function evenly(grid) {
  const length = Math.max(3, ...grid.flat().map((value) => brief(value).length));
  return (cell) => cell.style.setProperty("--length", length);
}

const short5 = (value) => number(value, 5);

function describeLoupe(view, { row, col, value, fits, shown }) {
  const at = `row ${row}, column ${col}`;
  if (!shown) return at;
  return fits ? `${at}: ${short5(value)}` : `${at}: here the kernel reaches over the border`;
}

/** How one value of the result becomes a shade, with its numbers. */
export function describeShown(mode, value, range) {
  const v = short5(value);
  const result = toShown(mode, range)(value);
  if (mode === "signed") {
    const largest = Math.max(Math.abs(range.min), Math.abs(range.max)) || 1;
    return `shown = v / largest |v| = ${v} / ${short5(largest)} = ${number(result, 3)}`;
  }
  if (mode === "rescaled" && range.max > range.min) {
    const minus = (x) => (x < 0 ? `(${short5(x)})` : short5(x));
    return `shown = (v − min) / (max − min) · 255 = (${v} − ${minus(range.min)}) / (${short5(range.max)} − ${minus(range.min)}) · 255 = ${Math.round(result)}`;
  }
  return `shown = ${v} cut off at 0 and 255 = ${Math.round(result)}`;
}

/** What the sum of the weights means for the brightness. */
export function describeSum({ normalise }, { sum, divisor, written }) {
  if (written.length === 2) return "The weights of each add up to 0: where the picture is even, the result is 0.";
  const total = exact(sum);
  if (sum === 0) return `The weights add up to 0: where the picture is even, the result is 0.${normalise ? " There is nothing to divide by." : ""}`;
  if (sum === 1) return "The weights add up to 1: the picture stays as bright as it is.";
  if (divisor !== 1) return `The weights add up to ${total}, and are divided by that: the picture stays as bright as it is.${sum < 0 ? " Dividing by a negative number turns their signs." : ""}`;
  return sum > 0 ? `The weights add up to ${total}: the result is ${total} times as bright.` : `The weights add up to ${total}, which is negative: bright becomes dark, and falls below 0.`;
}

export default defineWidget({
  name: "ImageFilter",
  title: "Put a kernel over a photograph",
  picture: "the picture before and after, and the numbers under the loupe",
  state: ["images", "source", "kernel", "size", "sigma", "seed", "flip", "normalise", "mode", "show", "colour", "row", "col", "channel", "divider", "answer"],
  linked: ["source", "kernel", "size", "sigma", "seed", "flip", "normalise", "mode", "show", "colour", "row", "col", "channel", "divider", "answer"],
  given: ({ images }) => (Object.keys(images).join() === DEFAULT_PICTURES ? [] : ["images"]),
  parts: {
    source: "pictures", own: "own picture", camera: "camera", kernel: "choice of kernel", cells: "kernel's cells", normalise: "dividing by the sum",
    operation: "kernel flip", mode: "border", show: "clipped, rescaled, signed", colour: "colour", loupe: "loupe", divider: "divider", range: "range of values",
    predict: "predict switch", save: "save",
  },
  compute,
  build,
});
