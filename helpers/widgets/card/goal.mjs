/**
 * A goal at the top of a card: what to reach, a tick once it is reached, and a sentence about the try on show.
 *
 * All sentences that may come lie on top of each other, and so does the longest name of the goal, so that none of them
 * moves what stands below. A phone has room for one of them: the goal until something has been tried, and then what is
 * said about the try; a button brings the others (card.css).
 */

import { judgeTry } from "../arithmetic/goals.mjs";
import { h, icon, ICONS, setText } from "./dom.mjs";
import { unfolder } from "./panes.mjs";

/** As the card's own: it speaks only when the reader has paused on something. */
const QUIET_MS = 600;
const KEY = "goal";
const MET_BEFORE = "Goal, met before:";

/**
 * @param {any} definition of the widget
 * @param {any} model
 * @param {any} store
 * @param {(() => void)[]} disposals
 */
export function goalPanel(definition, model, store, disposals) {
  const mark = h("span.cv-goal-mark", { "aria-hidden": "true" });
  const name = h("strong");
  const task = h("span");
  const longest = h("p.cv-goal-longest", { "aria-hidden": "true" });
  const words = h("div.cv-goal-words");
  const spoken = h("div.cv-spoken", { "aria-live": "polite" });
  const element = h("div.cv-goal", { role: "group", "aria-label": "Goal", hidden: true });
  const whole = unfolder("");
  whole.setAttribute("aria-label", "the whole goal");
  element.append(mark, whole, h("p.cv-goal-task", {}, name, " ", task), longest, words);

  const now = h("p", {}, "");
  let lines = new Map(); // sentence -> its element
  let isMet = false;
  let drawn = "";
  let said = "";
  let timer;
  disposals.push(() => clearTimeout(timer));

  function valueFor(key) {
    const fact = definition.facts?.[key];
    return fact ? fact(store.state, store.view, (trait) => model.get(trait)) : store.state[key];
  }

  /** Another goal: all that may be said about it, each in its place. */
  function draw(goal) {
    drawn = JSON.stringify(goal);
    element.append(spoken);
    said = "";
    isMet = model.notes?.get(KEY) === goal.says;
    setText(task, goal.says);
    longest.replaceChildren(h("strong", {}, MET_BEFORE), ` ${goal.says}`);
    // Also the one with numbers to be filled in: a number takes about as much room as its name in braces.
    const told = [metSentence(goal), `Not yet. ${goal.now ?? ""}`, ...(goal.near ?? []).map((miss) => miss.says)];
    const sentences = ["It is checked as you go.", ...told];
    lines = new Map(sentences.map((sentence) => [sentence, h("p", {}, sentence)]));
    lines.get(metSentence(goal)).className = "cv-goal-reached";
    words.replaceChildren(...lines.values(), now);
  }

  const metSentence = (goal) => `Reached. ${goal.met ?? ""}`.trim();

  function judge() {
    const { goal } = store.state;
    const isTried = store.isChanged || definition.hasResult?.((trait) => model.get(trait));
    const { kind, says } = judgeTry(goal, valueFor);
    if (kind === "met") return { kind, sentence: metSentence(goal) };
    if (!isTried) return { kind: "open", sentence: "It is checked as you go." };
    return { kind, sentence: kind === "near" ? says : `Not yet. ${says}`.trim() };
  }

  function speak(text) {
    clearTimeout(timer);
    timer = setTimeout(() => setText(spoken, text), QUIET_MS);
  }

  return {
    element,
    /** Call after every change of the state, and of what the widget has reached. */
    show() {
      const { goal } = store.state;
      element.hidden = !goal?.says;
      if (element.hidden || store.view === null) return;
      if (drawn !== JSON.stringify(goal)) draw(goal);
      const { kind, sentence } = judge();
      if (kind === "met" && !isMet) {
        isMet = true;
        model.notes?.set(KEY, goal.says);
      }
      if (!lines.has(sentence)) setText(now, sentence);
      const shown = lines.get(sentence) ?? now;
      for (const line of words.children) line.toggleAttribute("data-shown", line === shown);
      element.dataset.kind = kind;
      const state = `${kind} ${isMet}`;
      if (mark.dataset.state !== state) {
        mark.dataset.state = state;
        mark.replaceChildren(icon(isMet ? ICONS.check : ICONS.target));
        setText(name, kind === "met" ? "Goal met:" : isMet ? MET_BEFORE : "Goal:");
      }
      if (said && said !== sentence) speak(kind === "met" ? `Goal met. ${goal.met ?? ""}` : sentence);
      said = sentence;
    },
  };
}
