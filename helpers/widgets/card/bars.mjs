/** A classifier's answer: a bar for each class, with its share in percent. */

import { percent, topOf } from "../arithmetic/answers.mjs";
import { h, setText } from "./dom.mjs";

/**
 * @param {object} options
 * @param {string} options.label
 * @param {number} [options.count] classes
 * @param {(index: number) => void} [options.pick] makes each row a button
 */
export function createBars({ label, count = 10, pick }) {
  const rows = Array.from({ length: count }, (_, index) => {
    const [bar, before, value] = [h("span.cv-bar"), h("span.cv-before", { hidden: true }), h("span.cv-percent")];
    const parts = [h("b", {}, String(index)), h("span.cv-track", { "aria-hidden": "true" }, bar, before), value];
    const button = () => h("button.cv-bar-row", { type: "button", onclick: () => pick(index) }, ...parts);
    const element = pick ? button() : h("div.cv-bar-row", {}, ...parts);
    return { element, bar, before, value };
  });
  return {
    element: h("div.cv-bars", { role: "group", "aria-label": label }, ...rows.map(({ element }) => element)),
    /**
     * @param {ArrayLike<number>} outputs
     * @param {object} [how]
     * @param {boolean} [how.known] whether they may be seen
     * @param {number | null} [how.chosen] the row that is looked into
     * @param {ArrayLike<number> | null} [how.earlier] what they were: a mark on each bar
     */
    show(outputs, { known = true, chosen = null, earlier = null } = {}) {
      const top = topOf(outputs);
      rows.forEach(({ element, bar, before, value }, index) => {
        bar.style.width = known ? `${100 * outputs[index]}%` : "0";
        setText(value, known ? percent(outputs[index]) : "?");
        before.hidden = !earlier;
        if (earlier) before.style.left = `${100 * earlier[index]}%`;
        element.classList.toggle("top", known && index === top);
        if (pick) element.setAttribute("aria-pressed", String(index === chosen));
      });
    },
  };
}
