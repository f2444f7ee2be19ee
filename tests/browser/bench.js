/**
 * Lets one page of the workbench serve several tests: puts fresh widgets on it, takes them away, and
 * tells whether anything else has changed that the next test could notice.
 */
(() => {
  const natives = () => [
    setTimeout,
    setInterval,
    requestAnimationFrame,
    Date,
    fetch,
    performance.now,
    Math.random,
    EventTarget.prototype.addEventListener,
    Element.prototype.requestFullscreen,
    matchMedia,
    navigator.clipboard?.writeText,
    HTMLCanvasElement.prototype.getContext,
    IntersectionObserver,
  ];
  const before = natives();
  const preferences = [
    "(prefers-color-scheme: dark)",
    "(prefers-reduced-motion: reduce)",
    "(forced-colors: active)",
    "(hover: hover)",
    "(pointer: coarse)",
    "print",
  ];
  const attributesOf = (e) => [...e.attributes].map(({ name, value }) => [name, value]);

  function mark() {
    const { documentElement: html, head, body } = document;
    return JSON.stringify([
      location.href,
      performance.timeOrigin,
      innerWidth,
      innerHeight,
      devicePixelRatio,
      scrollY,
      preferences.map((query) => matchMedia(query).matches),
      attributesOf(html),
      attributesOf(body),
      [...body.children].map((e) => e.tagName),
      [...head.children].map((e) => e.tagName),
      document.title,
      document.hidden,
      document.fullscreenElement === null,
      document.activeElement === body,
      Object.keys(globalThis),
      localStorage.length,
      sessionStorage.length,
      natives().map((native, i) => native === before[i]),
    ]);
  }

  const main = () => document.querySelector("main");

  globalThis.bench = {
    /** What `come` restores when nothing else has changed. */
    leave() {
      for (const dispose of globalThis.mounted.splice(0)) dispose();
      main().replaceChildren();
      getSelection().removeAllRanges();
      return mark();
    },
    come(html) {
      main().innerHTML = html;
      globalThis.startHost();
    },
  };
})();
