/**
 * Which samples a step learns from. Each epoch shuffles the order of the one before it and cuts it into
 * batches; what is left over at the end makes a smaller one. From the number of samples on, a batch takes
 * all of them, in order. Python's `endless_batches` in helpers.network.batches gives the same numbers.
 */

import { Misfit } from "./misfit.mjs";
import { createRandom } from "./random.mjs";

/** The numbers from 0 on. @param {number} count */
export const inOrder = (count) => Int32Array.from({ length: count }, (_, sample) => sample);

/**
 * @param {number} count of the samples
 * @param {number} size of a batch
 * @param {number} [seed] of the order
 */
export function createBatches(count, size, seed = 0) {
  const random = createRandom(seed);
  const all = inOrder(count);
  const shuffled = all.slice();

  const batches = {
    /** At most the number of samples. */
    size: 0,
    /** The latest batch: the numbers from place `first` of `order` on, so many. Nothing is copied. */
    order: all,
    first: 0,
    count: 0,
    get isWhole() {
      return batches.size === count;
    },

    /** Another size, from a new epoch on. @param {number} most */
    setSize(most) {
      if (!Number.isInteger(most) || most < 1)
        throw new Misfit(`A batch size of ${most} does not work: use a whole number from 1.`);
      batches.size = Math.min(most, count);
      batches.order = batches.isWhole ? all : shuffled;
      begin();
    },

    /** Goes on to the next batch. */
    next() {
      batches.first += batches.count;
      if (batches.first === count) begin();
      batches.count = Math.min(batches.size, count - batches.first);
    },

    /** From the very first batch again. */
    restart() {
      random.restart();
      shuffled.set(all);
      begin();
    },
  };

  function begin() {
    batches.first = batches.count = 0;
    if (!batches.isWhole) random.shuffle(shuffled);
  }

  batches.setSize(size);
  return batches;
}
