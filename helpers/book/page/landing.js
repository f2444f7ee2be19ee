/**
 * The place that a reader comes back to, by a reload or by going back: the same paragraph at the same height.
 *
 * A browser restores a distance from the top. But the widgets above wake meanwhile, and are seldom exactly as tall as
 * the room that was kept for them. So the paragraph at the top of the window is noted when the page is left, and held
 * there until the page has come to rest or something else moves it. `bookHold` does so for the steps of a lesson.
 */
(function () {
  "use strict";
  const REST = 3000; // ms after all has come
  const SIGNS = ["keydown", "pointerdown", "touchstart", "wheel", "beforeprint"];
  const HEADER = 60; // px of the window, covered by the page's own
  const article = document.querySelector("article.bd-article");
  const [entry] = performance.getEntriesByType("navigation");
  const root = document.documentElement;
  const key = `at ${location.pathname}${location.search}`;
  if (!article || root.classList.contains("book-frame")) return;

  const isPresented = () => root.classList.contains("cv-page-present");
  const top = (/** @type {Element} */ block) => block.getBoundingClientRect().top;
  /** What does not belong to a widget and is there from the start. */
  const blocks = () =>
    /** @type {HTMLElement[]} */ ([
      ...article.querySelectorAll(":is(h1, h2, h3, p, pre, li, table, .cv-widget):not(.cv-widget *)"),
    ]);

  let leave = () => {};

  /** Holds a place at this height of the window, until `leave`. @param {HTMLElement} block @param {number} height */
  function hold(block, height) {
    const distance = () => (block.offsetParent ? top(block) - height : 0); // in a fold that was open, and is no longer
    let ours = scrollY;
    const isAtEnd = () => scrollY + innerHeight > root.scrollHeight - 2; // where a page that shrinks is moved
    const put = () => {
      if (Math.abs(scrollY - ours) > 2 && !isAtEnd()) return leave(); // before its scroll event has come
      const off = distance();
      if (Math.abs(off) >= 1) scrollBy({ top: off, behavior: "instant" });
      ours = scrollY;
    };
    // Something else has moved the page: it is not ours any more. The browser itself moves nothing meanwhile.
    const yieldTo = () => Math.abs(scrollY - ours) > 2 && leave();
    const watch = new ResizeObserver(put);
    leave();
    leave = () => {
      watch.disconnect();
      for (const name of SIGNS) removeEventListener(name, leave, true);
      removeEventListener("scroll", yieldTo);
      history.scrollRestoration = "auto";
      document.body.style.overflowAnchor = "";
      leave = () => {};
    };
    for (const name of SIGNS) addEventListener(name, leave, { capture: true, passive: true });
    addEventListener("scroll", yieldTo, { passive: true });
    document.body.style.overflowAnchor = "none"; // on the root it has no effect in Chromium
    watch.observe(article);
    const stop = leave;
    const loaded = () => {
      if (stop !== leave) return; // the reader has gone elsewhere meanwhile
      put();
      setTimeout(() => stop === leave && stop(), REST);
    };
    put();
    if (document.readyState === "complete") loaded();
    else addEventListener("load", loaded, { once: true });
  }

  globalThis.bookHold = hold;

  addEventListener("pagehide", () => {
    const seen = blocks();
    const at = seen.findIndex((block) => block.offsetParent && block.getBoundingClientRect().bottom > HEADER);
    try {
      if (at >= 0 && !isPresented() && scrollY > 0)
        sessionStorage.setItem(key, JSON.stringify([at, seen.length, top(seen[at])]));
      else sessionStorage.removeItem(key);
    } catch {} // then the browser's own way has to do
  });

  /** @returns {[number, number, number] | null} */
  function noted() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(key));
      return Array.isArray(kept) ? /** @type {[number, number, number]} */ (kept) : null;
    } catch {
      return null;
    }
  }

  const before = noted();
  if (!before || !entry || /** @type {PerformanceNavigationTiming} */ (entry).type === "navigate") return;
  const [at, count, height] = before;
  const now = blocks();
  if (now.length !== count || !now[at]) return; // the book has changed since
  history.scrollRestoration = "manual";
  hold(now[at], height);
})();
