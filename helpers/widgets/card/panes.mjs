/**
 * What a page shows at once and a phone has no room for: parts of a picture behind tabs, words and the settings behind
 * a button.
 *
 * Where there is width neither the tabs nor the button are there, and nothing is hidden (card.css).
 */

import { segmented } from "./controls.mjs";
import { h } from "./dom.mjs";

/**
 * Parts of a picture of which a phone shows one at a time.
 * @param {string} label what is chosen, for screen readers
 * @param {[words: string, elements: HTMLElement[], name?: string][]} parts the tab's words, what it shows, and the
 * name by which a lesson hides it; an element may be shown by several tabs
 */
export function panes(label, parts) {
  const tabs = segmented(
    label,
    parts.map(([words], at) => [at, words]),
    show,
  );
  tabs.element.classList.add("cv-tabs");
  tabs.element.querySelectorAll("label").forEach((tab, at) => parts[at][2] && (tab.dataset.tab = parts[at][2]));
  function show(at) {
    tabs.show(at);
    for (const [, elements] of parts)
      for (const element of elements) element.classList.toggle("cv-behind", !parts[at][1].includes(element));
  }
  show(0);
  return { element: tabs.element, show };
}

/** A button that a phone has before what it shows only when asked. @param {string} words */
export function unfolder(words) {
  const button = h(
    "button.cv-unfold",
    {
      type: "button",
      "aria-expanded": "false",
      onclick: () => button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") === "false")),
    },
    words,
  );
  return button;
}

/** Words that a phone shows when they are asked for. @param {string} words the button's @param {HTMLElement} text */
export const folded = (words, text) => h("div.cv-fold", {}, unfolder(words), text);
