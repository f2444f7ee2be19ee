/** Keras code for a stack of layers, and a stack from Keras code, read as a text and never run. */

import { count } from "./architecture.mjs";
import { complete, firstSettings, isSame, KINDS, POSITIONAL } from "./layer_kinds.mjs";
import { Misfit } from "./misfit.mjs";
import { parsePython } from "./python_calls.mjs";

const SHORT = ["kernel_size", "strides", "pool_size", "dilation_rate"];

function literal(value) {
  if (Array.isArray(value)) return `(${value.map(literal).join(", ")})`;
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? `"${value}"` : String(value);
}

/** A call with the first arguments in order, and the others only where they differ. */
function writeCall(layer) {
  const { kind, ...settings } = complete(layer);
  const needed = firstSettings(kind).filter((name) => KINDS[kind][name] === null || name === "pool_size");
  const usual = complete({ kind, ...Object.fromEntries(needed.map((name) => [name, settings[name]])) });
  const words = [];
  let inOrder = true;
  for (const name of new Set([...(POSITIONAL[kind] ?? []), ...Object.keys(KINDS[kind])])) {
    const value = settings[name];
    const isNeeded = needed.includes(name);
    if (!isNeeded && isSame(value, usual[name])) {
      if (!(name === "strides" && "pool_size" in settings)) inOrder = false;
      continue;
    }
    const text = literal(SHORT.includes(name) && value[0] === value[1] ? value[0] : value);
    words.push(inOrder && isNeeded ? text : `${name}=${text}`);
  }
  return `${kind}(${words.join(", ")})`;
}

/** Python code that builds the stack; what it names `model` has the same parameters. */
export function toKeras(layers, inputShape) {
  count(layers, inputShape);
  const head = "import keras\nfrom keras import layers\n\n";
  const shape = literal(inputShape);
  if (!layers.some(({ kind }) => kind === "Add")) {
    const lines = layers.map((layer) => `        layers.${writeCall(layer)},\n`).join("");
    return `${head}model = keras.Sequential(\n    [\n        keras.Input(${shape}),\n${lines}    ]\n)\n`;
  }
  const used = layers.filter(({ kind }) => kind === "Add").map(({ shortcut }) => shortcut);
  const nameOf = (number) => (number === 0 ? "inputs" : `x${number}`);
  const lines = layers.map((layer, i) => {
    const made =
      layer.kind === "Add"
        ? `x = layers.Add()([x, ${nameOf(layer.shortcut)}])\n`
        : `x = layers.${writeCall(layer)}(x)\n`;
    return used.includes(i + 1) ? `${made}x${i + 1} = x\n` : made;
  });
  return `${head}inputs = x = keras.Input(${shape})\n${lines.join("")}model = keras.Model(inputs, x)\n`;
}

/** Arguments that change no shape and no count. */
const HARMLESS = [
  "name",
  "dtype",
  "kernel_initializer",
  "bias_initializer",
  "kernel_regularizer",
  "bias_regularizer",
  "momentum",
  "epsilon",
  "seed",
  "trainable",
  "data_format",
];
const ALIASES = { MaxPool2D: "MaxPooling2D", AvgPool2D: "AveragePooling2D", Convolution2D: "Conv2D" };
const FUNCTIONS = { ReLU: "relu", Softmax: "softmax" };

const cannot = ({ line, text }, reason) =>
  new Misfit(`line ${line}: “${text.length > 60 ? `${text.slice(0, 57)}...` : text}” cannot be read: ${reason}.`);
const calledBy = (node) =>
  node.type === "call" && node.called.type === "name" ? node.called.name.split(".").at(-1) : null;

/** Layers and input shape from Keras code. @param {string} code @returns {{layers: any[], input_shape: number[]}} */
export function fromKeras(code) {
  const reader = createReader();
  for (const statement of parsePython(code)) reader.read(statement);
  const { layers, shape } = reader.found();
  if (!layers.length) throw new Misfit("No layer was found: paste a keras.Sequential or a functional model.");
  if (!shape) throw new Misfit("The input is missing: add keras.Input((rows, columns, channels)).");
  count(layers, shape);
  return { layers, input_shape: shape };
}

/** Goes through statements and collects layers in the order in which they are applied. */
function createReader() {
  const layers = [];
  let shape = null;
  const values = new Map(); // names set to numbers, words or tuples
  const places = new Map(); // names of tensors: after how many layers they are taken
  const ONLY = "only layers, models and names set to numbers are read";

  /** What a node says: a number, a word, null for None, a list; undefined where it says none of it. */
  function constantOf(node) {
    if (node.type === "constant") return node.value;
    if (node.type === "name") return values.get(node.name);
    if (node.type !== "list") return undefined;
    const entries = node.elements.map((element) => (element.type === "name" ? undefined : constantOf(element)));
    return entries.includes(undefined) ? undefined : entries;
  }
  function argument(node, name) {
    const value = constantOf(node);
    if (value === undefined) throw cannot(node, `${name} is computed: write it as a number or a word`);
    return value;
  }
  function shapeOf(node) {
    const value = argument(node, "shape");
    if (!Array.isArray(value) || value.length !== 3) throw cannot(node, "the input needs (rows, columns, channels)");
    return value;
  }

  function layer(node) {
    const kind = calledBy(node);
    if (kind === null) throw cannot(node, "a layer was expected here");
    if (kind === "Input" || kind === "InputLayer") {
      const given = [
        ...node.args.slice(0, 1),
        ...node.named.filter(([name]) => ["shape", "input_shape"].includes(name)).map(([, value]) => value),
      ];
      if (given.length !== 1) throw cannot(node, "the input needs its shape: Input((rows, columns, channels))");
      shape = shapeOf(given[0]);
      return;
    }
    if (Object.hasOwn(FUNCTIONS, kind) && !node.args.length && !node.named.length) {
      layers.push({ kind: "Activation", activation: FUNCTIONS[kind] });
      return;
    }
    put(node, Object.hasOwn(ALIASES, kind) ? ALIASES[kind] : kind);
  }
  function put(node, kind) {
    if (!Object.hasOwn(KINDS, kind) || kind === "Add")
      throw cannot(node, `the layer ${kind} is not known: use one of ${Object.keys(KINDS).join(", ")}`);
    const order = POSITIONAL[kind] ?? [];
    if (node.args.length > order.length) throw cannot(node, `${kind} takes fewer arguments in order`);
    const made = { kind };
    node.args.forEach((value, i) => (made[order[i]] = argument(value, order[i])));
    for (const [name, value] of node.named) {
      if (name === "input_shape") shape = shapeOf(value);
      else if (Object.hasOwn(KINDS[kind], name)) made[name] = argument(value, name);
      else if (!HARMLESS.includes(name)) throw cannot(value, `${kind}’s ${name} is not known here`);
    }
    try {
      complete(made);
    } catch (error) {
      if (error instanceof Misfit) throw new Misfit(`line ${node.line}: ${error.message}`);
      throw error;
    }
    layers.push(made);
  }

  /** After how many layers a tensor is taken; null if the node is none. */
  function tensor(node) {
    if (node.type === "name" && places.has(node.name)) return places.get(node.name);
    if (calledBy(node) === "Input") {
      layer(node);
      return 0;
    }
    return node.type === "call" && node.called.type === "call" ? applied(node) : null;
  }
  /** Reads layer(...)(x) or Add()([x, y]). */
  function applied(node) {
    if (node.args.length !== 1) throw cannot(node, "a layer is applied to one tensor, or to a list of them");
    const [given] = node.args;
    if (calledBy(node.called) === "Add") {
      const taken = given.type === "list" ? given.elements.map(tensor) : [];
      if (taken.length !== 2 || taken.includes(null) || Math.max(...taken) !== layers.length)
        throw cannot(node, "Add takes the newest tensor and an earlier one");
      layers.push({ kind: "Add", shortcut: Math.min(...taken) });
      return layers.length;
    }
    const place = tensor(given);
    if (place === null) throw cannot(given, "the tensor is not known");
    if (place !== layers.length) throw cannot(node, "branches other than a shortcut with Add are not read");
    layer(node.called);
    return layers.length;
  }

  function expression(node) {
    const called = calledBy(node);
    if (called === "Sequential") {
      const listed = node.named.find(([name]) => name === "layers")?.[1] ?? node.args[0];
      for (const element of listed?.elements ?? []) layer(element);
    } else if (called === "add" && node.args.length === 1) layer(node.args[0]);
    else if (["Model", "compile", "summary", "build", "fit"].includes(called) || node.type === "constant") return;
    else if (tensor(node) === null) throw cannot(node, "only layers and models are read");
  }
  function assign(names, node) {
    const place = tensor(node);
    if (place !== null) {
      for (const name of names) places.set(name, place);
      return;
    }
    if (["Sequential", "Model"].includes(calledBy(node))) {
      expression(node);
      return;
    }
    const value = constantOf(node);
    if (value === undefined || value === null) throw cannot(node, ONLY);
    for (const name of names) values.set(name, value);
  }
  return {
    read: ({ names, value }) => (names.length ? assign(names, value) : expression(value)),
    found: () => ({ layers, shape }),
  };
}
