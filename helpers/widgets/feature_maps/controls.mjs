/** FeatureMaps' settings: the view, the digit, and how far it is changed. */

import { numberField, part, segmented, slider } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";
import { RANGES } from "./state.mjs";

/** @type {[string, string][]} */
const VIEW_WORDS = [
  ["maps", "its maps"],
  ["occlusion", "what counts"],
  ["excite", "what excites a map"],
  ["fool", "fool it"],
];

/** @param {any} card @param {any} store @param {any} question made by `addQuestion` */
export function addControls(card, store, question) {
  const propose = (changes) => store.propose(changes);
  const refuse = (sentence) => store.refuse(sentence);
  const view = segmented("show", VIEW_WORDS, (value) => propose({ view: value }));
  const digit = numberField("digit no.", RANGES.digit, (value) => propose({ digit: value }), refuse);
  const goOn = () => propose({ digit: (store.state.digit + 1) % (RANGES.digit.max + 1) });
  const next = h("button", { type: "button", onclick: goOn }, "next");
  const target = numberField("make it say", RANGES.target, (value) => propose({ target: value }), refuse);
  const moves = slider("steps", { ...RANGES.moves, step: 1 }, "", (value) => propose({ moves: value }));
  const reach = slider("ink at most", { ...RANGES.reach, step: 0.05 }, "", (value) => propose({ reach: value }));
  const fooling = part("fooling", h("span.cv-group.fm-fooling", {}, target.element, moves.element, reach.element));
  card.settings.append(
    part("view", view.element),
    part("digit", h("span.cv-group", {}, digit.element, next)),
    fooling,
    part("predict", question.element),
  );
  return {
    /** Which views there are. @param {boolean} answers whether the network ends in probabilities */
    offer(answers) {
      for (const [i, [name]] of VIEW_WORDS.entries())
        view.element.querySelectorAll("label")[i].hidden = !answers && ["occlusion", "fool"].includes(name);
    },
    show(state) {
      view.show(state.view);
      digit.show(state.digit);
      target.show(state.target);
      moves.show(state.moves);
      reach.show(state.reach);
      fooling.classList.toggle("fm-idle", state.view !== "fool");
    },
  };
}
