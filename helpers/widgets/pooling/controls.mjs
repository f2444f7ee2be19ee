/** Pooling's settings: the view, ready-made examples, what is pooled and how. */

import { MOST_CELLS, optionsOf, RANGES } from "./state.mjs";
import { KERNEL_WORDS, VIEW_WORDS } from "./words.mjs";
import { shapeOf } from "../arithmetic/convolution2d.mjs";
import { layOutPool } from "../arithmetic/pool2d.mjs";
import { numberField, numberPair, part, segmented, select, toggle } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";

const OWN = "your own";
const NUMBERS = [
  [1, 2, 5, 1],
  [3, 4, 0, 2],
  [6, 1, 3, 3],
  [2, 0, 3, 1],
];
const OVERLAPPING = [
  [1, 3, 2, 0, 1],
  [2, 9, 4, 1, 0],
  [0, 3, 5, 7, 2],
  [1, 0, 6, 2, 8],
  [4, 1, 0, 3, 1],
];
const DARK = [0, 0, 0, 0, 0, 0];
const SPOT = [DARK, DARK, DARK.with(2, 9), DARK];
const PLAIN = { input: "numbers", pool_size: 2, stride: 2, padding: "valid", whole: false, step: 0 };

/** Maps that show one thing each. */
const EXAMPLES = {
  "2 × 2 of a 4 × 4": { ...PLAIN, image: NUMBERS },
  "four numbers": {
    ...PLAIN,
    image: [
      [1, 2],
      [3, 4],
    ],
  },
  "windows that overlap": { ...PLAIN, image: OVERLAPPING, pool_size: 3 },
  ties: {
    ...PLAIN,
    image: [
      [2, 2, 0, 0],
      [2, 2, 0, 0],
      [0, 5, 1, 3],
      [5, 0, 3, 1],
    ],
  },
  "filler and negatives": {
    ...PLAIN,
    image: [
      [-3, -1, -2],
      [-4, -2, -6],
      [-5, -7, -1],
    ],
    padding: "same",
  },
  "one bright spot": { ...PLAIN, image: SPOT },
};

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const nameOfExample = (state) =>
  Object.keys(EXAMPLES).find((name) =>
    Object.entries(EXAMPLES[name]).every(([key, value]) => key === "step" || isSame(state[key], value)),
  );

/** Where a photograph is looked at first, as shares of its rows and columns: where something happens. */
const FIRST_LOOK = [0.24, 0.42];

/** The settings; they follow the state by themselves. */
export function addControls(card, store, prediction, sources) {
  const propose = (changes) => store.propose(changes);
  const refuse = (sentence) => store.refuse(sentence);
  const field = (name, label) => numberField(label, RANGES[name], (value) => propose({ [name]: value }), refuse);
  function resize(axis, value) {
    const { image } = store.state;
    const [rows, cols] = shapeOf(image).with(axis, value);
    const line = (row) => Array.from({ length: cols }, (_, col) => image[row]?.[col] ?? 0);
    return propose({ image: Array.from({ length: rows }, (_, row) => line(row)) });
  }
  function take(input) {
    if (input === "numbers") return propose({ input, step: 0 });
    const size = { rows: 126, cols: 126 };
    const [down, across] = layOutPool(size, optionsOf(store.state, size));
    const [row, col] = [down, across].map(({ output }, axis) => Math.floor(FIRST_LOOK[axis] * output));
    return propose({ input, step: row * across.output + col });
  }

  const view = segmented("show", VIEW_WORDS, (value) => propose({ view: value }));
  const kind = segmented(
    "y is",
    [
      ["max", "max"],
      ["mean", "mean"],
    ],
    (value) => propose({ kind: value }),
  );
  const poolSize = field("pool_size", "pool size");
  const stride = field("stride", "stride");
  const padding = segmented(
    "border",
    [
      ["valid", "VALID"],
      ["same", "SAME"],
    ],
    (value) => propose({ padding: value }),
  );
  const whole = toggle("one window (global)", (on) => propose({ whole: on, step: 0 }));
  /** @type {[string, string][]} */
  const conventions = [
    ["first", "to the first"],
    ["shared", "shared"],
  ];
  const ties = segmented("ties", conventions, (value) => propose({ ties: value }));
  const input = segmented(
    "on",
    [
      ["numbers", "numbers"],
      ["photograph", "a photograph"],
    ],
    take,
  );
  const names = [OWN, ...Object.keys(EXAMPLES)];
  const examples = select("example", names, (name) => name !== OWN && propose(EXAMPLES[name]));
  const most = { min: 1, max: Math.max(...MOST_CELLS) };
  const shape = numberPair(
    "size of x",
    [
      ["", "rows"],
      ["×", "columns"],
    ],
    most,
    resize,
    refuse,
  );
  const kernels = Object.values(KERNEL_WORDS);
  const nameOf = (words) => Object.keys(KERNEL_WORDS)[kernels.indexOf(words)];
  const kernel = select("kernel before ReLU", kernels, (words) => propose({ kernel: nameOf(words) }));
  const onNumbers = h("span.cv-group", {}, part("examples", examples.element), part("shape", shape.element));
  const onPhotographs = h("span.cv-group", {}, part("kernel", kernel.element), sources.element);

  card.settings.append(
    part("view", view.element),
    part("kind", kind.element),
    part("pool_size", poolSize.element),
    part("stride", stride.element),
    part("padding", padding.element),
    part("whole", whole.element),
    part("ties", ties.element),
    part("input", input.element),
    onNumbers,
    onPhotographs,
    part("predict", prediction.element),
  );
  store.subscribe((state, seen) => {
    if (!seen) return;
    view.show(state.view);
    kind.show(state.kind);
    poolSize.show(state.pool_size);
    stride.show(state.stride);
    padding.show(state.padding);
    whole.show(state.whole);
    ties.show(state.ties);
    input.show(state.input);
    examples.show(nameOfExample(state) ?? OWN);
    shape.show(shapeOf(state.image));
    kernel.show(KERNEL_WORDS[state.kernel]);
    onNumbers.hidden = state.input !== "numbers";
    onPhotographs.hidden = state.input === "numbers";
    // Parts are hidden by lessons; what does not apply just now stands back.
    for (const { element } of [poolSize, stride, padding]) element.classList.toggle("po-idle", state.whole);
    ties.element.classList.toggle("po-idle", state.kind === "mean");
  });
}
