/**
 * Changes of an image that leave its label true, as in `helpers.augmentation`. Images are rows of numbers,
 * row by row and channels last.
 */

/**
 * Moves an image by whole cells; 0 moves in.
 * @param {ArrayLike<number>} from @param {any} to written to; another array
 * @param {[number, number, number]} shape rows, columns and channels @param {number} down @param {number} right
 */
export function shiftCells(from, to, [rows, cols, channels], down, right) {
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) {
      const [r, c] = [row - down, col - right]; // where it comes from
      const isInside = r >= 0 && r < rows && c >= 0 && c < cols;
      for (let k = 0; k < channels; k++)
        to[(row * cols + col) * channels + k] = isInside ? from[(r * cols + c) * channels + k] : 0;
    }
}

/** A whole number from −most to most, each as likely. @param {{random: () => number}} rng @param {number} most */
export const drawShift = (rng, most) => Math.floor(rng.random() * (2 * most + 1)) - most;
