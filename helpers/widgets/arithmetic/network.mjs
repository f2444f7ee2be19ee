/**
 * A network of dense layers: forward, loss, backward, with every number on the way to be looked at.
 *
 *   const rng = createRandom(1);
 *   const data = moons({ count: 200, noise: 0.1, rng });               // toy_data.mjs
 *   const network = createNetwork({
 *     inputs: 2,
 *     layers: [{ units: 8, activation: "tanh" }, { units: 2, activation: "softmax" }],
 *     loss: "categorical_crossentropy",                               // or "mean_squared_error"
 *     rng,
 *   });
 *   const optimizer = createOptimizer("adam", network.parameters.length, { learningRate: 0.01 });
 *
 *   network.forward(data.inputs, data.count);    // fills layer.preActivations and layer.activations
 *   network.loss(data.targets);                  // one number
 *   network.backward(data.targets);              // fills layer.deltas, gradWeights, gradBiases
 *   optimizer.update(network.parameters, network.gradients);
 *
 * `createTrainer` (training.mjs) repeats these four lines in a page that stays smooth; `inspectSample`
 * below copies one sample's whole pass for display; surfaces.mjs evaluates a network on a grid.
 *
 * Matrices are flat, row by row: sample s of a batch has its activations at `s * units` and after,
 * and the weight from input i to unit j, as in Keras, stands at `i * units + j`. All weights and
 * biases are pieces of one array, `network.parameters`, in Keras's order (weights then biases, layer
 * by layer), and so are their gradients: an optimiser is one loop. Nothing is allocated after the
 * first batch of the largest size. `tests/browser/test_network.py` compares with Python's `helpers`.
 */

import { activate, ACTIVATIONS, LAYER_ACTIVATIONS, throughActivation } from "./activations.mjs";
import { inputGradients, parameterGradients, weightedSums } from "./dense.mjs";
import {
  deltasSoftmaxCrossentropy, gradMeanSquaredError, LOSSES, meanSquaredError, softmaxCrossentropy,
} from "./losses.mjs";
import { Misfit } from "./misfit.mjs";

/** Where the weights start, by Keras's names: a draw for a layer with so many inputs and units. */
const INITIALIZERS = {
  glorot_uniform: (rng, inputs, units) => evenly(rng, Math.sqrt(6 / (inputs + units))),
  he_uniform: (rng, inputs) => evenly(rng, Math.sqrt(6 / inputs)),
  random_normal: (rng) => rng.normal(0, 0.05),
  zeros: () => 0,
};
const evenly = (rng, limit) => rng.uniform(-limit, limit);

/**
 * @typedef {object} LayerOptions
 * @property {number} units
 * @property {"linear" | "step" | "sigmoid" | "tanh" | "relu" | "softmax"} [activation]
 * @property {"glorot_uniform" | "he_uniform" | "random_normal" | "zeros"} [initializer]
 * @property {number | null} [bias] where its biases start, 0 as in Keras; null for a layer without any
 */

/**
 * @param {object} options
 * @param {number} options.inputs
 * @param {LayerOptions[]} options.layers
 * @param {"mean_squared_error" | "categorical_crossentropy"} [options.loss]
 * @param {{uniform: Function, normal: Function}} [options.rng] draws the weights; without it they are 0
 */
export function createNetwork({ inputs, layers: chosen, loss = "mean_squared_error", rng = null }) {
  checkOptions(inputs, chosen, loss);
  const fanIn = (index) => (index === 0 ? inputs : chosen[index - 1].units);
  const sizes = chosen.map(({ units, bias }, index) => (fanIn(index) + (bias === null ? 0 : 1)) * units);
  const size = sizes.reduce((sum, own) => sum + own, 0);
  const parameters = new Float64Array(size);
  const gradients = new Float64Array(size);
  let taken = 0;
  const layers = chosen.map((options, index) => {
    const start = taken;
    taken += sizes[index];
    return createLayer(options, fanIn(index), parameters.subarray(start, taken), gradients.subarray(start, taken));
  });
  const last = layers[layers.length - 1];
  const isCrossentropy = loss === "categorical_crossentropy";
  let batch = null; // what the latest forward pass read
  let count = 0;

  const network = {
    inputs, layers, parameters, gradients,
    lossName: loss,
    outputs: last.units,

    /** How many samples the latest forward pass had. */
    get count() { return count; },

    /** The last layer's activations: one row of `outputs` per sample. */
    get predictions() { return last.activations; },

    /** Draws all weights anew, layer by layer and row by row. */
    initialize(rng) {
      for (const layer of layers) initializeLayer(layer, rng);
    },

    /**
     * @param {Float64Array} samples one row of `inputs` numbers per sample; kept for the backward pass
     * @param {number} [sampleCount]
     * @returns {Float64Array} the predictions
     */
    forward(samples, sampleCount = 1) {
      if (samples.length < sampleCount * inputs)
        throw new RangeError(`${sampleCount} samples of ${inputs} numbers need more than ${samples.length}`);
      batch = samples;
      count = sampleCount;
      if (last.activations.length < count * last.units) for (const layer of layers) makeRoom(layer, count);
      let from = batch;
      for (let l = 0; l < layers.length; l++) {
        const { inputs: width, units, activation, weights, biases, preActivations, activations } = layers[l];
        weightedSums(from, weights, biases, preActivations, count, width, units);
        activate(activation, preActivations, activations, count, units);
        from = activations;
      }
      return from;
    },

    /** The loss of the latest forward pass. @param {Float64Array} targets */
    loss(targets) {
      return isCrossentropy
        ? softmaxCrossentropy(last.preActivations, last.activations, targets, count, last.units)
        : meanSquaredError(last.activations, targets, count, last.units);
    },

    /** The gradients of that loss, from the last layer to the first. @param {Float64Array} targets */
    backward(targets) {
      for (let l = layers.length - 1; l >= 0; l--) {
        const layer = layers[l];
        const { inputs: width, units, preActivations, activations, gradActivations, deltas } = layer;
        if (layer === last && isCrossentropy) {
          deltasSoftmaxCrossentropy(activations, targets, deltas, count, units);
        } else {
          if (layer === last) gradMeanSquaredError(activations, targets, gradActivations, count, units);
          throughActivation(layer.activation, preActivations, activations, gradActivations, deltas, count, units);
        }
        const from = l === 0 ? batch : layers[l - 1].activations;
        parameterGradients(from, deltas, layer.gradWeights, layer.gradBiases, count, width, units);
        if (l > 0) inputGradients(deltas, layer.weights, layers[l - 1].gradActivations, count, width, units);
      }
    },
  };
  if (rng) network.initialize(rng);
  return network;
}

function createLayer(options, inputs, own, gradients) {
  const { units, activation = "linear", initializer = "glorot_uniform", bias = 0 } = options;
  const layer = {
    inputs, units, activation, initializer, bias,
    weights: own.subarray(0, inputs * units),
    biases: own.subarray(inputs * units),
    gradWeights: gradients.subarray(0, inputs * units),
    gradBiases: gradients.subarray(inputs * units),
  };
  makeRoom(layer, 1);
  layer.biases.fill(bias);
  return layer;
}

/** The numbers that a layer has once per sample. */
function makeRoom(layer, count) {
  layer.preActivations = new Float64Array(count * layer.units); // z
  layer.activations = new Float64Array(count * layer.units); // a = f(z)
  layer.gradActivations = new Float64Array(count * layer.units); // dL/da
  layer.deltas = new Float64Array(count * layer.units); // δ = dL/dz
}

function initializeLayer({ weights, biases, initializer, bias, inputs, units }, rng) {
  for (let w = 0; w < weights.length; w++) weights[w] = INITIALIZERS[initializer](rng, inputs, units);
  biases.fill(bias);
}

/**
 * One sample's whole pass, as copies that stay when training goes on. The parameters are left alone.
 * @param {ReturnType<typeof createNetwork>} network
 * @param {ArrayLike<number>} input @param {ArrayLike<number>} target
 */
export function inspectSample(network, input, target) {
  const samples = Float64Array.from(input);
  const targets = Float64Array.from(target);
  network.forward(samples);
  const loss = network.loss(targets);
  network.backward(targets);
  const first = network.layers[0];
  const gradInput = new Float64Array(network.inputs);
  inputGradients(first.deltas, first.weights, gradInput, 1, first.inputs, first.units);
  const last = network.layers.length - 1;
  return {
    input: samples, target: targets, prediction: network.predictions.slice(0, network.outputs), loss, gradInput,
    layers: network.layers.map((layer, index) => {
      const { activation, units } = layer;
      const ofSample = (values) => values.slice(0, units);
      const [z, a] = [ofSample(layer.preActivations), ofSample(layer.activations)];
      const isJoint = index === last && network.lossName === "categorical_crossentropy";
      return {
        activation, units, inputs: layer.inputs,
        weights: layer.weights.slice(), biases: layer.biases.slice(),
        preActivations: z, activations: a,
        /** f′(z); null for softmax, whose slopes are a matrix */
        slopes: activation === "softmax" ? null : z.map((sum, j) => ACTIVATIONS[activation].slope(sum, a[j])),
        /** dL/da; null where loss and softmax are derived in one step */
        gradActivations: isJoint ? null : ofSample(layer.gradActivations),
        deltas: ofSample(layer.deltas),
        gradWeights: layer.gradWeights.slice(), gradBiases: layer.gradBiases.slice(),
      };
    }),
  };
}

/**
 * Loss over a whole data set and, where it has labels, the share that the network gets right: the
 * larger of several outputs counts, or a single one by the side of `threshold` on which it lies.
 * @param {ReturnType<typeof createNetwork>} network
 * @param {{inputs: Float64Array, targets: Float64Array, labels?: ArrayLike<number>, count: number}} data
 */
export function evaluate(network, data, threshold = 0.5) {
  const predictions = network.forward(data.inputs, data.count);
  const loss = network.loss(data.targets);
  if (!data.labels) return { loss, accuracy: null };
  let right = 0;
  for (let sample = 0; sample < data.count; sample++)
    if (predictedLabel(predictions, sample, network.outputs, threshold) === data.labels[sample]) right++;
  return { loss, accuracy: right / data.count };
}

function predictedLabel(predictions, sample, outputs, threshold) {
  const start = sample * outputs;
  if (outputs === 1) return predictions[start] >= threshold ? 1 : 0;
  let top = 0;
  for (let label = 1; label < outputs; label++) if (predictions[start + label] > predictions[start + top]) top = label;
  return top;
}

function checkOptions(inputs, layers, loss) {
  const oneOf = (value, names, what) => {
    if (!names.includes(value)) throw new Misfit(`There is no ${what} ${value}: use ${names.join(", ")}.`);
  };
  const counts = (value) => Number.isInteger(value) && value >= 1;
  if (!counts(inputs)) throw new Misfit(`A network with ${inputs} inputs does not work: use a whole number from 1.`);
  if (!layers.length) throw new Misfit("The network has no layer: give it at least one.");
  for (const { units, activation = "linear", initializer = "glorot_uniform" } of layers) {
    if (!counts(units)) throw new Misfit(`A layer of ${units} units does not work: use a whole number from 1.`);
    oneOf(activation, LAYER_ACTIVATIONS, "activation");
    oneOf(initializer, Object.keys(INITIALIZERS), "initializer");
    if (activation === "softmax" && units === 1)
      throw new Misfit("Softmax over a single unit is always 1: use at least 2 units, or sigmoid.");
  }
  oneOf(loss, LOSSES, "loss");
  const { activation = "linear" } = layers[layers.length - 1];
  if (loss === "categorical_crossentropy" && activation !== "softmax")
    throw new Misfit(
      `categorical_crossentropy needs probabilities, and the last layer has ${activation}: ` +
        "use softmax there, or mean_squared_error.",
    );
}
