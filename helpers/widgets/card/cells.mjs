/** Cells with numbers: their colours, and cells that the reader edits in place. */

import { h, prefersStillness } from "./dom.mjs";
import { number } from "../arithmetic/format.mjs";
import { ambiguity, parseGrid, parseList, parseNumber } from "../arithmetic/reading.mjs";
import { told } from "./wall.mjs";

/** Sets a variable of the style sheet where it changes: setting it anew makes the browser style the cell anew. */
function setVariable(cell, name, value) {
  if (cell.style.getPropertyValue(name) !== value) cell.style.setProperty(name, value);
}

/**
 * Colours a cell on the one diverging scale: blue below zero, orange above, paper at zero.
 * @param {HTMLElement} cell
 * @param {number} value
 * @param {number} largest the magnitude that gets the full tint
 */
export function tint(cell, value, largest) {
  const amount = Number.isFinite(value) && largest > 0 ? Math.round((45 * Math.abs(value)) / largest) : 0;
  setVariable(cell, "--tint", `var(--cv-${value < 0 ? "neg" : "pos"})`);
  setVariable(cell, "--amount", `${Math.min(amount, 45)}%`);
}

const places = new WeakMap(); // of cells to look at: how their places are called

/**
 * Shows a value in a cell, in smaller type where it is long.
 * @param {HTMLElement} cell
 * @param {string} text
 * @param {string} [place] of a cell to look at: a screen reader calls it "row 2, column 3: 5"
 */
export function showValue(cell, text, place) {
  if (cell instanceof HTMLInputElement) cell.value = text;
  else if (cell.textContent !== text) cell.textContent = text;
  if (place !== undefined) places.set(cell, place);
  if (places.has(cell)) nameCell(cell, `${places.get(cell)}: ${text || "empty"}`);
  setVariable(cell, "--length", String(Math.max(text.length, 3)));
}

function nameCell(cell, name) {
  if (cell.getAttribute("aria-label") === name) return;
  cell.setAttribute("role", "img");
  cell.setAttribute("aria-label", name);
}

/** @param {number[]} values */
export const largestOf = (values) => Math.max(0, ...values.filter(Number.isFinite).map(Math.abs));

/**
 * A cell that holds one number of a list. Arrow up and down change it by a step; a list pasted or typed
 * ("1, 0, −1") replaces the whole list; what is no number is refused, marked and left to be mended.
 *
 * @param {object} options
 * @param {string} options.label
 * @param {() => number} options.read the present value
 * @param {(value: number) => boolean} options.write tries a value; returns whether it fits
 * @param {(values: any) => boolean} options.writeAll tries a whole list
 * @param {(text: string) => any} [options.parseAll] reads a whole list, or null where there is none
 * @param {(sentence: string) => void} options.refuse
 * @param {(value: number) => string} [options.print] how a number is written
 * @param {number} [options.step] by which the arrow keys change it
 */
export function editableCell({ label, read, write, writeAll, parseAll = parseList, refuse, print = number, step = 1 }) {
  const input = h("input.cv-cell.cv-editable", {
    type: "text",
    "aria-label": label,
    autocomplete: "off",
    spellcheck: "false",
  });
  let shown;
  let before; // what Escape brings back
  const mark = (fits) => input.setAttribute("aria-invalid", String(!fits));

  const refuseText = (text) =>
    refuse(
      ambiguity(text, parseAll === parseGrid) ||
        `“${text && told(text.replace(/\s+/g, " "))}” is not a number: ${label} stays ${print(read())}.`,
    );
  function commit() {
    const value = parseNumber(input.value);
    if (!Number.isNaN(value)) return mark(write(value));
    const list = parseAll(input.value);
    if (list) {
      input.blur();
      return mark(writeAll(list));
    }
    mark(false);
    refuseText(input.value);
  }
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text").trim();
    const isPart = !ambiguity(text, parseAll === parseGrid) && (parseAll(text)?.flat().length ?? 1) < 2;
    if (!/[\t\n]/.test(text) && isPart) return; // of what is being typed
    event.preventDefault(); // a field of one line would join the lines to one number
    const list = parseAll(text);
    if (list) mark(writeAll(list));
    else refuseText(text);
  });
  input.addEventListener("input", () => {
    // While typing, "-" or "1, " may still become something; judge them when the reader leaves.
    const value = parseNumber(input.value);
    if (!Number.isNaN(value)) mark(write(value));
  });
  input.addEventListener("change", commit);
  input.addEventListener("focus", () => {
    before = read();
    input.select();
  });
  input.addEventListener("keydown", (event) => {
    const by = { ArrowUp: step, ArrowDown: -step }[event.key];
    if (by) {
      event.preventDefault();
      write(Number((read() + by).toPrecision(12)));
      showValue(input, print(read()));
      input.select();
      mark(true);
    } else if (event.key === "Escape") {
      // Only where there is something to take back; else it leaves present mode, as everywhere.
      if (input.value !== print(before)) event.stopPropagation();
      if (read() !== before) write(before);
      showValue(input, print(read()));
      mark(true);
      refuse("");
    } else if (event.key === "Enter") commit();
  });
  input.addEventListener("cv-restore", () => showValue(input, print(read())));
  return {
    element: input,
    /** Follows the state, but leaves alone what the reader is typing or has to mend. */
    show(value) {
      const busy = input.ownerDocument.activeElement === input || input.getAttribute("aria-invalid") === "true";
      if (value !== shown && parseNumber(input.value) === value) mark(true);
      else if (value !== shown || !busy) {
        showValue(input, print(value));
        mark(true);
      }
      shown = value;
    },
  };
}

/**
 * The cells of one list of the state, each of which the reader can edit.
 * @param {any} store
 * @param {string} name of the trait
 * @param {string} letter by which the cells are called: x[0], x[1], ...
 */
export function editableList(store, name, letter) {
  const element = h("span.cv-cells");
  const cells = [];
  return {
    element,
    show(values, largest) {
      while (cells.length > values.length) cells.pop().element.remove();
      while (cells.length < values.length) {
        const i = cells.length;
        const cell = editableCell({
          label: `${letter}[${i}]`,
          read: () => store.state[name][i],
          write: (value) => store.propose({ [name]: store.state[name].with(i, value) }),
          writeAll: (list) => store.propose({ [name]: list }),
          refuse: (sentence) => store.refuse(sentence),
        });
        cells.push(cell);
        element.append(cell.element);
      }
      cells.forEach((cell, i) => {
        cell.show(values[i]);
        tint(cell.element, values[i], largest);
      });
    },
  };
}

/**
 * Where the picture is wider than the screen, scrolls it so that the window can be seen.
 * @param {HTMLElement} stage that scrolls
 * @param {HTMLElement} window
 * @param {number} start where the window begins, as a share of the whole width
 */
export function keepInSight(stage, window, start) {
  const room = stage.scrollWidth - stage.clientWidth;
  if (room <= 0) return;
  const from = start * stage.scrollWidth;
  const to = from + window.offsetWidth;
  const margin = 30;
  if (from < stage.scrollLeft + margin || to > stage.scrollLeft + stage.clientWidth - margin)
    stage.scrollTo({
      left: from - (stage.clientWidth - window.offsetWidth) / 2,
      behavior: prefersStillness() ? "auto" : "smooth",
    });
}
