/** Predict first: how far will the network get in a thousand steps? The answer is to train it. */

import { h } from "../card/dom.mjs";
import { grouped, number, plural } from "../arithmetic/format.mjs";
import { addPrediction, choiceButton } from "../card/predict.mjs";

const STEPS = 1000;
const MOST_SHARE = 0.9;

/** What loss counts as close to the curve: the noise's own variance, and a little. */
const closeLoss = (noise) => noise ** 2 + 0.01;

const ANSWERS = {
  points: [
    ["all", "every point"],
    ["most", "90 % or more, not all"],
    ["few", "fewer"],
  ],
  curve: [
    ["all", "closely"],
    ["most", "roughly"],
    ["few", "hardly"],
  ],
};
const ROUGH = 0.25;

/** Which of the answers is right. @param {{loss: number, accuracy: number | null}} reached */
export function rate({ loss, accuracy }, noise) {
  if (accuracy === null) return loss <= closeLoss(noise) ? "all" : loss <= ROUGH ? "most" : "few";
  return accuracy === 1 ? "all" : accuracy >= MOST_SHARE ? "most" : "few";
}

/**
 * @param {any} card @param {any} store
 * @param {{repaint: () => void, reached: () => any, experiment: () => any}} widget
 */
export function addQuestion(card, store, { repaint, reached, experiment }) {
  const answers = h("span.np-answers");
  /** @type {(answer: any) => void} */
  let settle = () => {};
  let picked = null; // while the network trains for the answer
  const kind = () => (store.state.data === "curve" ? "curve" : "points");

  function pick(answer) {
    const { trainer } = experiment();
    picked = answer;
    trainer.reset();
    trainer.stopAt = STEPS;
    trainer.play();
    repaint();
  }

  const element = h("div.np-question");
  const prediction = addPrediction({ say: element, stage: card.stage }, store, {
    choices(done) {
      settle = done;
      return answers;
    },
    judge(answer) {
      const { data, trainer } = experiment();
      const found = reached();
      const right = rate(found, store.state.noise);
      const { steps } = trainer.progress;
      const far =
        found.accuracy === null
          ? `the loss is ${number(found.loss, 3)}`
          : `${Math.round(found.accuracy * data.count)} of ${plural(data.count, "point")} are right`;
      const said = ANSWERS[kind()].find(([name]) => name === answer)[1];
      return {
        right: answer === right,
        known: true,
        words:
          `After ${grouped(steps)} steps ${far}: ` +
          `${answer === right ? "as you said." : `you said “${said}”. What stood in the way, or helped?`}`,
      };
    },
    repaint,
  });
  return {
    element,
    /** The switch, for the settings. */
    toggle: prediction.element,
    isKnown: () => prediction.isKnown(0),

    /** Whether the reader may train now; says what to do first where not. */
    allows() {
      if (prediction.isKnown(0) || picked !== null) return true;
      store.mention("First say what you expect: pick an answer, and the training starts.");
      return false;
    },

    /** Training was given up. */
    rest() {
      if (picked === null) return;
      picked = null;
      experiment().trainer.stopAt = null;
      repaint();
    },

    /** Training has come to rest: after so many steps, or because it diverged, the answer is out. */
    ended() {
      const { trainer } = experiment();
      const { steps, diverged } = trainer.progress;
      if (picked === null || (steps < STEPS && !diverged)) return;
      const answer = picked;
      picked = null;
      trainer.stopAt = null;
      settle(answer);
    },

    begin(state, view) {
      if (picked !== null && experiment().trainer.stopAt === null) picked = null; // another experiment
      prediction.begin([view.subject, state.learning_rate]);
      if (answers.dataset.kind !== kind()) {
        answers.dataset.kind = kind();
        answers.replaceChildren(
          ...ANSWERS[kind()].map(([name, words]) => choiceButton({ onclick: () => pick(name) }, () => name, words)),
        );
      }
    },

    show() {
      prediction.show();
      const known = prediction.isKnown(0);
      const asks = !known && picked === null;
      prediction.arithmetic.textContent = known
        ? ""
        : asks
          ? kind() === "curve"
            ? `How closely will it follow the curve after ${STEPS} steps?`
            : `How many points will be right after ${STEPS} steps?`
          : `You said “${ANSWERS[kind()].find(([name]) => name === picked)[1]}”. Watch.`;
      answers.parentElement.hidden = !asks;
      prediction.arithmetic.parentElement.hidden = known;
    },
  };
}
