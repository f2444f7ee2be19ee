/**
 * One experiment: the network, and beside it a dense one if wanted, learn from the same batches. After each
 * epoch both are measured on all digits, bit by bit, and what they have reached is kept, to be looked at later.
 */

import { createMeasurement, INPUT_SHAPE } from "../arithmetic/digit_network.mjs";
import { createNetwork } from "../arithmetic/network.mjs";
import { createOptimizer } from "../arithmetic/optimizers.mjs";
import { createRandom } from "../arithmetic/random.mjs";
import { createLoop } from "../card/loop.mjs";
import { createTrainer } from "../card/training.mjs";

/** The optimisers as readers choose them, by their names in the engine. */
const RULES = { sgd: ["sgd", {}], momentum: ["sgd", { momentum: 0.9 }], rmsprop: ["rmsprop", {}], adam: ["adam", {}] };

/** @param {any} view its `loss` @param {any[]} layers @param {number} seed */
export const createStart = ({ loss }, layers, seed) =>
  createNetwork({ inputs: INPUT_SHAPE, layers, loss, rng: createRandom(seed) });

function createRun(digits, state, view, layers, element) {
  const network = createStart(view, layers, state.seed);
  const [rule, more] = RULES[state.optimizer];
  const optimizer = createOptimizer(rule, network.parameters.length, { learningRate: state.learning_rate, ...more });
  const { batch_size: batchSize, seed } = state;
  const trainer = createTrainer({ network, optimizer, data: digits.train, batchSize, seed, element, report() {} });
  return {
    network,
    trainer,
    /** Before the first epoch, and after each. */
    history: [],
    /** The weights then, and how each held-out digit was read. */
    frames: [],
    measurements: [],
    beginMeasuring() {
      this.measurements = [createMeasurement(network, digits.train), createMeasurement(network, digits.test)];
    },
    endMeasuring() {
      const [train, test] = this.measurements.map(({ result }) => result);
      this.history.push({
        epoch: this.history.length,
        loss: train.loss,
        accuracy: train.accuracy,
        val_loss: test.loss,
        val_accuracy: test.accuracy,
      });
      this.frames.push({
        parameters: Float32Array.from(network.parameters),
        predictions: this.measurements[1].measured.predictions,
      });
    },
  };
}

/**
 * @param {{train: any, test: any}} digits
 * @param {any} state @param {any} view
 * @param {{element: Element, report: () => void, stepsPerSecond: number}} page
 */
export function createExperiment(digits, state, view, { element, report, stepsPerSecond }) {
  const main = createRun(digits, state, view, view.layers, element);
  const dense = state.compare ? createRun(digits, state, view, view.dense.layers, element) : null;
  const runs = dense ? [main, dense] : [main];
  const alive = () => runs.filter(({ trainer }) => !trainer.progress.diverged);
  let speed = stepsPerSecond;
  let goal = 0; // after how many epochs to rest
  let waiting = []; // measurements that are not finished

  function beginMeasuring() {
    for (const run of alive()) run.beginMeasuring();
    waiting = alive().flatMap(({ measurements }) => measurements);
    loop.stepsPerSecond = Infinity;
  }

  /** One bit of measuring, or a step of every network; returns whether there is more to do. */
  function work() {
    if (waiting.length) {
      if (!waiting[0].step()) waiting.shift();
      if (waiting.length) return true;
      for (const run of alive()) run.endMeasuring();
      loop.stepsPerSecond = speed;
      return experiment.epochs < goal;
    }
    if (experiment.epochs >= goal) return false;
    for (const { trainer } of alive()) trainer.step();
    const { epochs, diverged } = main.trainer.progress;
    if (diverged) return false;
    if (epochs > experiment.epochs) beginMeasuring();
    return true;
  }

  const loop = createLoop({ element, work, report: () => report(), stepsPerSecond });
  const experiment = {
    main,
    dense,
    /** Whole epochs that have been measured. */
    get epochs() {
      return main.history.length - 1;
    },
    get steps() {
      return main.trainer.progress.steps;
    },
    get diverged() {
      return main.trainer.progress.diverged;
    },
    get message() {
      return main.trainer.progress.message;
    },
    /** Whether batches were learned from since the latest of the frames. */
    get isBetween() {
      if (experiment.epochs < 0) return false;
      return (
        main.trainer.progress.epochs !== experiment.epochs ||
        experiment.steps % Math.ceil(digits.train.count / state.batch_size) > 0
      );
    },
    /** Whether it learns, and not only measures what the start can do. */
    get playing() {
      return loop.playing && goal > 0;
    },
    /** @param {number} epochs after which to rest */
    play(epochs) {
      if (experiment.diverged) return;
      goal = epochs;
      if (loop.playing) report();
      else loop.play();
    },
    /** A measurement that is under way is finished first. */
    pause() {
      goal = 0;
      if (!waiting.length) loop.pause();
      report();
    },
    hurry(batchesPerSecond) {
      speed = batchesPerSecond;
      if (!waiting.length) loop.stepsPerSecond = speed;
    },
    dispose() {
      loop.dispose();
      for (const { trainer } of runs) trainer.dispose();
    },
  };
  beginMeasuring();
  loop.play();
  return experiment;
}
