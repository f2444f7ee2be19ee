/** Gives a widget states, one after the other, and tells of each why it is refused; null if it is shown. */
globalThis.compare = async ([module, sample]) => {
  const link = makeLinker(WIDGETS.sources);
  const { default: widget } = await link(module);
  const { definition } = widget;
  const { createStore } = await link("card/store.mjs");
  const names = [...definition.state, "title", "hide"];
  globalThis.ask = async (changes) => {
    const store = createStore(makeModel(structuredClone(sample)), names, definition.compute, definition);
    let said = "";
    store.subscribe((_state, _view, remark) => {
      said = remark.sentence;
    });
    const isTaken = store.propose(changes, true);
    await null;
    if (isTaken === (said !== "")) return `taken: ${isTaken}, but what it says is “${said}”`;
    return isTaken ? null : said;
  };
  return [...(definition.linked ?? definition.state), ...Object.keys(definition.optional ?? {})];
};
