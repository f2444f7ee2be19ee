/**
 * The keys of a lecture: overview, next chapter, clock, blank screen, colours, reset, and a help that lists them.
 *
 * `lectures.js` brings this module and hands it the keys; `present.js` scrolls and steps.
 */

import { h, setText } from "../../widgets/card/dom.mjs";
import { parseNumber } from "../../widgets/arithmetic/reading.mjs";
import { clockMinutes, forgetClock, setClock, showClock, switchClock } from "./clock.mjs";
import { note, openDialog } from "./dialogs.mjs";
import { know } from "./known.mjs";
import { addStep, openLesson, takeLesson } from "./lesson_panel.mjs";
import { followLesson, leaveLesson } from "./lesson_steps.mjs";
import { share } from "./share.mjs";
import { showSlideOf, slideStops, slideWords, startSlides, stopSlides, titleOf, wantsSlides } from "./slides.mjs";
import { toggleTally } from "./tally.mjs";

export { know, share, takeLesson };

const root = document.documentElement;
const isPresenting = () => root.classList.contains("cv-page-present");
const strip = h("div.book-strip", { hidden: true }, h("span.book-strip-words"), h("span.book-strip-end"));

/** What each key does; those that are not `always` there belong to present mode. */
const KEYS = [
  { keys: ["o"], label: "Overview: the sections and widgets of this page", act: overview },
  { keys: ["s"], label: "Slides: one section or widget at a time", act: turnSlides },
  { keys: ["n"], label: "Next chapter", act: nextChapter },
  { keys: ["r"], label: "Reset the widget in sight", act: reset },
  { keys: ["g"], label: "Guesses of the class: a tally beside a widget that asks", act: tally },
  { keys: ["t"], label: "Light or dark", act: turnColours },
  { keys: ["b", "."], label: "Blank screen; any key brings it back", act: blank },
  { keys: ["c"], label: "Clock: start it, stop it", act: clock },
  { keys: ["a"], label: "Add what is in sight to your lesson", act: collect, always: true },
  { keys: ["l"], label: "Your lesson: order it, save it, step through it", act: openLesson, always: true },
];

/** Keys that others have: they stand in the help, and are pressed there too. */
const ELSEWHERE = [
  [["Page Down", "Page Up"], "Step, then go on: what a clicker sends"],
  [["→", "←", "space"], "Step and play the widget that has the focus"],
  [["P"], "Present this page, and leave it; so does Escape"],
  [["?"], "This list, on every page"],
];

/** Something the reader pressed, see `lectures.js`. @param {string} key */
export function press(key) {
  if (key === "?") return help();
  return KEYS.find(({ keys }) => keys.includes(key))?.act();
}

/** The page is presented now, or is not any more. @param {boolean} on */
export function present(on) {
  if (!strip.isConnected) document.body.append(strip);
  showStrip(on);
  if (!on) {
    leaveLesson();
    stopSlides();
    /** @type {HTMLElement | null} */
    const tallyClose = document.querySelector(".book-tally .book-close");
    tallyClose?.click();
  }
  const words = on ? followLesson(goTo) : "";
  setText(strip.firstElementChild, words);
  showStrip(on);
  if (on && !words && wantsSlides()) turnSlides();
}

function showStrip(on = isPresenting()) {
  showClock(strip.lastElementChild, on);
  const isUsed = on && [...strip.children].some((part) => part.childNodes.length);
  strip.hidden = !isUsed;
  root.classList.toggle("book-with-strip", isUsed);
}

/** Slides, and the page again; behind a card that fills the screen nobody would see them. */
function turnSlides() {
  if (!isPresenting()) return;
  if (globalThis.bookSteer && !slideStops()) return note("A lesson has steps of its own: leave it for slides.");
  const changed = () => {
    setText(strip.firstElementChild, slideWords());
    showStrip();
  };
  if (slideStops()) stopSlides();
  else startSlides(goTo, changed, note);
  changed();
}

function help() {
  const row = (keys, label, act) => {
    const shown = keys.map((key) => h("kbd", {}, key.length === 1 ? key.toUpperCase() : key));
    const name = act ? h("button", { type: "button", onclick: () => [dialog.close(), act()] }, label) : label;
    return h("tr", {}, h("th", { scope: "row" }, ...shown), h("td", {}, name));
  };
  const minutes = h("input", { type: "text", inputmode: "numeric", size: 4, autocomplete: "off" });
  minutes.value = clockMinutes() || "";
  const begin = (event) => {
    event.preventDefault();
    const wanted = minutes.value.trim() === "" ? 0 : parseNumber(minutes.value);
    if (!setClock(wanted)) return minutes.setAttribute("aria-invalid", "true");
    dialog.close();
    showStrip();
  };
  const away = () => [forgetClock(), dialog.close(), showStrip()];
  const form = h(
    "form",
    { onsubmit: begin },
    h("label", {}, "The clock counts down from ", minutes, " minutes (empty: up)"),
    h("button", {}, "start"),
    h("button", { type: "button", onclick: away }, "no clock"),
  );
  const own = isPresenting() ? KEYS : KEYS.filter(({ always }) => always);
  const rows = [...own.map(({ keys, label, act }) => row(keys, label, act)), ...ELSEWHERE.map((one) => row(...one))];
  const dialog = openDialog("book-keys", "Keys", h("table", {}, h("tbody", {}, ...rows)), isPresenting() ? form : null);
}

/** The name of a place: what its heading says, or the title of a widget, also of one that is asleep. */
function nameOf(stop) {
  if (!stop.matches(".cv-widget")) return titleOf(stop);
  const heading = stop.querySelector(".cv > header h3")?.textContent;
  const asleep = JSON.parse(stop.querySelector(":scope > script")?.textContent ?? "{}");
  return heading || asleep.title || stop.dataset.title || stop.dataset.widget.replace(/([a-z])(?=[A-Z])/g, "$1 ");
}

function overview() {
  const onPage = () => {
    const stops = globalThis.presentStops();
    return { stops, reached: stops.findLastIndex((stop) => stop.getBoundingClientRect().top < innerHeight / 2) };
  };
  const { stops, reached } = slideStops() ?? onPage();
  const go = (stop) => {
    showSlideOf(stop, goTo);
    goTo(stop);
    if (slideStops()) setText(strip.firstElementChild, slideWords());
  };
  const entry = (stop, index) => {
    const isWidget = stop.matches(".cv-widget");
    const button = h(
      "button",
      { type: "button", "aria-current": index === reached && "location", onclick: () => [dialog.close(), go(stop)] },
      nameOf(stop),
    );
    const item = h("li", {}, button, isWidget ? h("span", {}, "widget") : null);
    item.classList.add(isWidget ? "widget" : `level-${stop.localName}`);
    return item;
  };
  const dialog = openDialog("book-overview", "On this page", h("ol", {}, ...stops.map(entry)));
  const buttons = [...dialog.querySelectorAll("li button")];
  buttons[Math.max(reached, 0)]?.focus();
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 1, PageUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    buttons[Math.min(Math.max(buttons.indexOf(document.activeElement) + step, 0), buttons.length - 1)].focus();
  });
}

/** How long a widget may take to wake, in frames. */
const PATIENCE = 300;

let latest = null; // where it was last asked to go: an older wish that still waits gives way

/** Brings a heading or a widget to the top and gives it the keys, as soon as it is awake. @param {HTMLElement} stop */
export function goTo(stop) {
  latest = stop;
  bringToTop(stop);
  let patience = PATIENCE;
  const isAsleep = () => stop.matches(".cv-widget") && !("ready" in stop.dataset);
  const giveKeys = () => {
    if (latest !== stop) return;
    if (isAsleep() && patience-- > 0) return void requestAnimationFrame(giveKeys);
    if (patience < PATIENCE) bringToTop(stop);
    /** @type {HTMLElement} */
    const focus = stop.querySelector(".cv-stage") ?? stop;
    if (focus === stop) focus.tabIndex = -1;
    focus.focus({ preventScroll: true });
  };
  giveKeys();
}

/** It is held there, whatever wakes above it, and when it wakes itself: the browser would hold what stands below. */
function bringToTop(stop) {
  stop.style.scrollMarginTop = root.classList.contains("book-with-strip") ? "calc(3vh + 2px)" : "12px";
  stop.scrollIntoView({ block: "start", behavior: "instant" });
  globalThis.bookHold?.(stop, stop.getBoundingClientRect().top);
}

function nextChapter() {
  /** @type {HTMLAnchorElement | null} */
  const next = document.querySelector("a.right-next");
  if (next) location.href = next.href;
  else note("This is the last page of the book.");
}

/** The widget that fills the screen, else the one that the keys act on, else the one that takes most of the screen. */
export function widgetInSight() {
  const full = document.querySelector(".cv-presenting");
  // Its place on the page is empty meanwhile.
  if (full) return /** @type {HTMLElement | null} */ (full.closest(".cv-widget"));
  /** @type {HTMLElement | null} */
  const own = document.activeElement?.closest(".cv-widget[data-ready]");
  const seen = (one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return Math.min(bottom, innerHeight) - Math.max(top, 0);
  };
  if (own && seen(own) > 0) return own;
  /** @type {NodeListOf<HTMLElement>} */
  const ready = document.querySelectorAll(".cv-widget[data-ready]");
  const all = [...ready].filter((one) => seen(one) > 60);
  return all.sort((one, other) => seen(other) - seen(one))[0] ?? null;
}

function tally() {
  toggleTally(widgetInSight(), note);
}

function reset() {
  const widget = widgetInSight();
  if (!widget) return note("There is no widget in sight to reset.");
  const isFull = widget.querySelector(".cv.cv-presenting");
  if (isFull && document.fullscreenElement) document.exitFullscreen();
  widget.dispatchEvent(new CustomEvent("cv-renew"));
  const inWidget = (selector) => /** @type {HTMLElement} */ (widget.querySelector(selector));
  if (isFull) inWidget('[aria-label="Present full screen"]').click();
  dispatchEvent(new Event("resize"));
  inWidget(".cv-stage").focus({ preventScroll: true });
}

/** Adds the widget in sight as it is now, or the section that is being read. */
function collect() {
  const panel = widgetInSight()?.querySelector(".cv-share");
  /** @type {{title: string, address: string}[]} */
  const shown = [];
  const hear = ({ detail }) => void shown.push(detail);
  panel?.addEventListener("cv-share", hear);
  panel?.dispatchEvent(new CustomEvent("cv-collect"));
  panel?.removeEventListener("cv-share", hear);
  if (shown.length) return addStep(shown[0].title, shown[0].address);
  const stops = globalThis.presentStops().filter((stop) => !stop.matches(".cv-widget"));
  const heading = stops.findLast((stop) => stop.getBoundingClientRect().top < innerHeight / 2) ?? stops[0];
  const page = location.href.replace(/[?#].*/, "");
  const id = heading?.closest("section")?.id;
  addStep(heading ? nameOf(heading) : document.title, page + (id ? `#${id}` : ""));
}

function turnColours() {
  const theme = root.dataset.theme === "dark" ? "light" : "dark";
  for (const name of ["theme", "mode"]) {
    root.dataset[name] = theme;
    try {
      localStorage.setItem(name, theme); // where the theme looks for it on the next page
    } catch {
      // This page has it.
    }
  }
}

/** A black screen, above everything, until any key or a tap. */
function blank() {
  const dialog = h("dialog.book-blank", { "aria-label": "Blank screen: any key brings the page back" });
  const back = (event) => {
    event.preventDefault();
    event.stopPropagation();
    dialog.close();
    dialog.remove();
  };
  dialog.addEventListener("keydown", back);
  dialog.addEventListener("click", back);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.tabIndex = 0;
  document.body.append(dialog);
  dialog.showModal();
  dialog.focus();
}

function clock() {
  switchClock();
  showStrip();
}
