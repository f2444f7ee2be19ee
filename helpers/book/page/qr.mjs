/** QR codes, drawn in the page by the library in `qrcode/`, which comes when one is wanted. */

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4; // modules of white around a symbol, as its standard asks
/** Larger symbols no camera reads from the back of a room; up to the first the middle degree of redundancy is kept. */
const HANDY = 57;
const LARGEST = 117;

let coming = null;

/** @param {string} root where the book's files are, from this page */
function library(root) {
  coming ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: `${root}_static/book-qrcode.js`, onload: resolve, onerror: reject });
    document.head.append(script);
  }).then(() => globalThis.qrcode);
  coming.catch(() => (coming = null));
  return coming;
}

function symbolOf(qrcode, text, level) {
  const symbol = qrcode(0, level); // as small as the text lets it be
  symbol.addData(text, "Byte");
  symbol.make();
  return symbol;
}

/**
 * The symbol as a picture, black on white in the dark too; null where the text is too long for one that is read.
 * @param {string} text
 * @param {string} root
 */
export async function qrPicture(text, root) {
  const qrcode = await library(root);
  let symbol;
  try {
    symbol = symbolOf(qrcode, text, "M");
    if (symbol.getModuleCount() > HANDY) symbol = symbolOf(qrcode, text, "L");
  } catch {
    return null; // longer than any symbol
  }
  const count = symbol.getModuleCount();
  if (count > LARGEST) return null;
  const bars = [];
  for (let row = 0; row < count; row += 1)
    for (let col = 0; col < count; col += 1)
      if (symbol.isDark(row, col)) bars.push(`M${col + QUIET} ${row + QUIET}h1v1h-1z`);
  const size = count + 2 * QUIET;
  const make = (tag, attributes) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const picture = make("svg", {
    viewBox: `0 0 ${size} ${size}`,
    role: "img",
    "aria-label": "QR code of this address",
    "shape-rendering": "crispEdges",
    class: "book-qr-symbol",
  });
  picture.append(
    make("rect", { width: size, height: size, fill: "#fff" }),
    make("path", { d: bars.join(""), fill: "#000" }),
  );
  return picture;
}
