/** The colours of the signed scale as the theme has them. */

import { h } from "./dom.mjs";

/** @typedef {import("../arithmetic/signed_scale.mjs").Palette} Palette */

/**
 * Reads the scale's colours once for each theme, because reading takes long.
 * @param {any} card
 * @param {() => void} repaint called when the theme has changed
 * @returns {() => Palette} the same object until the theme changes
 */
export function addPalette(card, repaint) {
  const probes = ["paper", "neg", "pos"].map((name) => h("span", { hidden: true, style: `color: var(--cv-${name})` }));
  card.root.append(...probes);
  let palette = null;
  const forget = () => {
    palette = null;
    repaint();
  };
  const themes = new MutationObserver(forget);
  for (const element of [document.documentElement, document.body])
    themes.observe(element, {
      attributes: true,
      attributeFilter: ["data-theme", "data-jp-theme-light", "class", "theme"],
    });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", forget);
  card.onDispose(() => {
    themes.disconnect();
    scheme.removeEventListener("change", forget);
  });
  return () => {
    if (palette) return palette;
    const [paper, negative, positive] = probes.map((probe) => rgbOf(probe));
    const read = { paper, negative, positive };
    if (card.root.isConnected) palette = read;
    return read;
  };
}

/**
 * A colour of an element as red, green and blue, 0 to 255. What is not on the page has none: it reads as black, since a
 * widget that is taken away may still be painting.
 * @param {Element} element @param {"color" | "backgroundColor" | "borderTopColor" | "outlineColor"} [property]
 */
export function rgbOf(element, property = "color") {
  const numbers = getComputedStyle(element)[property].match(/[\d.]+/g) ?? [0, 0, 0];
  return numbers.slice(0, 3).map(Number);
}
