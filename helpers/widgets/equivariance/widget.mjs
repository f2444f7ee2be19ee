/** Equivariance: shift a picture and filter it, or the other way round, and see where the two differ. */

import { compareOrders, explain, kernelWindow } from "../arithmetic/equivariance.mjs";
import { middleSquare, toGrey } from "../arithmetic/image.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { part } from "../card/controls.mjs";
import { h, setText } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPalette } from "../card/palette.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addSources, givenPictures, SOURCE_PARTS } from "../card/sources.mjs";
import { createKernel, createSettings } from "./controls.mjs";
import { createPictures } from "./drawing.mjs";
import { addQuestion } from "./question.mjs";
import { compute, MOST_SHIFT, sideOf } from "./state.mjs";
import { announce, describeCell, describeDifference, describeWhy, writeFormulas } from "./words.mjs";

const DEFAULT_PICTURES = "camera,cat,coins,stripes,checkers,bars";
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const within = (value, most) => Math.min(Math.max(value, 0), most);

/** What a link restores. */
const LINKED = ["source", "kernel", "border", "stride", "pool", "blur", "shift", "cell", "ask", "answer"];

function build(card, store) {
  card.root.classList.add("eq");
  let picture = null;
  let results = null;
  let resultsOf = "";

  const pictures = createPictures(store);
  const kernel = createKernel(store);
  const numbers = h("p.eq-numbers");
  const why = part("why", h("p.eq-why"));
  card.stage.append(pictures.element, numbers);
  card.note.after(h("div.eq-more", {}, part("cells", kernel.element), why));
  const sources = addSources(card, store, take);
  const question = addQuestion(card, store, { repaint: () => paint(store.state, store.view), results: () => results });
  const lines = [h("div"), h("div"), h("div.eq-verdict")];
  const asked = h("div");
  question.arithmetic.append(asked, ...lines);
  const formulas = [h("div"), h("div")];
  card.formula.append(...formulas);
  const settings = createSettings(store);
  card.settings.append(...settings.elements, sources.element, part("predict", question.element));
  const readPalette = addPalette(card, () => picture && repaint());
  const paintPlayback = addPlayback(card, store, {
    count: () => MOST_SHIFT + 1,
    label: "shift to the right",
    now: () => store.state.shift[1],
    show: (right) => store.propose({ shift: [store.state.shift[0], right] }),
    mayLeave: () => question.isKnown(),
  });
  // Up and down shift too; with Shift, the arrows choose a cell.
  card.stage.addEventListener("keydown", (event) => {
    const by = ARROWS[event.key];
    if (!by || !results || event.ctrlKey || event.metaKey || event.altKey || !(event.shiftKey || by[0])) return;
    event.preventDefault();
    event.stopPropagation();
    const { shift } = store.state;
    if (!event.shiftKey) return store.propose({ shift: [within(shift[0] + by[0], MOST_SHIFT), shift[1]] });
    const { rows, cols } = results.orders.difference;
    const { row, col } = cellIn(results.orders);
    store.propose({ cell: [within(row + by[0], rows - 1), within(col + by[1], cols - 1)] });
  });

  /** Another picture. */
  function take({ picture: next }) {
    try {
      const grey = toGrey(next);
      const side = sideOf(grey);
      picture = { rows: side, cols: side, values: middleSquare(grey, side) };
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      return store.refuse(error.message);
    }
    resultsOf = "";
    paint(store.state, store.view);
  }

  /** The chosen cell, or the nearest that there is. */
  function cellIn({ difference: { rows, cols } }) {
    const [row, col] = store.state.cell;
    return { row: Math.min(row, rows - 1), col: Math.min(col, cols - 1) };
  }

  function calculate({ layer, shift }) {
    const now = JSON.stringify([layer, shift]);
    if (now === resultsOf) return;
    resultsOf = now;
    const orders = compareOrders(picture, layer, shift);
    const wrapped = layer.border === "wrap" ? orders : compareOrders(picture, { ...layer, border: "wrap" }, shift);
    results = { orders, wrapped, sharp: layer.blur ? compareOrders(picture, { ...layer, blur: false }, shift) : null };
  }

  /** Where the shifted output had a cell before; null where it came in over the border. */
  function beforeShift({ row, col }, { layer, outputShift: [down, right] }, { difference: { rows, cols } }) {
    const from = { row: row - down, col: col - right };
    if (layer.border === "wrap") return { row: (from.row + rows) % rows, col: (from.col + cols) % cols };
    return from.row < 0 || from.col < 0 ? null : from;
  }

  function repaint() {
    const { state, view } = store;
    calculate(view);
    const { orders, wrapped, sharp } = results;
    const known = question.isKnown();
    const cell = cellIn(orders);
    const from = beforeShift(cell, view, orders);
    const told = {
      first: explain(orders.ofMoved, view.layer, cell),
      second: from && explain(orders.plain, view.layer, from),
      from,
    };
    pictures.show(orders, {
      known,
      palette: readPalette(),
      window: kernelWindow(view.layer, told.first.at(-1).place),
      cell,
    });
    settings.show(state, view, cell);
    setText(asked, known ? "" : question.words());
    const written = known ? describeCell(orders, told, cell) : ["", "", ""];
    lines.forEach((line, i) => setText(line, written[i]));
    lines[2].classList.toggle("eq-differ", known && written[2] !== "Equal.");
    writeFormulas(orders, view, known).forEach((text, i) => setText(formulas[i], text));
    setText(numbers, known ? describeDifference(orders) : "");
    setText(why, known ? describeWhy(orders, wrapped, sharp, view) : "");
    card.announce(...announce(orders, view.shift, known));
    card.stage.dataset.compared = "";
  }

  function paint(state, view) {
    sources.follow();
    kernel.show(view.layer.kernel);
    question.begin(state);
    paintPlayback(state.shift[1]);
    if (picture) {
      if (card.root.isConnected) repaint();
      else queueMicrotask(() => card.root.isConnected && repaint()); // colours are there only on the page
    }
    question.show();
  }
  return paint;
}

export default defineWidget({
  name: "Equivariance",
  title: "Shift first, or filter first?",
  picture: "the shifted picture, what comes out in either order, and the difference",
  state: ["images", ...LINKED],
  linked: LINKED,
  given: givenPictures(DEFAULT_PICTURES),
  parts: {
    ...SOURCE_PARTS,
    examples: "examples",
    kernel: "choice of kernel",
    cells: "kernel's cells",
    border: "border",
    stride: "stride",
    pool: "pooling",
    blur: "blur",
    shift: "shift",
    cell: "cell",
    why: "why",
    ask: "choice of question",
    predict: "predict switch",
    playback: "playback",
  },
  compute,
  build,
});
