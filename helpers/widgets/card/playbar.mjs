/** Back, play, step, a slider, speed and reset; the arrow keys, space, Home and End do the same. */

import { h, icon, ICONS, prefersStillness } from "./dom.mjs";
import { iconButton } from "./controls.mjs";

const SPEEDS = { slow: 1500, normal: 800, fast: 300 };

/** Between two reports of something that goes on for long, and of single steps. */
const REPORT_MS = 4000;
const STEP_REPORT_MS = 1400;

/** Elements that need these keys themselves. */
const OWN_KEYS = "input:not([type=range]):not([type=checkbox]), select, textarea";

/**
 * The buttons of every play bar and their keys; what they do is the widget's.
 * @param {any} card
 * @param {object} options
 * @param {{back: () => void, play: () => void, step: () => void, home: () => void, end?: () => void}} options.act
 * @param {{label: string, go: (place: number) => void}} [options.slider] where there is an end to go to
 * @param {Record<string, any>} options.speeds name -> what `hurry` gets
 * @param {string} options.usual the speed to begin with
 * @param {(speed: any) => void} options.hurry
 * @param {{play?: string, back?: string, step?: string}} [options.names]
 * @param {number} [options.pace] ms between two reports to those who listen, while it plays
 */
export function addPlaybar(card, { act: acts, slider: sliding, speeds, usual, hurry, names = {}, pace = REPORT_MS }) {
  const use = (done) => () => {
    card.putBack();
    done();
  };
  const act = Object.fromEntries(Object.entries(acts).map(([name, done]) => [name, use(done)]));
  const { play = "play", back: backName = "Step back", step: stepName = "Step forward" } = names;
  const words = h("span");
  const playButton = h("button.cv-primary", { type: "button", onclick: act.play }, icon(ICONS.play), words);
  const slider =
    sliding &&
    h("input", {
      type: "range",
      min: 0,
      "aria-label": sliding.label,
      oninput: () => sliding.go(Number(slider.value)),
    });
  const options = Object.keys(speeds).map((name) => h("option", { value: name, selected: name === usual }, name));
  const speed = h("select", { "aria-label": "speed", onchange: () => hurry(speeds[speed.value]) }, ...options);
  const back = iconButton(ICONS.back, `${backName} (left arrow)`, act.back);
  const step = iconButton(ICONS.step, `${stepName} (right arrow)`, act.step);
  const home = iconButton(ICONS.start, "Back to the start (Home)", act.home);
  card.playbar.append(...[back, playButton, step, slider, speed, home].filter(Boolean));
  card.stage.tabIndex = 0; // where these keys work, the keyboard must get to
  const keys = { ArrowRight: act.step, ArrowLeft: act.back, Home: act.home, " ": act.play };
  addKeys(card, act.end ? { ...keys, End: act.end } : keys);
  if (slider) addClicker(card, slider, act);

  return {
    speed: () => speeds[speed.value],
    /** @param {boolean} playing @param {string} [name] what the button says at rest */
    showPlaying(playing, name = play) {
      words.textContent = playing ? "pause" : name;
      playButton.querySelector("path").setAttribute("d", playing ? ICONS.pause : ICONS.play);
      card.setPace(playing ? pace : 0);
    },
    /** @param {number} at @param {number} last @param {string} spoken */
    showPlace(at, last, spoken) {
      slider.max = String(Math.max(last, 0));
      slider.value = String(at);
      slider.setAttribute("aria-valuetext", spoken);
    },
    /**
     * Which buttons lead nowhere. Not `disabled`: that would throw the focus away under the finger of a keyboard user.
     * @param {{back?: boolean, play?: boolean, step?: boolean}} idle
     */
    showIdle(idle) {
      for (const [name, button] of Object.entries({ back, play: playButton, step }))
        if (name in idle) button.setAttribute("aria-disabled", String(idle[name]));
    },
  };
}

/** More steps than a lecturer presses a button for: they are played. */
const MOST_CLICKS = 30;

/** In a lecture the two buttons of a clicker step through the widget first, and then leave it. */
function addClicker(card, slider, act) {
  card.root.addEventListener("keydown", (event) => {
    if (!["PageDown", "PageUp"].includes(event.key) || event.target.closest(OWN_KEYS)) return;
    const isFull = card.root.classList.contains("cv-presenting");
    if (!isFull && !card.root.closest(".cv-page-present")) return;
    const [now, last] = [Number(slider.value), Number(slider.max)];
    const isForward = event.key === "PageDown";
    const mayStep = last <= MOST_CLICKS && (isForward ? now < last : now > 0);
    if (!mayStep && !isFull) return;
    event.preventDefault();
    event.stopPropagation();
    if (mayStep) (isForward ? act.step : act.back)();
  });
}

/**
 * Playing through steps that are counted, one after the other.
 * @param {any} card
 * @param {any} store
 * @param {object} options
 * @param {() => number} options.count the number of steps
 * @param {string} options.label what the slider chooses
 * @param {() => boolean} [options.mayLeave] whether playing may go on from the present step
 * @param {() => number} [options.now] the present step; the state's `step` unless given
 * @param {(step: number) => void} [options.show] goes to another
 * @returns {(step: number) => void} paints the controls
 */
export function addPlayback(card, store, options) {
  const { count, label, mayLeave = () => true } = options;
  const { now = () => store.state.step, show = (step) => store.propose({ step }) } = options;
  let timer = null;
  const last = () => count() - 1;
  const at = () => Math.min(now(), last());
  const go = (step) => show(Math.min(Math.max(step, 0), last()));

  function stop() {
    clearInterval(timer);
    timer = null;
    paintPlay();
  }
  function advance() {
    // Who takes the card off the page may forget to say so.
    if (!card.root.isConnected || at() >= last()) return stop();
    if (!mayLeave()) return ask();
    go(at() + 1);
    if (at() >= last()) stop();
  }
  /** Playing waits for the reader. */
  function ask() {
    stop();
    store.mention("Say first what you expect here, or press “show”; then it plays on.");
  }
  function play() {
    if (timer !== null) return stop();
    if (at() >= last()) go(0);
    if (!mayLeave()) return ask();
    timer = setInterval(advance, bar.speed());
    paintPlay();
  }
  const by =
    (act) =>
    (...place) => {
      stop();
      act(...place);
    };
  const bar = addPlaybar(card, {
    act: {
      play,
      back: by(() => go(at() - 1)),
      step: by(() => go(at() + 1)),
      home: by(() => go(0)),
      end: by(() => go(last())),
    },
    slider: { label, go: by(go) },
    speeds: SPEEDS,
    usual: "normal",
    pace: STEP_REPORT_MS,
    hurry: () => {
      if (timer !== null) {
        stop();
        play();
      }
    },
  });

  function paintPlay() {
    bar.showPlaying(timer !== null);
    card.root.classList.toggle("cv-playing", timer !== null && !prefersStillness());
  }
  paintPlay();
  card.onDispose(stop);

  return (step) => {
    const isOpen = !card.root.classList.contains("cv-guessing");
    bar.showPlace(step, last(), isOpen ? `${step + 1} of ${count()}` : String(step + 1));
    bar.showIdle({ back: step <= 0, step: step >= last() });
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
