/** The loss as a surface in space: a mesh, drawn from back to front, that can be turned. */

import { addPalette, rgbOf } from "../card/palette.mjs";
import { h } from "../card/dom.mjs";
import { draggable } from "../card/drag.mjs";
import { number } from "../arithmetic/format.mjs";
import { CELLS, depthOf, lossGrid, LEVELS } from "./contour.mjs";
import { MARKERS, STAR } from "./marks.mjs";
import { isInPicture } from "./race.mjs";
import { createSlice, RANGES, TRUTH } from "./slice.mjs";

/** Grid points from one corner of a tile to the next. */
const STRIDE = 2;
const TILES = CELLS / STRIDE;
/** Height of the highest loss, as a share of the width. */
const TALL = 0.62;
/** Degrees that an arrow key turns. */
const TURN = 5;
const LIGHT = [-0.45, -0.3, 0.84];

/** Where a viewer sees a point of the unit square with a height: [across, up, towards the viewer]. */
function view({ turn, tilt }) {
  const [c, s] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const [ct, st] = [Math.cos((tilt * Math.PI) / 180), Math.sin((tilt * Math.PI) / 180)];
  return (x, y, z) => {
    const across = c * (x - 0.5) - s * (y - 0.5);
    const away = s * (x - 0.5) + c * (y - 0.5);
    const up = z - TALL / 2;
    return [across, st * away + ct * up, st * up - ct * away];
  };
}

/** @param {number} value @param {number[]} range */
const share = (value, [low, high]) => (value - low) / (high - low);

/** The mesh: corners in the unit cube, and for each tile its depth in the colour scale and its brightness. */
function createMesh() {
  const losses = lossGrid();
  const highest = losses.reduce((most, loss) => Math.max(most, loss), 0);
  const size = TILES + 1;
  const heights = new Float64Array(size * size); // row 0 is b at its lowest
  for (let row = 0; row < size; row++)
    for (let col = 0; col < size; col++)
      heights[row * size + col] = (TALL * losses[(CELLS - row * STRIDE) * (CELLS + 1) + col * STRIDE]) / highest;
  const tiles = [];
  for (let row = 0; row < TILES; row++) {
    for (let col = 0; col < TILES; col++) {
      const corners = [row * size + col, row * size + col + 1, (row + 1) * size + col + 1, (row + 1) * size + col];
      const [a, b, c, d] = corners.map((corner) => heights[corner]);
      const [dx, dy] = [((b + c - a - d) / 2) * TILES, ((c + d - a - b) / 2) * TILES];
      const long = Math.hypot(dx, dy, 1);
      const light = Math.max(0, (-dx * LIGHT[0] - dy * LIGHT[1] + LIGHT[2]) / long);
      const middle = (CELLS - row * STRIDE - STRIDE / 2) * (CELLS + 1) + col * STRIDE + STRIDE / 2;
      tiles.push({ corners, depth: depthOf(losses[middle]), light });
    }
  }
  return { size, heights, tiles, highest };
}

let mesh = null;

const mix = (a, b, amount) => a.map((from, i) => Math.round(from + amount * (b[i] - from)));
const css = (rgb) => `rgb(${rgb.join(",")})`;

/**
 * @param {any} card
 * @param {() => void} repaint
 */
export function createSpace(card, repaint) {
  const camera = { turn: -28, tilt: 38 };
  const canvas = h("canvas.ls-space", { tabindex: 0, role: "img" });
  const slice = createSlice();
  let colours = null; // of the theme
  addPalette(card, () => {
    colours = null;
    repaint();
  });

  function readColours(samples) {
    const probe = h("span", {
      style:
        "color: var(--cv-output); background: var(--cv-paper); border-color: var(--cv-ink); outline-color: " +
        "var(--cv-muted)",
    });
    canvas.after(probe);
    const low = rgbOf(probe);
    const paper = rgbOf(probe, "backgroundColor");
    const ink = rgbOf(probe, "borderTopColor");
    const muted = rgbOf(probe, "outlineColor");
    probe.remove();
    const racers = Object.fromEntries(
      Object.entries(samples).map(([name, element]) => {
        const line = getComputedStyle(element.querySelector(".ls-line"));
        return [name, { colour: css(rgbOf(element)), dash: (line.strokeDasharray.match(/[\d.]+/g) ?? []).map(Number) }];
      }),
    );
    const dark = mix(ink[0] < paper[0] ? ink : paper, low, 0.35).map((value) => value * 0.7);
    const tiles = mesh.tiles.map(({ depth, light }) =>
      css(mix(dark, mix(paper, low, 0.06 + (0.54 * depth) / LEVELS.length), 0.58 + 0.42 * light)),
    );
    return { paper, ink, muted, racers, tiles, line: `rgba(${ink.join(",")},.12)` };
  }

  const corner = (point) => [
    share(point[0], RANGES[0]),
    share(point[1], RANGES[1]),
    (TALL * slice.loss(point)) / mesh.highest + 0.004,
  ];

  const laid = new WeakMap();
  /** The steps of a run on the surface, each as points that lie closely; none for a step outside the picture. */
  function layOn(run) {
    if (!laid.has(run))
      laid.set(
        run,
        run.points.map((to, k) => {
          const from = run.points[k - 1];
          if (!from || !isInPicture(from) || !isInPicture(to)) return [];
          const count = Math.max(1, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 0.4));
          return Array.from({ length: count + 1 }, (_, i) =>
            corner(from.map((value, axis) => value + (i / count) * (to[axis] - value))),
          );
        }),
      );
    return laid.get(run);
  }

  /** Tiles and pieces of paths, the farthest first. */
  function sortedPieces(project, runs, now) {
    const { size, heights, tiles } = mesh;
    const seen = new Array(heights.length);
    for (let at = 0; at < heights.length; at++)
      seen[at] = project((at % size) / TILES, Math.floor(at / size) / TILES, heights[at]);
    const pieces = tiles.map((tile, at) => ({
      tile,
      at,
      seen: tile.corners.map((at) => seen[at]),
      near: tile.corners.reduce((sum, at) => sum + seen[at][2], 0) / 4,
    }));
    for (const run of runs) {
      let travelled = 0;
      for (const points of layOn(run).slice(0, now + 1)) {
        const ends = points.map((point) => project(...point));
        for (let i = 1; i < ends.length; i++) {
          const [from, to] = [ends[i - 1], ends[i]];
          pieces.push({ run, from, to, travelled, near: (from[2] + to[2]) / 2 + 1.2 / TILES });
          travelled += Math.hypot(to[0] - from[0], to[1] - from[1]);
        }
      }
    }
    return pieces.sort((a, b) => a.near - b.near);
  }

  function paint(runs, now, samples) {
    const width = canvas.clientWidth;
    if (!width) return;
    mesh ??= createMesh();
    colours ??= readColours(samples);
    const ratio = Math.min(devicePixelRatio || 1, 2);
    if (canvas.width !== Math.round(width * ratio)) canvas.width = canvas.height = Math.round(width * ratio);
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, width);
    const project = view(camera);
    const zoom = width * 0.6;
    /** @param {number[]} point @returns {[number, number]} */
    const screen = ([across, up]) => [width / 2 + zoom * across, width * 0.5 - zoom * up];
    const { paper, ink, tiles, line } = colours;
    pen.lineJoin = "round";
    for (const piece of sortedPieces(project, runs, now)) {
      if (piece.tile) {
        pen.fillStyle = tiles[piece.at];
        pen.strokeStyle = line;
        pen.lineWidth = 0.5;
        pen.beginPath();
        piece.seen.forEach((point, i) => pen[i ? "lineTo" : "moveTo"](...screen(point)));
        pen.closePath();
        pen.fill();
        pen.stroke();
      } else {
        const { colour, dash } = colours.racers[piece.run.name];
        pen.strokeStyle = colour;
        pen.lineWidth = 2.6;
        pen.setLineDash(dash);
        pen.lineDashOffset = zoom * piece.travelled;
        pen.beginPath();
        pen.moveTo(...screen(piece.from));
        pen.lineTo(...screen(piece.to));
        pen.stroke();
        pen.setLineDash([]);
      }
    }
    const mark = (point, shape, colour) => {
      pen.save();
      const [east, north, height] = corner(point);
      pen.translate(...screen(project(east, north, height)));
      pen.lineWidth = 1.5;
      pen.strokeStyle = css(paper);
      pen.fillStyle = colour;
      pen.fill(new Path2D(shape));
      pen.stroke(new Path2D(shape));
      pen.restore();
    };
    mark(TRUTH, STAR, css(ink));
    for (const run of runs) {
      const point = run.points[Math.min(now, run.points.length - 1)];
      if (isInPicture(point)) mark(point, MARKERS[run.name], colours.racers[run.name].colour);
    }
    label(pen, project, screen, width);
    canvas.setAttribute(
      "aria-label",
      `The loss as a surface, turned by ${number(camera.turn)} and tilted by ${number(camera.tilt)} ` +
        "degrees. The arrow keys turn it.",
    );
  }

  /** The axes' names and ends, along the borders next to the viewer, and the height at the leftmost corner. */
  function label(pen, project, screen, width) {
    pen.fillStyle = css(colours.muted);
    pen.strokeStyle = css(colours.muted);
    pen.lineWidth = 1;
    pen.font = `${Math.max(12, width / 34)}px ui-monospace, monospace`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const corners = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ];
    const stroke = (...points) => {
      pen.beginPath();
      points.forEach((point, i) => pen[i ? "lineTo" : "moveTo"](...screen(project(...point))));
      pen.stroke();
    };
    const nearer = (a, b) => (project(...a, 0)[2] > project(...b, 0)[2] ? 0 : 1);
    const front = nearer([0.5, 0], [0.5, 1]);
    const side = nearer([0, 0.5], [1, 0.5]);
    stroke([0, front, 0], [1, front, 0]);
    stroke([side, 0, 0], [side, 1, 0]);
    const out = (edge) => (edge ? 1.1 : -0.1);
    const write = (text, x, y, z = 0) => pen.fillText(text, ...screen(project(x, y, z)));
    const [[w0, w1], [b0, b1]] = RANGES;
    for (const [text, where] of [
      [number(w0), 0.04],
      ["w", 0.5],
      [number(w1), 0.96],
    ])
      write(text, where, out(front));
    for (const [text, where] of [
      [number(b0), 0.04],
      ["b", 0.5],
      [number(b1), 0.96],
    ])
      write(text, out(side), where);
    const [x, y] = corners.reduce((left, corner) =>
      project(...corner, 0)[0] < project(...left, 0)[0] ? corner : left,
    );
    const height = (loss) => (TALL * loss) / mesh.highest;
    stroke([x, y, 0], [x, y, height(3)]);
    for (const loss of [0, 1, 2, 3]) {
      const [across, up] = screen(project(x, y, height(loss)));
      pen.fillText(number(loss), across - 9, up);
    }
    const [across, up] = screen(project(x, y, height(3.5)));
    pen.fillText("loss", across, up);
  }

  function turn(byTurn, byTilt) {
    camera.turn = ((camera.turn + byTurn + 540) % 360) - 180;
    camera.tilt = Math.min(Math.max(camera.tilt + byTilt, 8), 88);
    repaint();
  }
  const KEYS = { ArrowLeft: [TURN, 0], ArrowRight: [-TURN, 0], ArrowUp: [0, -TURN], ArrowDown: [0, TURN] };
  canvas.addEventListener("keydown", (event) => {
    const by = KEYS[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    turn(...by);
  });
  draggable(
    canvas,
    ({ clientX, clientY }) => ({ clientX, clientY }),
    (event, last) => {
      turn((last.clientX - event.clientX) * 0.5, (event.clientY - last.clientY) * 0.4);
      Object.assign(last, { clientX: event.clientX, clientY: event.clientY });
    },
  );
  return { element: canvas, paint };
}
