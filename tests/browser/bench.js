/**
 * Lets one page of the workbench serve several tests: puts fresh widgets on it, takes them away, and
 * tells whether anything else has changed that the next test could notice.
 */
(() => {
  const isObject = (it) => (typeof it === "object" && it !== null) || typeof it === "function";
  /** What the browser brings: each property of each of its objects, by the name of the global. */
  function natives() {
    const found = [];
    const look = (name, it) => {
      for (const [key, own] of Object.entries(Object.getOwnPropertyDescriptors(it)))
        found.push([name, key, own.value, own.get, own.set]);
    };
    for (const [name, own] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) {
      if (brought.has(name)) continue;
      found.push([name, "", own.value, own.get, own.set]);
      if (!isObject(own.value) || own.value === globalThis) continue;
      for (const it of [own.value, own.value.prototype].filter(isObject)) look(name, it);
    }
    for (const it of [performance, navigator, document, history]) look("", it);
    return found;
  }
  const brought = new Set(["mounted", "bench", "startHost"]);
  const before = natives();
  const isUntouched = () => {
    const now = natives();
    return now.length === before.length && now.every((own, i) => own.every((it, j) => Object.is(it, before[i][j])));
  };
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
      isUntouched(),
    ]);
  }

  let given = ""; // the address with what it asks for
  const main = () => document.querySelector("main");

  globalThis.bench = {
    /** What `come` restores when nothing else has changed. */
    leave() {
      for (const dispose of globalThis.mounted.splice(0)) dispose();
      main().replaceChildren();
      getSelection().removeAllRanges();
      if (given && location.href === given) history.replaceState(null, "", location.pathname);
      given = "";
      return mark();
    },
    come(html, query) {
      if (query) {
        history.replaceState(null, "", query);
        given = location.href;
      }
      main().innerHTML = html;
      globalThis.startHost();
    },
  };
})();
