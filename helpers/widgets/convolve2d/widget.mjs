/** Convolve2D: a kernel slides over a grid of numbers, and every product and sum is shown. */

import { addControls } from "./controls.mjs";
import { compute, describeIgnored, describeStep, diagnose, LETTERS, requireSmall } from "./state.mjs";
import { iconButton, part } from "../card/controls.mjs";
import { ghostSource } from "../arithmetic/convolution.mjs";
import { outputGrid, pairOf, shapeOf } from "../arithmetic/convolution2d.mjs";
import { showValue } from "../card/cells.mjs";
import { h, ICONS, setText, steadyHeight } from "../card/dom.mjs";
import { exact, factor, sum } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { editableGrid, halfTurn, keepVisible, plainGrid, slidingWindow, withIndices } from "../card/grid.mjs";
import { panes } from "../card/panes.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";
import { layOut, numbers, symbols } from "../arithmetic/sizes.mjs";

/** Columns of cells that fit next to each other on a page: all grids, or image and output. */
const MOST_SIDE_BY_SIDE = 20;
const MOST_PAIRED = 22;
/** On a phone: image and kernel. */
const MOST_ON_A_PHONE = 10;

function build(card, store) {
  const refuse = (sentence) => store.refuse(sentence);
  const figure = (place, name, words, grid) => {
    const label = h("span", {}, words);
    return { element: h(`div.${place}`, {}, h("div.cv2d-name", {}, name, name && " ", label), grid.element), label };
  };
  const letter = (name) => h("b", {}, name);
  const editable = (name) =>
    editableGrid({
      label: `${name} ${LETTERS[name]}: arrow keys go from cell to cell, paste a block of numbers to fill it`,
      name: (row, col) => `${LETTERS[name]}[${row}, ${col}]`,
      read: () => store.state[name],
      write: (grid) => store.propose({ [name]: grid }),
      check: (grid) => requireSmall(name, grid),
      refuse,
      print: exact,
    });

  const kernel = editable("kernel");
  const applied = plainGrid({ label: "the kernel as it is laid on the image" });
  const image = editable("image");
  const imageFrame = withIndices(image);
  const window = slidingWindow(image, goTo);
  const output = plainGrid({ label: "output y", choose: goTo });
  const outputFrame = withIndices(output);
  const products = plainGrid({ label: "products" });

  // The switch is among the settings too; here the turn can be watched.
  const turn = iconButton(ICONS.turn, "Turn the kernel by 180°", () => store.propose({ flip: !store.state.flip }));
  turn.classList.add("cv2d-turn");
  const appliedFigure = figure("applied", part("operation", turn), "", applied);
  const laid = [
    h("div.cv2d-column", {}, figure("written", letter("w"), "kernel", kernel).element, appliedFigure.element),
    figure("image", letter("x"), "image", imageFrame).element,
  ];
  const found = h(
    "div.cv2d-column",
    {},
    figure("output.cv-found", letter("y"), "output", outputFrame).element,
    figure("products", null, "products", products).element,
  );
  const tabs = panes("what is on show", [
    ["kernel and image", laid],
    ["output", [found]],
  ]);
  const stage = h("div.cv2d", {}, tabs.element, ...laid, found);
  card.stage.append(stage);

  const present = () => Math.min(store.state.step, store.view.steps.length - 1);
  const prediction = addPrediction(card, store, {
    judge: (guess, at) => diagnose(store.state, store.view, at, guess),
    repaint: () => repaint(),
    at: present,
    count: () => store.view.steps.length,
    go: (step) => store.propose({ step }),
  });
  prediction.arithmetic.classList.add("cv2d-sum");
  const keepHeight = steadyHeight(prediction.arithmetic);

  const sizes = h("div");
  const left = h("div.cv2d-left");
  card.formula.classList.add("cv-gives-size");
  card.formula.append(sizes, left);

  addControls(card, store, prediction, refuse);

  const paintPlayback = addPlayback(card, store, {
    count: () => store.view.steps.length,
    label: "output position",
    mayLeave: () => prediction.isKnown(present()),
  });

  function goTo(row, col) {
    const step = row * store.view.output_shape[1] + col;
    if (step !== present()) store.propose({ step });
  }
  card.stage.addEventListener("keydown", (event) => {
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!down || event.target.closest("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { row, col } = store.view.steps[present()];
    if (row + down >= 0 && row + down < store.view.output_shape[0]) goTo(row + down, col);
  });

  // A ghost cell tells which cell of the image it repeats.
  const light = (event) => {
    for (const cell of image.element.querySelectorAll(".source")) cell.classList.remove("source");
    const ghost = event.type === "pointerover" ? event.target.closest(".ghost[data-source]") : null;
    if (!ghost) return;
    const [row, col] = ghost.dataset.source.split(",").map(Number);
    image.cellAt(row, col).classList.add("source");
  };
  image.element.addEventListener("pointerover", light);
  image.element.addEventListener("pointerout", light);

  let painted = {};
  const repaint = () => paint(store.state, store.view);

  /** Chooses how the grids stand, by their columns, and tells the style sheet what their cells have to share. */
  function arrange(kernelCols, imageCols, outputCols) {
    const sideBySide = kernelCols + imageCols + Math.max(outputCols, kernelCols);
    const paired = Math.max(imageCols + outputCols, 3 * kernelCols);
    stage.classList.toggle("crowded", sideBySide > MOST_SIDE_BY_SIDE && paired <= MOST_PAIRED);
    stage.classList.toggle("stacked", sideBySide > MOST_SIDE_BY_SIDE && paired > MOST_PAIRED);
    stage.style.setProperty("--across", sideBySide);
    stage.style.setProperty("--narrow", paired <= MOST_PAIRED ? paired : Math.max(imageCols, 3 * kernelCols));
    stage.style.setProperty("--phone", Math.max(imageCols, outputCols + kernelCols, 2 * kernelCols));
    const phone = Math.max(imageCols, outputCols) + kernelCols;
    stage.classList.toggle("paired", phone <= MOST_ON_A_PHONE);
    stage.style.setProperty("--paired", phone);
  }

  function paintKernel(state, trace) {
    kernel.show(state.kernel);
    applied.show(trace.kernel, { print: exact });
    setText(appliedFigure.label, state.flip ? "turned by 180°" : "as it is");
    turn.setAttribute("aria-pressed", String(state.flip));
    const written = JSON.stringify(state.kernel);
    if (painted.kernel === written && painted.flip !== state.flip) {
      halfTurn(applied.element, [...applied.element.children]);
      halfTurn(window.turning.element, window.turning.upright());
    }
    painted = { kernel: written, flip: state.flip };
  }

  function paintImage(state, trace, step) {
    const { before, padded, ignored } = trace;
    const [stride, dilation] = [pairOf("stride", state.stride), pairOf("dilation", state.dilation)];
    const [rows, cols] = shapeOf(padded);
    const covered = new Set(
      step.window.flatMap((line, i) =>
        line.map((_, j) => `${step.start_row + i * dilation[0]},${step.start_col + j * dilation[1]}`),
      ),
    );
    image.show(state.image, {
      padded,
      before,
      each(cell, row, col) {
        cell.classList.toggle("in-window", covered.has(`${row},${col}`));
        cell.classList.toggle("ignored", row >= rows - ignored[0] || col >= cols - ignored[1]);
        if (cell.classList.contains("ghost")) tellSource(cell, row, col);
      },
    });
    function tellSource(cell, row, col) {
      const source = [row, col].map((at, axis) =>
        ghostSource(at - before[axis], shapeOf(state.image)[axis], state.mode),
      );
      if (source.includes(-1)) {
        cell.title = "ghost cell: 0";
        delete cell.dataset.source;
      } else {
        cell.title = `ghost cell: the same as x[${source.join(", ")}]`;
        cell.dataset.source = source.map((at, axis) => at + before[axis]).join();
      }
    }
    imageFrame.show(
      [rows, cols],
      before.map((count) => -count),
    );
    const last = trace.steps.at(-1);
    window.show(
      {
        row: step.start_row,
        col: step.start_col,
        lastRow: last.start_row,
        lastCol: last.start_col,
        stride,
        dilation,
        kernel: trace.kernel,
      },
      exact,
    );
  }

  function paintOutput(state, trace, at) {
    const seen = (index) => (state.answer === "shown" ? index <= at : prediction.isFound(index));
    const largest = Math.max(...trace.steps.map((step) => Math.abs(step.sum)));
    const [, cols] = trace.output_shape;
    const known = (value, row, col) => (seen(row * cols + col) ? value : null);
    output.show(
      outputGrid(trace).map((line, row) => line.map((value, col) => known(value, row, col))),
      {
        largest,
        print: exact,
        each(cell, row, col) {
          const index = row * cols + col;
          cell.classList.toggle("now", index === at);
          cell.classList.toggle("waiting", !seen(index));
          cell.title = `y[${row}, ${col}]`;
          if (index === at && !seen(index)) showValue(cell, "?");
        },
      },
    );
    outputFrame.show(trace.output_shape);
  }

  function paintArithmetic(trace, step, shown) {
    const name = `y[${step.row}, ${step.col}] = `;
    if (!shown) return prediction.arithmetic.replaceChildren(`${name}?`);
    const lines = step.window.map((line, i) =>
      h(
        "span.cv2d-terms",
        {},
        ...line.flatMap((value, j) => [
          i || j ? " + " : "",
          `${factor(value, exact)}·`,
          h("span.k", {}, factor(trace.kernel[i][j], exact)),
        ]),
      ),
    );
    const added = trace.kernel.flat().length > 1 ? [`= ${sum(step.products.flat(), exact)} `] : [];
    const total = h("span", {}, ...added, "= ", h("span.y", {}, exact(step.sum)));
    prediction.arithmetic.replaceChildren(h("span", {}, name), h("span.cv2d-lines", {}, ...lines, total));
  }

  function paintSizes(state, trace) {
    const axes = shapeOf(state.image).map((size, axis) =>
      layOut({
        size,
        kernel: shapeOf(state.kernel)[axis],
        stride: pairOf("stride", state.stride)[axis],
        dilation: pairOf("dilation", state.dilation)[axis],
        padding: [trace.before[axis], trace.after[axis]],
      }),
    );
    const alike = numbers(axes[0]) === numbers(axes[1]);
    const line = (name, axis) => h("div", {}, `${name}: `, numbers(axis), h("b", {}, String(axis.output)));
    const fullest = axes.find(({ before, after, dilation }) => before !== after || dilation > 1) ?? axes[0];
    sizes.replaceChildren(
      h("div", {}, `output size = ${symbols(fullest)} for each axis`),
      ...(alike ? [line("rows and columns", axes[0])] : [line("rows", axes[0]), line("columns", axes[1])]),
    );
    setText(left, describeIgnored(trace.ignored));
  }

  function paint(state, trace) {
    prediction.begin([state.image, state.kernel, state.flip, state.padding, state.mode, state.stride, state.dilation]);
    const at = present();
    const step = trace.steps[at];
    const shown = prediction.isKnown(at);
    arrange(state.kernel[0].length, trace.padded[0].length, trace.output_shape[1]);
    paintKernel(state, trace);
    paintImage(state, trace, step);
    paintOutput(state, trace, at);
    products.show(shown ? step.products : step.products.map((line) => line.map(() => null)), { print: exact });
    paintArithmetic(trace, step, shown);
    keepHeight(JSON.stringify([shown, state.kernel, state.image]));
    paintSizes(state, trace);
    prediction.show();
    paintPlayback(at);
    const reach = (state.kernel[0].length - 1) * pairOf("dilation", state.dilation)[1];
    keepVisible(
      card.stage,
      image.cellAt(step.start_row, step.start_col),
      image.cellAt(step.start_row, step.start_col + reach),
    );
    card.announce(...describeStep(trace, step, shown));
  }
  return paint;
}

export default defineWidget({
  name: "Convolve2D",
  title: "Slide a kernel over an image",
  picture: "the kernel, the image with the window, the output and the products",
  state: ["image", "kernel", "flip", "padding", "mode", "stride", "dilation", "step", "answer"],
  parts: {
    operation: "kernel turn",
    presets: "ready-made kernels and images",
    padding: "padding",
    mode: "ghost cells",
    names: "names elsewhere",
    stride: "stride",
    dilation: "dilation",
    shape: "number of cells",
    predict: "predict switch",
    size: "output size",
    playback: "playback",
  },
  facts: { output: (_, trace) => outputGrid(trace) },
  compute,
  build,
});
