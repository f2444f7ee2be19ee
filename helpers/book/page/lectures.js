/**
 * What only a lecturer needs comes when it is asked for: the keys of present mode, the lesson, the QR codes.
 *
 * `_static/book-lecture.js` holds it (helpers.book.lectures). It comes when a page is presented, with the keys `?`,
 * L and A, when a widget's link panel opens, or with an address that belongs to a lesson.
 */
(function () {
  "use strict";
  const TYPING = "input:not([type=range]):not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]";
  const ALWAYS = ["?", "l", "a"];
  const PRESENTING = ["o", "n", "t", "b", ".", "c", "r", "g", "s"];
  const root = document.documentElement.dataset.content_root ?? "./";
  let coming = null;

  /** The module with all of it. */
  function bring() {
    coming ??= Promise.all([
      load("script", { src: `${root}_static/book-lecture.js` }).then(() => globalThis.bookLectureModule),
      load("link", { rel: "stylesheet", href: `${root}_static/book-lecture.css` }),
    ]).then(([module]) => module);
    coming.catch(() => (coming = null)); // the next key asks again
    return coming;
  }

  function load(tag, properties) {
    return new Promise((resolve, reject) => {
      document.head.append(
        Object.assign(document.createElement(tag), { ...properties, onload: resolve, onerror: reject }),
      );
    });
  }

  /** Does something of the module's, by its name, as soon as it is there. */
  function lecture(name, ...values) {
    return bring()
      .then((module) => module[name](...values))
      .catch((error) => console.error(`What belongs to a lecture could not be loaded: ${error}`));
  }
  globalThis.bookLecture = lecture;

  const isPresenting = () =>
    document.documentElement.classList.contains("cv-page-present") || document.querySelector(".cv-presenting");

  addEventListener("book-present", ({ detail: on }) => (on || coming) && lecture("present", on));
  addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest(".book-lesson-file button") : null;
    const file = button?.closest(".book-lesson-file");
    if (file) lecture("takeLesson", file.querySelector("script").textContent);
  });
  addEventListener("cv-share", ({ target, detail }) => lecture("share", target, detail));
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if ((event.target instanceof Element && event.target.closest(TYPING)) || document.querySelector("dialog[open]"))
      return;
    const key = event.key.toLowerCase();
    if (!ALWAYS.includes(key) && !(PRESENTING.includes(key) && isPresenting())) return;
    event.preventDefault();
    lecture("press", key);
  });
})();
