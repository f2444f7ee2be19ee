/** The line that one neuron draws in the plane of its two inputs, and the shading on both sides of it. */

import { LARGEST } from "./state.mjs";
import { ACTIVATIONS } from "../arithmetic/activations.mjs";

/** Sums at which the shading is computed; browsers fill in between. */
const SHADES = [-8, -5, -4, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 8];

/** The square of the plane that is shown. @returns {[number, number]} */
export function viewOf({ inputs, problem }) {
  if (problem !== "none") return [-0.6, 1.6];
  const furthest = Math.max(...inputs.map(Math.abs));
  const reach = [2, 5, 12, 30, 60].find((size) => furthest <= 0.9 * size) ?? 1.1 * LARGEST;
  return [-reach, reach];
}

/**
 * The piece of the line w₁·x₁ + w₂·x₂ + b = 0 inside the square.
 * @param {number[]} weights @param {number} bias @param {number[]} view
 * @returns {[number[], number[]] | null} null where the line does not cross it
 */
export function clipLine([w1, w2], bias, [low, high]) {
  const inside = (value) => value >= low - 1e-9 && value <= high + 1e-9;
  const ends = [];
  for (const side of [low, high]) {
    const x2 = -(bias + w1 * side) / w2;
    if (w2 !== 0 && inside(x2)) ends.push([side, x2]);
    const x1 = -(bias + w2 * side) / w1;
    if (w1 !== 0 && inside(x1)) ends.push([x1, side]);
  }
  let best = null;
  let longest = 1e-6;
  ends.forEach((one, i) =>
    ends.slice(i + 1).forEach((other) => {
      const length = Math.hypot(one[0] - other[0], one[1] - other[1]);
      if (length > longest) [longest, best] = [length, [one, other]];
    }),
  );
  return best;
}

/** Rounded, and never −0. */
export const hundredths = (value) => Math.round(100 * value) / 100 + 0;

/** The bias with which the line goes through a point. @param {number[]} weights @param {number[]} point */
export const biasThrough = ([w1, w2], [x1, x2]) =>
  hundredths(Math.max(-LARGEST, Math.min(LARGEST, -(w1 * x1 + w2 * x2))));

/** Weights and bias of a line through `pivot`, with its normal at `angle` and weights of the same size. */
export function turned(weights, pivot, angle) {
  const size = Math.hypot(...weights);
  const next = [hundredths(size * Math.cos(angle)), hundredths(size * Math.sin(angle))];
  return { weights: next, bias: biasThrough(next, pivot) };
}

/** The colour of an activation on the diverging scale: none where it lies on the threshold. */
function colour(activation, a, most) {
  const strength = { step: 2 * a - 1, sigmoid: 2 * a - 1, tanh: a, relu: a / Math.max(1, most) }[activation];
  const share = Math.round(48 * Math.abs(strength));
  return `color-mix(in srgb, var(--cv-${strength < 0 ? "neg" : "pos"}) ${share}%, transparent)`;
}

/**
 * The shading of the square as a CSS gradient.
 * @param {string} activation
 * @param {number} least @param {number} most the sums z at the ends
 * @param {number} angle in which z grows, clockwise from above
 */
export function shading(activation, least, most, angle) {
  const { value } = ACTIVATIONS[activation];
  if (most - least < 1e-9) {
    const whole = colour(activation, value(most), most);
    return `linear-gradient(${whole}, ${whole})`;
  }
  const within = [least, ...SHADES.filter((z) => z > least && z < most), most];
  const stops = within.map((z, i) => {
    // The step has both its values at 0: there the lower one comes first.
    const a = activation === "step" && z === 0 && within[i + 1] === 0 ? 0 : value(z);
    return `${colour(activation, a, most)} ${((100 * (z - least)) / (most - least)).toFixed(2)}%`;
  });
  return `linear-gradient(${angle.toFixed(4)}rad, ${stops.join(", ")})`;
}
