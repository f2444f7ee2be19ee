/** Small repairs to what the theme does on a page. */
(function () {
  "use strict";
  // The theme gives wide code a tab stop, so that keys can scroll it, whenever the window is resized;
  // code in a fold becomes wide only when the fold opens. Folds that open together count as one.
  let frame = 0;
  function look() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => dispatchEvent(new Event("resize")));
  }
  addEventListener("toggle", look, true);
  const isToggle = (target) => target instanceof Element && target.closest(".toggle, .toggle-button");
  addEventListener("click", ({ target }) => isToggle(target) && setTimeout(look, 50));

  // A card that takes the margin hides the contents that stand there, as long as it is on the screen.
  const contents = document.querySelector(".bd-sidebar-secondary");
  const seen = new Set();
  const cover = () =>
    contents?.classList.toggle(
      "book-covered",
      [...seen].some((container) => container.querySelector(":scope > .cv-out")),
    );
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
    cover();
  });
  for (const container of document.querySelectorAll(".cv-widget")) watch.observe(container);
  addEventListener("cv-out", cover);

  // On a phone a table of prose stands as a list, each cell below the name of its column; it stays a table to
  // those who listen.
  /** @type {NodeListOf<HTMLTableElement>} */
  const tables = document.querySelectorAll("article :is(.book-table, .pst-scrollable-table-container) > table");
  for (const table of tables) {
    if (table.style.tableLayout !== "fixed" && table.parentElement.matches(".book-table")) continue;
    table.parentElement.classList.add("book-prose");
    table.setAttribute("role", "table");
    const names = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
    for (const row of table.rows) {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, i) => {
        cell.setAttribute("role", cell.closest("thead") ? "columnheader" : "cell");
        cell.dataset.column = names[i] ?? "";
      });
    }
  }
})();
