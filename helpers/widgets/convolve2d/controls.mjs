/** Convolve2D's settings: ready-made kernels and images, borders and their names elsewhere, steps and sizes. */

import { LETTERS, MOST_CELLS } from "./state.mjs";
import { BORDERS, PLACES } from "../arithmetic/borders.mjs";
import { numberPair, part, segmented, select } from "../card/controls.mjs";
import { MODES } from "../arithmetic/convolution.mjs";
import { pairOf, shapeOf } from "../arithmetic/convolution2d.mjs";
import { h, setText } from "../card/dom.mjs";
import { namedKernel } from "../arithmetic/kernels.mjs";

const OWN = "your own";

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
  shift: [
    [0, 0, 0],
    [0, 0, 1],
    [0, 0, 0],
  ],
};

const square = (value) => Array.from({ length: 5 }, (_, row) => Array.from({ length: 5 }, (_, col) => value(row, col)));
const IMAGES = {
  "rows 1 … 5": square((row, col) => col + 1),
  "one dot": square((row, col) => (row === 2 && col === 2 ? 1 : 0)),
  edge: square((row, col) => (col < 2 ? 0 : 9)),
  corner: square((row, col) => (row < 2 || col < 2 ? 0 : 9)),
};

/** The name under which a grid stands in a collection. */
const nameIn = (collection, grid) =>
  Object.keys(collection).find((name) => JSON.stringify(collection[name]) === JSON.stringify(grid));

/** One number where both axes agree. */
const asSetting = (values) => (values[0] === values[1] ? values[0] : values);

/** The settings; they follow the state by themselves. */
export function addControls(card, store, prediction, refuse) {
  const propose = (changes) => store.propose(changes);
  const pick = (collection, name) =>
    select(
      name,
      [OWN, ...Object.keys(collection)],
      (chosen) => chosen !== OWN && propose({ [name]: collection[chosen] }),
    );
  const pair = (label, fields, range, change) => numberPair(label, fields, range, change, refuse);
  const both = (name) => (axis, value) =>
    propose({ [name]: asSetting(pairOf(name, store.state[name]).with(axis, value)) });
  const resizeGrid = (name) => (axis, value) => {
    const grid = store.state[name];
    const [rows, cols] = shapeOf(grid).with(axis, value);
    const lineOf = (row) => Array.from({ length: cols }, (_, col) => grid[row]?.[col] ?? 0);
    return propose({ [name]: Array.from({ length: rows }, (_, row) => lineOf(row)) });
  };
  const steps = [
    ["↓", "down"],
    ["→", "across"],
  ];
  const shape = [
    ["", "rows"],
    ["×", "columns"],
  ];

  const operation = segmented(
    "operation",
    [
      [true, "turned by 180° (convolution)"],
      [false, "as it is (cross-correlation)"],
    ],
    (flip) => propose({ flip }),
  );
  const kernels = pick(KERNELS, "kernel");
  const images = pick(IMAGES, "image");
  const padding = segmented(
    "padding",
    [
      ["full", "full"],
      ["same", "same"],
      ["valid", "valid"],
      ["number", "a number"],
    ],
    (value) => propose({ padding: value === "number" ? 1 : value }),
  );
  const ghosts = pair("on each side", steps, { min: 0, max: 8 }, (axis, value) => {
    const counts = store.view.before.with(axis, value);
    return propose({ padding: counts[0] === counts[1] ? counts[0] : counts.map((count) => [count, count]) });
  });
  const uneven = h("span");
  const mode = segmented(
    "ghost cells",
    MODES.map((name) => [name, name]),
    (value) => propose({ mode: value }),
  );
  const names = namesTable();
  const stride = pair("stride", steps, { min: 1, max: 9 }, both("stride"));
  const dilation = pair("dilation", steps, { min: 1, max: 4 }, both("dilation"));
  const shapes = Object.entries(MOST_CELLS).map(([name, max]) =>
    pair(`size of ${LETTERS[name]}`, shape, { min: 1, max }, resizeGrid(name)),
  );

  card.settings.append(
    part("operation", operation.element),
    part("presets", h("span.cv-group", {}, kernels.element, images.element)),
    part("padding", h("span.cv-group", {}, padding.element, ghosts.element, uneven)),
    part("mode", mode.element),
    part("names", names.element),
    part("stride", stride.element),
    part("dilation", dilation.element),
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
    stride.show(pairOf("stride", state.stride));
    dilation.show(pairOf("dilation", state.dilation));
    shapes[0].show(shapeOf(state.image));
    shapes[1].show(shapeOf(state.kernel));
  });
}

/** What the chosen border is called in other places. */
function namesTable() {
  const words = h("p");
  const names = PLACES.map(() => h("dd"));
  const entries = PLACES.map(([, library, place], i) =>
    h("div", {}, h("dt", {}, library, h("small", {}, place)), names[i]),
  );
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
