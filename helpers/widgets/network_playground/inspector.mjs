/** One sample's pass through the network, in full arithmetic for one neuron and as a table for all. */

import { iconButton, numberField, part } from "../card/controls.mjs";
import { h, ICONS, setText } from "../card/dom.mjs";
import { folded } from "../card/panes.mjs";
import { describeNeuron, describeSample, nameNeuron, tableOf } from "./words.mjs";

const HEADS = ["layer, neuron", "z", "a", "δ", "∂L/∂w", "∂L/∂b"];

/** Writes texts into elements of one kind, making as many as are needed. */
function showLines(box, texts) {
  while (box.children.length > texts.length) box.lastElementChild.remove();
  while (box.children.length < texts.length) box.append(h("div"));
  texts.forEach((text, i) => setText(box.children[i], text));
}

/**
 * @param {any} store
 * @param {(changes: {sample?: number, neuron?: number[]}) => boolean} look at another sample or neuron
 */
export function createInspector(store, look) {
  const sample = numberField(
    "sample",
    { min: 1, max: 200 },
    (value) => look({ sample: value }),
    (sentence) => store.refuse(sentence),
  );
  const sampleInput = sample.element.querySelector("input");
  const heading = h("b");
  const about = h("span");
  const close = iconButton(ICONS.cross, "Stop looking into a sample", () => look({ sample: 0, neuron: [] }));
  const forward = h("div.np-lines");
  const backward = h("div.np-lines");
  const gradients = h("div.np-lines.np-gradients");
  const rows = h("tbody");
  const table = h(
    "details.np-all",
    {},
    h("summary", {}, "every z, a, δ and gradient of this sample"),
    h(
      "div.np-scroll",
      { tabindex: 0, role: "group", "aria-label": "table of all neurons" },
      h("table", {}, h("thead", {}, h("tr", {}, ...HEADS.map((name) => h("th", { scope: "col" }, name)))), rows),
    ),
  );
  let latest = null;
  const fill = () => {
    if (!table.open || !latest) return;
    const texts = tableOf(latest);
    while (rows.children.length > texts.length) rows.lastElementChild.remove();
    while (rows.children.length < texts.length)
      rows.append(h("tr", {}, h("th", { scope: "row" }), ...HEADS.slice(1).map(() => h("td"))));
    texts.forEach((row, i) => row.forEach((text, col) => setText(rows.children[i].children[col], text)));
  };
  table.addEventListener("toggle", fill);
  const note = h(
    "p.np-fine",
    {},
    "Written with four digits, calculated with all. The number below each neuron above is its a. These " +
      "are the gradients of this one sample; a step takes the mean over its batch.",
  );
  const element = part(
    "inspect",
    h(
      "div.np-inspect",
      { hidden: true },
      h("div.np-who", {}, sample.element, h("span", {}, heading, " ", about), close),
      h("div.np-way", {}, h("h4", {}, "forward"), forward),
      h("div.np-way", {}, h("h4", {}, "backward"), h("div", {}, backward, gradients)),
      table,
      folded("about these numbers", note),
    ),
  );
  const box = h("div.np-inspector", {}, element);
  box.hidden = true;
  element.hidden = false;
  return {
    element: box,
    /** @param {any} seen what inspectSample found, or null @param {any} state @param {any} network @param {any} data */
    show(seen, state, network, data) {
      latest = seen;
      box.hidden = !seen;
      if (!seen) return;
      sampleInput.max = String(data.count);
      sample.show(state.sample);
      setText(heading, `${nameNeuron(network, state.neuron)}.`);
      setText(about, describeSample(data, state.sample));
      const lines = describeNeuron(seen, state.neuron);
      showLines(forward, lines.forward);
      showLines(backward, lines.backward);
      showLines(gradients, lines.gradients);
      fill();
    },
  };
}
