/** ConvVolume: a convolution layer over several channels, with every kernel, product and partial sum. */

import { addControls } from "./controls.mjs";
import { compute, describeParameters, describeStep, diagnose, nameOf } from "./state.mjs";
import { editableCell, largestOf, tint } from "../card/cells.mjs";
import { channelOf, featureMap, shapeOfLayer, sliceOf, withChannel, withSlice } from "../arithmetic/conv_layer.mjs";
import { shapeOf } from "../arithmetic/convolution2d.mjs";
import { h, resize, setText, steadyHeight } from "../card/dom.mjs";
import { factor, number, plural, sum } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { editableGrid, largestIn, plainGrid, slidingWindow } from "../card/grid.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";
import { layOut, numbers, symbols } from "../arithmetic/sizes.mjs";

/** Columns of cells that fit next to each other on a page. */
const MOST_SIDE_BY_SIDE = 30;

const upTo = (count) => Array.from({ length: count }, (_, i) => i);

function build(card, store) {
  const refuse = (sentence) => store.refuse(sentence);
  const stage = h("div.cvol");
  const results = h("div.cvol-results");
  // A phone has room for one channel at a time.
  const channelTabs = h("div.cvol-channels", { role: "group", "aria-label": "channel on show" });
  let looked = 0;
  const lookAt = (c) => {
    looked = c;
    paint(store.state, store.view);
  };
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
      throw new Misfit(
        `This block does not have ${rows} × ${cols} numbers: all channels are equally large, so change the ` +
          "size below first.",
      );
  };
  const gridOf = (label, name, read, put) =>
    editableGrid({ label, name, read, write: (grid) => store.propose(put(grid)), check: sameShape(read), refuse });

  // One column for each channel, one row for the image and for each kernel, and what comes out at the end.
  const channels = [];
  const kernels = [];
  const slices = new Map(); // "channel,kernel"

  function makeChannel(c) {
    const grid = gridOf(
      `image x, channel ${c}`,
      (row, col) => `x[${row}, ${col}, ${c}]`,
      () => channelOf(store.state.image, c),
      (values) => ({ image: withChannel(store.state.image, c, values) }),
    );
    const window = slidingWindow(grid, (row, col) => goTo({ row, col }));
    const element = h("div.cvol-image", {}, h("div.cvol-name", {}, h("b", {}, "x"), ` channel ${c}`), grid.element);
    placeByChannel(element, c);
    return { element, grid, window };
  }
  function makeSlice(c, k) {
    const grid = gridOf(
      `kernel ${k}, channel ${c}`,
      (row, col) => `w[${row}, ${col}, ${c}, ${k}]`,
      () => sliceOf(store.state.weights, c, k),
      (values) => ({ weights: withSlice(store.state.weights, c, k, values) }),
    );
    const products = plainGrid({ label: `products of channel ${c}` });
    const partial = h("div.cvol-partial");
    const element = h("div.cvol-slice", {}, grid.element, h("div.cvol-products", {}, products.element, partial));
    placeByChannel(element, c);
    element.style.setProperty("--k", k);
    return { element, grid, products, partial };
  }
  function setBiases(values) {
    const { length } = store.state.bias;
    if (values.length === length) return store.propose({ bias: values });
    refuse(`${plural(values.length, "number")} do not fit: there is one bias for each of ${length} kernels.`);
    return false;
  }
  function makeKernel(k) {
    const name = h("button.cvol-pick", { type: "button", onclick: () => goTo({ kernel: k }) });
    const bias = editableCell({
      label: `b[${k}]`,
      read: () => store.state.bias[k],
      write: (value) => store.propose({ bias: store.state.bias.with(k, value) }),
      writeAll: setBiases,
      refuse,
    });
    const map = plainGrid({ label: `feature map ${k}`, choose: (row, col) => goTo({ row, col, kernel: k }) });
    const result = h(
      "div.cvol-result.cv-found",
      {},
      h("label.cvol-bias", {}, "+ bias", bias.element),
      h("div.cvol-name", {}, h("b", {}, "y"), ` map ${k}`),
      map.element,
    );
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
    for (const k of upTo(shape.kernels))
      for (const c of upTo(shape.channels)) {
        wanted.add(`${c},${k}`);
        if (!slices.has(`${c},${k}`)) slices.set(`${c},${k}`, makeSlice(c, k));
      }
    for (const key of [...slices.keys()]) if (!wanted.has(key)) slices.delete(key);
    looked = Math.min(looked, shape.channels - 1);
    resize(channelTabs, shape.channels, (c) =>
      h("button", { type: "button", "aria-label": `channel ${c}`, onclick: () => lookAt(c) }, String(c)),
    );
    [...channelTabs.children].forEach((tab, c) => tab.setAttribute("aria-pressed", String(c === looked)));
    channelTabs.classList.toggle("cvol-single", shape.channels === 1);
    const elements = [
      channelTabs,
      ...channels.map(({ element }) => element),
      ...kernels.flatMap(({ band, name }, k) => [
        band,
        name,
        ...channels.map((_, c) => slices.get(`${c},${k}`).element),
      ]),
      results,
    ];
    const same =
      elements.length === stage.children.length && elements.every((element, i) => element === stage.children[i]);
    if (!same) stage.replaceChildren(...elements);
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
  card.formula.classList.add("cv-gives-size");
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
    const within = (at, start, size) => at >= start && at < start + size;
    const inWindow = (row, col) => within(row, step.start_row, high) && within(col, step.start_col, wide);
    channels[c].grid.show(channelOf(state.image, c), {
      padded,
      before: trace.before,
      largest: largestOf(state.image.flat(2)),
      each(cell, row, col) {
        cell.classList.toggle("in-window", inWindow(row, col));
        cell.classList.toggle("ignored", row >= rows - trace.ignored[0] || col >= cols - trace.ignored[1]);
      },
    });
    const last = trace.steps.at(-1);
    channels[c].window.show(
      {
        row: step.start_row,
        col: step.start_col,
        lastRow: last.start_row,
        lastCol: last.start_col,
        stride: [state.stride, state.stride],
        dilation: [1, 1],
        kernel: sliceOf(state.weights, c, step.kernel),
      },
      null,
    );
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
      const seenProducts = products.map((row) => row.map((product) => (active && shown ? product : null)));
      slice.products.show(seenProducts, { largest: largestIn(products) });
      setText(slice.partial, active ? (shown ? `sum ${number(step.partial_sums[c])}` : "sum ?") : "");
    });
    const seen = (index) => (state.answer === "shown" ? index <= at : prediction.isFound(index));
    const values = featureMap(trace, k);
    const known = (value, row, col) => (seen(indexOf({ row, col, kernel: k })) ? value : null);
    const largestSum = largestOf(trace.steps.map((other) => other.sum));
    map.show(
      values.map((line, row) => line.map((value, col) => known(value, row, col))),
      {
        largest: largestSum,
        each(cell, row, col) {
          const index = indexOf({ row, col, kernel: k });
          cell.classList.toggle("now", index === at);
          cell.classList.toggle("waiting", !seen(index));
          cell.title = nameOf({ row, col, kernel: k });
          if (index === at && !seen(index)) setText(cell, "?");
        },
      },
    );
  }

  const slicesByChannel = () => [...slices].map(([key, slice]) => [slice, Number(key.split(",")[0])]);

  function paintArithmetic(state, step, shown) {
    const name = h("div.cvol-target", {}, `${nameOf(step)} = ${shown ? "" : "?"}`);
    if (!shown) return prediction.arithmetic.replaceChildren(name);
    const line = (label, ...words) => h("div.cvol-line", {}, h("span.cvol-label", {}, label), h("span", {}, ...words));
    const lines = step.windows.map((window, c) => {
      const weights = sliceOf(state.weights, c, step.kernel).flat();
      const terms = window
        .flat()
        .flatMap((value, i) => [i ? " + " : "", `${factor(value)}·`, h("span.k", {}, factor(weights[i]))]);
      const sumOf = line(`channel ${c}`, ...terms, " = ", h("b", {}, number(step.partial_sums[c])));
      sumOf.classList.toggle("cv-behind", c !== looked);
      return sumOf;
    });
    const all = line("sum + bias", `${sum([...step.partial_sums, step.bias])} = `, h("span.y", {}, number(step.sum)));
    prediction.arithmetic.replaceChildren(name, ...lines, all);
  }

  function paintFormulas(state, shape) {
    const { stride, padding } = state;
    const axes = [
      [shape.rows, shape.kernelRows],
      [shape.cols, shape.kernelCols],
    ].map(([size, kernel]) => layOut({ size, kernel, stride, padding }));
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
    const letters = (numbers) => Math.max(2, ...numbers.flat(Infinity).map((value) => number(value).length));
    const { image, weights, bias } = state;
    stage.style.setProperty("--letters", letters([image, weights, bias, trace.steps.map(({ products }) => products)]));
    results.style.setProperty("--letters", letters([bias, trace.steps.map((other) => other.sum)]));
    stage.style.setProperty("--channels", shape.channels);
    stage.style.setProperty("--across", shape.channels * column + Math.max(trace.output_shape[1], 3));
    stage.style.setProperty("--pair", imageCols + shape.kernelCols);
    stage.classList.toggle("stacked", shape.channels * column + trace.output_shape[1] > MOST_SIDE_BY_SIDE);
    channels.forEach((_, c) => paintChannel(state, trace, step, c));
    for (const [{ element }, c] of [...channels.map((channel, c) => [channel, c]), ...slicesByChannel()])
      element.classList.toggle("cv-behind", c !== looked);
    kernels.forEach((_, k) => paintKernel(state, trace, step, k, at, shown));
    paintArithmetic(state, step, shown);
    paintFormulas(state, shape);
    prediction.show();
    keepHeight(JSON.stringify([shown, state.image, state.weights]));
    paintPlayback(at);
    card.announce(...describeStep(step, shown));
  }
  return paint;
}

export default defineWidget({
  name: "ConvVolume",
  title: "Slide several kernels over several channels",
  picture: "the channels of the image, the kernels, the products and the feature maps",
  state: ["image", "weights", "bias", "stride", "padding", "seed", "step", "answer"],
  parts: {
    stride: "stride",
    padding: "padding",
    shape: "sizes and counts",
    numbers: "new numbers",
    predict: "predict switch",
    size: "output size and parameters",
    playback: "playback",
  },
  facts: {
    output(_, trace) {
      const [rows, cols, kernels] = trace.output_shape;
      const maps = Array.from({ length: kernels }, (_, kernel) => featureMap(trace, kernel));
      const upTo = (count) => [...Array(count).keys()];
      return upTo(rows).map((row) => upTo(cols).map((col) => maps.map((map) => map[row][col])));
    },
  },
  compute,
  build,
});
