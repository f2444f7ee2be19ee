/**
 * The wall that every state passes before a widget works anything out: what all of them have in common.
 * It comes from Python, from an address, from a lesson's script; nothing in it can be taken for granted.
 */

import { Misfit } from "../arithmetic/misfit.mjs";

/** Beyond this a few products are no number any more. The same in `helpers.widgets.traits`. */
export const LARGEST = 1e15;

/** The most entries that lists of a state may hold. */
const MOST_ENTRIES = 20_000;
const MOST_LETTERS = 60;
const MOST_IN_A_SENTENCE = 420;

/** A value as a sentence repeats it. */
export function told(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? "", (_, entry) => entry ?? "");
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text || "an empty text";
}

/** A sentence as readers get it: cut where it repeats something long, and without a programmer's word for nothing. */
export function inShort(sentence) {
  const words = sentence.replace(/“null”|\bnull\b/g, "an empty entry");
  return words.length > MOST_IN_A_SENTENCE ? `${words.slice(0, MOST_IN_A_SENTENCE)}…` : words;
}

const KINDS = {
  boolean: [(value) => typeof value === "boolean", "true or false"],
  step: [(value) => Number.isInteger(value) && value >= 0 && value <= LARGEST, "a whole number from 0"],
  answer: [(value) => value === "shown" || value === "hidden", "shown or hidden"],
  title: [(value) => typeof value === "string" && value.length <= 200, "a short text"],
  hide: [(value) => Array.isArray(value) && value.every((part) => typeof part === "string"), "names of parts"],
};

const isRecord = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands for a number, or for names and their values, has to stay one; a single number may become a list. */
function requireSameKind(name, value, first) {
  const isNothing = value === null || typeof value === "boolean" || isRecord(value) || value.length === 0;
  if (typeof first === "number" && isNothing)
    throw new Misfit(`${told(value)} does not work as ${name}: use a number.`);
  if (isRecord(first) && !isRecord(value))
    throw new Misfit(`${told(value)} does not work as ${name}: use names with their values.`);
}

/**
 * Refuses what no widget can show.
 * @param {Record<string, any>} state
 * @param {Record<string, any>} first the state that the widget began with
 */
export function requireSound(state, first) {
  for (const [name, value] of Object.entries(state)) {
    const kind = KINDS[typeof first[name] === "boolean" ? "boolean" : Object.hasOwn(KINDS, name) ? name : ""];
    if (kind && !kind[0](value)) throw new Misfit(`${told(value)} does not work as ${name}: use ${kind[1]}.`);
    requireSameKind(name, value, first[name]);
    if (name !== "images") requireUsual(name, value, { left: MOST_ENTRIES });
  }
}

function requireUsual(name, value, count) {
  if (typeof value === "number" && !(Math.abs(value) <= LARGEST))
    throw new Misfit(`${value} in ${name} is too large to calculate with: use numbers up to 10¹⁵.`);
  if (typeof value !== "object" || value === null) return;
  for (const entry of Object.values(value)) {
    if (--count.left < 0) throw new Misfit(`${name} holds more than ${MOST_ENTRIES} entries: use fewer.`);
    requireUsual(name, entry, count);
  }
}

/** The sentence for settings that a widget has no words of its own for. @param {Record<string, any>} changes */
export function explainNonsense(changes) {
  const settings = Object.entries(changes).map(([name, value]) => `${name} = ${told(value)}`);
  return `These settings do not work here: ${settings.join(", ")}. The picture stays as it was.`;
}
