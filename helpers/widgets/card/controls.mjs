/** Labelled controls that report to the store and follow it. Each returns { element, show(value) }. */

import { h, icon, setText, uniqueName } from "./dom.mjs";
import { told } from "./wall.mjs";
import { number } from "../arithmetic/format.mjs";
import { ambiguity, parseNumber } from "../arithmetic/reading.mjs";

/** @param {string} iconPath @param {string} label @param {() => void} act */
export function iconButton(iconPath, label, act) {
  return h(
    "button.cv-icon-button",
    { type: "button", title: label, "aria-label": label, onclick: act },
    icon(iconPath),
  );
}

/**
 * One of a few, all in sight.
 * @param {string} label
 * @param {[any, string][]} options value and its words
 * @param {(value: any) => void} choose
 */
export function segmented(label, options, choose) {
  const name = uniqueName("choice");
  const inputs = options.map(([value]) => h("input", { type: "radio", name, onchange: () => choose(value) }));
  const element = h(
    "fieldset",
    {},
    h("legend", {}, label),
    h("span.cv-segments", {}, ...options.map(([, words], i) => h("label", {}, inputs[i], words))),
  );
  return {
    element,
    show: (value) => options.forEach(([option], i) => (inputs[i].checked = option === value)),
  };
}

/** @param {string} label @param {string[]} options @param {(value: string) => void} choose */
export function select(label, options, choose) {
  const input = h(
    "select",
    { onchange: () => choose(input.value) },
    ...options.map((option) => h("option", { value: option }, option)),
  );
  return { element: h("label", {}, label, input), show: (value) => (input.value = value) };
}

/**
 * One of some numbers; a number that is not among them joins them.
 * @param {string} label @param {number[]} values in ascending order @param {(value: number) => void} choose
 */
export function selectNumber(label, values, choose) {
  const field = select(label, values.map(String), (text) => choose(Number(text)));
  const input = field.element.querySelector("select");
  return {
    element: field.element,
    show(value) {
      if (![...input.options].some((option) => option.value === String(value))) {
        const after = [...input.options].find((option) => Number(option.value) > value) ?? null;
        input.insertBefore(h("option", { value: String(value) }, String(value)), after);
      }
      field.show(String(value));
    },
  };
}

/**
 * A number that the reader types or steps, with the arrow keys or the two marks at its end.
 *
 * It is a field of text: one of numbers drops what its browser does not expect, and so makes 15 of "1,5".
 * @param {string} label
 * @param {{min: number, max: number, step?: number, bare?: boolean}} range bare: the label is spoken, not shown
 * @param {(value: number) => boolean} propose returns whether the value fits
 * @param {(sentence: string) => void} refuse
 */
export function numberField(label, { min, max, step = 1, bare = false }, propose, refuse) {
  let shown;
  const input = h("input.cv-number", {
    type: "text",
    role: "spinbutton",
    inputmode: step === 1 ? "numeric" : "decimal",
    autocomplete: "off",
    spellcheck: "false",
    "aria-valuemin": min,
    "aria-valuemax": max,
    "aria-label": bare ? label : null,
  });
  const wanted = `${step === 1 ? "a whole number" : "a number"} from ${min} to ${max}`;
  const mark = (fits) => input.setAttribute("aria-invalid", String(!fits));
  const write = (value) => {
    input.value = String(value);
    input.setAttribute("aria-valuenow", String(value));
  };
  function judge() {
    const value = parseNumber(input.value);
    const fits = value >= min && value <= max && (step !== 1 || Number.isInteger(value));
    if (fits) return mark(propose(value));
    const typed = input.value.trim() === "" ? "An empty field" : told(input.value);
    refuse(ambiguity(input.value) || `${typed} does not work as ${label}: use ${wanted}.`);
    mark(false);
  }
  function go(steps) {
    const from = parseNumber(input.value);
    const start = Number.isNaN(from) ? shown : from;
    write(Number(Math.min(Math.max(start + steps * step, min), max).toPrecision(12)));
    judge();
  }
  input.addEventListener("input", judge);
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text").trim();
    if (!/[\t\n]/.test(text)) return; // a field of one line would join the lines to one number
    event.preventDefault();
    refuse(`Several numbers do not work as ${label}: use ${wanted}.`);
  });
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!steps || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(steps);
  });
  input.addEventListener("cv-restore", () => write(shown));
  // For a mouse; the keyboard has its arrows, and a screen reader the role.
  const marks = h(
    "span.cv-steps",
    { "aria-hidden": "true" },
    h("button", { type: "button", tabindex: -1, onclick: () => go(1) }),
    h("button", { type: "button", tabindex: -1, onclick: () => go(-1) }),
  );
  const field = h("span.cv-stepped", {}, input, marks);
  return {
    element: bare ? field : h("label", {}, label, field),
    /** Follows the state, but never overwrites what the reader is still typing or has to mend. */
    show(value) {
      if (value !== shown || document.activeElement !== input) {
        const mending = input.getAttribute("aria-invalid") === "true" && value === shown;
        if (!mending && !(document.activeElement === input && parseNumber(input.value) === value)) write(value);
        if (!mending) mark(true);
      } else if (parseNumber(input.value) === value) mark(true);
      input.setAttribute("aria-valuenow", String(value));
      shown = value;
    },
  };
}

/**
 * Two numbers that belong together: rows and columns, or a step down and a step across.
 * @param {string} label
 * @param {[[string, string], [string, string]]} fields the mark before each, and its name
 * @param {{min: number, max: number}} range
 * @param {(index: number, value: number) => boolean} propose
 * @param {(sentence: string) => void} refuse
 */
export function numberPair(label, fields, range, propose, refuse) {
  const inputs = fields.map(([, name], i) =>
    numberField(`${label} ${name}`, { ...range, bare: true }, (value) => propose(i, value), refuse),
  );
  const marked = fields.flatMap(([mark], i) => [mark && h("span", { "aria-hidden": "true" }, mark), inputs[i].element]);
  return {
    element: h("fieldset.cv-pair", {}, h("legend", {}, label), ...marked.filter(Boolean)),
    /** @param {number[]} values */
    show: (values) => values.forEach((value, i) => inputs[i].show(value)),
  };
}

/**
 * A number that is dragged, with its value beside it.
 * @param {string} label @param {{min: number, max: number, step: number}} range
 * @param {string} unit what follows the value: "°", " px"
 * @param {(value: number) => void} change
 */
export function slider(label, { min, max, step }, unit, change) {
  const input = h("input", { type: "range", min, max, step, oninput: () => change(Number(input.value)) });
  const output = h("span.cv-slider-value");
  return {
    element: h("label.cv-slider", {}, label, input, output),
    show(value) {
      input.value = String(value);
      input.setAttribute("aria-valuetext", `${number(value)}${unit}`);
      setText(output, `${number(value)}${unit}`);
    },
  };
}

/** @param {string} label @param {(on: boolean) => void} change */
export function toggle(label, change) {
  const input = h("input", { type: "checkbox", role: "switch", onchange: () => change(input.checked) });
  return { element: h("label.cv-switch", {}, input, label), show: (on) => (input.checked = on) };
}

/** Marks an element as a part that a lesson may hide. */
export function part(name, element) {
  element.dataset.part = name;
  return element;
}
