/** ConvGradients: the way back through a convolution, scattered cell by cell and gathered as cross-correlations. */

import { addControls } from "./controls.mjs";
import { diagnose } from "./question.mjs";
import { compute, nameCell, requireSmall, settle, tidy } from "./state.mjs";
import { describeDifference, describeRule, describeStep } from "./words.mjs";
import { editableCell, showValue, tint } from "../card/cells.mjs";
import { crop, spreadUpstream } from "../arithmetic/conv_gradients.mjs";
import { shapeOf } from "../arithmetic/convolution2d.mjs";
import { h, setText, steadyHeight } from "../card/dom.mjs";
import { factor, number, plural } from "../arithmetic/format.mjs";
import { defineWidget } from "../card/frame.mjs";
import { editableGrid, keepVisible, largestIn, plainGrid, slidingWindow } from "../card/grid.mjs";
import { sameNumber } from "../arithmetic/judge.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { addPlayback } from "../card/playbar.mjs";
import { addPrediction } from "../card/predict.mjs";

const LETTERS = { image: "x", kernel: "w" };
/** @param {number[]} cell @param {number[]} other */
const sameCell = ([row, col], [otherRow, otherCol]) => row === otherRow && col === otherCol;

function build(card, store) {
  const refuse = (sentence) => store.refuse(sentence);
  const figure = (place, name, grid) => {
    const letter = h("b", {}, name);
    const words = h("span");
    return {
      element: h(`div.cvg-figure.${place}`, {}, h("div.cvg-name", {}, letter, " ", words), grid),
      letter,
      words,
    };
  };
  const editable = (name) =>
    editableGrid({
      label: `${name} ${LETTERS[name]}: arrow keys go from cell to cell, paste a block of numbers to fill it`,
      name: (row, col) => nameCell(LETTERS[name], [row, col], store.view.oneRow),
      read: () => store.state[name],
      write: (grid) => store.propose({ [name]: grid }),
      check: (grid) => requireSmall(name, grid),
      refuse,
    });

  const image = editable("image");
  const window = slidingWindow(image, goTo);
  const kernel = editable("kernel");
  const upstream = editableGrid({
    label: "upstream gradient ∂L/∂y: arrow keys go from cell to cell, paste a block of numbers to fill it",
    name: (row, col) => `∂L/∂${nameCell("y", [row, col], store.view.oneRow)}`,
    read: () => store.view.layer.upstream,
    write: (grid) => store.propose({ upstream: grid }),
    check: requireOutputShape,
    refuse,
  });
  const bias = editableCell({
    label: "bias b",
    read: () => store.state.bias,
    write: (value) => store.propose({ bias: value }),
    writeAll: setBias,
    refuse,
  });
  const slid = plainGrid({ label: "∂L/∂y with zeros between and around" });
  const turned = plainGrid({ label: "the kernel that slides over ∂L/∂y" });
  const spread = plainGrid({ label: "∂L/∂y as it is laid on x" });
  const gradients = {
    image: plainGrid({ label: "∂L/∂x", choose: (row, col) => chooseInput(row, col) }),
    kernel: plainGrid({ label: "∂L/∂w", choose: (row, col) => chooseKernel(row, col) }),
  };
  const biasGradient = h("div.cv-cell.cvg-gradient");

  const figures = {
    image: figure("image", "x", image.element),
    slid: figure("slid", "∂L/∂y", slid.element),
    gradImage: figure("grad-image", "∂L/∂x", gradients.image.element),
    kernel: figure("kernel", "w", kernel.element),
    turned: figure("turned", "w", turned.element),
    spread: figure("spread", "∂L/∂y", spread.element),
    gradKernel: figure("grad-kernel", "∂L/∂w", gradients.kernel.element),
    upstream: figure("upstream", "∂L/∂y", upstream.element),
    bias: figure("bias", "b", bias.element),
    gradBias: figure("grad-bias", "∂L/∂b", biasGradient),
  };
  const of = (...names) => names.map((name) => figures[name].element);
  const biases = h("div.cvg-pair", {}, ...of("bias", "gradBias"));
  const stage = h(
    "div.cvg",
    {},
    h("div.cvg-column", {}, ...of("image", "slid", "gradImage")),
    h("div.cvg-column", {}, ...of("kernel", "turned", "spread", "gradKernel")),
    h("div.cvg-column", {}, ...of("upstream"), biases),
  );
  card.stage.append(stage);
  const SHOWN = {
    scatter: ["image", "gradImage", "kernel", "gradKernel", "upstream", "bias", "gradBias"],
    input: ["slid", "gradImage", "turned", "upstream"],
    kernel: ["image", "spread", "gradKernel", "upstream"],
  };

  const prediction = addPrediction(card, store, {
    judge: (guess) => diagnose(store.state, store.view, guess),
    repaint: () => paint(store.state, store.view),
    at: () => store.view.at,
    count: () => store.view.count,
    go: (step) => store.propose({ step }),
  });
  prediction.arithmetic.classList.add("cvg-sum");
  const keepHeight = steadyHeight(prediction.arithmetic);
  const rule = h("div");
  const check = h("div.cvg-check");
  card.formula.append(rule, check);
  addControls(card, store, prediction, refuse);
  const paintPlayback = addPlayback(card, store, {
    count: () => store.view.count,
    label: "cell on show",
    mayLeave: () => prediction.isKnown(store.view.at),
  });

  /** The rows and columns of what is stepped through. */
  const stepped = () =>
    shapeOf(
      { scatter: store.view.layer.upstream, input: store.state.image, kernel: store.state.kernel }[store.state.view],
    );
  function goTo(row, col) {
    const step = row * stepped()[1] + col;
    if (step !== store.view.at) store.propose({ step });
  }
  function chooseInput(row, col) {
    const { padding } = store.view.layer;
    const [rows, cols] = shapeOf(store.state.image);
    const place = [row - padding[0], col - padding[1]];
    if (store.state.view === "input" && place[0] >= 0 && place[0] < rows && place[1] >= 0 && place[1] < cols)
      goTo(...place);
  }
  function chooseKernel(row, col) {
    if (store.state.view === "kernel")
      store.propose({ step: store.view.kernel.steps.findIndex(({ cell }) => sameCell(cell, [row, col])) });
  }
  /** A list was pasted where one number stands. */
  function setBias({ length }) {
    refuse(`${plural(length, "number")} do not fit: there is one bias.`);
    return false;
  }
  function requireOutputShape(grid) {
    requireSmall("upstream", grid);
    const [rows, cols] = store.view.trace.output_shape;
    const [has, wide] = shapeOf(grid);
    if (has !== rows || wide !== cols)
      throw new Misfit(`This block has ${has} × ${wide} numbers: ∂L/∂y has one for each output, ${rows} × ${cols}.`);
  }
  // Whoever goes to an upstream gradient sees where it goes.
  upstream.element.addEventListener("focusin", ({ target }) => {
    if (store.state.view === "scatter" && "row" in target.dataset)
      goTo(Number(target.dataset.row), Number(target.dataset.col));
  });
  card.stage.addEventListener("keydown", (event) => {
    const down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!down || event.target.closest("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [rows, cols] = stepped();
    const row = Math.floor(store.view.at / cols) + down;
    if (row >= 0 && row < rows) goTo(row, store.view.at % cols);
  });

  /** Colours and marks one cell of a gradient, and puts its finite difference under it. */
  function markGradient(cell, value, { difference, isTarget, isTouched, isWaiting, name }) {
    cell.classList.add("cvg-gradient");
    cell.classList.toggle("now", isTarget);
    cell.classList.toggle("touched", isTouched && !isTarget);
    cell.classList.toggle("waiting", isWaiting);
    cell.classList.toggle("agrees", difference !== null && value !== null && sameNumber(difference, value));
    cell.title = name;
    if (isTarget && isWaiting) showValue(cell, "?");
    if (difference === null) delete cell.dataset.difference;
    else cell.dataset.difference = tidy(difference);
  }

  /** What the gradients hold as far as the reader may know; null where nothing has come yet. */
  function valuesOf(state, view, shown) {
    const { layer, at } = view;
    if (state.view === "scatter") {
      const empty = {
        input: view.trace.padded.map((line) => line.map(() => 0)),
        kernel: state.kernel.map((line) => line.map(() => 0)),
      };
      const held = shown ? view.scatter[at] : (view.scatter[at - 1] ?? empty);
      return { image: held.input, kernel: held.kernel };
    }
    const seen = (index) => (state.answer === "shown" ? index <= at : prediction.isFound(index));
    const [, cols] = shapeOf(state.image);
    const [[above, left], padded] = [layer.padding, view.scatter.at(-1).input];
    const inside = crop(padded, layer);
    const image = padded.map((line, r) =>
      line.map((_, c) => {
        const [row, col] = [r - above, c - left];
        const value = inside[row]?.[col];
        return value !== undefined && seen(row * cols + col) ? value : null;
      }),
    );
    const kernel = state.kernel.map((line) => line.map(() => null));
    view.kernel.steps.forEach(({ cell: [row, col], sum }, index) => {
      if (seen(index)) kernel[row][col] = sum;
    });
    return { image, kernel };
  }

  function paintGradients(state, view, shown) {
    const { layer, at, target, oneRow } = view;
    const values = valuesOf(state, view, shown);
    const all = {
      image: view.scatter.map(({ input }) => largestIn(input)),
      kernel: view.scatter.map(({ kernel: grid }) => largestIn(grid)),
    };
    const parts = state.view === "scatter" ? view.scatter[at].parts : [];
    const allKnown = state.answer === "shown" || (state.view === "scatter" && at === view.count - 1 && shown);
    /** @param {string} name @param {number[]} cell @param {number | null} value */
    const differenceAt = (name, [row, col], value) =>
      state.differences && (allKnown || (state.view !== "scatter" && value !== null))
        ? view.differences[name][row][col]
        : null;
    const [rows, cols] = shapeOf(state.image);
    gradients.image.show(values.image, {
      largest: Math.max(...all.image),
      each(cell, r, c) {
        const place = [r - layer.padding[0], c - layer.padding[1]];
        const ghost = place[0] < 0 || place[0] >= rows || place[1] < 0 || place[1] >= cols;
        cell.classList.toggle("ghost", ghost);
        const value = values.image[r][c];
        const isTarget = target.name === "image" && sameCell(target.cell, place);
        markGradient(cell, value, {
          isTarget,
          isWaiting: value === null || (isTarget && !shown),
          isTouched: parts.some((part) => sameCell(part.at, [r, c])),
          difference: ghost ? null : differenceAt("image", place, value),
          name: ghost ? "a ghost cell's: cropped" : `∂L/∂${nameCell("x", place, oneRow)}`,
        });
      },
    });
    gradients.kernel.show(values.kernel, {
      largest: Math.max(...all.kernel),
      each(cell, row, col) {
        const value = values.kernel[row][col];
        const isTarget = target.name === "kernel" && sameCell(target.cell, [row, col]);
        markGradient(cell, value, {
          isTarget,
          isWaiting: value === null || (isTarget && !shown),
          isTouched: parts.some((part) => sameCell(part.cell, [row, col])),
          difference: differenceAt("kernel", [row, col], value),
          name: `∂L/∂${nameCell("w", [row, col], oneRow)}`,
        });
      },
    });
    const held = shown
      ? view.scatter[Math.min(at, view.scatter.length - 1)].bias_after
      : (view.scatter[at - 1]?.bias_after ?? 0);
    showValue(biasGradient, number(held), "∂L/∂b");
    tint(biasGradient, held, Math.max(...view.scatter.map(({ bias_after }) => Math.abs(bias_after))));
    markGradient(biasGradient, held, {
      isTarget: false,
      isTouched: true,
      isWaiting: false,
      name: "∂L/∂b",
      difference: state.differences && allKnown ? view.differences.bias : null,
    });
  }

  function paintImage(state, view) {
    const { layer, trace, at } = view;
    const { before, padded, ignored } = trace;
    const [rows, cols] = shapeOf(padded);
    const byKernel = state.view === "kernel";
    const step = byKernel ? view.kernel.steps[at] : trace.steps[Math.min(at, trace.steps.length - 1)];
    const [over, dilation, stride] = byKernel
      ? [layer.upstream, layer.stride, layer.dilation]
      : [trace.kernel, layer.dilation, layer.stride];
    const covered = new Set(
      over.flatMap((line, i) =>
        line.map((_, j) => `${step.start_row + i * dilation[0]},${step.start_col + j * dilation[1]}`),
      ),
    );
    image.show(state.image, {
      padded,
      before,
      each(cell, row, col) {
        cell.classList.toggle("in-window", covered.has(`${row},${col}`));
        cell.classList.toggle("ignored", row >= rows - ignored[0] || col >= cols - ignored[1]);
      },
    });
    const last = (byKernel ? view.kernel.steps : trace.steps).at(-1);
    window.show(
      {
        row: step.start_row,
        col: step.start_col,
        lastRow: last.start_row,
        lastCol: last.start_col,
        stride,
        dilation,
        kernel: over,
      },
      number,
    );
    const [far, wide] = shapeOf(over).map((size, axis) => (size - 1) * dilation[axis]);
    keepVisible(
      card.stage,
      image.cellAt(step.start_row, step.start_col),
      image.cellAt(step.start_row + far, step.start_col + wide),
    );
  }

  function paintSlid({ layer, input, at }) {
    const { row, col } = input.steps[at];
    const { turned: laid } = input;
    const weightAt = (r, c) => {
      const [i, j] = [(r - row) / layer.dilation[0], (c - col) / layer.dilation[1]];
      return laid[i]?.[j];
    };
    slid.show(input.slid, {
      each(cell, r, c) {
        const weight = weightAt(r, c);
        cell.classList.toggle("ghost", input.kinds[r][c] === "around");
        cell.classList.toggle("between", input.kinds[r][c] === "between");
        cell.classList.toggle("in-window", weight !== undefined);
        if (weight === undefined) delete cell.dataset.weight;
        else cell.dataset.weight = `×${number(weight)}`;
        cell.title = { upstream: "∂L/∂y", between: "0, put between by the stride", around: "0, put around by “full”" }[
          input.kinds[r][c]
        ];
      },
    });
    turned.show(laid);
    keepVisible(card.stage, slid.cellAt(row, col), slid.cellAt(row + input.reach[0] - 1, col + input.reach[1] - 1));
  }

  /** Where everything stands and what it is called. */
  function paintNames(state, { layer }) {
    for (const [name, { element }] of Object.entries(figures)) element.hidden = !SHOWN[state.view].includes(name);
    biases.hidden = state.view !== "scatter";
    stage.dataset.view = state.view;
    const padded = layer.padding[1] > 0;
    setText(figures.image.words, "input");
    setText(figures.kernel.words, "kernel");
    setText(figures.upstream.words, "upstream");
    setText(figures.bias.words, "bias");
    setText(figures.slid.words, layer.stride[1] > 1 ? "zeros between and around" : "zeros around");
    setText(figures.turned.words, layer.flip ? "as written" : "turned by 180°");
    setText(figures.spread.words, layer.stride[1] > 1 ? "zeros between" : "as it is");
    setText(figures.gradImage.words, padded ? "dashed: cropped" : "");
    setText(figures.gradKernel.words, "");
  }

  function paintArithmetic(state, view, shown) {
    const { target, at, layer, oneRow } = view;
    const name = `∂L/∂${nameCell(target.letter, target.cell, oneRow)}`;
    if (state.view === "scatter") return prediction.arithmetic.replaceChildren(...scatterLines(view, name, shown));
    if (!shown) return prediction.arithmetic.replaceChildren(h("span", {}, `${name} = ?`));
    const step = view[state.view].steps[at];
    const weights = state.view === "input" ? view.input.turned : layer.upstream;
    const terms = step.window.flatMap((line, i) =>
      line.map((value, j) =>
        h("span.cvg-term", {}, i || j ? "+ " : "", `${factor(value)}·`, h("span.k", {}, factor(weights[i][j])), " "),
      ),
    );
    prediction.arithmetic.replaceChildren(
      h("span", {}, `${name} = `, ...terms, "= ", h("span.y", {}, number(step.sum))),
    );
  }

  function scatterLines({ scatter, at, target, oneRow, layer }, name, shown) {
    const { row, col, upstream: g, parts, bias_before, bias_after } = scatter[at];
    const y = nameCell("y", [row, col], oneRow);
    const first = h("div", {}, `∂L/∂${y} = `, h("b", {}, number(g)), ` goes to all that made ${y}`);
    const before = target.letter === "x" ? target.part.input_before : target.part.kernel_before;
    if (!shown) return [first, h("div", {}, `${name}, ${number(before)} so far, becomes ?`)];
    const entry = (letter, cell, held, own, total, isWeight) => {
      const isTarget = target.letter === letter && sameCell(target.cell, cell);
      return h(
        "span.cvg-entry",
        {},
        `${nameCell(letter, cell, oneRow)}: ${number(held)} + ${factor(g)}·`,
        isWeight ? h("span.k", {}, factor(own)) : factor(own),
        " = ",
        h(isTarget ? "span.y" : "b", {}, number(total)),
      );
    };
    const inside = parts.filter((part) => part.inside);
    const lost = parts.length - inside.length;
    const line = (label, ...entries) =>
      h("div.cvg-line", {}, h("span.cvg-label", {}, label), h("span.cvg-entries", {}, ...entries));
    const cells = inside.map((part) =>
      entry(
        "x",
        part.at.map((index, axis) => index - layer.padding[axis]),
        part.input_before,
        part.weight,
        part.input_after,
        true,
      ),
    );
    if (lost) cells.push(h("span.cvg-entry.lost", {}, `${plural(lost, "ghost cell")}: cropped`));
    const weights = parts.map((part) =>
      entry("w", part.cell, part.kernel_before, part.value, part.kernel_after, false),
    );
    return [
      first,
      line("∂L/∂x", ...cells),
      line("∂L/∂w", ...weights),
      line(
        "∂L/∂b",
        h("span.cvg-entry", {}, `${number(bias_before)} + ${factor(g)} = `, h("b", {}, number(bias_after))),
      ),
    ];
  }

  function paint(state, view) {
    const { layer, at, trace } = view;
    prediction.begin([
      state.view,
      state.image,
      state.kernel,
      layer.upstream,
      state.flip,
      state.padding,
      state.stride,
      state.dilation,
    ]);
    const shown = prediction.isKnown(at);
    const [[, padded], [, wide], [, outputs]] = [shapeOf(trace.padded), shapeOf(state.kernel), trace.output_shape];
    const first = Math.max(padded, state.view === "input" ? shapeOf(view.input.slid)[1] : 0);
    const second = state.view === "kernel" ? Math.max(wide, shapeOf(spreadUpstream(layer))[1]) : wide;
    stage.style.setProperty("--first", first);
    const beside = view.oneRow ? 0 : padded;
    stage.style.setProperty(
      "--across",
      first + (state.view === "kernel" ? 0 : beside) + Math.max(second, 2) + Math.max(outputs, 3) + (beside ? 2 : 0),
    );
    stage.classList.toggle("two", !view.oneRow);
    prediction.arithmetic.classList.toggle("cvg-small", !view.oneRow);
    paintNames(state, view);
    kernel.show(state.kernel, { largest: largestIn(state.kernel) });
    upstream.show(layer.upstream, {
      each: (cell, row, col) => cell.classList.toggle("now", state.view === "scatter" && row * outputs + col === at),
    });
    bias.show(state.bias);
    if (state.view === "input") paintSlid(view);
    else paintImage(state, view);
    if (state.view === "kernel") {
      const {
        stride: [down, across],
      } = layer;
      spread.show(spreadUpstream(layer), {
        each: (cell, row, col) => cell.classList.toggle("between", row % down !== 0 || col % across !== 0),
      });
    }
    paintGradients(state, view, shown);
    paintArithmetic(state, view, shown);
    keepHeight(JSON.stringify([shown, state.view, state.image, state.kernel]));
    rule.replaceChildren(...describeRule(state.view, view).map((line) => h("div", {}, line)));
    setText(check, state.differences && shown ? describeDifference(view) : "");
    prediction.show();
    paintPlayback(at);
    card.announce(...describeStep(state, view, shown));
  }
  return paint;
}

export default defineWidget({
  name: "ConvGradients",
  title: "Send gradients back through a convolution",
  picture: "the input, the kernel and the upstream gradient, and below each its gradient",
  state: [
    "image",
    "kernel",
    "bias",
    "upstream",
    "flip",
    "padding",
    "stride",
    "dilation",
    "view",
    "step",
    "differences",
    "answer",
  ],
  parts: {
    view: "view",
    examples: "examples",
    operation: "kind of layer",
    padding: "padding",
    stride: "stride",
    dilation: "dilation",
    shape: "sizes",
    differences: "finite differences",
    predict: "predict switch",
    size: "rule and finite difference",
    playback: "playback",
  },
  facts: {
    grad_kernel: (_, { scatter }) => scatter.at(-1).kernel,
    grad_bias: (_, { scatter }) => scatter.at(-1).bias_after,
  },
  compute,
  settle,
  build,
});
