/** FilterTrainer's pictures: photograph, target, output and difference, the film strip, and the directions. */

import { paintPixels } from "../arithmetic/image.mjs";
import { FRAME_EPOCHS } from "../arithmetic/kernel_training.mjs";
import { drawOn } from "../card/canvas.mjs";
import { h, resize, setText } from "../card/dom.mjs";
import { short, tiny, writeEpoch } from "./words.mjs";

const largestOf = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;

/** Draws square values: around 0 in two colours, or from 0 to 1 in grey. */
export function drawValues(canvas, values, signed, largest, palette) {
  const side = Math.round(Math.sqrt(values.length));
  const bounded = signed
    ? Float32Array.from(values, (value) => Math.max(-largest, Math.min(largest, Number.isFinite(value) ? value : 0)))
    : values;
  const range = signed ? { min: -largest, max: largest } : { min: 0, max: 1 };
  drawOn(canvas, side, side, (bytes) =>
    paintPixels({ rows: side, cols: side, channels: [bounded] }, bytes, signed ? "signed" : "rescaled", range, palette),
  );
}

/** How a training's pictures are shown: with signs where the target has as many dark values as bright ones. */
export function lookOf(training) {
  let sum = 0;
  let low = Infinity;
  for (const value of training.target) {
    sum += value;
    low = Math.min(low, value);
  }
  const largest = largestOf(training.target);
  return {
    signed: low < 0 && Math.abs(sum / training.count) < 0.1 * largest,
    largest,
    error: largestOf(training.errors),
  };
}

/** The four pictures in a row. */
export function createPictures() {
  const boxes = [
    ["photograph", "photo x"],
    ["output", "output y"],
    ["target", "target t"],
    ["difference", "e = y − t"],
  ].map(([name, words]) => {
    const canvas = h("canvas", { role: "img", "aria-label": words });
    const range = h("span.ft-range");
    return { name, canvas, range, element: h("figure.ft-picture", {}, canvas, h("figcaption", {}, words, range)) };
  });
  const [photo, output, target, difference] = boxes;
  return {
    element: h("div.ft-pictures", {}, ...boxes.map(({ element }) => element)),
    /** @param {Float64Array} pixels */
    showPhotograph: (pixels) => drawValues(photo.canvas, pixels, false, 1, null),
    showTarget: (training, look, palette) =>
      drawValues(target.canvas, training.target, look.signed, look.largest, palette),
    /** @param {{output: Float64Array, errors: Float64Array}} numbers */
    showOutput(numbers, look, palette) {
      drawValues(output.canvas, numbers.output, look.signed, look.largest, palette);
      drawValues(difference.canvas, numbers.errors, true, look.error, palette);
      setText(difference.range, `≤ ${short(largestOf(numbers.errors))}`);
    },
  };
}

/**
 * A small picture of the output after every 200 epochs.
 * @param {(epoch: number) => void} choose
 */
export function createStrip(choose) {
  const element = h("div.ft-strip", { role: "group" });
  let drawn = 0;
  let sought = null; // the frame that was brought into sight
  return {
    element,
    clear() {
      sought = null;
      element.replaceChildren();
      drawn = 0;
    },
    /**
     * @param {any} frames
     * @param {(kernel: Float64Array) => Float64Array} outputOf
     * @param {boolean} recorded whether it is Python's film
     */
    show(frames, outputOf, look, shown, palette, recorded) {
      element.setAttribute(
        "aria-label",
        recorded ? "the output, as recorded from Python" : `the output every ${FRAME_EPOCHS} epochs`,
      );
      if (frames.length < drawn) drawn = frames.length;
      resize(element, frames.length, (i) => {
        const { epoch } = frames[i];
        return h(
          "button",
          { type: "button", "aria-label": `after ${writeEpoch(epoch)} epochs`, onclick: () => choose(epoch) },
          h("canvas", { "aria-hidden": "true" }),
          h("span", {}, writeEpoch(epoch)),
        );
      });
      for (; drawn < frames.length; drawn++)
        drawValues(
          element.children[drawn].firstElementChild,
          outputOf(frames[drawn].kernel),
          look.signed,
          look.largest,
          palette,
        );
      frames.forEach(({ epoch }, i) => element.children[i].setAttribute("aria-pressed", String(epoch === shown)));
      if (shown === sought) return;
      sought = shown;
      const at = element.querySelector('[aria-pressed="true"]');
      if (at) element.scrollLeft = at.offsetLeft - element.offsetLeft - (element.clientWidth - at.clientWidth) / 2;
    },
    repaint: () => (drawn = 0),
  };
}

/** How many directions are drawn: the steepest few and the flattest few. */
const STEEP = 3;
const FLAT = 6;

/** The directions in which the loss bends, each a kernel, with its curvature. */
export function createDirections() {
  const element = h("div.ft-directions");
  return {
    element,
    /** @param {{values: number[], vectors: number[][], free: number}} bends */
    show({ values, vectors, free }, palette) {
      const chosen = [...values.keys()].filter((k) => k < STEEP || k >= values.length - FLAT);
      resize(element, chosen.length, () => h("figure", {}, h("canvas", { role: "img" }), h("figcaption")));
      chosen.forEach((k, i) => {
        const [canvas, caption] = element.children[i].children;
        drawValues(canvas, vectors[k], true, largestOf(vectors[k]), palette);
        const isFree = k >= values.length - free;
        element.children[i].classList.toggle("ft-free", isFree);
        setText(caption, isFree ? "free" : tiny(values[k]));
        canvas.setAttribute(
          "aria-label",
          `direction ${k + 1} of ${values.length}: ${isFree ? "free" : `curvature ${tiny(values[k])}`}`,
        );
      });
    },
  };
}
