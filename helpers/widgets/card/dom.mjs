/** Building elements, and taking everything down again. */

/**
 * @param {string} tag a tag name, with classes after dots: "div.cv-row.wide"
 * @param {Record<string, any>} [attributes] `on*` become listeners, the rest attributes; null leaves one out
 * @param {...(Node | string | null)} children
 * @returns {HTMLElement & any}
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * An element with HTML in it. Only for what Python made of an author's Markdown (helpers.widgets.self_check.prose):
 * what a reader typed, or an address holds, is text and never comes here.
 * @param {string} tag as for `h`
 * @param {string} html
 */
export function markup(tag, html) {
  const element = h(tag);
  element.innerHTML = html;
  return element;
}

/** Whether a finger is what the reader points with. */
export const isTouched = () => matchMedia("(pointer: coarse)").matches;

/** Says "tap" instead of "click" to a finger. @param {string} sentence */
export const forHand = (sentence) =>
  isTouched() ? sentence.replaceAll("Click", "Tap").replaceAll("click", "tap") : sentence;

/** Sets text only where it differs, so that nothing flickers and no live region speaks twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The words of an element as they are heard: what stands on lines of its own is not run together. */
export function heard(element) {
  const lines = [""];
  for (const node of element.childNodes)
    if (/^(DIV|P|LI)$/.test(node.nodeName)) lines.push(node.textContent, "");
    else lines[lines.length - 1] += node.textContent;
  const whole = lines.map((text) => text.trim()).filter(Boolean);
  return whole
    .map((text) => (/[.?!:;,]$/.test(text) ? text : `${text};`))
    .join(" ")
    .replace(/;$/, "");
}

/** Makes the children of `parent` number `count`, adding with `make` and removing from the end. */
export function resize(parent, count, make) {
  while (parent.children.length > count) parent.lastElementChild.remove();
  while (parent.children.length < count) parent.append(make(parent.children.length));
  return parent.children;
}

/**
 * Keeps an element as tall as it has been, so that what stands below does not jump while numbers change.
 * @param {HTMLElement} element
 * @returns {(subject: string) => void} call after each change; another subject, or another width, starts anew
 */
export function steadyHeight(element) {
  let measured = "";
  let tallest = 0;
  return (subject) => {
    const now = `${subject} ${element.clientWidth}`;
    if (now !== measured) tallest = 0;
    measured = now;
    element.style.minHeight = "";
    tallest = Math.max(tallest, element.offsetHeight);
    element.style.minHeight = `${tallest}px`;
  };
}

/** A simple icon, drawn with one stroke. @param {string} path */
export function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", class: "cv-icon" }))
    svg.setAttribute(key, value);
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export const ICONS = {
  back: "M18 5 9 12l9 7zM6 5v14",
  step: "M6 5l9 7-9 7zM18 5v14",
  play: "M7 4v16l13-8z",
  pause: "M8 5v14M16 5v14",
  start: "M5 5v14M19 5l-7 7 7 7M12 5l-7 7 7 7",
  undo: "M9 5 4 10l5 5M4 10h10a5 5 0 0 1 0 10h-3",
  reset: "M4 12a8 8 0 1 0 3-6.2M7 2v4h4",
  link: "M10 14a5 5 0 0 0 7 0l3-3a5 5 0 0 0-7-7l-1 1M14 10a5 5 0 0 0-7 0l-3 3a5 5 0 0 0 7 7l1-1",
  present: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  check: "M5 13l5 5L20 6",
  target: "M12 3a9 9 0 1 0 .01 0M12 8a4 4 0 1 0 .01 0",
  cross: "M6 6l12 12M18 6 6 18",
  turn: "M20 12a8 8 0 1 1-3-6.2M17 2v4h-4",
  swap: "M7 4 3 8l4 4M3 8h14M17 12l4 4-4 4M21 16H7",
};

export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

let names = 0;
/** A name for a radio group that no other widget on the page uses. */
export const uniqueName = (stem) => `cv-${stem}-${(names += 1)}`;
