/**
 * One cell of a feature map: where it looks on the image, and the arithmetic that made it.
 * @typedef {{channel: number, terms: {value: number, weight: number}[], sum: number}} Group
 */

/** How far a layer's window reaches and how far it moves; null for a layer that sees all that is before it. */
function windowOf({ kind, kernelSize, poolSize, strides }) {
  const first = (value) => [value].flat()[0];
  if (kind === "conv2d") return { size: first(kernelSize), stride: first(strides ?? 1) };
  if (kind === "max_pooling2d" || kind === "average_pooling2d")
    return { size: first(poolSize), stride: first(strides ?? poolSize) };
  return null;
}

/**
 * The rows and columns that a cell is made from, in the layer's own input or further back: for layers without
 * padding, whose windows are square.
 * @param {any[]} layers as `createNetwork` takes them
 * @param {number[]} inputShape of the network
 * @param {number} index of the cell's layer
 * @param {{row: number, col: number}} cell
 * @param {number} [back] how many layers to go back; to the image unless given
 * @returns {{top: number, left: number, bottom: number, right: number} | null} null for a whole row of numbers
 */
export function receptiveField(layers, inputShape, index, { row, col }, back = index + 1) {
  let field = { top: row, left: col, bottom: row, right: col };
  for (let l = index; l > index - back; l--) {
    const window = windowOf(layers[l]);
    if (!window) field = null;
    else if (field) {
      const { size, stride } = window;
      field = {
        top: field.top * stride,
        left: field.left * stride,
        bottom: field.bottom * stride + size - 1,
        right: field.right * stride + size - 1,
      };
    } else field = wholeMap(layers, inputShape, l, window);
  }
  return field;
}

/** What of a layer's input its windows reach, taken together. */
function wholeMap(layers, inputShape, index, { size, stride }) {
  const [rows, cols] = shapeAfter(layers, inputShape, index);
  return { top: 0, left: 0, bottom: (rows - 1) * stride + size - 1, right: (cols - 1) * stride + size - 1 };
}

/** Rows and columns of a layer's maps. */
function shapeAfter(layers, inputShape, index) {
  return layers.slice(0, index + 1).reduce(
    (sides, layer) => {
      const window = windowOf(layer);
      return window ? sides.map((side) => Math.floor((side - window.size) / window.stride) + 1) : sides;
    },
    inputShape.slice(0, 2),
  );
}

/**
 * The arithmetic of one cell, from the network's latest pass over a single sample.
 * @param {ReturnType<typeof import("./network.mjs").createNetwork>} network
 * @param {any[]} layers as it was made from
 * @param {Float64Array} image
 * @param {number} index of the cell's layer
 * @param {{row: number, col: number, channel: number}} cell; of a dense layer only the channel counts
 * @returns {{groups: Group[], bias: number, z: number, a: number}} a group of terms for each channel that
 *   is read; a pooling layer's terms have the weight 1, and its z is the result
 */
export function traceCell(network, layers, image, index, { row, col, channel }) {
  const layer = network.layers[index];
  const before = index === 0 ? image : network.layers[index - 1].activations;
  const window = windowOf(layers[index]);
  if (layers[index].kind === "dense") return traceDense(network, layers, before, index, channel);
  const [, cols, channels] = layer.inputShape;
  const isPooling = layers[index].kind !== "conv2d";
  const { size, stride } = window;
  const groups = [];
  for (let c = isPooling ? channel : 0; c < (isPooling ? channel + 1 : channels); c++) {
    const terms = [];
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        terms.push({
          value: before[((row * stride + i) * cols + col * stride + j) * channels + c],
          weight: isPooling ? 1 : layer.weights[((i * size + j) * channels + c) * layer.shape[2] + channel],
        });
    groups.push(withSum(c, terms));
  }
  const at = (row * layer.shape[1] + col) * layer.shape[2] + channel;
  const a = layer.activations[at];
  return { groups, bias: isPooling ? 0 : layer.biases[channel], z: isPooling ? a : layer.preActivations[at], a };
}

const withSum = (channel, terms) => ({
  channel,
  terms,
  sum: terms.reduce((total, { value, weight }) => total + value * weight, 0),
});

/** After maps were laid in a row, a dense layer's terms are grouped by the map that they come from. */
function traceDense(network, layers, before, index, unit) {
  const layer = network.layers[index];
  const channels = layers[index - 1]?.kind === "flatten" ? network.layers[index - 1].inputShape[2] : 1;
  const groups = Array.from({ length: channels }, (_, channel) => {
    const terms = [];
    for (let i = channel; i < layer.inputs; i += channels)
      terms.push({ value: before[i], weight: layer.weights[i * layer.units + unit] });
    return withSum(channel, terms);
  });
  return { groups, bias: layer.biases[unit], z: layer.preActivations[unit], a: layer.activations[unit] };
}
