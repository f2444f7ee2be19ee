/** The speaker's clock: it runs, or counts down from some minutes, and goes on in the next chapter. */

import { h, setText } from "../../widgets/card/dom.mjs";
import { session } from "./session.mjs";

const LATE_S = 300; // from then on what is left is shown in another colour
const MOST_MINUTES = 600;

const element = h("span.book-clock", { role: "timer", "aria-label": "Time" });
let ticking = 0;

/** `since` is null while the clock stands; `spent` are the milliseconds before that; `minutes` 0 counts up. */
const state = () => session.get("clock") ?? { since: null, spent: 0, minutes: 0 };
const isUsed = ({ since, spent, minutes }) => since !== null || spent > 0 || minutes > 0;
const spentMs = ({ since, spent }) => spent + (since === null ? 0 : Date.now() - since);

/** @param {number} seconds negative for what is over time */
export function clockFace(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return `${seconds < 0 ? "−" : ""}${hours ? `${hours}:${two(minutes)}` : minutes}:${two(whole % 60)}`;
}

function paint() {
  const now = state();
  const spent = Math.floor(spentMs(now) / 1000);
  const left = 60 * now.minutes - spent;
  setText(element, clockFace(now.minutes ? left : spent));
  element.classList.toggle("late", now.minutes > 0 && left <= LATE_S);
  element.classList.toggle("stopped", now.since === null);
}

/** Shows the clock in a place if it is used, or takes it away. @param {HTMLElement} place @param {boolean} on */
export function showClock(place, on) {
  clearInterval(ticking);
  element.remove();
  if (!on || !isUsed(state())) return;
  place.append(element);
  paint();
  ticking = setInterval(paint, 500);
}

/** Starts it, or lets it stand. */
export function switchClock() {
  const now = state();
  const since = now.since === null ? Date.now() : null;
  session.set("clock", { ...now, since, spent: spentMs(now) });
}

/** Takes it away. */
export const forgetClock = () => session.set("clock", null);

/** The minutes that it counts down from. */
export const clockMinutes = () => state().minutes;

/** Starts it anew with so many minutes, or counting up with 0. @param {number} minutes */
export function setClock(minutes) {
  const fits = Number.isFinite(minutes) && minutes >= 0 && minutes <= MOST_MINUTES;
  if (fits) session.set("clock", { since: Date.now(), spent: 0, minutes });
  return fits;
}
