/** Predict first: of how many of the images is the label still true? */

import { labelAfter } from "../arithmetic/augmentation.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";
import { addPrediction } from "../card/predict.mjs";
import { COUNT, SLIDERS } from "./state.mjs";

/** @param {any} view @param {string} name of the digit @param {number} guess */
function judgeLabels({ changes, kept }, name, guess) {
  const keeping = (part) => changes.filter((change) => labelAfter(name, { ...change, ...part }) === name).length;
  return judgeGuess(guess, kept, {
    right: `Right: ${kept} of ${COUNT}.`,
    slips: [
      [COUNT - kept, "That is how many labels are false now."],
      [
        kept < COUNT ? COUNT : undefined,
        `Not every change leaves the label true: a mirrored ${name}, or one that stands on its head, is another thing.`,
      ],
      [keeping({ mirrored: false }), `You let the mirrored ones pass: a mirrored ${name} is no ${name}.`],
      [keeping({ angle: 0 }), `You let the turned ones pass: turned by more than 45° it is no ${name}.`],
    ],
    hint: "Go through them: is it mirrored, or turned by more than 45°?",
    same: (value, typed) => value === typed,
  });
}

/** @param {any} card @param {any} store @param {() => void} repaint */
export function addQuestion(card, store, repaint) {
  const prediction = addPrediction(card, store, {
    repaint,
    asks: () => store.view.kept !== null,
    judge: (guess) => judgeLabels(store.view, store.state.source, guess),
  });
  return {
    ...prediction,
    isKnown: () => prediction.isKnown(0),
    begin: ({ source, seed, ...state }) =>
      prediction.begin([source, seed, Object.keys(SLIDERS).map((name) => state[name])]),
    /** What is asked. @param {string} name */
    words: (name) => `Of how many of these ${COUNT} is the label ${name} still true?`,
  };
}
