/** Equivariance's pictures: the shifted one, what comes out in either order, and the difference. */

import { paintPixels } from "../arithmetic/image.mjs";
import { drawOn } from "../card/canvas.mjs";
import { h, setText } from "../card/dom.mjs";
import { draggable } from "../card/drag.mjs";
import { MOST_SHIFT } from "./state.mjs";
import { short } from "./words.mjs";

const within = (value, most) => Math.min(Math.max(value, 0), most);
const ALPHA = 3; // of the four bytes of a pixel

/** Draws numbers, leaving out those that are unknown. */
function drawField(canvas, { rows, cols, values }, look, range, palette) {
  const known = Float32Array.from(values, (value) => (Number.isNaN(value) ? 0 : value));
  drawOn(canvas, rows, cols, (bytes) => {
    paintPixels({ rows, cols, channels: [known] }, bytes, look, range, palette);
    values.forEach((value, i) => Number.isNaN(value) && (bytes[4 * i + ALPHA] = 0));
  });
}

/** How numbers are shown: with signs if any is negative, else in grey, as bright as a photograph if they fit. */
function lookOf(...fields) {
  let [low, high] = [0, 0];
  for (const { values } of fields)
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  const largest = Math.max(high, -low) || 1;
  return low < 0 ? ["signed", { min: -largest, max: largest }] : ["rescaled", { min: 0, max: Math.max(high, 255) }];
}

/** A picture with a mark on it. */
function createPicture(name, words) {
  const canvas = h("canvas", { role: "img", "aria-label": words });
  const mark = h("span.eq-mark", { "aria-hidden": "true" });
  const frame = h("div.eq-frame", {}, canvas, mark);
  const caption = h("figcaption", {}, h("span", {}, words));
  const element = h(`figure.eq-picture.eq-${name}`, {}, frame, caption);
  const place = { rows: 1, cols: 1 };
  return {
    element,
    canvas,
    frame,
    caption,
    place,
    show(field, ...look) {
      Object.assign(place, { rows: field.rows, cols: field.cols });
      drawField(canvas, field, ...look);
    },
    /** @param {{row: number, col: number, rows: number, cols: number} | null} at */
    mark(at) {
      mark.hidden = at === null;
      if (!at) return;
      const edges = {
        left: at.col / place.cols,
        top: at.row / place.rows,
        width: at.cols / place.cols,
        height: at.rows / place.rows,
      };
      for (const [edge, share] of Object.entries(edges)) mark.style.setProperty(edge, `${100 * share}%`);
    },
  };
}

/** Follows a pointer that is pressed on a picture. @param {(from: PointerEvent, now: PointerEvent) => void} follow */
function onDrag(frame, follow) {
  const press = (event) => {
    follow(event, event);
    return event;
  };
  draggable(frame, press, (event, from) => follow(from, event));
}

/** @param {any} store */
export function createPictures(store) {
  const input = createPicture("input", "S x: drag to shift");
  const first = createPicture("first", "f(S x): first shift");
  const second = createPicture("second", "S f(x): first layer");
  const difference = createPicture("difference", "difference");
  const scale = h("canvas.eq-scale", { "aria-hidden": "true" });
  const ends = h("span");
  difference.caption.append(h("span.eq-legend", {}, scale, ends));

  let taken = [0, 0];
  onDrag(input.frame, (from, now) => {
    if (now === from) taken = store.state.shift;
    const pixel = input.canvas.getBoundingClientRect().width / input.place.cols;
    const by = [now.clientY - from.clientY, now.clientX - from.clientX].map((distance) => Math.round(distance / pixel));
    const shift = taken.map((pixels, axis) => within(pixels + by[axis], MOST_SHIFT));
    if (shift.join() !== store.state.shift.join()) store.propose({ shift });
  });
  for (const picture of [first, second, difference])
    onDrag(picture.frame, (_, { clientX, clientY }) => {
      const { left, top, width, height } = picture.canvas.getBoundingClientRect();
      const { rows, cols } = picture.place;
      const at = (distance, length, count) => within(Math.floor((distance / length) * count), count - 1);
      store.propose({ cell: [at(clientY - top, height, rows), at(clientX - left, width, cols)] });
    });

  return {
    element: h("div.eq-pictures", {}, ...[input, first, second, difference].map(({ element }) => element)),
    /**
     * @param {any} orders what `compareOrders` returns
     * @param {{known: boolean, palette: any, window: any, cell: {row: number, col: number}}} look
     */
    show(orders, { known, palette, window, cell }) {
      const { moved, ofMoved, movedOutput } = orders;
      const look = [...lookOf(ofMoved.output, movedOutput), palette];
      const largest = orders.largest || 1;
      input.show(moved, "rescaled", { min: 0, max: 255 }, palette);
      first.show(ofMoved.output, ...look);
      second.show(movedOutput, ...look);
      difference.show(orders.difference, "signed", { min: -largest, max: largest }, palette);
      const ramp = { rows: 1, cols: 64, values: Float64Array.from({ length: 64 }, (_, i) => (2 * i) / 63 - 1) };
      drawField(scale, ramp, "signed", { min: -1, max: 1 }, palette);
      for (const picture of [first, second, difference]) picture.element.classList.toggle("eq-unknown", !known);
      setText(ends, known ? (orders.largest ? `±${short(largest)}` : "0") : "");
      scale.hidden = !known || !orders.largest;
      input.mark(known ? window : null);
      for (const picture of [first, second, difference]) picture.mark(known ? { ...cell, rows: 1, cols: 1 } : null);
    },
  };
}
