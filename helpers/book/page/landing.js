/**
 * The place that a reader comes back to, by a reload or by going back: the same paragraph at the same height.
 *
 * A browser restores a distance from the top. But the widgets above wake meanwhile, and are seldom exactly as tall as
 * the room that was kept for them. So the paragraph at the top of the window is noted when the page is left, and held
 * there until the page has come to rest or the reader does something.
 */
(function () {
  "use strict";
  const REST = 3000; // ms after all has come
  const SIGNS = ["keydown", "pointerdown", "touchstart", "wheel", "hashchange", "beforeprint"];
  const HEADER = 60; // px of the window, covered by the page's own
  const article = document.querySelector("article.bd-article");
  const [entry] = performance.getEntriesByType("navigation");
  const root = document.documentElement;
  const key = `at ${location.pathname}${location.search}`;
  if (!article || root.classList.contains("book-frame")) return;

  /** What does not belong to a widget and is there from the start. */
  const blocks = () =>
    /** @type {HTMLElement[]} */ ([
      ...article.querySelectorAll(":is(h1, h2, h3, p, pre, li, table, .cv-widget):not(.cv-widget *)"),
    ]);
  const top = (/** @type {Element} */ block) => block.getBoundingClientRect().top;

  addEventListener("pagehide", () => {
    const seen = blocks();
    const at = seen.findIndex((block) => block.offsetParent && block.getBoundingClientRect().bottom > HEADER);
    const isPage = at >= 0 && !root.classList.contains("cv-page-present") && scrollY > 0;
    try {
      if (isPage) sessionStorage.setItem(key, JSON.stringify([at, seen.length, top(seen[at])]));
      else sessionStorage.removeItem(key);
    } catch {} // then the browser's own way has to do
  });

  /** @returns {[number, number, number] | null} */
  function noted() {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  }

  const before = noted();
  if (!before || !entry || /** @type {PerformanceNavigationTiming} */ (entry).type === "navigate") return;
  const [at, count, height] = before;
  const now = blocks();
  if (now.length !== count) return; // the book has changed since
  history.scrollRestoration = "manual";
  const hold = () => {
    const off = now[at].offsetParent ? top(now[at]) - height : 0; // in a fold that was open, and is no longer
    if (Math.abs(off) >= 1) scrollBy({ top: off, behavior: "instant" });
  };
  const watch = new ResizeObserver(hold);
  const leave = () => {
    watch.disconnect();
    for (const name of SIGNS) removeEventListener(name, leave, true);
    history.scrollRestoration = "auto";
  };
  for (const name of SIGNS) addEventListener(name, leave, { capture: true, passive: true });
  watch.observe(article);
  hold();
  const loaded = () => {
    hold();
    setTimeout(leave, REST);
  };
  if (document.readyState === "complete") loaded();
  else addEventListener("load", loaded, { once: true });
})();
