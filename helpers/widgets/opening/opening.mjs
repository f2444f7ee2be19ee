/**
 * The living picture of the front page: a kernel sweeps over a small photograph, first slowly enough to follow the
 * sum, then faster and faster, until the result stands beside it.
 *
 * It is no widget: it has no state to share, and it starts by itself. Whoever wants no motion sees how it ends.
 */

import { factor, number } from "../arithmetic/format.mjs";
import { crossCorrelate, paintPixels, summarise, windowAt } from "../arithmetic/image.mjs";
import { namedKernel, sumOfWeights } from "../arithmetic/kernels.mjs";
import { drawOn } from "../card/canvas.mjs";
import { h, icon, ICONS, prefersStillness, setText } from "../card/dom.mjs";
import { addPalette } from "../card/palette.mjs";
import { decodePicture } from "../card/picture.mjs";

const BORDER = "edge";
const SHAPE = /** @type {[number, number]} */ ([3, 3]);

/** What the kernels are called, how their results are shown, and what to say of them. */
const ACTS = [
  { name: "sobel_x", label: "edges", show: "signed", words: "bright on the right minus bright on the left" },
  { name: "mean", label: "blur", show: "clipped", words: "the mean of nine pixels" },
  { name: "sharpen", label: "sharpen", show: "clipped", words: "five times the pixel, minus its four neighbours" },
];

const FIRST_PACE = 5; // pixels in the first second; each second brings twice as many as the one before
const SUM_EVERY_MS = 180; // a sum that changes faster cannot be read
const REST_MS = 3000; // between two kernels
const MUCH = 0.8; // of the row with most edges
const RUN_UP = 3; // pixels before the first edge of a row

/** How many pixels are done after some seconds. @param {number} seconds @param {number} total */
export const doneAfter = (seconds, total) =>
  Math.min(total, Math.floor((FIRST_PACE * (2 ** seconds - 1)) / Math.LN2) + 1);

/**
 * What one kernel makes of a photograph.
 * @param {import("../arithmetic/image.mjs").Picture} picture
 * @param {string} name one of KERNELS
 */
export function applied(picture, name) {
  const kernel = namedKernel(name, { size: 3 });
  const divisor = sumOfWeights(kernel) || 1;
  const { channels, ...size } = crossCorrelate(picture, kernel, BORDER);
  const result = { ...size, channels: channels.map((values) => values.map((value) => value / divisor)) };
  return { kernel, divisor, result, range: summarise(result) };
}

/**
 * The nine pixels under the kernel, and the sum written out.
 * @param {import("../arithmetic/image.mjs").Picture} picture @param {ReturnType<typeof applied>} work
 */
export function sumAt(picture, { kernel, divisor, result }, row, col) {
  const pixels = windowAt(picture, SHAPE, BORDER, row, col).values[0].flat();
  const terms = kernel.flat().map((weight, i) => `${pixels[i]}·${factor(weight)}`);
  const sum = terms.join(" + ");
  const value = number(result.channels[0][row * result.cols + col], 4);
  return { pixels, line: divisor === 1 ? `${sum} = ${value}` : `(${sum}) / ${divisor} = ${value}`, value };
}

/**
 * Where the sweep begins: in the first row with much to see, shortly before its first edge; what is above is there.
 * @param {import("../arithmetic/image.mjs").Picture} result
 */
export function firstOfInterest({ rows, cols, channels: [values] }) {
  const sizes = Array.from(values, Math.abs);
  const sums = Array.from({ length: rows }, (_, row) =>
    sizes.slice(row * cols, (row + 1) * cols).reduce((sum, size) => sum + size, 0),
  );
  const row = sums.findIndex((sum) => sum > MUCH * Math.max(...sums));
  const edge = sizes.findIndex((size, i) => i >= row * cols && size > Math.max(...sizes) / 3);
  return Math.max(0, edge - RUN_UP);
}

/** The place of the value farthest from 0: what to look at in the end. */
/** Which pixel has the largest magnitude. @param {import("../arithmetic/image.mjs").Picture} picture */
function strongest({ channels: [values] }) {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (Math.abs(values[i]) > Math.abs(values[best])) best = i;
  return best;
}

/** Brings the front page's picture to life. @param {HTMLElement} root with the photograph's address in data-opening */
export async function open(root) {
  const picture = await decodePicture(root.dataset.opening);
  const total = picture.rows * picture.cols;
  const works = ACTS.map(({ name }) => applied(picture, name));
  const places = works.map(({ result }) => strongest(result));
  const start = firstOfInterest(works[0].result);
  let act = 0;
  let done = start;
  let place = start;
  let running = false;
  let turn = 0; // of playing: what an earlier one had planned is void
  let since = 0;
  let spoken = 0;

  const photo = h("canvas", { role: "img", "aria-label": root.dataset.subject });
  const frame = h("span.book-frame", { "aria-hidden": "true" });
  const result = h("canvas", { role: "img", "aria-label": "what the kernel makes of it, as far as it has come" });
  const point = h("span.book-frame", { "aria-hidden": "true" });
  const cells = Array.from({ length: 9 }, () => h("span", {}, h("b"), h("small")));
  const line = h("p.book-line");
  const words = h("span");
  const button = h("button.book-play", { type: "button", onclick: () => (running ? pause() : play()) });
  const choices = ACTS.map(({ label }, i) => h("button", { type: "button", onclick: () => begin(i) }, label));
  const panel = (canvas, mark, caption) =>
    h("figure", {}, h("div.book-canvas", {}, canvas, mark), h("figcaption", {}, caption));
  const under = h(
    "figure.book-under",
    {},
    h("div.book-cells", {}, ...cells),
    h("figcaption", {}, "nine pixels, nine weights"),
  );
  const panels = h("div.book-panels", {}, panel(photo, frame, "a photograph"), under, panel(result, point, words));
  const acts = h("div.book-acts", { role: "group", "aria-label": "the kernel" }, button, ...choices);
  root.replaceChildren(h("div.book-parts", {}, panels, line, acts));
  const palette = addPalette({ root, onDispose() {} }, () => paint());

  drawOn(photo, picture.rows, picture.cols, (bytes) => {
    const range = { min: 0, max: 255 };
    paintPixels(picture, bytes, "clipped", range, null);
  });
  photo.addEventListener("pointermove", look);
  photo.addEventListener("pointerdown", look);

  /** Shows the sum where the pointer is; what has been swept stays. */
  function look(event) {
    pause();
    const box = photo.getBoundingClientRect();
    const at = (share, size) => Math.min(size - 1, Math.max(0, Math.floor(share * size)));
    const row = at((event.clientY - box.top) / box.height, picture.rows);
    place = row * picture.cols + at((event.clientX - box.left) / box.width, picture.cols);
    done = total;
    paint();
  }

  function paint() {
    paintResult();
    paintSum();
  }

  function paintResult() {
    const { result: values, range } = works[act];
    drawOn(result, picture.rows, picture.cols, (bytes) => {
      paintPixels(values, bytes, /** @type {any} */ (ACTS[act].show), range, palette());
      bytes.fill(0, 4 * done); // what is still to come is transparent
    });
    const [row, col] = where();
    const percent = (at, size) => `${(100 * at) / size}%`;
    for (const [mark, reach] of [
      [frame, 1],
      [point, 0],
    ]) {
      mark.style.left = percent(col - reach, picture.cols);
      mark.style.top = percent(row - reach, picture.rows);
      mark.style.width = percent(1 + 2 * reach, picture.cols);
      mark.style.height = percent(1 + 2 * reach, picture.rows);
    }
  }

  const where = () => [Math.floor(place / picture.cols), place % picture.cols];

  function paintSum() {
    const [row, col] = where();
    const { pixels, line: sum } = sumAt(picture, works[act], row, col);
    cells.forEach((cell, i) => {
      const weight = works[act].kernel.flat()[i];
      cell.style.setProperty("--grey", pixels[i]);
      cell.classList.toggle("bright", pixels[i] > 140);
      setText(cell.firstChild, String(pixels[i]));
      setText(cell.lastChild, `×${number(weight)}`);
    });
    setText(line, sum);
    setText(words, `${ACTS[act].label}: ${ACTS[act].words}`);
    choices.forEach((choice, i) => choice.setAttribute("aria-pressed", String(i === act)));
  }

  function showButton() {
    const name = running ? "pause" : "play";
    button.replaceChildren(icon(ICONS[name]), name);
  }

  function begin(next) {
    act = next;
    done = start;
    play();
  }

  function play() {
    if (done === total) done = start;
    running = true;
    // As if the pixels that are there already had just been swept.
    since = performance.now() - 1000 * Math.log2(((done - start) * Math.LN2) / FIRST_PACE + 1);
    showButton();
    sweep((turn += 1));
  }

  function pause() {
    turn += 1;
    running = false;
    showButton();
  }

  /** One frame of the sweep, and then the next. @param {number} mine the turn that it belongs to */
  function sweep(mine) {
    if (mine !== turn || !root.isConnected) return;
    const now = performance.now();
    done = start + doneAfter((now - since) / 1000, total - start);
    if (done === total) return rest(mine);
    place = done - 1;
    paintResult();
    if (now - spoken > SUM_EVERY_MS) {
      spoken = now;
      paintSum();
    }
    requestAnimationFrame(() => sweep(mine));
  }

  /** Leaves the reader time to look; then the next kernel comes. */
  function rest(mine) {
    end();
    if (act + 1 < ACTS.length) setTimeout(() => mine === turn && begin(act + 1), REST_MS);
    else pause();
  }

  /** Shows the whole result, and the sum of its strongest pixel. */
  function end() {
    done = total;
    place = places[act];
    paint();
  }

  if (prefersStillness()) {
    end();
    pause();
  } else begin(0);
  root.dataset.ready = "";
}
