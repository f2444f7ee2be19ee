/* What `make pdf` asks a page before it is printed. */

/**
 * Names every target of the page in the file that is printed, and puts a caption below every widget.
 * @param {string} name the page's file in the book
 * @param {string} address where the book is published, or ""
 */
function preparePaper(name, address) {
  const article = document.querySelector("article.bd-article");
  // A section may begin at the foot of one sheet and its heading stand on the next: that is where links lead.
  for (const heading of article.querySelectorAll("section > :is(h1, h2, h3, h4)")) {
    const section = heading.parentElement;
    for (const target of [...section.children].filter((child) => child.matches("span[id]:empty"))) heading.prepend(target);
    if (!section.id) continue;
    heading.id = section.id;
    section.removeAttribute("id");
  }
  // A printer keeps the place of those targets only that a link on the page leads to.
  const links = [...article.querySelectorAll("[id]")].map(({ id }) => {
    const link = document.createElement("a");
    link.href = `#${id}`;
    return link;
  });
  const number = article.querySelector("h1 .section-number")?.textContent.replace(/\D+$/, "");
  article.querySelectorAll(".cv-widget[data-widget]").forEach((widget, index) => {
    const title = widget.querySelector(".cv > header h3")?.textContent ?? widget.dataset.widget;
    const caption = document.createElement("p");
    const link = document.createElement("a");
    link.textContent = `${address}${name}?widget=${widget.dataset.place}`;
    if (address) link.href = link.textContent;
    caption.className = "paper-live";
    caption.append(`Widget ${number ? `${number}.` : ""}${index + 1}: ${title}. Live: `, link);
    widget.append(caption);
  });
  const box = document.createElement("div");
  box.append(...links);
  article.append(box);
}

/** The page's title and sections: their level, text and target. */
function paperHeadings() {
  return [...document.querySelectorAll("article.bd-article :is(h1, h2)")].map((heading) => {
    const parts = [...heading.childNodes].filter((node) => !node.classList?.contains("headerlink"));
    const title = parts.map((node) => node.textContent).join("").replaceAll("\u00ad", "");
    return { level: Number(heading.tagName[1]), title: title.trim(), anchor: heading.id };
  });
}

/**
 * Puts the numbers of sheets, of those that are printed, in the place of chapters and titles in the index.
 * @param {Record<string, number>} sheets by the address of each target, from the book's first folder on
 */
function numberIndex(sheets) {
  const root = new URL("..", location.href).href;
  for (const line of document.querySelectorAll(".book-index li p")) {
    const seen = new Set();
    for (const link of line.querySelectorAll("a.book-index-place")) {
      const number = sheets[decodeURIComponent(link.href.replace(root, ""))];
      if (!number) continue;
      if (seen.has(number)) {
        link.previousSibling.remove();
        link.remove();
      } else (link.querySelector("strong") ?? link).textContent = number;
      seen.add(number);
    }
  }
}
