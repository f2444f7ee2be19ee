/** Numbers as readers see them: a true minus sign, no floating-point dust, brackets where signs meet. */

const MINUS = "−";

/** @param {number} value @param {number} [digits] significant digits at most */
export function number(value, digits = 5) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : `${MINUS}∞`;
  const rounded = Number(value.toPrecision(digits));
  return String(Object.is(rounded, -0) ? 0 : rounded).replaceAll("-", MINUS);
}

/** A whole number in full, its digits in groups of three: 59 006 976. @param {number | bigint} value */
export function grouped(value) {
  return String(value)
    .replaceAll("-", MINUS)
    .replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

const HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A whole number as an exponent: ⁻¹². @param {number} exponent */
export function superscript(exponent) {
  return String(exponent)
    .replace("-", "⁻")
    .replace(/\d/g, (digit) => HIGH[Number(digit)]);
}

/**
 * A number that may be very small or large: 4.13·10⁻⁶.
 * @param {number} value
 * @param {number} digits significant digits at most
 */
export function scientific(value, digits) {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size === 0 || (size >= 1e-4 && size < 1e6)) return number(value, digits);
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  return `${number(Number(mantissa), digits)}·10${superscript(Number(exponent))}`;
}

/** Denominators of the kernels that average: three, nine and 25 cells, and a small Gaussian. */
const DENOMINATORS = [3, 9, 16, 25];

/** A number, as a fraction where its decimals do not end soon: 1/9, not 0.11111. @param {number} value */
export function exact(value) {
  const decimals = number(value);
  if (decimals.length <= 5 || !Number.isFinite(value)) return decimals;
  const under = DENOMINATORS.find(
    (d) => Math.abs(value * d - Math.round(value * d)) < 1e-9 * Math.max(1, Math.abs(value * d)),
  );
  return under ? `${number(Math.round(value * under), 12)}/${under}` : number(value, 4);
}

/** A number as a factor or summand: negative ones in brackets. @param {number} value */
export function factor(value, write = number) {
  return value < 0 ? `(${write(value)})` : write(value);
}

/** A sum written out: 2 − 2 + 3. @param {number[]} values */
export function sum(values, write = number) {
  return values
    .map((value, i) => (i === 0 ? write(value) : value < 0 ? ` ${MINUS} ${write(-value)}` : ` + ${write(value)}`))
    .join("");
}

/** "1 cell", "3 cells". @param {number} count @param {string} noun */
export function plural(count, noun) {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * Reads one number as people type them: a comma or a point for decimals, either minus sign, a fraction.
 * @param {string} text
 * @returns {number} NaN where the text is no finite number
 */
export function parseNumber(text) {
  const plain = text.trim().replaceAll(MINUS, "-").replace(",", ".");
  const fraction = /^([+-]?\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)$/.exec(plain);
  const value = fraction
    ? Number(fraction[1]) / Number(fraction[2])
    : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)
      ? Number(plain)
      : NaN;
  return Number.isFinite(value) ? value : NaN;
}

/**
 * Reads a list of numbers separated by commas, semicolons or spaces; "1,5" alone is one number.
 * @param {string} text
 * @returns {number[] | null} null where any entry is no number
 */
export function parseList(text) {
  const single = parseNumber(text);
  if (!Number.isNaN(single)) return [single];
  const entries = text
    .replace(/^\s*[[(]|[\])]\s*$/g, "")
    .split(/[\s;,]+/)
    .filter(Boolean);
  const values = entries.map(parseNumber);
  return values.length === 0 || values.some(Number.isNaN) ? null : values;
}

/**
 * Reads rows of numbers: one line for each row, or as MATLAB ("1 2; 3 4") and Python ("[[1, 2], [3, 4]]")
 * write them. Where spaces separate the numbers of a row, a comma in one of them is its decimal point.
 * @param {string} text
 * @returns {number[][] | null} null where any entry is no number; the rows may differ in length
 */
export function parseGrid(text) {
  const lines = text
    .replace(/\]\s*,?\s*\[/g, ";")
    .replace(/[[\](){}]/g, " ")
    .split(/[\n;]+/)
    .map((line) => line.trim())
    .filter(Boolean);
  const rows = lines.map((line) => {
    const spaced = line.split(/\s+/);
    const entries =
      lines.length === 1 && spaced.length === 1 && !Number.isNaN(parseNumber(line))
        ? [line]
        : spaced.length > 1 && !/,(\s|$)/.test(line)
          ? spaced
          : line.split(/[\s,]+/).filter(Boolean);
    return entries.map(parseNumber);
  });
  return rows.length === 0 || rows.flat().some(Number.isNaN) ? null : rows;
}

/**
 * Reads a whole number as people type large ones, "59 006 976" or "59,006,976", or as a product and
 * sum of such: "3·3·3·32 + 32".
 * @param {string} text
 * @returns {number} NaN where the text is nothing of the kind
 */
export function parseCount(text) {
  const plain = text
    .trim()
    .replace(/(?<=\d)[\s_'’.,\u202f](?=\d{3}(?!\d))/g, "")
    .replace(/\s*([*×x·+])\s*/g, (_, sign) => (sign === "+" ? "+" : "*"));
  if (!/^\d+([*+]\d+)*$/.test(plain)) return NaN;
  return plain
    .split("+")
    .reduce((total, term) => total + term.split("*").reduce((product, entry) => product * Number(entry), 1), 0);
}
