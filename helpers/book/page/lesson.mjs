/**
 * A lesson: an ordered list of places in this book, each with a title, that an instructor collects and steps through.
 *
 * A file of it is JSON: `{"lesson": 1, "title": "…", "steps": [{"title": "…", "link": "chapters/….html?widget=…"}]}`.
 * Anybody may have written such a file: a title is only ever shown as text, and a link leads to a page of this book or
 * the file is refused.
 */

export const VERSION = 1;
export const LONGEST_FILE = 512 * 1024;
const MOST_STEPS = 200;
const LONGEST_TITLE = 200;
const LONGEST_LINK = 16000;

/** A page, what is wanted on it and where: nothing with a scheme, a host, a step up or a quotation mark. */
const LINK = /^((?:[\w-]+\/)*[\w-]+\.html)(?:\?([\w.,;:~%=&!*'()+-]*))?(?:#([\w.-]+))?$/;

/** What the address says to the page and not to the widget: stepping sets it itself. */
const OWN = new Set(["present", "lesson", "slides", "find", "found"]);

export class LessonError extends Error {}
const refuse = (sentence) => {
  throw new LessonError(sentence);
};

/** The parts of a link, or null where it leads anywhere else than into this book. @param {any} link */
export function partsOf(link) {
  const found = typeof link === "string" && link.length <= LONGEST_LINK ? LINK.exec(link) : null;
  return found && { page: found[1], query: found[2] ?? "", id: found[3] ?? "" };
}

/** A link without what belongs to the page; one that leads nowhere stays, to be refused. @param {string} link */
function cleaned(link) {
  const parts = partsOf(link);
  if (!parts) return link;
  const { page, query, id } = parts;
  const kept = query.split("&").filter((part) => part && !OWN.has(part.split("=")[0]));
  return page + (kept.length ? `?${kept.join("&")}` : "") + (id ? `#${id}` : "");
}

/**
 * An address of a page as a link from the top of the book, whose front page may go without its name.
 * @param {string} address @param {string} base
 */
export const linkOf = (address, base) => cleaned(address.slice(base.length).replace(/^(?=[?#]|$)/, "index.html"));

/**
 * A lesson from what a file, an address or the browser's memory holds, or an error that says what is wrong.
 * @param {any} value
 * @param {string[]} [pages] those of this book; any unless given
 */
export function checkLesson(value, pages = []) {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !("lesson" in value))
    refuse("This is not a lesson file: one is saved with “save as a file” in this list.");
  if (value.lesson !== VERSION)
    refuse(`This lesson file is of version ${JSON.stringify(value.lesson).slice(0, 20)}; this book reads ${VERSION}.`);
  const { title = "", steps } = value;
  if (typeof title !== "string" || title.length > LONGEST_TITLE)
    refuse(`The lesson's title has to be a text of at most ${LONGEST_TITLE} letters.`);
  if (!Array.isArray(steps) || steps.length > MOST_STEPS) refuse(`A lesson has a list of at most ${MOST_STEPS} steps.`);
  const known = new Set(pages);
  const checked = steps.map((step, index) => {
    const place = `Step ${index + 1}`;
    if (typeof step?.title !== "string" || step.title.length > LONGEST_TITLE)
      refuse(`${place} needs a title of at most ${LONGEST_TITLE} letters.`);
    if (step.link?.length > LONGEST_LINK) refuse(`${place} holds more than a link of ${LONGEST_LINK} letters can.`);
    const parts = partsOf(step.link) ?? refuse(`${place} does not lead to a place in this book.`);
    if (known.size && !known.has(parts.page)) refuse(`${place} leads to ${parts.page}, which this book does not have.`);
    return { title: step.title, link: cleaned(step.link) };
  });
  return { lesson: VERSION, title, steps: checked };
}

/** @param {string} text of a file @param {string[]} [pages] */
export function readLesson(text, pages) {
  if (text.length > LONGEST_FILE) refuse("This file is too large for a lesson.");
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    refuse("This is not a lesson file: it is not JSON.");
  }
  return checkLesson(value, pages);
}

export const writeLesson = (lesson) => `${JSON.stringify(lesson, null, 1)}\n`;
export const emptyLesson = () => ({ lesson: VERSION, title: "My lesson", steps: [] });

/** A file name that every system takes. @param {{title: string}} lesson */
export function fileName({ title }) {
  const plain = title
    .normalize("NFKD")
    .replace(/[^\w ]/g, "")
    .trim()
    .replace(/\s+/g, "-")
    .toLowerCase();
  return `${plain.slice(0, 60) || "lesson"}.json`;
}

/** Whether a step asks first: true, false, or null for what has no answer to hide. @param {string} link */
export function asksFirst(link) {
  const found = /[?&]answer=(hidden|shown)\b/.exec(link);
  return found && found[1] === "hidden";
}
export const withAnswer = (link, hidden) => link.replace(/([?&]answer=)\w+/, `$1${hidden ? "hidden" : "shown"}`);

/** The address of a step, in present mode. @param {string} base of the book @param {any} lesson @param {number} at */
export function stepAddress(base, lesson, at) {
  const url = new URL(lesson.steps[at].link, base);
  url.search = `?present=1&lesson=${at + 1}${url.search ? `&${url.search.slice(1)}` : ""}`;
  // From page to page of a disk some browsers remember nothing: the lesson goes along, where no server sees it.
  if (url.protocol === "file:") url.hash = `lesson-${packed(lesson)}`;
  return url.href;
}

const packed = (lesson) => {
  const bytes = new TextEncoder().encode(JSON.stringify(lesson));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

/** The lesson that an address brings along, or null. @param {string} hash @param {string[]} pages */
export function carried(hash, pages) {
  const found = /^#lesson-([\w-]+)$/.exec(hash);
  if (!found) return null;
  try {
    const letters = atob(found[1].replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return readLesson(new TextDecoder().decode(bytes), pages);
  } catch {
    return null;
  }
}
