/** The truth table of AND, OR or XOR with the neuron's answers, and the four conditions that they come from. */

import { conditions } from "./state.mjs";
import { describeCount, describeLine, describeThreshold, short } from "./words.mjs";
import { part } from "../card/controls.mjs";
import { h, icon, ICONS, resize, setText } from "../card/dom.mjs";
import { number } from "../arithmetic/format.mjs";

/** A tick or a cross, and the word for it. */
const verdict = (right, words = ["right", "wrong"]) =>
  h(`span.neu-verdict.${right ? "right" : "wrong"}`, {}, icon(right ? ICONS.check : ICONS.cross), words[right ? 0 : 1]);

/** @param {any} store */
export function createTable(store) {
  const line = h("div.neu-equation");
  const away = h("div.neu-small");
  const threshold = h("div.neu-small");
  const count = h("div.neu-count");
  const body = h("tbody");
  const heads = ["x₁", "x₂", "wanted", "z", "a", "verdict"];
  const head = h("tr", {}, ...heads.map((name) => h("th", { scope: "col" }, name)));
  const table = h("table.neu-table", {}, h("thead", {}, head), body);
  const list = h("ol.neu-conditions");
  const sums = h("p");
  const proof = part(
    "proof",
    h(
      "details.neu-proof",
      {},
      h("summary", {}, "Can it be done? Four conditions"),
      h("div.neu-argument", {}, list, sums),
    ),
  );
  const judged = part("table", h("div", {}, count, table));

  function paintRows({ rows }, state, isKnown) {
    const choose = (i) => store.propose({ inputs: store.view.rows[i].x });
    resize(body, rows.length, (i) => h("tr", { onclick: () => choose(i) }, ...heads.map(() => h("td"))));
    rows.forEach(({ x, wanted, z, a, right }, i) => {
      const row = body.children[i];
      row.classList.toggle(
        "now",
        x.every((value, k) => value === state.inputs[k]),
      );
      const known = isKnown(i);
      const results = known ? [number(z), short(a)] : ["?", "?"];
      [...[...x, wanted].map((value) => number(value)), ...results].forEach((text, k) =>
        setText(row.children[k], text),
      );
      const mark = known ? (right ? "right" : "wrong") : "";
      if (row.dataset.verdict !== mark) row.lastElementChild.replaceChildren(known ? verdict(right) : "?");
      row.dataset.verdict = mark;
    });
  }

  /** The four inequalities with their numbers, and why they cannot all hold for XOR. */
  function paintProof(state, view) {
    const all = conditions(state, view);
    list.replaceChildren(
      ...all.map(({ point, sum, relation, value, holds }) =>
        h(
          `li.${holds ? "right" : "wrong"}`,
          {},
          h("span", {}, `(${point.join(", ")})`),
          h("b", {}, `${sum} ${relation} 0`),
          h("span", {}, `now ${number(value)}`),
          verdict(holds, ["holds", "fails"]),
        ),
      ),
    );
    const [above, below] = [all[1].relation, all[0].relation];
    const total = view.rows[1].z + view.rows[2].z;
    sums.replaceChildren(
      `Add the two in the middle: w₁ + w₂ + 2b ${above} 0. Add the first and the last: w₁ + w₂ + 2b ${below} 0. `,
      `It is the same sum, now ${number(total)}, and it cannot be both. So at least one of the four always fails: `,
      h("b", {}, "no weights and no bias make one neuron compute XOR."),
    );
  }

  return {
    element: h("div.neu-truth", {}, h("div", {}, line, threshold, away), judged),
    proof,

    /** @param {any} state @param {any} view @param {(row: number) => boolean} isKnown @param {boolean} isLineSeen */
    paint(state, view, isKnown, isLineSeen) {
      line.replaceChildren("line: ", h("b", {}, describeLine(state)));
      setText(threshold, describeThreshold(state.activation));
      const isThere = state.weights.some((weight) => weight !== 0);
      setText(
        away,
        !isThere
          ? "Both weights are 0: there is no line, and z = b everywhere."
          : isLineSeen
            ? "Drag the line: it moves the bias. Turn it by its arrow, which points to where the answer is 1."
            : "The line runs outside the picture: the neuron gives all that you see the same answer.",
      );
      const isAsked = state.problem !== "none";
      for (const box of [count, table]) box.hidden = !isAsked;
      proof.style.display = isAsked && state.problem === "xor" && view.rows.every((_, i) => isKnown(i)) ? "" : "none";
      if (!isAsked) return;
      paintRows(view, state, isKnown);
      const open = view.rows.every((_, i) => isKnown(i));
      setText(count, open ? describeCount(state.problem, view.right) : `How many of the 4 are right?`);
      count.classList.toggle("all", open && view.right === 4);
      if (state.problem === "xor") paintProof(state, view);
    },
  };
}
