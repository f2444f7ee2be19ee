/**
 * Large files that a widget needs: they come only when the widget is there, in both homes.
 *
 * On a built page the host's model has `resource`, which loads a script. In a notebook Python is asked, and
 * sends the bytes (helpers.widgets.base). Either way they are the bytes of `helpers/widgets/resources/`.
 */

import { h, setText } from "./dom.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";

/** What has come, by name: the same file for every widget. @type {Map<string, Uint8Array>} */
const arrived = new Map();

/** After so long a reader is told what it waits for. */
const LATE_MS = 3000;

/**
 * The bytes of a file that the widget's class names in `resources`.
 * @param {any} model
 * @param {string} name without an ending
 * @param {AbortSignal} [signal] ends the wait; then the promise stays open for ever
 * @returns {Promise<Uint8Array>} rejected with a sentence (Misfit) where the file does not come
 */
export async function resource(model, name, signal) {
  if (!arrived.has(name))
    arrived.set(name, await (model.resource ? model.resource(name) : askPython(model, name, signal)));
  return arrived.get(name);
}

/** Every view of a model hears every answer, so the first one does for all that wait. */
function askPython(model, name, signal) {
  return new Promise((resolve, reject) => {
    const hear = (content, buffers) => {
      if (content?.resource !== name) return;
      model.off("msg:custom", hear);
      if (content.problem) reject(new Misfit(content.problem));
      else resolve(toBytes(buffers[0]));
    };
    model.on("msg:custom", hear);
    signal?.addEventListener("abort", () => model.off("msg:custom", hear), { once: true });
    model.send({ resource: name });
  });
}

/** Front ends hand over an ArrayBuffer or any view of one. */
function toBytes(buffer) {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}

/**
 * Brings a file to a widget. While it is on its way, and where it does not come, a line below the card's
 * heading says so; all else of the widget goes on.
 * @param {any} card
 * @param {string} name of the file
 * @param {string} what the reader calls it: "the digits"
 * @param {(bytes: Uint8Array) => void} take called once, unless the widget has gone before
 */
export function bringResource(card, name, what, take) {
  const words = h("span");
  const again = h("button", { type: "button", hidden: true, onclick: bring }, "try again");
  const note = h("div.cv-note.cv-bringing", { role: "status" }, words, " ", again);
  card.stage.before(note);
  const leaving = new AbortController();
  const isPictured = card.awaitPicture();
  let timer;
  card.onDispose(() => {
    leaving.abort();
    clearTimeout(timer);
  });

  async function bring() {
    note.classList.remove("cv-wrong");
    again.hidden = true;
    setText(words, `Loading ${what} …`);
    clearTimeout(timer);
    const late = card.model.resource
      ? "the connection is slow."
      : "the kernel sends them when it has finished what it is doing.";
    timer = setTimeout(() => setText(words, `Still waiting for ${what}: ${late}`), LATE_MS);
    try {
      const bytes = await resource(card.model, name, leaving.signal);
      if (leaving.signal.aborted) return;
      clearTimeout(timer);
      take(bytes);
      isPictured();
      note.remove();
      card.fitting.keep(); // what has come may have made it taller
    } catch (error) {
      clearTimeout(timer);
      if (!(error instanceof Misfit)) throw error;
      if (leaving.signal.aborted) return;
      note.classList.add("cv-wrong");
      setText(words, error.message);
      again.hidden = false;
    }
  }
  bring();
}
