/** The embedded handwritten digits, 8 × 8 cells, as `helpers.widgets.resources.digits` lays them out. */

import { Misfit } from "./misfit.mjs";

/** The side of an image, and the level of full ink. */
export const SIDE = 8;
const FULL = 16;
const CELLS = SIDE * SIDE;
const CLASSES = 10;

/**
 * @typedef {object} Digits as a network takes them
 * @property {Float64Array} inputs ink from 0 to 1, one row of 64 for each
 * @property {Float64Array} targets one row of ten for each: 1 for its class
 * @property {Uint8Array} labels
 * @property {number} count
 */

/**
 * @param {Uint8Array} bytes
 * @returns {{train: Digits, test: Digits}} those to learn from, and those held out
 */
export function readDigits(bytes) {
  const [trained, held] = [bytes[0] + 256 * bytes[1], bytes[2] + 256 * bytes[3]];
  const count = trained + held;
  if (bytes.length !== 4 + count * (1 + CELLS))
    throw new Misfit(`The file of the digits is damaged: ${bytes.length} bytes do not hold ${count} of them.`);
  const labels = bytes.subarray(4, 4 + count);
  const levels = bytes.subarray(4 + count);
  const part = (from, to) => {
    const targets = new Float64Array((to - from) * CLASSES);
    for (let i = from; i < to; i++) targets[(i - from) * CLASSES + labels[i]] = 1;
    return {
      inputs: Float64Array.from(levels.subarray(from * CELLS, to * CELLS), (level) => level / FULL),
      targets,
      labels: labels.slice(from, to),
      count: to - from,
    };
  };
  return { train: part(0, trained), test: part(trained, count) };
}
