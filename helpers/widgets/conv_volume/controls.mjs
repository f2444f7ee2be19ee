/** ConvVolume's settings: stride and padding, sizes and counts, new numbers. */

import { MOST } from "./state.mjs";
import { drawLayer, keepNumbers, shapeOfLayer } from "../arithmetic/conv_layer.mjs";
import { numberField, numberPair, part } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";

/** The settings; they follow the state by themselves. */
export function addControls(card, store, prediction, refuse) {
  const propose = (changes) => store.propose(changes);
  /** Another size keeps the numbers that still have a place, and draws the rest. */
  const reshape = (changes) => {
    const shape = { ...shapeOfLayer(store.state), ...changes };
    const drawn = drawLayer(store.state.seed, shape);
    const keep = ([name, array]) => [name, keepNumbers(array, store.state[name])];
    return propose(Object.fromEntries(Object.entries(drawn).map(keep)));
  };
  const redraw = (seed) => propose({ seed, ...drawLayer(seed, shapeOfLayer(store.state)) });

  const size = numberPair(
    "size of x",
    [
      ["", "rows"],
      ["×", "columns"],
    ],
    { min: 1, max: MOST.rows },
    (axis, value) => reshape({ [["rows", "cols"][axis]]: value }),
    refuse,
  );
  const channels = numberField(
    "channels",
    { min: 1, max: MOST.channels },
    (value) => reshape({ channels: value }),
    refuse,
  );
  const kernels = numberField("kernels", { min: 1, max: MOST.kernels }, (value) => reshape({ kernels: value }), refuse);
  const kernelSize = numberField(
    "kernel size",
    { min: 1, max: MOST.kernelRows },
    (value) => reshape({ kernelRows: value, kernelCols: value }),
    refuse,
  );
  const stride = numberField("stride", { min: 1, max: MOST.stride }, (value) => propose({ stride: value }), refuse);
  const padding = numberField("padding", { min: 0, max: MOST.padding }, (value) => propose({ padding: value }), refuse);
  const seed = numberField("seed", { min: 0, max: 9999 }, redraw, refuse);
  const draw = h("button", { type: "button", onclick: () => redraw((store.state.seed + 1) % 10000) }, "new numbers");

  card.settings.append(
    part("stride", stride.element),
    part("padding", padding.element),
    part("shape", h("span.cv-group", {}, size.element, channels.element, kernels.element, kernelSize.element)),
    part("numbers", h("span.cv-group.cvol-seed", {}, draw, seed.element)),
    part("predict", prediction.element),
  );
  store.subscribe((state, trace) => {
    if (!trace) return;
    const shape = shapeOfLayer(state);
    size.show([shape.rows, shape.cols]);
    channels.show(shape.channels);
    kernels.show(shape.kernels);
    kernelSize.show(shape.kernelRows);
    stride.show(state.stride);
    padding.show(state.padding);
    seed.show(state.seed);
  });
}
