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
