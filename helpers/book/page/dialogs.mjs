/** Dialogs of a lecture and short notes: real `<dialog>` elements, which the browser shows above a full screen too. */

import { h, setText } from "../../widgets/card/dom.mjs";

/**
 * A dialog that is there while it is open. Escape and a click beside it close it; the focus goes back by itself.
 * @param {string} name a class: "book-overview"
 * @param {string} title
 * @param {...(Node | string | null)} children
 */
export function openDialog(name, title, ...children) {
  /** @type {HTMLDialogElement | null} */
  const former = document.querySelector("dialog.book-dialog[open]");
  former?.close();
  const close = h("button.book-close", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, "✕");
  const head = h("header", {}, h("h2", {}, title), close);
  const dialog = h("dialog.book-dialog", { "aria-label": title }, head, ...children);
  dialog.classList.add(name);
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

let timer;
/** It is there before it speaks: what a screen reader finds with its words in it, it passes over. */
const spoken = h("div.visually-hidden", { role: "status" });

/** A sentence at the foot of the page for some seconds, with something to do about it. @param {string} sentence */
export function note(sentence, [words, act] = ["", () => {}]) {
  document.querySelector(".book-toast")?.remove();
  clearTimeout(timer);
  const button = words ? h("button", { type: "button", onclick: () => [toast.remove(), act()] }, words) : null;
  const toast = h("div.book-toast", {}, h("span", {}, sentence), button);
  (document.fullscreenElement ?? document.body).append(toast);
  setText(spoken, "");
  if (!spoken.isConnected) document.body.append(spoken);
  setTimeout(() => setText(spoken, sentence), 100);
  timer = setTimeout(() => toast.remove(), 6000);
}
