/** What the build tells about the whole book: its pages, and where it is published. */

export const root = document.documentElement.dataset.content_root ?? "./";
export const base = new URL(root, location.href.replace(/[?#].*/, "")).href;

/** @type {{pages: string[], home: string}} */
export const known = { pages: [], home: "" };

/** Called once, before anything else. @param {Partial<typeof known>} told */
export const know = (told) => Object.assign(known, told);
