/**
 * The end of the arrival at the top of a page, during which its later sections wait (`helpers.book.arrival`).
 *
 * `bookArrival.end()` is for the first widget that stands; `bookArrival.over` is a promise of the whole page. What the
 * reader does ends it too, before it is done, so that nobody meets a page of which a part is missing.
 */
(function () {
  "use strict";
  const SIGNS = ["keydown", "pointerdown", "touchstart", "wheel", "scroll", "hashchange", "beforeprint"];
  const LONGEST = 600; // ms after all has come: the first widget may stand far below, or nowhere
  const root = document.documentElement;
  /** @type {(value?: unknown) => void} */
  let whole;
  const over = new Promise((resolve) => (whole = resolve));

  function end(sign) {
    if (sign?.type === "scroll" && sign.target !== document) return; // the theme scrolls the contents
    for (const name of SIGNS) removeEventListener(name, end, true);
    root.classList.remove("book-arriving");
    whole();
  }
  globalThis.bookArrival = { over, end: () => end() };
  if (!root.classList.contains("book-arriving")) return whole();
  for (const name of SIGNS) addEventListener(name, end, { capture: true, passive: true });
  const soon = () => setTimeout(end, LONGEST);
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
})();
