/** Keeps account of all that outlives the function that asked for it, and mounts widgets alone. */
(() => {
  const alive = { timeout: new Set(), interval: new Set(), frame: new Set(), observer: new Set() };
  const listeners = [];
  function timer(kind, start, stop, once) {
    const [begin, end] = [globalThis[start], globalThis[stop]];
    globalThis[start] = (act, ...rest) => {
      const id = begin(
        (...args) => {
          if (once) alive[kind].delete(id);
          act(...args);
        },
        ...rest,
      );
      alive[kind].add(id);
      return id;
    };
    globalThis[stop] = (id) => {
      alive[kind].delete(id);
      end(id);
    };
  }
  timer("timeout", "setTimeout", "clearTimeout", true);
  timer("interval", "setInterval", "clearInterval", false);
  timer("frame", "requestAnimationFrame", "cancelAnimationFrame", true);
  for (const name of ["IntersectionObserver", "ResizeObserver", "MutationObserver"]) {
    const Kind = globalThis[name];
    globalThis[name] = class extends Kind {
      observe(...args) {
        alive.observer.add(this);
        super.observe(...args);
      }
      disconnect() {
        alive.observer.delete(this);
        super.disconnect();
      }
    };
  }
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const isShared = (target) =>
    [globalThis, document, document.documentElement, document.body].includes(target) ||
    target instanceof MediaQueryList ||
    (target instanceof HTMLElement && target.hasAttribute("data-mount"));
  EventTarget.prototype.addEventListener = function (kind, act, ...rest) {
    if (isShared(this ?? globalThis)) listeners.push([this ?? globalThis, kind, act]);
    return add.call(this ?? globalThis, kind, act, ...rest);
  };
  EventTarget.prototype.removeEventListener = function (kind, act, ...rest) {
    const at = listeners.findIndex((l) => l[0] === (this ?? globalThis) && l[1] === kind && l[2] === act);
    if (at >= 0) listeners.splice(at, 1);
    return remove.call(this ?? globalThis, kind, act, ...rest);
  };
  let ofModels = 0;
  globalThis.makeModel = (state) => {
    const heard = new Map();
    return {
      get: (name) => state[name],
      set(name, value) {
        state[name] = value;
        for (const act of heard.get(`change:${name}`) ?? []) act();
      },
      on(event, act) {
        heard.set(event, (heard.get(event) ?? new Set()).add(act));
        ofModels++;
      },
      off(event, act) {
        if (heard.get(event)?.delete(act)) ofModels--;
      },
      save_changes() {},
      send() {},
    };
  };
  globalThis.account = () => ({
    ...Object.fromEntries(Object.entries(alive).map(([kind, set]) => [kind, set.size])),
    listener: listeners.length,
    model: ofModels,
  });

  // Puts a widget on the page; what `mount` returns takes it away.
  globalThis.prepare = async ([module, state]) => {
    const { default: widget } = await makeLinker(WIDGETS.sources)(module);
    const text = JSON.stringify(state);
    const main = document.querySelector("main");
    globalThis.mount = () => {
      const el = document.createElement("div");
      el.className = "cv-widget";
      el.dataset.mount = "";
      main.append(el);
      const dispose = widget.render({ model: makeModel(JSON.parse(text)), el });
      return { el, dispose };
    };
    const pressKey = (el, key) =>
      el
        .querySelector(".cv-stage")
        .dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    // With `use` it is stepped and playing when it goes away; without, it has hardly begun.
    globalThis.once = async (use) => {
      const { el, dispose } = mount();
      await null;
      if (use) {
        await new Promise(requestAnimationFrame);
        pressKey(el, "ArrowRight");
        pressKey(el, " ");
        await new Promise(requestAnimationFrame);
      }
      const during = account();
      dispose();
      const after = account();
      const isReady = "ready" in el.dataset;
      el.remove();
      return { during, after, isReady };
    };
  };
})();
