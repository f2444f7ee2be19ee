/**
 * The guesses of a class: the instructor types what the room says, bars show how many said what, and when the answer is
 * out, what was right is marked.
 *
 * The widget's question (card/predict.mjs) tells whether a guess is right; nothing here knows an answer.
 */

import { h, setText } from "../../widgets/card/dom.mjs";

const MOST_ROWS = 12;
const MOST_VOTES = 9999;

/** What was said, by widget and question: it is there again when the instructor comes back. */
const tallies = new Map();

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
  const panel = h("aside.book-tally", { "aria-label": "Guesses of the class" });
  panel.append(h("header", {}, h("h2", {}, "The class says"), away), form, list, status, hint);

  /** @returns {{guess: string, votes: number}[]} */
  function rows() {
    const key = `${widget.dataset.place} ${question.key()}`;
    if (!tallies.has(key))
      tallies.set(
        key,
        (question.choices() ?? []).map((guess) => ({ guess, votes: 0 })),
      );
    return tallies.get(key);
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
  }
  function count(row, votes) {
    row.votes = Math.min(Math.max(votes, 0), MOST_VOTES);
    paint();
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
    const held = document.activeElement?.dataset?.tally;
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
  panel.addEventListener("book-close", () => {
    for (const event of heard) widget.removeEventListener(event, follow);
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close(panel);
    widget.querySelector(".cv-stage").focus({ preventScroll: true });
  });
  document.body.append(panel);
  document.documentElement.classList.add("book-with-tally");
  dispatchEvent(new Event("resize")); // the card makes room
  widget.scrollIntoView({ block: "start", behavior: "instant" });
  paint();
  (form.hidden ? list.querySelector("button:last-of-type") : field)?.focus();
}
