/** The film of a training that ran in Python: its frames, each with all that a training here has to show. */

import { backward, forward } from "../arithmetic/kernel_training.mjs";

/** So many frames a second at most, or none would be seen. */
export const FILM_RATE = 8;

/**
 * @param {import("../arithmetic/kernel_training.mjs").Photograph} photograph
 * @param {{target: Float64Array, count: number}} training of the same target
 * @param {{epoch: number, loss: number | null, kernel: number[][]}[]} recorded
 */
export function createFilm(photograph, { target, count }, recorded) {
  const size = recorded[0].kernel.length;
  const frames = recorded.map(({ epoch, loss, kernel }) => ({ epoch, loss, kernel: Float64Array.from(kernel.flat()) }));
  const film = {
    frames,
    /**
     * What the kernel of a frame makes of the photograph on show, and how it would learn from it.
     * @param {number} index
     */
    at(index) {
      const { epoch, loss: reported, kernel } = frames[index];
      const output = new Float64Array(count);
      const sums = new Float64Array(size * size);
      forward(photograph, kernel, size, output);
      const errors = output.map((value, i) => value - target[i]);
      backward(photograph, errors, size, sums);
      const loss = errors.reduce((sum, error) => sum + error * error, 0) / count;
      return {
        kernel,
        output,
        errors,
        sums,
        gradient: sums.map((sum) => (2 * sum) / count),
        loss,
        reported,
        count,
        epochs: epoch,
        diverged: false,
      };
    },
  };
  // A chart's values stand at equal distances; the last frame of an interrupted training may not.
  const [start, next] = [frames[0], frames[1] ?? frames[0]].map(({ epoch }) => epoch);
  const every = next - start || 1;
  const values = frames
    .filter(({ epoch }, i) => Math.abs(epoch - start - i * every) < 1e-6)
    .map(({ loss }) => loss ?? NaN);
  values[0] = film.at(0).loss; // Python reports none before its first step
  film.course = { lines: [{ values, every }], end: frames.at(-1).epoch };
  return film;
}
