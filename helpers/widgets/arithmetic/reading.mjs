/**
 * Reading numbers as people write them: with a point or a comma, either minus sign, full-width digits, groups of
 * three; one, a list or rows of them; typed, or pasted from a spreadsheet, from Python, MATLAB or R.
 *
 * What can be meant in one way only is taken. What can be meant in two is none: `ambiguity` says which two.
 */

const DASHES = /[\u2010-\u2015\u2212\ufe63]/g;
const INVISIBLE = /[\u200b-\u200f\u2060\ufeff]/g;

/** A text in the characters of a programmer's keyboard. @param {string} text */
export function plainText(text) {
  return text
    .replace(/[\uff0c\u3001]/g, ", ")
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(DASHES, "-")
    .replace(INVISIBLE, "")
    .replace(/[\u00a0\u3000]/g, " ");
}

const POINT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const COMMA = /^[+-]?(\d+,\d*|,\d+)(e[+-]?\d+)?$/i;
const GROUPED = /^[+-]?[1-9]\d{0,2}([,.'’_\u202f\u2009])\d{3}(?:\1\d{3})*(?:([.,])\d+)?$/;
const TWO_WAYS = /^[+-]?[1-9]\d{0,2},\d{3}$/;

/** One number without a fraction bar; NaN where it is none, or may be two. @param {string} text */
function decimal(text) {
  if (POINT.test(text)) return Number(text);
  if (TWO_WAYS.test(text)) return NaN;
  if (COMMA.test(text)) return Number(text.replace(",", "."));
  const [whole, group, mark] = GROUPED.exec(text) ?? [];
  if (!whole || group === mark) return NaN;
  if (group === "," && !mark) return NaN; // a list of whole numbers looks the same
  const digits = whole.split(group).join("");
  return Number(mark ? digits.replace(mark, ".") : digits);
}

/** What is inside `np.float64(...)`. */
const SCALAR = /\b(?:np|numpy)\.(?:float|int|uint)\w*\(([^()]*)\)/g;
const CALL = /^(?:[A-Za-z_]\w*\.)*(?:array|tensor|matrix|list|tuple|c)\s*\(([\s\S]*?)(?:,\s*\w+=[^[]*)?\)$/i;
const TENSOR = /^<tf\.[\s\S]*?numpy=([\s\S]*)>$/;

/**
 * Takes the call off an array as Python, TensorFlow, PyTorch and R print it: `array([1, 2], dtype=float32)`.
 * @param {string} text
 * @returns {[string, boolean]} what is left, and whether it is code, in which a comma is never a decimal point
 */
function unwrapped(text) {
  const bare = plainText(text).replace(SCALAR, "$1").trim();
  const printed = TENSOR.exec(bare)?.[1] ?? bare;
  const inside = CALL.exec(printed)?.[1].trim() ?? printed;
  return [inside, inside !== bare || /^[[({]/.test(inside)];
}

/**
 * Reads one number, or a fraction of two.
 * @param {string} text
 * @returns {number} NaN where the text is no finite number, or can be meant in two ways
 */
export function parseNumber(text) {
  const [plain, isCode] = unwrapped(text);
  if (isCode && plain.includes(",")) return NaN;
  const [above, under, more] = plain.split("/").map((part) => decimal(part.trim()));
  const value = under === undefined ? above : more === undefined ? above / under : NaN;
  return Number.isFinite(value) ? value : NaN;
}

const twoWays = (text) => `“${text}” may be ${text.replace(",", ".")} or ${text.replace(",", "")}: write one of them.`;

/** Whether numbers with this between them may be the groups of a single one: 1 234 567. @param {string[]} entries */
const maybeGroups = (entries) =>
  entries.length > 1 && /^[+-]?[1-9]\d{0,2}$/.test(entries[0]) && entries.slice(1).every((one) => /^\d{3}$/.test(one));

/** Thrown where a text can be read in two ways. */
class Ambiguous extends Error {}

/** The entries of one row. @param {string} row @param {boolean} isCode @returns {string[]} */
function entriesOf(row, isCode) {
  const text = row.trim().replace(/,$/, "");
  if (isCode) return text.split(/\s*,\s*|\s+/);
  if (text.includes("\t")) return row.replace(/^ +| +$/g, "").split("\t");
  if (/,\s/.test(text)) {
    if (/\d,\d/.test(text))
      throw new Ambiguous(
        `“${text}” has commas inside and between the numbers: write points inside, or semicolons between.`,
      );
    return text.split(/\s*,\s*|\s+/);
  }
  const entries = text.split(/ +/); // a narrow space stands inside of a number
  if (entries.length > 1) {
    if (maybeGroups(entries))
      throw new Ambiguous(
        `“${text}” may be ${entries.length} numbers or the single ${entries.join("")}: write “${entries.join(", ")}” ` +
          "or leave the spaces out.",
      );
    return entries;
  }
  if (TWO_WAYS.test(text)) throw new Ambiguous(twoWays(text));
  if (!Number.isNaN(parseNumber(text))) return [text];
  const parts = text.split(",");
  if (maybeGroups(parts))
    throw new Ambiguous(
      `“${text}” may be ${parts.length} numbers or the single ${parts.join("")}: write “${parts.join(", ")}” ` +
        "or leave the commas out.",
    );
  return parts;
}

const isDecimalComma = (line) => /^\s*[+-]?\d+,\d+\s*$/.test(line);

/** The rows of a text that is no code, each to be taken apart by `entriesOf`. */
function linesOf(text, asGrid) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (lines.length < 2) {
    const parts = text.trim().replace(/;\s*$/, "").split(";");
    if (asGrid && parts.length > 1 && parts.some(isDecimalComma))
      throw new Ambiguous(
        `“${text.trim()}” may have decimal commas or commas between the numbers: write points, or a space after each ` +
          "comma.",
      );
    return parts;
  }
  if (lines.every(isDecimalComma))
    throw new Ambiguous(
      "The lines may hold one number each, with a decimal comma, or two: write points, or a space after each comma.",
    );
  // In a file of several lines a semicolon separates the numbers, unless it stands at the end.
  return lines.map((line) => line.replace(/;\s*$/, "").replaceAll(";", "\t"));
}

/** @param {string} text @param {boolean} asGrid @returns {number[][] | null} */
function readRows(text, asGrid) {
  const [plain, isCode] = unwrapped(text);
  if (/[[({]{3}/.test(plain.replace(/\s/g, ""))) return null; // more than two axes
  const lines = isCode
    ? plain
        .replace(/[\])}]\s*,?\s*[[({]/g, ";")
        .replace(/[[\](){}]/g, " ")
        .split(/[\n;]+/)
        .filter((line) => line.trim() !== "")
    : linesOf(plain, asGrid);
  // Where a line shows that commas separate, they do so in all.
  const split = !isCode && lines.length > 1 && !lines.some((line) => /[\s;]/.test(line.trim()));
  const commas = split && asGrid && lines.some((line) => line.includes(",") && !isDecimalComma(line));
  const rows = lines.map((line) => (commas ? line.split(",") : entriesOf(line, isCode)).map(parseNumber));
  return rows.length === 0 || rows.flat().some(Number.isNaN) ? null : rows;
}

/** @param {string} text @param {boolean} asGrid */
function rowsOrNull(text, asGrid) {
  try {
    return readRows(text, asGrid);
  } catch (error) {
    if (error instanceof Ambiguous) return null;
    throw error;
  }
}

/**
 * Reads a list of numbers separated by commas, semicolons, spaces, tabs or lines; "1,5" alone is one number.
 * @param {string} text
 * @returns {number[] | null} null where any entry is no number, or where it can be meant in two ways
 */
export function parseList(text) {
  return rowsOrNull(text, false)?.flat() ?? null;
}

/**
 * Reads rows of numbers: one line for each row, or as MATLAB ("1 2; 3 4") and Python ("[[1, 2], [3, 4]]")
 * write them. Where spaces separate the numbers of a row, a comma in one of them is its decimal point.
 * @param {string} text
 * @returns {number[][] | null} null as for a list; the rows may differ in length
 */
export function parseGrid(text) {
  return rowsOrNull(text, true);
}

/**
 * The two ways in which a text can be read, in a sentence; empty where there is but one, or none.
 * @param {string} text
 * @param {boolean} [asGrid]
 */
export function ambiguity(text, asGrid = false) {
  try {
    readRows(text, asGrid);
    return "";
  } catch (error) {
    if (error instanceof Ambiguous) return error.message;
    throw error;
  }
}

/**
 * Reads a whole number as people type large ones, "59 006 976" or "59,006,976", or as a product and
 * sum of such: "3·3·3·32 + 32".
 * @param {string} text
 * @returns {number} NaN where the text is nothing of the kind
 */
export function parseCount(text) {
  const plain = plainText(text)
    .trim()
    .replace(/(\d)[\s_'’.,\u202f](?=\d{3}(?!\d))/g, "$1")
    .replace(/\s*([*×x·+])\s*/g, (_, sign) => (sign === "+" ? "+" : "*"));
  if (!/^\d+([*+]\d+)*$/.test(plain)) return NaN;
  return plain
    .split("+")
    .reduce((total, term) => total + term.split("*").reduce((product, entry) => product * Number(entry), 1), 0);
}
