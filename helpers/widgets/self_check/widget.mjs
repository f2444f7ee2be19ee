/** SelfCheck: questions with feedback that belongs to the very answer that was given. */

import { part } from "../card/controls.mjs";
import { h, icon, ICONS, markup, resize, setText, uniqueName } from "../card/dom.mjs";
import { number, parseNumber, plural } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";

/** After so many misses, a reader may look the number up. */
const TRIES = 2;
const ARROWS = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);
const GROUPED = /^[+−-]?\d{1,3}(?:([ ,.'’\u00a0\u2009\u202f])\d{3})(?:\1\d{3})*$/;

/** Formulas whose parts must not run together: a third is 1/3, not 13. */
const JOINTS = {
  mfrac: ["/"],
  msup: ["^"],
  msub: ["_"],
  msubsup: ["_", "^"],
  munder: ["_"],
  mover: ["^"],
  munderover: ["_", "^"],
};

/** The words of an element, with its formulas written in one line, as a label or to be spoken. @param {Node} element */
export function plainText(element) {
  const write = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeValue;
    const parts = [...node.childNodes].map(write);
    if (node.localName === "msqrt") return `√(${parts.join("")})`;
    const joints = JOINTS[node.localName];
    if (!joints) return parts.join("");
    const [base, ...rest] = parts.map((text) => (text.length > 1 && !/^\d+$/.test(text) ? `(${text})` : text));
    return base + rest.map((text, i) => joints[i] + text).join("");
  };
  return write(element).replace(/\s+/g, " ").trim();
}

/** A number in words: integers in full, others rounded. @param {number} value */
const words = (value) => number(value, Number.isInteger(value) ? 16 : 6);

/** @param {any} question @param {number} value */
const isRight = (question, value) => Math.abs(value - question.answer) <= question.tolerance;

/** The known mistake that leads to a value, if there is one. */
function mistake(question, value) {
  const distance = (known) => Math.abs(known.value - value);
  const [nearest] = [...question.wrong].sort((a, b) => distance(a) - distance(b));
  return nearest && distance(nearest) <= question.tolerance ? nearest : null;
}

/**
 * What a reader typed, as a number. The unit may be typed too, and digits may be grouped; where "1,050"
 * can be read in two ways, it is read in the way that the question knows.
 * @param {any} question
 * @param {string} text
 * @returns {number} NaN where it is none
 */
export function readAnswer(question, text) {
  const plain = text.trim();
  const bare = question.unit && plain.endsWith(question.unit) ? plain.slice(0, -question.unit.length).trim() : plain;
  const group = GROUPED.exec(bare);
  // 1,050 is two numbers to two people; here the question tells which one was meant.
  const decimal = bare.replace(/^([^,.]*),([^,.]*)$/, "$1.$2");
  const grouped = group ? bare.replaceAll(group[1], "") : "";
  const readings = [bare, decimal, grouped].map(parseNumber).filter(Number.isFinite);
  return (
    readings.find((value) => isRight(question, value)) ??
    readings.find((value) => mistake(question, value)) ??
    readings[0] ??
    NaN
  );
}

/** What can be said about a number that no known mistake leads to. */
export function hint(question, value) {
  const { answer, tolerance } = question;
  const near = (other) => Math.abs(value - other) <= tolerance;
  if (value !== 0 && near(-answer)) return "The size is right, the sign is not.";
  if (Number.isInteger(answer) && Math.abs(answer) > 1 && (near(answer + 1) || near(answer - 1)))
    return "Only one off: go through it once more.";
  if (!Number.isInteger(answer) && Math.abs(value - answer) <= 0.05 * Math.abs(answer))
    return "Very close: calculate with more digits.";
  return `That is too ${value > answer ? "large" : "small"}. Try again.`;
}

/**
 * What there is to say about an answer.
 * @param {any} question
 * @param {number | null} answer the place of an option in the author's order, or a number
 * @returns {{right: boolean, verdict: string, why: string, hint: string} | null} `why` is HTML; null while open
 */
export function judge(question, answer) {
  if (answer === null) return null;
  if (question.kind === "choice") {
    const { right, why } = question.options[answer];
    return { right, verdict: right ? "Right." : "Not right.", why, hint: "" };
  }
  if (isRight(question, answer))
    return { right: true, verdict: `${words(answer)} is right.`, why: question.why, hint: "" };
  const known = mistake(question, answer);
  const why = known ? known.why : question.hint;
  return { right: false, verdict: `${words(answer)} is not it.`, why, hint: why ? "" : hint(question, answer) };
}

/** @param {{questions: any[], answers: (number | null)[]}} state */
export function compute({ questions, answers }) {
  if (answers.length > questions.length)
    throw new Misfit(`There are ${answers.length} answers, but only ${plural(questions.length, "question")}.`);
  const results = questions.map((question, i) => {
    const answer = answers[i] ?? null;
    const last = question.kind === "choice" ? question.options.length - 1 : Infinity;
    const fits =
      question.kind === "choice" ? Number.isInteger(answer) && answer >= 0 && answer <= last : Number.isFinite(answer);
    if (answer !== null && !fits)
      throw new Misfit(
        `Question ${i + 1} cannot have the answer “${answer}”: it takes ` +
          `${question.kind === "choice" ? `an option from 0 to ${last}` : "a number"}.`,
      );
    return judge(question, answer);
  });
  return { results, right: results.filter((result) => result?.right).length };
}

/** The place below a question where its feedback stands. */
function feedbackPlace() {
  const element = h("div.sc-feedback", { hidden: true });
  let shown = "";
  return {
    element,
    /**
     * @param {"right" | "wrong" | "note"} kind
     * @param {string} verdict
     * @param {string} [why] HTML
     * @param {string} [more] plain
     */
    say(kind, verdict, why = "", more = "") {
      const now = JSON.stringify([kind, verdict, why, more]);
      if (now === shown) return;
      shown = now;
      element.hidden = !verdict;
      element.className = verdict ? `sc-feedback sc-${kind}` : "sc-feedback";
      const mark = { right: ICONS.check, wrong: ICONS.cross }[kind];
      element.replaceChildren(
        ...(mark ? [icon(mark)] : []),
        h(
          "div.sc-text",
          {},
          h(kind === "note" ? "span" : "strong", {}, verdict),
          " ",
          why ? markup("span.sc-why", why) : more,
        ),
      );
    },
    get text() {
      return plainText(element);
    },
  };
}

/**
 * Options to choose from. A click or a tap answers at once. The arrow keys only move the choice, as they
 * do in every radio group: the answer is given by Enter, by the space bar or by going on, so that nobody
 * has to walk through the explanations of other options.
 */
function choiceBody(question, label, { answerWith, speak }) {
  const name = uniqueName("answer");
  const place = feedbackPlace();
  const radios = [];
  const options = question.order.map((option) => {
    const text = markup("span.sc-text", question.options[option].text);
    // Said in full, because the label's own text may be nothing but MathML, which not everything reads.
    const radio = h("input", { type: "radio", name, value: option, "aria-label": plainText(text) });
    radios.push(radio);
    return h("label.sc-option", {}, radio, text);
  });
  const group = h("div.sc-options", { role: "radiogroup", "aria-label": label }, ...options);
  let moving = false;
  let answer = null;

  const commit = () => {
    moving = false;
    answerWith(Number(radios.find((radio) => radio.checked).value));
  };
  group.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !radios.includes(event.target)) return;
    if (ARROWS.has(event.key)) moving = true;
    else if (event.key === "Enter" || (event.key === " " && moving)) {
      event.preventDefault();
      event.target.checked = true;
      commit();
    }
  });
  group.addEventListener("pointerdown", () => (moving = false));
  group.addEventListener("change", () => {
    if (!moving) return commit();
    place.say("note", "Press Enter to answer.");
    speak();
  });
  group.addEventListener("focusout", ({ relatedTarget: next }) => {
    if (moving && next && !group.contains(next)) commit();
  });

  return {
    elements: [group, place.element],
    place,
    first: radios[0],
    reset: () => (moving = false),
    show(now, result) {
      if (moving && now === answer) return;
      moving = false;
      answer = now;
      radios.forEach((radio, i) => {
        const chosen = Number(radio.value) === now;
        radio.checked = chosen;
        options[i].classList.toggle("sc-right", chosen && result.right);
        options[i].classList.toggle("sc-wrong", chosen && !result.right);
      });
      place.say(result?.right ? "right" : "wrong", result?.verdict ?? "", result?.why);
    },
  };
}

/** A number to type. What is no number gets a sentence and counts as nothing. */
function numberBody(question, label, { answerWith, repaint }) {
  const place = feedbackPlace();
  const field = h("input.sc-number", {
    type: "text",
    "aria-label": question.unit ? `Your answer, in ${question.unit}` : "Your answer",
    autocomplete: "off",
    spellcheck: "false",
  });
  const check = h("button", { type: "button", onclick: submit }, "check");
  const reveal = h(
    "button",
    {
      type: "button",
      hidden: true,
      onclick: () => {
        revealed = true;
        complaint = "";
        field.focus();
        repaint();
      },
    },
    "show the answer",
  );
  const line = h(
    "div.sc-line",
    { role: "group", "aria-label": label },
    field,
    question.unit ? h("span.sc-unit", {}, question.unit) : null,
    check,
    reveal,
  );
  let misses = 0;
  let complaint = "";
  let revealed = false;
  let answer = null;

  function submit() {
    const typed = field.value.trim();
    const value = readAnswer(question, typed);
    complaint = "";
    if (typed === "") complaint = "Type a number first.";
    else if (Number.isNaN(value)) complaint = `“${typed}” is not a number: type it like 3, −0.5 or 2/3.`;
    else {
      if (!isRight(question, value) && value !== answer) misses += 1;
      revealed = false;
      answerWith(value);
    }
    field.select();
    repaint();
  }
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    submit();
  });

  return {
    elements: [line, place.element],
    place,
    first: field,
    reset() {
      misses = 0;
      complaint = "";
      revealed = false;
      field.value = "";
    },
    show(now, result) {
      if (now !== answer) {
        answer = now;
        const typed = readAnswer(question, field.value);
        if (now === null) field.value = "";
        else if (typed !== now) field.value = words(now);
      }
      field.setAttribute("aria-invalid", String(Boolean(complaint)));
      line.classList.toggle("sc-right", Boolean(result?.right) && !complaint);
      line.classList.toggle("sc-wrong", result?.right === false && !complaint);
      reveal.hidden = misses < TRIES || revealed || Boolean(result?.right);
      if (complaint) place.say("note", complaint);
      else if (revealed)
        place.say(
          "note",
          `The answer is ${words(question.answer)}${question.unit && ` ${question.unit}`}.`,
          question.why,
        );
      else place.say(result?.right ? "right" : "wrong", result?.verdict ?? "", result?.why, result?.hint);
    },
  };
}

function build(card, store) {
  const list = h("div.sc");
  card.stage.append(list);
  const marks = h("span.sc-marks", { "aria-hidden": "true" });
  const progress = h("span");
  const again = h("button.sc-again", { type: "button", onclick: restart }, icon(ICONS.reset), "start again");
  // These are no settings: a phone does not fold them away.
  card.settings.replaceChildren(part("progress", h("span.sc-progress", {}, marks, progress)), part("restart", again));

  let latest = null; // the question that was touched last, whose feedback is to be heard
  const bodies = store.state.questions.map((question, i) => {
    const prompt = markup("div.sc-text.sc-prompt", question.prompt);
    const label = `Question ${i + 1}: ${plainText(prompt)}`;
    const makeBody = question.kind === "choice" ? choiceBody : numberBody;
    const body = makeBody(question, label, {
      answerWith(value) {
        latest = i;
        store.propose({ answers: bodies.map((_, j) => (j === i ? value : (store.state.answers[j] ?? null))) });
      },
      repaint() {
        latest = i;
        paint(store.state, store.view);
      },
      speak: () => card.announce(body.place.text),
    });
    list.append(h("div.sc-question", {}, h("span.sc-index", {}, String(i + 1)), prompt, ...body.elements));
    return body;
  });
  letWideTextScroll(card, list);

  function restart() {
    latest = null;
    for (const body of bodies) body.reset();
    store.propose({ answers: bodies.map(() => null) });
    bodies[0].first.focus();
  }

  function paint(state, { results, right }) {
    bodies.forEach((body, i) => body.show(state.answers[i] ?? null, results[i]));
    const count = `${right} of ${results.length} right`;
    setText(progress, count);
    resize(marks, results.length, () => h("span"));
    results.forEach(
      (result, i) => (marks.children[i].className = result ? (result.right ? "sc-right" : "sc-wrong") : ""),
    );
    if (latest !== null) card.announce(`${bodies[latest].place.text} ${count}.`);
  }
  return paint;
}

/** Text with a formula wider than the screen scrolls; then, and only then, the keyboard must get there. */
function letWideTextScroll(card, list) {
  const watch = new ResizeObserver(() => {
    for (const text of list.querySelectorAll(".sc-text")) {
      if (text.scrollWidth > text.clientWidth + 1) text.tabIndex = 0;
      else text.removeAttribute("tabindex");
    }
  });
  watch.observe(list);
  card.onDispose(() => watch.disconnect());
}

export default defineWidget({
  name: "SelfCheck",
  title: "Check yourself",
  picture: "the questions",
  state: ["questions", "answers"],
  linked: [],
  optional: { answers: "with my answers" },
  parts: { progress: "progress", restart: "start again" },
  compute,
  build,
});
