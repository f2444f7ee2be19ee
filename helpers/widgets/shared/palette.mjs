/** The one diverging scale, for pixels: blue below zero, orange above, paper at zero, in the theme's own colours. */

import { h } from "./dom.mjs";

/** @typedef {{paper: number[], negative: number[], positive: number[]}} Palette red, green and blue of the signed scale */

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
    themes.observe(element, { attributes: true, attributeFilter: ["data-theme", "data-jp-theme-light", "class", "theme"] });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", forget);
  card.onDispose(() => {
    themes.disconnect();
    scheme.removeEventListener("change", forget);
  });
  return () => {
    const [paper, negative, positive] = palette ? [] : probes.map((probe) => getComputedStyle(probe).color.match(/[\d.]+/g).slice(0, 3).map(Number));
    return (palette ??= { paper, negative, positive });
  };
}

/** Red, green and blue for a share of −1 … 1. @param {number} share @param {Palette} palette */
function signedColour(share, { paper, negative, positive }) {
  const end = share < 0 ? negative : positive;
  return paper.map((from, i) => from + Math.abs(share) * (end[i] - from));
}

/** A pixel as browsers keep it: alpha, blue, green and red in one number. */
const packed = (red, green, blue) => (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;

/** So many shades on either side of zero. */
export const SIGNED_STEPS = 255;

/** The pixels of the scale from −1 to 1; that of zero stands at `SIGNED_STEPS`. @param {Palette} palette */
export function signedTable(palette) {
  return Uint32Array.from({ length: 2 * SIGNED_STEPS + 1 }, (_, i) => packed(...signedColour(i / SIGNED_STEPS - 1, palette).map(Math.round)));
}
