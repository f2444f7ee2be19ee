/** Back, play, step, a slider, reset and speed; the arrow keys, space, Home and End do the same. */

import { h, icon, ICONS, prefersStillness } from "./dom.mjs";
import { iconButton } from "./controls.mjs";

const SPEEDS = { slow: 1500, normal: 800, fast: 300 };

/** Elements that need these keys themselves. */
const OWN_KEYS = "input:not([type=range]):not([type=checkbox]), select, textarea";

/**
 * @param {any} card
 * @param {any} store its state has `step`
 * @param {{count: () => number, label: string, mayLeave?: () => boolean}} options
 *   the number of steps, what the slider chooses, and whether playing may go on from the present step
 * @returns {(step: number) => void} paints the controls
 */
export function addPlayback(card, store, { count, label, mayLeave = () => true }) {
  let timer = null;
  const last = () => count() - 1;
  const at = () => Math.min(store.state.step, last());
  const go = (step) => store.propose({ step: Math.min(Math.max(step, 0), last()) });

  function stop() {
    clearInterval(timer);
    timer = null;
    paintPlay();
  }
  function advance() {
    if (at() >= last() || !mayLeave()) return stop();
    go(at() + 1);
    if (at() >= last()) stop();
  }
  function play() {
    if (timer !== null) return stop();
    if (at() >= last()) go(0);
    timer = setInterval(advance, SPEEDS[speed.value]);
    paintPlay();
  }
  const by = (act) => () => { stop(); act(); };
  const actions = {
    back: by(() => go(at() - 1)),
    step: by(() => go(at() + 1)),
    home: by(() => go(0)),
    end: by(() => go(last())),
  };

  card.stage.tabIndex = 0; // where these keys work, the keyboard must get to

  const words = h("span");
  const playButton = h("button.cv-primary", { type: "button", onclick: play }, icon(ICONS.play), words);
  const slider = h("input", { type: "range", min: 0, "aria-label": label, oninput: () => { stop(); go(Number(slider.value)); } });
  const speed = h("select", { "aria-label": "speed", onchange: () => { if (timer !== null) { stop(); play(); } } },
    ...Object.keys(SPEEDS).map((name) => h("option", { value: name, selected: name === "normal" }, name)));
  const back = iconButton(ICONS.back, "Step back (left arrow)", actions.back);
  const step = iconButton(ICONS.step, "Step forward (right arrow)", actions.step);
  card.playbar.append(back, playButton, step, slider, speed, iconButton(ICONS.reset, "Back to the start (Home)", actions.home));

  function paintPlay() {
    const playing = timer !== null;
    words.textContent = playing ? "pause" : "play";
    playButton.querySelector("path").setAttribute("d", playing ? ICONS.pause : ICONS.play);
    card.root.classList.toggle("cv-playing", playing && !prefersStillness());
  }
  paintPlay();

  addKeys(card, { ArrowRight: actions.step, ArrowLeft: actions.back, Home: actions.home, End: actions.end, " ": play });
  card.onDispose(stop);

  return (now) => {
    slider.max = String(Math.max(last(), 0));
    slider.value = String(now);
    slider.setAttribute("aria-valuetext", `${now + 1} of ${count()}`);
    // Not `disabled`: that would throw the focus away under the finger of a keyboard user.
    back.setAttribute("aria-disabled", String(now <= 0));
    step.setAttribute("aria-disabled", String(now >= last()));
  };
}

/**
 * Keys that work everywhere in a card, except where something that has the focus needs them itself.
 * @param {any} card
 * @param {Record<string, () => void>} keys by their names in keyboard events
 */
export function addKeys(card, keys) {
  card.root.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(OWN_KEYS)) return;
    if (event.key === " " && event.target.closest("button, input, a, summary")) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
}
