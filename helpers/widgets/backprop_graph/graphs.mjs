/** The ready graphs of BackpropGraph: what is connected with what, and the numbers to begin with. */

import { Misfit } from "../arithmetic/misfit.mjs";

export const GRAPHS = {
  neuron: "one neuron",
  two_layer: "two layers",
  convolution: "1-D convolution",
  softmax: "softmax",
};
export const ACTIVATION_NAMES = ["sigmoid", "tanh", "relu"];

/** Cells of the signal and of the kernel at most. */
export const LARGEST = { signal_size: 6, kernel_size: 4 };

const range = (letter, count, first = 0) => Array.from({ length: count }, (_, i) => `${letter}${i + first}`);
const zip = (names, numbers) => Object.fromEntries(names.map((name, i) => [name, numbers[i]]));

function neuron({ activation }) {
  return {
    start: { x1: 2, w1: 0.5, x2: 3, w2: -0.4, b: 0.6, y: 1 },
    targets: ["y"],
    operations: [
      { name: "s1", op: "product", from: ["w1", "x1"] },
      { name: "s2", op: "product", from: ["w2", "x2"] },
      { name: "z", op: "sum", from: ["s1", "s2", "b"] },
      { name: "a", op: activation, from: ["z"] },
      { name: "L", op: "squares", from: ["a", "y"] },
    ],
    backward: ["L", "a", "z", "s1", "s2", "b", "w1", "x1", "w2", "x2"],
    first: "w1",
  };
}

function twoLayer({ activation }) {
  return {
    start: { x: 2, w1: 0.4, b1: -0.3, w2: -0.6, b2: 0.7, v1: 1.2, v2: -0.7, c: 0.2, y: 1 },
    targets: ["y"],
    operations: [
      { name: "z1", op: "weighted", from: ["w1", "x", "b1"] },
      { name: "z2", op: "weighted", from: ["w2", "x", "b2"] },
      { name: "a1", op: activation, from: ["z1"] },
      { name: "a2", op: activation, from: ["z2"] },
      { name: "yhat", op: "weighted", from: ["v1", "a1", "v2", "a2", "c"] },
      { name: "L", op: "squares", from: ["yhat", "y"] },
    ],
    backward: ["L", "yhat", "v1", "v2", "c", "a1", "a2", "z1", "z2", "w1", "b1", "w2", "b2", "x"],
    first: "w1",
  };
}

/** The kernel is flipped and stays inside: y[n] = Σ w[K−1−k] x[n+k]. */
function convolution({ signal_size: size, kernel_size: cells }) {
  const [x, w] = [range("x", size), range("w", cells)];
  const [y, t] = [range("y", size - cells + 1), range("t", size - cells + 1)];
  const operations = y.map((name, n) => ({
    name,
    op: "weighted",
    from: w.toReversed().flatMap((weight, k) => [weight, x[n + k]]),
  }));
  return {
    start: { ...zip(x, [0, 1, 2, 3, 4, 5]), ...zip(w, [1, -1, 2, 1]), ...zip(t, [2.5, 0, 3.5, 1, 2, 0]) },
    targets: t,
    operations: [...operations, { name: "L", op: "squares", from: [...y, ...t] }],
    backward: ["L", ...y, ...w, ...x],
    first: "w0",
  };
}

function softmax() {
  const [z, e, p, y] = ["z", "e", "p", "y"].map((letter) => range(letter, 3, 1));
  return {
    start: { ...zip(z, [2, 1, 0.1]), ...zip(y, [0, 1, 0]) },
    targets: y,
    operations: [
      ...e.map((name, i) => ({ name, op: "exponential", from: [z[i]] })),
      { name: "S", op: "sum", from: e },
      ...p.map((name, i) => ({ name, op: "quotient", from: [e[i], "S"] })),
      { name: "L", op: "crossentropy", from: [...p, ...y] },
    ],
    backward: ["L", ...p, "S", ...e, ...z],
    first: "z1",
    positive: [...e, "S", ...p],
  };
}

const MAKERS = { neuron, two_layer: twoLayer, convolution, softmax };

/**
 * @param {{graph: string, activation: string, signal_size: number, kernel_size: number}} state
 * @returns {import("../arithmetic/graph.mjs").Graph & {start: Record<string, number>, targets: string[], first: string,
 * positive?: string[]}}
 *   `start` holds the leaves' own values, `targets` those leaves that are no part of the network, and `positive` what
 * must not be nudged below 0
 */
export function readyGraph(state) {
  if (!(state.graph in GRAPHS))
    throw new Misfit(`There is no graph “${state.graph}”: choose ${Object.keys(GRAPHS).join(", ")}.`);
  if (!ACTIVATION_NAMES.includes(state.activation))
    throw new Misfit(`There is no activation “${state.activation}” here: choose ${ACTIVATION_NAMES.join(", ")}.`);
  for (const [name, words] of [
    ["signal_size", "A signal"],
    ["kernel_size", "A kernel"],
  ])
    if (!Number.isInteger(state[name]) || state[name] < 1 || state[name] > LARGEST[name])
      throw new Misfit(
        `${words} of ${state[name]} cells does not work here: use a whole number from 1 to ${LARGEST[name]}.`,
      );
  if (state.graph === "convolution" && state.kernel_size > state.signal_size)
    throw new Misfit(
      `A kernel of ${state.kernel_size} cells does not fit inside a signal of ${state.signal_size}: use at ` +
        `most ${state.signal_size}, or a longer signal.`,
    );
  const { start, ...graph } = MAKERS[state.graph](state);
  return { start, leaves: Object.keys(start), ...graph };
}

/** How far a leaf may go: powers of e grow fast. */
export const limitOf = (graph) => (graph === "softmax" ? 10 : 100);

/**
 * The leaves with the reader's own values.
 * @param {ReturnType<typeof readyGraph>} ready
 * @param {{graph: string, values: Record<string, any>}} state
 */
export function leafValues(ready, { graph, values }) {
  const limit = limitOf(graph);
  for (const [name, value] of Object.entries(values)) {
    if (!ready.leaves.includes(name))
      throw new Misfit(`The graph has no input “${name}”: it has ${ready.leaves.join(", ")}.`);
    if (!Number.isFinite(value)) throw new Misfit(`The input ${name} is “${value}”, which is not a finite number.`);
    if (Math.abs(value) > limit)
      throw new Misfit(
        `${name} = ${value} is too large here: use numbers from ${-limit} to ${limit}.`.replaceAll("-", "−"),
      );
  }
  const leaves = { ...ready.start, ...values };
  if (graph === "softmax") requireDistribution(ready, leaves);
  return leaves;
}

/** Those leaves that differ from the graph's own numbers: all that the state holds. */
export function changedLeaves(ready, leaves) {
  return Object.fromEntries(
    ready.leaves
      .filter((name) => name in leaves && leaves[name] !== ready.start[name])
      .map((name) => [name, leaves[name]]),
  );
}

/** Cross-entropy compares with probabilities. */
function requireDistribution(ready, leaves) {
  const { targets } = ready;
  const given = targets.map((name) => leaves[name]);
  const total = given.reduce((sum, value) => sum + value, 0);
  const oneHot = (right) => Object.fromEntries(targets.map((name) => [name, Number(name === right)]));
  const fixes = targets.map((right, i) => [
    `class ${i + 1} is right`,
    { values: changedLeaves(ready, { ...leaves, ...oneHot(right) }) },
  ]);
  if (given.some((value) => value < 0) || Math.abs(total - 1) > 1e-9)
    throw new Misfit(
      `The targets ${given.join(", ").replaceAll("-", "−")} are no probabilities: none may be below 0, ` +
        "and together they make 1. What would fit:",
      fixes,
    );
}
