/** What Augmentation draws: the picture, one image that was made of it, and all twelve. */

import { drawOn } from "../card/canvas.mjs";
import { h, resize, setText } from "../card/dom.mjs";

/** Pixels of numbers from 0 to 1. @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} values */
export function drawImage(canvas, values, [rows, cols, channels]) {
  drawOn(canvas, rows, cols, (bytes) => {
    for (let i = 0; i < rows * cols; i++) {
      for (let k = 0; k < 3; k++) bytes[4 * i + k] = Math.round(255 * values[i * channels + (channels > 1 ? k : 0)]);
      bytes[4 * i + 3] = 255;
    }
  });
}

/** A picture with frames around cells. @param {string} title @param {((row: number, col: number) => void)} [pick] */
export function createPicture(title, pick) {
  const canvas = h("canvas", { role: "img" });
  const frames = h("span");
  const words = h("figcaption");
  const paper = h("div.au-paper", {}, canvas, frames);
  if (pick) {
    paper.classList.add("au-pick");
    paper.addEventListener("click", (event) => {
      const box = canvas.getBoundingClientRect();
      const at = (offset, size, count) => Math.min(count - 1, Math.max(0, Math.floor((offset / size) * count)));
      pick(
        at(event.clientY - box.top, box.height, canvas.height),
        at(event.clientX - box.left, box.width, canvas.width),
      );
    });
  }
  return {
    element: h("figure.au-picture", {}, paper, words),
    /**
     * @param {ArrayLike<number>} values @param {[number, number, number]} shape @param {string} text
     * @param {[number, number, number, number, string][]} marks frames: first row and column, rows and columns, class
     */
    show(values, shape, text, marks) {
      drawImage(canvas, values, shape);
      setText(words, text);
      canvas.setAttribute("aria-label", `${title}: ${text}`);
      resize(frames, marks.length, () => h("i"));
      marks.forEach(([row, col, down, across, kind], i) => {
        const { style } = frames.children[i];
        frames.children[i].className = kind;
        style.left = `${(100 * col) / shape[1]}%`;
        style.top = `${(100 * row) / shape[0]}%`;
        style.width = `${(100 * across) / shape[1]}%`;
        style.height = `${(100 * down) / shape[0]}%`;
      });
    },
  };
}

/** All images side by side, each a button. @param {(index: number) => void} choose */
export function createTiles(choose) {
  const element = h("div.au-tiles", { role: "group", "aria-label": "images that the network sees" });
  return {
    element,
    /** @param {any[]} images @param {[number, number, number]} shape @param {string[]} labels @param {number} step */
    show(images, shape, labels, step) {
      const make = (i) =>
        h("button", { type: "button", onclick: () => choose(i) }, h("canvas"), h("span", {}, h("span"), h("b")));
      resize(element, images.length, make);
      images.forEach(({ values }, i) => {
        const button = element.children[i];
        drawImage(button.firstElementChild, values, shape);
        setText(button.lastElementChild.firstElementChild, labels[i].slice(0, -1));
        setText(button.lastElementChild.lastElementChild, labels[i].slice(-1));
        button.classList.toggle("au-false", labels[i].includes("✗"));
        button.setAttribute("aria-pressed", String(i === step));
        button.setAttribute("aria-label", `Image ${i + 1}${labels[i] ? `: ${labels[i]}` : ""}`);
      });
    },
  };
}
