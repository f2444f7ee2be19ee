/** What Regularization draws: a digit, the neurons that read it, the weights, the curves, and the pairs. */

import { SIDE } from "../arithmetic/digits.mjs";
import { number, superscript } from "../arithmetic/format.mjs";
import { drawOn } from "../card/canvas.mjs";
import { axes, createChart } from "../card/chart.mjs";
import { part } from "../card/controls.mjs";
import { h, resize, setText } from "../card/dom.mjs";
import { place, svg } from "../card/svg.mjs";
import { PIXEL, WIDEST } from "./run.mjs";
import { points } from "./words.mjs";

const PER_ROW = 16;
const CELL = 20; // canvas pixels for a neuron

/** The digit that the step on show begins with. */
export function createDigit() {
  const canvas = h("canvas");
  const words = h("figcaption");
  const element = h("figure.rg-digit", {}, h("div.rg-paper", { role: "img" }, canvas, h("i.rg-pixel")), words);
  const [mark] = element.querySelectorAll(".rg-pixel");
  mark.style.left = `${(100 * (PIXEL % SIDE)) / SIDE}%`;
  mark.style.top = `${(100 * Math.floor(PIXEL / SIDE)) / SIDE}%`;
  return {
    element,
    /** @param {any} step null before the first @param {(share: number) => number[]} ramp colours from 0 to 1 */
    show(step, ramp) {
      drawOn(canvas, SIDE, SIDE, (bytes) => {
        for (let i = 0; i < SIDE * SIDE; i++) bytes.set(ramp(step ? step.digit[i] : 0), 4 * i);
      });
      const isWrong = step && step.label !== step.truth;
      setText(words, step ? (isWrong ? `a ${step.truth}, labelled ${step.label}!` : `a ${step.label}`) : "no step yet");
      words.classList.toggle("rg-wrong", Boolean(isWrong));
      element.firstElementChild.setAttribute("aria-label", `The digit on show: ${words.textContent}`);
    },
  };
}

/**
 * A layer's neurons, as bright as they answer; one that dropout has switched off is crossed out.
 * @param {string} name @param {((neuron: number) => void) | null} pick from 1
 */
export function createNeurons(name, pick) {
  const canvas = h("canvas");
  const words = h("figcaption");
  const element = h("figure.rg-neurons", {}, canvas, words);
  canvas.setAttribute("role", "img");
  if (pick) {
    canvas.classList.add("rg-pick");
    canvas.addEventListener("click", (event) => {
      const box = canvas.getBoundingClientRect();
      const col = Math.floor(((event.clientX - box.left) / box.width) * PER_ROW);
      const row = Math.floor(((event.clientY - box.top) / box.height) * (canvas.height / CELL));
      pick(row * PER_ROW + col + 1);
    });
  }
  return {
    element,
    /**
     * @param {number} units @param {Float32Array | null} outputs @param {Float32Array | null} factors
     * @param {number} chosen from 1; 0 for none @param {any} colours @param {(share: number) => number[]} ramp
     */
    show(units, outputs, factors, chosen, colours, ramp) {
      const rows = Math.ceil(units / PER_ROW);
      const [width, height] = [PER_ROW * CELL, rows * CELL];
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const pen = canvas.getContext("2d");
      pen.clearRect(0, 0, width, height);
      const largest = outputs?.reduce((most, value) => Math.max(most, value), 0) || 1;
      let off = 0;
      for (let j = 0; j < units; j++) {
        const [x, y] = [(j % PER_ROW) * CELL, Math.floor(j / PER_ROW) * CELL];
        const isOff = factors !== null && factors[j] === 0;
        const [r, g, b] = ramp(outputs && !isOff ? outputs[j] / largest : 0);
        pen.fillStyle = `rgb(${r} ${g} ${b})`;
        pen.fillRect(x + 1, y + 1, CELL - 2, CELL - 2);
        pen.lineWidth = 1.5;
        pen.strokeStyle = colours.line;
        pen.strokeRect(x + 1.5, y + 1.5, CELL - 3, CELL - 3);
        if (isOff) {
          off++;
          pen.lineWidth = 2.5;
          pen.strokeStyle = colours.off;
          pen.beginPath();
          pen.moveTo(x + 5, y + 5);
          pen.lineTo(x + CELL - 5, y + CELL - 5);
          pen.moveTo(x + CELL - 5, y + 5);
          pen.lineTo(x + 5, y + CELL - 5);
          pen.stroke();
        }
        if (j === chosen - 1) {
          pen.lineWidth = 4;
          pen.strokeStyle = colours.chosen;
          pen.strokeRect(x + 2, y + 2, CELL - 4, CELL - 4);
        }
      }
      setText(words, `${name}: ${factors ? `${off} of ${units} off` : `${units}, all on`}`);
      canvas.setAttribute("aria-label", `Neurons of the ${words.textContent}`);
    },
  };
}

/** All weights by their size, plain and treated, on a logarithmic scale so that the few large ones show. */
export function createHistogram() {
  const [plain, treated] = [svg("path", { class: "rg-bars" }), svg("path", { class: "rg-outline" })];
  const frame = axes("weights, by their size", plain, treated);
  const TOP = 4; // powers of ten
  const heightOf = (count) => 2 + 96 * (1 - Math.min(1, Math.log10(1 + count) / TOP));
  const outline = (bins) =>
    Array.from(bins, (count, i) => {
      const [from, to] = [i, i + 1].map((at) => ((100 * at) / bins.length).toFixed(2));
      return `${i ? "L" : "M"}${from} ${heightOf(count).toFixed(1)}H${to}`;
    }).join("");
  const beyond = (bins) =>
    bins.reduce((sum, count, i) => sum + (Math.abs(i - (bins.length - 1) / 2) > 15 ? count : 0), 0);
  return {
    element: part("weights", h("div.rg-weights", {}, frame.element)),
    /** @param {Uint32Array | undefined} before bins of the plain network @param {Uint32Array | undefined} after */
    show(before, after) {
      frame.label(
        [0, 2, 4].map((power) => [heightOf(10 ** power - 1), power ? `10${superscript(power)}` : "0"]),
        [number(-WIDEST, 1), "0", `+${number(WIDEST, 1)}`],
      );
      place(plain, { d: before ? `${outline(before)}V98H0Z` : "" });
      place(treated, { d: after ? outline(after) : "" });
      frame.describe(
        before && after
          ? `Weights by size. Beyond 0.3 lie ${beyond(before)} of the plain network and ${beyond(after)} of the other.`
          : "No weights yet",
      );
    },
  };
}

const KEYS = [
  ["rg-treated", "remedy, test digits"],
  ["rg-plain", "plain, test digits"],
  ["rg-own", "own labels"],
];

/** Accuracy and loss of a pair, and behind them those of the pairs before. */
export function createCurves() {
  const [accuracy, loss] = ["accuracy", "loss"].map((label) => createChart({ label, along: "epochs", title: label }));
  const legend = h(
    "div.rg-legend",
    { "aria-hidden": "true" },
    ...KEYS.map(([kind, words]) => h(`span.${kind}`, {}, words)),
  );
  const linesOf = (pair, others, test, own) => {
    const line = (run, key, className, name) => ({ values: run.history.map((entry) => entry[key]), className, name });
    const faint = others.flatMap(({ plain, treated, number: n }) => [
      line(plain, test, "rg-plain rg-faint", `plain, test, pair ${n}`),
      line(treated, test, "rg-treated rg-faint", `remedy, test, pair ${n}`),
    ]);
    return [
      ...faint,
      line(pair.plain, own, "rg-plain rg-own", "plain, own labels"),
      line(pair.treated, own, "rg-treated rg-own", "remedy, own labels"),
      line(pair.plain, test, "rg-plain", "plain, test"),
      line(pair.treated, test, "rg-treated", "remedy, test"),
    ];
  };
  return {
    element: part("curves", h("div.rg-curves", {}, accuracy.element, loss.element, legend)),
    /** @param {any[]} pairs @param {any} pair the one on show @param {number} epochs @param {number} at */
    show(pairs, pair, epochs, at) {
      const others = pairs.filter((other) => other !== pair);
      accuracy.show({
        lines: linesOf(pair, others, "test_accuracy", "accuracy"),
        end: epochs,
        at,
        between: [0, 1],
      });
      loss.show({ lines: linesOf(pair, others, "test_loss", "loss"), end: epochs, at });
    },
  };
}

/** A button for each pair, with the points that the remedy gained in it. @param {(number: number) => void} look */
export function createPairs(look) {
  const buttons = h("span.rg-buttons");
  const total = h("span.rg-total", { role: "status" });
  const words = h("p");
  return {
    element: part("runs", h("div.rg-pairs", {}, h("div.rg-results", {}, buttons, total), words)),
    /** @param {number} count @param {Map<number, number>} gains by their number @param {number} shown */
    show(count, gains, shown, begun, [ofPair, ofAll]) {
      const make = (i) =>
        h("button", { type: "button", onclick: () => look(i + 1) }, h("b", {}, String(i + 1)), h("span"));
      resize(buttons, count, make);
      [...buttons.children].forEach((button, i) => {
        const gain = gains.get(i + 1);
        button.setAttribute("aria-pressed", String(i + 1 === shown));
        button.setAttribute("aria-disabled", String(i >= begun));
        button.setAttribute("aria-label", `Pair ${i + 1}${gain === undefined ? "" : `: ${points(gain)} points`}`);
        button.dataset.gain = gain === undefined ? "" : gain > 0.0005 ? "more" : gain < -0.0005 ? "less" : "same";
        setText(button.lastElementChild, gain === undefined ? "·" : points(gain));
      });
      setText(words, ofPair);
      setText(total, ofAll);
    },
  };
}
