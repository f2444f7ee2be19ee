/** What a kernel does to a sinusoid: its frequency response H(f) = Σ w[k]·e^(−2πifk), with f in oscillations a cell. */

const TURN = 2 * Math.PI;

/** No dust of rounding where a sum is 0. */
const clean = (value) => (Math.abs(value) < 1e-12 ? 0 : value);

/** @typedef {{weight: number, cos: number, sin: number}} Arrow w[k], and the direction e^(−2πifk) that it goes */

/**
 * The arrows whose sum is H(f): cell k of the kernel, turned back by k·f turns.
 * @param {number[]} kernel @param {number} f @returns {Arrow[]}
 */
export const arrows = (kernel, f) =>
  kernel.map((weight, k) => ({ weight, cos: clean(Math.cos(TURN * f * k)), sin: clean(-Math.sin(TURN * f * k)) }));

/**
 * H(f), its length (the gain) and its angle (the phase, in degrees).
 * @param {number[]} kernel @param {number} f
 */
export function response(kernel, f) {
  const terms = arrows(kernel, f);
  const largest = Math.max(1e-300, ...kernel.map(Math.abs));
  const dust = (value) => (Math.abs(value) < 1e-12 * largest ? 0 : value);
  const re = dust(terms.reduce((total, { weight, cos }) => total + weight * cos, 0));
  const im = dust(terms.reduce((total, { weight, sin }) => total + weight * sin, 0));
  return { re, im, gain: Math.hypot(re, im), phase: (360 * Math.atan2(im, re)) / TURN };
}

/**
 * The slow sinusoid that passes through the same values where only every `stride`-th cell is kept.
 * @param {number} f @param {number} stride
 * @returns {{frequency: number, sign: number}} oscillations an old cell, and whether it runs forward (1) or back (−1)
 */
export function alias(f, stride) {
  const folded = f * stride - Math.round(f * stride);
  return { frequency: clean(Math.abs(folded) / stride), sign: folded < 0 ? -1 : 1 };
}

/** A sinusoid at a place. @param {number} f @param {number} n @param {number} [phase] in degrees */
export const wave = (f, n, phase = 0) => Math.cos(TURN * (f * n + phase / 360));

/**
 * The kernel slid over the cosine that has gone on for ever: its output at n = 0, 1, …
 * @param {number[]} kernel @param {number} f @param {number} count
 */
export const filtered = (kernel, f, count) =>
  Array.from({ length: count }, (_, n) => kernel.reduce((total, weight, k) => total + weight * wave(f, n - k), 0));
