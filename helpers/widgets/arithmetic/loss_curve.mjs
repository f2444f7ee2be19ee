/**
 * The losses of a training of any length, in a fixed number of points.
 *
 * Each point is the mean of `stepsPerPoint` steps. When all places are taken, neighbours are joined
 * in pairs, which frees half of them, and each point stands for twice as many steps from then on.
 */

import { Misfit } from "./misfit.mjs";

/** @param {number} [capacity] an even number: there are always at most so many points, and soon at least half */
export function createLossCurve(capacity = 512) {
  if (!Number.isInteger(capacity) || capacity < 2 || capacity % 2)
    throw new Misfit(`A curve of ${capacity} points does not work: use an even number from 2.`);
  const values = new Float64Array(capacity);
  let sum = 0;
  let summed = 0;

  function joinPairs() {
    for (let i = 0; i < capacity / 2; i++) values[i] = (values[2 * i] + values[2 * i + 1]) / 2;
    curve.length = capacity / 2;
    curve.stepsPerPoint *= 2;
  }

  const curve = {
    /** Only the first `length` are points; point i covers the steps from i · stepsPerPoint on. */
    values,
    length: 0,
    stepsPerPoint: 1,

    /** @param {number} loss of the next step */
    add(loss) {
      sum += loss;
      summed++;
      if (summed < curve.stepsPerPoint) return;
      values[curve.length++] = sum / summed;
      sum = summed = 0;
      if (curve.length === capacity) joinPairs();
    },

    reset() {
      curve.length = 0;
      curve.stepsPerPoint = 1;
      sum = summed = 0;
    },
  };
  return curve;
}
