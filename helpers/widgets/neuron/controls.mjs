/** The controls of the neuron: a slider and a field for each number, and what it is asked to do. */

import { attempt, INDICES, KINDS, MOST_INPUTS, PROBLEMS, withLength } from "./state.mjs";
import { called } from "./words.mjs";
import { editableCell } from "../card/cells.mjs";
import { numberField, part, segmented } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";
import { number } from "../arithmetic/format.mjs";

/** How far the sliders go, unless a number lies further out. */
const SPAN = 4;

/** A slider and a field for the same number. */
function createSlider(name, kind, { read, write, writeAll, refuse, onDrag }) {
  const range = h("input", {
    type: "range",
    step: 0.1,
    "aria-label": `${name}, slider`,
    oninput: () => {
      onDrag();
      write(Number(range.value));
    },
  });
  // The keys that move a slider would step through the calculation as well.
  range.addEventListener("keydown", (event) => /^(Arrow|Home|End)/.test(event.key) && event.stopPropagation());
  const cell = editableCell({ label: name, read, write, writeAll, refuse, step: 0.1 });
  return {
    field: cell.element,
    element: h(`div.neu-slider.${kind}`, {}, h("b", { "aria-hidden": "true" }, name), range, cell.element),
    show(value, least, most) {
      range.min = String(Math.min(least, Math.floor(value)));
      range.max = String(Math.max(most, Math.ceil(value)));
      range.value = String(value);
      range.setAttribute("aria-valuetext", number(value));
      cell.show(value);
    },
  };
}

/** One row for each input and its weight, and one for the bias. @param {any} store @param {() => void} onDrag */
export function createSliders(store, onDrag) {
  const element = h("div.neu-sliders");
  const shared = { refuse: (sentence) => store.refuse(sentence), onDrag };
  const entry = (list, letter, kind, i) =>
    createSlider(`${letter}${INDICES[i]}`, kind, {
      ...shared,
      read: () => store.state[list][i],
      write: (value) => attempt(store, { [list]: store.state[list].with(i, value) }),
      writeAll: (values) => attempt(store, { ...withLength(store.state, values.length), [list]: values }),
    });
  const bias = createSlider("b", "bias", {
    ...shared,
    read: () => store.state.bias,
    write: (value) => attempt(store, { bias: value }),
    writeAll: (values) => {
      store.refuse(`The bias is one number, not ${values.length}.`);
      return false;
    },
  });
  const rows = [];
  element.append(bias.element);
  return {
    element,
    /** Opens the field of a number. @param {string} name of the trait @param {number} [i] */
    edit: (name, i) => (name === "bias" ? bias : rows[i][name === "inputs" ? 0 : 1]).field.focus(),
    paint({ inputs, weights, bias: b, problem }) {
      while (rows.length > inputs.length) rows.pop().forEach((slider) => slider.element.remove());
      while (rows.length < inputs.length) {
        const i = rows.length;
        rows.push([entry("inputs", "x", "input", i), entry("weights", "w", "weight", i)]);
        bias.element.before(...rows.at(-1).map((slider) => slider.element));
      }
      const [least, most] = problem === "none" ? [-SPAN, SPAN] : [0, 1];
      rows.forEach(([x, w], i) => {
        x.show(inputs[i], least, most);
        w.show(weights[i], -SPAN, SPAN);
      });
      bias.show(b, -SPAN, SPAN);
    },
  };
}

/** @param {any} store @param {(sentence: string) => void} refuse */
export function createControls(store, refuse) {
  /** @type {[string, string][]} */
  const kinds = KINDS.map((kind) => [kind, called(kind)]);
  const activation = segmented("activation", kinds, (kind) => store.propose({ activation: kind }));
  /** @type {[string, string][]} */
  const problems = [["none", "none"]];
  for (const name of Object.keys(PROBLEMS)) problems.push([name, name.toUpperCase()]);
  const problem = segmented("problem", problems, (name) => {
    if (name === "none") return store.propose({ problem: name });
    const { inputs, weights } = withLength(store.state, 2);
    return store.propose({ problem: name, inputs: inputs.map((x) => (x >= 0.5 ? 1 : 0)), weights });
  });
  const length = numberField(
    "inputs",
    { min: 1, max: MOST_INPUTS },
    (count) => {
      const { problem: before } = store.state;
      const fits = store.propose(withLength(store.state, count));
      if (fits && before !== "none" && count !== 2)
        store.mention(`${before.toUpperCase()} has two inputs: the problem is left out.`);
      return fits;
    },
    refuse,
  );
  return {
    elements: [
      part("problem", problem.element),
      part("activation", activation.element),
      part("length", length.element),
    ],
    paint(state) {
      activation.show(state.activation);
      problem.show(state.problem);
      length.show(state.inputs.length);
    },
  };
}
