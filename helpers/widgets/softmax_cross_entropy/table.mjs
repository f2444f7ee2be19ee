/** SoftmaxCrossEntropy's table: a row for each class, with a column for each step of the calculation. */

import { short } from "./words.mjs";
import { scientific } from "../arithmetic/format.mjs";
import { editableCell, tint } from "../card/cells.mjs";
import { h, resize, setText, uniqueName } from "../card/dom.mjs";

/** How far a slider goes, unless a number lies further out. */
const SPAN = 10;

/** The columns after what is typed, each filled at the step of its name; of typed probabilities, at the last. */
const COLUMNS = ["exponents", "powers", "probabilities", "gradients"];
const TYPED_COLUMNS = ["shares", "scores"];

/** Where the bar of a value goes from and to, as shares of the column's width. */
function barOf(name, value, largestGradient) {
  if (name === "probabilities") return [0, value];
  return name === "gradients" ? [0.5, 0.5 + value / largestGradient / 2] : [0, 0];
}

/**
 * @param {any} store
 */
export function createTable(store) {
  const group = uniqueName("truth");
  const names = Array.from({ length: 6 }, () => h("span"));
  const head = h("div.sce-row.sce-head", { "aria-hidden": "true" }, names[0], h("span.sce-slider"), ...names.slice(1));
  const body = h("div");
  const element = h("div.sce-table", { role: "group", "aria-label": "one row for each class" }, head, body);
  const list = () => (store.state.input === "scores" ? "scores" : "typed");

  function write(i, value) {
    return store.propose({ [list()]: store.state[list()].with(i, value) });
  }
  function writeAll(values) {
    const changes = { [list()]: values };
    if (list() === "scores") changes.truth = Math.min(store.state.truth, values.length - 1);
    return store.propose(changes);
  }

  const rows = [];
  function createRow(i) {
    const truth = h("input", { type: "radio", name: group, onchange: () => store.propose({ truth: i }) });
    const slide = () => write(i, Number(range.value));
    const range = h("input", { type: "range", "aria-label": `number of class ${i}, slider`, oninput: slide });
    // The keys that move a slider would step through the calculation as well.
    range.addEventListener("keydown", (event) => /^(Arrow|Home|End|Page)/.test(event.key) && event.stopPropagation());
    const cell = editableCell({
      label: `number of class ${i}`,
      read: () => store.state[list()][i],
      write: (value) => write(i, value),
      writeAll,
      refuse: (sentence) => store.refuse(sentence),
      step: 0.5,
    });
    const columns = Array.from({ length: 4 }, () => h("span.sce-value", {}, h("span.sce-bar"), h("span.sce-number")));
    const name = h("span", {}, h("span.sce-word", {}, "class "), String(i));
    truth.setAttribute("aria-label", `class ${i} is the true one`);
    const label = h("label.sce-class", { title: "the true class" }, truth, name);
    rows[i] = { truth, range, cell, columns };
    return h("div.sce-row", {}, label, h("span.sce-slider", {}, range), cell.element, ...columns);
  }

  /** A number in a column, with a bar from one share of the column's width to another. */
  function paintValue(column, value, { isNow, isAsked = false, from = 0, to = 0, isShown }) {
    const [stripe, text] = column.children;
    const written = isAsked ? "?" : isShown ? scientific(value, 3) : "";
    setText(text, written);
    text.style.setProperty("--length", String(Math.max(written.length, 4)));
    const isDrawn = isShown && Number.isFinite(to);
    stripe.style.left = `${isDrawn ? 100 * Math.min(from, to) : 0}%`;
    stripe.style.width = `${isDrawn ? 100 * Math.abs(to - from) : 0}%`;
    column.classList.toggle("now", isNow);
    column.classList.toggle("lost", isShown && !Number.isFinite(value));
    column.classList.toggle("negative", to < from);
  }

  function paintScores(state, view, isKnown) {
    const { softmax, at, steps } = view;
    const largestGradient = Math.max(1, ...softmax.gradients.map(Math.abs).filter(Number.isFinite));
    rows.forEach(({ columns }, i) => {
      COLUMNS.forEach((name, c) => {
        const step = steps.indexOf(name);
        const isUsed =
          (view.now === "sum" && name === "powers") ||
          (view.now === "loss" && name === "probabilities" && i === state.truth);
        const isHidden = step === at && !isKnown;
        const value = softmax[name][i];
        const [from, to] = barOf(name, value, largestGradient);
        paintValue(columns[c], value, {
          isNow: step === at || isUsed,
          isShown: step <= at && !isHidden,
          isAsked: isHidden && i === state.truth,
          from,
          to,
        });
      });
    });
  }

  function paintTyped(view) {
    const { verdict, at } = view;
    rows.forEach(({ columns }, i) => {
      TYPED_COLUMNS.forEach((name, c) => {
        const isShown = at === 2 && verdict[name] !== null;
        const value = isShown ? verdict[name][i] : NaN;
        paintValue(columns[c], value, { isNow: at === 2, isShown, to: name === "shares" ? value : 0 });
      });
    });
  }

  function headings({ subtract, temperature }, isTyped) {
    if (isTyped) return ["class", "p", "p / S", "ln(p / S)", "", ""];
    const over = (words) => (temperature === 1 ? words : words.length > 1 ? `(${words})/T` : `${words}/T`);
    return ["class", "score z", `x = ${over(subtract ? "z − m" : "z")}`, "eˣ", "p", over("p − y")];
  }

  return {
    element,
    /** @param {any} state @param {any} view @param {boolean} isKnown whether the step's result may be seen */
    show(state, view, isKnown) {
      const values = state[list()];
      resize(body, values.length, createRow);
      rows.length = values.length;
      const { isTyped } = view;
      element.classList.toggle("sce-typed", isTyped);
      headings(state, isTyped).forEach((text, i) => setText(names[i], text));
      const largest = Math.max(...values.map(Math.abs));
      const span = isTyped ? 1 : Math.max(SPAN, Math.ceil(largest));
      rows.forEach(({ truth, range, cell, columns }, i) => {
        truth.checked = !isTyped && i === state.truth;
        truth.disabled = isTyped;
        Object.assign(range, { min: String(isTyped ? 0 : -span), max: String(span), step: isTyped ? "0.01" : "0.1" });
        range.value = String(values[i]);
        range.setAttribute("aria-valuetext", short(values[i]));
        cell.show(values[i]);
        tint(cell.element, values[i], largest);
        columns.forEach((column, c) => column.classList.toggle("sce-none", isTyped && c > 1));
        body.children[i].classList.toggle("true", !isTyped && i === state.truth);
      });
      if (isTyped) paintTyped(view);
      else paintScores(state, view, isKnown);
    },
  };
}
