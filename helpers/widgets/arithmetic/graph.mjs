/**
 * A computation graph with one number in every node: forward, and backward by the chain rule.
 *
 * A graph is `{ leaves, operations, backward }`: the names of what goes in, then `{ name, op, from }` in an
 * order in which every operation finds its inputs, the last one being the loss L, and the names in the order
 * in which the gradients are found. `OPERATIONS` has each operation's value beside its derivatives.
 */

import { ACTIVATIONS } from "./activations.mjs";

const add = (values) => values.reduce((total, value) => total + value, 0);

/** Predictions and targets stand one after the other in the inputs of a loss. */
const half = (inputs) => inputs.length / 2;

const activation = ({ value, slope }) => ({
  value: ([z]) => value(z),
  slopes: ([z], a) => [slope(z, a)],
});

/**
 * `value(inputs)`, and `slopes(inputs, value)`: how fast the value changes with each of the inputs.
 * @type {Record<string, {value: (inputs: number[]) => number, slopes: (inputs: number[], value: number) => number[]}>}
 */
export const OPERATIONS = {
  product: {
    value: ([w, x]) => w * x,
    slopes: ([w, x]) => [x, w],
  },
  sum: {
    value: add,
    slopes: (inputs) => inputs.map(() => 1),
  },
  /** w·x + w·x + … + b: weights and what they weigh in turn, then a bias or none. */
  weighted: {
    value: (inputs) =>
      add(inputs.map((input, i) => (i % 2 ? input * inputs[i - 1] : i === inputs.length - 1 ? input : 0))),
    slopes: (inputs) => inputs.map((_, i) => (i % 2 ? inputs[i - 1] : i === inputs.length - 1 ? 1 : inputs[i + 1])),
  },
  sigmoid: activation(ACTIVATIONS.sigmoid),
  tanh: activation(ACTIVATIONS.tanh),
  relu: activation(ACTIVATIONS.relu),
  /** The mean of (a − y)². */
  squares: {
    value: (inputs) => add(inputs.slice(half(inputs)).map((y, i) => (inputs[i] - y) ** 2)) / half(inputs),
    slopes: (inputs) => {
      const n = half(inputs);
      return inputs.map((_, i) => ((i < n ? 2 : -2) / n) * (inputs[i % n] - inputs[n + (i % n)]));
    },
  },
  exponential: {
    value: ([z]) => Math.exp(z),
    slopes: (_, power) => [power],
  },
  quotient: {
    value: ([e, s]) => e / s,
    slopes: ([e, s]) => [1 / s, -e / (s * s)],
  },
  /** −Σ y ln p */
  crossentropy: {
    value: (inputs) => add(inputs.slice(half(inputs)).map((y, i) => (y === 0 ? 0 : -y * Math.log(inputs[i])))),
    slopes: (inputs) => {
      const n = half(inputs);
      return inputs.map((input, i) => (i < n ? 0 - inputs[n + i] / input : -Math.log(inputs[i - n])));
    },
  },
};

/** @typedef {{name: string, op: string, from: string[]}} Operation */
/** @typedef {{leaves: string[], operations: Operation[], backward: string[]}} Graph */

/** The name of the last node: what all gradients are gradients of. @param {Graph} graph */
export const lossOf = (graph) => graph.operations.at(-1).name;

/**
 * Goes forward: the value of every node.
 * @param {Graph} graph
 * @param {Record<string, number>} leaves
 * @param {Record<string, number>} [held] nodes that are held at a value, whatever their inputs are
 * @returns {Record<string, number>}
 */
export function evaluate(graph, leaves, held = {}) {
  const values = { ...leaves, ...held };
  for (const { name, op, from } of graph.operations)
    if (!(name in held)) values[name] = OPERATIONS[op].value(from.map((input) => values[input]));
  return values;
}

/**
 * One way from a node to the loss begins with one of the operations that use it.
 * @typedef {{to: string, index: number, upstream: number, slope: number, contribution: number}} Way
 *   `index` says which input of the operation the node is
 */

/**
 * Goes backward: for every node of `graph.backward` its ways to the loss, and the gradient, their sum.
 * @param {Graph} graph
 * @param {Record<string, number>} values of all nodes
 * @returns {{gradients: Record<string, number>, ways: Record<string, Way[]>}}
 */
export function backpropagate(graph, values) {
  const slopesOf = ({ name, op, from }) =>
    OPERATIONS[op].slopes(
      from.map((input) => values[input]),
      values[name],
    );
  const slopes = Object.fromEntries(graph.operations.map((operation) => [operation.name, slopesOf(operation)]));
  const gradients = { [lossOf(graph)]: 1 };
  const ways = { [lossOf(graph)]: [] };
  for (const name of graph.backward.slice(1)) {
    ways[name] = usesOf(graph, name).map(({ to, index }) => {
      const upstream = gradients[to];
      const slope = slopes[to][index];
      return { to, index, upstream, slope, contribution: upstream * slope };
    });
    gradients[name] = add(ways[name].map(({ contribution }) => contribution));
  }
  return { gradients, ways };
}

/** The operations that a node goes into, and as which input. @param {Graph} graph @param {string} name */
export function usesOf(graph, name) {
  return graph.operations.flatMap(({ name: to, from }) =>
    from.flatMap((input, index) => (input === name ? [{ to, index }] : [])),
  );
}

/**
 * What back-propagation must agree with: the loss with a node nudged up and down by h, without any derivative.
 * @param {Graph} graph
 * @param {Record<string, number>} leaves
 * @param {Record<string, number>} values of all nodes
 * @param {string} name
 * @param {number} h
 */
export function nudge(graph, leaves, values, name, h) {
  const loss = (value) => evaluate(graph, leaves, { [name]: value })[lossOf(graph)];
  const up = loss(values[name] + h);
  const down = loss(values[name] - h);
  return { h, up, down, slope: (up - down) / (2 * h) };
}
