/** FrequencyResponse's settings: what fits, and all that is drawn and written of a frequency. */

import { alias, arrows, filtered, response, wave } from "../arithmetic/frequency.mjs";
import { number } from "../arithmetic/format.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { requireAnswer, requireNumber } from "../arithmetic/requirements.mjs";

export const MOST_CELLS = 7;
export const LARGEST = 1000;
export const MOST_STRIDE = 4;

/** From the slowest frequency, 0, to the fastest that cells can hold, ½. */
export const STEPS = 30;

/** How many cells of the sinusoid are drawn. */
export const CELLS = 25;

export const frequencyAt = (step) => step / (2 * STEPS);

/** @param {any} state */
export function compute({ kernel, step, stride, answer }) {
  if (!Array.isArray(kernel)) throw new Misfit("The kernel is no list: give it numbers.");
  if (kernel.length === 0) throw new Misfit("The kernel is empty: give it at least one number.");
  if (kernel.length > MOST_CELLS)
    throw new Misfit(`The kernel has ${kernel.length} cells: at most ${MOST_CELLS} fit here.`);
  for (const value of kernel) {
    if (!Number.isFinite(value)) throw new Misfit(`The kernel holds “${value}”, which is not a finite number.`);
    if (Math.abs(value) > LARGEST)
      throw new Misfit(`${number(value)} is too large here: use numbers from −${LARGEST} to ${LARGEST}.`);
  }
  requireNumber("step", step, { least: 0, most: STEPS, whole: true });
  requireNumber("stride", stride, { least: 1, most: MOST_STRIDE, whole: true });
  requireAnswer(answer);
  const frequency = frequencyAt(step);
  return {
    frequency,
    arrows: arrows(kernel, frequency),
    ...response(kernel, frequency),
    slow: alias(frequency, stride),
    input: Array.from({ length: CELLS }, (_, n) => wave(frequency, n)),
    output: filtered(kernel, frequency, CELLS),
    bound: Math.max(1, ...Array.from({ length: STEPS + 1 }, (_, i) => response(kernel, frequencyAt(i)).gain)),
  };
}
