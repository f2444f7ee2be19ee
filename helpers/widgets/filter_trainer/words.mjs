/** What FilterTrainer says. */

import { factor, grouped, number, plural } from "../arithmetic/format.mjs";
import { largestRate } from "../arithmetic/kernel_training.mjs";

/** A number in a small cell. */
export const brief = (value) => number(Number(value.toFixed(2)), 3);

/** One that may be small, as gradients are in the end. */
export const tiny = (value) =>
  Math.abs(value) < 0.005 && value !== 0 ? value.toExponential(0).replaceAll("-", "−") : brief(value);

export const short = (value) =>
  Math.abs(value) < 1e-3 && value !== 0 ? value.toExponential(2).replaceAll("-", "−") : number(value, 3);

/** Rounds away what a training of this length leaves. */
const CLOSE = 0.05;

/** The learned kernel beside the one that is wanted: their largest difference. */
export function distance(kernel, wanted) {
  return wanted ? Math.max(...wanted.flat().map((weight, cell) => Math.abs(weight - kernel[cell]))) : NaN;
}

/** The nine sums of one step, for one of the cells. */
export function describeSum({ sums, gradient, kernel, count }, { learning_rate, optimizer, size }, [row, col]) {
  const cell = row * size + col;
  const slope = short(gradient[cell]);
  const start = `∂L/∂w[${row}, ${col}] = 2/N · Σ e·x = 2/${grouped(count)} · ${factor(sums[cell], short)} = ${slope}`;
  if (optimizer !== "sgd") return `${start}; from it ${optimizer} makes the next step.`;
  return (
    `${start};  w ← ${short(kernel[cell])} − ${number(learning_rate)} · ${factor(gradient[cell], short)} ` +
    `= ${short(kernel[cell] - learning_rate * gradient[cell])}`
  );
}

/** The formulas, with the numbers in place. */
export function writeFormulas({ loss, count, epochs }, { size }) {
  return [
    `y[r, c] = Σ w[i, j] · x[r + i, c + j]   (${plural(size * size, "weight")}, no bias)`,
    `L = 1/N · Σ e², with e = y − t and N = ${grouped(count)} places;  after ${plural(epochs, "epoch")} ` +
      `L = ${short(loss)}`,
  ];
}

/** Why the learned kernel is turned, or is not. */
export function describeTurn({ flip }, { written, wanted }) {
  if (!written) return "No kernel makes this target: a kernel does the same weighted sum everywhere.";
  const own = JSON.stringify(written) === JSON.stringify([...written].reverse().map((line) => [...line].reverse()));
  if (!flip)
    return "The target was made by cross-correlation, as the layer works: the layer learns the very same kernel.";
  if (own)
    return "The target was made by convolution, which turns its kernel by 180°; this one looks the same when turned.";
  return (
    "The target was made by convolution, which turns its kernel by 180° before it lays it on. The layer " +
    `does not turn${wanted ? ", so it learns the turned one: mirrored both ways" : ""}.`
  );
}

/**
 * How far training is, and what stands in its way.
 * @param {any} training @param {any} view @param {{free: number, values: number[], largest: number}} bends @param
 * {number} least the least loss that there is
 */
export function describeState(training, { settings, wanted }, bends, least) {
  const { size, optimizer, learning_rate, noise } = settings;
  const cells = size * size;
  const most = largestRate(optimizer, bends.largest);
  const said = [];
  if (training.diverged)
    said.push(
      `After ${plural(training.epochs, "epoch")} the loss has grown beyond all bounds. Go back to the ` +
        "start, and take a smaller rate.",
    );
  if (learning_rate > most)
    said.push(
      `A learning rate of ${number(learning_rate)} is too large for ${optimizer}: here at most ` +
        `${optimizer === "sgd" ? "2/λ" : "2(1 + 0.9)/λ"} = ${short(most)}, where λ = ${short(bends.largest)} ` +
        "is the largest curvature of the loss.",
    );
  if (bends.free)
    said.push(
      `This picture does not determine the kernel: ${bends.free} of ${cells} directions are free. Whatever ` +
        "a kernel has of them changes no output, so many kernels reach the same loss, and each start ends at " +
        "another.",
    );
  if (!wanted)
    said.push(`No ${size} × ${size} kernel makes this target: the least loss that one can reach is ${short(least)}.`);
  else if (noise > 0)
    said.push(
      `The noise cannot be learned: it leaves a loss of at least ${short(least)}, about its variance, ` +
        `${short(noise)}² = ${short(noise * noise)}.`,
    );
  if (wanted && !training.diverged && training.epochs > 0) {
    const away = distance(training.kernel, wanted);
    const near =
      away < CLOSE ? "The kernel is the wanted one, but for" : "The kernel's largest difference from the wanted one is";
    said.push(`${near} ${number(away, 2)}.`);
  }
  return said.join(" ");
}

/** How many epochs: a film from Python may have frames within one. */
export const writeEpoch = (epoch) => (Number.isInteger(epoch) ? String(epoch) : epoch.toFixed(1));

/**
 * One frame of a film that Python recorded.
 * @param {any} film what the frame has to show
 * @param {{wanted: number[][] | null}} view
 */
export function describeFrame({ epochs, loss, reported, kernel }, { wanted }) {
  const said = [
    `Recorded from Python, after ${writeEpoch(epochs)} ${epochs === 1 ? "epoch" : "epochs"}: ` +
      `${reported === null ? "no loss yet" : `it reported a loss of ${short(reported)}`}; on this picture ` +
      `the kernel’s is ${short(loss)}.`,
  ];
  if (wanted) said.push(`Its largest difference from the wanted kernel is ${number(distance(kernel, wanted), 2)}.`);
  return said.join(" ");
}

/** What the film is, and what else there is. @param {{epoch: number}[]} frames */
export function describeFilm(frames, isShown) {
  const what =
    `${plural(frames.length, "frame")} recorded from Python, up to epoch ` + `${writeEpoch(frames.at(-1).epoch)}.`;
  return isShown ? what : `There are ${what}`;
}

/** What screen readers hear. */
export function announceState({ epochs, loss, diverged }) {
  return diverged ? "training has diverged" : `loss ${number(loss, 3)} after ${plural(epochs, "epoch")}`;
}
