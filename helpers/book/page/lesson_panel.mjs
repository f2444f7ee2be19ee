/** The lesson that an instructor has collected: seen, ordered, renamed, saved, loaded, and stepped through. */

import { h, setText } from "../../widgets/card/dom.mjs";
import { base, known } from "./known.mjs";
import { note, openDialog } from "./dialogs.mjs";
import {
  asksFirst,
  carried,
  checkLesson,
  emptyLesson,
  fileName,
  LessonError,
  LONGEST_FILE,
  linkOf,
  partsOf,
  readLesson,
  stepAddress,
  withAnswer,
  writeLesson,
} from "./lesson.mjs";

const MOST_PAST = 50;
const past = [];

/**
 * The lesson as this browser keeps it; read anew each time, since other windows add to it too. A page that a new
 * version of the book no longer has takes its own steps with it, not the whole lesson.
 */
export function lessonNow() {
  try {
    const lesson = checkLesson(globalThis.bookMemory.ofBook.get("lesson"));
    const isHere = ({ link }) => !known.pages.length || known.pages.includes(partsOf(link).page);
    return { ...lesson, steps: lesson.steps.filter(isHere) };
  } catch {
    return emptyLesson();
  }
}

/** The lesson that this page is a step of: the one that came along, or the one that is kept. */
export const lessonHere = () => carried(location.hash, known.pages) ?? lessonNow();

function keep(lesson) {
  past.push(lessonNow());
  if (past.length > MOST_PAST) past.shift();
  globalThis.bookMemory.ofBook.set("lesson", lesson);
}

/**
 * Adds a place to the lesson and says so, or says why it cannot be added.
 * @param {string} title
 * @param {string} address of a page of this book
 */
export function addStep(title, address) {
  const lesson = lessonNow();
  try {
    keep(checkLesson({ ...lesson, steps: [...lesson.steps, { title, link: linkOf(address, base) }] }, known.pages));
  } catch (error) {
    if (!(error instanceof LessonError)) throw error;
    return note(`Not added: ${error.message}`, ["see the lesson", openLesson]);
  }
  note(`Added to your lesson: ${title}`, ["see the lesson", openLesson]);
}

/** Takes a whole lesson, of a file or of a page of this book. @param {string} text */
export function takeLesson(text) {
  keep(readLesson(text, known.pages));
  openLesson();
}

export function startLesson(at = 0) {
  const lesson = lessonNow();
  if (!lesson.steps[at]) return;
  const address = stepAddress(base, lesson, at);
  /** @type {HTMLDialogElement | null} */
  const panel = document.querySelector("dialog.book-lesson");
  panel?.close();
  const pageOf = (url) => url.split("#")[0];
  if (pageOf(address) !== pageOf(location.href)) return location.assign(address);
  // The step that is on show already: going to where one is does nothing, or only scrolls.
  history.replaceState(history.state, "", address);
  location.reload();
}

export function openLesson() {
  const name = h("input", { type: "text", maxlength: 200, "aria-label": "Title of the lesson" });
  const list = h("ol");
  const status = h("p", { role: "status" });
  const empty = h(
    "p",
    {},
    "Nothing is in it yet. Set a widget as you want to show it, open its link button and press “add to lesson”; " +
      "or press A while it is in sight.",
  );
  const file = h("input", {
    type: "file",
    accept: ".json,application/json",
    "aria-label": "A lesson file",
    hidden: true,
  });
  const button = (words, act, label = null) =>
    h("button", { type: "button", title: label, "aria-label": label, onclick: act }, words);
  const undo = button("undo", () => {
    globalThis.bookMemory.ofBook.set("lesson", past.pop());
    paint("Taken back.");
  });
  const start = button("step through it", () => startLesson());
  start.classList.add("primary");
  const save = button("save as a file", saveFile);
  const clear = button("empty", () => change(emptyLesson(), "The lesson is empty."));
  name.addEventListener("change", () => keepTyped({ ...lessonNow(), title: name.value }, "Renamed."));
  file.addEventListener("change", loadFile);

  function change(lesson, words) {
    keep(lesson);
    paint(words);
  }
  /** What a field shows already: nothing is painted, which would take the focus and the click that ends the typing. */
  function keepTyped(lesson, words) {
    keep(lesson);
    undo.disabled = false;
    setText(status, words);
  }
  const changeSteps = (edit, words) => {
    const lesson = lessonNow();
    change({ ...lesson, steps: edit([...lesson.steps]) }, words);
  };
  function move(from, to) {
    changeSteps(
      (steps) => {
        steps.splice(to, 0, ...steps.splice(from, 1));
        return steps;
      },
      `Now in place ${to + 1}.`,
    );
    const can = (which) => list.children[to]?.querySelector(`[data-move${which}]:not(:disabled)`);
    (can(`="${to > from ? 1 : -1}"`) ?? can(""))?.focus();
  }

  function saveFile() {
    const lesson = lessonNow();
    const url = URL.createObjectURL(new Blob([writeLesson(lesson)], { type: "application/json" }));
    h("a", { href: url, download: fileName(lesson) }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
    setText(status, `Saved as ${fileName(lesson)}.`);
  }
  async function loadFile() {
    const [chosen] = file.files;
    if (!chosen) return;
    try {
      if (chosen.size > LONGEST_FILE) throw new LessonError("This file is too large for a lesson.");
      const lesson = readLesson(await chosen.text(), known.pages);
      change(lesson, `${lesson.steps.length} steps are loaded; “undo” brings back what was here.`);
    } catch (error) {
      paint(error instanceof LessonError ? error.message : "This file could not be read.");
    }
    file.value = "";
  }

  function row({ title, link }, index, { length }) {
    const field = h("input", { type: "text", maxlength: 200, "aria-label": `Title of step ${index + 1}` });
    field.value = title;
    const edit = (part, words) => {
      const lesson = lessonNow();
      keepTyped({ ...lesson, steps: lesson.steps.with(index, { ...lesson.steps[index], ...part }) }, words);
    };
    field.addEventListener("change", () => edit({ title: field.value }, "Renamed."));
    const hidden = asksFirst(link);
    const ask = h("input", { type: "checkbox", checked: hidden === true });
    ask.addEventListener("change", () => edit({ link: withAnswer(link, ask.checked) }, "Changed."));
    const step = (words, by, label) => {
      const one = button(words, () => move(index, index + by), `Move step ${index + 1} ${label}`);
      one.dataset.move = String(by);
      one.disabled = index + by < 0 || index + by >= length;
      return one;
    };
    const remove = () => {
      changeSteps((steps) => steps.toSpliced(index, 1), `“${field.value}” is out of the lesson.`);
      ((list.children[index] ?? list.lastElementChild)?.lastElementChild ?? name).focus();
    };
    return h(
      "li",
      {},
      field,
      hidden === null ? h("span") : h("label", {}, ask, "ask first"),
      button("show", () => startLesson(index), `Show step ${index + 1}`),
      step("↑", -1, "up"),
      step("↓", 1, "down"),
      button("✕", remove, `Remove step ${index + 1}`),
    );
  }

  function paint(words = "") {
    const lesson = lessonNow();
    name.value = lesson.title;
    list.replaceChildren(...lesson.steps.map(row));
    const isEmpty = lesson.steps.length === 0;
    empty.hidden = !isEmpty;
    for (const one of [start, save, clear]) one.disabled = isEmpty;
    undo.disabled = past.length === 0;
    setText(status, words);
    mark();
  }
  /** Which step is on show. */
  function mark() {
    const at = Number(new URLSearchParams(location.search).get("lesson")) - 1;
    list.children[at]?.setAttribute("aria-current", "step");
  }

  const load = button("load a file", () => file.click());
  const tools = h("div.book-lesson-tools", {}, start, save, load, clear, undo, file);
  const dialog = openDialog("book-lesson", "Your lesson", name, empty, list, tools, status);
  const follow = () => paint("");
  addEventListener("storage", follow); // another window has added to it
  dialog.addEventListener("close", () => removeEventListener("storage", follow));
  paint();
}
