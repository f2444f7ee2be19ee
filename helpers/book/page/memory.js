/**
 * What the book remembers of a reader, on the reader's own device and nowhere else: what was set and answered in the
 * widgets, guesses that were written down, chapters that were read, and the place where reading stopped.
 *
 * It is kept in `localStorage`, where a page opened from a disk has one too: Chromium gives all files of a computer one
 * store, others give each file its own, or none. So keys begin with the book's folder. One button forgets all of it.
 */
(function () {
  "use strict";
  const base = new URL(document.documentElement.dataset.content_root ?? "./", location.href);
  const prefix = `book ${base.pathname} `;
  const here = location.pathname.slice(base.pathname.length) || "index.html";
  const READ = 0.8; // who has seen so much of a page and its end has read it
  let forgotten = false;

  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  function get(key) {
    try {
      return JSON.parse(localStorage.getItem(prefix + key));
    } catch {
      return null; // a browser that keeps nothing, or something that another version of the book has left
    }
  }
  function set(key, value) {
    if (forgotten) return;
    try {
      if (value === null) localStorage.removeItem(prefix + key);
      else localStorage.setItem(prefix + key, JSON.stringify(value));
    } catch {
      // A full or a closed store: the page works as well without.
    }
  }
  function forget() {
    for (const key of keys()) localStorage.removeItem(key);
    forgotten = true;
  }
  /** Notes that an exercise of this page is done. @param {string} id */
  function done(id) {
    set("done", [...new Set([...(get("done") ?? []), `${here}#${id}`])]);
  }
  globalThis.bookMemory = {
    done,
    get: (key) => get(`${here} ${key}`),
    set: (key, value) => set(`${here} ${key}`, value),
    ofBook: { get, set },
  };

  const article = document.querySelector("article.bd-article");
  if (!article) return;
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const plain = (element) =>
    element.textContent
      .replace(/#$/, "")
      .replace(/\u00ad/g, "")
      .trim();

  function rememberGuesses() {
    const asking = [...article.querySelectorAll(".admonition")].filter((box) =>
      /^(write down|predict)/i.test(box.querySelector(".admonition-title")?.textContent.trim() ?? ""),
    );
    asking.forEach((box, i) => {
      const field = make("textarea", { className: "book-guess", rows: 2, placeholder: "your guess" });
      field.setAttribute("aria-label", `Your guess: ${plain(box.querySelector(".admonition-title"))}`);
      field.value = globalThis.bookMemory.get(`guess ${i}`) ?? "";
      field.addEventListener("input", () => globalThis.bookMemory.set(`guess ${i}`, field.value || null));
      box.append(field);
    });
  }

  const headings = [...article.querySelectorAll("h1, h2, h3")].filter((heading) => !heading.closest(".cv-widget"));
  const sections = headings.filter((heading) => heading.localName === "h2");

  function rememberPlace() {
    const seen = new Set(globalThis.bookMemory.get("seen") ?? []);
    const watch = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) seen.add(target.closest("section")?.id);
    });
    for (const heading of sections) watch.observe(heading);
    const end = new IntersectionObserver(([{ isIntersecting }]) => {
      if (!isIntersecting || seen.size < READ * sections.length) return;
      set("read", [...new Set([...(get("read") ?? []), here])]);
      tick();
    });
    const last = article.lastElementChild;
    if (last && sections.length) end.observe(document.querySelector(".prev-next-footer") ?? last);
    addEventListener("pagehide", () => {
      globalThis.bookMemory.set("seen", [...seen]);
      const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2);
      const at = passed.at(-1);
      const id = at?.closest("section")?.id;
      if (/^chapters\/\d/.test(here) && scrollY > innerHeight / 2 && id)
        set("place", { page: here, id, chapter: plain(headings[0]), section: plain(at) });
    });
  }

  /** A tick in the contents behind what has been read, and in the list of exercises behind those done in the page. */
  function tick() {
    const read = new Set(get("read") ?? []);
    for (const link of linksIn("nav.bd-links")) {
      const page = new URL(link.href).pathname.slice(base.pathname.length) || "index.html";
      if (read.has(page)) markAs(link, "read");
    }
    const achieved = new Set(get("done") ?? []);
    for (const link of linksIn(".book-exercises")) {
      const { pathname, hash } = new URL(link.href);
      if (achieved.has(pathname.slice(base.pathname.length) + hash)) markAs(link, "done");
    }
  }
  /** @param {string} room @returns {NodeListOf<HTMLAnchorElement>} */
  function linksIn(room) {
    return document.querySelectorAll(`${room} a.reference.internal`);
  }
  function markAs(link, word) {
    if (link.querySelector(".book-read")) return;
    const mark = make("span", { className: "book-read", textContent: " ✓", title: word });
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", word);
    link.append(mark);
  }

  function offerToGoOn() {
    const place = get("place");
    if (here !== "index.html" || !place || !headings.length) return;
    const line = make("p", { className: "book-go-on" });
    const words = place.section === place.chapter ? place.chapter : `${place.chapter}, ${place.section}`;
    const link = make("a", { href: `${new URL(place.page, base).href}#${place.id}`, textContent: words });
    line.append("Continue where you were: ", link);
    headings[0].after(line);
  }

  function offerToForget() {
    const nav = document.querySelector("nav.bd-links");
    if (!nav) return;
    const ALL = "Forget what I did here";
    const button = make("button", { type: "button", className: "book-forget", textContent: ALL });
    button.title = "Answers, guesses, what you set in widgets, what you read, your lesson: only this browser has it";
    button.addEventListener("click", () => {
      if (button.textContent === ALL) button.textContent = "Really forget all of it?";
      else {
        forget();
        location.reload();
      }
    });
    button.addEventListener("blur", () => (button.textContent = ALL));
    nav.append(button);
  }

  rememberGuesses();
  rememberPlace();
  tick();
  offerToGoOn();
  offerToForget();
})();
