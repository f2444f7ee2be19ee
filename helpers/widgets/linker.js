/**
 * Makes a function that imports ES modules from a table of sources.
 *
 * Each module becomes a Blob URL, those that it imports first, and its relative imports are
 * rewritten to their URLs. This works where relative imports do not: in a notebook, where the
 * importing module itself comes from a Blob, and on a page opened from disk.
 *
 * @param {Record<string, string>} sources file name, relative to the folder of widgets -> source
 * @returns {(name: string) => Promise<any>} imports the named module
 */
function makeLinker(sources) {
  // What Chrome before 110, Firefox before 115 and Safari before 16 do not have yet.
  const missing = (owner, methods) => {
    for (const [name, value] of Object.entries(methods))
      if (!(name in owner)) Object.defineProperty(owner, name, { value, writable: true, configurable: true });
  };
  const lists = {
    at(place) {
      return this[Math.trunc(place) < 0 ? this.length + Math.trunc(place) : Math.trunc(place) || 0];
    },
    with(place, value) {
      const copy = this.slice();
      copy[place < 0 ? copy.length + place : place] = value;
      return copy;
    },
    findLast(test) {
      return this.slice().reverse().find(test);
    },
    findLastIndex(test) {
      const found = this.slice().reverse().findIndex(test);
      return found < 0 ? found : this.length - 1 - found;
    },
    toReversed() {
      return this.slice().reverse();
    },
  };
  const toSpliced = function (...changes) {
    const copy = this.slice();
    copy.splice(...changes);
    return copy;
  };
  missing(Array.prototype, { ...lists, toSpliced });
  missing(Object.getPrototypeOf(Uint8Array.prototype), lists);
  missing(String.prototype, { at: lists.at });
  missing(Object, { hasOwn: (owner, name) => Object.getOwnPropertyDescriptor(owner, name) !== undefined });

  const urls = new Map();
  const resolve = (from, target) => new URL(target, `file:///${from}`).pathname.slice(1);
  function address(name) {
    if (urls.get(name) === "linking") throw new Error(`${name} imports itself in a circle`);
    if (!urls.has(name)) {
      if (!(name in sources)) throw new Error(`There is no module named ${name}`);
      urls.set(name, "linking");
      const linked = sources[name].replace(
        /((?:from|import)\s*["'])(\.{1,2}\/[\w./-]+\.(?:mjs|json))(["'])/g,
        (_, before, target, after) => before + address(resolve(name, target)) + after,
      );
      urls.set(name, URL.createObjectURL(new Blob([linked], { type: "text/javascript" })));
    }
    return urls.get(name);
  }
  return async (name) => import(address(name));
}
