/**
 * Where the windows of a layer lie in one image (rows, cols, channels), channels last.
 *
 * "valid" keeps every window inside; "same" adds what TensorFlow's SAME adds, the odd one after.
 */

import { Misfit } from "./misfit.mjs";
import { lies, perAxis } from "./requirements.mjs";
import { describeOverhang, layOut, sameInTensorflow } from "./sizes.mjs";

/** One count for both axes, or one for each. @param {any} value @param {string} name @returns {[number, number]} */
export function countPerAxis(value, name) {
  const sentence = `A ${name} of ${value} does not work: use a whole number from 1, or two of them.`;
  const [down, across] = perAxis(value, 2, sentence);
  if (![down, across].every((one) => lies(one, { least: 1, whole: true }))) throw new Misfit(sentence);
  return [down, across];
}

/** @param {number[]} shape */
export function checkImage(shape, kind) {
  if (shape.length !== 3)
    throw new Misfit(
      `${kind} needs images of rows, columns and channels, and gets (${shape}): place it before flatten.`,
    );
}

/**
 * @param {number[]} shape rows, columns and channels of an image
 * @param {{kernel: [number, number], stride: [number, number], dilation: [number, number], padding: string}} options
 * @returns {{rows: number, cols: number, cells: number, starts: Int32Array}} the number of windows along
 * each axis, the cells of one, and where each cell's first channel stands, window by window; −1 outside
 */
export function layWindows([height, width, channels], { kernel, stride, dilation, padding }) {
  if (padding !== "valid" && padding !== "same") throw new Misfit(`There is no padding ${padding}: use valid, same.`);
  const [down, across] = [height, width].map((size, axis) => {
    const along = { size, kernel: kernel[axis], stride: stride[axis], dilation: dilation[axis] };
    const laid = layOut({ ...along, padding: padding === "same" ? sameInTensorflow(along) : [0, 0] });
    if (!laid.output) throw new Misfit(describeOverhang(laid));
    return laid;
  });
  const starts = new Int32Array(down.output * across.output * kernel[0] * kernel[1]);
  let at = 0;
  for (let row = 0; row < down.output; row++)
    for (let col = 0; col < across.output; col++)
      for (let i = 0; i < kernel[0]; i++)
        for (let j = 0; j < kernel[1]; j++) {
          const y = row * stride[0] + i * dilation[0] - down.before;
          const x = col * stride[1] + j * dilation[1] - across.before;
          const isInside = y >= 0 && y < height && x >= 0 && x < width;
          starts[at++] = isInside ? (y * width + x) * channels : -1;
        }
  return { rows: down.output, cols: across.output, cells: kernel[0] * kernel[1], starts };
}
