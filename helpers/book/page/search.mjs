/**
 * The search of the book: ranks sections, and shows them below the field, in the dialog or on the page of results.
 *
 * `helpers.book.search` calls `start` with the index, in one script that comes when the search is opened.
 */

const MOST = 30; // results that are shown
const EXCERPT = 180; // letters of each

/** What a find in each place is worth; in running text the second and third count for less and less. */
const WORTH = { pageTitle: 30, wholeTitle: 40, title: 24, term: 16, text: 5, widget: 5, code: 1 };
/** Sections that repeat what others teach. */
const SECOND_HAND = /^(exercises|check yourself|summary|sources|what you see|symptoms)/;
/** Words that are looked for only in company. */
const SMALL = new Set("a an and are as at by do for from how i in is it of on or that the to what why with".split(" "));

const plain = (text) =>
  text
    .toLowerCase()
    .normalize("NFD")
    .replace(/[\u0300-\u036f\u00ad]/g, "");

/**
 * The words of a query: `all` of them, to be found in one piece, and those that are looked for singly. A plural finds
 * its singular.
 */
function wordsOf(query) {
  const all = plain(query).match(/[\p{L}\p{N}]+/gu) ?? [];
  const singular = (word) => (/[^s]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word);
  const large = all.filter((word) => !SMALL.has(word));
  return { all: all.map(singular), single: (large.length ? large : all).map(singular) };
}

const GAP = "[^\\p{L}\\p{N}]{1,3}";

/**
 * Finds words that begin with each of these, one behind the other, in plain text; with the sign before them, as Safari
 * before 16.4 does not look behind.
 */
const finder = (words) => new RegExp(`(?:^|[^\\p{L}\\p{N}])${words.join(`\\p{L}{0,3}${GAP}`)}`, "gu");

/** Where a finder finds something, as [start, end], without the sign before it. */
export const places = (text, pattern) =>
  [...text.matchAll(pattern)].map(({ 0: found, index }) => [
    index + found.search(/[\p{L}\p{N}]/u),
    index + found.length,
  ]);

const count = (text, pattern) => (text ? (text.match(pattern) ?? []).length : 0);
const fading = (times) => Math.log2(1 + times);

/** What a section is worth for one pattern, from how often each of its parts holds it. */
function worth(section, pattern, query) {
  const inTitle = count(section.plainTitle, pattern);
  const found = {
    wholeTitle: section.plainTitle === query ? 1 : 0,
    title: inTitle ? 1 : 0,
    term: fading(count(section.plainTerms, pattern)),
    text: fading(count(section.plainText, pattern)),
    widget: fading(section.widgets.filter((widget) => count(widget.plain, pattern)).length),
    code: fading(count(section.plainCode, pattern)),
  };
  let sum = 0;
  for (const [place, times] of Object.entries(found)) sum += WORTH[place] * times;
  return sum * (SECOND_HAND.test(section.plainTitle) ? 0.5 : 1);
}

/**
 * The sections that a query finds, best first.
 * @param {ReturnType<typeof prepare>} pages
 * @param {string} query
 */
export function rank(pages, query) {
  const { all, single } = wordsOf(query);
  if (all.join("").length < 2) return [];
  const together = finder(all);
  const each = single.map((word) => finder([word]));
  const results = [];
  for (const page of pages) {
    const found = [];
    for (const section of page.sections) {
      const phrase = worth(section, together, plain(query).trim());
      const singles = all.length > 1 ? each.map((pattern) => worth(section, pattern, "")) : [phrase];
      if (phrase || singles.every(Boolean))
        found.push({ page, section, score: phrase + (all.length > 1 ? Math.min(...singles) / 4 : 0) });
    }
    // A page that speaks of it much is its home: all of its sections profit.
    const said = page.sections.reduce(
      (sum, { plainText, widgets }) =>
        sum + count(plainText, together) + widgets.filter((widget) => count(widget.plain, together)).length,
      0,
    );
    const home = (count(page.plainTitle, together) ? WORTH.pageTitle : 0) + WORTH.text * fading(said);
    for (const result of found) {
      result.score = (result.score + home) * (page.number === null ? 0.5 : 1);
      results.push(result);
    }
  }
  return results.sort((one, other) => other.score - one.score).slice(0, MOST);
}

/** The index with all that is compared in plain letters. */
export function prepare({ pages, widgets }) {
  const said = Object.fromEntries(Object.entries(widgets).map(([name, words]) => [name, plain(words)]));
  return pages.map(({ page, number, sections }) => ({
    page,
    number,
    title: sections[0]?.[1] ?? page,
    plainTitle: plain(sections[0]?.[1] ?? ""),
    sections: sections.map(([anchor, title, text, terms, code, shown]) => ({
      anchor,
      title,
      text,
      plainTitle: plain(title),
      plainText: plain(text),
      plainTerms: plain(terms),
      plainCode: plain(code),
      widgets: shown.map(([name, heading]) => ({
        name,
        heading,
        plain: `${plain(name)} ${plain(heading)} ${plain(name.replace(/([a-z])(?=[A-Z])/g, "$1 "))} ${said[name]}`,
      })),
    })),
  }));
}

/** Where in a section's text a pattern finds something, as [start, end]. */
function placeOf(section, words) {
  return places(section.plainText, finder(words))[0];
}

/** The first widget of a section that says all of it in one piece, or has all the words. */
const widgetOf = (section, lists) =>
  section.widgets.find((widget) => lists.every((words) => count(widget.plain, finder(words))));

/**
 * What a result shows: a place in the text or a widget, and the words to mark there. The words in one piece go before
 * the single ones.
 */
function findingOf(section, { all, single }) {
  const singly = single.map((word) => [word]);
  for (const lists of all.length > 1 ? [[all], singly] : [[all]]) {
    const place = lists.map((some) => placeOf(section, some)).find(Boolean);
    if (place) return { place, lists };
    const widget = widgetOf(section, lists);
    if (widget) return { widget, lists };
  }
  return { lists: singly };
}

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** A text with what is looked for marked in it. */
function marked(text, lists) {
  const parts = [];
  let end = 0;
  const letters = plain(text);
  if (letters.length === text.length)
    for (const [from, to] of places(letters, new RegExp(lists.map((l) => finder(l).source).join("|"), "gu"))) {
      parts.push(text.slice(end, from), make("mark", "", text.slice(from, to)));
      end = to;
    }
  return [...parts, text.slice(end)];
}

/**
 * Some words around the place where a section says it, or the widget that does.
 * @param {any} section @param {ReturnType<typeof findingOf>} finding
 */
function excerpt(section, { place, widget, lists }) {
  if (widget) return make("p", "", "In the widget “", ...marked(widget.heading, lists), "”");
  if (!place) return null;
  const cut = section.text.length === section.plainText.length ? section.text : section.plainText;
  const paragraph = cut.lastIndexOf("¶", place[0]) + 1;
  const start = place[0] - paragraph < EXCERPT / 2 ? paragraph : cut.indexOf(" ", place[0] - EXCERPT / 2);
  const end = cut.length - start < EXCERPT ? cut.length : cut.lastIndexOf(" ", start + EXCERPT);
  const text = cut.slice(start, Math.max(end, place[1])).replaceAll("¶", "").trim();
  return make("p", "", start > paragraph ? "… " : "", ...marked(text, lists), end < cut.length ? " …" : "");
}

/** One result: where it is, and what is said there. */
function entry({ page, section }, query, root) {
  const words = wordsOf(query);
  const finding = findingOf(section, words);
  const link = make("a", "", ...marked(section.title, [words.all]));
  const inWidget = finding.widget ? `&found=${finding.widget.name}` : "";
  link.href = `${root}${page.page}?find=${encodeURIComponent(query.trim())}${inWidget}#${section.anchor}`;
  const where = page.number === null ? page.title : `${page.number}. ${page.title}`;
  const item = make("li", "", link);
  if (section.title !== page.title) item.append(make("span", "book-found-where", where));
  else if (page.number !== null) link.prepend(`${page.number}. `);
  const said = excerpt(section, finding);
  if (said) item.append(said);
  return item;
}

/** Brings every search field of the page to life. @param {any} known the index */
export function start(known) {
  const root = document.documentElement.dataset.content_root ?? "./";
  const pages = prepare(known);
  for (const form of document.querySelectorAll("form.bd-search")) {
    /** @type {HTMLInputElement} */
    const field = form.querySelector("input[name=q]");
    const status = make("p", "book-found-count");
    status.setAttribute("role", "status");
    const list = make("ol", "book-found-list");
    const box = make("div", "book-found", status, list);
    box.hidden = true;
    form.after(box);

    let last = null;
    const look = () => {
      const query = field.value;
      if (query === last) return;
      last = query;
      const results = rank(pages, query);
      box.hidden = query.trim().length < 2;
      const number = results.length === MOST ? `The best ${MOST} places` : `${results.length} places`;
      status.textContent = results.length
        ? `${results.length === 1 ? "1 place" : number} for “${query.trim()}”`
        : `Nothing is found for “${query.trim()}”. Try one word of it, or the beginning of a word.`;
      list.replaceChildren(...results.map((result) => entry(result, query, root)));
      list.scrollTop = 0;
    };
    field.addEventListener("input", look);
    // Up and down go through the results; the first of them is one key away from the field.
    form.parentElement.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const stops = [field, ...list.querySelectorAll("a")];
      const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    if (!form.closest("dialog")) field.value = new URLSearchParams(location.search).get("q") ?? field.value;
    look();
  }
}
