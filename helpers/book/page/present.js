/**
 * Present mode for a whole page: large type, no sidebars, and stepping by keyboard or remote control.
 *
 * `?present=1`, the key P or the button at the top starts it. Page Down and Page Up go through
 * headings and widgets; the arrow keys and space belong to the widget that has the focus. What else a lecture needs,
 * such as the overview and the clock, comes with `lectures.js`.
 */
(function () {
  "use strict";
  const TYPING =
    "input:not([type=range]):not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable=true]";
  const STOPS = "article.bd-article h1, article.bd-article h2, article.bd-article h3, article.bd-article .cv-widget";
  const root = document.documentElement;
  let bar = null;

  /** @returns {NodeListOf<HTMLElement>} */
  const all = (selector) => document.querySelectorAll(selector);
  const stops = () => [...all(STOPS)].filter((stop) => stop.offsetParent && !stop.closest(".cv"));
  const presenting = () => root.classList.contains("cv-page-present");
  const top = (stop) => stop.getBoundingClientRect().top;

  function go(direction) {
    if (globalThis.bookSteer?.(direction)) return; // slides and lessons have steps of their own
    const now = stops();
    const margin = 40;
    const next = direction > 0 ? now.find((stop) => top(stop) > margin) : now.findLast((stop) => top(stop) < -2);
    const target = next ?? (direction > 0 ? now.at(-1) : now[0]);
    // What is longer than a screen comes past screen by screen.
    const screen = innerHeight - 60;
    if (Math.abs(top(target)) > screen + margin) return scrollBy({ top: direction * screen, behavior: "instant" });
    target.style.scrollMarginTop = "12px";
    target.scrollIntoView({ block: "start", behavior: "instant" });
    /** @type {HTMLElement} */
    const focus = target.querySelector(".cv-stage") ?? target;
    if (focus === target) focus.tabIndex = -1;
    focus.focus({ preventScroll: true });
  }

  function makeBar() {
    const button = (words, label, act) => {
      const element = document.createElement("button");
      element.type = "button";
      element.textContent = words;
      element.title = label;
      element.setAttribute("aria-label", label);
      element.addEventListener("click", act);
      return element;
    };
    bar = document.createElement("div");
    bar.className = "cv-present-bar";
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", "Present mode");
    bar.append(
      button("‹", "Previous (Page Up)", () => go(-1)),
      button("›", "Next (Page Down)", () => go(1)),
      button("⋯", "What else there is, and its keys (?)", () => globalThis.bookLecture("press", "?")),
      button("✕", "Leave present mode (P or Escape)", toggle),
    );
    document.body.append(bar);
  }

  function toggle() {
    // What the reader has before the eyes stays where it is when type and widths change.
    const blocks = all("article.bd-article :is(h1, h2, h3, p, pre, li, table, .cv-widget)");
    const anchor = [...blocks].find((block) => block.offsetParent && block.getBoundingClientRect().bottom > 60);
    const height = anchor ? top(anchor) : 0;
    const on = root.classList.toggle("cv-page-present");
    if (on && !bar) makeBar();
    bar.hidden = !on;
    keep(on);
    dispatchEvent(new Event("resize")); // the widgets fit themselves to the screen
    if (anchor && scrollY > 0) scrollBy({ top: top(anchor) - height, behavior: "instant" });
    dispatchEvent(new CustomEvent("book-present", { detail: on }));
  }
  window.togglePresent = toggle;
  window.presentStops = stops;

  /** A lecture goes on after a reload and in the next chapter, in this window alone. */
  function keep(on) {
    try {
      if (on) sessionStorage.setItem("book present", "1");
      else sessionStorage.removeItem("book present");
    } catch {
      // A browser that keeps nothing: the address still can say so.
    }
  }
  function isKept() {
    try {
      return sessionStorage.getItem("book present") === "1";
    } catch {
      return false;
    }
  }

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "p" || event.key === "P") toggle();
    else if (!presenting() || document.querySelector(".cv-presenting")) return;
    else if (event.key === "PageDown") go(1);
    else if (event.key === "PageUp") go(-1);
    else if (event.key === "Escape") toggle();
    else return;
    event.preventDefault();
  });
  if (new URLSearchParams(location.search).get("present") === "1" || isKept()) toggle();
})();
