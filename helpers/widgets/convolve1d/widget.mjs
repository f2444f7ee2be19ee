/** Convolve1D: a kernel slides over a short signal, and every product and sum is shown. */

import { editableList, keepInSight, largestOf, showValue, tint } from "../card/cells.mjs";
import { numberField, part, segmented, select } from "../card/controls.mjs";
import { MODES, paddedSize, span, trace1d } from "../arithmetic/convolution.mjs";
import { h, icon, ICONS, prefersStillness, resize, setText } from "../card/dom.mjs";
import { factor, number, plural, sum } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { createCopies } from "./copies.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";
import { addPrediction } from "../card/predict.mjs";
import { draggable } from "../card/drag.mjs";

const MOST_CELLS = 12;
const MOST_PADDED = 60;

/** @param {any} state */
export function compute(state) {
  for (const [name, values] of [
    ["signal x", state.signal],
    ["kernel w", state.kernel],
  ]) {
    if (!Array.isArray(values)) throw new Misfit(`The ${name} is no list: give it numbers.`);
    if (values.length === 0) throw new Misfit(`The ${name} is empty: give it at least one number.`);
    if (values.length > MOST_CELLS)
      throw new Misfit(`The ${name} has ${values.length} cells: at most ${MOST_CELLS} fit here.`);
    const wrong = values.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw new Misfit(`The ${name} holds “${wrong}”, which is not a finite number.`);
  }
  if (!["shown", "hidden"].includes(state.answer))
    throw new Misfit(`The answer can be shown or hidden, not ${state.answer}.`);
  if (!["window", "copies"].includes(state.view))
    throw new Misfit(`There is no view ${state.view}: use window or copies.`);
  const cells = paddedSize(state.signal.length, state.kernel.length, state);
  if (cells > MOST_PADDED)
    throw new Misfit(
      `${number(cells)} cells do not fit on the screen: use less padding or dilation, for at most ${MOST_PADDED}.`,
    );
  return trace1d(state.signal, state.kernel, state);
}

/**
 * Says what is wrong with a predicted value, by recognising the value of a likely slip.
 * @returns {{right: boolean, words: string}}
 */
export function diagnose(state, trace, index, guess) {
  const { window, products, sum: answer } = trace.steps[index];
  const sums = (changes) => {
    try {
      return trace1d(state.signal, state.kernel, { ...state, ...changes }).steps.map((step) => step.sum);
    } catch {
      return [];
    }
  };
  const start = trace.steps[index].start;
  const slips = [
    [
      sums({ flip: !state.flip })[index],
      state.flip
        ? "That is cross-correlation: the kernel was not flipped."
        : "That is convolution: the kernel was flipped, and cross-correlation leaves it as it is.",
    ],
    [trace.steps[index + 1]?.sum, `One step too far: that is y[${index + 1}].`],
    [trace.steps[index - 1]?.sum, `One step behind: that is y[${index - 1}].`],
    [
      state.stride > 1 ? sums({ stride: 1 })[index] : undefined,
      `That is the value for stride 1: here the kernel moves ${state.stride} cells a step.`,
    ],
    [
      state.dilation > 1 ? sums({ dilation: 1, padding: [trace.before, trace.after] })[index] : undefined,
      "That is the value without dilation: the kernel's cells stand apart here.",
    ],
    [
      state.mode !== "zeros" ? sums({ mode: "zeros" })[index] : undefined,
      `That is the value with zeros outside: here the ghost cells are filled by “${state.mode}”.`,
    ],
    [
      products.reduce((total, product) => total + Math.abs(product), 0),
      "Check the signs: a minus got lost on the way.",
    ],
    [
      window.reduce((total, value) => total + value, 0),
      "That is the sum of the window alone: multiply each cell by the kernel's cell first.",
    ],
    [
      window.slice(1).reduce((total, value, j) => total + value * trace.kernel[j + 1], 0),
      "The first product is missing from the sum.",
    ],
    [products.slice(0, -1).reduce((total, product) => total + product, 0), "The last product is missing from the sum."],
    ...products.map((product) => [product, "That is one of the products: now add them all up."]),
  ];
  const hint =
    "Multiply the cells that stand above each other, then add; the first product is " +
    `${factor(window[0])}·${factor(trace.kernel[0])}, at position ${number(start - trace.before)}.`;
  return judgeGuess(guess, answer, { right: `Right: y[${index}] = ${number(answer)}.`, slips, hint });
}

/**
 * The output size: the formula, the same with its numbers (and its floor, where that does something), the result.
 * @returns {[string, string, number]}
 */
export function describeSize(state, trace) {
  const { stride, dilation, signal, kernel } = state;
  const { before, after } = trace;
  const [symbols, ghosts] = before === after ? ["2p", `2·${before}`] : ["before + after", `${before} + ${after}`];
  const room = signal.length + before + after - span(kernel.length, dilation);
  const quotient = room / stride;
  const floor = Number.isInteger(quotient) ? "" : `⌊${number(quotient, 4)}⌋ + 1 = `;
  const simple = stride > 1 ? `⌊${room} / ${stride}⌋ + 1 = ${floor}${Math.floor(quotient)} + 1 = ` : `${room} + 1 = `;
  return [
    `output size = ⌊(N + ${symbols} − d·(K − 1) − 1) / s⌋ + 1`,
    `= ⌊(${signal.length} + ${ghosts} − ${dilation}·(${kernel.length} − 1) − 1) / ${stride}⌋ + 1 = ${simple}`,
    trace.steps.length,
  ];
}

/** What is spoken of a step: all of it, and the result alone. */
function describeStep(state, step, known) {
  const pairs = step.window.map((value, j) => `${factor(value)} times ${factor(state.applied[j])}`).join(", plus ");
  const result = `y ${step.index} is ${known ? number(step.sum) : "what?"}`;
  return [known ? `${result}: ${pairs}` : `${result} ${pairs}`, result];
}

/** Says how the output changed when signal and kernel changed places. */
function describeSwap(before, after) {
  const equal = (a, b) => a.length === b.length && a.every((value, i) => Math.abs(value - b[i]) < 1e-9);
  if (equal(before, after)) return "Swapped: the output is the same, value for value.";
  if (equal(before, [...after].reverse())) return "Swapped: the output has the same values in reverse order.";
  return before.length === after.length
    ? "Swapped: the output is another one."
    : `Swapped: the output has ${plural(after.length, "value")} now, not ${before.length}.`;
}

function build(card, store) {
  const refuse = (sentence) => store.refuse(sentence);
  const stage = h("div.cv1d", {});
  card.stage.append(stage);

  const row = (name, words, ...children) => {
    const label = h("span.cv1d-words", {}, words);
    const element = h("div.cv1d-row", {}, h("span.cv1d-name", {}, h("b", {}, name), " ", label), ...children);
    stage.append(element);
    return { element, label };
  };
  const track = () => h("div.cv1d-track");

  const kernelTrack = track();
  const swap = part(
    "swap",
    h(
      "button.cv1d-swap",
      { type: "button", title: "Swap x and w", onclick: swapSignals },
      icon(ICONS.swap),
      "swap x, w",
    ),
  );
  row("w", "kernel", kernelTrack, swap).element.classList.add("cv1d-written");
  const indexTrack = track();
  row("", "", indexTrack).element.classList.add("cv1d-index");
  const signalTrack = track();
  row("x", "input", signalTrack);
  const sliderTrack = track();
  const slider = h("div.cv1d-slider", { role: "img" });
  sliderTrack.append(slider);
  const sliderRow = row("w", "flipped", sliderTrack);
  sliderRow.element.classList.add("cv1d-sliding");
  const launched = createCopies();
  stage.append(launched.element);
  const outputTrack = track();
  row("y", "output", outputTrack).element.classList.add("cv1d-output", "cv-found");

  // Numbers that can be edited: the signal between its ghosts, and the kernel as it is written.
  const signalEditors = editableList(store, "signal", "x");
  const kernelEditors = editableList(store, "kernel", "w");
  const ghostsBefore = h("span.cv-cells");
  const ghostsAfter = h("span.cv-cells");
  signalTrack.append(ghostsBefore, signalEditors.element, ghostsAfter);
  kernelTrack.append(kernelEditors.element);

  const prediction = addPrediction(card, store, {
    judge: (guess, at) => diagnose(store.state, store.view, at, guess),
    repaint: () => repaint(),
    at: () => present(),
    count: () => store.view.steps.length,
    go: (step) => store.propose({ step }),
  });

  const symbols = h("div");
  const numbers = h("span");
  const size = h("b");
  const left = h("div.cv1d-left");
  card.formula.classList.add("cv-gives-size");
  card.formula.append(symbols, h("div", {}, numbers, size), left);

  const number1 = (name, label, range) =>
    numberField(label, range, (value) => store.propose({ [name]: value }), refuse);
  const length = (name, letter) =>
    numberField(
      `cells of ${letter}`,
      { min: 1, max: MOST_CELLS },
      (count) => {
        const values = store.state[name];
        return store.propose({ [name]: Array.from({ length: count }, (_, i) => values[i] ?? 0) });
      },
      refuse,
    );
  const operation = segmented(
    "operation",
    [
      [true, "flipped (convolution)"],
      [false, "as is (cross-correlation)"],
    ],
    (flip) => store.propose({ flip }),
  );
  const view = segmented(
    "picture",
    [
      ["window", "the kernel slides"],
      ["copies", "copies add up"],
    ],
    (value) => store.propose({ view: value }),
  );
  const uneven = h("span");
  const padding = segmented(
    "padding",
    [
      ["full", "full"],
      ["same", "same"],
      ["valid", "valid"],
      ["number", "a number"],
    ],
    (value) => store.propose({ padding: value === "number" ? 1 : value }),
  );
  const each = number1("padding", "on each side", { min: 0, max: 12 });
  const mode = select("ghost cells", MODES, (value) => store.propose({ mode: value }));
  const stride = number1("stride", "stride", { min: 1, max: 9 });
  const dilation = number1("dilation", "dilation", { min: 1, max: 5 });
  const lengths = [length("signal", "x"), length("kernel", "w")];
  card.settings.append(
    part("view", view.element),
    part("operation", operation.element),
    part("padding", h("span.cv-group", {}, padding.element, each.element, uneven)),
    part("mode", mode.element),
    part("stride", stride.element),
    part("dilation", dilation.element),
    part("length", h("span.cv-group", {}, lengths[0].element, lengths[1].element)),
    part("predict", prediction.element),
  );

  const present = () => Math.min(store.state.step, store.view.steps.length - 1);
  const paintPlayback = addPlayback(card, store, {
    count: () => store.view.steps.length,
    label: "output position",
    mayLeave: () => prediction.isKnown(present()),
  });

  function swapSignals() {
    const sums = () => store.view.steps.map((step) => step.sum);
    const before = sums();
    const { signal, kernel } = store.state;
    if (store.propose({ signal: kernel, kernel: signal })) store.mention(describeSwap(before, sums()));
  }

  // Dragging the kernel: it follows the pointer, and snaps to the nearest position when let go.
  const grasp = (event) => {
    const cell = outputTrack.firstElementChild;
    const pitch = cell ? cell.getBoundingClientRect().width + parseFloat(getComputedStyle(signalTrack).columnGap) : 50;
    return { from: event.clientX, col: store.view.steps[present()].start, pitch };
  };
  const follow = (event, drag) => {
    const furthest = store.view.steps.at(-1).start;
    const col = Math.min(Math.max(drag.col + (event.clientX - drag.from) / drag.pitch, 0), furthest);
    slider.style.setProperty("--col", col);
    const step = Math.round(col / store.state.stride);
    if (step !== present()) store.propose({ step });
  };
  draggable(slider, grasp, follow, () => repaint());

  let painted = { flip: store.state.flip, kernel: "" };
  const repaint = () => paint(store.state, store.view);

  /** Turns the sliding kernel round: each cell travels to its mirrored place, on an arc. */
  function turn() {
    if (prefersStillness()) return;
    const cells = [...slider.children];
    const places = cells.map((cell) => cell.offsetLeft);
    cells.forEach((cell, j) => {
      const from = places[cells.length - 1 - j] - places[j];
      const lift = -Math.min(Math.abs(from) / 3, 44) * Math.sign(from || 1);
      cell.animate(
        [
          { transform: `translate(${from}px, 0)` },
          { transform: `translate(${from / 2}px, ${lift}px)` },
          { transform: "none" },
        ],
        { duration: 650, easing: "ease-in-out" },
      );
    });
  }

  function paintSlider(state, trace, step, shown) {
    resize(slider, trace.kernel.length, () => h("div.cv1d-column", {}, h("div.cv-cell"), h("div.cv1d-product")));
    const largest = largestOf(trace.kernel);
    trace.kernel.forEach((weight, j) => {
      const [cell, product] = slider.children[j].children;
      showValue(cell, number(weight));
      tint(cell, weight, largest);
      showValue(product, shown ? number(step.products[j]) : "");
    });
    const products = step.window.map(
      (value, j) =>
        `${factor(trace.kernel[j])} over x[${number(step.start + j * state.dilation - trace.before)}]` +
        (shown ? `, ${factor(value)}: product ${number(step.products[j])}` : ""),
    );
    slider.setAttribute("aria-label", `kernel, ${state.flip ? "flipped" : "as is"}: ${products.join("; ")}`);
    slider.style.setProperty("--dilation", state.dilation);
    if (!slider.classList.contains("dragging")) slider.style.setProperty("--col", step.start);
    setText(sliderRow.label, state.flip ? "flipped" : "as is");
    if (painted.flip !== state.flip && painted.kernel === state.kernel.join()) turn();
    painted = { flip: state.flip, kernel: state.kernel.join() };
  }

  function paintSignal(state, trace, step) {
    const { before, after, padded, ignored } = trace;
    const inWindow = new Set(step.window.map((_, j) => step.start + j * state.dilation));
    const largest = largestOf(padded);
    const ghosts = [
      [ghostsBefore, before, 0],
      [ghostsAfter, after, before + state.signal.length],
    ];
    for (const [box, count, first] of ghosts) {
      resize(box, count, () => h("div.cv-cell.ghost"));
      [...box.children].forEach((cell, i) => {
        showValue(cell, number(padded[first + i]), `ghost cell x[${number(first + i - before)}]`);
        tint(cell, padded[first + i], largest);
      });
    }
    signalEditors.show(state.signal, largest);
    const cells = [ghostsBefore, signalEditors.element, ghostsAfter].flatMap((box) => [...box.children]);
    cells.forEach((cell, i) => {
      cell.classList.toggle("in-window", inWindow.has(i));
      cell.classList.toggle("ignored", i >= padded.length - ignored);
    });
    resize(indexTrack, padded.length, () => h("span"));
    [...indexTrack.children].forEach((cell, i) => setText(cell, number(i - before)));
  }

  function paintOutput(state, trace, at) {
    const middle = Math.floor(span(state.kernel.length, state.dilation) / 2);
    const largest = largestOf(trace.steps.map(({ sum: value }) => value));
    resize(outputTrack, trace.steps.length, (i) =>
      h("div.cv-cell", { onclick: () => store.propose({ step: i }), title: `y[${i}]` }),
    );
    trace.steps.forEach(({ index, start, sum: value }) => {
      const cell = outputTrack.children[index];
      const seen = state.answer === "shown" ? index <= at : prediction.isFound(index);
      cell.style.setProperty("--col", start + middle);
      cell.dataset.index = index;
      cell.classList.toggle("now", index === at);
      cell.classList.toggle("waiting", !seen);
      showValue(cell, seen ? number(value) : index === at ? "?" : "", `y[${index}]`);
      tint(cell, seen ? value : 0, largest);
    });
  }

  function paintArithmetic(trace, step, shown) {
    const terms = step.window.flatMap((value, j) => [
      j ? " + " : "",
      `${factor(value)}·`,
      h("span.k", {}, factor(trace.kernel[j])),
    ]);
    const total = h("span.y", {}, number(step.sum));
    const added = trace.kernel.length > 1 ? [` = ${sum(step.products)}`] : [];
    prediction.arithmetic.replaceChildren(
      `y[${step.index}] = `,
      ...(shown ? [...terms, ...added, " = ", total] : ["?"]),
    );
  }

  function paint(state, trace) {
    prediction.begin([state.signal, state.kernel, state.flip, state.padding, state.mode, state.stride, state.dilation]);
    const at = present();
    const step = trace.steps[at];
    const shown = prediction.isKnown(at);
    stage.style.setProperty("--columns", trace.padded.length);
    kernelEditors.show(state.kernel, largestOf(state.kernel));
    paintSignal(state, trace, step);
    paintSlider(state, trace, step, shown);
    const isCopies = state.view === "copies";
    sliderRow.element.hidden = isCopies;
    launched.element.hidden = !isCopies;
    card.formula.classList.toggle("cv1d-away", isCopies); // on a phone the screen is for the copies
    const middle = Math.floor(span(state.kernel.length, state.dilation) / 2);
    const isSeen = (index) => state.answer === "shown" || prediction.isFound(index);
    if (isCopies) launched.show(state, trace, at, isSeen, middle);
    paintOutput(state, trace, at);
    paintArithmetic(trace, step, shown);

    const [formula, text, result] = describeSize(state, trace);
    setText(symbols, formula);
    setText(numbers, text);
    setText(size, number(result));
    setText(
      left,
      trace.ignored
        ? `${plural(trace.ignored, "cell")} at the end, hatched, ${trace.ignored === 1 ? "is" : "are"} never ` +
            `reached: stride ${state.stride} steps past.`
        : "",
    );

    const isNumber = !["full", "same", "valid"].includes(state.padding);
    view.show(state.view);
    operation.show(state.flip);
    padding.show(isNumber ? "number" : state.padding);
    each.element.hidden = typeof state.padding !== "number";
    if (typeof state.padding === "number") each.show(state.padding);
    setText(uneven, Array.isArray(state.padding) ? `${state.padding[0]} before, ${state.padding[1]} after` : "");
    mode.show(state.mode);
    stride.show(state.stride);
    dilation.show(state.dilation);
    lengths[0].show(state.signal.length);
    lengths[1].show(state.kernel.length);
    prediction.show();
    paintPlayback(at);
    keepInSight(card.stage, slider, step.start / trace.padded.length);
    card.announce(...describeStep({ ...state, applied: trace.kernel }, step, shown));
  }
  return paint;
}

export default defineWidget({
  name: "Convolve1D",
  title: "Slide one signal over another",
  picture: "the signals as cells, the kernel below its window, and the output",
  state: ["signal", "kernel", "flip", "padding", "mode", "stride", "dilation", "view", "step", "answer"],
  parts: {
    view: "kind of picture",
    operation: "kernel flip",
    padding: "padding",
    mode: "ghost cells",
    stride: "stride",
    dilation: "dilation",
    length: "number of cells",
    predict: "predict switch",
    swap: "swap",
    size: "output size",
    playback: "playback",
  },
  facts: {
    output: (_, { steps }) => steps.map(({ sum }) => sum),
    kernel_sum: ({ kernel }) => kernel.reduce((total, value) => total + value, 0),
    largest_weight: ({ kernel }) => Math.max(...kernel.map(Math.abs)),
  },
  compute,
  build,
});
