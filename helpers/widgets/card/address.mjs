/**
 * A widget's state in the address of a page, readable and typeable:
 * `?widget=convolve1d&kernel=1,0,-1&padding=same&step=3&answer=hidden&hide=mode,stride`.
 */

import { parseNumber, plainText } from "../arithmetic/reading.mjs";

const RESERVED = new Set(["widget", "present"]);

/** These are words, whatever they look like. */
const WORDS = new Set(["title", "source"]);

/** What stands between the entries of a list, of a list of lists, and so on; none of them needs to be escaped. */
const SEPARATORS = [",", ";", "~", "_"];

/** Numbers between separators, and nothing else. */
const NUMBERS = /^[-+\d.e]+([,;~_]+[-+\d.e]+)*[;~_]*$/i;

/** How people write whether something is on; other words are left for the widget to refuse. */
const SWITCHES = Object.assign(Object.create(null), {
  true: true,
  1: true,
  yes: true,
  on: true,
  false: false,
  0: false,
  no: false,
  off: false,
});

const depthOf = (value) => (Array.isArray(value) ? 1 + Math.max(0, ...value.map(depthOf)) : 0);

const isNamed = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Lists are joined by commas, lists of lists by semicolons; an entry that is null stays empty.
 * Named values are written `x1:2,w1:-0.5`.
 * @param {any} value
 */
function write(value) {
  if (isNamed(value))
    return Object.entries(value)
      .map((entry) => entry.join(":"))
      .join(",");
  const depth = depthOf(value);
  if (depth === 0) return String(value);
  if (depth === 1) return value.join(",");
  // A list with a single list in it ends in its separator, or it would read as that list alone.
  const separator = SEPARATORS[depth - 1];
  return value.map(write).join(separator) + (value.length === 1 ? separator : "");
}

/** An entry is a number as it may be typed anywhere else; what is none stays for the widget to refuse. */
function plain(entry) {
  const value = parseNumber(entry);
  return Number.isNaN(value) ? entry : value;
}

/** Reads a list of so many levels. @param {string} text @param {number} depth */
function readList(text, depth) {
  if (depth <= 1) return text.split(",").map((entry) => (entry === "" ? null : plain(entry)));
  const separator = SEPARATORS[depth - 1];
  const parts = text.endsWith(separator) ? text.slice(0, -1) : text;
  return parts.split(separator).map((part) => readList(part, depth - 1));
}

/** Reads named values; a name without one gets an empty text. */
function readNamed(text) {
  const entries = text
    .split(",")
    .filter((entry) => entry.trim() !== "")
    .map((entry) => entry.split(":"));
  return Object.fromEntries(entries.map(([name, value = ""]) => [name.trim(), plain(value)]));
}

/** Reads a value so that it has the type of `sample`, or the type it looks like where types differ. */
function read(typed, sample) {
  const text = NUMBERS.test(plainText(typed)) ? plainText(typed) : typed;
  if (isNamed(sample)) return readNamed(text);
  // Whatever the sample: a trait may be one number for all axes here, and one for each of them there.
  const written = NUMBERS.test(text) ? 1 + SEPARATORS.findLastIndex((separator) => text.includes(separator)) : 0;
  if (Array.isArray(sample)) return text === "" ? [] : readList(text, Math.max(depthOf(sample), written));
  if (written > 0) return readList(text, written);
  if (typeof sample === "boolean") return SWITCHES[text.toLowerCase()] ?? text;
  if (typeof sample === "string" && sample !== "" && Number.isNaN(Number(sample)) && text.includes(","))
    return text.split(",").map(plain);
  return plain(text);
}

/**
 * The parameters that belong to the widget named `place`.
 * @param {URLSearchParams} params
 * @param {string} place
 * @param {Record<string, any>} state the widget's present state, for the names and their types
 * @returns {Record<string, any>}
 */
export function stateFromAddress(params, place, state) {
  if (params.get("widget") !== place) return {};
  const found = {};
  for (const [name, text] of params)
    if (!RESERVED.has(name) && Object.hasOwn(state, name))
      found[name] = WORDS.has(name) ? text : read(text, state[name]);
  return found;
}

/**
 * @param {string} address of the page
 * @param {string} place the widget's name on the page
 * @param {Record<string, any>} state
 * @param {boolean} present whether the page opens in present mode
 */
export function addressWithState(address, place, state, present = false) {
  const url = new URL(address);
  const entries = [...(present ? [["present", 1]] : []), ["widget", place], ...Object.entries(state)];
  const query = entries
    // A list with nothing in it says something too, unless it is what to hide: a network may have no hidden layer.
    .filter(
      ([name, value]) =>
        !(Array.isArray(value) && value.every((entry) => entry === null) && (value.length > 0 || name === "hide")),
    )
    .map(([name, value]) => {
      const escaped = encodeURIComponent(write(value));
      return `${name}=${escaped.replaceAll("%2C", ",").replaceAll("%3B", ";").replaceAll("%3A", ":")}`;
    });
  url.search = query.join("&");
  url.hash = "";
  return url.href;
}

/**
 * The Python call that makes a widget with this state: what a live notebook has instead of an address.
 * @param {string} className
 * @param {Record<string, any>} state
 * @param {string[]} given names of arguments that stand for themselves, because they are too long to write
 */
export function pythonCall(className, state, given = []) {
  const literal = (value) =>
    Array.isArray(value)
      ? `[${value.map(literal).join(", ")}]`
      : typeof value === "boolean"
        ? value
          ? "True"
          : "False"
        : isNamed(value)
          ? `{${Object.entries(value)
              .map(([name, entry]) => `${JSON.stringify(name)}: ${literal(entry)}`)
              .join(", ")}}`
          : value === null
            ? "None"
            : JSON.stringify(value);
  const settings = Object.entries(state).map(([name, value]) => `${name}=${literal(value)}`);
  return `${className}(${[...given, ...settings].join(", ")})`;
}
