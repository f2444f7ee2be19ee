/** Ready experiments, good and bad. What stands after the equals sign is JSON, because Python reads it as well. */

export const PRESETS = {
  "xor": {
    "title": "XOR, four neurons",
    "comment": "Each of the four tanh neurons draws one soft, straight border, and the output joins them: within 200 steps all 200 points are right.",
    "settings": { "data": "xor", "hidden": [4], "activation": "tanh", "loss": "categorical_crossentropy", "optimizer": "sgd", "learning_rate": 0.3, "batch_size": 32, "seed": 1, "noise": 0.1, "initializer": "glorot_uniform" }
  },
  "circles": {
    "title": "circles, three neurons",
    "comment": "Three straight borders are enough to fence the inner ring in: the surface becomes a rounded triangle.",
    "settings": { "data": "circles", "hidden": [3], "activation": "tanh", "loss": "categorical_crossentropy", "optimizer": "adam", "learning_rate": 0.03, "batch_size": 32, "seed": 3, "noise": 0.1, "initializer": "glorot_uniform" }
  },
  "moons": {
    "title": "moons, four neurons",
    "comment": "Four straight borders add up to one that bends between the moons: within 1000 steps every point is right.",
    "settings": { "data": "moons", "hidden": [4], "activation": "tanh", "loss": "categorical_crossentropy", "optimizer": "adam", "learning_rate": 0.03, "batch_size": 32, "seed": 3, "noise": 0.1, "initializer": "glorot_uniform" }
  },
  "spiral": {
    "title": "spiral, two layers of eight",
    "comment": "The first layer draws straight borders, the second makes bends of them, the output winds: nothing seems to happen at first, and within 1000 steps every point is right.",
    "settings": { "data": "spiral", "hidden": [8, 8], "activation": "tanh", "loss": "categorical_crossentropy", "optimizer": "adam", "learning_rate": 0.03, "batch_size": 32, "seed": 1, "noise": 0.02, "initializer": "he_uniform" }
  },
  "curve": {
    "title": "a curve from eight neurons",
    "comment": "Eight tanh curves, stretched and added up, follow the sine; the loss stops near 0.01, because that is the variance of the noise, 0.1², which cannot be foreseen.",
    "settings": { "data": "curve", "hidden": [8], "activation": "tanh", "loss": "mean_squared_error", "optimizer": "adam", "learning_rate": 0.03, "batch_size": 32, "seed": 1, "noise": 0.1, "initializer": "glorot_uniform" }
  },
  "squared_error": {
    "title": "slow: squared error",
    "comment": "The first example with squared error on one sigmoid output: every gradient is multiplied by the sigmoid's slope, ¼ at most, so it gets there too, but takes more than twice as many steps.",
    "settings": { "data": "xor", "hidden": [4], "activation": "tanh", "loss": "mean_squared_error", "optimizer": "sgd", "learning_rate": 0.3, "batch_size": 32, "seed": 1, "noise": 0.1, "initializer": "glorot_uniform" }
  },
  "rate_too_large": {
    "title": "bad: rate too large",
    "comment": "Every step overshoots the valley and lands higher on the other side, until the loss is too large for a number.",
    "settings": { "data": "curve", "hidden": [8], "activation": "tanh", "loss": "mean_squared_error", "optimizer": "sgd", "learning_rate": 1, "batch_size": 32, "seed": 1, "noise": 0.1, "initializer": "glorot_uniform" }
  },
  "rate_too_small": {
    "title": "bad: rate too small",
    "comment": "The direction is right but the steps are tiny: after 2000 of them the loss has fallen by less than 1 %.",
    "settings": { "data": "xor", "hidden": [4], "activation": "tanh", "loss": "categorical_crossentropy", "optimizer": "sgd", "learning_rate": 0.0003, "batch_size": 32, "seed": 2, "noise": 0.1, "initializer": "glorot_uniform" }
  },
  "zeros": {
    "title": "bad: all weights start at 0",
    "comment": "Neurons that start alike get the same gradient at every step and stay alike: four copies can do no more than one neuron, and a quarter of the points stays wrong.",
    "settings": { "data": "xor", "hidden": [4], "activation": "sigmoid", "loss": "categorical_crossentropy", "optimizer": "sgd", "learning_rate": 1, "batch_size": 32, "seed": 1, "noise": 0.1, "initializer": "zeros" }
  },
  "dead_relu": {
    "title": "bad: dead ReLU",
    "comment": "The first steps are so large that every neuron's sum is negative at every point: a ReLU is 0 there and its slope is 0 too, so nothing can ever wake it again.",
    "settings": { "data": "xor", "hidden": [4], "activation": "relu", "loss": "categorical_crossentropy", "optimizer": "sgd", "learning_rate": 3, "batch_size": 32, "seed": 1, "noise": 0.1, "initializer": "glorot_uniform" }
  },
  "linear": {
    "title": "bad: linear activations",
    "comment": "Weighted sums of weighted sums are weighted sums: without a bend between them, two layers are no more than one, and the border stays straight.",
    "settings": { "data": "xor", "hidden": [4, 4], "activation": "linear", "loss": "categorical_crossentropy", "optimizer": "sgd", "learning_rate": 0.1, "batch_size": 32, "seed": 1, "noise": 0.1, "initializer": "glorot_uniform" }
  },
  "one_neuron": {
    "title": "bad: one hidden neuron",
    "comment": "One neuron has one straight border, and no straight line puts more than three of the four clouds right.",
    "settings": { "data": "xor", "hidden": [1], "activation": "tanh", "loss": "categorical_crossentropy", "optimizer": "adam", "learning_rate": 0.03, "batch_size": 32, "seed": 1, "noise": 0.1, "initializer": "glorot_uniform" }
  },
  "deep_sigmoid": {
    "title": "bad: four layers of sigmoid",
    "comment": "A sigmoid's slope is at most ¼, so hardly any gradient gets through four of them: after 1000 steps the loss still stands at ln 2 ≈ 0.69, a coin toss, while tanh in the same network needs fewer than 200.",
    "settings": { "data": "xor", "hidden": [4, 4, 4, 4], "activation": "sigmoid", "loss": "categorical_crossentropy", "optimizer": "sgd", "learning_rate": 0.3, "batch_size": 32, "seed": 1, "noise": 0.1, "initializer": "glorot_uniform" }
  }
};
