/** What the scripts of a page find around them: see `helpers.book.scripts` and the scripts that set it. */

/** The sources of all modules, the module of each class, and its large files. */
declare const WIDGETS: {
  sources: Record<string, string>;
  modules: Record<string, string>;
  resources: Record<string, string>;
};

/** `widgets/linker.js`; what a module exports is known when it comes. */
declare function makeLinker(sources: Record<string, string>): (name: string) => Promise<any>;

/** present.js */
declare var togglePresent: () => void;
declare var presentStops: () => HTMLElement[];

interface WindowEventMap {
  "book-present": CustomEvent<boolean>;
  "cv-share": CustomEvent<{ title: string; address: string }>;
}
interface ElementEventMap {
  "cv-share": CustomEvent<{ title: string; address: string }>;
}
