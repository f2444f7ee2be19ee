/**
 * Fits a card to the screen: the picture, the arithmetic of the step and the play bar are in sight at once; in full
 * screen, and on a page that is presented, as large as the screen lets them be.
 *
 * The card keeps the layout that it has on a page and is magnified. Where there is width, the settings stand beside the
 * picture, or the words do too: whichever leaves the picture larger. On a page a card that is too tall for the window
 * takes the page's empty margin, has its words beside the picture, and is made smaller if it has to be.
 */

/** The card in layout pixels is never larger than on a page by more, nor smaller by less. */
const MOST = 4;
const LEAST = 0.75;
/** Below this width, in layout pixels, a second column would squeeze the first. */
const WIDE = 760;
/** Steps towards the magnification that fills the screen. */
const STEPS = 7;
/** A verdict or a longer sum has room without the card's being fitted anew. */
const RESERVE = 0.97;

/** Words stay below the picture, where a page has them, unless the picture gains so much. */
const MUCH = 1.1;

/** On a page, a card is never made smaller by more; what the page's own header takes of the window. */
const LEAST_ON_PAGE = 0.8;
const PAGE_HEADER = 48;

const ARRANGEMENTS = ["cv-aside", "cv-beside"];
const LESSON = ":scope > :is(.cv-stage, .cv-say)";

/** @param {HTMLElement} root the card @param {(() => void)[]} disposals */
export function fitting(root, disposals) {
  const page = root.ownerDocument.documentElement;
  const isLarge = () => root.classList.contains("cv-presenting") || page.classList.contains("cv-page-present");
  const box = (element) => element.getBoundingClientRect();

  /** What is on one screen, from the card's upper edge. */
  function need() {
    const parts = [...root.querySelectorAll(LESSON)].filter((part) => part.getClientRects().length);
    const play = root.querySelector(":scope > .cv-play");
    const { top } = box(root); // far above the window for what has been scrolled past
    return Math.max(0, ...parts.map((part) => box(part).bottom - top)) + box(play).height;
  }
  const isWide = () => [root, root.querySelector(".cv-stage")].some((part) => part.scrollWidth > part.clientWidth + 1);

  function arrange(arrangement, zoom) {
    root.classList.remove(...ARRANGEMENTS);
    if (arrangement) root.classList.add(arrangement);
    root.style.zoom = String(zoom);
  }

  /** The largest magnification at which an arrangement is seen at once; 0 where there is none. */
  function largest(arrangement, least) {
    let [low, high, zoom] = [0, MOST, 1];
    for (let i = 0; i < STEPS && high - (low || least) > 0.02; i += 1) {
      arrange(arrangement, zoom);
      const room = (innerHeight * RESERVE) / need();
      const fits = room >= 1 && !isWide();
      if (fits) low = zoom;
      else high = zoom;
      if (fits && room < 1.02) break;
      // Most cards grow as they are magnified; where one has other ideas, as when its parts come to stand below each
      // other, the middle of what is left is tried.
      const guess = zoom * (low && room < 0.85 ? 0 : room < 1 || fits ? room : 0.88);
      zoom = guess > (low || least) && guess < high ? guess : ((low || least) + high) / 2;
      if (!low && high - least < 0.02) zoom = least;
    }
    return low;
  }

  /** A page tells how wide its empty margin is, in pixels; a notebook has none. */
  const margin = () => parseFloat(getComputedStyle(root).getPropertyValue("--cv-margin")) || 0;

  const isOut = () => root.classList.contains("cv-out");

  function spread(arrangement, zoom) {
    arrange(arrangement, zoom);
    root.classList.add("cv-out");
    root.style.marginRight = `${-margin() / zoom}px`;
  }

  function settleBack() {
    arrange("", "");
    root.classList.remove("cv-out");
    root.style.marginRight = "";
  }

  function fitPage() {
    settleBack();
    const room = innerHeight - PAGE_HEADER;
    if (!margin() || need() <= room) return;
    const heights = ["", "cv-beside"].map((arrangement) => {
      spread(arrangement, 1);
      return [isWide() ? Infinity : need(), arrangement];
    });
    const [height, arrangement] = heights.reduce((best, next) => (next[0] < best[0] / MUCH ? next : best));
    spread(arrangement, 1);
    shrink(height);
    root.dispatchEvent(new CustomEvent("cv-out", { bubbles: true }));
  }

  /** In a smaller card there is more room beside each other, so that it needs to be smaller by less. */
  function shrink(height) {
    const room = innerHeight - PAGE_HEADER;
    const arrangement = ARRANGEMENTS.find((each) => root.classList.contains(each)) ?? "";
    let zoom = Number(root.style.zoom);
    for (let now = height; now > room && zoom > LEAST_ON_PAGE; now = need()) {
      zoom = Math.max(LEAST_ON_PAGE, Math.min(zoom - 0.02, zoom * Math.sqrt(room / now)));
      spread(arrangement, zoom);
    }
  }

  function fit() {
    const isNarrow = innerWidth < WIDE;
    root.classList.toggle("cv-large", isLarge() && !isNarrow);
    if (!isLarge()) return fitPage();
    root.classList.remove("cv-out");
    root.style.marginRight = "";
    const least = isNarrow ? 1 : LEAST;
    const found = (isNarrow ? [""] : ARRANGEMENTS).map((name) => ({ zoom: largest(name, least), arrangement: name }));
    const { zoom, arrangement } = found.reduce((best, next) => (next.zoom > best.zoom * MUCH ? next : best));
    arrange(arrangement, zoom || least);
  }

  let frame = 0;
  /** Some pictures draw themselves anew when their width has changed: what they need is known a frame later. */
  function again(times) {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (isOut()) return shrink(need());
      const before = root.style.zoom;
      const room = need() / innerHeight;
      if (!isLarge() || (room <= 1 && room > 0.9)) return;
      fit();
      if (times > 1 && root.style.zoom !== before) again(times - 1);
    });
  }
  const start = () => {
    fit();
    if (isLarge() || isOut()) again(3);
  };
  let size = `${innerWidth} ${innerHeight}`;
  /** In another window a card is fitted as on a new page: when its picture is drawn for the page's width. */
  function resized() {
    const isSame = size === (size = `${innerWidth} ${innerHeight}`);
    if (isSame || isLarge()) return start();
    settleBack();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => (frame = requestAnimationFrame(start)));
  }
  // What comes late, as pictures do, makes some cards taller. Once the reader has used one, it stays where it is.
  const grown = new ResizeObserver(() => {
    if (!isLarge() && !isOut() && margin() && need() > innerHeight - PAGE_HEADER) start();
  });
  grown.observe(root);
  for (const use of ["pointerdown", "keydown"]) root.addEventListener(use, () => grown.disconnect(), { once: true });
  disposals.push(() => grown.disconnect());
  addEventListener("resize", resized);
  disposals.push(() => removeEventListener("resize", resized));
  disposals.push(() => cancelAnimationFrame(frame));

  return {
    fit: start,
    /** After each change of the picture: what has become too tall is made to fit. */
    keep() {
      if (!isLarge()) return;
      if (!root.style.zoom) return start();
      if (need() > innerHeight) start();
    },
  };
}
