/** LossSurface in words: each update with its numbers, why it gets nowhere, and who leaves the picture. */

import { factor, grouped, number } from "../arithmetic/format.mjs";
import { distanceToTruth, RACERS } from "./race.mjs";
import { eigenvalues, TRUTH } from "./slice.mjs";

/** Small numbers with their power of ten: 2.9·10⁻¹⁸. */
export function short(value, digits = 3, smallest = 1e-4) {
  if (!(Math.abs(value) < smallest) || value === 0) return number(value, digits);
  const [mantissa, power] = value.toExponential(digits - 1).split("e-");
  return `${number(Number(mantissa), digits)}·10⁻${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
}
/** Positions need more digits: some steps are short. */
const place = (value) => number(value, 5);
/** A number to multiply with, divide by or square. */
const part = (value) => (short(value).includes("·") ? `(${short(value)})` : factor(value, short));
const times = (a, b) => `${part(a)}·${part(b)}`;
const plus = (a, b) => `${place(a)} ${b < 0 ? "−" : "+"} ${short(Math.abs(b))}`;
const vector = (values) => `(${values.map((value) => short(value)).join(", ")})`;
const LETTERS = ["w", "b"];

const adamRate = (state, step) => (state.learning_rate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);

/**
 * The lines of one parameter's update, for each racer. `p` is the parameter, from → to, `g` its part of the gradient,
 * and `was` what the racer remembered before.
 */
const UPDATES = {
  sgd: ({ p, g, from, to, state }) => [`${p} ← ${p} − η·∂L/∂${p} = ${from} − ${times(state.learning_rate, g)} = ${to}`],
  mini_batch: (step) => UPDATES.sgd(step),
  momentum: ({ p, g, i, told, was, to, state }) => [
    `v ← μ·v − η·∂L/∂${p} = ${times(state.momentum, was("velocity"))} − ${times(state.learning_rate, g)} ` +
      `= ${short(told.velocity[i])}`,
    `${p} ← ${p} + v = ${plus(told.before[i], told.velocity[i])} = ${to}`,
  ],
  rmsprop: ({ p, g, i, told, was, from, to, state }) => [
    `s ← 0.9·s + 0.1·(∂L/∂${p})² = ${times(0.9, was("meanSquare"))} + 0.1·${part(g)}² = ${short(told.meanSquare[i])}`,
    `${p} ← ${p} − η·∂L/∂${p} / √(s + 10⁻⁷) = ${from} − ${times(state.learning_rate, g)} / ` +
      `${part(Math.sqrt(told.meanSquare[i] + 1e-7))} = ${to}`,
  ],
  adam: ({ p, g, i, told, was, from, to, state, step }) => [
    `m ← 0.9·m + 0.1·∂L/∂${p} = ${times(0.9, was("mean"))} + ${times(0.1, g)} = ${short(told.mean[i])}`,
    `s ← 0.999·s + 0.001·(∂L/∂${p})² = ${times(0.999, was("meanSquare"))} + 0.001·${part(g)}² = ` +
      `${short(told.meanSquare[i])}`,
    `${p} ← ${p} − α·m / (√s + 10⁻⁷) = ${from} − ${times(adamRate(state, step), told.mean[i])} / ` +
      `${part(Math.sqrt(told.meanSquare[i]) + 1e-7)} = ${to}`,
  ],
  newton: ({ p, i, told, to }) => [`${p} ← ${p} + Δ${p} = ${plus(told.before[i], told.step[i])} = ${to}`],
  newton_damped: ({ p, i, told, from, to, ...rest }) =>
    told.share === 1
      ? UPDATES.newton({ p, i, told, to, ...rest })
      : [`${p} ← ${p} + t·Δ${p} = ${from} + ${times(told.share, told.step[i])} = ${to}`],
};

/** What comes before the two updates, and belongs to both. */
function common(name, told, state, step) {
  if (name === "adam") return [`α = η·√(1 − 0.999^${step}) / (1 − 0.9^${step}) = ${short(adamRate(state, step))}`];
  if (!told.hessian) return [];
  const [p, q, r] = told.hessian;
  const [low, high] = eigenvalues(told.hessian);
  const shape =
    low > 0
      ? "both positive: a bowl, and −H⁻¹·g leads to its lowest point"
      : high < 0
        ? "both negative: a dome, and −H⁻¹·g leads to its top"
        : "one negative: a saddle, to which −H⁻¹·g leads";
  const isDamped = name === "newton_damped";
  const limits = isDamped && told.share !== 1 ? `, shortened to t = ${short(told.share)} of it` : "";
  return [
    `H = (${short(p)}, ${short(q)}; ${short(q)}, ${short(r)}), g = ${vector(told.gradient)}`,
    `eigenvalues of H: ${short(low)} and ${short(high)}, ${shape}`,
    `Δ = −${isDamped ? `(H + ${part(told.damping)}·I)` : "H"}⁻¹·g = ${vector(told.step)}${limits}`,
  ];
}

/**
 * The update that led to a step, or that leads to the first one, in full.
 * @param {import("./race.mjs").Run} run
 * @param {any} state
 * @param {number} now
 * @returns {{title: string, lines: string[]}}
 */
export function describeUpdate(run, state, now) {
  const step = Math.max(1, Math.min(now, run.points.length - 1));
  const told = run.told[step];
  const name = RACERS[run.name];
  if (!told) return { title: `${name} cannot take a step from here: the numbers get too large.`, lines: [] };
  const update = (i) =>
    UPDATES[run.name]({
      told,
      state,
      step,
      i,
      p: LETTERS[i],
      g: told.gradient[i],
      from: place(told.before[i]),
      to: place(run.points[step][i]),
      was: (memory) => run.told[step - 1]?.[memory][i] ?? 0,
    });
  const batch = run.name === "mini_batch" ? `, with the gradient of ${state.batch_size} of the 21 samples` : "";
  return {
    title: now === 0 ? `The first step of ${name}${batch} will be` : `Step ${step} of ${name}${batch}`,
    lines: [...common(run.name, told, state, step), ...update(0), ...update(1)],
  };
}

/** Where the neuron switches, and where it should. */
/** @param {number[]} point */
const switchOf = ([w, b]) => -b / w;

/**
 * Why a racer moves as it does, where it is.
 * @param {import("./race.mjs").Run} run
 * @param {any} state
 * @param {number} now
 * @param {{flat: number, error: number}} saturation of the neuron there
 * @param {number | null | undefined} needed steps to the optimum; null for too many, undefined where nobody has counted
 */
export function describeWhere(run, state, now, { flat, error }, needed) {
  const step = Math.min(now, run.points.length - 1);
  const [point, slope] = [run.points[step], run.slopes[step]];
  const left = distanceToTruth(point);
  const isInValley = run.losses[step] < 0.1 && Math.abs(switchOf(point) - switchOf(TRUTH)) < 0.1;
  const words = [
    `At w = ${short(point[0])}, b = ${short(point[1])} the neuron is saturated (σ′ < 0.01; it can be ` +
      `0.25) for ${flat} of 21 samples.`,
  ];
  if (flat > 0)
    words.push(
      `A sample's share of ∂L/∂w is 2/21 · e·2·σ′·x, so ${flat === 21 ? "all of them" : "they"} add next ` +
        "to " +
        `nothing${isInValley && flat < 21 ? `, and the errors e of the others are ${short(error, 2)} at most` : ""}.`,
    );
  const product = ["sgd", "mini_batch"].includes(run.name)
    ? `, and a step is η times as long: ${times(state.learning_rate, slope)} = ${short(state.learning_rate * slope)}`
    : "";
  words.push(`The gradient's length is ${short(slope)}${run.name === "mini_batch" ? " over all samples" : product}.`);
  const optimum = `The optimum ${vector(TRUTH)}`;
  if (left < 1e-6) words.push(`${optimum} is reached.`);
  else if (left < 0.1) words.push(`${optimum} is only ${short(left)} away.`);
  else {
    if (isInValley)
      words.push(
        `This is the floor of the valley: the neuron switches at x = −b/w = ${short(switchOf(point))}, ` +
          `almost where it should (${short(switchOf(TRUTH))}); how steeply it switches shows in the few ` +
          "samples next to that.",
      );
    words.push(`${optimum} is ${short(left)} away.`);
  }
  if (needed === null) words.push("Not even 20\u202f000 steps bring it within 0.1 of that.");
  else if (needed !== undefined && left >= 0.1)
    words.push(
      needed > now
        ? `It comes within 0.1 of that at step ${grouped(needed)}, ${number(needed / state.steps, 2)} times as ` +
            "many as shown."
        : `At step ${needed} it was within 0.1 of that, but did not stay.`,
    );
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
      sentences.push(
        `${name} left the picture at step ` +
          `${run.left}${isStuck ? ", thrown out so far that the gradient is next to 0: nothing pulls it back" : ""}.`,
      );
    }
    if (run.name === "newton" && run.left !== null && now >= run.left) {
      const [low, high] = eigenvalues(run.told[1].hessian);
      if (low <= 0)
        sentences.push(
          "At the start the surface bends downwards " +
            `(${high < 0 ? "both eigenvalues of the Hessian are" : "an eigenvalue of the Hessian is"} negative): ` +
            "the parabola that it fits is a " +
            `${high < 0 ? "dome, and its step leads towards the top" : "saddle, and its step leads there"}.`,
        );
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
  if (view.finals[place] === best && best < Infinity)
    return { right: true, words: `Right: ${RACERS[name]} ends at a loss of ${short(best)}.` };
  if (run.diverged || (run.left !== null && !(view.finals[place] < 1)))
    return {
      right: false,
      words:
        `${called} leaves the picture here. Think of what its step is when the surface bends downwards, or ` +
        "when a step is longer than the valley is wide.",
    };
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
