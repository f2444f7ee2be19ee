/** ConvVolume: a convolution layer over several channels, with every kernel, product and partial sum. */

import { channelOf, countParameters, drawLayer, featureMap, keepNumbers, shapeOfLayer, sliceOf, traceLayer, withChannel, withSlice } from "./shared/conv_layer.mjs";
import { iconButton, numberField, numberPair, part } from "./shared/controls.mjs";
import { shapeOf } from "./shared/convolution2d.mjs";
import { h, ICONS, resize, setText, steadyHeight } from "./shared/dom.mjs";
import { factor, number, plural, sum } from "./shared/format.mjs";
import { defineWidget } from "./shared/frame.mjs";
import { editableGrid, keepVisible, largestIn, plainGrid, slidingWindow } from "./shared/grid.mjs";
import { editableCell, largestOf, tint } from "./shared/cells.mjs";
import { Misfit } from "./shared/misfit.mjs";
import { addPlayback } from "./shared/playback.mjs";
import { addPrediction, judgeGuess } from "./shared/predict.mjs";
import { layOut, numbers, symbols } from "./shared/sizes.mjs";

/** What fits on a screen, and the words for it. */
const MOST = { rows: 7, cols: 7, channels: 4, kernelRows: 3, kernelCols: 3, kernels: 4, stride: 3, padding: 2 };

/** Columns of cells that fit next to each other on a page. */
const MOST_SIDE_BY_SIDE = 30;

const upTo = (count) => Array.from({ length: count }, (_, i) => i);
const total = (values) => values.reduce((all, value) => all + value, 0);

/** @param {any} state */
export function compute(state) {
  const shape = shapeOfLayer(state);
  const tooMany = Object.keys(shape).find((name) => shape[name] > MOST[name]);
  if (tooMany) {
    const words = { rows: "rows", cols: "columns", channels: "channels", kernelRows: "kernel rows", kernelCols: "kernel columns", kernels: "kernels" };
    throw new Misfit(`${shape[tooMany]} ${words[tooMany]} do not fit on the screen: use at most ${MOST[tooMany]}.`);
  }
  if (!Number.isInteger(state.padding) || state.padding < 0 || state.padding > MOST.padding)
    throw new Misfit(`A padding of ${state.padding} does not work: use a whole number from 0 to ${MOST.padding}.`);
  if (!Number.isInteger(state.stride) || state.stride < 1 || state.stride > MOST.stride)
    throw new Misfit(`A stride of ${state.stride} does not work: use a whole number from 1 to ${MOST.stride}.`);
  if (!["shown", "hidden"].includes(state.answer)) throw new Misfit(`The answer can be shown or hidden, not ${state.answer}.`);
  return traceLayer(state);
}

/** "y[0, 1, 0]" */
const nameOf = ({ row, col, kernel }) => `y[${row}, ${col}, ${kernel}]`;

/**
 * Says what is wrong with a predicted value, by recognising the value of a likely slip.
 * @returns {{right: boolean, words: string}}
 */
export function diagnose(state, trace, index, guess) {
  const step = trace.steps[index];
  const { row, col, kernel, partial_sums: partials, bias, sum: answer } = step;
  const [rows, cols, kernels] = trace.output_shape;
  const sumAt = (changes, position = step) => {
    try {
      return featureMap(traceLayer({ ...state, ...changes }), position.kernel)[position.row]?.[position.col];
    } catch (error) {
      if (error instanceof Misfit) return undefined;
      throw error;
    }
  };
  const others = upTo(kernels).filter((k) => k !== kernel).map((k) =>
    [sumAt({}, { row, col, kernel: k }), `That is kernel ${k} at this position: y[${row}, ${col}, ${k}]. Here it is kernel ${kernel}.`]);
  const otherBiases = upTo(kernels).filter((k) => k !== kernel).map((k) =>
    [answer - bias + state.bias[k], `That is with the bias of kernel ${k}: kernel ${kernel} has ${number(bias)}.`]);
  const channels = partials.length;
  const alone = channels === 1 ? [] : partials.flatMap((partial, c) => [
    [partial + bias, `That is channel ${c} alone, with the bias: add the sums of all ${channels} channels.`],
    [partial, `That is channel ${c} alone: add the sums of all ${channels} channels, and the bias.`],
    [answer - partial, `Channel ${c} is missing: its products add up to ${number(partial)}.`],
    [answer - partial - bias, `Channel ${c} and the bias are missing.`],
  ]);
  const neighbours = [[0, 1, "right"], [0, -1, "left"], [1, 0, "down"], [-1, 0, "up"]].map(([down, across, where]) =>
    [featureMap(trace, kernel)[row + down]?.[col + across], `One step too far ${where}: that is ${nameOf({ row: row + down, col: col + across, kernel })}.`]);
  const slips = [
    [answer - bias, `The bias is missing: add ${number(bias)} at the end.`],
    [answer + (channels - 1) * bias, "The bias is added once, not for each channel."],
    ...alone,
    ...others,
    ...otherBiases,
    [sumAt({ flip: true }), "You turned the kernels by 180°: a layer does not, it lays them down as they are."],
    ...neighbours,
    [state.stride > 1 ? sumAt({ stride: 1 }) : undefined, `That is the value for stride 1: here the window moves ${state.stride} cells a step.`],
    [state.padding > 0 ? sumAt({ padding: 0 }) : undefined, "That is the value without padding: the first windows begin on the ghost cells here."],
    [answer - 2 * bias, "The bias is added, not taken off."],
    [total(step.products.flat(2).map(Math.abs)) + bias, "Check the signs: a minus got lost on the way."],
    [total(step.windows.flat(2)) + bias, "That is the sum of the windows and the bias: multiply each cell by the kernel's cell first."],
    ...partials.length > 1 ? [[partials.reduce((all, partial) => all * partial, 1) + bias, "Add the sums of the channels; do not multiply them."]] : [],
  ];
  const hint = `Add ${partials.length === 1 ? "the products" : `the products of all ${partials.length} channels`}, then the bias ${number(bias)}. Channel 0 gives ${number(partials[0])}.`;
  return judgeGuess(guess, answer, { right: `Right: ${nameOf({ row, col, kernel })} = ${number(answer)}.`, slips, hint });
}

/** The number of parameters with its numbers. */
export function describeParameters(shape) {
  const { weights, biases } = countParameters(shape);
  const product = [shape.kernelRows, shape.kernelCols, shape.channels, shape.kernels].join("·");
  return [`${product} weights + ${plural(biases, "bias").replace("biass", "biases")} = ${weights} + ${biases} = `, weights + biases];
}

function describeStep(step, known) {
  const parts = step.partial_sums.map((partial, c) => `channel ${c} adds up to ${number(partial)}`).join(", ");
  return `y row ${step.row}, column ${step.col}, kernel ${step.kernel}: ${known ? `${parts}, bias ${number(step.bias)}, together ${number(step.sum)}` : "equals what?"}`;
}

function build(card, store) {
  const refuse = (sentence) => store.refuse(sentence);
  const stage = h("div.cvol");
  const results = h("div.cvol-results");
  card.stage.append(stage);

  const present = () => Math.min(store.state.step, store.view.steps.length - 1);
  const indexOf = ({ row, col, kernel }) => {
    const [rows, cols] = store.view.output_shape;
    return (kernel * rows + row) * cols + col;
  };
  const goTo = (position) => {
    const step = indexOf({ ...store.view.steps[present()], ...position });
    if (step !== present()) store.propose({ step });
  };

  /** A block of numbers pasted into one channel must be as large as the others. */
  const sameShape = (read) => (grid) => {
    const [rows, cols] = shapeOf(read());
    if (grid.length !== rows || grid.some((row) => row.length !== cols))
      throw new Misfit(`This block does not have ${rows} × ${cols} numbers: all channels are equally large, so change the size below first.`);
  };
  const gridOf = (label, name, read, put) => editableGrid({ label, name, read, write: (grid) => store.propose(put(grid)), check: sameShape(read), refuse });

  // One column for each channel, one row for the image and for each kernel, and what comes out at the end.
  const channels = [];
  const kernels = [];
  const slices = new Map(); // "channel,kernel"

  function makeChannel(c) {
    const grid = gridOf(
      `image x, channel ${c}`, (row, col) => `x[${row}, ${col}, ${c}]`,
      () => channelOf(store.state.image, c), (values) => ({ image: withChannel(store.state.image, c, values) }),
    );
    const window = slidingWindow(grid, (row, col) => goTo({ row, col }));
    const element = h("div.cvol-image", {}, h("div.cvol-name", {}, h("b", {}, "x"), `channel ${c}`), grid.element);
    placeByChannel(element, c);
    return { element, grid, window };
  }
  function makeSlice(c, k) {
    const grid = gridOf(
      `kernel ${k}, channel ${c}`, (row, col) => `w[${row}, ${col}, ${c}, ${k}]`,
      () => sliceOf(store.state.weights, c, k), (values) => ({ weights: withSlice(store.state.weights, c, k, values) }),
    );
    const products = plainGrid({ label: `products of channel ${c}` });
    const partial = h("div.cvol-partial");
    const element = h("div.cvol-slice", {}, grid.element, h("div.cvol-products", {}, products.element, partial));
    placeByChannel(element, c);
    element.style.setProperty("--k", k);
    return { element, grid, products, partial };
  }
  function makeKernel(k) {
    const name = h("button.cvol-pick", { type: "button", onclick: () => goTo({ kernel: k }) });
    const bias = editableCell({
      label: `b[${k}]`,
      read: () => store.state.bias[k],
      write: (value) => store.propose({ bias: store.state.bias.with(k, value) }),
      writeAll: (values) => (values.length === store.state.bias.length ? store.propose({ bias: values }) : (refuse(`${plural(values.length, "number")} do not fit: there is one bias for each of ${store.state.bias.length} kernels.`), false)),
      refuse,
    });
    const map = plainGrid({ label: `feature map ${k}`, choose: (row, col) => goTo({ row, col, kernel: k }) });
    const result = h("div.cvol-result", {}, h("label.cvol-bias", {}, "+ bias", bias.element), h("div.cvol-name", {}, h("b", {}, "y"), `map ${k}`), map.element);
    const band = h("div.cvol-band");
    for (const element of [name, result, band]) element.style.setProperty("--k", k);
    return { name, bias, map, result, band };
  }

  /** The style sheet places channels by their number: all in a row, two in a row, or below each other. */
  function placeByChannel(element, c) {
    element.style.setProperty("--c", c);
    element.style.setProperty("--pair-row", Math.floor(c / 2));
    element.style.setProperty("--pair-col", c % 2);
  }

  /** Adds and removes channels and kernels; those that stay keep their elements. */
  function layOutStage(shape) {
    while (channels.length > shape.channels) channels.pop();
    while (channels.length < shape.channels) channels.push(makeChannel(channels.length));
    while (kernels.length > shape.kernels) kernels.pop();
    while (kernels.length < shape.kernels) kernels.push(makeKernel(kernels.length));
    const wanted = new Set();
    for (const k of upTo(shape.kernels)) for (const c of upTo(shape.channels)) {
      wanted.add(`${c},${k}`);
      if (!slices.has(`${c},${k}`)) slices.set(`${c},${k}`, makeSlice(c, k));
    }
    for (const key of [...slices.keys()]) if (!wanted.has(key)) slices.delete(key);
    const elements = [
      ...channels.map(({ element }) => element),
      ...kernels.flatMap((kernel, k) => [kernel.band, kernel.name, ...upTo(shape.channels).map((c) => slices.get(`${c},${k}`).element)]),
      results,
    ];
    const changed = elements.length !== stage.children.length || elements.some((element, i) => element !== stage.children[i]);
    if (changed) stage.replaceChildren(...elements);
    if (results.children.length !== kernels.length) results.replaceChildren(...kernels.map(({ result }) => result));
  }

  const prediction = addPrediction(card, store, {
    judge: (guess, at) => diagnose(store.state, store.view, at, guess),
    repaint: () => paint(store.state, store.view),
    at: present,
    count: () => store.view.steps.length,
    go: (step) => store.propose({ step }),
  });
  prediction.arithmetic.classList.add("cvol-sum");
  const keepHeight = steadyHeight(prediction.arithmetic);

  const sizes = h("div");
  const parameters = h("div");
  card.formula.append(sizes, parameters);
  addControls(card, store, prediction, refuse);

  const paintPlayback = addPlayback(card, store, {
    count: () => store.view.steps.length,
    label: "output position",
    mayLeave: () => prediction.isKnown(present()),
  });
  card.stage.addEventListener("keydown", (event) => {
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!down || event.target.closest("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { row } = store.view.steps[present()];
    if (row + down >= 0 && row + down < store.view.output_shape[0]) goTo({ row: row + down });
  });

  function paintChannel(state, trace, step, c) {
    const padded = trace.padded[c];
    const [rows, cols] = shapeOf(padded);
    const [high, wide] = shapeOf(step.windows[c]);
    const inWindow = (row, col) => row >= step.start_row && row < step.start_row + high && col >= step.start_col && col < step.start_col + wide;
    channels[c].grid.show(channelOf(state.image, c), {
      padded, before: trace.before, largest: largestOf(state.image.flat(2)),
      each(cell, row, col) {
        cell.classList.toggle("in-window", inWindow(row, col));
        cell.classList.toggle("ignored", row >= rows - trace.ignored[0] || col >= cols - trace.ignored[1]);
      },
    });
    const last = trace.steps.at(-1);
    channels[c].window.show({
      row: step.start_row, col: step.start_col, lastRow: last.start_row, lastCol: last.start_col,
      stride: [state.stride, state.stride], dilation: [1, 1], kernel: sliceOf(state.weights, c, step.kernel),
    }, null);
  }

  function paintKernel(state, trace, step, k, at, shown) {
    const active = k === step.kernel;
    const { name, bias, map, result, band } = kernels[k];
    setText(name, `kernel ${k}`);
    name.setAttribute("aria-pressed", String(active));
    for (const element of [name, result, band]) element.classList.toggle("active", active);
    bias.show(state.bias[k]);
    tint(bias.element, state.bias[k], largestOf(state.bias));
    const largest = largestOf(state.weights.flat(3));
    channels.forEach((_, c) => {
      const slice = slices.get(`${c},${k}`);
      slice.element.classList.toggle("active", active);
      slice.grid.show(sliceOf(state.weights, c, k), { largest });
      const products = active ? step.products[c] : sliceOf(state.weights, c, k);
      slice.products.show(products.map((row) => row.map((product) => (active && shown ? product : null))), { largest: largestIn(products) });
      setText(slice.partial, active ? (shown ? `sum ${number(step.partial_sums[c])}` : "sum ?") : "");
    });
    const seen = (index) => (state.answer === "shown" ? index <= at : prediction.isFound(index));
    const values = featureMap(trace, k);
    const largestSum = largestOf(trace.steps.map((other) => other.sum));
    map.show(values.map((line, row) => line.map((value, col) => (seen(indexOf({ row, col, kernel: k })) ? value : null))), {
      largest: largestSum,
      each(cell, row, col) {
        const index = indexOf({ row, col, kernel: k });
        cell.classList.toggle("now", index === at);
        cell.classList.toggle("waiting", !seen(index));
        cell.title = nameOf({ row, col, kernel: k });
        if (index === at && !seen(index)) setText(cell, "?");
      },
    });
  }

  function paintArithmetic(state, step, shown) {
    const name = h("div.cvol-target", {}, `${nameOf(step)} = ${shown ? "" : "?"}`);
    if (!shown) return prediction.arithmetic.replaceChildren(name);
    const lines = step.windows.map((window, c) => {
      const weights = sliceOf(state.weights, c, step.kernel).flat();
      const terms = window.flat().flatMap((value, i) => [i ? " + " : "", `${factor(value)}·`, h("span.k", {}, factor(weights[i]))]);
      return h("div.cvol-line", {}, h("span.cvol-label", {}, `channel ${c}`), h("span", {}, ...terms, " = ", h("b", {}, number(step.partial_sums[c]))));
    });
    const all = h("div.cvol-line", {}, h("span.cvol-label", {}, "sum + bias"), h("span", {}, `${sum([...step.partial_sums, step.bias])} = `, h("span.y", {}, number(step.sum))));
    prediction.arithmetic.replaceChildren(name, ...lines, all);
  }

  function paintFormulas(state, shape) {
    const ghosts = state.padding;
    const axes = [[shape.rows, shape.kernelRows], [shape.cols, shape.kernelCols]].map(([size, kernel]) => layOut({ size, kernel, stride: state.stride, padding: ghosts }));
    const alike = numbers(axes[0]) === numbers(axes[1]);
    const line = (name, axis) => h("div", {}, `${name}: `, numbers(axis), h("b", {}, number(axis.output)));
    sizes.replaceChildren(
      h("div", {}, `output size = ${symbols(axes[0])}`),
      ...(alike ? [line("rows and columns", axes[0])] : [line("rows", axes[0]), line("columns", axes[1])]),
      h("div", {}, `output: ${axes[0].output} × ${axes[1].output} × ${shape.kernels}, one feature map for each kernel`),
    );
    const [text, count] = describeParameters(shape);
    parameters.replaceChildren(`parameters: ${text}`, h("b", {}, number(count)));
  }

  function paint(state, trace) {
    const shape = shapeOfLayer(state);
    prediction.begin([state.image, state.weights, state.bias, state.stride, state.padding]);
    layOutStage(shape);
    const at = present();
    const step = trace.steps[at];
    const shown = prediction.isKnown(at);
    const imageCols = trace.padded[0][0].length;
    const column = Math.max(imageCols, 2 * shape.kernelCols + 0.6);
    stage.style.setProperty("--channels", shape.channels);
    stage.style.setProperty("--across", shape.channels * column + Math.max(trace.output_shape[1], 3));
    stage.style.setProperty("--pair", imageCols + shape.kernelCols);
    stage.classList.toggle("stacked", shape.channels * column + trace.output_shape[1] > MOST_SIDE_BY_SIDE);
    channels.forEach((_, c) => paintChannel(state, trace, step, c));
    kernels.forEach((_, k) => paintKernel(state, trace, step, k, at, shown));
    paintArithmetic(state, step, shown);
    paintFormulas(state, shape);
    prediction.show();
    keepHeight(JSON.stringify([shown, state.image, state.weights]));
    paintPlayback(at);
    card.announce(describeStep(step, shown));
  }
  return paint;
}

/** The settings; they follow the state by themselves. */
function addControls(card, store, prediction, refuse) {
  const propose = (changes) => store.propose(changes);
  /** Another size keeps the numbers that still have a place, and draws the rest. */
  const reshape = (changes) => {
    const shape = { ...shapeOfLayer(store.state), ...changes };
    const drawn = drawLayer(store.state.seed, shape);
    const kept = Object.fromEntries(Object.entries(drawn).map(([name, array]) => [name, keepNumbers(array, store.state[name])]));
    return propose(kept);
  };
  const redraw = (seed) => propose({ seed, ...drawLayer(seed, shapeOfLayer(store.state)) });

  const size = numberPair("size of x", [["", "rows"], ["×", "columns"]], { min: 1, max: MOST.rows }, (axis, value) => reshape({ [["rows", "cols"][axis]]: value }), refuse);
  const channels = numberField("channels", { min: 1, max: MOST.channels }, (value) => reshape({ channels: value }), refuse);
  const kernels = numberField("kernels", { min: 1, max: MOST.kernels }, (value) => reshape({ kernels: value }), refuse);
  const kernelSize = numberField("kernel size", { min: 1, max: MOST.kernelRows }, (value) => reshape({ kernelRows: value, kernelCols: value }), refuse);
  const stride = numberField("stride", { min: 1, max: MOST.stride }, (value) => propose({ stride: value }), refuse);
  const padding = numberField("padding", { min: 0, max: MOST.padding }, (value) => propose({ padding: value }), refuse);
  const seed = numberField("seed", { min: 0, max: 9999 }, redraw, refuse);
  const draw = h("button", { type: "button", onclick: () => redraw((store.state.seed + 1) % 10000) }, "new numbers");

  card.settings.append(
    part("stride", stride.element), part("padding", padding.element),
    part("shape", h("span.cv-group", {}, size.element, channels.element, kernels.element, kernelSize.element)),
    part("numbers", h("span.cv-group.cvol-seed", {}, draw, seed.element)),
    part("predict", prediction.element),
  );
  store.subscribe((state, trace) => {
    if (!trace) return;
    const shape = shapeOfLayer(state);
    size.show([shape.rows, shape.cols]);
    channels.show(shape.channels);
    kernels.show(shape.kernels);
    kernelSize.show(shape.kernelRows);
    stride.show(state.stride);
    padding.show(state.padding);
    seed.show(state.seed);
  });
}

export default defineWidget({
  name: "ConvVolume",
  title: "Slide several kernels over several channels",
  picture: "the channels of the image, the kernels, the products and the feature maps",
  state: ["image", "weights", "bias", "stride", "padding", "seed", "step", "answer"],
  parts: {
    stride: "stride", padding: "padding", shape: "sizes and counts", numbers: "new numbers",
    predict: "predict switch", size: "output size and parameters", playback: "playback",
  },
  compute,
  build,
});
