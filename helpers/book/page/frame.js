/**
 * The script of a page that holds one widget and nothing else, mostly inside an iframe: light or dark as the reader's
 * system is, or as `?theme=dark` says, and its height is told to the page around it.
 */
(function () {
  "use strict";
  const root = document.documentElement;
  const wanted = new URLSearchParams(location.search).get("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    root.dataset.theme = ["light", "dark"].includes(wanted) ? wanted : dark.matches ? "dark" : "light";
  };
  paint();
  dark.addEventListener("change", paint);
  if (parent === window) return;

  // To whatever page it is in: a height is no secret.
  const tell = () => parent.postMessage({ type: "widget-height", height: Math.ceil(document.body.scrollHeight) }, "*");
  addEventListener("DOMContentLoaded", () => new ResizeObserver(tell).observe(document.body));
})();
