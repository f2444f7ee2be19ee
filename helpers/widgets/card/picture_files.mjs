/** What the bytes of a picture's file say before, and besides, what the browser shows of it. */

const MOST_SHAPES = 1e5;
const MOST_DEPTH = 400;

const codes = (text) => [...text].map((letter) => letter.charCodeAt(0));
const SIGNATURES = { jpeg: [0xff, 0xd8, 0xff], png: [0x89, ...codes("PNG")], gif: codes("GIF8"), webp: codes("RIFF") };

const isAt = (bytes, at, sign) => sign.every((code, i) => bytes[at + i] === code);
const kindOf = (bytes) => Object.keys(SIGNATURES).find((kind) => isAt(bytes, 0, SIGNATURES[kind]));

/** Where a few bytes come next, or -1. */
function find(bytes, sign, from = 0) {
  let at = bytes.indexOf(sign[0], from);
  while (at >= 0 && !isAt(bytes, at, sign)) at = bytes.indexOf(sign[0], at + 1);
  return at;
}

/** Whether a GIF has a second picture: what is said before each of them is found twice. */
function hasTwo(bytes) {
  const sign = [0x21, 0xf9, 4];
  let found = 0;
  for (let at = find(bytes, sign); at >= 0 && found < 2; at = find(bytes, sign, at + 1))
    if (bytes[at + 7] === 0 && (bytes[at + 8] === 0x2c || bytes[at + 8] === 0x21)) found += 1;
  return found > 1;
}

const MOVING = {
  gif: hasTwo,
  webp: (bytes) => isAt(bytes, 12, codes("VP8X")) && (bytes[20] & 2) > 0,
  png: (bytes) => find(bytes.subarray(0, find(bytes, codes("IDAT")) + 1), codes("acTL")) > 0,
};

/** Whether a file holds more pictures than the first, which alone is used. @param {Uint8Array} bytes */
export function moves(bytes) {
  const test = MOVING[kindOf(bytes)];
  return test ? test(bytes) : isAt(bytes, 4, codes("ftypavis"));
}

/** Where the data of a JPEG's picture begin, behind its segments, which may hold a small one of their own. */
function scanOf(bytes) {
  let at = 2;
  while (bytes[at] === 0xff && bytes[at + 1] !== 0xda)
    at += bytes[at + 1] === 0xff ? 1 : 2 + 256 * bytes[at + 2] + bytes[at + 3];
  return at;
}

const WHOLE = {
  jpeg: (bytes) => find(bytes, [0xff, 0xd9], scanOf(bytes)) > 0,
  png: (bytes) => find(bytes, codes("IEND")) > 0,
  webp: (bytes) => new DataView(bytes.buffer).getUint32(4, true) + 8 <= bytes.length,
};

/** Whether a file ends before its picture does. @param {Uint8Array} bytes */
export function isCutOff(bytes) {
  const test = WHOLE[kindOf(bytes)];
  return test ? !test(bytes) : false;
}

const SRGB = [codes("sRGB"), codes("s\0R\0G\0B")];
const isOther = (profile) => SRGB.every((name) => find(profile, name) < 0);
const USUAL_GAMMA = 2.2;

/** Where the colours of a file are named: how they differ from those of a screen, or "". */
const COLOURS = {
  jpeg(bytes) {
    const head = bytes.subarray(0, scanOf(bytes));
    const at = find(head, codes("ICC_PROFILE"));
    return at > 0 && isOther(head.subarray(at)) ? "colour profile" : "";
  },
  png(bytes) {
    const head = bytes.subarray(0, find(bytes, codes("IDAT")) + 1);
    const at = find(head, codes("iCCP"));
    if (at > 0) return isOther(head.subarray(at, at + 84)) ? "colour profile" : ""; // its name; the rest is packed
    const named = find(head, codes("gAMA")) + 4;
    if (named < 4 || named + 4 > head.length || find(head, codes("sRGB")) > 0) return "";
    const gamma = new DataView(head.buffer, head.byteOffset).getUint32(named) / 1e5;
    return Math.abs(1 / gamma - USUAL_GAMMA) < 0.1 ? "" : `gamma, ${Number(gamma.toPrecision(3))},`;
  },
  webp(bytes) {
    const at = isAt(bytes, 12, codes("VP8X")) ? find(bytes, codes("ICCP")) : -1;
    return at > 0 && isOther(bytes.subarray(at, at + 4096)) ? "colour profile" : "";
  },
};

/** What a file says of its colours that a browser works into the pixels, or "". @param {Uint8Array} bytes */
export const ownColours = (bytes) => COLOURS[kindOf(bytes)]?.(bytes) ?? "";

/** How many shapes a drawing draws, where each `use` draws again what it names. */
function shapesOf(root) {
  const counts = new Map();
  function count(element, depth) {
    if (depth > MOST_DEPTH) return Number.POSITIVE_INFINITY;
    if (counts.has(element)) return counts.get(element);
    counts.set(element, 0); // one that draws itself is drawn by no browser
    let sum = 1;
    for (const child of element.children) sum += count(child, depth + 1);
    const name = element.getAttribute("href") ?? element.getAttribute("xlink:href");
    const used = element.localName === "use" && name?.startsWith("#") && root.getElementById(name.slice(1));
    if (used) sum += count(used, depth + 1);
    counts.set(element, sum);
    return sum;
  }
  return count(root.documentElement, 0);
}

/**
 * What keeps a drawing from being shown, or "": judged before a browser tries, which may take for ever.
 * @param {string} text
 */
export function drawingProblem(text) {
  const root = new DOMParser().parseFromString(text, "image/svg+xml");
  if (root.querySelector("parsererror")) return "";
  if (root.documentElement.localName === "svg" && !root.documentElement.namespaceURI)
    return 'lacks a namespace, without which browsers do not show it: write <svg xmlns="http://www.w3.org/2000/svg" …>';
  if (shapesOf(root) > MOST_SHAPES) return "draws its parts again and again, more often than this page can take";
  return "";
}
