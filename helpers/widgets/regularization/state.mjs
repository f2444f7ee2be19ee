/** Regularization's settings: what fits, and the experiment that follows from them. */

import { Misfit } from "../arithmetic/misfit.mjs";
import { number } from "../arithmetic/format.mjs";
import { requireNumber } from "../arithmetic/requirements.mjs";

/** The plain network's: few digits, and many neurons. */
const FEW = 150;
export const MANY = 128;
export const LEARNING_RATE = 0.003;
/** The batch grows with the digits, so that every epoch has as many steps. */
export const STEPS_PER_EPOCH = 6;
/** Epochs without a lower validation loss. */
export const PATIENCE = 5;
export const VALIDATION = 180;

/** What each setting is called, and what it may be. */
export const LIMITS = {
  samples: { called: "number of digits", least: 50, most: 1200, whole: true },
  wrong: { called: "share of wrong labels", least: 0, most: 0.5 },
  shift: { called: "shift", least: 0, most: 2, whole: true },
  l2: { called: "L2 penalty", least: 0, most: 1 },
  decay: { called: "weight decay", least: 0, most: 100 },
  dropout: { called: "dropout rate", least: 0, most: 0.9 },
  units: { called: "number of neurons", least: 1, most: MANY, whole: true },
  epochs: { called: "number of epochs", least: 1, most: 60, whole: true },
  pairs: { called: "number of pairs", least: 1, most: 8, whole: true },
  neuron: { called: "number of a neuron", least: 1, most: MANY, whole: true },
};

/** Remedies, as long as they do nothing. */
export const NOTHING = {
  samples: FEW,
  shift: 0,
  l2: 0,
  decay: 0,
  dropout: 0,
  batch_norm: false,
  early_stopping: false,
  units: MANY,
};

/** Whatever starts the experiment anew; the number of pairs only makes it longer. */
const SUBJECT = [...Object.keys(NOTHING), "wrong", "epochs"];

/** What is done against overfitting, in words. @param {any} state */
function remediesOf(state) {
  const { samples, shift, l2, decay, dropout, batch_norm: isNormal, early_stopping: stops, units } = state;
  return [
    samples !== FEW && `${samples} digits`,
    shift > 0 && `shifts by ${shift}`,
    l2 > 0 && `L2 ${number(l2)}`,
    decay > 0 && `weight decay ${number(decay)}`,
    dropout > 0 && `dropout ${number(dropout)}`,
    isNormal && "batch normalisation",
    units !== MANY && `${units} neurons`,
    stops && "early stopping",
  ].filter(Boolean);
}

/** @param {any} state */
export function compute(state) {
  for (const [name, { called, ...range }] of Object.entries(LIMITS)) requireNumber(called, state[name], range);
  for (const name of ["batch_norm", "early_stopping"])
    if (typeof state[name] !== "boolean") throw new Misfit(`${name} is on or off, and not ${state[name]}.`);
  if (!["shown", "hidden"].includes(state.answer)) throw new Misfit("The answer is shown or hidden.");
  const remedies = remediesOf(state);
  return {
    remedies,
    remedy: remedies.join(" + ") || "nothing",
    neuron: Math.min(state.neuron, state.units),
    subject: JSON.stringify(SUBJECT.map((name) => state[name])),
    /** A plain network learns from the same digits whatever the remedy is. */
    plainSubject: JSON.stringify([state.wrong, state.epochs]),
  };
}
