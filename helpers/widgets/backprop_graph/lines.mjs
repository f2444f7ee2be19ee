/** The lines below the graph of BackpropGraph: what the present step calculates, in full, and the finite difference. */

import {
  derivative,
  label,
  powers,
  short,
  writeForward,
  writeOperation,
  writeProduct,
  writeRule,
  writeSlope,
  writeSum,
} from "./words.mjs";
import { h } from "../card/dom.mjs";
import { number } from "../arithmetic/format.mjs";

/** No line ends within a ∂L/∂z. */
const unbroken = (text) =>
  text.split(/(∂\S+\/∂[^\s,:.)]+)/).map((piece, i) => (i % 2 ? h("span.bg-whole", {}, piece) : piece));
const line = (text, ...children) => h("div", {}, ...unbroken(text), ...children);
const aside = (text) => h("div.bg-aside", {}, ...unbroken(text));
const result = (value, kind = "backward") => h(`span.bg-result.${kind}`, {}, short(value));

/**
 * @param {any} view
 * @param {{kind: string, name?: string}} step
 * @param {boolean} known whether the result may be seen
 * @returns {HTMLElement[]}
 */
export function sayStep(view, step, known) {
  const { ready, values, gradients, ways } = view;
  const operations = new Map(ready.operations.map((operation) => [operation.name, operation]));
  if (step.kind === "start")
    return [
      line("The numbers that go in. Change any of them: type, or drag its name."),
      aside("Each step computes one node more."),
    ];
  const { name } = step;
  if (step.kind === "forward")
    return [line(`${writeForward(operations.get(name), values)} = `, result(values[name], "forward"))];

  const own = ways[name];
  if (!known) {
    const uses = own.map(({ to }) => writeOperation(operations.get(to))).join(" and ");
    return [
      line(`${derivative(name)} = ?`),
      aside(own.length ? `${label(name)} goes into ${uses}` : "How fast does L change with itself?"),
    ];
  }
  if (own.length === 0)
    return [
      line(`${derivative(name)} = `, result(1)),
      aside("The way back begins at the end: if L grows by a little, L grows by just as much."),
    ];
  const slopes = own.map((way) => writeSlope(operations.get(way.to), values, way.index, way.slope));
  const rule = `${derivative(name)} = ${writeRule(name, own)}`;
  if (own.length === 1)
    return [
      line(`${rule} = ${writeProduct(own[0])} = `, result(gradients[name])),
      aside(slopes[0]),
      ...remarks(view, name),
    ];
  const parts = own.map((way, i) => {
    const slope = h("span.bg-aside", {}, ...unbroken(`(${slopes[i]})`));
    return h("div.bg-part", {}, `through ${label(way.to)}: ${writeProduct(way)} = ${short(way.contribution)} `, slope);
  });
  return [line(rule), ...parts, line(`added: ${writeSum(own)} = `, result(gradients[name])), ...remarks(view, name)];
}

/** What can be seen when a gradient, or the last one of a row, is there. */
function remarks({ ready, values, gradients, graph }, name) {
  const remark = (text) => [h("div.bg-remark", {}, ...unbroken(text))];
  const row = (letter) =>
    `(${ready.backward
      .filter((node) => node[0] === letter)
      .map((node) => short(gradients[node]))
      .join(", ")})`;
  const isLast = (letter) => name === ready.leaves.filter((node) => node[0] === letter).at(-1);
  if (graph === "softmax" && name[0] === "z") {
    const [p, y] = ["p", "y"].map((letter) => letter + name.slice(1));
    return remark(
      `All the way back from L only this is left: ${label(p)} − ${label(y)} = ${short(values[p])} − ` +
        `${short(values[y])} = ${short(values[p] - values[y])}.`,
    );
  }
  if (graph === "convolution" && isLast("w"))
    return remark(
      `∂L/∂w = ${row("w")} is a correlation again, of x with ∂L/∂y = ${row("y")}: slide ∂L/∂y along x, and ` +
        "read the results from the last to the first, because w was flipped.",
    );
  if (graph === "convolution" && isLast("x"))
    return remark(
      `∂L/∂x = ${row("x")} is one too, the full correlation of ∂L/∂y = ${row("y")} with w: w slides along ` +
        "∂L/∂y as it is written, also where it sticks out.",
    );
  return [];
}

/**
 * The finite difference beside the gradient.
 * @param {any} view
 * @param {string} name
 */
export function sayNudge(view, name) {
  const { h: step, up, down, slope } = view.nudged[name];
  const gradient = view.gradients[name];
  const nudged = label(name);
  const digits = (value) => number(value, 10);
  return [
    line(`without the chain rule, ${nudged} nudged by h = ${powers(step)}: (L(${nudged} + h) − L(${nudged} − h)) / 2h`),
    line(`= (${digits(up)} − ${digits(down)}) / ${powers(2 * step)} = `, h("b", {}, number(slope, 8))),
    line(`backpropagation: ${number(gradient, 8)}, difference: ${powers(slope - gradient)}`),
  ];
}

/**
 * Every node with its gradient and its finite difference.
 * @param {any} view
 * @param {(name: string) => boolean} hasGradient
 */
export function tableOf(view, hasGradient) {
  const cell = (tag, text) => h(tag, tag === "th" ? { scope: "row" } : {}, text);
  const rows = view.ready.backward.map((name) => {
    const numbers = hasGradient(name)
      ? [
          short(view.gradients[name]),
          short(view.nudged[name].slope),
          powers(view.nudged[name].slope - view.gradients[name]),
        ]
      : ["", "", ""];
    return h(
      "tr",
      {},
      cell("th", label(name)),
      cell("td", short(view.values[name])),
      ...numbers.map((text) => cell("td", text)),
    );
  });
  const heading = ["node", "value", "gradient", "nudged", "difference"].map((text) => h("th", { scope: "col" }, text));
  return h("table.bg-table", {}, h("thead", {}, h("tr", {}, ...heading)), h("tbody", {}, ...rows));
}
