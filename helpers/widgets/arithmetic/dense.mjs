/**
 * A dense layer's three formulas, for `count` samples at once: every unit j is joined to every input i
 * by the weight w_ij. On the way back, contributions add up wherever a number was used several times:
 * a weight by every sample, an input by every unit.
 */

/** z_j = b_j + Σ_i x_i w_ij, for every sample */
export function weightedSums(x, weights, biases, z, count, inputs, units) {
  for (let sample = 0; sample < count; sample++) {
    const row = sample * inputs;
    for (let j = 0; j < units; j++) {
      let sum = biases.length ? biases[j] : 0;
      for (let i = 0, w = j; i < inputs; i++, w += units) sum += x[row + i] * weights[w];
      z[sample * units + j] = sum;
    }
  }
}

/** dL/dw_ij = Σ x_i δ_j and dL/db_j = Σ δ_j, summed over the samples */
export function parameterGradients(x, deltas, gradWeights, gradBiases, count, inputs, units) {
  for (let j = 0; j < gradBiases.length; j++) {
    let sum = 0;
    for (let s = 0, d = j; s < count; s++, d += units) sum += deltas[d];
    gradBiases[j] = sum;
  }
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < units; j++) {
      let sum = 0;
      for (let s = 0, from = i, d = j; s < count; s++, from += inputs, d += units) sum += x[from] * deltas[d];
      gradWeights[i * units + j] = sum;
    }
  }
}

/** dL/dx_i = Σ_j w_ij δ_j, for every sample: what the layer before gets as its dL/da */
export function inputGradients(deltas, weights, gradInputs, count, inputs, units) {
  for (let sample = 0; sample < count; sample++) {
    const row = sample * units;
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let j = 0, w = i * units; j < units; j++, w++) sum += weights[w] * deltas[row + j];
      gradInputs[sample * inputs + i] = sum;
    }
  }
}
