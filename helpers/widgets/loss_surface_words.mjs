/** LossSurface in words: each update with its numbers, why it gets nowhere, and who leaves the picture. */

import { factor, grouped, number } from "./shared/format.mjs";
import { distanceToTruth, RACERS } from "./loss_surface_race.mjs";
import { eigenvalues, TRUTH } from "./loss_surface_slice.mjs";

/** Small numbers with their power of ten: 2.9·10⁻¹⁸. */
export function short(value, digits = 3, smallest = 1e-4) {
  if (!(Math.abs(value) < smallest) || value === 0) return number(value, digits);
  const [mantissa, power] = value.toExponential(digits - 1).split("e-");
  return `${number(Number(mantissa), digits)}·10⁻${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
}
/** Positions need more digits: some steps are short. */
const place = (value) => number(value, 5);
const times = (a, b) => [a, b].map((value) => factor(value, (v) => (Math.abs(v) < 1e-4 && v >= 0 && v !== 0 ? `(${short(v)})` : short(v)))).join("·");
const minus = (a, product) => `${place(a)} − ${product}`;
const plus = (a, b) => `${place(a)} ${b < 0 ? "−" : "+"} ${short(Math.abs(b))}`;
const LETTERS = ["w", "b"];

/** The lines of one parameter's update, for each racer: `i` is 0 for w and 1 for b. */
const UPDATES = {
  sgd: ({ told, i, letter, to, state }) => [
    `${letter} ← ${letter} − η·∂L/∂${letter} = ${minus(told.before[i], times(state.learning_rate, told.gradient[i]))} = ${to}`,
  ],
  mini_batch: ({ told, i, letter, to, state }) => [
    `${letter} ← ${letter} − η·∂L/∂${letter} = ${minus(told.before[i], times(state.learning_rate, told.gradient[i]))} = ${to}`,
  ],
  momentum: ({ told, last, i, letter, to, state }) => [
    `v ← μ·v − η·∂L/∂${letter} = ${times(state.momentum, last?.velocity[i] ?? 0)} − ${times(state.learning_rate, told.gradient[i])} = ${short(told.velocity[i])}`,
    `${letter} ← ${letter} + v = ${plus(told.before[i], told.velocity[i])} = ${to}`,
  ],
  rmsprop: ({ told, last, i, letter, to, state }) => [
    `s ← 0.9·s + 0.1·(∂L/∂${letter})² = ${times(0.9, last?.meanSquare[i] ?? 0)} + 0.1·${factor(told.gradient[i], short)}² = ${short(told.meanSquare[i])}`,
    `${letter} ← ${letter} − η·∂L/∂${letter} / √(s + 10⁻⁷) = ${minus(told.before[i], times(state.learning_rate, told.gradient[i]))} / ${short(Math.sqrt(told.meanSquare[i] + 1e-7))} = ${to}`,
  ],
  adam: ({ told, last, i, letter, to, state, step }) => {
    const rate = (state.learning_rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
    return [
      `m ← 0.9·m + 0.1·∂L/∂${letter} = ${times(0.9, last?.mean[i] ?? 0)} + ${times(0.1, told.gradient[i])} = ${short(told.mean[i])}`,
      `s ← 0.999·s + 0.001·(∂L/∂${letter})² = ${short(told.meanSquare[i])}`,
      `${letter} ← ${letter} − α·m / (√s + 10⁻⁷) = ${minus(told.before[i], times(rate, told.mean[i]))} / ${short(Math.sqrt(told.meanSquare[i]) + 1e-7)} = ${to}`,
    ];
  },
  newton: ({ told, i, letter, to }) => [`${letter} ← ${letter} + Δ${letter} = ${plus(told.before[i], told.step[i])} = ${to}`],
  newton_damped: ({ told, i, letter, to }) => [
    `${letter} ← ${letter} + ${told.share === 1 ? "" : "t·"}Δ${letter} = ${told.share === 1 ? plus(told.before[i], told.step[i]) : `${place(told.before[i])} + ${times(told.share, told.step[i])}`} = ${to}`,
  ],
};

/** What comes before the two updates, and belongs to both. */
function common(name, told, state, step) {
  if (name === "adam") {
    const rate = (state.learning_rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
    return [`α = η·√(1 − 0.999^${step}) / (1 − 0.9^${step}) = ${short(rate)}`];
  }
  if (!told.hessian) return [];
  const [p, q, r] = told.hessian;
  const [low, high] = eigenvalues(told.hessian);
  const shape = low > 0 ? "both positive: a bowl, and Δ leads to its lowest point"
    : high < 0 ? "both negative: a dome, and −H⁻¹·g leads up to its top" : "one negative: a saddle, to which −H⁻¹·g leads";
  const lines = [
    `H = (${short(p)}, ${short(q)}; ${short(q)}, ${short(r)}), g = (${told.gradient.map((value) => short(value)).join(", ")})`,
    `eigenvalues of H: ${short(low)} and ${short(high)}, ${shape}`,
  ];
  if (name === "newton") return [...lines, `Δ = −H⁻¹·g = (${told.step.map((value) => short(value)).join(", ")})`];
  const limits = told.share === 1 ? "" : `, shortened to t = ${short(told.share)} of it`;
  return [...lines, `Δ = −(H + ${short(told.damping)}·I)⁻¹·g = (${told.step.map((value) => short(value)).join(", ")})${limits}`];
}

/**
 * The update that led to a step, or that leads to the first one, in full.
 * @param {import("./loss_surface_race.mjs").Run} run
 * @param {any} state
 * @param {number} now
 * @returns {{title: string, lines: string[]}}
 */
export function describeUpdate(run, state, now) {
  const step = Math.max(1, Math.min(now, run.points.length - 1));
  const told = run.told[step];
  const name = RACERS[run.name];
  if (!told) return { title: `${name} cannot take a step from here: the numbers get too large.`, lines: [] };
  const update = (i) => UPDATES[run.name]({ told, last: run.told[step - 1], i, letter: LETTERS[i], to: place(run.points[step][i]), state, step });
  const batch = run.name === "mini_batch" ? `, with the gradient of ${state.batch_size} of the 21 samples` : "";
  return {
    title: now === 0 ? `The first step of ${name}${batch} will be` : `Step ${step} of ${name}${batch}`,
    lines: [...common(run.name, told, state, step), ...update(0), ...update(1)],
  };
}

/** Where the neuron switches, and where it should. */
const switchOf = ([w, b]) => -b / w;

/**
 * Why a racer moves as it does, where it is.
 * @param {import("./loss_surface_race.mjs").Run} run
 * @param {any} state
 * @param {number} now
 * @param {number} flat samples for which the neuron is saturated there
 * @param {number | null | undefined} needed steps to the optimum; null for too many, undefined where nobody has counted
 */
export function describeWhere(run, state, now, flat, needed) {
  const step = Math.min(now, run.points.length - 1);
  const [point, slope] = [run.points[step], run.slopes[step]];
  const left = distanceToTruth(point);
  const words = [`At w = ${short(point[0])}, b = ${short(point[1])} the neuron is saturated (σ′ < 0.05) for ${flat} of 21 samples${flat > 10 ? ": for them, a change of w or b changes next to nothing" : ""}.`];
  const product = ["sgd", "mini_batch"].includes(run.name) ? `, and a step is η times as long: ${times(state.learning_rate, slope)} = ${short(state.learning_rate * slope)}` : "";
  words.push(`The gradient's length is ${short(slope)}${run.name === "mini_batch" ? " over all samples" : product}.`);
  const isInValley = run.losses[step] < 0.1 && Math.abs(switchOf(point) - switchOf(TRUTH)) < 0.1;
  const optimum = `The optimum (${TRUTH.map((value) => short(value)).join(", ")})`;
  if (left < 1e-6) words.push(`${optimum} is reached.`);
  else if (left < 0.1) words.push(`${optimum} is only ${short(left)} away.`);
  else {
    if (isInValley) words.push(`This is the floor of the valley: the neuron switches at x = −b/w = ${short(switchOf(point))}, almost where it should (${short(switchOf(TRUTH))}); how steeply it switches shows in the few samples next to that.`);
    words.push(`${optimum} is ${short(left)} away.`);
  }
  if (needed !== undefined && left >= 0.1)
    words.push(needed === null ? "Not even 20\u202f000 steps bring it within 0.1 of that." : `It comes within 0.1 of that at step ${grouped(needed)}${needed > state.steps ? `, ${number(needed / state.steps, 2)} times as many as shown` : ""}.`);
  return words.join(" ");
}

/** Who has left the picture or diverged so far, one sentence each. */
export function describeLosses(runs, now) {
  const sentences = [];
  for (const run of runs) {
    const last = run.points.length - 1;
    const name = RACERS[run.name].replace(/^./, (letter) => letter.toUpperCase());
    if (run.diverged && now > last) sentences.push(`${name} diverged: after step ${last} its numbers get too large.`);
    else if (run.left !== null && now >= run.left) {
      const isStuck = now >= last && run.slopes[last] < 1e-6;
      sentences.push(`${name} left the picture at step ${run.left}${isStuck ? ", thrown out so far that the gradient is next to 0: nothing pulls it back" : ""}.`);
    }
    if (run.name === "newton" && run.left !== null && now >= run.left) {
      const [low, high] = eigenvalues(run.told[1].hessian);
      if (low <= 0) sentences.push(`At the start the surface bends downwards (${high < 0 ? "both eigenvalues of the Hessian are" : "an eigenvalue of the Hessian is"} negative): the parabola that it fits is a ${high < 0 ? "dome, and its step leads towards the top" : "saddle, and its step leads there"}.`);
    }
  }
  return sentences;
}

/**
 * Says why a racer will not win, by its own weakness.
 * @returns {{right: boolean, words: string}}
 */
export function judgeWinner(view, state, name) {
  const run = view.runs.find((other) => other.name === name);
  const place = view.runs.indexOf(run);
  const best = view.finals[view.best];
  const called = RACERS[name].replace(/^./, (letter) => letter.toUpperCase());
  if (view.finals[place] === best && best < Infinity) return { right: true, words: `Right: ${RACERS[name]} ends at a loss of ${short(best)}.` };
  if (run.diverged || run.left !== null && !(view.finals[place] < 1))
    return { right: false, words: `${called} leaves the picture here. Think of what its step is when the surface bends downwards, or when a step is longer than the valley is wide.` };
  const hints = {
    sgd: "its steps are as short as the gradient is small, and in the valley the gradient is small",
    mini_batch: "it follows gradient descent with some noise, and like it slows down where the gradient is small",
    momentum: "what carries it along the valley also carries it past the lowest point",
    rmsprop: `each of its steps is about η = ${short(state.learning_rate)} long, however near the optimum is`,
    adam: "it gathers speed as momentum does, and may overshoot",
    newton: "its step fits a parabola, which is right near the optimum and far off elsewhere",
    newton_damped: "its steps are never longer than 2",
  };
  return { right: false, words: `Not ${RACERS[name]}: ${hints[name]}. Somebody gets lower.` };
}
