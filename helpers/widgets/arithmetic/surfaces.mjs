/**
 * A network seen from above: what each of its neurons says over a grid of inputs, and its loss over a
 * grid of two parameters. The pictures are written into arrays made beforehand, row by row; row 0 is
 * the top, where the second quantity is largest, and column 0 the left, where the first is smallest.
 */

/** The value in the middle of cell `index` of `count` cells that share [low, high]. */
const middle = ([low, high], index, count) => low + ((high - low) * (index + 0.5)) / count;

/**
 * The inputs in the middles of a picture's cells, and a place for every neuron's picture.
 * @param {ReturnType<typeof import("./network.mjs").createNetwork>} network with one or two inputs
 * @param {[number, number][]} ranges [low, high] of each input
 * @param {{rows?: number, cols: number}} size with one input there is one row
 */
export function createSurfaces(network, ranges, { rows = 1, cols }) {
  const inputs = new Float64Array(rows * cols * ranges.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      inputs[at++] = middle(ranges[0], col, cols);
      if (ranges.length > 1) inputs[at++] = middle(ranges[1], rows - 1 - row, rows);
    }
  }
  return {
    rows,
    cols,
    inputs,
    rowInputs: Array.from({ length: rows }, (_, row) => inputs.subarray(row * cols * ranges.length)),
    /** layers[l][unit] is a Float32Array of rows · cols activations */
    layers: network.layers.map(({ units }) => Array.from({ length: units }, () => new Float32Array(rows * cols))),
  };
}

/**
 * Fills the pictures of all neurons, or some rows of them.
 *
 * This is a forward pass like any other: the next backward pass needs its own forward pass first.
 * @param {ReturnType<typeof import("./network.mjs").createNetwork>} network
 * @param {ReturnType<typeof createSurfaces>} surfaces
 */
export function paintSurfaces(network, surfaces, fromRow = 0, toRow = surfaces.rows) {
  const { cols, rowInputs, layers } = surfaces;
  for (let row = fromRow; row < toRow; row++) {
    network.forward(rowInputs[row], cols);
    for (let l = 0; l < layers.length; l++) {
      const { units, activations } = network.layers[l];
      for (let unit = 0; unit < units; unit++) {
        const picture = layers[l][unit];
        for (let col = 0, a = unit; col < cols; col++, a += units) picture[row * cols + col] = activations[a];
      }
    }
  }
}

/**
 * The loss over two of the parameters while the others stay, which are as they were afterwards.
 * @param {ReturnType<typeof import("./network.mjs").createNetwork>} network
 * @param {{inputs: Float64Array, targets: Float64Array, count: number}} data
 * @param {object} options
 * @param {[number, number]} options.indices which of `network.parameters` go to the right and upwards
 * @param {[[number, number], [number, number]]} options.ranges how far
 * @param {number} options.rows @param {number} options.cols
 * @param {Float32Array | Float64Array} [losses] written to, and returned
 */
export function paintLoss(network, data, { indices, ranges, rows, cols }, losses = new Float32Array(rows * cols)) {
  const [right, up] = indices;
  const { parameters } = network;
  const [rightBefore, upBefore] = [parameters[right], parameters[up]];
  for (let row = 0; row < rows; row++) {
    parameters[up] = middle(ranges[1], rows - 1 - row, rows);
    for (let col = 0; col < cols; col++) {
      parameters[right] = middle(ranges[0], col, cols);
      network.forward(data.inputs, data.count);
      losses[row * cols + col] = network.loss(data.targets);
    }
  }
  parameters[right] = rightBefore;
  parameters[up] = upBefore;
  return losses;
}
