/** The table of counts, one stop of the Tab key with arrow keys inside, and the samples of a cell. */

import { number } from "../arithmetic/format.mjs";
import { h, resize, setText } from "../card/dom.mjs";

const MOVES = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

/** @param {(row: number, col: number) => void} choose in the order of the page */
export function createMatrix(choose) {
  const across = h("th.cm-axis", { scope: "colgroup" });
  const down = h("th.cm-axis.cm-down", { scope: "rowgroup" }, h("span"));
  const heads = h("tr");
  const body = h("tbody");
  const foot = h("tr");
  const table = h(
    "table.cm-table",
    {},
    h("thead", {}, h("tr", {}, h("td"), h("td"), across, h("td")), heads),
    body,
    h("tfoot", {}, foot),
  );
  let size = 0;
  const buttonAt = (row, col) => body.rows[row].querySelectorAll("button")[col];

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("button");
    const move = MOVES[event.key];
    if (!cell || !move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const [row, col] = [
      cell.closest("tr").sectionRowIndex,
      [...cell.closest("tr").querySelectorAll("button")].indexOf(cell),
    ];
    const [down, across] = [row + move[0], col + move[1]].map((at) => Math.min(Math.max(at, 0), size - 1));
    choose(down, across);
    buttonAt(down, across).focus();
  });

  const makeRow = (row) => {
    const cells = Array.from({ length: size }, (_, col) =>
      h("td", {}, h("button", { type: "button", onclick: () => choose(row, col) })),
    );
    return h("tr", {}, ...(row === 0 ? [down] : []), h("th", { scope: "row" }), ...cells, h("td.cm-sum"));
  };

  return {
    element: table,
    show({ counts, names, cell, turned, share }, { shown, truth, said }) {
      if (size !== counts.length) {
        size = counts.length;
        heads.replaceChildren(h("td"), h("td"), ...names.map(() => h("th", { scope: "col" })), h("td.cm-sum"));
        across.colSpan = size;
        down.rowSpan = size;
        body.replaceChildren(...names.map((_, row) => makeRow(row)));
        foot.replaceChildren(...Array.from({ length: size + 3 }, () => h("td.cm-sum")));
      }
      setText(across, turned ? "truth" : "read as");
      setText(down.firstChild, turned ? "read as" : "truth");
      const [rowSums, colSums] = turned ? [said, truth] : [truth, said];
      [...heads.cells].forEach((head, i) => i > 1 && i < size + 2 && setText(head, names[i - 2]));
      setText(heads.lastChild, "all");
      setText(foot.cells[1], "all");
      [...colSums, colSums.reduce((all, sum) => all + sum, 0)].forEach((sum, i) =>
        setText(foot.cells[i + 2], number(sum)),
      );
      const largest = Math.max(1, ...counts.flatMap((row, r) => row.filter((_, c) => c !== r)));
      [...body.rows].forEach((line, row) => {
        setText(line.querySelector("th[scope=row]"), names[row]);
        setText(line.lastChild, number(rowSums[row]));
        line.querySelectorAll("button").forEach((button, col) => {
          const [r, c] = turned ? [col, row] : [row, col];
          const isNow = r === cell[0] && c === cell[1];
          const amount = r === c ? counts[r][c] / Math.max(1, truth[r]) : counts[r][c] / largest;
          button.className = r === c ? "cm-right" : counts[r][c] ? "cm-missed" : "cm-none";
          button.style.setProperty("--amount", `${Math.round(38 * amount)}%`);
          button.tabIndex = isNow ? 0 : -1;
          button.setAttribute("aria-pressed", String(isNow));
          button.setAttribute("aria-label", `${names[r]} read as ${names[c]}: ${number(counts[r][c])}`);
          const percent = Math.round(100 * shown[r][c]);
          setText(button, share === "count" ? number(counts[r][c]) : counts[r][c] ? `${percent}` : "");
        });
      });
    },
  };
}

/** The pictures of a cell's samples, cut out of one sheet. */
export function createSamples() {
  const words = h("p");
  const row = h("ul.cm-samples");
  return {
    element: h("div", {}, words, row),
    show({ sheet, samples, cell, counts, names }) {
      const own = samples
        .map(([id, truth, said], at) => ({ id, truth, said, at }))
        .filter(({ truth, said }) => truth === cell[0] && said === cell[1]);
      const count = counts[cell[0]][cell[1]];
      const some = own.length && own.length < count ? `, the first ${own.length} of them` : "";
      setText(words, `${names[cell[0]]} read as ${names[cell[1]]}: ${number(count)}${sheet ? some : ""}`);
      row.hidden = !own.length || !sheet;
      if (row.hidden) return;
      resize(row, own.length, () => h("li"));
      own.forEach(({ id, at }, i) => {
        const tile = row.children[i];
        tile.title = `sample ${id}`;
        tile.style.backgroundImage = `url("${sheet}")`;
        tile.style.backgroundSize = `${samples.length * 100}% 100%`;
        tile.style.backgroundPosition = `${samples.length > 1 ? (100 * at) / (samples.length - 1) : 0}% 0`;
      });
      row.setAttribute("aria-label", `samples of ${names[cell[0]]} read as ${names[cell[1]]}`);
    },
  };
}
