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

/**
 * @typedef {object} Change what happens to one image
 * @property {number} down @property {number} right cells
 * @property {number} angle degrees, against the clock
 * @property {number} zoom a factor
 * @property {boolean} mirrored
 * @property {number} brightness added to every channel
 * @property {number[]} colours added to each channel
 */

/**
 * What is drawn for one image. Every number is drawn, wanted or not, so that a setting changes its own effect only.
 * @param {any} settings shift, rotate, zoom, flip, brightness and colours @param {any} rng
 * @returns {Change}
 */
export function drawChange({ shift, rotate, zoom, flip, brightness, colours }, rng) {
  const [down, right] = [drawShift(rng, shift), drawShift(rng, shift)];
  const either = (most) => rng.uniform(-1, 1) * most;
  return {
    down,
    right,
    angle: either(rotate),
    zoom: 1 + either(zoom),
    mirrored: rng.random() < flip,
    brightness: either(brightness),
    colours: [either(colours), either(colours), either(colours)],
  };
}

/**
 * Where a cell of the result comes from, each step undone, the last one first.
 * @param {number[]} shape rows and columns @param {Change} change @param {number} row @param {number} col
 */
export function placeOf([rows, cols], { down, right, angle, zoom, mirrored }, row, col) {
  const [centreRow, centreCol] = [(rows - 1) / 2, (cols - 1) / 2];
  const facing = mirrored ? cols - 1 - col : col;
  const [d, r] = [row - down - centreRow, facing - right - centreCol];
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const from = [centreRow + (cos * d + sin * r) / zoom, centreCol + (cos * r - sin * d) / zoom];
  return { facing, offset: [d, r], cos, sin, from };
}

/**
 * The four cells around a place and their shares; outside lies 0.
 * @param {number[]} shape @param {number[]} place
 * @returns {{top: number, left: number, shares: [number, number, number][]}} row, column and share of each
 */
export function cellsAround([rows, cols], [row, col]) {
  const within = (at, size) => Math.min(Math.max(at, -1), size);
  const [y, x] = [within(row, rows), within(col, cols)];
  const [top, left] = [Math.min(Math.floor(y), rows - 1), Math.min(Math.floor(x), cols - 1)];
  const [low, far] = [y - top, x - left];
  return {
    top,
    left,
    shares: [
      [top, left, (1 - low) * (1 - far)],
      [top, left + 1, (1 - low) * far],
      [top + 1, left, low * (1 - far)],
      [top + 1, left + 1, low * far],
    ],
  };
}

/** @param {ArrayLike<number>} image @param {number[]} shape */
export function valueAt(image, [rows, cols, channels], row, col, channel) {
  return row < 0 || col < 0 || row >= rows || col >= cols ? 0 : image[(row * cols + col) * channels + channel];
}

const clip = (value) => Math.min(Math.max(value, 0), 1);

/**
 * An image after a change, numbers from 0 to 1.
 * @param {ArrayLike<number>} image @param {[number, number, number]} shape @param {Change} change
 * @param {{noise: number, rng: any}} noisy the deviation of the noise, and where it comes from
 */
export function changeImage(image, shape, change, { noise, rng }) {
  const [rows, cols, channels] = shape;
  const result = new Float64Array(rows * cols * channels);
  const noises = new Float64Array(result.length);
  for (let i = 0; noise > 0 && i < noises.length; i++) noises[i] = noise * rng.normal();
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) {
      const { shares } = cellsAround(shape, placeOf(shape, change, row, col).from);
      for (let k = 0; k < channels; k++) {
        const i = (row * cols + col) * channels + k;
        const mixed = shares.reduce((sum, [r, c, share]) => sum + share * valueAt(image, shape, r, c, k), 0);
        result[i] = clip(clip(mixed + change.brightness + change.colours[k]) + noises[i]);
      }
    }
  return { values: result, noises };
}

/** What a digit is when it has been turned by half. */
const HALF_TURNED = { 0: "0", 1: "1", 6: "9", 8: "8", 9: "6" };

/**
 * What a changed digit is called; "" for no digit, null for what is no digit's picture at all.
 * @param {string} name @param {{angle: number, mirrored: boolean}} change
 */
export function labelAfter(name, { angle, mirrored }) {
  if (!/^\d$/.test(name)) return null;
  if (mirrored && name !== "0" && name !== "8") return "";
  const turned = Math.abs(angle);
  return turned <= 45 ? name : turned >= 135 ? (HALF_TURNED[name] ?? "") : "";
}
