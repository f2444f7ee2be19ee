/**
 * Where the nodes and the edges of each ready graph stand, on a wide screen and on a phone.
 *
 * Lengths are in the drawing's own unit, the height of its type. A wide drawing is 46 units wide and mostly
 * runs from left to right, a narrow one is 21 units wide and runs from top to bottom.
 */

const WIDE = { width: 46, size: [6.2, 4.2], target: [4.9, 1.9] };
const NARROW = { width: 21, size: [4.8, 4.5], target: [4.6, 2] };

/** Columns and rows of the graphs whose shape is fixed; rows need not be whole. */
const COLUMNS = [3.2, 13.1, 23, 32.9, 42.8];
const FIXED = {
  neuron: {
    wide: {
      x1: [0, 0],
      w1: [0, 1],
      x2: [0, 2],
      w2: [0, 3],
      s1: [1, 0.5],
      s2: [1, 2.5],
      b: [1, 3.6],
      z: [2, 2.2],
      a: [3, 2.2],
      L: [4, 2.2],
      y: [4, 3.4],
    },
    narrow: {
      x1: [2.5, 0],
      w1: [7.8, 0],
      x2: [13.2, 0],
      w2: [18.5, 0],
      s1: [5.15, 1],
      b: [10.5, 1],
      s2: [15.85, 1],
      z: [10.5, 2],
      a: [10.5, 3],
      L: [10.5, 4],
      y: [17.5, 4],
    },
  },
  two_layer: {
    wide: {
      w1: [0, 0],
      b1: [0, 1],
      x: [0, 2],
      w2: [0, 3],
      b2: [0, 4],
      z1: [1, 0.75],
      z2: [1, 3.25],
      a1: [2, 0.75],
      c: [2, 2],
      a2: [2, 3.25],
      v1: [3, 0.4],
      yhat: [3, 2],
      v2: [3, 3.6],
      L: [4, 2],
      y: [4, 3.3],
    },
    narrow: {
      w1: [2.05, 0],
      b1: [6.28, 0],
      x: [10.5, 0],
      w2: [14.72, 0],
      b2: [18.95, 0],
      z1: [6.28, 1],
      z2: [14.72, 1],
      v1: [2.05, 2],
      a1: [6.28, 2],
      c: [10.5, 2],
      a2: [14.72, 2],
      v2: [18.95, 2],
      yhat: [10.5, 3],
      L: [10.5, 4],
      y: [17.5, 4],
    },
    narrowSize: [4, 4.5],
  },
  softmax: {
    wide: {
      z1: [0, 0],
      z2: [0, 1],
      z3: [0, 2],
      e1: [1, 0],
      e2: [1, 1],
      e3: [1, 2],
      S: [2, 3],
      p1: [3, 0],
      p2: [3, 1],
      p3: [3, 2],
      L: [4, 1],
      y1: [3.53, 2.7],
      y2: [3.85, 2.7],
      y3: [4.17, 2.7],
    },
    narrow: {
      z1: [3.2, 0],
      z2: [10.5, 0],
      z3: [17.8, 0],
      e1: [3.2, 1],
      e2: [10.5, 1],
      e3: [17.8, 1],
      S: [6.85, 2],
      p1: [3.2, 3],
      p2: [10.5, 3],
      p3: [17.8, 3],
      L: [10.5, 4],
      y1: [6, 4.75],
      y2: [10.5, 4.75],
      y3: [15, 4.75],
    },
    target: [2.9, 1.9],
    narrowLoss: 6.8,
  },
};

const PITCH = { wide: 4.9, narrow: 5.4 };

/** @typedef {{x: number, y: number, width: number, height: number}} Box centre and size */
/** @typedef {{width: number, height: number, boxes: Record<string, Box>, down: boolean}} Layout */

/**
 * @param {string} name of the graph
 * @param {ReturnType<typeof import("./graphs.mjs").readyGraph>} ready
 * @param {"wide" | "narrow"} shape
 * @returns {Layout}
 */
export function layOut(name, ready, shape) {
  const frame = shape === "wide" ? WIDE : NARROW;
  const isTarget = (node) => ready.targets.includes(node);
  const box = (node, x, y, size = frame.size) => {
    const [width, height] = isTarget(node) ? (FIXED[name]?.target ?? frame.target) : size;
    return { x, y, width, height };
  };
  const boxes =
    name === "convolution" ? convolutionBoxes(ready, shape, frame, box) : fixedBoxes(FIXED[name], shape, frame, box);
  const height = Math.max(...Object.values(boxes).map(({ y, height: tall }) => y + tall / 2)) + 0.2;
  return { width: frame.width, height, boxes, down: shape === "narrow" || name === "convolution" };
}

function fixedBoxes(fixed, shape, frame, box) {
  const size = (shape === "narrow" && fixed.narrowSize) || frame.size;
  const places = Object.entries(fixed[shape]).map(([node, [col, row]]) => {
    const x = shape === "wide" ? columnAt(col) : col;
    const width = (node === "L" && shape === "narrow" && fixed.narrowLoss) || size[0];
    return [node, box(node, x, frame.size[1] / 2 + 0.1 + row * PITCH[shape], [width, size[1]])];
  });
  return Object.fromEntries(places);
}

/** Columns between two columns lie between them. */
function columnAt(col) {
  const left = Math.min(Math.floor(col), COLUMNS.length - 2);
  return COLUMNS[left] + (col - left) * (COLUMNS[left + 1] - COLUMNS[left]);
}

/** The signal above the output, the kernel and the loss below; the output stands under its window. */
function convolutionBoxes(ready, shape, frame, box) {
  const nodes = [...ready.leaves, ...ready.operations.map(({ name }) => name)];
  const named = (letter) => nodes.filter((node) => node[0] === letter);
  const [x, w, y] = ["x", "w", "y"].map(named);
  const wide = shape === "wide";
  const pitch = Math.min(frame.width / x.length, wide ? 8.6 : 5.2);
  const gap = wide ? 0.7 : 0.25;
  const tall = frame.size[1];
  const cell = [Math.min(frame.size[0], pitch - gap), tall];
  const rows = [0, 1, 2].map((row) => tall / 2 + 0.1 + row * (wide ? 8.4 : 6.4));
  const left = frame.width / 2 - ((x.length - 1) / 2) * pitch;
  const boxes = {};
  x.forEach((node, i) => (boxes[node] = box(node, left + i * pitch, rows[0], cell)));
  y.forEach((node, n) => (boxes[node] = box(node, left + (n + (w.length - 1) / 2) * pitch, rows[1], cell)));
  const kernelPitch = wide ? 8.2 : Math.min(4.2, 15 / w.length);
  const kernelCell = [Math.min(frame.size[0], kernelPitch - gap), tall];
  w.forEach((node, k) => (boxes[node] = box(node, kernelPitch * (k + 0.5), rows[2], kernelCell)));
  const lossAt = wide ? 38 : 18;
  boxes.L = box("L", lossAt, rows[2], [wide ? 6.8 : 5.4, tall]);
  const across = ready.targets.length > 3 ? Math.ceil(ready.targets.length / 2) : ready.targets.length;
  const targetPitch = frame.target[0] + 0.3;
  const first = Math.min(lossAt - ((across - 1) / 2) * targetPitch, frame.width - (across - 0.5) * targetPitch);
  ready.targets.forEach((node, i) => {
    const [col, row] = [i % across, Math.floor(i / across)];
    boxes[node] = box(node, first + col * targetPitch, rows[2] + tall / 2 + 2 + row * (frame.target[1] + 0.3));
  });
  return boxes;
}

/** @param {number[]} point @param {number[]} step */
const add = ([x, y], [dx, dy]) => [x + dx, y + dy];

/**
 * The edges, from border to border: those that meet at a side stand apart there.
 * @param {ReturnType<typeof import("./graphs.mjs").readyGraph>} ready
 * @param {Layout} layout
 */
export function edgesOf(ready, { boxes, down }) {
  const edges = ready.operations.flatMap(({ name: to, from }) => from.map((start) => ({ from: start, to })));
  const ends = edges.map(({ from, to }) => sidesOf(boxes[from], boxes[to], down || ready.targets.includes(from)));
  const along = ([dx]) => (dx === 0 ? "x" : "y");
  /** Shares a side among the edges that meet at it, in the order of where they come from. */
  const spread = (node, side, other) => {
    const meeting = edges
      .map((edge, i) => ({ edge, side: ends[i] }))
      .flatMap(({ edge, side: [out, into] }) => [
        { here: edge.from, at: out, there: edge.to },
        { here: edge.to, at: into, there: edge.from },
      ])
      .filter(({ here, at }) => here === node && String(at) === String(side))
      .map(({ there }) => there)
      .sort((a, b) => boxes[a][along(side)] - boxes[b][along(side)]);
    const share = (meeting.indexOf(other) + 0.5) / meeting.length - 0.5;
    return along(side) === "x" ? [share * boxes[node].width * 0.6, 0] : [0, share * boxes[node].height * 0.6];
  };
  return edges.map(({ from, to }, i) => {
    const [out, into] = ends[i];
    const start = add(border(boxes[from], out), spread(from, out, to));
    const end = add(border(boxes[to], into), spread(to, into, from));
    return { from, to, start, end, out, into };
  });
}

/** Which side an edge leaves by and arrives at, as steps outward. */
function sidesOf(from, to, down) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const roomDown = Math.abs(dy) - (from.height + to.height) / 2;
  const roomAcross = Math.abs(dx) - (from.width + to.width) / 2;
  const vertical = down ? roomDown > 0 : roomAcross <= 0;
  const step = vertical ? [0, Math.sign(dy)] : [Math.sign(dx), 0];
  return [step, [0 - step[0], 0 - step[1]]];
}

/** @param {{x: number, y: number, width: number, height: number}} box @param {number[]} side */
const border = ({ x, y, width, height }, [dx, dy]) => [x + (dx * width) / 2, y + (dy * height) / 2];

/** A point of a curve that leaves and arrives straight, at a share of its way from `start` to `end`. */
export function pointAt({ start, end, out, into }, share) {
  const [, first, second] = controls({ start, end, out, into });
  const rest = 1 - share;
  const weights = [rest ** 3, 3 * rest * rest * share, 3 * rest * share * share, share ** 3];
  return [0, 1].map(
    (axis) => weights[0] * start[axis] + weights[1] * first[axis] + weights[2] * second[axis] + weights[3] * end[axis],
  );
}

function controls({ start, end, out, into }) {
  const reach = 0.45 * Math.abs(out[0] ? end[0] - start[0] : end[1] - start[1]);
  return [
    start,
    add(
      start,
      out.map((d) => d * reach),
    ),
    add(
      end,
      into.map((d) => d * reach),
    ),
    end,
  ];
}

/** @param {number[]} point */
const pair = ([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`;

/** The curve of an edge, as an SVG path. */
export function curve(edge) {
  const [start, first, second, end] = controls(edge);
  return `M${pair(start)}C${pair(first)} ${pair(second)} ${pair(end)}`;
}

/** An arrow's head whose tip is at a point; `outward` says which way the card's side looks. */
export function head(tip, outward, size = 0.62) {
  const [dx, dy] = outward;
  const across = [-dy, dx];
  const base = add(tip, [dx * size, dy * size]);
  const corner = (sign) =>
    add(
      base,
      across.map((d) => d * sign * size * 0.55),
    );
  return `M${pair(tip)}L${pair(corner(1))}L${pair(corner(-1))}Z`;
}
