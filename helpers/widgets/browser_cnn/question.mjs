/** Predict first: sizes, parameters and accuracy before the network may learn, and the value of an open cell. */

import { activated, turnedSum } from "../arithmetic/digit_network.mjs";
import { SIDE } from "../arithmetic/digits.mjs";
import { grouped, number, parseCount, parseNumber } from "../arithmetic/format.mjs";
import { judgeGuess } from "../arithmetic/judge.mjs";
import { h, setText } from "../card/dom.mjs";
import { addPrediction } from "../card/predict.mjs";
import { brief, percent } from "./words.mjs";

/** After how many epochs the predicted accuracy is looked at. */
export const ASKED_EPOCHS = 2;

const convolutions = ({ shown }) => shown.filter(({ kind }) => kind === "conv");
const lastMaps = ({ shown }) => shown.filter(({ kind }) => kind !== "dense").at(-1);

/** Rows that are left, whatever each convolution takes away and each pool divides by. */
/**
 * @param {any} state
 * @param {{loses?: (size: number) => number, halves?: (i: number) => boolean}} [ways]
 */
function rowsLeft({ kernels, pooling }, { loses = () => 0, halves = () => pooling !== "none" } = {}) {
  return kernels.reduce((rows, size, i) => {
    const kept = rows - loses(size);
    return halves(i) ? Math.floor(kept / 2) : kept;
  }, SIDE);
}

/** @param {any} view @param {any} state @param {number} guess */
export function judgeSize(view, state, guess) {
  const [rows] = lastMaps(view).shape;
  const pooled = state.pooling !== "none";
  return judgeGuess(guess, rows, {
    right: `Right: ${rows} rows and columns.`,
    slips: [
      [
        rowsLeft(state, { loses: (size) => size - 1 }),
        "You took the kernel off. These convolutions pad their maps with zeros, so the size stays.",
      ],
      [
        pooled ? SIDE : undefined,
        "That is the size before the first pool: each pool of 2 × 2 halves rows and columns.",
      ],
      [
        pooled ? rowsLeft(state, { halves: (i) => i === 0 }) : undefined,
        "You counted one pool, but there is one after each convolution.",
      ],
      [pooled ? undefined : Math.floor(SIDE / 2), "There is no pool here, and the convolutions keep the size."],
      [rows * rows, `That is how many cells a map has: it has ${rows} rows.`],
    ],
    hint: "Start with 8 rows. A padded convolution keeps them, a pool of 2 × 2 halves them.",
  });
}

/** @param {any} view @param {number} guess */
export function judgeParameters(view, guess) {
  const { shown, parameters } = view;
  const learned = shown.filter((layer) => layer.parameters);
  const biases = learned.reduce((sum, { shape }) => sum + shape[2], 0);
  const convs = convolutions(view).reduce((sum, layer) => sum + layer.parameters, 0);
  const blind = learned.reduce((sum, layer, i) => {
    const channels = i === 0 ? 1 : learned[i - 1].shape[2];
    return (
      sum + (layer.kind === "conv" ? (layer.parameters - layer.shape[2]) / channels + layer.shape[2] : layer.parameters)
    );
  }, 0);
  return judgeGuess(guess, parameters, {
    right: `Right: ${grouped(parameters)}.`,
    slips: [
      [parameters - biases, `You left out the biases: one for each kernel and each unit, ${biases} in all.`],
      [convs, "Those are the convolutions alone: the dense layers at the end have weights too."],
      [parameters - convs, "Those are the dense layers alone: the kernels have weights too."],
      [
        convolutions(view).length > 1 ? blind : undefined,
        "A kernel of a later layer has a slice for each map that it reads: multiply by the number of maps before.",
      ],
    ],
    hint:
      "For each convolution: rows · columns · maps that it reads · kernels, plus a bias for each kernel. " +
      "For a dense layer: inputs · units, plus a bias for each unit.",
    same: (value, typed) => value === typed,
  });
}

/** @param {any} trace of the cell @param {number} guess */
export function judgeCell(trace, guess) {
  const { kind, groups, bias, z, a, activation } = trace;
  const near = (value, typed) => value !== undefined && Math.abs(value - typed) <= 0.03 + 0.02 * Math.abs(value);
  const f = (value) => (value === undefined ? undefined : activated(activation, value));
  const values = groups[0].terms.map(({ x }) => x);
  const largest = Math.max(...values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  /** @type {import("../arithmetic/judge.mjs").Slip[]} */
  const slips =
    kind === "pool"
      ? [
          [
            a === largest ? mean : largest,
            a === largest
              ? "That is the mean: this pool takes the largest."
              : "That is the largest: this pool takes the mean.",
          ],
        ]
      : [
          [f(z - bias), "You left out the bias."],
          [z, `That is z, before the activation ${activation}.`],
          [z - bias, `That is the sum of the products: add the bias, and apply ${activation}.`],
          [
            kind === "conv" ? f(turnedSum(groups) + bias) : undefined,
            "You turned the kernel by 180°, as convolution is defined. A convolutional layer does not turn it.",
          ],
          [
            groups.length > 1 ? f(groups[0].sum + bias) : undefined,
            "That is the first map alone: the kernel has a slice for every map that it reads.",
          ],
        ];
  return judgeGuess(guess, a, {
    right: `Right: ${brief(a)}.`,
    slips,
    same: near,
    hint: kind === "pool" ? "Look at the four numbers." : "Add the products and the bias, then apply the activation.",
  });
}

/**
 * @param {any} card @param {any} store
 * @param {{repaint: () => void, trace: () => any, reached: (epoch: number) => number | null}} widget
 */
export function addQuestions(card, store, { repaint, trace, reached }) {
  let at = 0;
  let expected = null; // percent
  const asked = [
    {
      words: () => `How many rows and columns does each map of ${lastMaps(store.view).name} have?`,
      answer: () => `Each map of ${lastMaps(store.view).name} has ${lastMaps(store.view).shape[0]} rows and columns.`,
      judge: (guess) => judgeSize(store.view, store.state, guess),
    },
    {
      words: () => "How many parameters does the network have in all?",
      answer: () => `It has ${grouped(store.view.parameters)} parameters.`,
      judge: (guess) => judgeParameters(store.view, guess),
    },
    {
      words: () => `What share of the held-out digits will it read right after ${ASKED_EPOCHS} epochs, in %?`,
      answer: () => `Let it learn, and see how far it is after ${ASKED_EPOCHS} epochs.`,
      judge(guess) {
        if (!(guess >= 0 && guess <= 100))
          return { right: false, words: `${number(guess)} is no share: say a number from 0 to 100.` };
        return { right: true, words: `Noted: ${number(guess)} %. Now let it learn, and see.` };
      },
      took: (guess, { right }) => right && (expected = guess),
    },
  ];
  const element = h("div.bc-question");
  const course = addPrediction({ say: element, stage: card.stage }, store, {
    repaint,
    at: () => at,
    count: () => asked.length,
    read: (text) => (at === 1 ? parseCount(text) : parseNumber(text.replace("%", ""))),
    go: (next) => {
      at = next;
      repaint();
    },
    judge: (guess) => asked[at].judge(guess),
    took: (guess, verdict) => asked[at].took?.(guess, verdict),
  });
  const cell = addPrediction(card, store, {
    repaint,
    asks: () => trace() !== null && trace().kind !== "dense",
    label: "Your value of the cell",
    judge: (guess) => judgeCell(trace(), guess),
  });
  const isDone = () => store.state.answer === "shown" || course.isFound(asked.length - 1);
  return {
    element,
    toggle: course.element,
    /** Where the cell's arithmetic stands. */
    line: cell.arithmetic,
    isCellKnown: () => cell.isKnown(0),
    /** Whether everything about the network may be seen. */
    isDone,

    /** Whether the reader may train now; says what to do first where not. */
    allows() {
      if (isDone()) return true;
      store.mention("First say what you expect of it: then it may learn.");
      return false;
    },

    /** @param {any} subject of the network @param {any} cellSubject of the cell's value */
    begin(subject, cellSubject) {
      course.begin(subject);
      if (element.dataset.subject !== subject) {
        element.dataset.subject = subject;
        [at, expected] = [0, null];
        course.begin(subject);
      }
      cell.begin(cellSubject);
    },

    show() {
      course.show();
      cell.show();
      const found = reached(ASKED_EPOCHS);
      const told =
        expected === null || found === null
          ? ""
          : `You expected ${number(expected)} % after ${ASKED_EPOCHS} epochs: it is ${percent(found)}.`;
      const isAsking = store.state.answer === "hidden" && !(isDone() && found !== null && expected === null);
      setText(course.arithmetic, told || (course.isKnown(at) ? asked[at].answer() : asked[at].words()));
      element.hidden = !isAsking;
      element.classList.toggle("bc-told", told !== "");
    },
  };
}
