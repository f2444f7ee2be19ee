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

export { ambiguity, parseCount, parseGrid, parseList, parseNumber, plainText } from "./reading.mjs";

/**
 * What a chain of equations comes to, before how: "s = w·x = 0.5·2 = 1" is "s = 1: w·x = 0.5·2".
 * @param {string} chain
 * @returns {[string, string]} all of it, and the result alone
 */
export function resultFirst(chain) {
  const [name, ...rest] = chain.split(" = ");
  if (!rest.length) return [chain, chain];
  const result = `${name} = ${rest.pop()}`;
  return [rest.length ? `${result}: ${rest.join(" = ")}` : result, result];
}
