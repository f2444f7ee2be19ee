/** Drawings to begin with, and some that are no digits: their strokes as row and column, from 0 to 1. */

import { encodeStrokes } from "../arithmetic/ink.mjs";

/** @type {Record<string, import("../arithmetic/ink.mjs").Stroke[]>} */
const DRAWN = {
  "a three": [
    [
      [0.24, 0.32],
      [0.17, 0.4],
      [0.15, 0.5],
      [0.18, 0.61],
      [0.26, 0.66],
      [0.35, 0.64],
      [0.43, 0.56],
      [0.47, 0.47],
      [0.49, 0.57],
      [0.56, 0.66],
      [0.66, 0.69],
      [0.76, 0.65],
      [0.83, 0.54],
      [0.84, 0.43],
      [0.79, 0.33],
    ],
  ],
  "a five, in a corner": [
    [
      [0.08, 0.1],
      [0.08, 0.3],
    ],
    [
      [0.08, 0.1],
      [0.21, 0.1],
      [0.19, 0.16],
      [0.2, 0.23],
      [0.25, 0.29],
      [0.33, 0.29],
      [0.39, 0.24],
      [0.41, 0.16],
      [0.38, 0.09],
    ],
  ],
  "a crossed seven": [
    [
      [0.2, 0.25],
      [0.2, 0.7],
      [0.45, 0.55],
      [0.85, 0.42],
    ],
    [
      [0.5, 0.35],
      [0.5, 0.68],
    ],
  ],
  "the letter A": [
    [
      [0.88, 0.2],
      [0.12, 0.5],
      [0.88, 0.8],
    ],
    [
      [0.6, 0.32],
      [0.6, 0.68],
    ],
  ],
  "a scribble": [
    [
      [0.2, 0.2],
      [0.7, 0.3],
      [0.25, 0.4],
      [0.8, 0.5],
      [0.2, 0.6],
      [0.75, 0.72],
      [0.3, 0.8],
      [0.6, 0.2],
      [0.85, 0.75],
      [0.5, 0.85],
      [0.4, 0.15],
    ],
  ],
  "an empty pad": [],
};

/** @type {Record<string, string>} name -> strokes, encoded */
export const PRESETS = Object.fromEntries(
  Object.entries(DRAWN).map(([name, strokes]) => [name, encodeStrokes(strokes)]),
);

const NO_DIGITS = ["the letter A", "a scribble"].map((name) => PRESETS[name]);

/** Whether a drawing may be a digit, as far as one can know. @param {string} strokes encoded */
export const mayBeDigit = (strokes) => !NO_DIGITS.includes(strokes);

/** @param {string} strokes encoded */
export const nameOfPreset = (strokes) => Object.keys(PRESETS).find((name) => PRESETS[name] === strokes);
