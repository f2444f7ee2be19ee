/** Where weights start, by Keras's names: a draw for a layer with so many inputs and outputs a weight meets. */
export const INITIALIZERS = {
  glorot_uniform: (rng, inputs, outputs) => evenly(rng, Math.sqrt(6 / (inputs + outputs))),
  he_uniform: (rng, inputs) => evenly(rng, Math.sqrt(6 / inputs)),
  random_normal: (rng) => rng.normal(0, 0.05),
  zeros: () => 0,
};
const evenly = (rng, limit) => rng.uniform(-limit, limit);
