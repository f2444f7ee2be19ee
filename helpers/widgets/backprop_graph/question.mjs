/** What a wrong gradient gives away: the slip that leads to it. */

import { derivative, label, short, writeRule } from "./words.mjs";
import { OPERATIONS } from "../arithmetic/graph.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";

/** Readers calculate with the three or four digits that they see. */
const ROUNDING = 0.005;

const add = (values) => values.reduce((total, value) => total + value, 0);

/**
 * Derivatives that people write instead of the right one, for input `i` of an operation, and what is wrong with them.
 * @type {Record<string, (inputs: number[], i: number, out: number, names: string[], to: string) => [number | undefined,
 * string][]>}
 */
const WRONG_SLOPES = {
  product: (inputs, i, out, names) => [
    [
      inputs[i],
      `A product changes with ${names[i]} as fast as the other factor says: by ${names[1 - i]}, not by ` +
        `${names[i]} itself.`,
    ],
  ],
  sum: (inputs, i, out, names, to) => [
    [
      inputs[i],
      `A sum passes the gradient on as it is: ${derivative1(to, names[i])} is 1, not the value of ${names[i]}.`,
    ],
  ],
  weighted: (inputs, i, out, names, to) => {
    const last = i === inputs.length - 1 && i % 2 === 0;
    const partner = i % 2 ? i - 1 : i + 1;
    const local = derivative1(to, names[i]);
    const right =
      `${names[i]} is multiplied by ${names[partner]}, ` + `so ${local} is ${names[partner]}, not ${names[i]} itself.`;
    return [[inputs[i], last ? `${names[i]} is added on: ${local} is 1.` : right]];
  },
  sigmoid: ([z], i, a, [name], to) => [
    [a, `That has the value ${to} in place of the slope, which is ${to}·(1 − ${to}).`],
    [z * (1 - z), `The slope is ${to}·(1 − ${to}), with what comes out of σ, not ${name}, what goes in.`],
    [1 - a, `One factor of the slope is missing: it is ${to}·(1 − ${to}).`],
    [1 - a * a, "That is the slope of tanh."],
  ],
  tanh: ([z], i, a, [name], to) => [
    [a, `That has the value ${to} in place of the slope, which is 1 − ${to}².`],
    [1 - z * z, `The slope is 1 − ${to}², with what comes out of tanh, not ${name}, what goes in.`],
    [1 - a, `The square is missing: the slope is 1 − ${to}².`],
    [a * (1 - a), "That is the slope of σ."],
  ],
  relu: ([z], i, a, [name]) => [
    [1, `${name} is not above 0: there ReLU is flat, and its slope 0.`],
    [0, `${name} is above 0: there ReLU passes everything on, and its slope is 1.`],
    [z, `That has the value in place of the slope, which is 1 for ${name} > 0 and 0 elsewhere.`],
  ],
  squares: (inputs, i, out, names) => {
    const n = inputs.length / 2;
    const rest = inputs[i] - inputs[i + n];
    return [
      [rest / n, "The 2 is missing: a square u² has the derivative 2·u."],
      [-rest / n, "The 2 is missing, and the sign is wrong."],
      [n > 1 ? 2 * rest : undefined, `The loss is a mean: each of the ${n} squares counts 1/${n}.`],
      [
        n > 1 ? rest : undefined,
        `The loss is a mean of ${n} squares, and a square u² has the derivative 2·u: 2/${n} is missing.`,
      ],
      [
        (rest * rest) / n,
        `That is the square itself: its derivative is 2·(${names[i]} − ` +
          `${names[i + n]})${n > 1 ? `, and 1/${n} of that counts` : ""}.`,
      ],
      [
        (2 * inputs[i]) / n,
        `The target ${names[i + n]} is missing: the derivative of (${names[i]} − ${names[i + n]})² is ` +
          `2·(${names[i]} − ${names[i + n]}).`,
      ],
    ];
  },
  exponential: ([z], i, e, [name], to) => [
    [z, `That has ${name} in place of the slope: e^${name} is its own derivative, ${to}.`],
    [
      z * Math.exp(z - 1),
      `That is the rule for powers of ${name}. Here ${name} is the exponent: e^${name} is its own derivative.`,
    ],
    [1, `The slope is missing: e^${name} is its own derivative, ${to}.`],
  ],
  quotient: ([e, s], i, p, [over, under], to) =>
    i
      ? [
          [-e / s, `The square is missing: ${derivative1(to, under)} = −${over}/${under}².`],
          [e / s, `That has the value ${to} in place of the derivative −${over}/${under}².`],
          [-1 / (s * s), `The numerator is missing: ${derivative1(to, under)} = −${over}/${under}².`],
          [1 / s, `${under} stands below the line: ${derivative1(to, under)} = −${over}/${under}².`],
        ]
      : [
          [p, `That has the value ${to} in place of the derivative, 1/${under}.`],
          [-e / (s * s), `That is the derivative with respect to ${under}: with respect to ${over} it is 1/${under}.`],
          [s, `Divide by ${under}, do not multiply: ${derivative1(to, over)} = 1/${under}.`],
        ],
  crossentropy: (inputs, i, out, names) => {
    const [p, y] = [inputs[i], inputs[i + inputs.length / 2]];
    return [
      [y === 0 ? -1 / p : undefined, `Its target is 0, so ${names[i]} does not occur in L: the gradient is 0.`],
      [-y * p, `The derivative of ln ${names[i]} is 1/${names[i]}: divide by ${names[i]}.`],
      [-y * Math.log(p), `That is −ln ${names[i]}, the loss: the derivative of ln ${names[i]} is 1/${names[i]}.`],
      [p - y, "That is the gradient with respect to the score, at the end of the way back. Here it is −y/p."],
    ];
  },
};

const derivative1 = (to, from) => `∂${to}/∂${from}`;

/**
 * Judges what the reader says the gradient of a node is.
 * @param {any} view the widget's picture
 * @param {string} name of the node
 * @param {number} guess
 * @param {(name: string) => boolean} [isKnown] whether the reader has found the gradient of another node
 * @returns {{right: boolean, words: string}}
 */
export function diagnose(view, name, guess, isKnown = () => true) {
  const { ready, values, gradients, ways } = view;
  const answer = gradients[name];
  const own = ways[name];
  const size = add(own.map(({ contribution }) => Math.abs(contribution)));
  const same = (value, other) =>
    Math.abs(value - other) <= ROUNDING * Math.max(Math.abs(value), value === answer ? size : 0) + 1e-9;
  const right = `Right: ${derivative(name)} = ${short(answer)}.`;
  if (own.length === 0) {
    /** @type {import("../arithmetic/judge.mjs").Slip[]} */
    const slips = [
      [values[name], "That is the loss itself. Asked is how fast it changes with itself."],
      [0, "If L grows by a little, L grows by just as much."],
    ];
    return judgeGuess(guess, answer, { right, same, slips, hint: "If L grows by a little, by how much does L grow?" });
  }

  const operations = Object.fromEntries(ready.operations.map((operation) => [operation.name, operation]));
  const wrongSlopes = own.flatMap((way) => {
    const { op, from } = operations[way.to];
    const inputs = from.map((input) => values[input]);
    return WRONG_SLOPES[op](inputs, way.index, values[way.to], from.map(label), label(way.to))
      .filter(
        ([slope]) => slope !== undefined && !same(slope, OPERATIONS[op].slopes(inputs, values[way.to])[way.index]),
      )
      .map(([slope, words]) => [answer - way.contribution + way.upstream * slope, words]);
  });
  const several = own.length > 1;
  const all = own.map(({ to }) => label(to));
  const count = own.length === 2 ? "both" : `all ${own.length}`;
  const slips = [
    [-answer, "The sign is wrong: follow the minus signs of both factors."],
    ...(several
      ? own.map(({ contribution, to }) => {
          const rest = `${label(name)} goes into ${list(all)}, and ${count} parts are added.`;
          return [contribution, `That is only the part that comes through ${label(to)}: ${rest}`];
        })
      : []),
    ...(own.length > 2
      ? own.map(({ contribution, to }) => [
          answer - contribution,
          `The part that comes through ${label(to)} is missing.`,
        ])
      : []),
    ...wrongSlopes,
    [
      add(own.map(({ slope }) => slope)),
      several
        ? "Those are the local derivatives: multiply each by the gradient that arrives, " +
          `${list(own.map(({ to }) => derivative(to)))}, before you add.`
        : `That is the local derivative ${derivative(name, own[0].to)} alone: multiply it by the gradient that ` +
          `arrives, ${derivative(own[0].to)}.`,
    ],
    [
      add(own.map(({ upstream }) => upstream)),
      several
        ? "Those are the gradients that arrive: multiply each by its local derivative before you add."
        : `That is the gradient that arrives, ${derivative(own[0].to)}: multiply it by the local derivative ` +
          `${derivative(name, own[0].to)}.`,
    ],
    [
      several ? own.reduce((product, { contribution }) => product * contribution, 1) : undefined,
      "Along a way the derivatives are multiplied; the ways are added.",
    ],
    [
      several ? undefined : own[0].upstream + own[0].slope,
      "The chain rule multiplies the two derivatives, it does not add them.",
    ],
    [values[name], `That is the value of ${label(name)}, from the way forward.`],
  ];
  return judgeGuess(guess, answer, { right, same, slips, hint: hintFor(name, own, isKnown) });
}

const list = (words) => (words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);

function hintFor(name, ways, isKnown) {
  const missing = ways.filter(({ to }) => !isKnown(to)).map(({ to }) => derivative(to));
  if (missing.length) return `It takes ${list(missing)}, not found yet: go there in the graph and begin with that.`;
  const arrives = ({ to, upstream }) => `${derivative(to)} = ${short(upstream)}`;
  if (ways.length === 1)
    return (
      `Take the gradient that arrives, ${arrives(ways[0])}, times the local derivative ` +
      `${derivative(name, ways[0].to)}.`
    );
  return (
    `${label(name)} goes into ${list(ways.map(({ to }) => label(to)))}: work out ` +
    `${writeRule(name, ways)}, with ${list(ways.map(arrives))}.`
  );
}
