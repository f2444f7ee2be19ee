/**
 * A widget's state in the address of a page, readable and typeable:
 * `?widget=convolve1d&kernel=1,0,-1&padding=same&step=3&answer=hidden&hide=mode,stride`.
 */

const RESERVED = new Set(["widget", "present"]);

/** Numbers between commas and semicolons, and nothing else. */
const NUMBERS = /^[-+\d.e]+([,;][-+\d.e]+)*;?$/i;

/** Lists are joined by commas, lists of lists by semicolons; an entry that is null stays empty. @param {any} value */
function write(value) {
  if (!Array.isArray(value)) return String(value);
  // A single list of numbers in a list ends in a semicolon, or it would read as a plain list.
  if (value.some(Array.isArray)) return value.map(write).join(";") + (value.length === 1 ? ";" : "");
  return value.join(",");
}

/** Reads a value so that it has the type of `sample`, or the type it looks like where types differ. */
function read(text, sample) {
  const plain = (entry) => (entry.trim() !== "" && Number.isFinite(Number(entry)) ? Number(entry) : entry);
  const list = (row) => row.split(",").map((entry) => (entry === "" ? null : plain(entry)));
  // Whatever the sample: a trait may be one number for all axes here, and one for each of them there.
  if (text.includes(";") && NUMBERS.test(text)) return text.replace(/;$/, "").split(";").map(list);
  if (text.includes(",") && NUMBERS.test(text)) return list(text);
  if (Array.isArray(sample)) return text === "" ? [] : list(text);
  if (typeof sample === "boolean") return text === "true" || text === "1";
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
    if (!RESERVED.has(name) && name in state) found[name] = read(text, state[name]);
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
    .filter(([, value]) => !(Array.isArray(value) && value.every((entry) => entry === null)))
    .map(([name, value]) => `${name}=${encodeURIComponent(write(value)).replaceAll("%2C", ",").replaceAll("%3B", ";")}`);
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
        ? value ? "True" : "False"
        : value === null ? "None" : JSON.stringify(value);
  const settings = Object.entries(state).map(([name, value]) => `${name}=${literal(value)}`);
  return `${className}(${[...given, ...settings].join(", ")})`;
}
