/** What BackpropGraph writes: names, the formula of each operation, and its derivatives, in letters and in numbers. */

import { factor, number, parseNumber, sum } from "../arithmetic/format.mjs";

const DIGITS = "₀₁₂₃₄₅₆₇₈₉";

/** x1 as x₁, yhat as ŷ. @param {string} name */
export function label(name) {
  const [, letters, digits] = /^(\D+)(\d*)$/.exec(name);
  return (letters === "yhat" ? "ŷ" : letters) + [...digits].map((digit) => DIGITS[Number(digit)]).join("");
}

/** ∂L/∂z, or ∂a/∂z. @param {string} name @param {string} [of] */
export const derivative = (name, of = "L") => `∂${label(of)}/∂${label(name)}`;

const MINUS = "−";

/** What is left of 1 − 1.2 + 0.2 in binary numbers. */
const DUST = 1e-14;

/** A number for a card or a formula: three or four digits, and short however small it is. @param {number} value */
export function short(value) {
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size < DUST) return number(size < DUST ? 0 : value);
  if (size < 1e-3 || size >= 1e5)
    return value
      .toExponential(2)
      .replace(/\.?0*e\+?/, "e")
      .replaceAll("-", MINUS);
  return number(value, size < 0.1 ? 3 : 4);
}

/** 3·10⁻¹¹. @param {number} value */
export function powers(value) {
  if (value === 0) return "0";
  const [digits, exponent] = value.toExponential(1).split("e");
  const raised = exponent
    .replace("+", "")
    .replaceAll("-", "⁻")
    .replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]);
  return `${digits.replace(".0", "").replaceAll("-", MINUS)}·10${raised}`.replace(/^(−?)1·/, "$1");
}

/** A factor: negative numbers in brackets. */
export const bracketed = (value) => factor(value, short);
const half = (list) => list.length / 2;
const pairs = (list) => list.slice(0, half(list)).map((entry, i) => [entry, list[half(list) + i]]);

/** Terms of a weighted sum: pairs, and what is left at the end. */
const terms = (list) => Array.from({ length: Math.ceil(list.length / 2) }, (_, i) => list.slice(2 * i, 2 * i + 2));

/**
 * How each operation is written.
 *
 * `sign` stands in its node. `symbols(names)` and `numbers(values)` are the right-hand side; `slope(names, i, out)`
 * is the derivative with respect to input i in letters, and `slopeNumbers(values, i, out)` the same in numbers,
 * or null where the letters are a single value already.
 */
const WRITTEN = {
  product: {
    sign: "×",
    symbols: ([w, x]) => `${w}·${x}`,
    numbers: ([w, x]) => `${bracketed(w)}·${bracketed(x)}`,
    slope: (names, i) => names[1 - i],
  },
  sum: {
    sign: "+",
    symbols: (names) => names.join(" + "),
    numbers: (values) => sum(values, short),
    slope: () => "1",
  },
  weighted: {
    sign: "Σ",
    symbols: (names) =>
      terms(names)
        .map((term) => term.join("·"))
        .join(" + "),
    numbers: (values) =>
      terms(values)
        .map(([w, x], i) => {
          if (x !== undefined) return `${i ? " + " : ""}${bracketed(w)}·${bracketed(x)}`;
          return w < 0 ? ` ${MINUS} ${short(-w)}` : ` + ${short(w)}`;
        })
        .join(""),
    slope: (names, i) => (i % 2 ? names[i - 1] : (names[i + 1] ?? "1")),
  },
  sigmoid: {
    sign: "σ",
    symbols: ([z]) => `σ(${z}) = 1/(1 + e^(−${z}))`,
    numbers: ([z]) => `1/(1 + e^(${short(-z)}))`,
    slope: (_, i, a) => `${a}·(1 − ${a})`,
    slopeNumbers: (_, i, a) => `${short(a)}·(1 − ${short(a)})`,
  },
  tanh: {
    sign: "tanh",
    symbols: ([z]) => `tanh(${z})`,
    numbers: ([z]) => `tanh(${short(z)})`,
    slope: (_, i, a) => `1 − ${a}²`,
    slopeNumbers: (_, i, a) => `1 − ${bracketed(a)}²`,
  },
  relu: {
    sign: "ReLU",
    symbols: ([z]) => `max(0, ${z})`,
    numbers: ([z]) => `max(0, ${short(z)})`,
    slope: ([z]) => `slope of ReLU at ${z}`,
    slopeNumbers: ([z]) =>
      z > 0 ? `slope at ${short(z)} > 0` : z < 0 ? `slope at ${short(z)} < 0` : "slope taken at the corner, 0",
  },
  squares: {
    sign: "MSE",
    symbols: (names) => mean(pairs(names).map(([a, y]) => `(${a} − ${y})²`)),
    numbers: (values) => mean(pairs(values).map(([a, y]) => `(${short(a)} − ${bracketed(y)})²`)),
    slope: (names, i) => `${twice(names)}·(${names[i]} − ${names[i + half(names)]})`,
    slopeNumbers: (values, i) => `${twice(values)}·(${short(values[i])} − ${bracketed(values[i + half(values)])})`,
  },
  exponential: {
    sign: "exp",
    symbols: ([z]) => `e^(${z})`,
    numbers: ([z]) => `e^(${short(z)})`,
    slope: (_, i, e) => e,
  },
  quotient: {
    sign: "÷",
    symbols: ([e, s]) => `${e}/${s}`,
    numbers: ([e, s]) => `${short(e)}/${short(s)}`,
    slope: ([e, s], i) => (i ? `−${e}/${s}²` : `1/${s}`),
    slopeNumbers: ([e, s], i) => (i ? `−${short(e)}/${short(s)}²` : `1/${short(s)}`),
  },
  crossentropy: {
    sign: "−Σ y·ln p",
    symbols: (names) =>
      `−(${pairs(names)
        .map(([p, y]) => `${y}·ln ${p}`)
        .join(" + ")})`,
    numbers: (values) =>
      `−(${pairs(values)
        .map(([p, y]) => `${short(y)}·ln ${short(p)}`)
        .join(" + ")})`,
    slope: (names, i) => `−${names[i + half(names)]}/${names[i]}`,
    slopeNumbers: (values, i) => `−${short(values[i + half(values)])}/${short(values[i])}`,
  },
};

const mean = (squares) => (squares.length === 1 ? squares[0] : `(${squares.join(" + ")})/${squares.length}`);
const twice = (list) => (half(list) === 1 ? "2" : `2/${half(list)}`);

/** What stands in a node. @param {string} op */
export const signOf = (op) => WRITTEN[op].sign;

/** z = s₁ + s₂ + b, in letters alone. */
export const writeOperation = ({ name, op, from }) => `${label(name)} = ${WRITTEN[op].symbols(from.map(label))}`;

/** z = s₁ + s₂ + b = 1 − 1.2 + 0.6, without the result. */
export function writeForward(operation, values) {
  const { op, from } = operation;
  return `${writeOperation(operation)} = ${WRITTEN[op].numbers(from.map((input) => values[input]))}`;
}

/** ∂a/∂z = a·(1 − a) = 0.6·(1 − 0.6) = 0.24 */
export function writeSlope({ name, op, from }, values, index, slope) {
  const { slope: letters, slopeNumbers } = WRITTEN[op];
  const symbol = letters(from.map(label), index, label(name));
  const numbers = slopeNumbers?.(
    from.map((input) => values[input]),
    index,
    values[name],
  );
  const steps = [derivative(from[index], name), symbol, numbers, short(slope)].filter((step) => step !== undefined);
  return steps.filter((step, i) => step !== steps[i - 1]).join(" = ");
}

/** The chain rule in letters: ∂L/∂z₁ · ∂z₁/∂x + ∂L/∂z₂ · ∂z₂/∂x. */
export const writeRule = (name, ways) =>
  ways.map(({ to }) => `${derivative(to)} · ${derivative(name, to)}`).join(" + ");

/** One way's product in numbers: −0.8026 · 0.2403. */
export const writeProduct = ({ upstream, slope }) => `${short(upstream)} · ${bracketed(slope)}`;

/** The contributions added up. */
export const writeSum = (ways) =>
  sum(
    ways.map(({ contribution }) => contribution),
    short,
  );

/**
 * Reads a number, or a calculation with numbers: "−0.8026·0.2403", "2*(0.6 - 1)".
 * @param {string} text
 * @returns {number} NaN where it makes no sense
 */
export function calculate(text) {
  const plain = text
    .replaceAll(MINUS, "-")
    .replace(/[×·∙]/g, "*")
    .replace(/[÷:]/g, "/")
    .replace(/(\d),(\d)/g, "$1.$2");
  const tokens = plain.match(/\d*\.?\d+(?:e[-+]?\d+)?|\d+\.|[-+*/()]|\S/gi) ?? [];
  let at = 0;
  const take = (...wanted) => (wanted.includes(tokens[at]) ? tokens[at++] : undefined);
  function atom() {
    if (take("-")) return -atom();
    if (take("+")) return atom();
    if (take("(")) {
      const inside = total();
      return take(")") ? inside : NaN;
    }
    return parseNumber(tokens[at++] ?? "");
  }
  function product() {
    let value = atom();
    for (let sign = take("*", "/"); sign; sign = take("*", "/")) value = sign === "*" ? value * atom() : value / atom();
    return value;
  }
  function total() {
    let value = product();
    for (let sign = take("+", "-"); sign; sign = take("+", "-"))
      value = sign === "+" ? value + product() : value - product();
    return value;
  }
  const value = total();
  return at === tokens.length && Number.isFinite(value) ? value : NaN;
}
