/** Stepping through a lesson in present mode, from page to page. */

import { base } from "./known.mjs";
import { note } from "./dialogs.mjs";
import { partsOf, stepAddress } from "./lesson.mjs";
import { lessonHere } from "./lesson_panel.mjs";

const MARGIN = 40;

/**
 * Takes the two buttons of a clicker over where the address names a step; without one it does nothing.
 * @param {(stop: HTMLElement) => void} goTo
 * @returns {string} what to show about it
 */
export function followLesson(goTo) {
  globalThis.bookSteer = null;
  const at = Number(new URLSearchParams(location.search).get("lesson")) - 1;
  if (!(at >= 0)) return "";
  const lesson = lessonHere();
  const step = lesson.steps[at];
  if (!step) {
    note("This lesson is not known here: press L and load its file.");
    return "";
  }
  const { id } = partsOf(step.link);
  const place = new URLSearchParams(location.search).get("widget");
  const section = document.getElementById(id)?.closest("section") ?? document.querySelector("article.bd-article");
  /** @type {HTMLElement | null} */
  const target = place ? document.querySelector(`.cv-widget[data-place="${CSS.escape(place)}"]`) : section;
  /** @type {HTMLElement | null | undefined} */
  const stop = place ? target : target?.querySelector("h1, h2, h3");
  if (stop) goTo(stop);
  else note("The page no longer has what this step shows.");

  const count = lesson.steps.length;
  globalThis.bookSteer = (direction) => {
    // What is longer than a screen comes past first.
    const { top, bottom } = (target ?? document.body).getBoundingClientRect();
    const isMore = direction > 0 ? bottom > innerHeight + MARGIN : top < -MARGIN;
    const next = at + direction;
    if (isMore) scrollBy({ top: direction * (innerHeight - 60), behavior: "instant" });
    else if (next >= 0 && next < count) location.assign(stepAddress(base, lesson, next));
    else note(direction > 0 ? "That was the last step of the lesson." : "This is the first step of the lesson.");
    return true;
  };
  return `${lesson.title} · ${at + 1} / ${count} · ${step.title}`;
}

/** Leaving present mode leaves the lesson too. */
export function leaveLesson() {
  globalThis.bookSteer = null;
  const address = new URL(location.href);
  if (!address.searchParams.has("lesson")) return;
  const kept = address.search
    .slice(1)
    .split("&")
    .filter((part) => !/^(lesson|present)=/.test(part));
  address.search = kept.join("&");
  if (address.hash.startsWith("#lesson-")) address.hash = "";
  history.replaceState(history.state, "", address);
}
