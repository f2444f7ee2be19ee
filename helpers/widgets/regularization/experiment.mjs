/** Pairs of networks, one plain and one with the remedy: each pair learns side by side from the same start. */

import { createLoop } from "../card/loop.mjs";
import { createRun } from "./run.mjs";
import { NOTHING, STEPS_PER_EPOCH } from "./state.mjs";

/** Finished plain networks that are kept, for the next remedy to be compared with. */
const MOST_KEPT = 16;

/**
 * @param {{train: any, test: any}} digits
 * @param {any} state @param {any} view
 * @param {{element: Element, report: () => void, stepsPerSecond: number, kept: Map<string, any>}} page
 */
export function createExperiment(digits, state, view, { element, report, stepsPerSecond, kept }) {
  /** @type {{number: number, plain: any, treated: any}[]} */
  const pairs = [];
  const perPair = STEPS_PER_EPOCH * state.epochs;
  let most = state.pairs;
  let speed = stepsPerSecond;
  let goal = 0; // after how many steps, over all pairs, to rest
  let waiting = []; // measurements that are not finished
  let measured = []; // the runs that they are of

  const runsOf = (pair) => (pair ? [pair.plain, pair.treated] : []);
  const learning = (pair) => runsOf(pair).filter((run) => !run.ended);

  function beginPair() {
    const number = pairs.length + 1;
    const key = `${view.plainSubject} ${number}`;
    const plain = kept.get(key) ?? createRun(digits, { ...state, ...NOTHING }, number, element);
    pairs.push({ number, plain, treated: createRun(digits, state, number, element) });
    beginMeasuring();
  }

  function keep({ number, plain }) {
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value);
    if (!plain.diverged) kept.set(`${view.plainSubject} ${number}`, plain);
  }

  function beginMeasuring() {
    measured = learning(pairs.at(-1)).filter((run) => run.isDue);
    waiting = measured.flatMap((run) => run.beginMeasuring());
    if (waiting.length) loop.stepsPerSecond = Infinity;
  }

  function endMeasuring() {
    for (const run of measured) run.endMeasuring();
    loop.stepsPerSecond = speed;
    const pair = pairs.at(-1);
    if (!learning(pair).length) keep(pair);
  }

  /** One bit of measuring, or a step of both networks; returns whether there is more to do. */
  function work() {
    if (waiting.length) {
      if (!waiting[0].step()) waiting.shift();
      if (waiting.length) return true;
      endMeasuring();
      return experiment.taken < goal && !experiment.ended;
    }
    if (experiment.ended || experiment.taken >= goal) return false;
    if (!learning(pairs.at(-1)).length) {
      beginPair();
      return true;
    }
    for (const run of learning(pairs.at(-1))) run.step();
    beginMeasuring();
    if (!waiting.length && !learning(pairs.at(-1)).length) keep(pairs.at(-1)); // both have diverged
    return true;
  }

  const loop = createLoop({ element, work, report: () => report(), stepsPerSecond });
  const experiment = {
    pairs,
    perPair,
    /** Steps over all pairs; a pair that stopped early counts as if it had gone on. */
    get taken() {
      const pair = pairs.at(-1);
      const steps = learning(pair).length ? experiment.stepsOf(pair) : perPair;
      return (pairs.length - 1) * perPair + steps;
    },
    /** How far a pair is: its plain network, if it was kept from before, is already there. */
    stepsOf: ({ plain, treated }) => (plain.ended && !treated.ended ? treated.steps : plain.steps).length,
    get ended() {
      return pairs.length >= most && !learning(pairs.at(-1)).length;
    },
    /** Pairs that have both finished. */
    get finished() {
      return pairs.filter((pair) => !learning(pair).length && runsOf(pair).every(({ diverged }) => !diverged));
    },
    /** Whether it goes on until all pairs have learned. */
    get isEndless() {
      return experiment.playing && goal >= most * perPair;
    },
    /** Whether it learns, and not only measures what the start can do. */
    get playing() {
      return loop.playing && goal > experiment.taken;
    },
    play(steps = Infinity) {
      if (experiment.ended) return;
      goal = steps === Infinity ? most * perPair : Math.max(goal, experiment.taken) + steps;
      if (loop.playing) report();
      else loop.play();
    },
    /** A measurement that is under way is finished first. */
    pause() {
      goal = 0;
      if (!waiting.length) loop.pause();
      report();
    },
    hurry(steps) {
      speed = steps;
      if (!waiting.length) loop.stepsPerSecond = speed;
    },
    /** How many pairs there are to be. @param {number} count */
    extend(count) {
      most = Math.max(count, pairs.length);
    },
    dispose() {
      loop.dispose();
      for (const run of pairs.flatMap(runsOf)) run.dispose();
    },
  };
  beginPair();
  loop.play();
  return experiment;
}
