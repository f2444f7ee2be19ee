/** Labelled controls that report to the store and follow it. Each returns { element, show(value) }. */

import { h, icon, setText, uniqueName } from "./dom.mjs";
import { number, parseNumber } from "../arithmetic/format.mjs";

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
 * A number that the reader types or steps.
 * @param {string} label
 * @param {{min: number, max: number, step?: number, bare?: boolean}} range bare: the label is spoken, not shown
 * @param {(value: number) => boolean} propose returns whether the value fits
 * @param {(sentence: string) => void} refuse
 */
export function numberField(label, { min, max, step = 1, bare = false }, propose, refuse) {
  let shown;
  const input = h("input", { type: "number", min, max, step, inputmode: "numeric", "aria-label": bare ? label : null });
  input.addEventListener("input", () => {
    const value = parseNumber(input.value);
    const whole = step !== 1 || Number.isInteger(value);
    let fits = value >= min && value <= max && whole;
    if (!fits) {
      const typed = input.value === "" ? "An empty field" : input.value;
      refuse(
        `${typed} does not work as ${label}: use ${step === 1 ? "a whole number" : "a number"} from ${min} to ${max}.`,
      );
    } else fits = propose(value);
    input.setAttribute("aria-invalid", String(!fits));
  });
  return {
    element: bare ? input : h("label", {}, label, input),
    /** Follows the state, but never overwrites what the reader is still typing or has to mend. */
    show(value) {
      if (value !== shown || document.activeElement !== input) {
        const mending = input.getAttribute("aria-invalid") === "true" && value === shown;
        if (!mending) {
          input.value = String(value);
          input.setAttribute("aria-invalid", "false");
        }
      } else if (parseNumber(input.value) === value) input.setAttribute("aria-invalid", "false");
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
