/** The pictures of ParameterCount: three small networks, and three areas to scale with a lens. */

import { h, setText } from "../card/dom.mjs";
import { grouped, number } from "../arithmetic/format.mjs";
import { KINDS } from "../arithmetic/parameters.mjs";

/** Cells in the small drawings, of the input and of the output. */
export const ROW = 7;

/** The kernel's cells there, and how they are called. */
const REACH = [-1, 0, 1];
const LETTERS = ["a", "b", "c"];
const INDICES = ["₁", "₂", "₃", "₄", "₅", "₆", "₇"];

const PITCH = 30;
const TOP = 20;
const BOTTOM = 100;
const across = (cell) => (cell + 1.5) * PITCH;

const TITLES = { dense: "fully connected", local: "locally connected", convolution: "convolution" };
const MEANINGS = {
  dense: "Every output value has a weight for every input value.",
  local: "Every position has a kernel of its own.",
  convolution: "All positions share one kernel.",
};

/** An SVG element. */
function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** The inputs that one output cell of a drawing is connected to; −1 and 7 lie outside. */
const inputsOf = (kind, output) =>
  kind === "dense" ? Array.from({ length: ROW }, (_, i) => i) : REACH.map((by) => output + by);

/** How many weights the first cells of a drawing need. */
export function weightsSoFar(kind, cells) {
  return { dense: cells * ROW, local: cells * REACH.length, convolution: REACH.length }[kind];
}

function createNetwork(kind) {
  const edges = [];
  const picture = svg("svg", {
    viewBox: `0 0 ${(ROW + 2) * PITCH} ${BOTTOM + 20}`,
    class: "pc-network",
    "aria-hidden": "true",
  });
  for (let output = 0; output < ROW; output += 1)
    inputsOf(kind, output).forEach((input, k) => {
      const line = svg("line", { x1: across(input), y1: TOP, x2: across(output), y2: BOTTOM });
      edges.push({ line, output, k });
      picture.append(line);
    });
  const letters = kind === "dense" ? [] : REACH.map(() => svg("text", { "text-anchor": "middle" }));
  const cells = { input: [], output: [] };
  const cell = (x, y, kindOf) => svg("rect", { x: x - 10, y: y - 10, width: 20, height: 20, rx: 4, class: kindOf });
  if (kind !== "dense") for (const outside of [-1, ROW]) picture.append(cell(across(outside), TOP, "ghost"));
  for (let i = 0; i < ROW; i += 1) {
    cells.input.push(cell(across(i), TOP, "input"));
    cells.output.push(cell(across(i), BOTTOM, "output"));
  }
  picture.append(...cells.input, ...cells.output, ...letters);

  return {
    element: picture,
    paint(step) {
      for (const { line, output, k } of edges) {
        const when = output === step ? "now" : output < step ? "counted" : "later";
        line.setAttribute("class", `${when} ${kind === "convolution" ? LETTERS[k] : ""}`);
        if (output === step) line.parentNode.insertBefore(line, cells.input[0]); // above the other lines
      }
      const reached = inputsOf(kind, step);
      cells.input.forEach((box, i) => box.setAttribute("class", `input ${reached.includes(i) ? "now" : ""}`));
      cells.output.forEach((box, i) =>
        box.setAttribute("class", `output ${i === step ? "now" : i < step ? "counted" : ""}`),
      );
      letters.forEach((letter, k) => {
        // On its line, nearer to the input, where the three lines are well apart.
        const share = 0.36;
        letter.setAttribute("x", across(reached[k]) * (1 - share) + across(step) * share);
        letter.setAttribute("y", TOP * (1 - share) + BOTTOM * share + 5);
        letter.setAttribute("class", kind === "convolution" ? LETTERS[k] : "");
        setText(letter, `${LETTERS[k]}${kind === "local" ? INDICES[step] : ""}`);
      });
    },
  };
}

/** Three drawings of a row of seven cells, each with the count of the real layer. */
export function createNetworks() {
  const columns = KINDS.map((kind) => {
    const network = createNetwork(kind);
    const so = h("div.pc-so-far");
    const formula = h("span.pc-product");
    const total = h("b.pc-total");
    const element = h(
      `div.pc-kind.${kind}`,
      {},
      h("div.pc-title", {}, h("span.pc-chip", { "aria-hidden": "true" }), TITLES[kind]),
      network.element,
      so,
      h("div.pc-meaning", {}, MEANINGS[kind]),
      h("div.pc-count", {}, formula, " ", total),
    );
    return { kind, network, so, formula, total, element };
  });
  const caption = h("div.pc-caption", {}, `Drawn: ${ROW} cells in a row, a kernel of ${REACH.length}.`);
  return {
    element: h("div.pc-networks", {}, h("div.pc-columns", {}, ...columns.map(({ element }) => element)), caption),
    text: () => columns.map(({ kind, so }) => `${TITLES[kind]}: ${so.textContent}`).join(", "),
    /** @param {{step: number, texts: Record<string, [string, string]>}} now */
    paint({ step, texts }) {
      for (const { kind, network, so, formula, total } of columns) {
        network.paint(step);
        const cells = step + 1;
        const weights = weightsSoFar(kind, cells);
        const each = weights / cells;
        setText(
          so,
          cells === 1
            ? `${weights} weights`
            : kind === "convolution"
              ? `still the same ${weights} weights`
              : `${cells}·${each} = ${weights} weights so far`,
        );
        setText(formula, texts[kind][0]);
        setText(total, texts[kind][1]);
      }
    },
  };
}

/** Cells along each side of the grid on the largest area. */
const GRID = 30;

/** How many times the lens may enlarge. */
const ZOOMS = [1, 3, 10, 30, 100, 300, 1000, 3000];

/** In the lens the smallest area has to be at least this share of the width. */
const VISIBLE = 0.08;

/** From this share of the width on there is room for a name inside. */
const ROOMY = 0.5;

/** The first enlargement that shows the smallest of the areas. @param {number} share its side, of the largest one's */
export const zoomFor = (share) => ZOOMS.find((zoom) => zoom * share >= VISIBLE) ?? ZOOMS.at(-1);

/** Three squares in one corner, to scale, and that corner through a lens. */
export function createAreas() {
  const squares = () => KINDS.map((kind) => h(`div.pc-square.${kind}`, {}, h("span", {}, TITLES[kind])));
  const [whole, lens] = [squares(), squares()];
  const frame = h("div.pc-frame");
  const big = h("div.pc-whole", {}, ...whole, frame);
  const glass = h("div.pc-lens", {}, ...lens);
  const scale = h("div.pc-caption");
  const zoomed = h("div.pc-caption");
  const enlarged = h("div.pc-area", {}, glass, zoomed);
  const element = h("div.pc-areas", {}, h("div.pc-area", {}, big, scale), enlarged);
  const box = h("div", {}, element);
  return {
    element: box,
    /** @param {{counts: Record<string, {total: number}>, open: boolean}} now */
    paint({ counts, open }) {
      element.hidden = !open;
      const totals = KINDS.map((kind) => counts[kind].total);
      const largest = Math.max(...totals);
      const sides = totals.map((total) => Math.sqrt(total / largest));
      const zoom = zoomFor(Math.min(...sides));
      for (const { set, times } of [
        { set: whole, times: 1 },
        { set: lens, times: zoom },
      ])
        set.forEach((square, i) => {
          const side = sides[i] * times;
          square.style.setProperty("--side", side);
          square.style.zIndex = String(1 + totals.filter((total) => total > totals[i]).length);
          // Named inside where it is large, and beside it where it is small but not lost.
          const covered = sides.some((other) => other < sides[i] && other * times >= 1);
          square.classList.toggle("inside", side >= ROOMY && !covered);
          square.classList.toggle("beside", side < ROOMY && side >= VISIBLE);
        });
      enlarged.hidden = zoom === 1;
      frame.hidden = zoom === 1;
      frame.style.setProperty("--side", 1 / zoom);
      const perCell = largest / GRID ** 2;
      big.classList.toggle("ruled", perCell >= 1);
      setText(
        scale,
        perCell >= 1
          ? "To scale: one small square of the grid is " +
              `${perCell >= 100 ? grouped(Math.round(perCell)) : number(perCell, 3)} parameters, and ` +
              `${describeCells(counts.convolution.total / perCell)}.`
          : "To scale: equal areas are equally many parameters.",
      );
      setText(zoomed, `The corner, ${grouped(zoom)} times as large.`);
    },
  };
}

/** How many cells of the grid the convolution fills. */
export function describeCells(cells) {
  if (cells >= 1) return `the convolution fills ${number(cells, 3)} of them`;
  const share = 1 / cells;
  return `the convolution fills 1/${share >= 100 ? grouped(Math.round(share)) : number(share, 2)} of one`;
}
