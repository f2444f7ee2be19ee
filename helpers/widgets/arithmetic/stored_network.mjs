/**
 * A network that was trained elsewhere, from one file: the length of a JSON text in four bytes, the lower ones
 * first; that text, which has the shape of the `input` and describes the `layers` as `createNetwork` takes them, with
 * `scales` and `biases` for each output channel; then a whole number from −127 to 127 for each weight, layer by layer,
 * in Keras's order. A weight is its whole number times the scale of its output channel.
 * `helpers.widgets.stored_network` reads the same.
 */

import { Misfit } from "./misfit.mjs";
import { createNetwork } from "./network.mjs";

const damaged = (how) => `The file of the network is damaged: ${how}.`;

/**
 * @param {Uint8Array} bytes
 * @returns {{network: ReturnType<typeof createNetwork>, layers: any[], about: any}} `layers` as the file describes them
 */
export function readNetwork(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const { layers, ...about } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const whole = new Int8Array(bytes.buffer, bytes.byteOffset + 4 + length, bytes.length - 4 - length);
  const loss = layers.at(-1).activation === "softmax" ? "categorical_crossentropy" : "mean_squared_error";
  const network = createNetwork({ inputs: about.input, layers, loss });
  let taken = 0;
  layers.forEach(({ scales, biases }, index) => {
    if (!scales) return;
    const layer = network.layers[index];
    const { weights } = layer;
    if (taken + weights.length > whole.length) throw new Misfit(damaged("weights are missing"));
    for (let w = 0; w < weights.length; w++) weights[w] = whole[taken + w] * scales[w % scales.length];
    layer.biases.set(biases);
    taken += weights.length;
  });
  if (taken !== whole.length) throw new Misfit(damaged(`${whole.length - taken} weights are left over`));
  return { network, layers, about };
}

/** Several stored networks in one file: how many, then each with its length before it. @param {Uint8Array} bytes */
export function splitFrames(bytes) {
  const read = (at) => new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
  const frames = [];
  for (let i = 0, at = 4; i < read(0); i++) {
    const length = read(at);
    frames.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return frames;
}
