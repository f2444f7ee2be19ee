/** NetworkPlayground's arithmetic in words and numbers: names, one sample's pass through one neuron, the formulas. */

import { factor, number, plural, scientific, superscript } from "../arithmetic/format.mjs";

const DIGITS = 4;
const short = (value) => scientific(value, DIGITS);
const term = (value) => factor(value, short);

/** An activation: one that is 1 to all four digits, but not quite, says by how much. */
function ofNeuron(a) {
  const gap = 1 - Math.abs(a);
  return gap !== 0 && Math.abs(gap) < 5e-5
    ? `${a < 0 ? "−" : ""}(1 ${gap < 0 ? "+" : "−"} ${scientific(Math.abs(gap), 2)})`
    : short(a);
}
const asFactor = (a) => factor(a, ofNeuron);
const LOW = "₀₁₂₃₄₅₆₇₈₉";
const low = (index) => String(index).replace(/\d/g, (digit) => LOW[digit]);
const high = (index) => `⁽${superscript(index)}⁾`;

/**
 * "Neuron 2 of hidden layer 1", "The output neuron", "Output neuron for class 1"
 * @param {ReturnType<typeof import("../arithmetic/network.mjs").createNetwork>} network
 * @param {number[]} neuron from 1
 */
export function nameNeuron(network, [layer, unit], inSentence = false) {
  const last = network.layers.length;
  const name =
    layer < last
      ? `Neuron ${unit} of hidden layer ${layer}`
      : network.layers[last - 1].units > 1
        ? `Output neuron for class ${unit - 1}`
        : "The output neuron";
  return inSentence ? name[0].toLowerCase() + name.slice(1) : name;
}

/** What a weight comes from: an input, or a neuron of the layer before. */
export function nameSource(network, layer, source) {
  return layer === 0
    ? `the input ${network.inputs === 1 ? "x" : `x${low(source)}`}`
    : nameNeuron(network, [layer, source], true);
}

const SLOPES = {
  linear: () => "1",
  sigmoid: (z, a) => `${ofNeuron(a)}·(1 − ${ofNeuron(a)})`,
  tanh: (z, a) => `(1 − ${asFactor(a)}²)`,
  relu: (z) => (z > 0 ? "1" : "0"),
};

/** f(z) = …, with the numbers in place. */
function activation(kind, z, a) {
  return {
    linear: `a = z = ${short(a)}`,
    sigmoid: `a = 1/(1 + e^(${short(-z)})) = ${ofNeuron(a)}`,
    tanh: `a = tanh(${short(z)}) = ${ofNeuron(a)}`,
    relu: `a = max(0, ${short(z)}) = ${short(a)}`,
  }[kind];
}

/**
 * One sample's way through one neuron, there and back, each line with all its numbers.
 * @param {any} seen what inspectSample found
 * @param {[number, number]} neuron its layer and its number in there, from 1
 * @returns {{forward: string[], backward: string[], gradients: string[]}}
 */
export function describeNeuron(seen, [layerNumber, unitNumber]) {
  const l = layerNumber - 1;
  const j = unitNumber - 1;
  const layer = seen.layers[l];
  const before = l === 0 ? seen.input : seen.layers[l - 1].activations;
  const sources = Array.from(before, (_, i) =>
    l === 0 ? (before.length === 1 ? "x" : `x${low(i + 1)}`) : `a${high(l)}${low(i + 1)}`,
  );
  const weights = sources.map((_, i) => layer.weights[i * layer.units + j]);
  const [z, a, delta] = [layer.preActivations[j], layer.activations[j], layer.deltas[j]];
  const products = weights.map((weight, i) => `${asFactor(before[i])}·${term(weight)}`).join(" + ");
  const forward = [`z = ${products} + ${term(layer.biases[j])} = ${short(z)}`];
  const backward = [];
  const isLast = l === seen.layers.length - 1;
  const target = seen.target[j];
  if (layer.activation === "softmax") {
    const powers = Array.from(layer.preActivations, (value) => `e^${term(value)}`).join(" + ");
    forward.push(`a = e^${term(z)} / (${powers}) = ${ofNeuron(a)}`);
    const label = seen.target.indexOf(1);
    forward.push(`L = −ln a of class ${label} = −ln ${ofNeuron(layer.activations[label])} = ${short(seen.loss)}`);
    backward.push(`δ = ∂L/∂z = a − y = ${ofNeuron(a)} − ${short(target)} = ${short(delta)}`);
  } else {
    forward.push(activation(layer.activation, z, a));
    const slope = layer.slopes[j];
    const arriving = layer.gradActivations[j];
    if (isLast) {
      forward.push(`L = (a − y)² = (${ofNeuron(a)} − ${term(target)})² = ${short(seen.loss)}`);
      backward.push(`∂L/∂a = 2·(a − y) = 2·(${ofNeuron(a)} − ${term(target)}) = ${short(arriving)}`);
    } else {
      const next = seen.layers[l + 1];
      const parts = Array.from(
        { length: next.units },
        (_, k) => `${term(next.weights[j * next.units + k])}·${term(next.deltas[k])}`,
      );
      backward.push(`∂L/∂a = Σ w·δ of the next layer = ${parts.join(" + ")} = ${short(arriving)}`);
    }
    backward.push(
      `δ = ∂L/∂a · f′(z) = ${term(arriving)}·${SLOPES[layer.activation](z, a)} = ` +
        `${term(arriving)}·${term(slope)} = ${short(delta)}`,
    );
  }
  const gradients = sources.map(
    (source, i) =>
      `∂L/∂w${low(i + 1)} = δ·${source} = ${term(delta)}·${asFactor(before[i])} = ` +
      `${short(layer.gradWeights[i * layer.units + j])}`,
  );
  gradients.push(`∂L/∂b = δ = ${short(layer.gradBiases[j])}`);
  return { forward, backward, gradients };
}

/** "Sample 17, class 1, at (0.98, −0.12)" */
export function describeSample(data, sample) {
  const at = sample - 1;
  const inputs = Array.from(data.inputs.slice(at * data.inputCount, (at + 1) * data.inputCount), short);
  if (data.labels === null) return `Sample ${sample}: x = ${inputs[0]}, y = ${short(data.targets[at])}`;
  return `Sample ${sample}: class ${data.labels[at]}, x₁ = ${inputs[0]}, x₂ = ${inputs[1]}`;
}

/** Every number of a sample's pass: one row for each neuron. */
export function tableOf(seen) {
  return seen.layers.flatMap((layer, l) =>
    Array.from({ length: layer.units }, (_, j) => [
      `${l + 1}, ${j + 1}`,
      short(layer.preActivations[j]),
      short(layer.activations[j]),
      short(layer.deltas[j]),
      Array.from({ length: layer.inputs }, (__, i) => short(layer.gradWeights[i * layer.units + j])).join(", "),
      short(layer.gradBiases[j]),
    ]),
  );
}

/** The network as one formula in each layer. */
export function inSymbols(view) {
  const last = view.layers.length;
  const name = (kind) => (kind === "linear" ? "" : kind);
  const rows = view.layers.map(({ activation: kind }, i) => {
    const sums = `W${high(i + 1)}·${i === 0 ? "x" : `a${high(i)}`} + b${high(i + 1)}`;
    return `a${high(i + 1)} = ${name(kind) ? `${name(kind)}(${sums})` : sums}`;
  });
  const widths = [view.inputs, ...view.layers.map(({ units }) => units)];
  const counts = widths.slice(1).map((units, i) => `(${widths[i]} + 1)·${units}`);
  const total = widths.slice(1).reduce((all, units, i) => all + (widths[i] + 1) * units, 0);
  return {
    layers: rows.join(";  "),
    parameters: `${counts.join(" + ")}${last > 1 || counts.length ? ` = ${total}` : ""} parameters`,
  };
}

/** One step of the optimiser, with its numbers. g is the mean gradient of the batch. */
export function ruleOf({ optimizer, learning_rate, batch_size }, count) {
  const rate = number(learning_rate);
  const rule = {
    sgd: `w ← w − ${rate}·g`,
    momentum: `v ← 0.9·v − ${rate}·g,  w ← w + v`,
    rmsprop: `s ← 0.9·s + 0.1·g²,  w ← w − ${rate}·g/√(s + 10⁻⁷)`,
    adam:
      `m ← 0.9·m + 0.1·g,  s ← 0.999·s + 0.001·g²,  w ← w − ${rate}·√(1 − 0.999ᵗ)/(1 − 0.9ᵗ)·m/(√s + 10⁻⁷) ` +
      "at step t",
  }[optimizer];
  return (
    `${rule};  g is the mean of ∂L/∂w over ` +
    `${batch_size >= count ? `all ${plural(count, "sample")}` : plural(batch_size, "sample")}`
  );
}

/** What a screen reader hears of the surface. */
export function describeSurface(progress, reached, data) {
  const right =
    reached.accuracy === null ? "" : `, ${Math.round(reached.accuracy * data.count)} of ${data.count} points right`;
  return `Loss ${number(reached.loss, 3)}${right} after ${plural(progress.steps, "step")}.`;
}
