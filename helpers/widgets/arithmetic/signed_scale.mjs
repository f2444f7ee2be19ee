/** The one diverging scale, for pixels: blue below zero, orange above, paper at zero. */

/**
 * @typedef {{paper: number[], negative: number[], positive: number[]}} Palette red, green and blue of the signed scale
 */

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
  return Uint32Array.from({ length: 2 * SIGNED_STEPS + 1 }, (_, i) =>
    packed(...signedColour(i / SIGNED_STEPS - 1, palette).map(Math.round)),
  );
}
