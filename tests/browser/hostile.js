/** Gives a widget states and addresses that nobody means, and keeps what goes wrong. */
(() => {
  const WORDS = [
    "abc",
    "",
    " ",
    "no",
    "yes",
    "true",
    "constructor",
    "__proto__",
    "toString",
    "hasOwnProperty",
    "full",
    "same",
    "valid",
    "own",
    "own-1",
    "<b>x</b>",
    "1e400",
    "-1",
    "0",
    "0.5",
    "1,5",
    "1;2",
    "1,2;3",
    "1~2;3",
    "_",
    ",",
    ";",
    "1,,2",
    "1;;2",
    "512",
    "99999",
    "1e9",
    "1e308",
    "-1e308",
    "1:2",
    "a:1,b:2",
    "x1:abc",
    "=",
    "1/2",
    "０",
    "–5",
    "9".repeat(400),
    "a".repeat(5000),
    "1,".repeat(300),
    "1;".repeat(300),
    "hidden",
    "shown",
    "7",
    "3",
    "2",
    "1",
  ];
  const VALUES = [
    0,
    1,
    2,
    3,
    5,
    7,
    -1,
    -0.5,
    0.5,
    1.5,
    99999,
    1e9,
    1e15,
    1e308,
    -1e308,
    1e-320,
    true,
    false,
    "",
    "abc",
    "no",
    "constructor",
    "__proto__",
    "own-1",
    [],
    [[]],
    [1],
    [1, 2],
    [1, "a"],
    [[1, 2], [3]],
    [
      [1, 2],
      [3, 4],
    ],
    [[[1]]],
    [[[1, 2]], [[3, 4]]],
    [[[[1]]]],
    [[]],
    {},
    { a: 1 },
    { constructor: 1 },
    [null],
    null,
    [true],
    ["abc"],
    ["conv"],
    Array(200).fill(1),
    Array(80).fill(Array(80).fill(1)),
    [1e308, 1e308, 1e308],
    [
      [1e308, -1e308],
      [1e308, 1e308],
    ],
    [0, 0, 0],
    [-1, -1],
    [1, 1e9],
    [
      [1, 1],
      [1e9, 1],
    ],
    "full",
    "same",
    "valid",
    "wrap",
    "hidden",
    "shown",
  ];
  // A busy machine takes three times as long as the second that is allowed.
  const SEEN = /\bundefined\b|\bNaN\b|\[object|\bnull\b/;
  let state = 1;
  const draw = (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const pick = (list) => list[draw(list.length)];
  const nudge = (value) => {
    if (typeof value === "number")
      return pick([value + 1, value - 1, value * 10, -value, value + 0.5, value * 1e6, String(value)]);
    if (typeof value === "boolean") return pick([!value, "no", 0, 1, "true"]);
    if (typeof value === "string") return value.slice(1);
    if (!Array.isArray(value)) return value;
    if (value.length === 0) return [1];
    const at = draw(value.length);
    return pick([
      value.slice(1),
      [...value, value[at]],
      value.with(at, nudge(value[at])),
      value.with(at, pick(VALUES)),
      [value],
    ]);
  };
  const short = (value) =>
    JSON.stringify(value, (_, one) =>
      typeof one === "string" && one.length > 30 ? `${one.slice(0, 30)}…${one.length}` : one,
    )?.slice(0, 160);

  globalThis.torment = async ([module, sample, names, count, seed]) => {
    state = seed;
    const link = makeLinker(WIDGETS.sources);
    const { default: widget } = await link(module);
    const { stateFromAddress } = await link("card/address.mjs");
    const main = document.querySelector("main");
    const problems = [];
    let now = "";
    let refused = 0;
    const note = (words) => problems.push(`${now}: ${words}`);
    addEventListener("error", (event) => {
      note(`throws ${event.message} ${event.error?.stack?.split("\n")[1]?.trim() ?? ""}`);
      event.preventDefault();
    });
    addEventListener("unhandledrejection", (event) => {
      note(`rejects ${event.reason}`);
      event.preventDefault();
    });
    let mounted = null;
    const mount = () => {
      mounted?.dispose();
      mounted?.el.remove();
      const el = document.createElement("div");
      el.className = "cv-widget";
      el.dataset.place = "w";
      main.append(el);
      const model = makeModel(JSON.parse(JSON.stringify(sample)));
      mounted = { el, model, dispose: widget.render({ model, el }) };
    };
    for (let i = 0; i < count; i++) {
      if (i % 20 === 0) mount();
      const { el, model } = mounted;
      const isAddress = draw(2) === 0;
      const chosen = Array.from({ length: 1 + draw(3) }, () => pick(names));
      let wanted;
      if (isAddress) {
        const parameters = new URLSearchParams(chosen.map((name) => [name, pick(WORDS)]));
        parameters.set("widget", "w");
        now = `?${decodeURIComponent(String(parameters)).slice(0, 160)}`;
        wanted = stateFromAddress(parameters, "w", sample);
      } else {
        wanted = Object.fromEntries(chosen.map((name) => [name, draw(3) ? pick(VALUES) : nudge(model.get(name))]));
        now = short(wanted);
      }
      const start = performance.now();
      el.dispatchEvent(new CustomEvent("cv-propose", { detail: wanted }));
      await null;
      await null;
      const took = performance.now() - start;
      if (took > 3000) note(`takes ${Math.round(took)} ms`);
      const says = el.querySelector(".cv-note:not([hidden])");
      if (says?.classList.contains("cv-wrong")) refused++;
      if (says?.textContent.length > 600) note(`says ${says.textContent.length} letters`);
      const text = el.innerText;
      const stray = isAddress && !/null/.test(now) && SEEN.exec(text);
      if (stray) note(`shows “${text.slice(Math.max(0, stray.index - 50), stray.index + 40)}”`);
      if (i % 50 === 0) await new Promise((go) => setTimeout(go));
    }
    mounted.dispose();
    mounted.el.remove();
    return { problems, refused };
  };
})();
