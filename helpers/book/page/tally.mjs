/**
 * The guesses of a class: the instructor types what the room says, bars show how many said what, and when the answer is
 * out, what was right is marked.
 *
 * The widget's question (card/predict.mjs) tells whether a guess is right; nothing here knows an answer.
 */

import { h, setText } from "../../widgets/card/dom.mjs";
import { session } from "./session.mjs";

const MOST_ROWS = 12;
const MOST_VOTES = 9999;
const MOST_TALLIES = 100;

/** @typedef {{guess: string, votes: number}} Row */

/**
 * What was said, by page, widget and question, oldest first: it is there again when the instructor comes back, for as
 * long as the window is open.
 * @type {Map<string, Row[]>}
 */
const tallies = new Map(kept(session.get("tallies")));

/** Of what the window kept, what is a tally. @param {any} value @returns {[string, Row[]][]} */
function kept(value) {
  const isRow = (row) =>
    typeof row?.guess === "string" && Number.isInteger(row.votes) && row.votes >= 0 && row.votes <= MOST_VOTES;
  const isTally = (entry) =>
    Array.isArray(entry) && typeof entry[0] === "string" && Array.isArray(entry[1]) && entry[1].every(isRow);
  return Array.isArray(value) ? value.filter(isTally).slice(-MOST_TALLIES) : [];
}

function keep() {
  while (tallies.size > MOST_TALLIES) tallies.delete(tallies.keys().next().value);
  session.set(
    "tallies",
    [...tallies].filter(([, rows]) => rows.some(({ votes }) => votes > 0)),
  );
}

/**
 * "7", "7 x 12", "7 × 12" or "7: 12": a guess, and how many said so.
 * @param {string} text
 * @returns {{guess: string, votes: number}}
 */
export function readEntry(text) {
  const found = /^(.+?)\s*(?:[x×*:]\s*(\d+))\s*$/.exec(text.trim());
  return found ? { guess: found[1].trim(), votes: Number(found[2]) } : { guess: text.trim(), votes: 1 };
}

/**
 * Opens the tally of a widget's present question beside it; closes it if it is open.
 * @param {HTMLElement} widget
 * @param {(sentence: string) => void} say where there is no question
 */
export function toggleTally(widget, say) {
  const open = document.querySelector(".book-tally");
  if (open) return close(open);
  if (!questionOf(widget)) return say("There is nothing to guess in sight: the tally is for widgets that ask first.");
  make(widget);
}

const questionOf = (widget) => widget?.querySelector(".cv-ask")?.question;

function close(panel) {
  panel.dispatchEvent(new CustomEvent("book-close"));
  panel.remove();
  document.documentElement.classList.remove("book-with-tally");
  dispatchEvent(new Event("resize"));
}

function make(widget) {
  let question = questionOf(widget);
  const field = h("input", { type: "text", autocomplete: "off", "aria-label": "A guess, and how many said so" });
  const status = h("p", { role: "status" });
  const list = h("ul");
  const hint = h("p.book-tally-hint", {}, "Type “7” for one voice, “7 x 12” for twelve.");
  const form = h("form", { onsubmit: enter }, field, h("button", {}, "count"));
  const away = h(
    "button.book-close",
    { type: "button", "aria-label": "Close the tally", onclick: () => close(panel) },
    "✕",
  );
  const empty = h("button", { type: "button", onclick: forget }, "empty");
  // On top of all, as a dialog is, but the page stays usable beside it.
  const panel = h("aside.book-tally", { "aria-label": "Guesses of the class", popover: "manual" });
  panel.append(h("header", {}, h("h2", {}, "The class says"), empty, away), form, list, status, hint);

  const key = () => `${location.pathname} ${widget.dataset.place} ${question.key()}`;
  /** @returns {Row[]} */
  function rows() {
    if (!tallies.has(key()))
      tallies.set(
        key(),
        (question.choices() ?? []).map((guess) => ({ guess, votes: 0 })),
      );
    return tallies.get(key());
  }

  function enter(event) {
    event.preventDefault();
    const whole = field.value.trim(); // a guess may have an x in it: 5 x 5
    const { guess, votes } = question.isSense(whole) ? { guess: whole, votes: 1 } : readEntry(whole);
    const all = rows();
    const same = all.find((row) => question.isSame(row.guess, guess));
    if (!question.isSense(guess)) return setText(status, `“${field.value}” is no guess at this question.`);
    if (!same && all.length >= MOST_ROWS)
      return setText(status, `${MOST_ROWS} different guesses are enough for one picture.`);
    if (same) count(same, same.votes + votes);
    else all.push({ guess, votes });
    setText(status, "");
    field.value = "";
    paint();
    keep();
  }
  /** The next class begins at nothing. */
  function forget() {
    tallies.delete(key());
    paint();
    keep();
    (form.hidden ? list.querySelector("button:last-of-type") : field)?.focus();
  }
  function count(row, votes) {
    row.votes = Math.min(Math.max(votes, 0), MOST_VOTES);
    paint();
    keep();
  }

  function paint() {
    const all = rows();
    const isChoice = question.choices() !== null;
    const isOut = question.isKnown();
    const isRight = ({ guess }) => isOut && question.isRight(guess);
    const total = all.reduce((sum, { votes }) => sum + votes, 0);
    const most = Math.max(1, ...all.map(({ votes }) => votes));
    form.hidden = hint.hidden = isChoice;
    // The keyboard stays on the button that was pressed.
    const held = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.tally : undefined;
    list.replaceChildren(
      ...all.map((row) => {
        const isMarked = isRight(row);
        const button = (words, by, label) =>
          h(
            "button",
            {
              type: "button",
              "aria-label": `${label} for ${row.guess}`,
              "data-tally": `${by} ${row.guess}`,
              onclick: () => count(row, row.votes + by),
            },
            words,
          );
        const bar = h("span.book-tally-bar");
        bar.style.width = `${(100 * row.votes) / most}%`;
        const share = isOut && total ? ` · ${Math.round((100 * row.votes) / total)} %` : "";
        const item = h(
          "li",
          {},
          h("span.book-tally-guess", {}, row.guess, isMarked ? h("b", {}, " ✓ right") : null),
          button("−", -1, "One less"),
          h("span.book-tally-votes", {}, `${row.votes}${share}`),
          button("+", 1, "One more"),
          h("span.book-tally-track", { "aria-hidden": "true" }, bar),
        );
        item.classList.toggle("right", isMarked);
        return item;
      }),
    );
    if (held) list.querySelector(`[data-tally="${CSS.escape(held)}"]`)?.focus();
    const right = all.filter(isRight).reduce((sum, { votes }) => sum + votes, 0);
    if (isOut && total) setText(status, `${right} of ${total} had it.`);
    else setText(status, total ? `${total} so far.` : "");
  }

  const follow = () => {
    question = questionOf(widget);
    if (widget.isConnected && question) paint();
    else close(panel);
  };
  const heard = ["cv-asked", "cv-renew"]; // a widget that was reset asks anew
  for (const event of heard) widget.addEventListener(event, follow);
  document.addEventListener("fullscreenchange", raise);
  panel.addEventListener("book-close", () => {
    for (const event of heard) widget.removeEventListener(event, follow);
    document.removeEventListener("fullscreenchange", raise);
    zooming.disconnect();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close(panel);
    widget.querySelector(".cv-stage").focus({ preventScroll: true });
  });
  /** To where it can be seen and pressed: all that is outside of a full screen is neither. */
  function raise() {
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const held = panel.contains(active) ? active : null;
    const full = document.fullscreenElement;
    (full ?? document.body).append(panel);
    zooming.disconnect();
    if (full) zooming.observe(full, { attributeFilter: ["style"] });
    unzoom();
    panel.showPopover?.();
    if (held) held.focus({ preventScroll: true });
    if (!full) widget.scrollIntoView({ block: "start", behavior: "instant" });
  }
  /** A card that fills the screen is magnified, and what is in it; this is not. */
  function unzoom() {
    const full = /** @type {HTMLElement | null} */ (document.fullscreenElement);
    const zoom = String(1 / (Number(full?.style.zoom) || 1));
    if (panel.style.zoom !== zoom) panel.style.zoom = zoom;
  }
  const zooming = new MutationObserver(unzoom);
  // Nor is it one of the card's controls, after which the card would take the keys back.
  for (const event of ["click", "change", "input"]) panel.addEventListener(event, (heard) => heard.stopPropagation());
  document.documentElement.classList.add("book-with-tally");
  dispatchEvent(new Event("resize")); // the card makes room
  raise();
  paint();
  (form.hidden ? list.querySelector("button:last-of-type") : field)?.focus();
}
