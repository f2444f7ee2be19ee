/**
 * The penalty L2 and weight decay, with the meaning of Keras and of `helpers.regularizers`: the penalty is
 * l2 · Σ w², with no ½, over the kernels of the dense layers; decay takes its share of every parameter, biases too.
 */

/** The arrays of weights that a penalty is for. @param {any} network */
export const kernelsOf = (network) => network.layers.filter(({ kind }) => kind === "dense");

/** Σ w² over all kernels. @param {any} network */
export function sumOfSquares(network) {
  let sum = 0;
  for (const { weights } of kernelsOf(network)) for (let i = 0; i < weights.length; i++) sum += weights[i] ** 2;
  return sum;
}

/** ∂/∂w l2 · w² = 2 · l2 · w, added to the gradients of the loss. @param {any} network @param {number} l2 */
export function addPenaltyGradients(network, l2) {
  if (l2 === 0) return;
  for (const { weights, gradWeights } of kernelsOf(network))
    for (let i = 0; i < weights.length; i++) gradWeights[i] += 2 * l2 * weights[i];
}

/** w ← w − η λ w. @param {any} parameters @param {number} rate η @param {number} decay λ */
export function decayParameters(parameters, rate, decay) {
  if (decay === 0) return;
  for (let i = 0; i < parameters.length; i++) parameters[i] -= rate * decay * parameters[i];
}
