/** BrowserCNN's pictures: kernels and maps in rows of tiles, the ten outputs, confusion and misread digits. */

import { CLASSES, largestAt } from "../arithmetic/digit_network.mjs";
import { SIDE } from "../arithmetic/digits.mjs";
import { number } from "../arithmetic/format.mjs";
import { SIGNED_STEPS } from "../arithmetic/signed_scale.mjs";
import { drawOn } from "../card/canvas.mjs";
import { h, resize, setText } from "../card/dom.mjs";
import { createTiles, kernelLayout, largestIn, tileOf } from "./tiles.mjs";
import { percent } from "./words.mjs";

/**
 * The digit, every layer's kernels and maps, and the ten outputs.
 * @param {(layer: number, map: number, row: number, col: number) => void} pick
 * @param {HTMLElement} chooser of the digit
 */
export function createNet(pick, chooser) {
  const digit = createTiles();
  const bars = Array.from({ length: CLASSES }, (_, label) =>
    h("div.bc-bar", { onclick: () => pick(outputAt, label, 0, 0) }, h("i"), h("span", {}, String(label))),
  );
  const outputs = h("div.bc-bars", { role: "img" }, ...bars);
  const rows = h("div.bc-rows");
  const element = h("div.bc-net", {}, h("div.bc-input", {}, digit.element, h("div", {}, outputs, chooser)), rows);
  let drawn = [];
  let outputAt = 1;

  return {
    element,
    /** Another network. @param {any[]} shown */
    build(shown) {
      outputAt = shown.length;
      drawn = shown.slice(0, -1).map((layer, i) => {
        const maps = createTiles((map, row, col) => pick(i + 1, map, row, col));
        const kernels = layer.kind === "conv" ? createTiles() : null;
        const [height, width, count] = layer.shape;
        const size = layer.kind === "dense" ? "" : h("span.bc-size", {}, `${height}\u202f×\u202f${width}`);
        const line = (tiles, ...words) => h("div.bc-row", {}, h("span", {}, ...words), tiles.element);
        const head = h("b", {}, layer.name);
        const lines = kernels
          ? [line(kernels, head, " kernels"), line(maps, "maps ", size)]
          : [line(maps, head, layer.kind === "dense" ? ` ${count}` : " ", size)];
        return { layer, maps, kernels, lines };
      });
      rows.replaceChildren(...drawn.flatMap(({ lines }) => lines));
    },
    /**
     * @param {any} network after a forward pass of the digit
     * @param {Float64Array} sample @param {number | null} label the digit's class
     * @param {any} cell the one that is open @param {Uint32Array} table
     * @param {Record<"read" | "now" | "line", string>} colours
     */
    paint(network, sample, label, cell, table, colours) {
      digit.paint(
        { count: 1, rows: SIDE, cols: SIDE, tile: 72 },
        (_, row, col) => sample[row * SIDE + col],
        1,
        table,
        colours.line,
      );
      digit.name(label === null ? "no digit yet" : `a handwritten ${label}`);
      for (const { layer, maps, kernels } of drawn) {
        const { activations, weights, inputShape } = network.layers[layer.index];
        const [height, width, count] = layer.shape;
        const values = activations.subarray(0, height * width * count);
        const largest = largestIn(values);
        maps.paint(
          {
            count,
            rows: height,
            cols: width,
            tile: layer.kind === "dense" ? 12 : tileOf(count),
            perRow: layer.kind === "dense" ? 22 : count,
          },
          (map, row, col) => values[(row * width + col) * count + map],
          largest,
          table,
          colours.line,
        );
        maps.name(`${layer.name}: ${count} maps of ${height} × ${width}, largest value ${number(largest, 2)}`);
        if (!kernels) continue;
        const size = Math.sqrt(weights.length / inputShape[2] / count);
        const { layout, read } = kernelLayout([size, size], inputShape[2], count);
        kernels.paint(layout, read(weights), largestIn(weights), table, colours.line);
        kernels.name(
          `${layer.name}: ${count} kernels of ${size} × ${size}` +
            (inputShape[2] > 1 ? `, each with ${inputShape[2]} slices` : ""),
        );
      }
      paintOutputs(network.predictions, label, cell);
      if (cell) markCell(network, cell, colours);
    },
  };

  function paintOutputs(shares, label, cell) {
    const top = largestAt(shares, 0, CLASSES);
    bars.forEach((bar, i) => {
      bar.firstElementChild.style.height = `${(100 * (label === null ? 0 : shares[i])).toFixed(1)}%`;
      bar.classList.toggle("bc-true", i === label);
      bar.classList.toggle("bc-top", label !== null && i === top);
      bar.classList.toggle("bc-now", cell?.layer === outputAt && cell.map === i);
    });
    outputs.setAttribute(
      "aria-label",
      label === null ? "no output yet" : `read as ${top} with ${percent(shares[top])}`,
    );
  }

  /** The cell, and what it reads in the row above. */
  function markCell(network, { layer, map, row, col }, colours) {
    const own = drawn[layer - 1];
    if (!own) return;
    const { kind, index } = own.layer;
    own.maps.mark([{ map, row, col }], colours.now);
    if (kind === "dense") return;
    const before = layer === 1 ? digit : drawn[layer - 2].maps;
    const [rows, cols, channels] = network.layers[index].inputShape;
    if (kind === "pool") return before.mark([{ map, row: 2 * row, col: 2 * col, rows: 2, cols: 2 }], colours.read);
    const size = Math.sqrt(network.layers[index].weights.length / channels / own.layer.shape[2]);
    const reach = (size - 1) / 2;
    const [top, left] = [Math.max(0, row - reach), Math.max(0, col - reach)];
    const window = {
      row: top,
      col: left,
      rows: Math.min(rows, row + reach + 1) - top,
      cols: Math.min(cols, col + reach + 1) - left,
    };
    before.mark(
      Array.from({ length: channels }, (_, channel) => ({ map: channel, ...window })),
      colours.read,
    );
  }
}

/** Truth in rows, what it was read as in columns. */
export function createConfusion() {
  const cells = Array.from({ length: CLASSES }, () => Array.from({ length: CLASSES }, () => h("td")));
  const labels = Array.from({ length: CLASSES }, (_, i) => i);
  const element = h(
    "table.bc-confusion",
    {},
    h("caption", {}, "Held-out digits: rows are the truth, columns what the network reads"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td", { "aria-hidden": "true" }),
        ...labels.map((label) => h("th", { scope: "col" }, String(label))),
      ),
    ),
    h("tbody", {}, ...cells.map((row, label) => h("tr", {}, h("th", { scope: "row" }, String(label)), ...row))),
  );
  return {
    element,
    /** @param {number[][]} counts */
    show: (counts) =>
      counts.forEach((line, truth) => {
        const sum = line.reduce((all, count) => all + count, 0);
        line.forEach((count, read) => {
          const cell = cells[truth][read];
          setText(cell, count ? String(count) : "");
          cell.className = truth === read ? "bc-right" : count ? "bc-missed" : "";
          cell.style.setProperty("--amount", `${Math.round((60 * count) / sum)}%`);
        });
      }),
  };
}

const MOST_MISREAD = 18;

/** Digits that were misread, each a button. @param {(digit: number) => void} choose */
export function createMisread(choose) {
  const heading = h("p");
  const list = h("div.bc-misread");
  let chosen = [];
  return {
    element: h("div", {}, heading, list),
    /**
     * @param {{inputs: Float64Array, labels: Uint8Array}} test @param {Uint8Array} predictions
     * @param {Uint32Array} table
     */
    show({ inputs, labels }, predictions, table) {
      const all = [...labels.keys()].filter((i) => labels[i] !== predictions[i]);
      chosen = all.slice(0, MOST_MISREAD);
      setText(
        heading,
        all.length
          ? `Misread: ${all.length} of ${labels.length}` +
              (all.length > chosen.length ? `, the first ${chosen.length} of them` : "")
          : `Misread: none of ${labels.length}`,
      );
      const buttons = resize(list, chosen.length, (i) =>
        h(
          "button",
          { type: "button", onclick: () => choose(chosen[i]) },
          h("canvas", { "aria-hidden": "true" }),
          h("span"),
        ),
      );
      chosen.forEach((digit, i) => {
        const [canvas, words] = buttons[i].children;
        drawOn(canvas, SIDE, SIDE, (bytes) => {
          const pixels = new Uint32Array(bytes.buffer);
          for (let k = 0; k < pixels.length; k++)
            pixels[k] = table[SIGNED_STEPS + Math.round(SIGNED_STEPS * inputs[digit * SIDE * SIDE + k])];
        });
        setText(words, `${labels[digit]} → ${predictions[digit]}`);
        buttons[i].setAttribute("aria-label", `digit ${digit}, a ${labels[digit]} read as ${predictions[digit]}`);
      });
    },
    mark: (digit) =>
      [...list.children].forEach((button, i) => button.setAttribute("aria-pressed", String(chosen[i] === digit))),
  };
}
