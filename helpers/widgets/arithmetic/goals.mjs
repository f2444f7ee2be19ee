/**
 * Goals: when they are met, and what there is to say on the way. The same rules as in `helpers.widgets.goals`.
 *
 * A goal is data and nothing in it is run: it names states of a widget, or facts that follow from them, and says what
 * they should be.
 */

import { number } from "./format.mjs";
import { Misfit } from "./misfit.mjs";

const KEYS = ["says", "reach", "near", "now", "met"];
const CONDITIONS = ["least", "most", "not", "any", "each"];
const CLOSE = 1e-6; // numbers that differ by less, or by less than such a part, are equal
const PLACES = /\{(\w+)\}/g;

const isNumber = (value) => typeof value === "number";
const isText = (value) => typeof value === "string";
const isNamed = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value meets a condition. @param {any} value @param {any} wanted */
export function fits(value, wanted) {
  if (value === null || value === undefined || Number.isNaN(value)) return false;
  if (Array.isArray(wanted))
    return Array.isArray(value) && value.length === wanted.length && value.every((entry, i) => fits(entry, wanted[i]));
  if (isNamed(wanted)) return Object.entries(wanted).every(([name, bound]) => holds(value, name, bound));
  if (isNumber(wanted))
    return isNumber(value) && (value === wanted || Math.abs(value - wanted) <= CLOSE * Math.max(1, Math.abs(wanted)));
  return value === wanted;
}

function holds(value, name, bound) {
  if (name === "not") return !fits(value, bound);
  if (name === "any") return bound.some((wanted) => fits(value, wanted));
  if (name === "each") return Array.isArray(value) && value.every((entry) => fits(entry, bound));
  return isNumber(value) && (name === "least" ? value >= bound : value <= bound);
}

/** Whether all conditions hold. @param {Record<string, any>} conditions @param {(name: string) => any} valueFor */
export const meets = (conditions, valueFor) =>
  Object.entries(conditions).every(([name, wanted]) => fits(valueFor(name), wanted));

const isMiss = (miss) =>
  isNamed(miss) &&
  Object.keys(miss).sort().join() === "says,when" &&
  isNamed(miss.when) &&
  Object.keys(miss.when).length > 0 &&
  isText(miss.says) &&
  miss.says !== "";

function problemWithCondition(wanted) {
  if (Array.isArray(wanted)) return wanted.map(problemWithCondition).find(Boolean) ?? "";
  if (!isNamed(wanted)) return "";
  for (const [name, bound] of Object.entries(wanted)) {
    if (!CONDITIONS.includes(name)) return `“${name}” is no condition: use ${CONDITIONS.join(", ")}.`;
    const isBound = name === "least" || name === "most";
    if (isBound && !isNumber(bound)) return `“${name}” needs a number.`;
    if (name === "any" && !Array.isArray(bound)) return "“any” needs a list.";
    const problem = isBound ? "" : problemWithCondition(bound);
    if (problem) return problem;
  }
  return Object.keys(wanted).length ? "" : "A condition without anything in it always holds.";
}

/**
 * Why a widget cannot have this goal, in a sentence; "" if it can.
 * @param {any} goal
 * @param {string} widget the name of its class
 * @param {string[]} names its states and facts
 */
export function problemWith(goal, widget, names) {
  if (!isNamed(goal)) return "A goal needs a sentence that says what to reach.";
  if (!Object.keys(goal).length) return "";
  const unknown = Object.keys(goal).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return `A goal has no “${unknown}”: it has ${KEYS.join(", ")}.`;
  const { says, reach, near = [], now = "", met = "" } = goal;
  if (!isText(says) || !says) return "A goal needs a sentence that says what to reach.";
  if (!isNamed(reach) || !Object.keys(reach).length) return "A goal needs at least one condition in “reach”.";
  if (!Array.isArray(near) || !near.every(isMiss))
    return "Each entry of “near” needs its conditions, “when”, and a sentence, “says”.";
  if (!isText(now) || !isText(met)) return "“now” and “met” of a goal are sentences.";
  const asked = [reach, ...near.map((miss) => miss.when)];
  const told = [...now.matchAll(PLACES)].map(([, name]) => name);
  const missing = [...asked.flatMap(Object.keys), ...told].find((name) => !names.includes(name));
  if (missing !== undefined) {
    const has = [...names].sort().join(", ");
    return `${widget} has no “${missing}” that a goal could ask for: it has ${has}.`;
  }
  return asked.flatMap(Object.values).map(problemWithCondition).find(Boolean) ?? "";
}

/** Throws where a widget cannot have this goal. */
export function requireGoal(goal, widget, names) {
  const problem = problemWith(goal, widget, names);
  if (problem) throw new Misfit(problem);
}

const inWords = (value) =>
  Array.isArray(value)
    ? value.map(inWords).join(value.some(Array.isArray) ? "; " : ", ")
    : isNumber(value)
      ? number(value, 4)
      : String(value ?? "?");

/**
 * What there is to say about a try.
 * @param {any} goal
 * @param {(name: string) => any} valueFor
 * @returns {{kind: "met" | "near" | "far", says: string}}
 */
export function judgeTry({ reach, near = [], now = "", met = "" }, valueFor) {
  if (meets(reach, valueFor)) return { kind: "met", says: met };
  const miss = near.find(({ when }) => meets(when, valueFor));
  if (miss) return { kind: "near", says: miss.says };
  return { kind: "far", says: now.replace(PLACES, (_, name) => inWords(valueFor(name))) };
}
