/** FeatureMaps' pictures: the digit and what was made of it, the probabilities, and the kernels of a map. */

import { paintPixels } from "../arithmetic/image.mjs";
import { drawOn } from "../card/canvas.mjs";
import { h, resize, setText } from "../card/dom.mjs";
import { createMaps, paintInk } from "../card/maps.mjs";

/** A picture with its name: ink, or numbers with signs. @param {string} label */
export function createPicture(label) {
  const canvas = h("canvas", { role: "img", "aria-label": label });
  const caption = h("figcaption", {}, label);
  return {
    element: h("figure.fm-picture", {}, caption, canvas),
    name(words) {
      setText(caption, words);
      canvas.setAttribute("aria-label", words);
    },
    showInk: (ink, rows, cols, palette) => paintInk(canvas, ink, rows, cols, palette),
    /** @param {Float64Array} values @param {number} largest that of full colour */
    showSigned(values, rows, cols, largest, palette) {
      const picture = { rows, cols, channels: [values] };
      const range = { min: -largest, max: largest };
      drawOn(canvas, rows, cols, (bytes) => paintPixels(picture, bytes, "signed", range, palette));
    },
  };
}

/** The kernels that made a map: one for each map that it reads. */
export function createKernels() {
  const maps = createMaps({ label: "kernels", perLine: 16 });
  const words = h("span");
  const element = h("div.fm-kernels", {}, words, maps.element);
  return {
    element,
    /** @param {any} layer of the network @param {any} palette */
    show(layer, channel, name, palette) {
      element.hidden = layer.kind !== "conv2d";
      if (element.hidden) return;
      const channels = layer.inputShape[2];
      const filters = layer.shape[2];
      const cells = layer.weights.length / channels / filters;
      const side = Math.round(Math.sqrt(cells));
      // Of a first layer all kernels, each of a map; of a later one those of the chosen map.
      const isFirst = channels === 1;
      const count = isFirst ? filters : channels;
      const values = new Float64Array(cells * count);
      for (let cell = 0; cell < cells; cell++)
        for (let k = 0; k < count; k++) {
          const at = isFirst ? cell * filters + k : (cell * channels + k) * filters + channel;
          values[cell * count + k] = layer.weights[at];
        }
      const largest = values.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
      element.style.setProperty("--fm-kernels", Math.min(count, 16));
      maps.show(values, [side, side, count], largest, palette);
      maps.mark(null, isFirst ? [{ top: 0, left: 0, bottom: side - 1, right: side - 1, channel }] : []);
      setText(words, isFirst ? "its kernels, one a map" : `the ${count} kernels of ${name}`);
    },
  };
}

/** The digits that excite a map most. @param {(digit: number) => void} choose */
export function createBest(choose) {
  const row = h("div.fm-best", { role: "group", "aria-label": "the digits that excite the map most" });
  const caption = h("figcaption", {}, "the digits that excite it most");
  return {
    element: h("figure.fm-picture", {}, caption, row),
    /** @param {{digit: number, ink: Float64Array, mean: number}[]} found */
    show(found, rows, cols, palette) {
      resize(row, found.length, () => h("button", { type: "button" }, h("canvas", { "aria-hidden": "true" })));
      found.forEach(({ digit, ink, mean }, i) => {
        const button = row.children[i];
        button.onclick = () => choose(digit);
        button.setAttribute("aria-label", `digit no. ${digit}, mean ${mean.toFixed(3)}`);
        paintInk(button.firstElementChild, ink, rows, cols, palette);
      });
    },
  };
}
