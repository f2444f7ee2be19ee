/**
 * Getting a picture into numbers: from a data URL, a file of the reader's own, or the camera.
 * Nothing is sent anywhere. What does not work is told in a sentence (Misfit); what was changed on the
 * way in, scaled or laid on white, is told too.
 */

import { grouped } from "../arithmetic/format.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { drawingProblem, isCutOff, moves, ownColours } from "./picture_files.mjs";

/** @typedef {import("../arithmetic/image.mjs").Picture} Picture */

/** The longest side of a picture of the reader's own: as much as a filter can do between two frames. */
export const LONGEST_SIDE = 512;

const MOST_BYTES = 60e6;
const MOST_PIXELS = 120e6;

const FORMATS = "PNG, JPEG, WebP, GIF, AVIF or SVG";

/** The first bytes that tell formats which browsers cannot show. @type {[RegExp, string][]} */
const FOREIGN = [
  [
    /^....ftyp(hei[cxms]|hev[cmx]|mif1|msf1)/s,
    "a HEIC photograph, as iPhones take them, and this browser cannot read it: save it as JPEG first (in " +
      "Photos, share or export it as “Most Compatible”)",
  ],
  [
    /^(II\*\0|MM\0\*|II\x2b\0|IIRO|IIRS)/,
    "a TIFF or a camera's raw picture, which browsers cannot read: save it as PNG or JPEG first",
  ],
  [/^%PDF/, "a PDF: make a picture of the page you mean, as a screenshot"],
  [
    /^....ftyp/s,
    "a film, or a picture in a format that this browser cannot read: take a still from it, as PNG or JPEG",
  ],
];

/**
 * Splits the bytes of an ImageData into channels: one if all pixels are grey. Transparent pixels are
 * laid on white.
 * @param {{data: Uint8ClampedArray, width: number, height: number}} image
 * @returns {{picture: Picture, transparent: boolean}}
 */
export function toPicture({ data, width, height }) {
  const pixels = width * height;
  const channels = [0, 1, 2].map(() => new Float32Array(pixels));
  let grey = true;
  let transparent = false;
  for (let i = 0; i < pixels; i++) {
    const alpha = data[4 * i + 3];
    if (alpha < 255) transparent = true;
    for (let c = 0; c < 3; c++) {
      const value = data[4 * i + c];
      channels[c][i] = alpha === 255 ? value : Math.round((value * alpha + 255 * (255 - alpha)) / 255);
    }
    grey &&= channels[0][i] === channels[1][i] && channels[1][i] === channels[2][i];
  }
  return { picture: { rows: height, cols: width, channels: grey ? channels.slice(0, 1) : channels }, transparent };
}

/** The size that fits, in the same proportions. @returns {[number, number]} width and height */
export function fittingSize(width, height, longest = LONGEST_SIDE) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** Draws anything that a canvas takes, and reads its pixels. */
function readPixels(source, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

async function load(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/** A picture that the page carries with it. @param {string} dataUrl */
export async function decodePicture(dataUrl) {
  const image = await load(dataUrl);
  return toPicture(readPixels(image, image.naturalWidth, image.naturalHeight)).picture;
}

/**
 * A picture of the reader's own.
 * @param {Blob & {name?: string}} file
 * @returns {Promise<{picture: Picture, notes: string[]}>} and what was changed on the way in
 */
export async function readFile(file) {
  const name = file.name ? `“${file.name}”` : "What was pasted";
  if (file.size === 0) throw new Misfit(`${name} is empty.`);
  if (file.size > MOST_BYTES)
    throw new Misfit(
      `${name} has ${grouped(Math.round(file.size / 1e6))} MB, more than this page can take: use a picture ` +
        `of at most ${MOST_BYTES / 1e6} MB.`,
    );
  if (file.type.includes("svg")) {
    const problem = drawingProblem(await file.text());
    if (problem) throw new Misfit(`${name} ${problem}.`);
  }
  const address = URL.createObjectURL(file);
  try {
    const image = await load(address).catch(async () => {
      throw new Misfit(await explain(file, name));
    });
    // A drawing without a size of its own has none, or 0.
    const [width, height] = [image.naturalWidth || LONGEST_SIDE, image.naturalHeight || LONGEST_SIDE];
    if (width * height > MOST_PIXELS)
      throw new Misfit(
        `${name} has ${grouped(width)} × ${grouped(height)} pixels, more than this page can take: scale it ` +
          `down to ${MOST_PIXELS / 1e6} million pixels or fewer first.`,
      );
    const [fitWidth, fitHeight] = fittingSize(width, height);
    const { picture, transparent } = toPicture(readPixels(image, fitWidth, fitHeight));
    const notes = [];
    if (fitWidth !== width || fitHeight !== height)
      notes.push(
        `It has ${grouped(width)} × ${grouped(height)} pixels and was scaled down to ${fitWidth} × ${fitHeight}.`,
      );
    if (transparent) notes.push("Its transparent pixels were laid on white.");
    const bytes = new Uint8Array(await file.arrayBuffer());
    const colours = ownColours(bytes);
    if (colours) notes.push(`Its file has a ${colours} of its own: the browser has worked it into these pixels.`);
    if (moves(bytes)) notes.push("It moves: only its first picture is used.");
    if (isCutOff(bytes)) notes.push("Its file ends too early: a part of the picture is missing.");
    return { picture, notes };
  } catch (error) {
    if (error.name === "SecurityError")
      throw new Misfit(`This browser does not let a page read the pixels of ${name}: save it as PNG first.`);
    throw error;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The bytes of a file, one character each. */
async function asText(blob) {
  return new TextDecoder("latin1").decode(await blob.arrayBuffer());
}

async function explain(file, name) {
  const start = await asText(file.slice(0, 32));
  const known = FOREIGN.find(([pattern]) => pattern.test(start));
  if (known) return `${name} is ${known[1]}.`;
  if (file.type.startsWith("image/"))
    return `${name} is damaged, or in a format that this browser cannot read: use ${FORMATS}.`;
  return `${name} is no picture that this browser can read: use ${FORMATS}.`;
}

/**
 * The picture that a drop or a paste brings with it, or null.
 * @param {DataTransfer} transfer
 * @returns {File | null}
 */
export function carriedFile(transfer) {
  const files = [...(transfer?.files ?? [])];
  return files.find((file) => file.type.startsWith("image/")) ?? files[0] ?? null;
}

/** @type {Record<string, string>} */
const CAMERA_PROBLEMS = {
  NotAllowedError:
    "The browser did not allow the camera: allow it for this page in the address bar, or open a picture instead.",
  SecurityError: "The browser does not allow the camera here: open a picture instead.",
  NotFoundError: "No camera was found: open a picture instead.",
  OverconstrainedError: "No camera was found that fits: open a picture instead.",
  NotReadableError: "The camera is in use by another program: close that one, or open a picture instead.",
  AbortError: "The camera stopped before its first picture: try again, or open a picture instead.",
};

/**
 * Opens the camera, at the reader's word only.
 * @returns {Promise<{read: () => Picture, stop: () => void, onEnd: (act: () => void) => void}>}
 */
export async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia)
    throw new Misfit(
      "Browsers lend a page the camera only on https and on localhost, which this page is not on: open a " +
        "picture instead.",
    );
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 640 }, height: { ideal: 480 } },
      audio: false,
    });
    const video = Object.assign(document.createElement("video"), { srcObject: stream, muted: true, playsInline: true });
    await video.play();
    if (!video.videoWidth) throw new DOMException("no picture", "AbortError");
    const [width, height] = fittingSize(video.videoWidth, video.videoHeight);
    return {
      read: () => toPicture(readPixels(video, width, height)).picture,
      stop() {
        for (const track of stream.getTracks()) track.stop();
        video.srcObject = null;
      },
      onEnd: (act) => stream.getVideoTracks()[0].addEventListener("ended", act),
    };
  } catch (error) {
    for (const track of stream?.getTracks() ?? []) track.stop();
    throw new Misfit(
      CAMERA_PROBLEMS[error.name] ?? `The camera does not work (${error.name}): open a picture instead.`,
    );
  }
}
