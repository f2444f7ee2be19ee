/** ArchitectureCalculator's pictures: boxes to scale, the table, a photograph with what a number sees of it. */

import { VARIANTS } from "./state.mjs";
import { amount, by, describeField, describeLayer, memory, writeSize } from "./words.mjs";
import { count, memoryOf, sizeOf, totals } from "../arithmetic/architecture.mjs";
import { number, plural } from "../arithmetic/format.mjs";
import { paintPixels } from "../arithmetic/image.mjs";
import { fromLine } from "../arithmetic/layer_kinds.mjs";
import { drawOn } from "../card/canvas.mjs";
import { h, resize, setText } from "../card/dom.mjs";
import { place, svg } from "../card/svg.mjs";

const TALLEST = 118; // pixels of the drawing for the largest map's rows
const DEEPEST = 58; // for the most channels of a map
const SLANT = [0.3, 0.2]; // how far a column of the map goes to the right, and up
const GAP = 9;
/** Layers that leave a map as it was get no box of their own. */
const SAME = ["Activation", "Dropout", "BatchNormalization"];

/** The three faces of a box: front, top and side, as points. */
function facesOf({ x, y, depth, height, right, up }) {
  const points = (...corners) => corners.map(([a, b]) => `${(x + a).toFixed(1)},${(y + b).toFixed(1)}`).join(" ");
  return [
    points([0, 0], [depth, 0], [depth, height], [0, height]),
    points([0, 0], [right, -up], [depth + right, -up], [depth, 0]),
    points([depth, 0], [depth + right, -up], [depth + right, height - up], [depth, height]),
  ];
}

/** The size of each box: maps have rows, columns and channels; a row of numbers is a square of as large an area. */
export function layOutBoxes(counted) {
  const maps = counted.map(({ shape }) => (shape.length === 3 ? shape : [Math.sqrt(shape[0]), Math.sqrt(shape[0]), 1]));
  const largest = Math.max(...maps.map(([rows, cols]) => Math.max(rows, cols)));
  const most = Math.max(...maps.map(([, , channels]) => channels));
  const boxes = [];
  let x = 2;
  maps.forEach(([rows, cols, channels], number) => {
    if (number && SAME.includes(counted[number].kind)) return;
    const box = {
      number,
      depth: (channels / most) * DEEPEST,
      height: (rows / largest) * TALLEST,
      right: (cols / largest) * TALLEST * SLANT[0],
      up: (cols / largest) * TALLEST * SLANT[1],
    };
    boxes.push({ ...box, x, y: (TALLEST * (1 + SLANT[1]) + box.up - box.height) / 2 + 4 });
    x += box.depth + box.right + GAP;
  });
  return { boxes, width: x, height: TALLEST * (1 + SLANT[1]) + 8 };
}

/** All layers as boxes, to scale. @param {(step: number) => void} choose */
export function createBoxes(choose) {
  const drawing = svg("svg", { class: "ac-boxes", "aria-hidden": "true" });
  const caption = h(
    "div.ac-caption",
    {},
    "To scale: rows down, columns slanted, channels to the right (on their own scale). Flattened: a " +
      "square of as many cells.",
  );
  return {
    element: h("div.ac-drawing", {}, drawing, caption),
    paint({ counted, at, isKnown }) {
      const { boxes, width, height } = layOutBoxes(counted);
      place(drawing, { viewBox: `0 0 ${width} ${height}` });
      const marked = boxes.findLast(({ number }) => number <= at + 1).number;
      drawing.replaceChildren(
        ...boxes
          .filter(({ number }) => number === 0 || isKnown(number - 1))
          .map((box) => {
            const { shape, kind } = counted[box.number];
            const group = svg(
              "g",
              { class: `ac-box ${kind}${box.number === marked ? " now" : ""}` },
              svg("title", {}, `${box.number ? `layer ${box.number}, ${kind}` : "input"}: ${by(shape)}`),
              ...facesOf(box).map((points) => svg("polygon", { points })),
            );
            if (box.number) group.addEventListener("click", () => choose(box.number - 1));
            return group;
          }),
      );
    },
  };
}

const HEADS = [
  ["", "layer"],
  ["output", "output"],
  ["sees", "receptive field"],
  ["weights", "weights"],
  ["biases", "biases"],
  ["multiply–adds", "multiply–adds"],
  ["to train", "memory for training"],
  ["to predict", "memory for prediction"],
];

/** The table of layers. @param {(step: number) => void} choose */
export function createTable(choose) {
  const head = h("tr", {}, ...HEADS.map(([words, title]) => h("th", { scope: "col", title }, words || "layer")));
  const body = h("tbody");
  const foot = h("tr");
  const box = h(
    "div.ac-table",
    { role: "group", "aria-label": "layers", tabindex: "0" },
    h("table", {}, h("thead", {}, head), body, h("tfoot", {}, foot)),
  );
  let shownAt = -1;

  function cellsOf(view, number, batchSize) {
    const after = view.counted[number];
    const atOnce = number ? sizeOf(view.counted[number - 1]) + sizeOf(after) : sizeOf(after);
    const { training, prediction } = memoryOf(after, sizeOf(after), atOnce, batchSize);
    const field = after.field ? by(after.field) : "all";
    const biases = after.moving ? `${amount(after.biases)} + ${amount(after.moving)}` : amount(after.biases);
    return [
      by(after.shape),
      field,
      amount(after.weights),
      biases,
      amount(after.multiplyAdds),
      memory(training),
      memory(prediction),
    ];
  }
  return {
    element: box,
    paint({ view, at, isKnown, batchSize }) {
      const rows = resize(body, view.counted.length, (number) => {
        const name = number ? h("button", { type: "button", onclick: () => choose(number - 1) }) : h("span");
        return h(
          "tr",
          { onclick: number ? () => choose(number - 1) : null },
          h("th", { scope: "row" }, name),
          ...HEADS.slice(1).map(() => h("td")),
        );
      });
      view.counted.forEach((_, number) => {
        const row = rows[number];
        const isNow = number === at + 1;
        const name = row.firstElementChild.firstElementChild;
        name.title = number ? describeLayer(view.layers[number - 1]) : "";
        setText(name, number ? `${number}  ${describeLayer(view.layers[number - 1])}` : "input");
        row.classList.toggle("now", isNow);
        if (isNow) name.setAttribute("aria-current", "true");
        else name.removeAttribute("aria-current");
        const known = number === 0 || isKnown(number - 1);
        cellsOf(view, number, batchSize).forEach((text, i) => setText(row.children[i + 1], known ? text : "?"));
      });
      const all = view.layers.every((_, i) => isKnown(i));
      const { sums } = view;
      const { training, prediction } = memoryOf(sums, sums.activations, sums.widest, batchSize);
      const moving = sums.moving ? ` + ${amount(sums.moving)}` : "";
      const texts = [
        "",
        "",
        amount(sums.weights),
        `${amount(sums.biases)}${moving}`,
        amount(sums.multiply_adds),
        memory(training),
        memory(prediction),
      ];
      foot.replaceChildren(
        h("th", { scope: "row" }, "all layers"),
        ...texts.map((text) => h("td", {}, all || !text ? text : "?")),
      );
      // Only once it is on the page is there something to scroll.
      if (at !== shownAt && box.clientHeight) {
        reveal(rows[at + 1]);
        shownAt = at;
      }
    },
  };

  /** Scrolls the table alone, never the page. */
  function reveal(row) {
    const [headHeight, footHeight] = [head.offsetHeight, foot.offsetHeight];
    if (row.offsetTop - headHeight < box.scrollTop) box.scrollTop = row.offsetTop - headHeight;
    const below = row.offsetTop + row.offsetHeight - (box.clientHeight - footHeight);
    if (below > box.scrollTop) box.scrollTop = below;
  }
}

/** A photograph in the input's proportions, with a square around what one number sees. */
export function createPhotograph() {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const square = svg("rect", { class: "ac-field" });
  const next = svg("rect", { class: "ac-next" });
  const overlay = svg("svg", { "aria-hidden": "true" }, next, square);
  const frame = h("div.ac-frame", {}, canvas, overlay);
  const words = h("figcaption");
  let drawn = null;
  return {
    element: h("figure.ac-photograph", {}, frame, words),
    /** @param {any} picture @param {any} layer @param {number[]} size @param {boolean} known */
    paint(picture, layer, [rows, cols], known) {
      frame.style.aspectRatio = `${cols} / ${rows}`;
      frame.style.setProperty("--wide", cols / rows);
      if (picture && picture !== drawn) {
        drawOn(canvas, picture.rows, picture.cols, (bytes) => paintPixels(picture, bytes, "clipped"));
        drawn = picture;
      }
      place(overlay, { viewBox: `0 0 ${cols} ${rows}` });
      const box = layer.field ?? [rows, cols];
      const [top, left] = [(rows - box[0]) / 2, (cols - box[1]) / 2];
      const visible = known ? "" : "display: none";
      place(square, { x: left, y: top, width: box[1], height: box[0], style: visible });
      place(next, {
        x: left + (layer.jump?.[1] ?? 0),
        y: top,
        width: box[1],
        height: box[0],
        style: layer.jump ? visible : "display: none",
      });
      setText(words, known ? describeField(layer, [rows, cols]) : "What does one number of this layer see?");
    },
  };
}

/** AlexNet's first layer on images of 227 and of 224 pixels. @param {(changes: any) => void} take */
export function createComparison(take) {
  const columns = Object.entries(VARIANTS).map(([name, changes]) => {
    const layers = changes.stack.map(fromLine);
    const counted = count(layers, changes.input_shape);
    const first = layers.findIndex(({ kind }) => kind === "Conv2D");
    const flat = layers.findIndex(({ kind }) => kind === "Flatten");
    const exact = (counted[first].shape[0] - 11) / 4;
    return {
      name,
      changes,
      works: writeSize(layers[first], counted[first], counted[first + 1])
        .split(";")[0]
        .replace("rows and columns: ", ""),
      left:
        layers[first].padding === "same"
          ? "zeros fill the last step"
          : Number.isInteger(exact)
            ? "nothing"
            : `${number(exact)} steps: ${plural((counted[first].shape[0] - 11) % 4, "row")} never read`,
      first: by(counted[first + 1].shape),
      last: by(counted[flat].shape),
      numbers: counted[flat + 1].shape[0],
      parameters: totals(counted).parameters,
    };
  });
  const row = (head, read) =>
    h("tr", {}, h("th", { scope: "row" }, head), ...columns.map((column) => h("td", {}, read(column))));
  const table = h(
    "table",
    {},
    h(
      "thead",
      {},
      h("tr", {}, h("th", { scope: "col" }, "input"), ...columns.map(({ name }) => h("th", { scope: "col" }, name))),
    ),
    h(
      "tbody",
      {},
      row("rows after 11 × 11, stride 4", ({ works }) => works),
      row("comes out", ({ first }) => h("b", {}, first)),
      row("left over", ({ left }) => left),
      row("before the dense layers", ({ last }) => last),
      row("numbers flattened", ({ numbers }) => amount(numbers)),
      row("all parameters", ({ parameters }) => amount(parameters)),
      row("continue with", ({ name, changes }) =>
        h(
          "button",
          { type: "button", "aria-label": `put ${name} into the table`, onclick: () => take(changes) },
          "take it",
        ),
      ),
    ),
  );
  return h(
    "div.ac-compare",
    { role: "group", "aria-label": "227 and 224", tabindex: "0" },
    table,
    h(
      "p.ac-caption",
      {},
      "The paper prints an input of 224 and maps of 55: without padding that is not possible. 227 gives " +
        "55, and so do two zeros on each side of 224, of which the last one is never read.",
    ),
  );
}
