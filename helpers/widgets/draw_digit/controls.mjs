/** DrawDigit's settings: what is read, centring, and what is done to the image. */

import { numberField, part, segmented, select, slider, toggle } from "../card/controls.mjs";
import { h } from "../card/dom.mjs";
import { nameOfPreset, PRESETS } from "./presets.mjs";
import { RANGES, UNCHANGED } from "./state.mjs";

const OWN = "your own";
/** @type {[string, string][]} */
const SOURCES = [
  ["drawing", "the drawing"],
  ["sample", "a sample"],
  ["image", "the given image"],
];

/** @param {any} card @param {any} store @param {any} question made by `addQuestion` */
export function addControls(card, store, question) {
  const propose = (changes) => store.propose(changes);
  const refuse = (sentence) => store.refuse(sentence);
  const source = segmented("read", SOURCES, (value) => propose({ source: value }));
  const given = source.element.querySelector(".cv-segments").lastElementChild;
  const presets = select("on the pad", [OWN, ...Object.keys(PRESETS)], (name) => {
    if (name !== OWN) propose({ source: "drawing", strokes: PRESETS[name] });
  });
  const takeSample = (sample) => propose({ sample, source: "sample" });
  const sample = numberField("UCI digit no.", RANGES.sample, takeSample, refuse);
  const goOn = () => takeSample((store.state.sample + 1) % (RANGES.sample.max + 1));
  const next = h("button", { type: "button", onclick: goOn }, "next");
  const centred = toggle("scale and centre as MNIST does", (on) => propose({ centred: on }));
  const changes = {
    rotate: slider("rotate", RANGES.rotate, "°", (rotate) => propose({ rotate })),
    down: slider("down", RANGES.shift, " px", (down) => propose({ shift: store.state.shift.with(0, down) })),
    right: slider("right", RANGES.shift, " px", (right) => propose({ shift: store.state.shift.with(1, right) })),
    thicken: slider("thicken", RANGES.thicken, " px", (thicken) => propose({ thicken })),
    noise: slider("noise", RANGES.noise, "", (noise) => propose({ noise })),
  };
  const restore = h("button", { type: "button", onclick: () => propose(UNCHANGED) }, "undo these");
  card.settings.append(
    part("source", source.element),
    part("presets", presets.element),
    part("samples", h("span.cv-group", {}, sample.element, next)),
    part("centring", centred.element),
    part(
      "changes",
      h(
        "fieldset.dd-changes",
        {},
        h("legend", {}, "change the image"),
        ...Object.values(changes).map(({ element }) => element),
        restore,
      ),
    ),
    part("predict", question.element),
  );
  store.subscribe((state, view) => {
    if (!view) return;
    const {
      shift: [down, right],
      rotate,
      thicken,
      noise,
    } = state;
    source.show(state.source);
    given.hidden = !state.image.length;
    presets.show(nameOfPreset(state.strokes) ?? OWN);
    sample.show(state.sample);
    centred.show(state.centred);
    for (const [name, value] of Object.entries({ rotate, down, right, thicken, noise })) changes[name].show(value);
    restore.setAttribute("aria-disabled", String(![rotate, down, right, thicken, noise].some(Boolean)));
  });
}
