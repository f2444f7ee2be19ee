/** Predict first: how much will the remedy gain? The answer is to train all pairs. */

import { plural } from "../arithmetic/format.mjs";
import { h } from "../card/dom.mjs";
import { addPrediction, choiceButton } from "../card/predict.mjs";
import { gainsOf, points } from "./words.mjs";

const ANSWERS = [
  ["worse", "loses a point or more"],
  ["same", "within a point of 0"],
  ["some", "1 to 5 points"],
  ["much", "more than 5 points"],
];

/** Dropout may need so many. */
const SLOW_EPOCHS = 20;

/** Which answer a mean gain deserves. @param {number} mean a share */
export const rate = (mean) => (mean <= -0.01 ? "worse" : mean < 0.01 ? "same" : mean <= 0.05 ? "some" : "much");

const nameOf = (answer) => ANSWERS.find(([name]) => name === answer)[1];

/** What a wrong answer overlooked. @param {any} state @param {string} answer @param {string} right */
export function explain(state, answer, right) {
  const order = ANSWERS.map(([name]) => name);
  if (right === "worse" && state.dropout > 0 && state.epochs < SLOW_EPOCHS)
    return "With neurons off at random, training is slower: give it more epochs.";
  if (right === "worse") return "The remedy took away what was needed along with what was not.";
  if (order.indexOf(answer) > order.indexOf(right))
    return state.wrong === 0
      ? "All labels are right: there is little that must not be learned, so little to be gained."
      : "Look at the own labels: does it still learn the wrong ones by heart, or no longer enough of the right ones?";
  return state.wrong > 0
    ? "The plain network learns the wrong labels by heart, and the remedy keeps it from that."
    : "Other digits, or more of them, tell what holds beyond these few.";
}

/**
 * @param {any} card @param {any} store
 * @param {{repaint: () => void, begin: () => void, experiment: () => any}} widget
 */
export function addQuestion(card, store, { repaint, begin, experiment }) {
  const element = h("div.rg-question");
  /** @type {(answer: any) => void} */
  let settle = () => {};
  let picked = null; // while the pairs train for the answer
  let subject = "";

  function pick(answer) {
    if (!experiment()) return;
    picked = answer;
    begin();
    repaint();
  }
  const prediction = addPrediction({ say: element, stage: card.stage }, store, {
    choices(done) {
      settle = done;
      const judged = (name) => () => (experiment()?.finished.length ? name : undefined);
      const button = ([name, words]) => choiceButton({ onclick: () => pick(name) }, judged(name), words);
      return h("span.rg-answers", {}, ...ANSWERS.map(button));
    },
    asks: () => store.view.remedies.length > 0,
    judge(answer) {
      const pairs = experiment().finished;
      if (!pairs.length) return { right: false, known: true, words: "Training has diverged: there is no answer." };
      const { mean, better } = gainsOf(pairs);
      const right = rate(mean);
      const found = `${points(mean)} points, better in ${better} of ${plural(pairs.length, "pair")}`;
      return {
        right: answer === right,
        known: true,
        words:
          answer === right
            ? `${found}: as you said.`
            : `${found}: you said “${nameOf(answer)}”. ${explain(store.state, answer, right)}`,
      };
    },
    repaint,
  });
  return {
    /** The switch, for the settings. */
    toggle: prediction.element,
    element,
    /** Whether the reader may train now; says what to do first where not. */
    allows() {
      if (prediction.isKnown(0) || picked !== null) return true;
      store.mention("First say what you expect: pick an answer, and the training starts.");
      return false;
    },
    /** All pairs have been trained, or what was asked is gone. */
    ended() {
      if (picked === null || !experiment()?.ended) return;
      const answer = picked;
      picked = null;
      settle(answer);
    },
    begin(view, state) {
      const now = `${view.subject} ${state.pairs}`;
      if (now !== subject) picked = null;
      subject = now;
      prediction.begin(now);
    },
    show() {
      prediction.show();
      const isKnown = prediction.isKnown(0);
      const asks = !isKnown && picked === null;
      const remedy = store.view.remedy[0].toUpperCase() + store.view.remedy.slice(1);
      prediction.arithmetic.textContent = isKnown
        ? ""
        : asks
          ? `${remedy}: how much test accuracy will it gain, in the mean of ${plural(store.state.pairs, "pair")}?`
          : `You said “${nameOf(picked)}”. Watch.`;
      element.querySelector(".cv-ask").hidden = !asks;
      prediction.arithmetic.parentElement.hidden = isKnown;
      element.hidden = isKnown && element.querySelector(".cv-verdict").matches("[hidden], .cv-idle");
    },
  };
}
