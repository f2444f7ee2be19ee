/**
 * Training inside a page: some milliseconds of work in each frame, so that everything else stays smooth.
 *
 *   const element = card.stage;
 *   const trainer = createTrainer({ network, optimizer, data, batchSize: 32, seed: 1, element, report: paint });
 *   card.onDispose(trainer.dispose);
 *   trainer.play();  trainer.pause();  trainer.step();  trainer.reset();
 *   optimizer.learningRate = 0.1;  trainer.batchSize = 8;  trainer.stepsPerSecond = 5;   // at any time
 *
 * `report(progress)` is called after every slice of work, and whenever playing starts or ends. Work
 * waits while `element` is out of sight or the page is hidden, and never outlives `dispose`.
 * loop.mjs slices any other work, such as several optimisers on one surface.
 */

import { createLoop } from "./loop.mjs";
import { createBatches } from "../arithmetic/batches.mjs";
import { createLossCurve } from "../arithmetic/loss_curve.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";

/**
 * What is reported before the first step; `message` is for the reader when training cannot go on, and `sample` the
 * first one of the latest batch.
 */
const BEGINNING = { sample: -1, steps: 0, epochs: 0, loss: NaN, epochLoss: NaN, diverged: false, message: "" };

/**
 * What changes the parameters: an optimiser, or something that does more with it.
 * @typedef {object} Rule
 * @property {(parameters: Float64Array | Float32Array, gradients: Float64Array | Float32Array) => void} update
 * @property {() => void} [reset] needed where training is to begin again
 * @property {number} [learningRate]
 */

/**
 * Trains in batches of samples drawn in a new order for each epoch, until it is paused or diverges.
 * @param {object} options
 * @param {ReturnType<typeof import("../arithmetic/network.mjs").createNetwork>} options.network
 * @param {Rule} options.optimizer
 * @param {{inputs: Float64Array | Float32Array, targets: Float64Array | Float32Array, count: number}} options.data
 * @param {number} [options.batchSize] from the number of samples on, each step takes all of them, in order
 * @param {number} [options.seed] of the order
 * @param {Element} options.element
 * @param {(progress: any) => void} options.report
 * @param {number} [options.stepsPerSecond]
 */
export function createTrainer({ network, optimizer, data, batchSize = 32, seed = 0, element, report, stepsPerSecond }) {
  const start = network.parameters.slice();
  const curve = createLossCurve();
  const progress = { ...BEGINNING, playing: false, curve };
  let batches, batch; // `batch` holds copies of the samples, or is all of the data
  const epoch = { samples: 0, lossSum: 0 }; // what has been learned from since it began

  function checkFit() {
    const { inputs, outputs, layers } = network;
    if (data.inputs.length !== data.count * inputs || data.targets.length !== data.count * outputs)
      throw new Misfit(
        `${data.count} samples of ${data.inputs.length / data.count} inputs and ${data.targets.length / data.count} ` +
          `targets do not fit a network of ${inputs} inputs and ${layers[layers.length - 1].units} outputs.`,
      );
  }

  function setBatchSize(size) {
    if (batches) batches.setSize(size);
    else batches = createBatches(data.count, size, seed);
    batch = batches.isWhole ? data : emptyBatch(batches.size);
    beginEpoch();
  }

  const emptyBatch = (size) => ({
    inputs: new network.Numbers(size * network.inputs),
    targets: new network.Numbers(size * network.outputs),
  });

  function beginEpoch() {
    epoch.samples = epoch.lossSum = 0;
  }

  /** One step on the next batch; returns whether training can go on. */
  function trainBatch() {
    if (progress.diverged) return false;
    batches.next();
    const { order, first, count } = batches;
    progress.sample = order[first];
    if (batch !== data) {
      copyRows(data.inputs, order, first, count, network.inputs, batch.inputs);
      copyRows(data.targets, order, first, count, network.outputs, batch.targets);
    }
    network.forward(batch.inputs, count, true);
    progress.loss = network.loss(batch.targets);
    network.backward(batch.targets);
    if (!Number.isFinite(progress.loss) || !areFinite(network.gradients)) return diverge();
    trainer.optimizer.update(network.parameters, network.gradients);
    curve.add(progress.loss);
    progress.steps++;
    epoch.lossSum += progress.loss * count;
    epoch.samples += count;
    if (epoch.samples === data.count) endEpoch();
    return progress.steps !== trainer.stopAt;
  }

  function endEpoch() {
    progress.epochs++;
    progress.epochLoss = epoch.lossSum / data.count;
    beginEpoch();
  }

  function diverge() {
    progress.diverged = true;
    progress.message =
      `After ${progress.steps} steps the loss or its gradients are too large for a number: training has diverged. ` +
      "Reset, and try a smaller learning rate.";
    return false;
  }

  const tell = () => {
    progress.playing = loop.playing;
    report(progress);
  };
  checkFit();
  setBatchSize(batchSize);
  const loop = createLoop({ element, work: trainBatch, report: tell, stepsPerSecond });

  const trainer = {
    progress,
    optimizer,
    /** Pauses after so many steps, exactly; null for never. */
    stopAt: null,
    get batchSize() {
      return batches.size;
    },
    set batchSize(size) {
      setBatchSize(size);
    },
    get stepsPerSecond() {
      return loop.stepsPerSecond;
    },
    set stepsPerSecond(most) {
      loop.stepsPerSecond = most;
    },
    play: () => {
      if (!progress.diverged) loop.play();
    },
    pause: loop.pause,
    dispose: loop.dispose,

    /** Pauses and takes some steps at once. @param {number} [count] */
    step(count = 1) {
      loop.pause();
      for (let i = 0; i < count && trainBatch(); i++);
      tell();
    },

    /** Back to the weights of the beginning; playing again repeats the very same training. */
    reset() {
      loop.pause();
      network.parameters.set(start);
      network.restart();
      trainer.optimizer.reset();
      batches.restart();
      curve.reset();
      Object.assign(progress, BEGINNING);
      beginEpoch();
      tell();
    },
  };
  return trainer;
}

function copyRows(from, order, first, count, width, to) {
  for (let row = 0; row < count; row++)
    for (let col = 0; col < width; col++) to[row * width + col] = from[order[first + row] * width + col];
}

/** Anything times 0 is 0, except infinity and NaN. */
function areFinite(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  return sum === 0;
}
