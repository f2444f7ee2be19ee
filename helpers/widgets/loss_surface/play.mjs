/** The race's own playback: many small steps a second, as many as the reader wants and the page can paint. */

import { addKeys } from "../card/playbar.mjs";
import { iconButton } from "../card/controls.mjs";
import { h, icon, ICONS, prefersStillness } from "../card/dom.mjs";
import { createLoop } from "../card/loop.mjs";

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

  const speed = h("select", { "aria-label": "speed", onchange: () => (loop.stepsPerSecond = SPEEDS[speed.value]) },
    ...Object.keys(SPEEDS).map((name) => h("option", { value: name, selected: name === "normal" }, name)));
  const loop = createLoop({
    element: card.stage, stepsPerSecond: SPEEDS.normal, report: repaint,
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

  card.stage.tabIndex = 0; // where these keys work, the keyboard must get to
  const words = h("span");
  const playButton = h("button.cv-primary", { type: "button", onclick: play }, icon(ICONS.play), words);
  const slider = h("input", { type: "range", min: 0, "aria-label": "step", oninput: () => go(Number(slider.value)) });
  const actions = { back: () => go(at() - 1), step: () => go(at() + 1), home: () => go(0), end: () => go(last()) };
  const back = iconButton(ICONS.back, "Step back (left arrow)", actions.back);
  const step = iconButton(ICONS.step, "Step forward (right arrow)", actions.step);
  card.playbar.append(back, playButton, step, slider, speed, iconButton(ICONS.reset, "Back to the start (Home)", actions.home));
  addKeys(card, { ArrowRight: actions.step, ArrowLeft: actions.back, Home: actions.home, End: actions.end, " ": play });
  card.onDispose(loop.dispose);

  return {
    at,
    get playing() { return loop.playing; },
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
      const playing = loop.playing;
      words.textContent = playing ? "pause" : "play";
      playButton.querySelector("path").setAttribute("d", playing ? ICONS.pause : ICONS.play);
      slider.max = String(last());
      slider.value = String(at());
      slider.setAttribute("aria-valuetext", `step ${at()} of ${last()}`);
      for (const [button, idle] of [[back, at() <= 0], [step, at() >= last()], [playButton, !isOpen()]])
        button.setAttribute("aria-disabled", String(idle || !isOpen()));
    },
  };
}
