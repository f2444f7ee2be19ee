/** What FeatureMaps asks a network: each answer is kept until the question is another. */

import { excitingStep, foolingStep, mapMean, occlusionMap } from "../arithmetic/probing.mjs";
import { createRandom } from "../arithmetic/random.mjs";
import { EXCITING, FOOLING_RATE, PATCH } from "./state.mjs";

/** Among so many digits the most exciting ones are looked for, and so many are shown. */
const SEARCHED = 150;
const SHOWN = 8;

/**
 * Keeps the latest result of a function.
 * @param {(...args: any[]) => any} act
 * @param {(...args: any[]) => any[]} subject what it depends on
 */
export function remember(act, subject) {
  let [asked, result] = [null, null];
  return (...args) => {
    const now = subject(...args);
    const isSame = asked?.length === now.length && now.every((value, i) => value === asked[i]);
    if (!isSame) [asked, result] = [now, act(...args)];
    return result;
  };
}

/** Where covering the digit costs the class most. */
export const occluded = (frame, ink, target) => occlusionMap(frame.network, ink, { target, ...PATCH });

/** An input that excites a map, from faint noise. @returns {{image: Float64Array, mean: number}} */
export const excitingInput = remember(
  (frame, [index, channel]) => {
    const { network } = frame;
    const rng = createRandom(EXCITING.seed);
    const { grey, noise } = EXCITING;
    let image = Float64Array.from({ length: network.inputs }, () => Math.min(1, Math.max(0, rng.normal(grey, noise))));
    for (let step = 0; step < EXCITING.steps; step++)
      image = excitingStep(network, image, { index, channel, rate: EXCITING.rate });
    network.forward(image);
    return { image, mean: mapMean(network, index, channel) };
  },
  (frame, map) => [frame, ...map],
);

/** The digits that excite a map most. @returns {{digit: number, ink: Float64Array, mean: number}[]} */
export const bestDigits = remember(
  (frame, [index, channel], digits) => {
    const { network } = frame;
    const found = Array.from({ length: Math.min(SEARCHED, digits.length) }, (_, digit) => {
      const ink = digits.at(digit);
      network.forward(ink);
      return { digit, ink, mean: mapMean(network, index, channel) };
    });
    return found.sort((one, other) => other.mean - one.mean).slice(0, SHOWN);
  },
  (frame, map, digits) => [frame, ...map, digits.length],
);

/**
 * The digit after so many steps towards another answer.
 * @param {any} frame @param {Float64Array} ink
 * @param {{target: number, moves: number, reach: number}} how
 */
export function changedDigit(frame, ink, { target, moves, reach }) {
  let image = ink;
  for (let step = 0; step < moves; step++)
    image = foolingStep(frame.network, ink, image, { target, rate: FOOLING_RATE, reach });
  return image;
}
