/**
 * The host of the widgets on a built page: it stands in for a notebook's front end.
 *
 * `helpers.book` puts it behind `makeLinker` and a table `WIDGETS` with the sources of all modules,
 * the module of each class, and the scripts of the large files that they may ask for. A container is brought to life
 * when it comes near the screen.
 */
(function () {
  "use strict";
  const link = makeLinker(WIDGETS.sources);
  const parameters = new URLSearchParams(location.search);
  const here = document.currentScript?.src || document.baseURI;
  const resources = new Map();
  const loaded = new Map(); // the modules that have come, by the class that they show

  /** The bytes of a large file, from a script beside this one: a page on a disk may load nothing else. */
  function resource(name) {
    if (!resources.has(name)) resources.set(name, loadResource(name));
    return resources.get(name);
  }

  async function loadResource(name) {
    const file = WIDGETS.resources[name];
    const script = document.createElement("script");
    try {
      await new Promise((resolve, reject) => {
        Object.assign(script, { onload: resolve, onerror: reject, src: new URL(file, here) });
        document.head.append(script);
      });
      return Uint8Array.from(atob(globalThis.bookResources[name]), (letter) => letter.charCodeAt(0));
    } catch {
      resources.delete(name); // the next one to ask tries again
      const { Misfit } = await link("arithmetic/misfit.mjs");
      throw new Misfit(
        `The file ${file}, which belongs to this page, could not be loaded. Is the folder _static complete, ` +
          "or the connection down?",
      );
    } finally {
      delete globalThis.bookResources?.[name];
      script.remove();
    }
  }

  /** The part of an anywidget model that the modules use, with nothing behind it. */
  function makeModel(state) {
    const listeners = new Map();
    return {
      get: (name) => state[name],
      set(name, value) {
        if (JSON.stringify(state[name]) === JSON.stringify(value)) return;
        state[name] = value;
        for (const event of [`change:${name}`, "change"]) for (const listener of listeners.get(event) ?? []) listener();
      },
      on(event, listener) {
        if (!listeners.has(event)) listeners.set(event, new Set());
        listeners.get(event).add(listener);
      },
      off(event, listener) {
        if (listener) listeners.get(event)?.delete(listener);
        else listeners.delete(event);
      },
      save_changes() {},
      send() {},
      resource,
    };
  }

  async function load(name) {
    loaded.set(name, await Promise.all([link("card/address.mjs"), link(WIDGETS.modules[name])]));
    return loaded.get(name);
  }

  /** Where the modules have come before, the widget stands when this returns: a printer does not wait. */
  async function mount(container) {
    const state = JSON.parse(container.querySelector("script").textContent);
    const name = container.dataset.widget;
    const [{ stateFromAddress }, { default: widget }] = loaded.get(name) ?? (await load(name));
    const wanted = stateFromAddress(parameters, container.dataset.place, state);
    const model = makeModel(state);
    widget.render({ model, el: container });
    // After the first picture, so that an address that does not fit is explained above a valid one.
    if (Object.keys(wanted).length) container.dispatchEvent(new CustomEvent("cv-propose", { detail: wanted }));
  }

  /** The address of the page on which a widget stands alone, see `helpers.book.frames`. */
  function frameOf(place) {
    const { origin, pathname, protocol } = location;
    if (document.body.classList.contains("book-frame")) return (protocol === "file:" ? "file://" : origin) + pathname;
    const page =
      pathname
        .split("/")
        .pop()
        .replace(/\.html$/, "") || "index";
    return new URL(`../widgets/${page}-${place}.html`, here).href;
  }

  function start() {
    const containers = [...document.querySelectorAll(".cv-widget[data-widget]")];
    const counts = {};
    for (const container of containers) {
      const stem = container.dataset.widget.toLowerCase();
      counts[stem] = (counts[stem] ?? 0) + 1;
      container.dataset.place = counts[stem] === 1 ? stem : `${stem}-${counts[stem]}`;
      container.dataset.frame = frameOf(container.dataset.place);
    }
    const bring = (container) =>
      mount(container).catch((error) => {
        console.error(error);
        container.querySelector(".cv-fallback")?.append(" (This browser cannot run the widget.)");
      });
    const near = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) wake(target);
      },
      { rootMargin: "600px" },
    );
    const wake = (container) => {
      near.unobserve(container);
      if ("awake" in container.dataset) return null;
      container.dataset.awake = "";
      return bring(container);
    };
    for (const container of containers) near.observe(container);
    addEventListener("beforeprint", () => containers.forEach(wake));
    // When the page has nothing else to do; a module that does not come is missed by its widget.
    const names = new Set(containers.map((container) => container.dataset.widget));
    const ahead = () => names.forEach((name) => load(name).catch(() => {}));
    const whenIdle = () => (globalThis.requestIdleCallback ?? setTimeout)(ahead);
    if (document.readyState === "complete") whenIdle();
    else addEventListener("load", whenIdle, { once: true });

    // An address that names a widget opens on it; those above come first, so that nothing moves later.
    const wanted = containers.find((container) => container.dataset.place === parameters.get("widget"));
    if (wanted)
      Promise.all(containers.slice(0, containers.indexOf(wanted) + 1).map(wake)).then(() => {
        const show = () => wanted.scrollIntoView({ block: wanted.offsetHeight > innerHeight ? "start" : "center" });
        show();
        if (document.readyState !== "complete") addEventListener("load", show, { once: true });
      });
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
