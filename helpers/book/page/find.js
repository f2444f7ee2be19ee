/** The search comes when a reader opens it; a page that it has led to marks what was looked for. */
(function () {
  "use strict";
  const root = document.documentElement.dataset.content_root ?? "./";
  let asked = false;

  function bring() {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = `${root}_static/book-search.js`;
    script.onerror = () => (asked = false); // the next touch of the field tries again
    document.head.append(script);
  }
  addEventListener("focusin", ({ target }) => target instanceof Element && target.matches("input[name=q]") && bring());
  if (document.querySelector(".bd-search-container")) bring();

  const address = new URL(location.href);
  const query = address.searchParams.get("find");
  if (!query) return;
  const widgetName = address.searchParams.get("found"); // where a widget says it, and not the text
  address.searchParams.delete("find");
  address.searchParams.delete("found");
  history.replaceState(history.state, "", address);

  const letters = (word) => [...word].map((letter) => letter.replace(/[^\p{L}\p{N}]/u, "\\$&")).join("\u00ad?");
  const words = query.match(/[\p{L}\p{N}]+/gu) ?? [];
  const singular = words.map((word) => (/[^s]s$/i.test(word) && word.length > 3 ? word.slice(0, -1) : word));
  const beginning = "(^|[^\\p{L}\\p{N}])"; // found as well: Safari before 16.4 does not look behind
  const phrase = beginning + singular.map(letters).join("\\p{L}{0,3}[^\\p{L}\\p{N}]{1,3}");
  const single =
    beginning +
    `(?:${
      singular
        .filter((word) => word.length > 2)
        .map(letters)
        .join("|") || "(?!)"
    })`;

  const OUTSIDE = "script, style, .katex, .math, .headerlink, .cv-widget, mark, noscript";

  /** Wraps what a pattern finds in the text of the page, and returns the marks. */
  function mark(pattern) {
    const finder = new RegExp(pattern, "giu");
    const article = document.querySelector("article.bd-article");
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    const texts = [];
    for (let text; (text = /** @type {Text | null} */ (walker.nextNode())); )
      if (!text.parentElement.closest(OUTSIDE)) texts.push(text);
    const marks = [];
    for (const text of texts)
      for (const { 0: found, 1: before, index } of [...text.data.matchAll(finder)].reverse()) {
        const rest = text.splitText(index + before.length);
        rest.splitText(found.length - before.length);
        const element = document.createElement("mark");
        element.className = "book-found-mark";
        rest.replaceWith(element);
        element.append(rest);
        marks.push(element);
      }
    return marks;
  }

  function show() {
    const marks = mark(phrase);
    if (!marks.length && words.length > 1) marks.push(...mark(single));
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const section = target?.closest("section") ?? document.querySelector("article.bd-article");
    const widget = widgetName && section.querySelector(`.cv-widget[data-widget="${CSS.escape(widgetName)}"]`);
    /** @type {NodeListOf<HTMLElement>} */
    const found = section.querySelectorAll(".book-found-mark");
    const own = widget ? null : [...found].find((mark) => mark.offsetParent);
    widget?.classList.add("book-found-widget");
    const box = (own ?? widget)?.getBoundingClientRect();
    if (box && (box.top < 60 || box.bottom > innerHeight))
      (own ?? widget).scrollIntoView({ block: own ? "center" : "start", behavior: "instant" });
    offerToForget(marks.length || widget);
  }

  function forget(note) {
    for (const element of document.querySelectorAll(".book-found-mark")) {
      const parent = element.parentNode;
      element.replaceWith(...element.childNodes);
      parent.normalize();
    }
    document.querySelector(".book-found-widget")?.classList.remove("book-found-widget");
    note.remove();
  }

  function offerToForget(found) {
    if (!found) return;
    const note = document.createElement("button");
    note.type = "button";
    note.className = "book-found-forget";
    note.textContent = `stop marking “${query}”`;
    note.addEventListener("click", () => forget(note));
    document.body.append(note);
  }

  // Formulas come into their places first.
  if (document.readyState === "complete") show();
  else addEventListener("load", show, { once: true });
})();
