/** Convolve2D: a kernel slides over a grid of numbers, and every product and sum is shown. */

import { BORDERS, PLACES } from "./shared/borders.mjs";
import { numberPair, part, segmented, select } from "./shared/controls.mjs";
import { ghostSource, MODES } from "./shared/convolution.mjs";
import { flip2d, outputGrid, perAxis, requireGrid, shapeOf, trace2d, transpose } from "./shared/convolution2d.mjs";
import { h, setText, steadyHeight } from "./shared/dom.mjs";
import { exact, factor, plural, sum } from "./shared/format.mjs";
import { defineWidget } from "./shared/frame.mjs";
import { editableGrid, halfTurn, keepVisible, plainGrid, slidingWindow, withIndices } from "./shared/grid.mjs";
import { namedKernel } from "./shared/kernels.mjs";
import { Misfit } from "./shared/misfit.mjs";
import { addPlayback } from "./shared/playback.mjs";
import { addPrediction, judgeGuess } from "./shared/predict.mjs";
import { layOut, numbers, symbols } from "./shared/sizes.mjs";

const MOST_CELLS = { image: 9, kernel: 5 };
const MOST_PADDED = 25;
/** Columns of cells that fit next to each other on a page: all grids, or image and output. */
const MOST_SIDE_BY_SIDE = 20;
const MOST_PAIRED = 22;
const LETTERS = { image: "x", kernel: "w" };

const named = (name) => namedKernel(name, { size: 3 });
const ones = named("mean");

/** Kernels worth sliding, as books print them. Turned, as here, "shift" moves an image to the right. */
const KERNELS = {
  identity: named("identity"),
  ones,
  mean: ones.map((row) => row.map((one) => one / 9)),
  "Sobel x": named("sobel_x"),
  Laplacian: named("laplacian"),
  sharpen: named("sharpen"),
  shift: [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
};

const square = (value) => Array.from({ length: 5 }, (_, row) => Array.from({ length: 5 }, (_, col) => value(row, col)));
const IMAGES = {
  "rows 1 … 5": square((row, col) => col + 1),
  "one dot": square((row, col) => (row === 2 && col === 2 ? 1 : 0)),
  edge: square((row, col) => (col < 2 ? 0 : 9)),
  corner: square((row, col) => (row < 2 || col < 2 ? 0 : 9)),
};

/** Refuses a grid that is no rectangle of finite numbers, or too large for the screen. */
function requireSmall(name, grid) {
  requireGrid(name, grid);
  const wrong = grid.flat().find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Misfit(`The ${name} holds “${wrong}”, which is not a finite number.`);
  const [rows, cols] = shapeOf(grid);
  const most = MOST_CELLS[name];
  if (rows > most || cols > most) throw new Misfit(`The ${name} has ${rows} × ${cols} cells: at most ${most} × ${most} fit here.`);
}

/** @param {any} state */
export function compute(state) {
  requireSmall("image", state.image);
  requireSmall("kernel", state.kernel);
  if (!["shown", "hidden"].includes(state.answer)) throw new Misfit(`The answer can be shown or hidden, not ${state.answer}.`);
  const trace = trace2d(state.image, state.kernel, state);
  const [rows, cols] = shapeOf(trace.padded);
  if (Math.max(rows, cols) > MOST_PADDED) throw new Misfit(`${rows} × ${cols} cells do not fit on the screen: use less padding or dilation.`);
  return trace;
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
  const asWritten = state.flip ? "" : " Cross-correlation leaves it as it is.";
  const neighbours = [[0, 1, "right"], [0, -1, "left"], [1, 0, "down"], [-1, 0, "up"]].map(([down, across, where]) =>
    [outputGrid(trace)[row + down]?.[col + across], `One step too far ${where}: that is y[${row + down}, ${col + across}].`]);
  const otherModes = MODES.filter((mode) => mode !== state.mode).map((mode) =>
    [valueAt({ mode }), mode === "zeros"
      ? `That is the value with zeros outside: here the ghost cells are filled by “${state.mode}”.`
      : `That is the value for “${mode}”, where the ghost cells hold ${BORDERS[mode].words}. Here it is ${BORDERS[state.mode].words}.`]);
  const missing = products.flatMap((line, i) => line.map((product, j) =>
    [product ? answer - product : undefined, `One product is missing from the sum: ${factor(window[i][j], exact)}·${factor(trace.kernel[i][j], exact)} = ${exact(product)}.`]));
  const slips = [
    [valueAt({ flip: !state.flip }), state.flip
      ? "That is cross-correlation: the kernel was not turned."
      : "That is convolution: the kernel was turned by 180°, and cross-correlation leaves it as it is."],
    [valueAt({ kernel: upsideDown, flip: false }), `You turned the kernel upside down only: ${state.flip ? "by 180°, left and right change places too." : "it should stay as it is."}`],
    [valueAt({ kernel: leftRight, flip: false }), `You swapped left and right of the kernel only: ${state.flip ? "by 180°, top and bottom change places too." : "it should stay as it is."}`],
    [valueAt({ kernel: transpose(state.kernel) }), `The kernel's rows became its columns.${asWritten}`],
    [valueAt({ kernel: transpose(state.kernel), flip: !state.flip }), `The kernel's rows became its columns.${asWritten}`],
    ...neighbours,
    [state.stride !== 1 ? valueAt({ stride: 1 }) : undefined, "That is the value for stride 1: here the kernel takes larger steps."],
    ...(state.dilation === 1 ? [] : [state.padding, trace.before.map((before, axis) => [before, trace.after[axis]])]).map((padding) =>
      [valueAt({ dilation: 1, padding }), "That is the value without dilation: the kernel's cells stand apart here."]),
    ...otherModes,
    [Math.max(...trace.before) > 0 ? valueAt({ padding: "valid" }) : undefined, "That is the value without padding: the first windows begin on the ghost cells here."],
    [total(flat.map(Math.abs)), "Check the signs: a minus got lost on the way."],
    [total(window.flat()), "That is the sum of the window alone: multiply each cell by the kernel's cell first."],
    [total(window.flat()) * total(state.kernel.flat()), "That is the window's sum times the kernel's sum: multiply cell by cell first, then add."],
    ...missing,
    ...flat.map((product) => [product, "That is one of the products: now add them all up."]),
  ];
  const first = flat.findIndex(Boolean);
  const example = first < 0 ? "" : ` One of the products is ${factor(window.flat()[first], exact)}·${factor(trace.kernel.flat()[first], exact)} = ${exact(flat[first])}.`;
  const hint = `Multiply each cell of the window by the kernel's number in it, and add all ${flat.length} products.${example}`;
  return judgeGuess(guess, answer, { right: `Right: y[${row}, ${col}] = ${exact(answer)}.`, slips, hint });
}

/** What is spoken and, for a picture without words, all that can be seen of a step. */
function describeStep(trace, step, known) {
  const weights = trace.kernel.flat();
  const pairs = step.window.flat().map((value, i) => `${factor(value, exact)} times ${factor(weights[i], exact)}`).join(", plus ");
  return `y row ${step.row}, column ${step.col}: ${pairs}, equals ${known ? exact(step.sum) : "what?"}`;
}

/** "1 row at the bottom and 2 columns at the right, hatched, are never reached". */
function describeIgnored([rows, cols]) {
  if (!rows && !cols) return "";
  const sides = [rows && `${plural(rows, "row")} at the bottom`, cols && `${plural(cols, "column")} at the right`].filter(Boolean);
  return `${sides.join(" and ")}, hatched, ${rows + cols === 1 ? "is" : "are"} never reached: the stride steps past.`;
}

/** The name under which a grid stands in a collection. */
const nameIn = (collection, grid) => Object.keys(collection).find((name) => JSON.stringify(collection[name]) === JSON.stringify(grid));

/** One number where both axes agree. */
const asSetting = (values) => (values[0] === values[1] ? values[0] : values);

function build(card, store) {
  const refuse = (sentence) => store.refuse(sentence);
  const figure = (place, letter, words, ...content) => {
    const label = h("span", {}, words);
    return { element: h(`div.${place}`, {}, h("div.cv2d-name", {}, h("b", {}, letter), label), ...content), label };
  };
  const editable = (name) => editableGrid({
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

  const appliedFigure = figure("applied", "", "", applied.element);
  const stage = h(
    "div.cv2d", {},
    h("div.cv2d-column", {}, figure("written", "w", "kernel", kernel.element).element, appliedFigure.element),
    figure("image", "x", "image", imageFrame.element).element,
    h("div.cv2d-column", {}, figure("output", "y", "output", outputFrame.element).element, figure("products", "", "products", products.element).element),
  );
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
    if (ghost) image.cellAt(...ghost.dataset.source.split(",").map(Number)).classList.add("source");
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
  }

  function paintKernel(state, trace) {
    kernel.show(state.kernel);
    applied.show(trace.kernel, { print: exact });
    setText(appliedFigure.label, state.flip ? "↻ turned by 180°" : "as it is");
    const written = JSON.stringify(state.kernel);
    if (painted.kernel === written && painted.flip !== state.flip) {
      halfTurn(applied.element, [...applied.element.children]);
      halfTurn(window.turning.element, window.turning.upright());
    }
    painted = { kernel: written, flip: state.flip };
  }

  function paintImage(state, trace, step) {
    const { before, padded, ignored } = trace;
    const [stride, dilation] = [perAxis("stride", state.stride), perAxis("dilation", state.dilation)];
    const [rows, cols] = shapeOf(padded);
    const covered = new Set(step.window.flatMap((line, i) => line.map((_, j) => `${step.start_row + i * dilation[0]},${step.start_col + j * dilation[1]}`)));
    image.show(state.image, {
      padded, before,
      each(cell, row, col) {
        cell.classList.toggle("in-window", covered.has(`${row},${col}`));
        cell.classList.toggle("ignored", row >= rows - ignored[0] || col >= cols - ignored[1]);
        if (cell.classList.contains("ghost")) tellSource(cell, row, col);
      },
    });
    function tellSource(cell, row, col) {
      const source = [row, col].map((at, axis) => ghostSource(at - before[axis], shapeOf(state.image)[axis], state.mode));
      if (source.includes(-1)) {
        cell.title = "ghost cell: 0";
        delete cell.dataset.source;
      } else {
        cell.title = `ghost cell: the same as x[${source.join(", ")}]`;
        cell.dataset.source = source.map((at, axis) => at + before[axis]).join();
      }
    }
    imageFrame.show([rows, cols], before.map((count) => -count));
    const last = trace.steps.at(-1);
    window.show({ row: step.start_row, col: step.start_col, lastRow: last.start_row, lastCol: last.start_col, stride, dilation, kernel: trace.kernel }, exact);
  }

  function paintOutput(state, trace, at) {
    const seen = (index) => (state.answer === "shown" ? index <= at : prediction.isFound(index));
    const largest = Math.max(...trace.steps.map((step) => Math.abs(step.sum)));
    const [, cols] = trace.output_shape;
    output.show(outputGrid(trace).map((line, row) => line.map((value, col) => (seen(row * cols + col) ? value : null))), {
      largest, print: exact,
      each(cell, row, col) {
        const index = row * cols + col;
        cell.classList.toggle("now", index === at);
        cell.classList.toggle("waiting", !seen(index));
        cell.title = `y[${row}, ${col}]`;
        if (index === at && !seen(index)) setText(cell, "?");
      },
    });
    outputFrame.show(trace.output_shape);
  }

  function paintArithmetic(trace, step, shown) {
    const name = `y[${step.row}, ${step.col}] = `;
    if (!shown) return prediction.arithmetic.replaceChildren(`${name}?`);
    const lines = step.window.map((line, i) => h("span.cv2d-terms", {}, ...line.flatMap((value, j) =>
      [i || j ? " + " : "", `${factor(value, exact)}·`, h("span.k", {}, factor(trace.kernel[i][j], exact))])));
    const added = trace.kernel.flat().length > 1 ? [`= ${sum(step.products.flat(), exact)} `] : [];
    prediction.arithmetic.replaceChildren(h("span", {}, name), h("span.cv2d-lines", {}, ...lines, h("span", {}, ...added, "= ", h("span.y", {}, exact(step.sum)))));
  }

  function paintSizes(state, trace) {
    const axes = shapeOf(state.image).map((size, axis) => layOut({
      size, kernel: shapeOf(state.kernel)[axis], stride: perAxis("stride", state.stride)[axis],
      dilation: perAxis("dilation", state.dilation)[axis], padding: [trace.before[axis], trace.after[axis]],
    }));
    const alike = numbers(axes[0]) === numbers(axes[1]);
    const line = (name, axis) => h("div", {}, `${name}: `, numbers(axis), h("b", {}, String(axis.output)));
    sizes.replaceChildren(
      h("div", {}, `output size = ${symbols(axes.find(({ before, after, dilation }) => before !== after || dilation > 1) ?? axes[0])} for each axis`),
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
    const reach = (state.kernel[0].length - 1) * perAxis("dilation", state.dilation)[1];
    keepVisible(card.stage, image.cellAt(step.start_row, step.start_col), image.cellAt(step.start_row, step.start_col + reach));
    card.announce(describeStep(trace, step, shown));
  }
  return paint;
}

/** The settings; they follow the state by themselves. */
function addControls(card, store, prediction, refuse) {
  const propose = (changes) => store.propose(changes);
  const pick = (collection, name, label) => select(label, [OWN, ...Object.keys(collection)], (chosen) => chosen !== OWN && propose({ [name]: collection[chosen] }));
  const pair = (label, fields, range, change) => numberPair(label, fields, range, change, refuse);
  const both = (name) => (axis, value) => propose({ [name]: asSetting(perAxis(name, store.state[name]).with(axis, value)) });
  const resizeGrid = (name) => (axis, value) => {
    const grid = store.state[name];
    const [rows, cols] = shapeOf(grid).with(axis, value);
    return propose({ [name]: Array.from({ length: rows }, (_, row) => Array.from({ length: cols }, (_, col) => grid[row]?.[col] ?? 0)) });
  };
  const steps = [["↓", "down"], ["→", "across"]];
  const shape = [["", "rows"], ["×", "columns"]];

  const operation = segmented("kernel", [[true, "turned by 180° (convolution)"], [false, "as it is (cross-correlation)"]], (flip) => propose({ flip }));
  const kernels = pick(KERNELS, "kernel", "kernel");
  const images = pick(IMAGES, "image", "image");
  const padding = segmented("padding", [["full", "full"], ["same", "same"], ["valid", "valid"], ["number", "a number"]], (value) => propose({ padding: value === "number" ? 1 : value }));
  const ghosts = pair("on each side", steps, { min: 0, max: 8 }, (axis, value) => {
    const counts = store.view.before.with(axis, value);
    return propose({ padding: counts[0] === counts[1] ? counts[0] : counts.map((count) => [count, count]) });
  });
  const uneven = h("span");
  const mode = segmented("ghost cells", MODES.map((name) => [name, name]), (value) => propose({ mode: value }));
  const names = namesTable();
  const stride = pair("stride", steps, { min: 1, max: 9 }, both("stride"));
  const dilation = pair("dilation", steps, { min: 1, max: 4 }, both("dilation"));
  const shapes = Object.keys(MOST_CELLS).map((name) => pair(`size of ${LETTERS[name]}`, shape, { min: 1, max: MOST_CELLS[name] }, resizeGrid(name)));

  card.settings.append(
    part("operation", operation.element),
    part("presets", h("span.cv-group", {}, kernels.element, images.element)),
    part("padding", h("span.cv-group", {}, padding.element, ghosts.element, uneven)),
    part("mode", mode.element),
    part("names", names.element),
    part("stride", stride.element), part("dilation", dilation.element),
    part("shape", h("span.cv-group", {}, ...shapes.map(({ element }) => element))),
    part("predict", prediction.element),
  );

  store.subscribe((state, trace) => {
    if (!trace) return;
    operation.show(state.flip);
    kernels.show(nameIn(KERNELS, state.kernel) ?? OWN);
    images.show(nameIn(IMAGES, state.image) ?? OWN);
    const isName = typeof state.padding === "string";
    const isEven = trace.before.every((count, axis) => count === trace.after[axis]);
    padding.show(isName ? state.padding : "number");
    ghosts.element.hidden = isName || !isEven;
    if (!isName && isEven) ghosts.show(trace.before);
    const [[above, left], [below, right]] = [trace.before, trace.after];
    setText(uneven, isName || isEven ? "" : `${above} above, ${below} below, ${left} left, ${right} right`);
    mode.show(state.mode);
    names.show(state.mode);
    stride.show(perAxis("stride", state.stride));
    dilation.show(perAxis("dilation", state.dilation));
    shapes[0].show(shapeOf(state.image));
    shapes[1].show(shapeOf(state.kernel));
  });
}

const OWN = "your own";

/** What the chosen border is called in other places. */
function namesTable() {
  const words = h("p");
  const names = PLACES.map(() => h("dd"));
  const entries = PLACES.map(([, library, place], i) => h("div", {}, h("dt", {}, library, h("small", {}, place)), names[i]));
  return {
    element: h("div.cv2d-names", {}, words, h("dl", {}, ...entries)),
    /** @param {string} mode */
    show(mode) {
      setText(words, `“${mode}”: ${BORDERS[mode].words}. Elsewhere it is called`);
      PLACES.forEach(([key], i) => {
        const name = BORDERS[mode][key];
        setText(names[i], name ?? "no such mode");
        names[i].classList.toggle("none", name === null);
      });
    },
  };
}

export default defineWidget({
  name: "Convolve2D",
  title: "Slide a kernel over an image",
  picture: "the kernel, the image with the window, the output and the products",
  state: ["image", "kernel", "flip", "padding", "mode", "stride", "dilation", "step", "answer"],
  parts: {
    operation: "kernel turn", presets: "ready-made kernels and images", padding: "padding", mode: "ghost cells", names: "names elsewhere",
    stride: "stride", dilation: "dilation", shape: "number of cells", predict: "predict switch", size: "output size", playback: "playback",
  },
  compute,
  build,
});
