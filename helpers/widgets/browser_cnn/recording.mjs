/** A training that Python recorded: the first layer's kernels at each epoch, to be scrubbed and played through. */

import { h, setText } from "../card/dom.mjs";
import { createLoop } from "../card/loop.mjs";
import { createTiles, kernelLayout } from "./tiles.mjs";
import { brief, describeFrame } from "./words.mjs";

const FRAMES_PER_SECOND = 4;

/** Kernels in a row, and their size on the page. */
const PER_ROW = 8;
const TILE = 56;

/** The frames with what some do not tell: held-out digits are measured once an epoch, and lines join the epochs. */
function joined(frames) {
  const filled = frames.map((frame) => ({ ...frame }));
  for (const name of ["loss", "val_loss", "accuracy", "val_accuracy"]) {
    const told = [...frames.keys()].filter((i) => Number.isFinite(frames[i][name]));
    for (let k = 1; k < told.length; k++) {
      const [from, to] = [told[k - 1], told[k]];
      for (let i = from + 1; i < to; i++)
        filled[i][name] = frames[from][name] + ((frames[to][name] - frames[from][name]) * (i - from)) / (to - from);
    }
  }
  return filled;
}

/** @param {any} store its state has `frames` @param {any} card @param {() => void} repaint */
export function createRecording(store, card, repaint) {
  const tiles = createTiles();
  const caption = h("p.bc-caption");
  const element = h("div.bc-recording", { hidden: true }, caption, tiles.element);
  let shown = null; // null for the newest, which follows a training under way
  const frames = () => store.state.frames;
  const last = () => frames().length - 1;
  const at = () => Math.min(shown ?? last(), last());

  const loop = createLoop({
    element: card.stage,
    stepsPerSecond: FRAMES_PER_SECOND,
    work() {
      shown = at() + 1 >= last() ? null : at() + 1;
      return shown !== null;
    },
    report: repaint,
  });
  card.onDispose(loop.dispose);

  function go(index) {
    loop.pause();
    shown = index >= last() ? null : Math.max(index, 0);
    repaint();
  }
  return {
    element,
    go,
    act: {
      play() {
        if (loop.playing) return loop.pause();
        if (at() === last()) shown = 0;
        loop.play();
      },
      step: () => go(at() + 1),
      back: () => go(at() - 1),
      home: () => go(0),
      end: () => go(last()),
    },
    /** @param {any[]} all frames @param {Uint32Array} table the signed scale @param {string} line */
    paint(all, table, line) {
      const frame = all[at()];
      /** @type {[number, number]} */
      const size = [frame.weights.length, frame.weights[0].length];
      const [channels, filters] = [frame.weights[0][0].length, frame.weights[0][0][0].length];
      const largest =
        all.flatMap(({ weights }) => weights.flat(3)).reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
      const { layout, read } = kernelLayout(size, channels, filters, TILE);
      tiles.paint({ ...layout, perRow: PER_ROW }, read(frame.weights.flat(3)), largest, table, line);
      const words = `${filters} kernels of ${size.join(" × ")}${channels > 1 ? `, each with ${channels} slices` : ""}`;
      tiles.name(words);
      setText(caption, `First convolution: ${words}, after epoch ${brief(frame.epoch)}.`);
      return {
        history: joined(all),
        index: at(),
        count: all.length,
        place: `epoch ${brief(frame.epoch)}`,
        playing: loop.playing,
        words: describeFrame(frame, all[last()].epoch),
      };
    },
  };
}
