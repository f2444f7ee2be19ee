/**
 * A chapter as slides, from the page as it is: each heading begins one, each widget has one to itself, and text that is
 * longer than the screen continues on the next under the same heading.
 */

import { session } from "./session.mjs";

const OFF = "book-off";
const BELOW = 72; // for the bar of present mode, which text must not run under
const LEAST = 0.6; // no block is made smaller than that; what still is too long is scrolled
const LONG_LIST = 0.5; // of a screen: then its items may stand on different slides

const page = document.documentElement;
const article = document.querySelector("article.bd-article");

/** @type {{title: string, blocks: HTMLElement[]}[]} */
let slides = [];
let blocks = [];
let containers = [];
let at = 0;
let isOn = false;
let measured = "";

const isHeading = (block) => /^h[1-3]$/.test(block.localName);
const widgetOf = (block) => (block.matches(".cv-widget") ? block : block.querySelector(".cv-widget[data-widget]"));
/** What a heading says, without the theme's link behind it and without soft hyphens. */
export const titleOf = (heading) => heading.textContent.replace(/#$/, "").replaceAll("\u00ad", "").trim();
const size = () => `${innerWidth} ${innerHeight}`;
const room = () => innerHeight - article.getBoundingClientRect().top - scrollY - BELOW;

/** Every block that may be hidden by itself, in the order of the page. */
function walk(parent, screen) {
  for (const child of parent.children) {
    if (child.offsetHeight === 0) continue;
    const isList = child.matches("ul, ol") && child.offsetHeight > LONG_LIST * screen && child.children.length > 1;
    if (child.matches("section, .cell") || isList) {
      containers.push(child);
      if (isList) [...child.children].forEach((item, index) => (item.value = (child.start ?? 1) + index));
      walk(child, screen);
    } else blocks.push(child);
  }
}

function heightOf(block) {
  const { marginTop, marginBottom } = getComputedStyle(block);
  return block.offsetHeight + Math.max(Number.parseFloat(marginTop), Number.parseFloat(marginBottom), 0);
}

/** Lays the blocks out on slides of this height. */
function pack(height) {
  slides = [];
  let heading = null;
  let used = 0;
  const begin = (...first) => {
    slides.push({ title: heading ? titleOf(heading) : "", blocks: first });
    used = first.reduce((sum, block) => sum + heightOf(block), 0);
  };
  for (const block of blocks) {
    const last = slides.at(-1);
    if (block.matches("details.hide")) continue; // code that the page folds away is not for a slide
    if (isHeading(block)) {
      heading = block;
      begin(block);
    } else if (widgetOf(block)) {
      // A heading with nothing below it but a widget is in the line at the top.
      if (last?.blocks.length === 1 && last.blocks[0] === heading) slides.pop();
      begin(block);
    } else {
      const isFull =
        !last || widgetOf(last.blocks.at(-1)) || (used + heightOf(block) > height && last.blocks.length > 1);
      if (isFull) begin(...(heading ? [heading] : []));
      const left = height - (heading ? heightOf(heading) : 0);
      const own = heightOf(block);
      if (own > left) block.style.zoom = String(Math.max(LEAST, left / own));
      slides.at(-1).blocks.push(block);
      used += heightOf(block);
    }
  }
}

function measure() {
  for (const one of [...blocks, ...containers]) one.classList.remove(OFF);
  for (const block of blocks) block.style.zoom = "";
  [blocks, containers] = [[], []];
  const height = room();
  walk(article, height);
  pack(height);
  measured = size();
}

const slideOf = (element) => slides.findIndex((slide) => slide.blocks.some((block) => block.contains(element)));

/** @param {number} index @param {(stop: HTMLElement) => void} goTo */
function show(index, goTo) {
  at = Math.min(Math.max(index, 0), slides.length - 1);
  const shown = new Set(slides[at].blocks);
  for (const block of blocks) block.classList.toggle(OFF, !shown.has(block));
  for (const one of containers) one.classList.toggle(OFF, !slides[at].blocks.some((block) => one.contains(block)));
  scrollTo({ top: 0, behavior: "instant" });
  const widget = widgetOf(slides[at].blocks[0]);
  if (widget) goTo(widget);
  else {
    slides[at].blocks[0].tabIndex = -1;
    slides[at].blocks[0].focus({ preventScroll: true });
  }
  session.set("slides", { page: location.pathname, at });
}

/** Whether slides are on, were on in this window before, or are asked for by the address. */
export const wantsSlides = () =>
  isOn || session.get("slides") !== null || new URLSearchParams(location.search).get("slides") === "1";

export const slideWords = () => (isOn ? `${slides[at].title} · ${at + 1} / ${slides.length}` : "");

/** The headings and widgets of all slides, and the last of them that has been reached; null without slides. */
export function slideStops() {
  if (!isOn) return null;
  const stops = slides
    .map(({ blocks: [first] }) => widgetOf(first) ?? first)
    .filter((stop, i, all) => all.indexOf(stop) === i);
  return { stops, reached: stops.findLastIndex((stop) => slideOf(stop) <= at) };
}

/** Shows the slide with an element on it, where slides are on. */
export const showSlideOf = (element, goTo) => isOn && show(slideOf(element), goTo);

/**
 * @param {(stop: HTMLElement) => void} goTo gives a widget the keys
 * @param {() => void} changed another slide is on show
 * @param {(sentence: string) => void} say
 */
export function startSlides(goTo, changed, say) {
  /** @type {NodeListOf<HTMLElement>} */
  const blocksNow = article.querySelectorAll("h1, h2, h3, p, pre, li, .cv-widget");
  const seen = [...blocksNow].find((block) => block.offsetParent && block.getBoundingClientRect().bottom > 60);
  const kept = session.get("slides");
  isOn = true;
  page.classList.add("book-slides");
  measure();
  show(kept?.page === location.pathname ? kept.at : slideOf(seen), goTo);
  globalThis.bookSteer = (direction) => {
    if (measured !== size()) {
      const first = slides[at].blocks[0];
      measure();
      at = Math.max(slideOf(first), 0);
    }
    const { scrollHeight } = page;
    const isMore = direction > 0 ? scrollY + innerHeight < scrollHeight - 40 : scrollY > 40;
    const next = at + direction;
    if (isMore && !widgetOf(slides[at].blocks[0]))
      scrollBy({ top: direction * (innerHeight - 120), behavior: "instant" });
    else if (next < 0) say("This is the first slide.");
    else if (next >= slides.length) say("That was the last slide; N goes on with the next chapter.");
    else show(next, goTo);
    changed();
    return true;
  };
  changed();
}

export function stopSlides() {
  if (!isOn) return;
  const first = slides[at].blocks[0];
  for (const one of [...blocks, ...containers]) one.classList.remove(OFF);
  for (const block of blocks) block.style.zoom = "";
  isOn = false;
  session.set("slides", null);
  page.classList.remove("book-slides");
  globalThis.bookSteer = null;
  first.scrollIntoView({ block: "start", behavior: "instant" });
}
