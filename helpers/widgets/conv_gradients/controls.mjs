/** ConvGradients' settings: the view, ready-made layers, the layer's settings and sizes. */

import { MOST_CELLS, RANGES } from "./state.mjs";
import { VIEW_WORDS } from "./words.mjs";
import { shapeOf } from "../arithmetic/convolution2d.mjs";
import { numberField, numberPair, part, segmented, select, toggle } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";

const OWN = "your own";

const ROW = { image: [[1, 3, -2, 4, 2]], kernel: [[2, -1, 3]] };
const LONG = { image: [[1, 3, -2, 4, 2, -1, 3]], kernel: [[2, -1, 3]] };
const SQUARE = {
  image: [
    [1, 3, -2, 0],
    [2, -1, 4, 1],
    [0, 2, 1, -3],
    [3, 1, -1, 2],
  ],
  kernel: [
    [2, -1],
    [3, 1],
  ],
};
const PLAIN = { padding: 0, stride: 1, dilation: 1, step: 0 };

/** Layers that show one thing each. */
const EXAMPLES = {
  "1-D": { ...ROW, ...PLAIN },
  "1-D, padding 1": { ...ROW, ...PLAIN, padding: 1 },
  "1-D, stride 2": { ...LONG, ...PLAIN, stride: 2 },
  "1-D, dilation 2": { ...LONG, ...PLAIN, dilation: 2 },
  "2-D": { ...SQUARE, ...PLAIN },
  "2-D, padding 1, stride 2": {
    image: SQUARE.image,
    kernel: [
      [2, -1, 0],
      [3, 1, -2],
      [0, 1, 1],
    ],
    ...PLAIN,
    padding: 1,
    stride: 2,
  },
};

const nameOfExample = (state) =>
  Object.keys(EXAMPLES).find((name) =>
    Object.entries(EXAMPLES[name]).every(
      ([key, value]) => key === "step" || JSON.stringify(state[key]) === JSON.stringify(value),
    ),
  );

/** The settings; they follow the state by themselves. */
export function addControls(card, store, prediction, refuse) {
  const propose = (changes) => store.propose(changes);
  const field = (name) => numberField(name, RANGES[name], (value) => propose({ [name]: value }), refuse);
  const resizeGrid = (name) => (axis, value) => {
    const grid = store.state[name];
    const [rows, cols] = shapeOf(grid).with(axis, value);
    return propose({
      [name]: Array.from({ length: rows }, (_, row) => Array.from({ length: cols }, (_, col) => grid[row]?.[col] ?? 1)),
    });
  };

  const view = segmented("show", VIEW_WORDS, (value) => propose({ view: value, step: 0 }));
  const examples = select(
    "example",
    [OWN, ...Object.keys(EXAMPLES)],
    (name) => name !== OWN && propose(EXAMPLES[name]),
  );
  const operation = segmented(
    "layer",
    [
      [false, "cross-correlates"],
      [true, "convolves"],
    ],
    (flip) => propose({ flip }),
  );
  const [padding, stride, dilation] = ["padding", "stride", "dilation"].map(field);
  /** @type {[[string, string], [string, string]]} */
  const shape = [
    ["", "rows"],
    ["×", "columns"],
  ];
  const pairs = [
    ["image", "x"],
    ["kernel", "w"],
  ].map(([name, letter]) =>
    numberPair(`size of ${letter}`, shape, { min: 1, max: Math.max(...MOST_CELLS[name]) }, resizeGrid(name), refuse),
  );
  const differences = toggle("finite differences", (on) => propose({ differences: on }));

  card.settings.append(
    part("view", view.element),
    part("examples", examples.element),
    part("operation", operation.element),
    part("padding", padding.element),
    part("stride", stride.element),
    part("dilation", dilation.element),
    part("shape", h("span.cv-group", {}, ...pairs.map(({ element }) => element))),
    part("differences", differences.element),
    part("predict", prediction.element),
  );
  store.subscribe((state, seen) => {
    if (!seen) return;
    view.show(state.view);
    examples.show(nameOfExample(state) ?? OWN);
    operation.show(state.flip);
    padding.show(state.padding);
    stride.show(state.stride);
    dilation.show(state.dilation);
    pairs[0].show(shapeOf(state.image));
    pairs[1].show(shapeOf(state.kernel));
    differences.show(state.differences);
  });
}
