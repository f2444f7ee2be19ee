/** How each racer looks: its marker here, its colour and line style in the style sheet, by its class. */

import { svg } from "../card/svg.mjs";

/** Outlines around (0, 0), about 12 across. */
export const MARKERS = {
  sgd: "M5.5 0A5.5 5.5 0 1 1-5.5 0A5.5 5.5 0 1 1 5.5 0Z",
  momentum: "M-5-5H5V5H-5Z",
  mini_batch: "M0-6.5L6 5H-6Z",
  rmsprop: "M0-7L6 0L0 7L-6 0Z",
  adam: "M-2-6H2V-2H6V2H2V6H-2V2H-6V-2H-2Z",
  newton: "M-6-3.5L-3.5-6L0-2.5L3.5-6L6-3.5L2.5 0L6 3.5L3.5 6L0 2.5L-3.5 6L-6 3.5L-2.5 0Z",
  newton_damped: "M0 6.5L6-5H-6Z",
};
/** The optimum. */
export const STAR = "M0-8L2.1-2.8L7.6-2.5L3.4 1.1L4.7 6.5L0 3.5L-4.7 6.5L-3.4 1.1L-7.6-2.5L-2.1-2.8Z";

/** A racer's class, for everything that has its looks. */
export const looks = (name) => `ls-racer ls-${name}`;

/** A piece of a racer's line with its marker, for chips and tables. */
export const sample = (name) =>
  svg(
    "svg",
    { viewBox: "0 0 44 16", class: `ls-sample ${looks(name)}`, "aria-hidden": "true" },
    svg("path", { d: "M1 8H43", class: "ls-line" }),
    svg("path", { d: MARKERS[name], transform: "translate(22 8)", class: "ls-marker" }),
  );
