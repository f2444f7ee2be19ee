/**
 * How wrong a batch of predictions is, as one number: the mean over its samples.
 *
 * Cross-entropy is computed from the sums z that go into a softmax and not from the probabilities
 * that come out, so that a probability too small for a number does not become log 0.
 */

export const LOSSES = ["mean_squared_error", "categorical_crossentropy"];

/**
 * Mean over samples and outputs of (a − y)².
 * @param {Float64Array | Float32Array} a predictions @param {Float64Array | Float32Array} targets
 */
export function meanSquaredError(a, targets, count, units) {
  let sum = 0;
  for (let i = 0; i < count * units; i++) sum += (a[i] - targets[i]) ** 2;
  return sum / (count * units);
}

/** dL/da = 2 (a − y) / (samples · outputs) */
export function gradMeanSquaredError(a, targets, gradActivations, count, units) {
  const scale = 2 / (count * units);
  for (let i = 0; i < count * units; i++) gradActivations[i] = scale * (a[i] - targets[i]);
}

/**
 * Mean over samples of −Σ y log a, where a = softmax(z).
 *
 * log a = z − z_max + log a_max holds for every class, and a_max, at least 1/units, has a logarithm.
 * @param {Float64Array | Float32Array} z @param {Float64Array | Float32Array} a
 * @param {Float64Array | Float32Array} targets rows that sum to 1
 */
export function softmaxCrossentropy(z, a, targets, count, units) {
  let sum = 0;
  for (let start = 0; start < count * units; start += units) {
    let top = start;
    for (let i = start + 1; i < start + units; i++) if (z[i] > z[top]) top = i;
    const shift = Math.log(a[top]) - z[top];
    for (let i = start; i < start + units; i++) if (targets[i] !== 0) sum -= targets[i] * (z[i] + shift);
  }
  return sum / count;
}

/** The derivatives of logarithm and softmax cancel: dL/dz = (a − y) / samples */
export function deltasSoftmaxCrossentropy(a, targets, deltas, count, units) {
  for (let i = 0; i < count * units; i++) deltas[i] = (a[i] - targets[i]) / count;
}
