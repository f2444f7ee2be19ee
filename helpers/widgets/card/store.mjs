/**
 * The state of a widget: read from the model, changed only to what fits.
 *
 * A change that does not fit is kept as a draft and explained, while the model and the picture stay
 * as they were; the next change is tried together with the drafts, so that a reader who enters a
 * large kernel first and more padding second gets there.
 */

import { Misfit } from "../arithmetic/misfit.mjs";
import { explainNonsense, inShort, requireSound } from "./wall.mjs";

/** A step, and whether the answer is shown, are no changes of what the widget is about. */
const PLACES = new Set(["step", "answer", "hide", "goal"]);
const SAME_MS = 800;
const MOST_PAST = 50;

const SILENCE = { sentence: "", wrong: false, fixes: [] };

/**
 * @param {any} model an anywidget model, or the book's
 * @param {string[]} names the traits that make up the state
 * @param {(state: Record<string, any>) => any} compute what the picture shows; throws Misfit where nothing fits
 * @param {Following} [following]
 *
 * @typedef {object} Following what changes with a change, as in Python
 * @property {(changes: any, state: any) => any} [complete] the changes, with others that belong to them
 * @property {(state: any, view: any, changes: any) => any} [settle] what a picture that fits makes of other settings;
 * throws Misfit where a change asks for something else
 */
export function createStore(model, names, compute, { complete = (changes) => changes, settle = () => ({}) } = {}) {
  const read = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const listeners = new Set();
  let hearRecord = () => {};
  let drafts = {};
  let remark = SILENCE;
  let state = read();
  let view = null;
  let scheduled = false;

  const first = state;
  const past = []; // what the reader may take back, the latest last
  let latest = { names: "", at: 0 };

  /** Notes what a change of the reader's has replaced; a drag, or a number that is typed, is one change. */
  function note(changed) {
    const now = { names: changed.join(), at: performance.now() };
    const isSame = now.names === latest.names && now.at - latest.at < SAME_MS;
    latest = now;
    if (isSame || changed.every((name) => PLACES.has(name))) return;
    past.push(Object.fromEntries(names.map((name) => [name, state[name]])));
    if (past.length > MOST_PAST) past.shift();
  }

  /**
   * Computes the picture of `candidate`, or notes why there is none.
   * @param {Record<string, any>} candidate
   * @param {Record<string, any> | null} changes those that come from outside, where anything may be wrong
   * @param {Record<string, any>} wanted all changes that are tried
   */
  function attempt(candidate, changes = null, wanted = {}) {
    try {
      requireSound(candidate, first);
      const next = compute(candidate);
      Object.assign(candidate, settle(candidate, next, wanted));
      remark = SILENCE;
      return next;
    } catch (error) {
      if (!(error instanceof Misfit) && changes === null) throw error;
      const isMisfit = error instanceof Misfit;
      remark = {
        sentence: inShort(isMisfit ? error.message : explainNonsense(changes)),
        wrong: true,
        fixes: isMisfit ? error.fixes : [],
      };
      return null;
    }
  }

  function notify() {
    scheduled = false;
    for (const listener of listeners) listener(state, view, remark);
  }

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(notify);
  }

  function adopt() {
    const candidate = read();
    const next = attempt(candidate);
    if (next !== null) {
      state = candidate;
      view = next;
      drafts = {};
    }
    schedule();
  }

  let saving = false;
  const onChange = () => saving || adopt();
  for (const name of names) model.on(`change:${name}`, onChange);
  adopt();

  return {
    get state() {
      return state;
    },
    get view() {
      return view;
    },

    /**
     * Tries changes; returns whether they fit.
     * @param {Record<string, any>} changes
     * @param {boolean} [fromOutside] from an address or another script: drafts only where a way to mend them is offered
     */
    propose(changes, fromOutside = false) {
      const wanted = complete({ ...drafts, ...changes }, state);
      const candidate = { ...state, ...wanted };
      const next = attempt(candidate, fromOutside ? changes : null, wanted);
      if (next === null) {
        if (!fromOutside || remark.fixes.length) drafts = { ...drafts, ...changes };
        schedule();
        return false;
      }
      const changed = names.filter(
        (name) =>
          candidate[name] !== model.get(name) && JSON.stringify(candidate[name]) !== JSON.stringify(model.get(name)),
      );
      if (changed.length && !fromOutside) note(changed);
      saving = true;
      for (const name of changed) model.set(name, candidate[name]);
      saving = false;
      state = candidate;
      view = next;
      drafts = {};
      if (changed.length) model.save_changes();
      schedule();
      return true;
    },

    /** Whether there is a change to take back, and whether anything differs from the first numbers. */
    get canUndo() {
      return past.length > 0;
    },
    get isChanged() {
      const was = model.first ?? first;
      return names.some((name) => !PLACES.has(name) && JSON.stringify(state[name]) !== JSON.stringify(was[name]));
    },

    /** Takes the last change back. */
    undo() {
      const before = past.pop();
      if (!before) return;
      const left = past.length;
      this.propose(before);
      past.length = left;
      latest = { names: "", at: 0 };
    },

    /** Sets everything as the chapter has it; this too can be taken back. */
    restart() {
      const was = model.first ?? first;
      latest = { names: "", at: 0 };
      this.propose(Object.fromEntries(names.filter((name) => name !== "hide").map((name) => [name, was[name]])));
    },

    /**
     * Tells Python what the widget has reached, in traits that nothing here depends on: no remark goes, nothing is
     * painted.
     * @param {Record<string, any>} values
     */
    record(values) {
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
      hearRecord();
    },

    /** @param {() => void} listener called when the widget has told what it has reached */
    whenRecorded(listener) {
      hearRecord = listener;
    },

    /**
     * Says what is wrong with something typed, and leaves the state alone.
     * @param {string} sentence
     * @param {[string, any][]} [fixes] as those of a Misfit
     */
    refuse(sentence, fixes = []) {
      remark = { sentence, wrong: true, fixes };
      schedule();
    },

    /** Drops what was typed and did not fit, and what was said about it. */
    withdraw() {
      drafts = {};
      this.refuse("");
    },

    /** Says something about what just changed. @param {string} sentence */
    mention(sentence) {
      remark = { sentence, wrong: false, fixes: [] };
      schedule();
    },

    /**
     * @param {(state: any, view: any, remark: {sentence: string, wrong: boolean, fixes: [string, any][]}) => void}
     * listener called after every change
     */
    subscribe(listener) {
      listeners.add(listener);
      if (view !== null || remark.sentence) listener(state, view, remark);
    },

    dispose() {
      for (const name of names) model.off(`change:${name}`, onChange);
      listeners.clear();
    },
  };
}
