/** Augmentation's controls: a slider for each change, and what they are drawn from. */

import { numberField, numberPair, part, selectNumber, slider } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";
import { MOST_SEED, SIDES, SLIDERS } from "./state.mjs";

/** @param {any} store */
export function createSettings(store) {
  const refuse = (sentence) => store.refuse(sentence);
  const sliders = Object.fromEntries(
    Object.entries(SLIDERS).map(([name, { called, most: max, step, unit }]) => [
      name,
      slider(called, { min: 0, max, step }, unit, (value) => store.propose({ [name]: value })),
    ]),
  );
  const seed = numberField("seed", { min: 0, max: MOST_SEED }, (value) => store.propose({ seed: value }), refuse);
  const again = h(
    "button",
    { type: "button", onclick: () => store.propose({ seed: (store.state.seed + 1) % (MOST_SEED + 1) }) },
    "draw again",
  );
  const others = {
    pixels: selectNumber("pixels a side", SIDES, (value) => store.propose({ pixels: value })),
    cell: numberPair(
      "cell",
      [
        ["row", "row"],
        ["column", "column"],
      ],
      { min: 0, max: Math.max(...SIDES) - 1 },
      (index, value) => store.propose({ cell: store.state.cell.map((old, i) => (i === index ? value : old)) }),
      refuse,
    ),
  };
  const wrap = (fields) => Object.entries(fields).map(([name, { element }]) => part(name, element));
  return {
    elements: [
      h("div.au-sliders", {}, ...wrap(sliders)),
      part("seed", h("span.cv-group", {}, seed.element, again)),
      ...wrap(others),
    ],
    /** @param {any} state */
    show(state) {
      for (const [name, field] of Object.entries({ ...sliders, seed, ...others })) field.show(state[name]);
    },
  };
}
