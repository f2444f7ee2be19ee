/** Frames that come when they are asked for: ten minutes of them pass as fast as the work in them is done. */
globalThis.takeFrames = () => {
  let now = performance.now();
  let waiting = new Map();
  let count = 0;
  const breathe = () => new Promise((go) => setTimeout(go));
  // Each look at the clock takes a little, so that a slice of work ends after some steps.
  performance.now = () => (now += 0.5);
  globalThis.requestAnimationFrame = (act) => {
    waiting.set((count += 1), act);
    return count;
  };
  globalThis.cancelAnimationFrame = (id) => waiting.delete(id);

  /** Runs so many frames; where nothing asks for one any more, `play` is called. Tells how often it was. */
  globalThis.runFrames = async (frames, play) => {
    let played = 0;
    for (let i = 0; i < frames; i++) {
      if (waiting.size === 0) {
        play();
        await breathe();
        played++;
      }
      const acts = [...waiting.values()];
      waiting = new Map();
      now += 16.7;
      for (const act of acts) act(now);
      if (i % 20 === 0) await breathe();
    }
    return played;
  };
};
