/**
 * What a neuron makes of its weighted sum z: the activation a = f(z), and the slope f′(z).
 *
 * `ACTIVATIONS` has both for one number, for curves. `activate` and `throughActivation` do whole
 * layers; each case is a loop of its own, because a call through a variable for every number
 * would cost more than the arithmetic. NaN stays NaN everywhere, so that a failed training shows.
 */

const relu = (z) => (z <= 0 ? 0 : z);
const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const step = (z) => (z >= 0 ? 1 : z < 0 ? 0 : z);

/** Slopes are written in the activation `a` where that is shorter. The step's is 0: it cannot learn. */
export const ACTIVATIONS = {
  linear: { value: (z) => z, slope: () => 1 },
  step: { value: step, slope: () => 0 },
  sigmoid: { value: sigmoid, slope: (z, a = sigmoid(z)) => a * (1 - a) },
  tanh: { value: Math.tanh, slope: (z, a = Math.tanh(z)) => 1 - a * a },
  relu: { value: relu, slope: (z) => (z > 0 ? 1 : 0) },
};

/** What a layer may use; softmax looks at all of a layer's sums at once. */
export const LAYER_ACTIVATIONS = [...Object.keys(ACTIVATIONS), "softmax"];

/**
 * a = f(z) for `count` samples of a layer.
 * @param {string} activation
 * @param {Float64Array} z @param {Float64Array} a written to; both hold one row of `units` per sample
 */
export function activate(activation, z, a, count, units) {
  const size = count * units;
  switch (activation) {
    case "linear":
      for (let i = 0; i < size; i++) a[i] = z[i];
      break;
    case "step":
      for (let i = 0; i < size; i++) a[i] = step(z[i]);
      break;
    case "sigmoid":
      for (let i = 0; i < size; i++) a[i] = sigmoid(z[i]);
      break;
    case "tanh":
      for (let i = 0; i < size; i++) a[i] = Math.tanh(z[i]);
      break;
    case "relu":
      for (let i = 0; i < size; i++) a[i] = relu(z[i]);
      break;
    case "softmax":
      softmax(z, a, count, units);
      break;
  }
}

/** exp(z) divided by the row's sum; taking the largest z off first changes nothing and cannot overflow. */
function softmax(z, a, count, units) {
  for (let start = 0; start < count * units; start += units) {
    const end = start + units;
    let largest = z[start];
    for (let i = start + 1; i < end; i++) if (z[i] > largest) largest = z[i];
    let sum = 0;
    for (let i = start; i < end; i++) sum += a[i] = Math.exp(z[i] - largest);
    for (let i = start; i < end; i++) a[i] /= sum;
  }
}

/**
 * From dL/da to the deltas dL/dz: times the slope.
 * @param {string} activation
 * @param {Float64Array} z @param {Float64Array} a
 * @param {Float64Array} gradActivations dL/da @param {Float64Array} deltas written to
 */
export function throughActivation(activation, z, a, gradActivations, deltas, count, units) {
  const size = count * units;
  switch (activation) {
    case "linear":
      for (let i = 0; i < size; i++) deltas[i] = gradActivations[i];
      break;
    case "step":
      for (let i = 0; i < size; i++) deltas[i] = 0;
      break;
    case "sigmoid":
      for (let i = 0; i < size; i++) deltas[i] = gradActivations[i] * a[i] * (1 - a[i]);
      break;
    case "tanh":
      for (let i = 0; i < size; i++) deltas[i] = gradActivations[i] * (1 - a[i] * a[i]);
      break;
    case "relu":
      for (let i = 0; i < size; i++) deltas[i] = z[i] > 0 ? gradActivations[i] : 0;
      break;
    case "softmax":
      throughSoftmax(a, gradActivations, deltas, count, units);
      break;
  }
}

/** Every z moves every a of its row: da_k/dz_j = a_k ([j = k] − a_j), summed over k. */
function throughSoftmax(a, gradActivations, deltas, count, units) {
  for (let start = 0; start < count * units; start += units) {
    let mean = 0;
    for (let i = start; i < start + units; i++) mean += gradActivations[i] * a[i];
    for (let i = start; i < start + units; i++) deltas[i] = a[i] * (gradActivations[i] - mean);
  }
}
