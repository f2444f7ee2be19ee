/** The race's own playback: many small steps a second, as many as the reader wants and the page can paint. */

import { prefersStillness } from "../card/dom.mjs";
import { createLoop } from "../card/loop.mjs";
import { addPlaybar } from "../card/playbar.mjs";

/** Steps a second. */
const SPEEDS = { slow: 5, normal: 40, fast: 150 };

/**
 * While it plays, the step is kept here and painted; the state follows whenever it stops.
 * @param {any} card
 * @param {any} store its state has `step` and `steps`
 * @param {{repaint: () => void, isOpen: () => boolean}} options whether the race may be seen at all
 */
export function addRacePlayback(card, store, { repaint, isOpen }) {
  let running = null; // the step on show while the race is on
  const last = () => store.state.steps;
  const at = () => (isOpen() ? Math.min(running ?? store.state.step, last()) : 0);

  const loop = createLoop({
    element: card.stage,
    stepsPerSecond: SPEEDS.normal,
    report: repaint,
    work() {
      if (!isOpen()) running = null;
      if (running === null) return false;
      running = Math.min(running + 1, last());
      if (running === last()) queueMicrotask(stop);
      return running < last();
    },
  });

  function stop() {
    loop.pause();
    if (running === null) return;
    const step = running;
    running = null;
    store.propose({ step });
  }
  function closed() {
    store.mention("First say who will be lowest at the end, or press “show”.");
  }
  function go(step) {
    stop();
    if (!isOpen()) return closed();
    store.propose({ step: Math.min(Math.max(step, 0), last()) });
  }
  function play() {
    if (loop.playing) return stop();
    if (!isOpen()) return closed();
    if (prefersStillness()) return go(last());
    running = at() >= last() ? 0 : at();
    loop.play();
  }

  const bar = addPlaybar(card, {
    act: { play, back: () => go(at() - 1), step: () => go(at() + 1), home: () => go(0), end: () => go(last()) },
    slider: { label: "step", go },
    speeds: SPEEDS,
    usual: "normal",
    hurry: (stepsPerSecond) => (loop.stepsPerSecond = stepsPerSecond),
  });
  card.onDispose(loop.dispose);

  return {
    at,
    get playing() {
      return loop.playing;
    },
    pause: stop,

    /** Runs the whole race from its start; where motion is unwelcome, shows its end. */
    restart() {
      stop();
      if (!isOpen()) return;
      if (prefersStillness()) return go(last());
      running = 0;
      loop.play();
      repaint();
    },

    paint() {
      bar.showPlaying(loop.playing);
      bar.showPlace(at(), last(), `step ${at()} of ${last()}`);
      const closed = !isOpen();
      bar.showIdle({ back: closed || at() <= 0, step: closed || at() >= last(), play: closed });
    },
  };
}
