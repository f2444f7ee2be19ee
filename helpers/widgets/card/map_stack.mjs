/** All layers of a network that have something to see: their maps, or a line of units, each with its name. */

import { h } from "./dom.mjs";
import { createMaps } from "./maps.mjs";

/** @typedef {{index: number, row: number, col: number, channel: number}} LayerCell */

/**
 * @param {object} options
 * @param {({name: string, shape: number[]} | null)[]} options.layers null for one that shows nothing new
 * @param {(cell: LayerCell) => void} options.pick
 * @param {boolean} [options.whole] whether a map is picked, not a cell
 * @param {(cell: LayerCell | null) => void} [options.look] where the mouse is
 */
export function createMapStack({ layers, pick, whole = false, look = () => {} }) {
  const boxes = layers.map((layer, index) => {
    if (!layer) return null;
    const own = (cell) => cell && { index, ...cell };
    const isRow = layer.shape.length === 1;
    const label = describeLayer(layer);
    const maps = createMaps({
      label,
      whole,
      perLine: isRow ? 64 : 8,
      gap: isRow ? 0 : 1,
      pick: (cell) => pick(own(cell)),
      look: (cell) => look(own(cell)),
    });
    const element = h(`figure.cv-layer${isRow ? ".cv-units" : ""}`, {}, h("figcaption", {}, label), maps.element);
    return { maps, element };
  });
  return {
    element: h("div.cv-layers", {}, ...boxes.filter(Boolean).map(({ element }) => element)),

    /** The activations of the network's latest pass; each layer has a scale of its own. */
    show(network, palette) {
      boxes.forEach((box, index) => {
        if (!box) return;
        const { activations, units } = network.layers[index];
        let largest = 0;
        for (let i = 0; i < units; i++) largest = Math.max(largest, Math.abs(activations[i]));
        box.maps.show(activations, layers[index].shape, largest, palette);
      });
    },

    /**
     * @param {number} index of a layer
     * @param {import("./maps.mjs").MapCell | null} cell
     * @param {import("./maps.mjs").Area[]} [windows]
     * @param {string} [spoken]
     */
    mark: (index, cell, windows = [], spoken = "") => boxes[index]?.maps.mark(cell, windows, spoken),
  };
}

/** "conv 1: 8 of 26 × 26" @param {{name: string, shape: number[]}} layer */
export const describeLayer = ({ name, shape }) =>
  shape.length === 1 ? `${name}: ${shape[0]} units` : `${name}: ${shape[2]} of ${shape[0]} × ${shape[1]}`;
