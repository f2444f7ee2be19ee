/**
 * Batch normalisation: every channel is moved and stretched to mean 0 and variance 1, then to the mean β
 * and the deviation γ that the network learns.
 *
 * While training, mean and variance are those of the batch, so that every number of a channel moves all
 * others; at prediction they are averages that were kept while training. Keras's formulas and defaults.
 */

/**
 * @param {{momentum?: number, epsilon?: number}} options
 * @param {number[]} inputShape channels last
 */
export function createBatchNormalization({ momentum = 0.99, epsilon = 1e-3 }, inputShape) {
  const units = inputShape.reduce((product, size) => product * size, 1);
  const channels = inputShape[inputShape.length - 1];
  const movingMean = new Float64Array(channels);
  const movingVariance = new Float64Array(channels).fill(1);
  const shrink = new Float64Array(channels); // 1 / √(variance + ε)
  let normalized;
  let count, wasTraining;

  return {
    kind: "batch_normalization",
    inputShape,
    units,
    movingMean,
    movingVariance,
    inputs: units,
    activation: "linear",
    shape: inputShape,
    parameterCount: 2 * channels,

    take(parameters, gradients) {
      [this.weights, this.biases] = [parameters.subarray(0, channels), parameters.subarray(channels)]; // γ, β
      [this.gradWeights, this.gradBiases] = [gradients.subarray(0, channels), gradients.subarray(channels)];
      this.weights.fill(1);
    },

    initialize() {
      this.weights.fill(1);
      this.biases.fill(0);
      this.restart();
    },

    /** Forgets the averages that it kept. */
    restart() {
      movingMean.fill(0);
      movingVariance.fill(1);
    },

    makeRoom(samples, Numbers) {
      this.activations = new Numbers(samples * units);
      this.gradActivations = new Numbers(samples * units);
      normalized = new Numbers(samples * units);
    },

    forward(samples, sampleCount, training = false) {
      [count, wasTraining] = [sampleCount, training];
      const { weights, biases, activations } = this;
      const size = count * units;
      for (let c = 0; c < channels; c++) {
        let [mean, variance] = [movingMean[c], movingVariance[c]];
        if (training) {
          mean = variance = 0;
          for (let i = c; i < size; i += channels) mean += samples[i];
          mean /= size / channels;
          for (let i = c; i < size; i += channels) variance += (samples[i] - mean) ** 2;
          variance /= size / channels;
          movingMean[c] = momentum * movingMean[c] + (1 - momentum) * mean;
          movingVariance[c] = momentum * movingVariance[c] + (1 - momentum) * variance;
        }
        shrink[c] = 1 / Math.sqrt(variance + epsilon);
        for (let i = c; i < size; i += channels) {
          normalized[i] = (samples[i] - mean) * shrink[c];
          activations[i] = weights[c] * normalized[i] + biases[c];
        }
      }
      return activations;
    },

    /** dL/dx = γ/√(σ² + ε) · (g − mean(g) − x̂ mean(g x̂)); the means are left out at prediction. */
    backward(gradInputs) {
      const { weights, gradWeights, gradBiases, gradActivations } = this;
      const size = count * units;
      for (let c = 0; c < channels; c++) {
        let [sum, product] = [0, 0];
        for (let i = c; i < size; i += channels) {
          sum += gradActivations[i];
          product += gradActivations[i] * normalized[i];
        }
        [gradBiases[c], gradWeights[c]] = [sum, product];
        if (!gradInputs) continue;
        const share = wasTraining ? channels / size : 0;
        for (let i = c; i < size; i += channels)
          gradInputs[i] = weights[c] * shrink[c] * (gradActivations[i] - share * (sum + normalized[i] * product));
      }
    },
  };
}
