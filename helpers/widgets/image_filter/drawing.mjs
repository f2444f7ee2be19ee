/** The picture of ImageFilter: before and after with a divider between them, and the loupe that is moved over it. */

import { drawOn } from "../card/canvas.mjs";
import { iconButton, part } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";
import { draggable } from "../card/drag.mjs";
import { paintPixels } from "../arithmetic/image.mjs";

/** @typedef {import("../arithmetic/image.mjs").Picture} Picture */

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Where hardly anything is left of one side, its name goes. */
const NARROW = 0.07;

const within = (value, least, most) => Math.min(Math.max(value, least), most);

/**
 * @param {any} card
 * @param {any} store its state has `row`, `col` and `divider`
 * @param {() => void} look called when the loupe is somewhere else for a moment
 */
export function addView(card, store, look) {
  const before = h("canvas.imf-canvas", { "aria-hidden": "true" });
  const after = h("canvas.imf-canvas.imf-after", { "aria-hidden": "true" });
  const lens = h("div.imf-lens", { "aria-hidden": "true" });
  const handle = h("div.imf-divider", {
    role: "slider",
    tabindex: 0,
    "aria-label": "where before ends and after begins, in percent",
    "aria-valuemin": 0,
    "aria-valuemax": 100,
  });
  const tag = (side) => h(`span.imf-tag.imf-tag-${side}`, { "aria-hidden": "true" }, side);
  const frame = h(
    "div.imf-frame",
    { role: "application", tabindex: 0, "aria-roledescription": "picture with a loupe", "aria-busy": "true" },
    before,
    after,
    tag("before"),
    tag("after"),
    lens,
    part("divider", handle),
    h("div.imf-dropzone", { "aria-hidden": "true" }, "drop the picture here"),
  );
  const place = (name, value) => frame.style.setProperty(`--${name}`, value);

  let picture = null;
  let hover = null; // the pixel under a pointer that only looks
  let pressed = false;
  let dragging = false;

  // The loupe's place: where it was put, or for a moment where the pointer is.
  const clampTo = ({ row, col }) => ({ row: within(row, 0, picture.rows - 1), col: within(col, 0, picture.cols - 1) });
  function moveLoupe(down, right) {
    if (!picture) return;
    const { row, col } = clampTo(store.state);
    hover = null;
    store.propose(clampTo({ row: row + down, col: col + right }));
  }
  function pixelUnder({ clientX, clientY }) {
    const box = frame.getBoundingClientRect();
    return clampTo({
      row: Math.floor(((clientY - box.top) / box.height) * picture.rows),
      col: Math.floor(((clientX - box.left) / box.width) * picture.cols),
    });
  }
  function lookAt(pixel) {
    hover = pixel;
    look();
  }
  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !picture || handle.contains(event.target)) return;
    frame.setPointerCapture(event.pointerId);
    pressed = true;
    lookAt(pixelUnder(event));
  });
  frame.addEventListener("pointermove", (event) => {
    if (!picture || dragging || handle.contains(event.target) || (event.pointerType !== "mouse" && !pressed)) return;
    lookAt(pixelUnder(event));
  });
  frame.addEventListener("pointerup", (event) => {
    if (!pressed) return;
    pressed = false;
    store.propose(pixelUnder(event));
    if (event.pointerType !== "mouse") hover = null;
  });
  const leave = () => {
    pressed = false;
    lookAt(null);
  };
  frame.addEventListener("pointercancel", leave);
  frame.addEventListener("pointerleave", leave);
  card.stage.addEventListener("keydown", (event) => {
    const by = ARROWS[event.key];
    if (!by || ![card.stage, frame].includes(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 10 : 1;
    moveLoupe(by[0] * far, by[1] * far);
  });
  const nudges = h(
    "span.imf-nudges",
    {},
    iconButton("M15 5l-8 7 8 7", "one pixel left", () => moveLoupe(0, -1)),
    iconButton("M5 15l7-8 7 8", "one pixel up", () => moveLoupe(-1, 0)),
    iconButton("M5 9l7 8 7-8", "one pixel down", () => moveLoupe(1, 0)),
    iconButton("M9 5l8 7-8 7", "one pixel right", () => moveLoupe(0, 1)),
  );

  // The divider follows the pointer; Python hears of it when the pointer lets go.
  const rounded = (share) => Math.round(1000 * within(share, 0, 1)) / 1000;
  const shareAt = ({ clientX }) => {
    const box = frame.getBoundingClientRect();
    return rounded((clientX - box.left) / box.width);
  };
  draggable(
    handle,
    () => (dragging = true),
    (event) => showDivider(shareAt(event)),
    (event) => {
      dragging = false;
      if (event.type === "pointerup") store.propose({ divider: shareAt(event) });
      else showDivider(store.state.divider);
    },
  );
  handle.addEventListener("keydown", (event) => {
    const now = store.state.divider;
    const next = {
      ArrowLeft: now - 0.02,
      ArrowDown: now - 0.02,
      ArrowRight: now + 0.02,
      ArrowUp: now + 0.02,
      Home: 0,
      End: 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    store.propose({ divider: rounded(next) });
  });
  function showDivider(divider) {
    const percent = Math.round(100 * divider);
    place("divider", divider);
    frame.classList.toggle("imf-only-before", divider > 1 - NARROW);
    frame.classList.toggle("imf-only-after", divider < NARROW);
    handle.setAttribute("aria-valuenow", String(percent));
    handle.setAttribute("aria-valuetext", `${percent} % before, ${100 - percent} % after`);
  }

  return {
    element: frame,
    nudges,
    /** The canvas that holds the result. */
    result: after,
    /** The pixel under the loupe. */
    at: () => clampTo(hover ?? store.state),
    /** Follows the state: call when painting. */
    follow() {
      if (!dragging) showDivider(store.state.divider);
      lens.hidden = store.state.hide.includes("loupe");
    },
    /** Says that what is shown is what the settings ask for. */
    settle: () => frame.setAttribute("aria-busy", "false"),

    /** @param {Picture} next @param {string} label */
    showBefore(next, label) {
      picture = next;
      const { rows, cols } = picture;
      drawOn(before, rows, cols, (bytes) => paintPixels(picture, bytes, "clipped", { min: 0, max: 255 }, null));
      place("rows", rows);
      place("cols", cols);
      frame.setAttribute(
        "aria-label",
        `${label}, before and after. The arrow keys move the loupe by one pixel, with Shift by ten.`,
      );
    },

    /**
     * Shows the result. Where only whole windows count it is smaller than the picture, and lies in its
     * middle.
     * @param {Picture | null} result null while there is none, or while it has to be predicted
     */
    showAfter(result, { show, range, palette }) {
      frame.classList.toggle("imf-hidden", !result);
      after.hidden = !result;
      if (!result) return;
      drawOn(after, result.rows, result.cols, (bytes) => paintPixels(result, bytes, show, range, palette));
      place("top", Math.ceil((picture.rows - result.rows) / 2) / picture.rows);
      place("left", Math.ceil((picture.cols - result.cols) / 2) / picture.cols);
      place("height", result.rows / picture.rows);
      place("width", result.cols / picture.cols);
    },

    /** Draws the loupe as large as the kernel. An even kernel has no middle: its window lies half a pixel off. */
    showLens({ row, col }, [height, width]) {
      place("lens-row", (row + (height % 2) / 2) / picture.rows);
      place("lens-col", (col + (width % 2) / 2) / picture.cols);
      place("lens-height", height / picture.rows);
      place("lens-width", width / picture.cols);
    },
  };
}
