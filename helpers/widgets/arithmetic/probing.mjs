/**
 * Questions to a trained network, asked by its own passes: what of an image matters, what excites a map most, and
 * which small change of the image changes the answer. Images are flat, ink from 0 to 1. `tests/browser/
 * test_feature_maps.py` compares with Python's layers.
 */

/**
 * How the probability of a class falls where a square of paper covers the image.
 * @param {ReturnType<typeof import("./network.mjs").createNetwork>} network
 * @param {Float64Array} image
 * @param {{target: number, size: number, stride: number}} how
 * @returns {{rows: number, cols: number, falls: Float64Array}} p(uncovered) − p(covered), place by place
 */
export function occlusionMap(network, image, { target, size, stride }) {
  const [height, width, channels] = network.inputShape;
  const [rows, cols] = [height, width].map((side) => Math.floor((side - size) / stride) + 1);
  const whole = network.forward(image)[target];
  const falls = new Float64Array(rows * cols);
  const covered = new Float64Array(image.length);
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++) {
      covered.set(image);
      for (let i = 0; i < size; i++) {
        const start = ((row * stride + i) * width + col * stride) * channels;
        covered.fill(0, start, start + size * channels);
      }
      falls[row * cols + col] = whole - network.forward(covered)[target];
    }
  return { rows, cols, falls };
}

/**
 * The gradient of the loss for a wanted class, one layer further back than training needs it: at the image.
 * @returns {Float64Array} ∂L/∂x of every pixel, for L = −log p(target)
 */
export function imageGradient(network, image, target) {
  const wanted = new Float64Array(network.outputs);
  wanted[target] = 1;
  const gradient = new Float64Array(image.length);
  network.forward(image);
  network.backward(wanted, gradient);
  return gradient;
}

/**
 * The gradient of a map's mean, at the image: the backward pass begins in the middle of the network.
 * @param {number} index of the map's layer @param {number} channel
 */
export function mapGradient(network, image, index, channel) {
  network.forward(image);
  const { layers } = network;
  const { shape, gradActivations, units } = layers[index];
  const channels = shape.at(-1);
  gradActivations.fill(0, 0, units);
  for (let at = channel; at < units; at += channels) gradActivations[at] = channels / units;
  const gradient = new Float64Array(image.length);
  for (let l = index; l >= 0; l--) layers[l].backward(l > 0 ? layers[l - 1].gradActivations : gradient);
  return gradient;
}

/** The mean of a map in the network's latest pass. */
export function mapMean(network, index, channel) {
  const { shape, activations, units } = network.layers[index];
  const channels = shape.at(-1);
  let sum = 0;
  for (let at = channel; at < units; at += channels) sum += activations[at];
  return (sum * channels) / units;
}

const clip = (ink) => Math.min(1, Math.max(0, ink));

/**
 * An image that differs by at most `reach` in every pixel, and that the network takes for the wanted class more
 * than before: a step of `rate` against the sign of each pixel's gradient (the fast gradient sign method, repeated).
 * @param {Float64Array} start the image that it must stay close to
 * @param {Float64Array} image the image so far
 */
export function foolingStep(network, start, image, { target, rate, reach }) {
  const gradient = imageGradient(network, image, target);
  return image.map((ink, i) => {
    const moved = ink - rate * Math.sign(gradient[i]);
    return clip(Math.min(start[i] + reach, Math.max(start[i] - reach, moved)));
  });
}

/** An image that excites a map more: a step of `rate` along the gradient, scaled so that its largest entry is 1. */
export function excitingStep(network, image, { index, channel, rate }) {
  const gradient = mapGradient(network, image, index, channel);
  const largest = gradient.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  return largest === 0 ? image : image.map((ink, i) => clip(ink + (rate * gradient[i]) / largest));
}
