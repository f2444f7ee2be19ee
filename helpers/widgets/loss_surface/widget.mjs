/** LossSurface: optimisers race over the loss of a 1-2-1 network, seen over two parameters. */

import { numberField, part, segmented } from "../card/controls.mjs";
import { forHand, h, resize, setText, steadyHeight } from "../card/dom.mjs";
import { number } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { folded, panes } from "../card/panes.mjs";
import { addPrediction, choiceButton } from "../card/predict.mjs";
import { createThrottle } from "../card/throttle.mjs";
import { createFitChart, createLossChart } from "./charts.mjs";
import { createMap, createScale } from "./map.mjs";
import { sample } from "./marks.mjs";
import { addRacePlayback } from "./play.mjs";
import { compute, RACERS, stepsToArrive, SUBJECT } from "./race.mjs";
import { createSlice, RANGES } from "./slice.mjs";
import { createSpace } from "./space.mjs";
import { describeLosses, describeUpdate, describeWhere, judgeWinner, short } from "./words.mjs";

export { compute };

const NAMES = Object.keys(RACERS);
/** How often the words follow while the race is on. */
const WORDS_MS = 120;

/** A slider on its own scale, with the number beside it. */
function scaledSlider(label, range, { toValue, toPlace, most }, store, name) {
  const field = numberField(
    label,
    { ...range, step: 0.01, bare: true },
    (value) => store.propose({ [name]: value }),
    (sentence) => store.refuse(sentence),
  );
  field.element.setAttribute("step", "any");
  const slider = h("input", {
    type: "range",
    min: 0,
    max: most,
    "aria-label": `${label}, slider`,
    oninput: () => store.propose({ [name]: toValue(Number(slider.value)) }),
  });
  slider.addEventListener("keydown", (event) => /^(Arrow|Home|End|Page)/.test(event.key) && event.stopPropagation());
  return {
    element: h("div.ls-slider", {}, h("span", { "aria-hidden": "true" }, label), slider, field.element),
    show(value) {
      slider.value = String(Math.round(toPlace(value)));
      slider.setAttribute("aria-valuetext", number(value));
      field.show(value);
    },
  };
}

const twoDigits = (value) => Number(value.toPrecision(2));
/** 20 places for each power of ten, from 10⁻⁴ to 100. */
const RATE = {
  most: 120,
  toValue: (at) => twoDigits(10 ** (at / 20 - 4)),
  toPlace: (rate) => 20 * (Math.log10(rate) + 4),
};
/** What matters of a momentum is 1/(1 − μ): the scale goes from 1 to 100 of that, so from 0 to 0.99. */
const MOMENTUM = {
  most: 40,
  toValue: (at) => Number((1 - 10 ** (-at / 20)).toFixed(3)),
  toPlace: (momentum) => -20 * Math.log10(1 - momentum),
};

/** The chips that say who races. */
function createChips(store) {
  const inputs = Object.fromEntries(
    NAMES.map((name) => [name, h("input", { type: "checkbox", onchange: () => toggle(name) })]),
  );
  const chips = NAMES.map((name) => h("label.ls-chip", {}, inputs[name], sample(name), RACERS[name]));
  function toggle(name) {
    const optimizers = NAMES.filter((other) =>
      other === name ? inputs[name].checked : store.state.optimizers.includes(other),
    );
    const selected = optimizers.includes(store.state.selected) ? store.state.selected : (optimizers[0] ?? name);
    if (!store.propose({ optimizers, selected })) inputs[name].checked = true;
  }
  return {
    element: h("fieldset.ls-chips", {}, h("legend.cv-spoken", {}, "who races"), ...chips),
    samples: Object.fromEntries(NAMES.map((name, i) => [name, chips[i].querySelector("svg")])),
    show: (optimizers) => NAMES.forEach((name) => (inputs[name].checked = optimizers.includes(name))),
  };
}

/** Where everyone is; the row that is chosen has its steps written out. */
function createTable(store, group) {
  const body = h("tbody");
  const heads = ["", "w", "b", "loss", "|gradient|", "step"].map((text, i) =>
    h("th", { scope: "col" }, i ? text : h("span.cv-spoken", {}, "optimizer")),
  );
  const make = () => {
    const input = h("input", { type: "radio", name: group, onchange: () => store.propose({ selected: input.value }) });
    const label = h("label", {}, input);
    return h("tr", {}, h("th", { scope: "row" }, label), ...heads.slice(1).map(() => h("td")));
  };
  return {
    element: h("div.ls-table", {}, h("table", {}, h("thead", {}, h("tr", {}, ...heads)), body)),
    paint(runs, selected, now) {
      resize(body, runs.length, make);
      runs.forEach((run, i) => {
        const row = body.children[i];
        const input = row.querySelector("input");
        if (input.value !== run.name) {
          input.value = run.name;
          input.parentElement.replaceChildren(input, sample(run.name), h("span", {}, RACERS[run.name]));
        }
        input.checked = run.name === selected;
        const step = Math.min(now, run.points.length - 1);
        const texts = [
          ...run.points[step].map((value) => number(value, 3)),
          short(run.losses[step], 2, 1e-3),
          short(run.slopes[step], 2, 1e-3),
          run.diverged && now > step ? `${step} ✕` : String(step),
        ];
        texts.forEach((text, k) => setText(row.children[k + 1], text));
        row.classList.toggle("ls-out", run.left !== null && now >= run.left);
      });
    },
  };
}

let tables = 0;

function build(card, store) {
  const slice = createSlice();
  const repaint = () => store.view && paint(store.state, store.view);
  const refuse = (sentence) => store.refuse(sentence);

  const chips = createChips(store);
  const map = createMap({
    start: () => [store.state.weight, store.state.bias],
    move([weight, bias]) {
      playback.pause();
      store.propose({ weight, bias });
    },
    take: () => card.stage.focus({ preventScroll: true }), // so that the arrow keys step, and do not move the start
    drop: () => playback.restart(),
  });
  const space = createSpace(card, repaint);
  const lossChart = createLossChart();
  const fitChart = createFitChart();
  const table = createTable(store, `ls-${(tables += 1)}`);
  const hint = h("p.ls-hint");
  const events = h("p.ls-events");
  const race = [
    part("racers", chips.element),
    h("div.ls-picture", {}, map.element, space.element, createScale(), hint),
  ];
  const curves = part("curves", h("div.ls-curves", {}, lossChart.element, fitChart.element));
  const numbers = part("table", h("div", {}, table.element));
  const tabs = panes("what is on show", [
    ["the race", race],
    ["curves", [curves, chips.element], "curves"],
    ["numbers", [numbers], "table"],
  ]);
  card.stage.append(h("div.ls", {}, tabs.element, race[0], h("div.ls-top", {}, race[1], curves), numbers, events));

  const choices = h("div.ls-choices");
  let offered = "";
  /** @type {(name: string) => void} */
  let pick = () => {};
  const prediction = addPrediction(card, store, {
    repaint,
    judge: (name) => judgeWinner(store.view, store.state, name),
    took: (_, { right }) => right && queueMicrotask(() => playback.restart()),
    choices(settle) {
      pick = settle;
      return choices;
    },
  });
  const lines = h("div.ls-lines");
  const title = h("div.ls-title");
  const why = part("why", h("p.ls-why"));
  card.say.append(part("update", h("div.ls-update", {}, title, lines)), folded("why", why));
  const steady = steadyHeight(lines);
  const steadyWhy = steadyHeight(why);
  card.formula.append(
    h("div", {}, "network: a(x) = 2·σ(w·x + b) − 1.5·σ(4·x + 4) + 0.5, seven parameters, of which only w and b move"),
    h("div", {}, "L(w, b) = 1/21 · Σ (a(x) − y)², over x = −2, −1.8, …, 2; the data y were made with w = 6, b = −3"),
  );

  const whole = (name, label, range) => numberField(label, range, (value) => store.propose({ [name]: value }), refuse);
  const viewChoice = segmented(
    "view",
    [
      ["contour", "from above"],
      ["surface", "in space"],
    ],
    (view) => store.propose({ view }),
  );
  const rate = scaledSlider("learning rate η", { min: 1e-4, max: 100 }, RATE, store, "learning_rate");
  const momentum = scaledSlider("momentum μ", { min: 0, max: 0.99 }, MOMENTUM, store, "momentum");
  const start = ["weight", "bias"].map((name, i) => {
    const field = numberField(
      `start ${"wb"[i]}`,
      { min: RANGES[i][0], max: RANGES[i][1], step: 0.5 },
      (value) => store.propose({ [name]: value }),
      refuse,
    );
    field.element.querySelector("input").setAttribute("step", "any");
    return field;
  });
  const steps = whole("steps", "steps", { min: 10, max: 2000 });
  const seed = whole("seed", "seed", { min: 0, max: 2 ** 32 - 1 });
  const batch = whole("batch_size", "samples in a mini-batch", { min: 1, max: 21 });
  card.settings.append(
    part("view", viewChoice.element),
    part("rate", rate.element),
    part("momentum", momentum.element),
    part("start", h("span.cv-group", {}, start[0].element, start[1].element)),
    part("steps", steps.element),
    part("seed", h("span.cv-group", {}, batch.element, seed.element)),
    part("predict", prediction.element),
  );
  const playback = addRacePlayback(card, store, { repaint, isOpen: () => prediction.isKnown(0) });

  function paintChoices(runs, state, shown) {
    const key = runs.map((run) => run.name).join();
    if (key !== offered)
      choices.replaceChildren(
        ...runs.map((run) =>
          choiceButton({ onclick: () => pick(run.name) }, () => run.name, sample(run.name), RACERS[run.name]),
        ),
      );
    offered = key;
    setText(prediction.arithmetic, shown ? "" : `Who will have the lowest loss after ${number(state.steps)} steps?`);
  }

  let counted = { key: "", needed: undefined };
  /**
   * At the end of the race: how long the chosen racer would have needed. Counting takes a moment, so not on the way.
   */
  function needed(run, state, now) {
    if (now < state.steps || playback.playing || run.diverged) return undefined;
    const key = JSON.stringify([run.name, ...SUBJECT.map((name) => state[name])]);
    if (counted.key !== key) counted = { key, needed: stepsToArrive(run.name, state) };
    return counted.needed;
  }

  const lossAt = ({ losses }, now) => losses[Math.min(now, losses.length - 1)];
  /** What is spoken: all racers, and who is ahead. */
  function describeRace(state, runs, now) {
    const lossOf = (run) => short(lossAt(run, now), 2);
    const all = runs.map((run) => `${RACERS[run.name]} at loss ${lossOf(run)}`);
    const place = `after step ${now} of ${state.steps}`;
    const known = runs.filter((run) => Number.isFinite(lossAt(run, now)));
    const ahead = known.sort((a, b) => lossAt(a, now) - lossAt(b, now))[0];
    const result = ahead ? `${RACERS[ahead.name]} at loss ${lossOf(ahead)}, the lowest, ${place}` : place;
    return [`${all.join(", ")}, ${place}. ${events.textContent}`, result];
  }

  /** Numbers that change with every frame cannot be read, and take the time that the picture needs. */
  const readable = createThrottle(WORDS_MS);

  function paint(state, view) {
    prediction.begin(SUBJECT.map((name) => state[name]));
    const shown = prediction.isKnown(0);
    const now = playback.at();
    const { runs } = view;
    const chosen = runs.find((run) => run.name === state.selected) ?? runs[0];
    const point = chosen.points[Math.min(now, chosen.points.length - 1)];

    chips.show(state.optimizers);
    map.element.hidden = state.view !== "contour";
    space.element.hidden = state.view === "contour";
    if (state.view === "contour") map.paint(runs, chosen.name, now, state);
    else space.paint(runs, now, chips.samples);
    setText(
      hint,
      state.view === "contour"
        ? forHand(
            `Click anywhere to ${shown ? "start a race" : "set the start"} there, or drag the ring. The star is ` +
              "the optimum.",
          )
        : "Drag, or use the arrow keys, to turn the surface. The star is the optimum.",
    );
    lossChart.paint(runs, chosen.name, state.steps, now);
    fitChart.paint(chosen.name, RACERS[chosen.name], point);
    playback.paint();
    if (!readable.isDue(playback.playing)) return;
    table.paint(runs, chosen.name, now);
    table.element.hidden = events.hidden = !shown; // everyone is at the start, and says nothing
    setText(events, describeLosses(runs, now).join(" "));

    paintChoices(runs, state, shown);
    const update = shown ? describeUpdate(chosen, state, now) : { title: "", lines: [] };
    setText(title, update.title && `${update.title}:`);
    resize(lines, update.lines.length, () => h("div"));
    update.lines.forEach((line, i) => setText(lines.children[i], line));
    setText(why, shown ? describeWhere(chosen, state, now, slice.saturation(point), needed(chosen, state, now)) : "");
    for (const keep of [steady, steadyWhy]) keep(JSON.stringify([chosen.name, shown, playback.playing]));

    viewChoice.show(state.view);
    rate.show(state.learning_rate);
    momentum.show(state.momentum);
    start[0].show(state.weight);
    start[1].show(state.bias);
    steps.show(state.steps);
    seed.show(state.seed);
    batch.show(state.batch_size);
    prediction.show();
    card.announce(...(shown ? describeRace(state, runs, now) : [prediction.arithmetic.textContent]));
  }

  // Markers and the surface are drawn to the size on the screen.
  const sizes = new ResizeObserver(() => repaint());
  sizes.observe(card.stage);
  card.onDispose(() => sizes.disconnect());
  return paint;
}

export default defineWidget({
  name: "LossSurface",
  title: "Race down the loss surface",
  picture: "the loss over weight and bias, and the paths of the optimizers",
  state: [
    "weight",
    "bias",
    "learning_rate",
    "momentum",
    "optimizers",
    "selected",
    "view",
    "steps",
    "step",
    "seed",
    "batch_size",
    "answer",
  ],
  parts: {
    view: "view",
    racers: "who races",
    rate: "learning rate",
    momentum: "momentum",
    start: "start",
    steps: "number of steps",
    seed: "mini-batch",
    predict: "predict switch",
    table: "table",
    curves: "small charts",
    why: "explanation",
    update: "last update",
    size: "formula",
    playback: "playback",
  },
  facts: {
    final_loss: ({ optimizers, selected }, { finals }) => finals[optimizers.indexOf(selected)] ?? null,
    start_loss: (_, { runs }) => runs[0].losses[0],
    progress: ({ optimizers, selected }, { runs, finals }) =>
      optimizers.includes(selected) ? runs[0].losses[0] - finals[optimizers.indexOf(selected)] : null,
  },
  compute,
  build,
});
