/**
 * Marks one element of each look with `data-look`, among those that hold words: the same colours,
 * size and weight, and the same kind of thing on the same grounds. What has one look has one contrast.
 */
() => {
  for (const marked of document.querySelectorAll("[data-look]")) marked.removeAttribute("data-look");
  const grounds = new Map();
  function groundOf(element) {
    if (!element) return "";
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity, position, visibility } = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, opacity, position, visibility].join();
      const around = groundOf(element.parentElement);
      grounds.set(element, own === "rgba(0, 0, 0, 0),none,1,static,visible" ? around : `${own}|${around}`);
    }
    return grounds.get(element);
  }
  const kind = (element) => `${element.localName}.${element.getAttribute("class") ?? ""}`;
  const hasWords = (element) =>
    element.matches("input, select, textarea, button") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const looks = new Set();
  for (const element of document.body.querySelectorAll("*")) {
    if (!hasWords(element) || !element.checkVisibility()) continue;
    const { color, fill, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    const kinds = [kind(element), kind(element.parentElement), element.matches(":disabled, [aria-disabled=true]")];
    const look = [color, fill, fontSize, fontWeight, textShadow, ...kinds, groundOf(element)].join("\n");
    if (looks.has(look)) continue;
    looks.add(look);
    element.dataset.look = looks.size;
  }
  return looks.size;
};
