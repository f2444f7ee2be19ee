/**
 * Which picture a widget works on: one that the page carries, one of the reader's own, or what the camera
 * sees. The reader's own stay in this browser and on show in the list until the page is closed.
 */

import { part } from "./controls.mjs";
import { forHand, h, icon, setText, uniqueName } from "./dom.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { carriedFile, decodePicture, openCamera, readFile } from "./picture.mjs";

/** @typedef {import("../arithmetic/image.mjs").Picture} Picture */
/** @typedef {{name: string, label: string, picture: Picture, notes: string[], own: boolean, live: boolean}} Source */

const OWN = /^own-[1-9]\d*$/;

/** Whether a name is that of a picture of the reader's own, here or in somebody else's link. */
export const isOwn = (name) => OWN.test(name);

/** What can be hidden of it: for a widget's `parts`. */
export const SOURCE_PARTS = { source: "pictures", own: "own picture", camera: "camera" };

/**
 * For a widget's `given`: a Python call names the pictures where they are others than the widget's own.
 * @param {string} usual their names, separated by commas
 */
export const givenPictures = (usual) => (state) => (Object.keys(state.images).join() === usual ? [] : ["images"]);

const OPEN = "M3 6h6l2 3h10v10H3z";
const CAMERA = "M4 8h4l2-3h4l2 3h4v11H4zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7";

const STAYS = "It stays in this browser: it is sent nowhere, and no link holds it.";

/**
 * @param {any} card
 * @param {any} store its state has `images` (name -> data URL) and `source`
 * @param {(source: Source) => void} change called when there is another picture to work on
 */
export function addSources(card, store, change) {
  const own = new Map(); // name -> Source
  const decoded = new Map(); // data URL -> promise of a picture
  let current = null;
  let camera = null;
  let disposed = false;
  let wanted = 0; // a picture that arrives after a later choice is not shown

  const group = uniqueName("picture");
  const choice = h("span.cv-segments");
  const picker = h("input", {
    type: "file",
    accept: "image/*",
    hidden: true,
    "aria-label": "A picture of your own",
    onchange: () => takeFiles(picker),
  });
  const open = h("button", { type: "button", onclick: () => picker.click() }, icon(OPEN), "open");
  const shoot = h(
    "button.cv-primary",
    { type: "button", hidden: true, onclick: () => endCamera(true) },
    "take the picture",
  );
  const cameraWords = h("span");
  const cameraButton = h(
    "button",
    { type: "button", onclick: () => (camera ? endCamera(false) : startCamera()) },
    icon(CAMERA),
    cameraWords,
  );
  const element = h(
    "div.cv-sources",
    {},
    part("source", h("fieldset", {}, h("legend", {}, "picture"), choice)),
    part(
      "own",
      h(
        "span.cv-group",
        {},
        picker,
        open,
        h("span.cv-hint", { title: forHand("To paste, click the picture first") }, "or drop or paste one here"),
      ),
    ),
    part("camera", h("span.cv-group", {}, cameraButton, shoot)),
  );

  const names = () => [...Object.keys(store.state.images), ...own.keys()];
  const refuse = (error) => {
    if (!(error instanceof Misfit)) throw error;
    store.refuse(error.message);
  };

  const isPictured = card.awaitPicture();
  function put(source) {
    isPictured();
    current = source;
    change(source);
    paint();
  }

  /** Shows the named picture as soon as it is decoded. */
  async function show(name) {
    const turn = (wanted += 1);
    if (own.has(name)) return put(own.get(name));
    const url = store.state.images[name];
    if (!decoded.has(url)) decoded.set(url, decodePicture(url));
    try {
      const picture = await decoded.get(url);
      if (turn === wanted) put({ name, label: name, picture, notes: [], own: false, live: false });
    } catch {
      decoded.delete(url);
      if (turn === wanted) store.refuse(`The picture ${name} cannot be read: choose another one.`);
    }
  }

  function choose(name) {
    endCamera(false);
    if (store.state.source === name) show(name);
    else store.propose({ source: name });
  }

  /** Adds a picture of the reader's own, and goes to it. */
  function add(label, picture, notes) {
    const name = `own-${own.size + 1}`;
    own.set(name, { name, label, picture, notes: [...notes, STAYS], own: true, live: false });
    choose(name);
  }

  async function take(file) {
    const turn = (wanted += 1);
    setBusy(true);
    try {
      const { picture, notes } = await readFile(file);
      if (turn === wanted) add(file.name || "pasted", picture, notes);
    } catch (error) {
      refuse(error);
    } finally {
      setBusy(false);
    }
  }
  const setBusy = (busy) => open.setAttribute("aria-busy", String(busy));

  function takeFiles(input) {
    const file = carriedFile(input);
    input.value = "";
    if (file) take(file);
  }

  // The camera: opened by a click only, and closed as soon as nobody can see its picture here.
  async function startCamera() {
    const turn = (wanted += 1);
    setText(cameraWords, "asking …");
    try {
      const opened = await openCamera();
      if (turn !== wanted || disposed) return opened.stop();
      camera = opened;
      camera.onEnd(() => endCamera(true));
      store.refuse("");
      watch();
    } catch (error) {
      refuse(error);
    } finally {
      paint();
    }
  }
  let frame = 0;
  function watch() {
    if (!camera) return;
    put({
      name: "live",
      label: "camera",
      picture: camera.read(),
      notes: ["What the camera sees stays in this browser."],
      own: true,
      live: true,
    });
    frame = requestAnimationFrame(watch);
  }
  /** @param {boolean} keep whether its last picture becomes one of the reader's own */
  function endCamera(keep) {
    if (!camera) return;
    cancelAnimationFrame(frame);
    camera.stop();
    camera = null;
    if (keep) add(`photo ${own.size + 1}`, current.picture, []);
    else show(knownSource());
    paint();
  }
  const onHide = () => document.hidden && endCamera(true);
  document.addEventListener("visibilitychange", onHide);
  const sight = new IntersectionObserver(([entry]) => entry.isIntersecting || endCamera(true));
  sight.observe(card.root);
  card.onDispose(() => {
    disposed = true;
    document.removeEventListener("visibilitychange", onHide);
    sight.disconnect();
    cancelAnimationFrame(frame);
    camera?.stop();
    camera = null;
  });

  // Dropping and pasting anywhere on the card.
  const allowed = () => !store.state.hide.includes("own");
  const carriesFile = (event) =>
    allowed() && [...event.dataTransfer.types].some((type) => type === "Files" || type === "text/uri-list");
  const over = (on) => card.root.classList.toggle("cv-drop", on);
  card.root.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    over(true);
  });
  card.root.addEventListener("dragleave", (event) => card.root.contains(event.relatedTarget) || over(false));
  card.root.addEventListener("drop", (event) => {
    over(false);
    if (!carriesFile(event)) return;
    event.preventDefault();
    const file = carriedFile(event.dataTransfer);
    if (file) take(file);
    else
      store.refuse(
        "Only an address was dropped, and this page loads nothing from other places: save the picture, then " +
          "drop its file.",
      );
  });
  card.root.addEventListener("paste", (event) => {
    // A spreadsheet gives its cells as text and as a picture: a field takes the text.
    const isText = event.target.closest?.("input, textarea") && event.clipboardData.getData("text");
    if (isText || event.defaultPrevented) return;
    const file = allowed() && carriedFile(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    take(file);
  });

  const knownSource = () =>
    names().includes(store.state.source) ? store.state.source : Object.keys(store.state.images)[0];

  let listed = "";
  function paint() {
    const list = names();
    if (list.join("\n") !== listed) {
      listed = list.join("\n");
      choice.replaceChildren(
        ...list.map((name) => {
          const label = own.get(name)?.label ?? name;
          return h(
            "label",
            { title: label },
            h("input", { type: "radio", name: group, value: name, onchange: () => choose(name) }),
            h("span", {}, label),
          );
        }),
      );
    }
    for (const input of choice.querySelectorAll("input")) input.checked = !camera && input.value === current?.name;
    setText(cameraWords, camera ? "stop the webcam" : "webcam");
    cameraButton.setAttribute("aria-pressed", String(Boolean(camera)));
    shoot.hidden = !camera;
  }

  let followed = "";
  return {
    element,
    /** Follows the state: call when painting. */
    follow() {
      const { source, images, hide } = store.state;
      if (hide.includes("camera")) endCamera(true);
      const name = knownSource();
      const subject = [source, name, images[name]].join("\n");
      if (subject !== followed) {
        followed = subject;
        if (!camera) show(name);
        if (isOwn(source) && name !== source)
          store.mention(
            `This was made with a picture of somebody's own, which stays with them: here is ${name} instead. ` +
              "Open or drop one of yours.",
          );
      }
      paint();
    },
  };
}
