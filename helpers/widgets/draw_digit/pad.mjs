/** The pad: strokes by mouse, finger, pen or keyboard. Only on the pad does a finger draw; elsewhere it scrolls. */

import { CELLS, simplify } from "../arithmetic/ink.mjs";
import { h } from "../card/dom.mjs";
import { paintInk } from "../card/maps.mjs";
import { place, svg } from "../card/svg.mjs";

/** The keyboard's pen moves by so many of the pad's cells; with Shift by four times as many. */
const STEP = 4;
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** A pointer that moved less than this share of the pad has not moved. */
const NEAR = 0.004;

const within = (share) => Math.min(1, Math.max(0, share));

/**
 * @param {object} act
 * @param {(stroke: [number, number][]) => void} act.draft a stroke that is still being drawn
 * @param {(stroke: [number, number][]) => void} act.commit one that is complete
 * @param {() => void} act.undo
 * @param {(words: string) => void} act.tell for screen readers
 */
export function createPad({ draft, commit, undo, tell }) {
  const canvas = h("canvas", { "aria-hidden": "true" });
  const box = svg("rect", { class: "dd-box", "vector-effect": "non-scaling-stroke" });
  const mass = svg("path", { class: "dd-mass", "vector-effect": "non-scaling-stroke" });
  const cursor = svg("circle", { class: "dd-cursor", r: 5, "vector-effect": "non-scaling-stroke" });
  const marks = svg("svg", { viewBox: `0 0 ${CELLS} ${CELLS}`, "aria-hidden": "true" }, box, mass, cursor);
  const element = h(
    "div.dd-pad",
    {
      role: "application",
      tabindex: 0,
      "aria-roledescription": "drawing pad",
      "aria-label": "pad to draw a digit on: arrow keys move the pen, space puts it down and lifts it",
    },
    canvas,
    marks,
  );
  /** @type {[number, number][] | null} */
  let stroke = null; // the points of the one that is being drawn
  let byKeys = false;
  let pen = [CELLS / 2, CELLS / 2]; // the keyboard's, in cells

  function end() {
    if (!stroke) return;
    const points = simplify(stroke);
    stroke = null;
    byKeys = false;
    element.classList.remove("drawing");
    commit(points);
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  function pointOf({ clientX, clientY }) {
    const { left, top, width, height } = element.getBoundingClientRect();
    return [within((clientY - top) / height), within((clientX - left) / width)];
  }
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    end();
    element.setPointerCapture(event.pointerId);
    element.classList.add("drawing");
    stroke = [pointOf(event)];
    draft(stroke);
  });
  element.addEventListener("pointermove", (event) => {
    if (!stroke || byKeys || !event.isPrimary) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const moved of passed.length ? passed : [event]) {
      const [point, before] = [pointOf(moved), stroke.at(-1)];
      if (Math.hypot(point[0] - before[0], point[1] - before[1]) > NEAR) stroke.push(point);
    }
    draft(stroke);
  });
  const lift = () => byKeys || end();
  element.addEventListener("pointerup", lift);
  element.addEventListener("pointercancel", lift);

  const where = () => `row ${Math.round(pen[0] / STEP)}, column ${Math.round(pen[1] / STEP)}`;
  function movePen([down, right], far) {
    pen = [pen[0] + down * far, pen[1] + right * far].map((cell) => Math.min(CELLS - STEP, Math.max(STEP, cell)));
    place(cursor, { cx: pen[1], cy: pen[0] });
    if (byKeys) {
      stroke.push([pen[0] / CELLS, pen[1] / CELLS]);
      draft(stroke);
    }
    tell(`pen ${byKeys ? "down" : "up"}, ${where()}`);
  }
  element.addEventListener("keydown", (event) => {
    if (event.altKey) return;
    const isUndo = (event.ctrlKey || event.metaKey) && event.key === "z";
    if (!isUndo && (event.ctrlKey || event.metaKey)) return;
    if (isUndo) undo();
    else if (event.key in ARROWS) movePen(ARROWS[event.key], event.shiftKey ? 4 * STEP : STEP);
    else if (event.key === " " && !stroke) {
      byKeys = true;
      element.classList.add("drawing");
      stroke = [[pen[0] / CELLS, pen[1] / CELLS]];
      draft(stroke);
      tell(`pen down, ${where()}`);
    } else if (event.key === " " && byKeys) {
      end();
      tell(`pen up, ${where()}`);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener("blur", end);
  place(cursor, { cx: pen[1], cy: pen[0] });

  return {
    element,
    /** @param {Float64Array} ink @param {any} fit as `findFit` tells; null without one @param {any} palette */
    show(ink, fit, palette) {
      paintInk(canvas, ink, CELLS, CELLS, palette);
      box.setAttribute("visibility", fit?.box ? "visible" : "hidden");
      mass.setAttribute("visibility", fit?.box ? "visible" : "hidden");
      if (!fit?.box) return;
      const [row, col] = fit.centre;
      place(box, { x: fit.corner[1], y: fit.corner[0], width: fit.box[1], height: fit.box[0] });
      place(mass, { d: `M${col - 6} ${row}h12M${col} ${row - 6}v12` });
    },
  };
}
