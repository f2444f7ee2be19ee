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
  const own = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  const here = own?.src || document.baseURI;
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

  /** The part of an anywidget model that the modules use, with nothing behind it but what the reader's device keeps. */
  function makeModel(state, first, keep, notes) {
    const listeners = new Map();
    return {
      first,
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
      save_changes: keep,
      send() {},
      resource,
      notes,
    };
  }

  async function load(name) {
    loaded.set(name, await Promise.all([link("card/address.mjs"), link(WIDGETS.modules[name])]));
    return loaded.get(name);
  }

  /** Where the modules have come before, the widget stands when this returns: a printer does not wait. */
  async function mount(container) {
    const source = container.querySelector("script").textContent;
    const first = JSON.parse(source);
    const name = container.dataset.widget;
    const [{ stateFromAddress }, { default: widget }] = loaded.get(name) ?? (await load(name));
    const wanted = stateFromAddress(parameters, container.dataset.place, first);
    const { linked, state: names, optional = {} } = widget.definition;
    const kept = [...(linked ?? names), ...Object.keys(optional)];
    const isWanted = Object.keys(wanted).length > 0;

    /** Makes the widget with a state; returns what takes it away again. */
    function draw(given) {
      const state = { ...first, ...given };
      const keep = () => remember(container.dataset.place, source, first, state, kept);
      const model = makeModel(state, first, keep, notesOf(container));
      const still = container.querySelector(":scope > .book-print-still");
      const leave = widget.render({ model, el: container });
      if (still) container.append(still); // which is printed as long as the widget's own picture is on its way
      container.style.minHeight = "0";
      // After the first picture, so that an address that does not fit is explained above a valid one.
      if (isWanted) container.dispatchEvent(new CustomEvent("cv-propose", { detail: wanted }));
      return leave;
    }
    const before = container.getBoundingClientRect();
    let leave = draw(isWanted ? {} : remembered(container.dataset.place, source));
    // Where the browser does not do so itself, what stands below what grew above the screen is held in its place.
    if (before.bottom < 0 && !CSS.supports("overflow-anchor", "auto"))
      scrollBy({ top: container.offsetHeight - before.height, behavior: "instant" });
    // A lecturer's reset: all that was set, guessed, shown or trained is gone, and the address counts again.
    container.addEventListener("cv-renew", () => {
      leave();
      notesOf(container).set("goal", null);
      leave = draw({});
      remember(container.dataset.place, source, first, first, kept);
    });
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

  const memory = globalThis.bookMemory;

  /** What a widget notes on the reader's device besides its state: the goal that was met, in which exercise. */
  function notesOf(container) {
    const { place } = container.dataset;
    const exercise = container.closest(".exercise")?.id;
    return {
      get: (key) => memory?.get(`${key} ${place}`),
      set(key, value) {
        memory?.set(`${key} ${place}`, value);
        if (key === "goal" && value && exercise) memory?.done(exercise);
      },
    };
  }

  const LONGEST = 20000; // letters: a network that was trained is trained again

  /** What the reader had set in a widget, unless the book has changed since. */
  function remembered(place, source) {
    const kept = memory?.get(`widget ${place}`);
    return kept?.of === source.length && kept.state ? kept.state : {};
  }

  function remember(place, source, first, state, names) {
    const entries = names.filter((name) => JSON.stringify(state[name]) !== JSON.stringify(first[name]));
    const changed = Object.fromEntries(entries.map((name) => [name, state[name]]));
    const isShort = JSON.stringify(changed).length < LONGEST;
    memory?.set(`widget ${place}`, entries.length && isShort ? { of: source.length, state: changed } : null);
  }

  const heightsKey = () => `heights ${Math.round(innerWidth / 40)}`;

  /** The room that a widget took last time; else that of its style counts (`helpers.book.rooms`). */
  function reserve(containers) {
    const before = memory?.get(heightsKey()) ?? {};
    for (const container of containers) {
      const height = before[container.dataset.place];
      if (height) container.style.minHeight = `${height}px`;
    }
  }

  /** Keeps the heights for the next time. */
  function keepHeights(containers) {
    const key = heightsKey();
    addEventListener("pagehide", () => {
      if (document.documentElement.classList.contains("cv-page-present")) return;
      const now = containers.filter((container) => "ready" in container.dataset);
      const heights = Object.fromEntries(now.map((container) => [container.dataset.place, container.offsetHeight]));
      if (now.length) memory?.set(key, { ...memory.get(key), ...heights });
    });
  }

  function start() {
    /** @type {NodeListOf<HTMLElement>} */
    const widgets = document.querySelectorAll(".cv-widget[data-widget]");
    const containers = [...widgets];
    const counts = {};
    for (const container of containers) {
      const stem = container.dataset.widget.toLowerCase();
      counts[stem] = (counts[stem] ?? 0) + 1;
      container.dataset.place = counts[stem] === 1 ? stem : `${stem}-${counts[stem]}`;
      container.dataset.frame = frameOf(container.dataset.place);
    }
    reserve(containers);
    keepHeights(containers);
    const arrival = globalThis.bookArrival;
    const bring = (container) =>
      mount(container)
        .catch((error) => {
          console.error(error);
          container.querySelector(".cv-fallback")?.append(" (This browser cannot run the widget.)");
        })
        .then(() => requestAnimationFrame(() => setTimeout(() => arrival?.end()))); // when it has been painted
    const near = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) if (isIntersecting) wake(/** @type {HTMLElement} */ (target));
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
    // A printer does not wait: it finds those whose modules have come, and stills of the others.
    addEventListener("beforeprint", () => {
      for (const container of containers) if (loaded.has(container.dataset.widget)) wake(container);
    });
    // When the page has nothing else to do; a module that does not come is missed by its widget.
    const names = new Set(containers.map((container) => container.dataset.widget));
    const entitle = ([, { default: widget }], name) => {
      for (const container of containers)
        if (container.dataset.widget === name) container.dataset.title = widget.definition.title;
    };
    const ahead = () =>
      names.forEach((name) =>
        load(name).then(
          (found) => entitle(found, name),
          () => {},
        ),
      );
    const whenIdle = () =>
      Promise.resolve(arrival?.over).then(() => (globalThis.requestIdleCallback ?? setTimeout)(ahead));
    if (document.readyState === "complete") whenIdle();
    else addEventListener("load", whenIdle, { once: true });

    // An address that names a widget opens on it; those above come first, so that nothing moves later. A lesson's steps
    // go to their places themselves.
    const wanted = containers.find((container) => container.dataset.place === parameters.get("widget"));
    if (wanted && !parameters.has("lesson"))
      Promise.all(containers.slice(0, containers.indexOf(wanted) + 1).map(wake)).then(() => {
        const show = () => wanted.scrollIntoView({ block: wanted.offsetHeight > innerHeight ? "start" : "center" });
        show();
        if (document.readyState !== "complete") addEventListener("load", show, { once: true });
      });
  }

  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
