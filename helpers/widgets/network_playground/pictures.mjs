/**
 * Pixels and lines: what a neuron says about the plane or the line, the border between classes, the course of the loss.
 */

import { SIGNED_STEPS } from "../arithmetic/signed_scale.mjs";

/** How a picture's values become shares from −1 to 1 of the signed scale. */
const SHARES = {
  /** A neuron of any kind: zero is paper, the largest magnitude (1 at least) the full colour. */
  signed: (values) =>
    1 /
    Math.max(
      1,
      values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    ),
  class0: () => -1,
  class1: () => 1,
};

/**
 * A neuron's values over the plane.
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} values row by row
 * @param {{rows: number, cols: number}} size
 * @param {Uint32Array} table the signed scale
 * @param {"signed" | "class0" | "class1" | "border"} role border: from class 0 (below ½) to class 1
 */
export function drawPlane(canvas, values, { rows, cols }, table, role) {
  if (canvas.width !== cols || canvas.height !== rows) Object.assign(canvas, { width: cols, height: rows });
  const context = canvas.getContext("2d");
  const image = context.createImageData(cols, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const isBorder = role === "border";
  const scale = SIGNED_STEPS * (isBorder ? 2 : SHARES[role](values));
  for (let i = 0; i < pixels.length; i++) {
    const share = Math.round((isBorder ? values[i] - 0.5 : values[i]) * scale);
    pixels[i] =
      table[SIGNED_STEPS + (share > SIGNED_STEPS ? SIGNED_STEPS : share < -SIGNED_STEPS ? -SIGNED_STEPS : share || 0)];
  }
  context.putImageData(image, 0, 0);
}

/** A neuron's values over the line, as a small curve around its zero. @param {HTMLCanvasElement} canvas */
export function drawCurve(canvas, values, ink) {
  const side = 80;
  if (canvas.width !== side || canvas.height !== side) Object.assign(canvas, { width: side, height: side });
  const context = canvas.getContext("2d");
  const largest = Math.max(
    1,
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
  );
  context.clearRect(0, 0, side, side);
  context.strokeStyle = ink;
  context.globalAlpha = 0.3;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(0, side / 2);
  context.lineTo(side, side / 2);
  context.stroke();
  context.globalAlpha = 1;
  context.lineWidth = 5;
  context.beginPath();
  values.forEach((value, i) =>
    context.lineTo((side * (i + 0.5)) / values.length, side / 2 - (0.42 * side * value) / largest),
  );
  context.stroke();
}

/**
 * Where a picture's values cross a level, as the path of an SVG that is 100 wide and 100 high: in each
 * square of four neighbours a straight piece between the places on its sides.
 * @param {ArrayLike<number>} values row by row, the top row first
 */
export function borderPath(values, { rows, cols }, level = 0.5) {
  const pieces = [];
  const x = (col) => ((col + 0.5) * 100) / cols;
  const y = (row) => ((row + 0.5) * 100) / rows;
  for (let row = 0; row + 1 < rows; row++) {
    for (let col = 0; col + 1 < cols; col++) {
      const [a, b] = [values[row * cols + col] - level, values[row * cols + col + 1] - level];
      const [c, d] = [values[(row + 1) * cols + col] - level, values[(row + 1) * cols + col + 1] - level];
      const crossings = [];
      if (a < 0 !== b < 0) crossings.push([x(col + a / (a - b)), y(row)]);
      if (a < 0 !== c < 0) crossings.push([x(col), y(row + a / (a - c))]);
      if (b < 0 !== d < 0) crossings.push([x(col + 1), y(row + b / (b - d))]);
      if (c < 0 !== d < 0) crossings.push([x(col + c / (c - d)), y(row + 1)]);
      for (let i = 0; i + 1 < crossings.length; i += 2)
        pieces.push(`M${crossings[i].map(short).join(" ")}L${crossings[i + 1].map(short).join(" ")}`);
    }
  }
  return pieces.join("");
}

const short = (value) => value.toFixed(1);
