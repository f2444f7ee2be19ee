/**
 * Predict first: the reader says what a value will be before it is revealed, or picks a picture, and a wrong
 * answer is met with the slip that leads to it.
 *
 * A widget asks one question at each of its steps, or a single one (then `at` is always 0).
 */

import { toggle } from "./controls.mjs";
import { h, setText } from "./dom.mjs";
import { parseNumber } from "../arithmetic/format.mjs";

/**
 * One of the answers to pick from.
 * @param {Record<string, any>} attributes as for `h`: `onclick` picks it
 * @param {() => any} answer what it stands for, as `judge` takes it; undefined while nothing can be judged
 * @param {...(Node | string)} children
 */
export const choiceButton = (attributes, answer, ...children) =>
  Object.assign(h("button", { type: "button", ...attributes }, ...children), { answer });

/**
 * Adds the line with the arithmetic and, while the answer is hidden, the question below the stage.
 * @param {any} card
 * @param {any} store its state has `answer`, "shown" or "hidden"
 * @param {object} options
 * @param {(guess: any, at: number) => {right: boolean, words: string, known?: boolean}} options.judge known: the answer
 * is out now, right or wrong; it is asked about guesses of others too, so it changes nothing
 * @param {(guess: any, verdict: {right: boolean}) => void} [options.took] what the reader's own answer sets off
 * @param {(text: string) => any} [options.read] what was typed, as `judge` takes it; NaN where it makes no sense
 * @param {() => void} options.repaint
 * @param {() => number} [options.at] which question is on show
 * @param {() => number} [options.count] how many there are
 * @param {(at: number) => boolean} [options.asks] whether there is something to find at a step
 * @param {(at: number) => void} [options.go] shows another one
 * @param {string} [options.label] what a screen reader calls the field
 * @param {(pick: (answer: any) => void) => HTMLElement} [options.choices] answers to pick from, in place of the field:
 * buttons made by `choiceButton`
 * @param {() => boolean} [options.typed] where there are choices: whether the present question has the field all the
 * same
 */
export function addPrediction(card, store, options) {
  const {
    judge,
    repaint,
    read = parseNumber,
    at = () => 0,
    count = () => 1,
    asks = () => true,
    go = () => {},
    label = "Your prediction",
  } = options;
  let known = new Set();
  let asked = null;
  let verdict = null;
  let given = false; // whether the present answer was given away

  const guess = h("input.cv-guess", { type: "text", "aria-label": label, autocomplete: "off" });
  const check = h("button", { type: "button", onclick: submit }, "check");
  const giveAway = h("button", { type: "button", onclick: showAnswer }, "show");
  const choices = options.choices?.(settle) ?? null;
  const isTyped = options.typed ?? (() => !choices);
  const ask = h("div.cv-ask", {}, choices, guess, check, giveAway);
  const arithmetic = h("div.cv-arithmetic");
  const words = h("span", { role: "status" });
  const next = h("button", { type: "button", onclick: goOn }, "next");
  const judgement = h("div.cv-verdict", { hidden: true }, words, next);
  card.say.append(h("div.cv-line", {}, arithmetic, ask), judgement);
  guess.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // or the same key press would go on to the button that gets the focus
    submit();
  });

  function submit() {
    const text = guess.value.trim();
    const value = read(text);
    if (text === "") verdict = { right: false, words: "Type the number that you expect." };
    else if (Number.isNaN(value))
      verdict = { right: false, words: `“${guess.value}” is not a number: type the value that you expect.` };
    else return settle(value);
    repaint();
    guess.select();
  }
  function settle(answer) {
    verdict = judge(answer, at());
    options.took?.(answer, verdict);
    if (verdict.right || verdict.known) known.add(at());
    repaint();
    if (verdict.right && !next.hidden) next.focus();
    else if (verdict.right) card.stage.focus({ preventScroll: true });
    else if (isTyped()) guess.select();
  }
  function showAnswer() {
    known.add(at());
    verdict = null;
    given = true;
    repaint();
    card.stage.focus({ preventScroll: true });
  }
  function goOn() {
    go(at() + 1);
    queueMicrotask(() => guess.focus());
  }

  /** @typedef {HTMLButtonElement & {answer: () => unknown}} Choice see `choices` */
  const offered = () => [.../** @type {NodeListOf<Choice>} */ (choices.querySelectorAll("button:not([hidden])"))];
  const answerOf = (text) =>
    offered()
      .find((button) => button.textContent === text)
      ?.answer();
  const meant = (text) => (isTyped() ? read(text) : answerOf(text));
  const isSense = (text) => (isTyped() ? text !== "" && !Number.isNaN(read(text)) : answerOf(text) !== undefined);
  /** For whoever counts what a whole class says, see the book's tally: the question, but never its answer. */
  ask.question = {
    key: () => JSON.stringify([asked?.subject, at()]),
    choices: () => (isTyped() ? null : offered().map((button) => button.textContent)),
    isKnown: () => isKnown(at()),
    isSense,
    isSame: (one, other) => isSense(other) && JSON.stringify(meant(one)) === JSON.stringify(meant(other)),
    isRight: (text) => isSense(text) && judge(meant(text), at()).right,
  };

  const predict = toggle("predict first", (on) => store.propose({ answer: on ? "hidden" : "shown" }));
  const isKnown = (index) => store.state.answer === "shown" || known.has(index) || !asks(index);
  return {
    /** Where the widget writes the arithmetic of the present step. */
    arithmetic,
    /** The switch, for the settings. */
    element: predict.element,
    /** Whether the reader may see the value of a step. @param {number} index */
    isKnown,
    /** Whether the reader has found the value of a step, or had it shown. @param {number} index */
    isFound: (index) => known.has(index),

    /**
     * Call first when painting: a new subject makes everything unknown, a new step takes the verdict away.
     * @param {any} subject all that the values depend on
     */
    begin(subject) {
      const now = { subject: JSON.stringify(subject), at: at() };
      if (asked?.subject !== now.subject) known = new Set();
      if (asked?.subject !== now.subject || asked?.at !== now.at) {
        verdict = null;
        given = false;
      }
      if (asked?.at !== now.at) guess.value = "";
      asked = now;
    },

    /** Call last when painting. */
    show() {
      ask.hidden = isKnown(at());
      if (choices) choices.hidden = isTyped();
      guess.hidden = check.hidden = !isTyped();
      setText(words, verdict?.words ?? "");
      judgement.classList.toggle("right", Boolean(verdict?.right));
      next.hidden = !(verdict?.right || (given && isKnown(at()))) || at() === count() - 1;
      // Its room is kept, so that a verdict moves nothing; a question in a box of its own goes with its box.
      const isIdle = !verdict && next.hidden;
      judgement.hidden = isIdle && (store.state.answer === "shown" || (!card.root && (ask.hidden || !isTyped())));
      judgement.classList.toggle("cv-idle", isIdle);
      predict.show(store.state.answer === "hidden");
      ask.dispatchEvent(new CustomEvent("cv-asked", { bubbles: true }));
      // How many outputs there are is an answer too.
      const isOpen = Array.from({ length: count() }, (_, index) => index).every(isKnown);
      card.root?.classList.toggle("cv-guessing", !isOpen); // a question beside the play bar has no root
    },
  };
}
