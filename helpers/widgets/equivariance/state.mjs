/** Equivariance's settings: what fits together. */

import { requireGrid, shapeOf } from "../arithmetic/convolution2d.mjs";
import { outputShift, stepOf } from "../arithmetic/equivariance.mjs";
import { namedKernel, sumOfWeights } from "../arithmetic/kernels.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { requireOneOf } from "../arithmetic/requirements.mjs";
import { isOwn } from "../card/sources.mjs";

export const KERNELS = ["identity", "mean", "gaussian", "sobel_x", "sobel_y", "laplacian", "sharpen", "emboss"];
export const BORDERS = ["zeros", "wrap", "valid"];
export const STRIDES = [1, 2, 3];
export const POOLS = ["none", "max", "mean"];
export const QUESTIONS = ["zero", "cells", "largest"];
export const MOST_SHIFT = 12;
export const SIDE = 60;

/** All strides, with and without pooling, divide a side that this divides. */
const MULTIPLE = 12;
const ODD = [1, 3, 5];
const AVERAGING = ["mean", "gaussian"];

/** How many pixels a side there are of a picture. @param {{rows: number, cols: number}} picture */
export function sideOf({ rows, cols }) {
  const square = Math.min(rows, cols);
  if (square < MULTIPLE)
    throw new Misfit(
      `A picture of ${rows} × ${cols} pixels is too small to be shifted: use at least ${MULTIPLE} × ${MULTIPLE}.`,
    );
  return Math.floor(Math.min(square, SIDE) / MULTIPLE) * MULTIPLE;
}

/** Refuses what is no kernel here. @param {number[][]} grid */
export function checkKernel(grid) {
  requireGrid("kernel", grid);
  const wrong = grid.flat().find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new Misfit(`The kernel holds “${wrong}”, which is not a finite number.`);
  const shape = shapeOf(grid);
  if (!shape.every((size) => ODD.includes(size)))
    throw new Misfit(
      `A kernel of ${shape.join(" × ")} cells does not fit here: use 1, 3 or 5 rows and columns, so that ` +
        "it has a middle.",
    );
}

/** @returns {{name: string, grid: number[][]}} name is "own" for an own one */
function readKernel({ kernel }) {
  // An address that names one reads as a list of one name.
  const given = Array.isArray(kernel) && kernel.length === 1 && typeof kernel[0] === "string" ? kernel[0] : kernel;
  if (typeof given === "string") {
    requireOneOf("kernel named", given, KERNELS);
    const grid = namedKernel(given, { size: 3 });
    const divisor = AVERAGING.includes(given) ? sumOfWeights(grid) : 1;
    return { name: given, grid: grid.map((line) => line.map((weight) => weight / divisor)) };
  }
  const grid = given.every((entry) => !Array.isArray(entry)) ? [given] : given;
  checkKernel(grid);
  return { name: "own", grid };
}

function requirePair(what, pair, most) {
  const fits =
    Array.isArray(pair) && pair.length === 2 && pair.every((at) => Number.isInteger(at) && at >= 0 && at <= most);
  if (!fits)
    throw new Misfit(
      `A ${what} of ${pair} does not work: use two whole numbers from 0 to ${most}, down and to the right.`,
    );
}

/** @param {any} state */
export function compute(state) {
  const { border, stride, pool, blur } = state;
  requireOneOf("border", border, BORDERS);
  requireOneOf("stride", stride, STRIDES);
  requireOneOf("pooling", pool, POOLS);
  requireOneOf("question", state.ask, QUESTIONS);
  requireOneOf("answer", state.answer, ["shown", "hidden"]);
  requirePair("shift", state.shift, MOST_SHIFT);
  requirePair("cell", state.cell, SIDE - 1);
  if (!isOwn(state.source)) requireOneOf("picture", state.source, Object.keys(state.images));
  const { name, grid } = readKernel(state);
  const layer = { kernel: grid, border, stride, pool, blur };
  return { name, layer, shift: state.shift, step: stepOf(layer), outputShift: outputShift(layer, state.shift) };
}
