/** Predict first: is there a difference, how far does the output move, how large is the largest difference? */

import { number } from "../arithmetic/format.mjs";
import { judgeGuess, sameNumber } from "../arithmetic/judge.mjs";
import { h } from "../card/dom.mjs";
import { addPrediction, choiceButton } from "../card/predict.mjs";
import { causeOf, direction, short } from "./words.mjs";

const ANSWERS = {
  none: "the same everywhere",
  border: "different at the border only",
  everywhere: "different all over",
};

/** Three digits are enough for the largest difference. */
const NEAR = 5e-3;

/** What is wrong with an answer to the first question. */
function missed(answer, cause, { layer, shift, step }) {
  const odd = shift.filter((pixels) => pixels % step).at(-1);
  if (cause === "everywhere")
    return (
      `Of ${step} places the layer keeps one. A shift of ${odd} is no multiple of ${step}: which places ` +
      "are kept before the shift, and which after it?"
    );
  if (answer === "everywhere" && step > 1 && odd === undefined)
    return (
      `A stride or pooling does not always matter: ${direction(shift)} is a multiple of ${step}. Which ` +
      "places are kept before the shift, and which after it?"
    );
  if (answer === "everywhere" && step > 1)
    return "The shift is no whole step, but look at the picture: does what is left out differ from what is kept?";
  if (answer === "everywhere")
    return "The kernel does the same at every place, whatever it is: inside, the order makes no difference.";
  if (cause === "border")
    return (
      "Inside that is so. But what does the kernel meet where it reaches over the edge, before the shift " +
      "and after it?"
    );
  return layer.border === "wrap"
    ? "The border is wrapped: what leaves on one side comes in on the other, and no window meets anything else."
    : "Only those cells are compared whose windows lie on the picture: what do they know of the border?";
}

/**
 * @param {any} card @param {any} store
 * @param {{repaint: () => void, results: () => {orders: any, wrapped: any} | null}} widget results: null as long as
 * there is no picture
 */
export function addQuestion(card, store, { repaint, results }) {
  const axis = () => (store.state.shift[1] ? 1 : 0);
  const judges = {
    zero(answer) {
      const { orders, wrapped } = results();
      const cause = causeOf(orders, wrapped);
      if (answer === cause) return { right: true, words: `Right: ${ANSWERS[cause]}.` };
      return { right: false, words: missed(answer, cause, store.view) };
    },
    cells(guess) {
      const { shift, step } = store.view;
      const pixels = shift[axis()];
      const answer = pixels / step;
      const between = Number.isInteger(answer)
        ? ""
        : ", which is between two cells: no shift of the output is the same";
      return judgeGuess(guess, answer, {
        right: `Right: ${pixels} / ${step} = ${short(answer)}${between}.`,
        slips: [
          [
            pixels,
            `That is how far the picture moves. From one cell of the output to the next, the layer moves ${step} ` +
              "pixels.",
          ],
          [pixels * step, `The output has fewer cells than the picture, so it moves by fewer: divide by ${step}.`],
          [Math.floor(answer), `Those are the whole cells. ${pixels} is no multiple of ${step}: what is left of it?`],
          [Math.ceil(answer), `${pixels} is no multiple of ${step}: do not round.`],
          [step, "That is how many pixels lie between two cells of the output."],
        ],
        hint: `Two neighbouring cells of the output lie ${step} pixels apart.`,
      });
    },
    largest(guess) {
      const { orders, wrapped } = results();
      const {
        largest,
        plain: { picture, output },
      } = orders;
      const spread = ({ values }) =>
        values.reduce((most, value) => Math.max(most, value), -Infinity) -
        values.reduce((least, value) => Math.min(least, value), Infinity);
      const same = (value, typed) =>
        value !== undefined && (sameNumber(value, typed) || Math.abs(value - typed) <= NEAR * Math.abs(value));
      return judgeGuess(guess, largest, {
        same,
        right: `Right: ${short(largest)}.`,
        slips: [
          [0, missed("none", causeOf(orders, wrapped), store.view)],
          [-largest, "The largest difference is meant without its sign."],
          [
            spread(output),
            "That is how far the output's largest and smallest values lie apart: do two cells at the same place " +
              "ever differ by so much?",
          ],
          [
            spread(picture),
            "That is how far black and white lie apart in the picture; what does the layer make of it?",
          ],
          [orders.differing, "That is how many cells differ, not by how much."],
        ],
        hint: "Look at one place: what is kept there before the shift, and what after it?",
      });
    },
  };
  const prediction = addPrediction(card, store, {
    repaint,
    judge: (answer) => judges[store.state.ask](answer),
    asks: () => store.state.shift.some((pixels) => pixels > 0),
    typed: () => store.state.ask !== "zero",
    choices: (pick) =>
      h(
        "span.cv-group",
        {},
        ...Object.entries(ANSWERS).map(([name, words]) =>
          choiceButton({ onclick: () => results() && pick(name) }, () => (results() ? name : undefined), words),
        ),
      ),
  });
  return {
    ...prediction,
    begin: ({ source, kernel, border, stride, pool, blur, shift, ask }) =>
      prediction.begin([source, kernel, border, stride, pool, blur, shift, ask]),
    isKnown: () => prediction.isKnown(0),
    /** What is asked. */
    words() {
      const { shift, step } = store.view;
      const moves = axis() ? "to the right" : "down";
      return {
        zero: `The picture is shifted ${direction(shift)}. Will f(S x) and S f(x) be the same?`,
        cells:
          `The picture moves ${number(shift[axis()])} ` +
          `${moves}${step > 1 ? ", and the layer leaves places out" : ""}. By how many cells does the output ` +
          "move?",
        largest: "How large is the largest difference between f(S x) and S f(x)?",
      }[store.state.ask];
    },
  };
}
