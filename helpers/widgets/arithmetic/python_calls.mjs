/** Reads the part of Python in which networks are written: names, calls, numbers, words, tuples. Nothing is run. */

import { Misfit } from "./misfit.mjs";

/**
 * @typedef {{type: "constant" | "name" | "list" | "call", line: number, text: string} & Record<string, any>} Node
 * @typedef {{names: string[], value: Node}} Statement
 */

const TOKENS = new RegExp(
  [
    String.raw`[ \t\r\f]+|\\\r?\n|#[^\n]*`,
    String.raw`(?<newline>\n)`,
    String.raw`(?<string>[rRbBuU]?(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))`,
    String.raw`(?<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)`,
    String.raw`(?<name>[\p{L}_][\p{L}\p{N}_]*)`,
    String.raw`(?<sign>[()[\],=.;:+-])`,
  ].join("|"),
  "uy",
);
const DEEPEST = 60;
const WORDS = new Map([
  ["True", true],
  ["False", false],
  ["None", null],
]);
const OTHER = "for while def class if with try return lambda del assert raise global async await yield not".split(" ");

/** @param {string} code */
function tokensOf(code) {
  const tokens = [];
  let [at, line, depth] = [0, 1, 0];
  while (at < code.length) {
    TOKENS.lastIndex = at;
    const found = TOKENS.exec(code);
    if (!found) {
      const rest = code.slice(at).split("\n")[0].slice(0, 20);
      throw new Misfit(`line ${line}: “${rest}” cannot be read: only layers with numbers and words as arguments are.`);
    }
    const { newline, string, number, name, sign } = found.groups;
    if (sign && "([".includes(sign)) depth += 1;
    if (sign && ")]".includes(sign)) depth -= 1;
    const [type, text] = string
      ? ["string", string]
      : number
        ? ["number", number]
        : name
          ? ["name", name]
          : ["sign", sign];
    if (newline && depth <= 0) tokens.push({ type: "end", text: "", line, at });
    else if (text) tokens.push(text === ";" ? { type: "end", text, line, at } : { type, text, line, at });
    line += found[0].split("\n").length - 1;
    at = TOKENS.lastIndex;
  }
  tokens.push({ type: "end", text: "", line, at });
  return tokens;
}

/** @param {string} code @returns {Statement[]} */
export function parsePython(code) {
  const tokens = tokensOf(code);
  let at = 0;
  let depth = 0;
  const now = () => tokens[at];
  const is = (text) => now().type === "sign" && now().text === text;
  const lineText = (line) => code.split("\n")[line - 1].trim().slice(0, 60);
  const stop = (why = "this is not Python that can be read") =>
    new Misfit(`line ${now().line}: “${lineText(now().line)}”: ${why}.`);
  function expect(text) {
    if (!is(text)) throw stop(now().type === "end" ? `this is not Python: “${text}” is missing` : undefined);
    at += 1;
  }
  const finish = (start, node) => ({
    ...node,
    line: tokens[start].line,
    text: code.slice(tokens[start].at, tokens[at - 1].at + tokens[at - 1].text.length).replace(/\s+/g, " "),
  });

  function listUpTo(close) {
    const elements = [];
    let comma = false;
    while (!is(close)) {
      elements.push(expression());
      comma = is(",");
      if (comma) at += 1;
      else break;
    }
    expect(close);
    return { elements, comma };
  }
  function atom() {
    const start = at;
    const token = now();
    at += 1;
    if (token.type === "number" || (token.type === "sign" && "+-".includes(token.text) && now().type === "number")) {
      const sign = token.type === "number" ? 1 : Number(`${token.text}1`);
      const text = token.type === "number" ? token.text : tokens[at++].text;
      return finish(start, { type: "constant", value: sign * Number(text.replaceAll("_", "")) });
    }
    if (token.type === "string") {
      const plain = token.text.replace(/^[a-z]/i, "");
      const quote = /^("""|'''|"|')/.exec(plain)[0].length;
      return finish(start, { type: "constant", value: plain.slice(quote, -quote) });
    }
    if (token.type === "name" && WORDS.has(token.text))
      return finish(start, { type: "constant", value: WORDS.get(token.text) });
    if (token.type === "name" && !OTHER.includes(token.text)) return finish(start, { type: "name", name: token.text });
    if (token.type === "sign" && token.text === "[") return finish(start, { type: "list", ...listUpTo("]") });
    if (token.type === "sign" && token.text === "(") {
      const { elements, comma } = listUpTo(")");
      return elements.length === 1 && !comma ? elements[0] : finish(start, { type: "list", elements });
    }
    at = start;
    throw stop();
  }
  function call(start, called) {
    const [args, named] = [[], []];
    while (!is(")")) {
      if (now().type === "name" && tokens[at + 1].type === "sign" && tokens[at + 1].text === "=") {
        const name = now().text;
        at += 2;
        named.push([name, expression()]);
      } else args.push(expression());
      if (is(",")) at += 1;
      else break;
    }
    expect(")");
    return finish(start, { type: "call", called, args, named });
  }
  function expression() {
    if ((depth += 1) > DEEPEST) throw stop("this cannot be read: it is nested too deeply");
    const start = at;
    let node = atom();
    for (;;) {
      if (is("(")) {
        at += 1;
        node = call(start, node);
      } else if (is(".") && tokens[at + 1].type === "name") {
        // A method of whatever stands before: only its name matters.
        const name = tokens[at + 1].text;
        at += 2;
        node = finish(start, { type: "name", name: node.type === "name" ? `${node.name}.${name}` : name });
      } else break;
    }
    depth -= 1;
    return node;
  }

  const statements = [];
  while (at < tokens.length) {
    if (now().type === "end") {
      at += 1;
      continue;
    }
    if (now().type === "name" && /^(import|from)$/.test(now().text)) {
      while (now().type !== "end") at += 1;
      continue;
    }
    const names = [];
    let value = expression();
    while (is("=")) {
      if (value.type !== "name" || value.name.includes("."))
        throw stop("only layers, models and names set to numbers are read");
      names.push(value.name);
      at += 1;
      value = expression();
    }
    if (now().type !== "end")
      throw stop(`“${now().text}” cannot be read here: only layers with numbers and words as arguments are`);
    statements.push({ names, value });
  }
  return statements;
}
