/**
 * A network of layers: forward, loss, backward, with every number on the way to be looked at.
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

import { createActivation } from "./activation_layer.mjs";
import { ACTIVATIONS, LAYER_ACTIVATIONS } from "./activations.mjs";
import { createBatchNormalization } from "./batch_normalization.mjs";
import { createConv2D } from "./conv2d.mjs";
import { createDense, inputGradients } from "./dense.mjs";
import { createDropout } from "./dropout.mjs";
import { createFlatten } from "./flatten.mjs";
import { INITIALIZERS } from "./initializers.mjs";
import {
  deltasSoftmaxCrossentropy,
  gradMeanSquaredError,
  LOSSES,
  meanSquaredError,
  softmaxCrossentropy,
} from "./losses.mjs";
import { Misfit } from "./misfit.mjs";
import { createPooling } from "./pooling.mjs";

/**
 * What makes a layer of each kind, from its options and the shape of one sample that it reads. A layer has
 * `shape`, `units` numbers a sample, `parameterCount`; `take(parameters, gradients)` hands it its pieces of
 * the network's arrays, `makeRoom(samples, Numbers, before)` its arrays with one row per sample. `forward(
 * samples, count, training)` returns its `activations`; `backward(gradInputs)` reads `gradActivations` and
 * writes its own gradients and, where asked, those of what it read. `restart()` forgets what else it keeps.
 */
const KINDS = {
  dense: createDense,
  conv2d: createConv2D,
  max_pooling2d: createPooling,
  average_pooling2d: createPooling,
  flatten: createFlatten,
  dropout: createDropout,
  activation: createActivation,
  batch_normalization: createBatchNormalization,
};

const NUMBERS = { float64: Float64Array, float32: Float32Array };

/**
 * @typedef {object} LayerOptions
 * @property {string} [kind] dense, or one of KINDS, whose file says what else it takes
 * @property {number} [units] of a dense layer
 * @property {string} [activation] linear, step, sigmoid, tanh, relu or softmax
 * @property {"glorot_uniform" | "he_uniform" | "random_normal" | "zeros"} [initializer]
 * @property {number | null} [bias] where its biases start, 0 as in Keras; null for a layer without any
 * @property {number} [filters] of a convolution, as the next four
 * @property {number | [number, number]} [kernelSize]
 * @property {number | [number, number]} [strides]
 * @property {string} [padding] "valid" or "same"
 * @property {number | [number, number]} [poolSize]
 * @property {number} [rate] of dropout
 * @property {number} [seed] of dropout
 * @property {number} [momentum] of batch normalisation
 */

/**
 * @param {object} options
 * @param {number | [number, number, number]} options.inputs how many, or an image's rows, columns and channels
 * @param {LayerOptions[]} options.layers
 * @param {"mean_squared_error" | "categorical_crossentropy"} [options.loss]
 * @param {{uniform: Function, normal: Function}} [options.rng] draws the weights; without it they are 0
 * @param {"float64" | "float32"} [options.numbers] how exact its numbers are kept
 */
export function createNetwork({
  inputs: given,
  layers: chosen,
  loss = "mean_squared_error",
  rng = null,
  numbers = "float64",
}) {
  checkOptions(given, chosen, loss);
  const inputShape = Array.isArray(given) ? given : [given];
  const inputs = inputShape.reduce((product, size) => product * size, 1);
  const Numbers = NUMBERS[numbers];
  let shape = inputShape;
  const layers = chosen.map((options) => {
    const layer = KINDS[options.kind ?? "dense"](options, shape);
    shape = layer.shape;
    return layer;
  });
  const size = layers.reduce((sum, { parameterCount }) => sum + parameterCount, 0);
  const parameters = new Numbers(size);
  const gradients = new Numbers(size);
  let taken = 0;
  for (const layer of layers) {
    const [start, end] = [taken, (taken += layer.parameterCount)];
    layer.take(parameters.subarray(start, end), gradients.subarray(start, end));
  }
  let room = 0; // for how many samples
  makeRoom(1);
  const last = layers[layers.length - 1];
  const isCrossentropy = loss === "categorical_crossentropy";
  let count = 0; // of the latest forward pass

  /** The numbers that every layer has once per sample. */
  function makeRoom(samples) {
    room = samples;
    layers.forEach((layer, index) => layer.makeRoom(samples, Numbers, layers[index - 1]));
  }

  const network = {
    inputs,
    inputShape,
    layers,
    parameters,
    gradients,
    Numbers,
    lossName: loss,
    outputs: last.units,

    /** How many samples the latest forward pass had. */
    get count() {
      return count;
    },

    /** The last layer's activations: one row of `outputs` per sample. */
    get predictions() {
      return last.activations;
    },

    /** Draws all weights anew, layer by layer and row by row. */
    initialize(rng) {
      for (const layer of layers) layer.initialize(rng);
    },

    /** Forgets what its layers keep beside parameters: averages, and how far their random draws went. */
    restart() {
      for (const layer of layers) layer.restart?.();
    },

    /**
     * @param {Float64Array | Float32Array} samples one row of `inputs` numbers per sample; kept for the backward pass
     * @param {number} [sampleCount]
     * @param {boolean} [training] whether dropout drops and normalisation takes the batch's own mean
     * @returns {Float64Array} the predictions
     */
    forward(samples, sampleCount = 1, training = false) {
      if (samples.length < sampleCount * inputs)
        throw new RangeError(`${sampleCount} samples of ${inputs} numbers need more than ${samples.length}`);
      count = sampleCount;
      if (room < count) makeRoom(count);
      let from = /** @type {any} */ (samples);
      for (let l = 0; l < layers.length; l++) from = layers[l].forward(from, count, training);
      return from;
    },

    /** The loss of the latest forward pass. @param {Float64Array | Float32Array} targets */
    loss(targets) {
      return isCrossentropy
        ? softmaxCrossentropy(last.preActivations, last.activations, targets, count, last.units)
        : meanSquaredError(last.activations, targets, count, last.units);
    },

    /**
     * The gradients of that loss, from the last layer to the first.
     * @param {Float64Array | Float32Array} targets
     * @param {Float64Array | Float32Array | null} [gradInputs] dL/dx of every sample, written to if given
     */
    backward(targets, gradInputs = null) {
      if (isCrossentropy) deltasSoftmaxCrossentropy(last.activations, targets, last.deltas, count, last.units);
      else gradMeanSquaredError(last.activations, targets, last.gradActivations, count, last.units);
      for (let l = layers.length - 1; l >= 0; l--) {
        const gradBefore = l > 0 ? layers[l - 1].gradActivations : gradInputs;
        if (isCrossentropy && l === layers.length - 1) layers[l].backwardDeltas(gradBefore);
        else layers[l].backward(gradBefore);
      }
    },
  };
  if (rng) network.initialize(rng);
  return network;
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
    input: samples,
    target: targets,
    prediction: network.predictions.slice(0, network.outputs),
    loss,
    gradInput,
    layers: network.layers.map((layer, index) => {
      const { activation, units } = layer;
      const ofSample = (values) => values.slice(0, units);
      const [z, a] = [ofSample(layer.preActivations), ofSample(layer.activations)];
      const isJoint = index === last && network.lossName === "categorical_crossentropy";
      return {
        activation,
        units,
        inputs: layer.inputs,
        weights: layer.weights.slice(),
        biases: layer.biases.slice(),
        preActivations: z,
        activations: a,
        /** f′(z); null for softmax, whose slopes are a matrix */
        slopes: activation === "softmax" ? null : z.map((sum, j) => ACTIVATIONS[activation].slope(sum, a[j])),
        /** dL/da; null where loss and softmax are derived in one step */
        gradActivations: isJoint ? null : ofSample(layer.gradActivations),
        deltas: ofSample(layer.deltas),
        gradWeights: layer.gradWeights.slice(),
        gradBiases: layer.gradBiases.slice(),
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
  if (!(Array.isArray(inputs) ? inputs.length === 3 && inputs.every(counts) : counts(inputs)))
    throw new Misfit(`A network with ${inputs} inputs does not work: use a whole number from 1.`);
  if (!layers.length) throw new Misfit("The network has no layer: give it at least one.");
  for (const { kind = "dense", units, activation = "linear", initializer = "glorot_uniform" } of layers) {
    oneOf(kind, Object.keys(KINDS), "layer");
    oneOf(activation, LAYER_ACTIVATIONS, "activation");
    oneOf(initializer, Object.keys(INITIALIZERS), "initializer");
    if (kind !== "dense") continue;
    if (!counts(units)) throw new Misfit(`A layer of ${units} units does not work: use a whole number from 1.`);
    if (activation === "softmax" && units === 1)
      throw new Misfit("Softmax over a single unit is always 1: use at least 2 units, or sigmoid.");
  }
  oneOf(loss, LOSSES, "loss");
  const { kind = "dense", activation = "linear" } = layers[layers.length - 1];
  if (loss === "categorical_crossentropy" && kind !== "dense")
    throw new Misfit(`categorical_crossentropy needs a dense layer at the end, and the last one is ${kind}.`);
  if (loss === "categorical_crossentropy" && activation !== "softmax")
    throw new Misfit(
      `categorical_crossentropy needs probabilities, and the last layer has ${activation}: ` +
        "use softmax there, or mean_squared_error.",
    );
}
