/**
 * The card around every widget: title, link, present, the places for picture and words, clean-up.
 *
 * A widget's module is `export default defineWidget({...})` with a pure `compute` and a `build` that
 * makes the elements once and returns a function that paints a state into them.
 */

import { requireGoal } from "../arithmetic/goals.mjs";
import { addressWithState, pythonCall } from "./address.mjs";
import { h, icon, ICONS, setText } from "./dom.mjs";
import { fitting } from "./fit.mjs";
import { goalPanel } from "./goal.mjs";
import { unfolder } from "./panes.mjs";
import { createStore } from "./store.mjs";

/** A live region speaks only when the reader has paused on something. */
const QUIET_MS = 350;

/**
 * @param {object} definition
 * @param {string} definition.name the Python class
 * @param {string} definition.title the card's heading
 * @param {string} [definition.picture] what the stage shows, for its label
 * @param {string[]} definition.state names of the traits that `compute` needs
 * @param {string[]} [definition.linked] those that a link restores; all unless given
 * @param {Record<string, string>} [definition.optional] those that a link restores if the reader says so: name -> label
 * @param {(state: any) => string[]} [definition.given] those that a Python call takes from a variable of that name; all
 * that no link restores unless given
 * @param {Record<string, string>} definition.parts what can be hidden: name -> label
 * @param {Record<string, (state: any, view: any, told: (trait: string) => any) => any>} [definition.facts] what a goal
 * may ask for besides the state; `told` gives what the widget has recorded
 * @param {(told: (trait: string) => any) => boolean} [definition.hasResult] whether anything has been recorded yet
 * @param {(state: any) => any} definition.compute
 * @param {(changes: any, state: any) => any} [definition.complete] as the store has it
 * @param {(state: any, view: any, changes: any) => any} [definition.settle] as the store has it
 * @param {(card: any, store: any) => (state: any, view: any) => void} definition.build
 */
export function defineWidget(definition) {
  return {
    definition,
    render({ model, el }) {
      const names = [...definition.state, "title", "hide", "goal"];
      const open = new Set([...linkedNames(definition), ...Object.keys(definition.optional ?? {}), "title", "hide"]);
      const askable = [...definition.state, ...Object.keys(definition.facts ?? {})];
      const compute = (state) => {
        requireGoal(state.goal ?? {}, definition.name, askable);
        return definition.compute(state);
      };
      const store = createStore(model, names, compute, definition);
      const card = { ...createCard(definition, el, store, model), model };
      const paint = definition.build(card, store);
      store.subscribe((state, view, remark) => {
        const title = state.title || definition.title;
        setText(card.heading, title);
        card.root.setAttribute("aria-label", title);
        card.stage.setAttribute("aria-label", `${title}: ${definition.picture ?? "the picture"}`);
        card.remark(remark);
        card.showPast();
        if (view === null) return;
        // What was refused is not to be mended any more once something else has been changed.
        if (!remark.wrong) restoreRefused(card.root);
        paint(state, view);
        card.goal.show();
        for (const part of card.root.querySelectorAll("[data-part], [data-tab]"))
          part.hidden = state.hide.includes(part.dataset.part ?? part.dataset.tab);
        if (card.root.isConnected) card.fitting.keep();
      });
      store.whenRecorded(card.goal.show);
      el.replaceChildren(card.root);
      card.fitting.fit();
      // The book's host sends what the page's address asks for, once the first picture stands.
      // What to hide comes first and by itself: a slip elsewhere in a lesson's address must not show the answer.
      const propose = (event) => {
        const wanted = Object.entries(event.detail).filter(([name]) => open.has(name));
        const { hide: left, answer, ...rest } = Object.fromEntries(wanted);
        const hide = Array.isArray(left) ? left : store.state.hide;
        const asked = answer === undefined ? {} : { answer: answer === "shown" ? "shown" : "hidden" };
        store.propose({ hide: hide.filter((part) => Object.hasOwn(definition.parts, part)), ...asked });
        if (Object.keys(rest).length) store.propose(rest, true);
      };
      el.addEventListener("cv-propose", propose);
      el.dataset.widget = definition.name;
      el.dataset.ready = "";
      return () => {
        el.removeEventListener("cv-propose", propose);
        store.dispose();
        card.dispose();
        delete el.dataset.ready;
      };
    },
  };
}

/** Shows in each field with a rejected entry what holds, but for the one in use; tells whether there was any. */
function restoreRefused(root) {
  const inUse = root.ownerDocument.activeElement;
  const left = [...root.querySelectorAll('[aria-invalid="true"]')].filter((field) => field !== inUse);
  for (const field of left) {
    field.setAttribute("aria-invalid", "false");
    field.dispatchEvent(new Event("cv-restore"));
  }
  return left.length > 0;
}

const linkedNames = (definition) => definition.linked ?? definition.state;

function createCard(definition, el, store, model) {
  const heading = h("h3");
  const stage = h("div.cv-stage", { tabindex: -1, role: "group" });
  const say = h("div.cv-say");
  const formula = h("div.cv-formula", { "data-part": "size" });
  const sentence = h("span");
  const fixes = h("div.cv-fixes");
  const note = h("div.cv-note", { role: "status" }, sentence, fixes);
  const playbar = h("div.cv-play", { "data-part": "playback" });
  const settings = h("form.cv-settings", { onsubmit: (event) => event.preventDefault() });
  settings.append(unfolder("settings"));
  const spoken = h("div.cv-spoken", { "aria-live": "polite" });
  const disposals = [];

  const present = presentation(disposals);
  const sharing = sharePanel(definition, el, store);
  const past = pastButtons(store, stage);
  const goal = goalPanel(definition, model, store, disposals);
  const header = h("header", {}, heading, ...past.buttons, sharing.button, present.button);
  const root = h(
    "section.cv",
    { role: "group", onfocusin: keepKeys },
    header,
    sharing.panel,
    goal.element,
    stage,
    say,
    formula,
    note,
    playbar,
    settings,
    spoken,
  );
  const fitted = fitting(root, disposals);
  present.of(root, fitted.fit);
  giveKeysBack(root, stage);
  leaveSlidersToSwipes(root);

  /** Takes up a setting that fits, so that nothing that the reader typed is left to be mended. */
  function fix(changes) {
    for (const field of root.querySelectorAll('[aria-invalid="true"]')) field.setAttribute("aria-invalid", "false");
    store.propose(changes);
    stage.focus({ preventScroll: true });
  }

  let offered = "[]";
  const missing = new Set(); // what the picture waits for
  return {
    root,
    heading,
    stage,
    say,
    formula,
    note,
    playbar,
    settings,
    fitting: fitted,
    goal,
    showPast: past.show,

    /** Something else is used now: rejected entries go. */
    putBack: () => restoreRefused(root) && store.withdraw(),

    /** @param {{sentence: string, wrong: boolean, fixes: [string, any][]}} remark */
    remark(remark) {
      setText(sentence, remark.sentence);
      note.hidden = !remark.sentence;
      note.classList.toggle("cv-wrong", remark.wrong);
      // Leaving a field says the same once more; a button on which the pointer is down must stay then.
      const now = JSON.stringify(remark.fixes);
      if (now !== offered)
        fixes.replaceChildren(
          ...remark.fixes.map(([words, changes]) =>
            h("button", { type: "button", onclick: () => fix(changes) }, words),
          ),
        );
      offered = now;
    },

    ...speaking(spoken, disposals),

    /** Until what it returns is called, the picture is not there, and a still is printed in its place. */
    awaitPicture() {
      const waiting = Symbol("waiting");
      missing.add(waiting);
      root.dataset.unpictured = "";
      return () => {
        missing.delete(waiting);
        if (!missing.size) delete root.dataset.unpictured;
      };
    },

    /** @param {() => void} undo called when the widget goes away */
    onDispose: (undo) => disposals.push(undo),
    dispose: () => disposals.forEach((undo) => undo()),
  };
}

/**
 * What screen readers are told: all of it, the result first, once the reader has stopped moving; while something plays,
 * how far it has come, in brief and now and then.
 */
function speaking(spoken, disposals) {
  /** @type {[string, string] | null} what was announced, and the same in brief */
  let latest = null;
  let pace = 0; // ms between two reports while something plays
  let saidAt = -Infinity;
  let timer = null;
  let isGone = false;
  disposals.push(() => {
    isGone = true;
    clearTimeout(timer);
  });
  const say = () => {
    timer = null;
    saidAt = performance.now();
    setText(spoken, latest[pace ? 1 : 0]);
  };
  const speaking = {
    /** @param {string} words @param {string} [inBrief] while something plays */
    announce(words, inBrief = words) {
      if (isGone) return;
      latest = [words, inBrief];
      if (pace) timer ??= setTimeout(say, Math.max(QUIET_MS, saidAt + pace - performance.now()));
      else {
        clearTimeout(timer);
        timer = setTimeout(say, QUIET_MS);
      }
    },
    /** @param {number} ms between two reports from now on; 0 when nothing plays */
    setPace(ms) {
      if (ms === pace) return;
      pace = ms;
      clearTimeout(timer);
      timer = null;
      if (!pace && latest) speaking.announce(...latest);
    },
  };
  return speaking;
}

/** Two buttons in every card: one takes the last change back, one brings the first numbers back. */
function pastButtons(store, stage) {
  const make = (path, label, act) => {
    const button = h("button.cv-icon-button.cv-past", {
      type: "button",
      title: label,
      "aria-label": label,
      hidden: true,
    });
    button.append(icon(path));
    button.addEventListener("click", () => {
      act();
      stage.focus({ preventScroll: true });
    });
    return button;
  };
  const last = make(ICONS.undo, "Take the last change back", () => store.undo());
  const all = make(ICONS.reset, "All as it was at first", () => store.restart());
  return {
    buttons: [last, all],
    show() {
      last.hidden = !store.canUndo;
      all.hidden = !store.isChanged;
    },
  };
}

/**
 * After a mouse or a finger has used a control, the keys act on the picture again. Whoever came by keyboard stays on
 * the control: there the keys are its own.
 */
function giveKeysBack(root, stage) {
  let byPointer = false;
  root.addEventListener("pointerdown", () => (byPointer = true), true);
  root.addEventListener("keydown", () => (byPointer = false), true);
  const hasSteps = () => stage.tabIndex === 0;
  const picture = () => (hasSteps() ? stage : (stage.querySelector("[role=application]") ?? stage));
  const give = (control) => {
    const isDone = byPointer && root.ownerDocument.activeElement === control;
    if (isDone && (hasSteps() || !stage.contains(control))) picture().focus({ preventScroll: true });
  };
  root.addEventListener("change", ({ target }) => {
    if (target.matches("select, input[type=checkbox], input[type=radio], input[type=range]")) give(target);
  });
  root.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button && !button.closest(".cv-share, .cv-stage")) give(button);
  });
}

/** A finger that scrolls the page from a slider has moved the slider's thumb at first: it goes back. */
function leaveSlidersToSwipes(root) {
  let before = "";
  root.addEventListener("pointerdown", ({ target }) => target.matches("input[type=range]") && (before = target.value));
  root.addEventListener("pointercancel", ({ target }) => {
    if (!target.matches("input[type=range]") || target.value === before) return;
    target.value = before;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** Asks JupyterLab to leave the keys to what has the focus: it would move between cells, or delete one. */
const keepKeys = (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true");

/** Full screen where the browser has it, the whole window elsewhere. */
function presentation(disposals) {
  const button = h(
    "button.cv-icon-button",
    { type: "button", title: "Present full screen", "aria-label": "Present full screen", "aria-pressed": "false" },
    icon(ICONS.present),
  );
  let root;
  let fit;
  const show = (on) => {
    root.classList.toggle("cv-presenting", on);
    fit();
    button.setAttribute("aria-pressed", String(on));
  };
  async function toggle() {
    const on = !root.classList.contains("cv-presenting");
    show(on);
    if (on) await root.requestFullscreen?.().catch(() => {});
    else if (root.ownerDocument.fullscreenElement === root) await root.ownerDocument.exitFullscreen();
  }
  button.addEventListener("click", toggle);
  disposals.push(() => root.ownerDocument.fullscreenElement === root && root.ownerDocument.exitFullscreen());
  return {
    button,
    of(element, refit) {
      root = element;
      fit = refit;
      root.addEventListener("fullscreenchange", () => show(root.ownerDocument.fullscreenElement === root));
      root.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && root.classList.contains("cv-presenting") && !root.ownerDocument.fullscreenElement)
          show(false);
      });
    },
  };
}

/** The HTML that puts the widget, alone and in this state, into another page. */
function iframeOf(el, title, state) {
  const address = addressWithState(el.dataset.frame, el.dataset.place.replace(/-\d+$/, ""), state);
  const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const height = Math.ceil(el.getBoundingClientRect().height) + 40;
  return (
    `<iframe src="${quoted(address)}" title="${quoted(title)}" width="100%" height="${height}" ` +
    'style="border: 0" loading="lazy" allow="fullscreen; camera"></iframe>'
  );
}

/** A panel that makes an address (in the book) or a Python call (in a notebook) of the present state. */
function sharePanel(definition, el, store) {
  const place = el.dataset.place;
  const panel = h("div.cv-share", { hidden: true });
  const field = h("input.cv-address", {
    type: "text",
    readonly: true,
    "aria-label": place ? "Address of this state" : "Python for this state",
  });
  const done = h("span.cv-done", { role: "status" });
  const copy = h("button", { type: "button" }, "copy");
  const hidden = new Map(Object.entries(definition.parts).map(([part, label]) => [part, check(label)]));
  const optional = new Map(Object.entries(definition.optional ?? {}).map(([name, label]) => [name, check(label)]));
  const linked = linkedNames(definition);
  const given =
    definition.given ?? (() => definition.state.filter((name) => !linked.includes(name) && !optional.has(name)));
  const ask = definition.state.includes("answer") ? check("hide the answer") : null;
  const page = place ? check("whole page in present mode") : null;
  const embed = el.dataset.frame ? check("as an iframe for another page") : null;

  function check(label) {
    const input = h("input", { type: "checkbox", onchange: refresh });
    return { input, row: h("label", {}, input, label) };
  }

  function refresh() {
    const chosen = [...optional.keys()].filter((name) => optional.get(name).input.checked);
    const state = Object.fromEntries([...linked, ...chosen].map((name) => [name, store.state[name]]));
    if (ask) state.answer = ask.input.checked ? "hidden" : "shown";
    state.hide = [...hidden].filter(([, part]) => part.input.checked).map(([part]) => part);
    field.value = embed?.input.checked
      ? iframeOf(el, store.state.title || definition.title, state)
      : place
        ? addressWithState(el.ownerDocument.location.href, place, state, page.input.checked)
        : pythonCall(definition.name, state, given(store.state));
    setText(done, "");
    if (place) tell(state);
  }

  /** The book offers more with an address: a place in a lesson, a QR code. */
  function tell(state) {
    const address = addressWithState(el.ownerDocument.location.href, place, state, page.input.checked);
    const detail = { title: store.state.title || definition.title, address };
    panel.dispatchEvent(new CustomEvent("cv-share", { bubbles: true, detail }));
  }

  function open() {
    if (ask) ask.input.checked = store.state.answer === "hidden";
    for (const [part, { input }] of hidden) input.checked = store.state.hide.includes(part);
    refresh();
  }

  panel.addEventListener("cv-collect", () => (panel.hidden ? open() : refresh()));
  copy.addEventListener("click", async () => {
    field.select();
    const copied = await navigator.clipboard?.writeText(field.value).then(
      () => true,
      () => false,
    );
    setText(done, copied ? "Copied." : "Press Ctrl+C (or ⌘C) to copy.");
  });

  const what = place ? "Link to this state" : "Python for this state";
  const button = h(
    "button.cv-icon-button",
    { type: "button", title: what, "aria-label": what, "aria-expanded": "false" },
    icon(ICONS.link),
  );
  button.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    if (!panel.hidden) {
      open();
      field.focus();
      field.select();
    }
  });
  store.subscribe(() => panel.hidden || refresh());

  const isFile = place && el.ownerDocument.location.protocol === "file:";
  const reach = isFile ? "This page is a file, so its address works on this computer only." : "";
  panel.append(
    h("div.cv-share-line", {}, field, copy, done),
    h("div.cv-share-line", {}, ...(reach ? [reach] : [])),
    h("div.cv-share-line", {}, ...[...optional.values()].map((part) => part.row), ask?.row, page?.row, embed?.row),
    h("fieldset.cv-share-line", {}, h("legend", {}, "leave out"), ...[...hidden.values()].map((part) => part.row)),
  );
  if (hidden.size === 0) panel.lastElementChild.remove();
  return { panel, button };
}
