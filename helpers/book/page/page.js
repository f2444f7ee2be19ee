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
  addEventListener("click", (event) => event.target.closest?.(".toggle, .toggle-button") && setTimeout(look, 50));

  // On a phone a table of prose stands as a list, each cell below the name of its column; it stays a table to
  // those who listen.
  for (const table of document.querySelectorAll("article :is(.book-table, .pst-scrollable-table-container) > table")) {
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
