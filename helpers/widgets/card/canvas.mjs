/** Pixels on a canvas. */

/**
 * Draws pixels on a canvas, which becomes as large as they are.
 * @param {HTMLCanvasElement} canvas
 * @param {(bytes: Uint8ClampedArray) => void} fill
 */
export function drawOn(canvas, rows, cols, fill) {
  if (canvas.width !== cols || canvas.height !== rows) Object.assign(canvas, { width: cols, height: rows });
  const image = new ImageData(cols, rows);
  fill(image.data);
  canvas.getContext("2d").putImageData(image, 0, 0);
}
