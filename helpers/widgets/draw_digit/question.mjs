/** Predict first: which digit will the network say? */

import { percent, rankOf, topOf } from "../arithmetic/answers.mjs";
import { h } from "../card/dom.mjs";
import { addPrediction, choiceButton } from "../card/predict.mjs";

const PLACES = ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "last"];

/** A share below which the network is as good as sure that it is another digit. */
const FAINT = 0.01;

/**
 * What the reader hears who said a digit.
 * @param {number} guess @param {ArrayLike<number>} outputs @param {number | null} label what a sample was written as
 */
export function diagnose(guess, outputs, label) {
  const top = topOf(outputs);
  const said = `The network says ${top}, with ${percent(outputs[top])}`;
  const rank = rankOf(outputs, guess);
  if (guess === top) {
    const wrong = label !== null && label !== top ? ` It is wrong, though: this was written as a ${label}.` : "";
    return { right: true, words: `Right: ${percent(outputs[top])} for ${top}.${wrong}` };
  }
  const own = guess === label ? "You read it as it was written; the network does not. " : "";
  const place = `Your ${guess} comes ${PLACES[rank]}, with ${percent(outputs[guess])}`;
  const isFaint = outputs[guess] < FAINT;
  const near = rank === 2 ? " It wavers between the two." : "";
  const lesson = isFaint ? " To the network this looks nothing like it." : near;
  return { right: false, known: true, words: `${own}${said}. ${place}.${lesson}` };
}

/**
 * @param {any} card @param {any} store
 * @param {{repaint: () => void, outputs: () => ArrayLike<number> | null, label: () => number | null}} widget
 */
export function addQuestion(card, store, { repaint, outputs, label }) {
  const answers = (pick) =>
    Array.from({ length: 10 }, (_, digit) =>
      choiceButton({ onclick: () => outputs() && pick(digit) }, () => (outputs() ? digit : undefined), String(digit)),
    );
  return addPrediction(card, store, {
    choices: (pick) => h("span.dd-answers", { role: "group", "aria-label": "Your prediction" }, ...answers(pick)),
    judge: (guess) => diagnose(guess, outputs(), label()),
    repaint,
  });
}
