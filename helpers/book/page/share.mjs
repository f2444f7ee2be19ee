/** What a widget's link panel offers besides the address: a place in the lesson, and a QR code for the room. */

import { h, setText } from "../../widgets/card/dom.mjs";
import { known, root, base } from "./known.mjs";
import { openDialog } from "./dialogs.mjs";
import { addStep } from "./lesson_panel.mjs";
import { qrPicture } from "./qr.mjs";

const HERE_ONLY = ["localhost", "127.0.0.1", "[::1]"];
const rows = new WeakMap();

/**
 * The address that another device can open, and what to say about it.
 * @param {string} address
 * @returns {{address?: string, words: string}}
 */
function forOthers(address) {
  const { protocol, hostname } = new URL(address);
  const isFile = protocol === "file:";
  if (!isFile && !HERE_ONLY.includes(hostname)) return { address, words: "" };
  if (known.home)
    return {
      address: new URL(address.slice(base.length), known.home).href,
      words: `It leads to the published book, ${known.home}`,
    };
  if (isFile)
    return {
      words:
        "This page is a file on this computer, and no phone can open it: a QR code of it would be of no use. " +
        "Open the published book for one, or build the book with its address in BOOK_ADDRESS.",
    };
  return { address, words: "Only this computer can open this address: another one needs that of a published book." };
}

function makeRow(panel) {
  const now = { title: "", address: "" };
  const words = h("span.book-share-words", { role: "status" });
  const figure = h("div.book-qr", { hidden: true });
  const add = () => addStep(now.title, now.address);
  const show = h("button", { type: "button", "aria-expanded": "false", onclick: toggle }, "QR code");
  const line = h("div.cv-share-line", {}, h("button", { type: "button", onclick: add }, "add to lesson"), show, words);
  panel.append(line, figure);

  function toggle() {
    figure.hidden = !figure.hidden;
    show.setAttribute("aria-expanded", String(!figure.hidden));
    draw();
  }

  let drawn = null;
  async function draw() {
    if (figure.hidden) {
      drawn = null; // opened again, it says again what there is to say
      return void setText(words, "");
    }
    const { address } = now;
    if (drawn === address) return;
    drawn = address;
    const target = forOthers(address);
    let picture = null;
    let said = target.words;
    try {
      picture = target.address ? await qrPicture(target.address, root) : null;
      if (target.address && !picture)
        said = "This state is too long for a QR code that a phone can read: set fewer numbers, or give the link.";
    } catch {
      drawn = null;
      said = "The part of the book that draws QR codes could not be loaded: is the folder _static complete?";
    }
    if (figure.hidden || (drawn !== null && drawn !== now.address)) return; // closed, or something newer is on its way
    setText(words, said);
    const large = () => openDialog("book-qr-large", now.title, picture.cloneNode(true), h("p", {}, target.address));
    figure.replaceChildren(
      ...(picture ? [picture, h("button", { type: "button", onclick: large }, "large, for the room")] : []),
    );
  }

  return (detail) => {
    Object.assign(now, detail);
    draw();
  };
}

/**
 * The panel of a widget shows an address.
 * @param {HTMLElement} panel
 * @param {{title: string, address: string}} detail
 */
export function share(panel, detail) {
  if (!rows.has(panel)) rows.set(panel, makeRow(panel));
  rows.get(panel)(detail);
}
