/**
 * Work that goes on for long, done in slices: some milliseconds in each frame, while it can be seen.
 *
 * All loops of a page together take about half of a frame, and less where painting is slow. Nothing is
 * done while the page or the loop's element is out of sight, nor after `dispose`.
 */

/** What work and painting may take of a frame of 16.7 ms; the rest is the browser's. */
const FRAME_MS = 13;
const SLICE_MS = 8;
const LEAST_MS = 1;

/**
 * Takes one step after the other, at least one, until there is no more to do or the time is up.
 * @param {number} milliseconds @param {() => boolean} step returns whether there is more to do
 * @param {number} [most] steps
 * @returns {number} how many it took
 */
export function workFor(milliseconds, step, most = Infinity) {
  const end = performance.now() + milliseconds;
  let done = 1;
  while (step() && done < most && performance.now() < end) done++;
  return done;
}

/** The loops of this page that have asked for the next frame; they share it. */
const waiting = new Set();

/**
 * @param {object} options
 * @param {Element} options.element the work waits while nothing of it can be seen
 * @param {() => boolean} options.work one step; returns whether there is more to do
 * @param {() => void} options.report paints what has been reached
 * @param {number} [options.stepsPerSecond] at most; from 0
 */
export function createLoop({ element, work, report, stepsPerSecond = Infinity }) {
  const view = element.ownerDocument.defaultView;
  let frame = null;
  let isInSight = true;
  let isDisposed = false;
  let before = null; // when the last frame was
  let due = 1; // steps that stepsPerSecond allows by now
  let paintMs = 0;

  function askForFrame() {
    if (!loop.playing || !isInSight || frame !== null) return;
    frame = view.requestAnimationFrame(runSlice);
    waiting.add(loop);
  }

  function stopWaiting() {
    if (frame !== null) view.cancelAnimationFrame(frame);
    frame = before = null;
    due = 1; // the next step after a rest is not kept waiting
    waiting.delete(loop);
  }

  function runSlice(now) {
    const share = Math.max(LEAST_MS, Math.min(SLICE_MS / waiting.size, FRAME_MS / waiting.size - paintMs));
    frame = null;
    waiting.delete(loop);
    const allowed = stepsAllowed(now);
    if (allowed >= 1) {
      due -= workFor(share, step, allowed);
      const start = performance.now();
      report();
      paintMs += (performance.now() - start - paintMs) / 4;
    }
    if (loop.playing) askForFrame();
    else stopWaiting();
  }

  /** Steps that did not fit into their frame are not made up for. */
  function stepsAllowed(now) {
    if (loop.stepsPerSecond === Infinity) return Infinity;
    const elapsed = before === null ? 0 : now - before;
    before = now;
    due = Math.max(0, Math.min(due, 1)) + (Math.min(elapsed, 100) / 1000) * loop.stepsPerSecond;
    return Math.floor(due);
  }

  function step() {
    if (!work()) loop.playing = false;
    return loop.playing;
  }

  const observer = new view.IntersectionObserver((entries) => {
    isInSight = entries[entries.length - 1].isIntersecting;
    if (isInSight) askForFrame();
    else stopWaiting();
  });
  observer.observe(element);

  const loop = {
    playing: false,
    stepsPerSecond,
    play() {
      if (loop.playing || isDisposed) return;
      loop.playing = true;
      askForFrame();
      report();
    },
    pause() {
      if (!loop.playing) return;
      loop.playing = false;
      stopWaiting();
      report();
    },
    dispose() {
      isDisposed = true;
      loop.playing = false;
      stopWaiting();
      observer.disconnect();
    },
  };
  return loop;
}
