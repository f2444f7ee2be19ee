/**
 * One network that learns from few digits, with a remedy or without, and everything that is shown of it.
 * Whatever is random comes from the number of the pair alone, so both of a pair start alike.
 */

import { drawShift, shiftCells } from "../arithmetic/augmentation.mjs";
import { inOrder } from "../arithmetic/batches.mjs";
import { createMeasurement, INPUT_SHAPE } from "../arithmetic/digit_network.mjs";
import { SIDE } from "../arithmetic/digits.mjs";
import { createNetwork } from "../arithmetic/network.mjs";
import { createOptimizer } from "../arithmetic/optimizers.mjs";
import { createRandom } from "../arithmetic/random.mjs";
import { addPenaltyGradients, decayParameters, kernelsOf, sumOfSquares } from "../arithmetic/regularizers.mjs";
import { createTrainer } from "../card/training.mjs";
import { LEARNING_RATE, PATIENCE, STEPS_PER_EPOCH, VALIDATION } from "./state.mjs";

const CELLS = SIDE * SIDE;
const CLASSES = 10;
/** The pixel whose weights are written out: most digits have ink there. */
export const PIXEL = 3 * SIDE + 4;
/** Of the histogram: from −WIDEST to WIDEST; what lies beyond is counted at its end. */
export const [BINS, WIDEST] = [61, 0.61];
const DROPOUT_SEED = 1000;
const SHIFT_SEED = 2000;

/**
 * Digits to learn from, some with a wrong label, and others to stop by.
 * @param {any} pool @param {number} pair @param {number} samples @param {number} wrong
 */
function drawDigits(pool, pair, samples, wrong) {
  const rng = createRandom(pair);
  const order = rng.shuffle(inOrder(pool.count));
  const take = (chosen, spoil = (label) => label) => {
    const labels = Uint8Array.from(chosen, (i) => spoil(pool.labels[i]));
    const inputs = new Float64Array(chosen.length * CELLS);
    const targets = new Float64Array(chosen.length * CLASSES);
    chosen.forEach((i, k) => {
      inputs.set(pool.inputs.subarray(i * CELLS, (i + 1) * CELLS), k * CELLS);
      targets[k * CLASSES + labels[k]] = 1;
    });
    return { inputs, targets, labels, truth: Uint8Array.from(chosen, (i) => pool.labels[i]), count: chosen.length };
  };
  const careless = (label) =>
    rng.random() < wrong ? (label + 1 + Math.floor(rng.random() * (CLASSES - 1))) % CLASSES : label;
  return { train: take(order.slice(0, samples), careless), validation: take(order.slice(-VALIDATION)) };
}

/** @param {any} settings @param {number} pair @returns {import("../arithmetic/network.mjs").LayerOptions[]} */
export function layersOf({ units, dropout, batch_norm: isNormal }, pair) {
  const hidden = [0, 1].flatMap((index) => [
    { units, activation: isNormal ? "linear" : "relu" },
    ...(isNormal
      ? [
          { kind: "batch_normalization", momentum: 0.9 },
          { kind: "activation", activation: "relu" },
        ]
      : []),
    ...(dropout > 0 ? [{ kind: "dropout", rate: dropout, seed: DROPOUT_SEED + 2 * pair + index }] : []),
  ]);
  return [{ kind: "flatten" }, ...hidden, { units: CLASSES, activation: "softmax" }];
}

/** How many weights lie in each bin. */
function countWeights(network) {
  const bins = new Uint32Array(BINS);
  const width = (2 * WIDEST) / BINS;
  for (const { weights } of kernelsOf(network))
    for (let i = 0; i < weights.length; i++) {
      const bin = Math.floor((weights[i] + WIDEST) / width);
      bins[bin < 0 ? 0 : bin < BINS ? bin : BINS - 1]++;
    }
  return bins;
}

/**
 * @param {{train: any, test: any}} digits
 * @param {any} settings as those of the widget
 * @param {number} pair
 * @param {Element} element
 */
export function createRun(digits, settings, pair, element) {
  const { samples, wrong, shift, l2, decay, epochs } = settings;
  const { train, validation } = drawDigits(digits.train, pair, samples, wrong);
  const network = createNetwork({
    inputs: INPUT_SHAPE,
    layers: layersOf(settings, pair),
    loss: "categorical_crossentropy",
    rng: createRandom(pair),
  });
  /** @type {any} which memories a rule has is known by its name alone */
  const adam = createOptimizer("adam", network.parameters.length, { learningRate: LEARNING_RATE });
  const [first] = kernelsOf(network);
  const shifts = createRandom(SHIFT_SEED + pair);
  const seen = { ...train, inputs: train.inputs.slice() }; // moved anew in each epoch
  const dropouts = network.layers.filter(({ kind }) => kind === "dropout");
  const shown = shownLayers(network);
  let row; // of each neuron: its weight from the pixel, before and after a step, and what moved it

  function move() {
    if (shift === 0) return;
    for (let i = 0; i < seen.count; i++) {
      const [down, right] = [drawShift(shifts, shift), drawShift(shifts, shift)];
      const [from, to] = [train.inputs, seen.inputs].map((all) => all.subarray(i * CELLS, (i + 1) * CELLS));
      shiftCells(from, to, INPUT_SHAPE, down, right);
    }
  }

  const start = PIXEL * settings.units;
  const copy = (values) => Float64Array.from(values.subarray(start, start + settings.units));
  const optimizer = {
    update(parameters, gradients) {
      row = { before: copy(first.weights), slope: copy(first.gradWeights), squares: sumOfSquares(network) };
      addPenaltyGradients(network, l2);
      decayParameters(parameters, LEARNING_RATE, decay);
      adam.update(parameters, gradients);
      // The first kernel stands first among all parameters.
      Object.assign(row, { after: copy(first.weights), mean: copy(adam.mean), square: copy(adam.meanSquare) });
    },
  };

  const batchSize = Math.ceil(samples / STEPS_PER_EPOCH);
  move();
  const trainer = createTrainer({ network, optimizer, data: seen, batchSize, seed: pair, element, report() {} });
  const ofFirst = (values, units) => Float32Array.from(values.subarray(0, units));

  let measurements = [];
  const run = {
    network,
    /** Before the first epoch, and after each. @type {any[]} */
    history: [],
    /** After each step: its loss, the first digit of its batch and what the network made of that. @type {any[]} */
    steps: [],
    /** The epoch whose weights early stopping keeps. */
    best: 0,
    ended: false,

    step() {
      const { progress } = trainer;
      const epoch = progress.epochs;
      trainer.step();
      if (progress.diverged) {
        run.ended = true;
        return;
      }
      const at = progress.sample;
      run.steps.push({
        loss: progress.loss,
        row,
        outputs: shown.map(({ units, activations }) => ofFirst(activations, units)),
        factors: dropouts.map(({ factors, units }) => ofFirst(factors, units)),
        digit: Float32Array.from(seen.inputs.subarray(at * CELLS, (at + 1) * CELLS)),
        label: train.labels[at],
        truth: train.truth[at],
      });
      if (progress.epochs > epoch) move();
    },
    /** Whether whole epochs were learned from that have not been measured. */
    get isDue() {
      return !run.ended && run.history.length <= trainer.progress.epochs;
    },
    get diverged() {
      return trainer.progress.diverged;
    },
    get message() {
      return trainer.progress.message;
    },

    /** The digits to stop by are measured only where something stops. */
    beginMeasuring() {
      const sets = [train, digits.test, ...(settings.early_stopping ? [validation] : [])];
      measurements = sets.map((set) => createMeasurement(network, set));
      return measurements;
    },
    endMeasuring() {
      const [trained, test, kept] = measurements.map(({ result }) => result);
      const epoch = run.history.length;
      run.history.push({
        epoch,
        loss: trained.loss,
        accuracy: trained.accuracy,
        val_loss: kept?.loss,
        test_loss: test.loss,
        test_accuracy: test.accuracy,
        bins: countWeights(network),
      });
      if (kept?.loss < run.history[run.best].val_loss) run.best = epoch;
      const isPatient = !settings.early_stopping || epoch - run.best < PATIENCE;
      run.ended = epoch === epochs || !isPatient;
      if (run.ended) run.dispose();
    },
    /** What it is judged by: its last epoch, or the one that early stopping keeps. */
    get result() {
      return run.history[settings.early_stopping ? run.best : run.history.length - 1];
    },
    dispose: trainer.dispose,
  };
  return run;
}

/** The hidden layers as they are shown: their last part before the next dense one, dropout and all. */
function shownLayers(network) {
  const dense = network.layers.flatMap((layer, index) => (layer.kind === "dense" ? [index] : []));
  return dense.slice(1).map((index) => network.layers[index - 1]);
}
