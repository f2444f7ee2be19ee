/**
 * What a training does not do after every slice of work, but only so often: paint, write words that are to
 * be read, keep what Python wants to know. Once it rests, everything is done at once.
 */

/** A call that comes later than this after one that was due was held up by what that one did. */
const LATE_MS = 25;

/**
 * @param {number} least milliseconds between one time and the next
 * @param {number} [most] where there is more to do than a frame has room for, the times come up to so far apart
 */
export function createThrottle(least, most = least) {
  let pause = least;
  let asked = 0;
  let done = 0;
  return {
    /** Whether it is time. @param {boolean} playing at rest it always is */
    isDue(playing) {
      const now = performance.now();
      if (asked === done) pause = now - asked > LATE_MS ? Math.min(1.4 * pause, most) : Math.max(0.95 * pause, least);
      asked = now;
      if (playing && now - done < pause) return false;
      done = now;
      return true;
    },
    /** It was done, without its time having come. */
    mark() {
      asked = done = performance.now();
    },
    /** The next time is due. */
    forget() {
      asked = done = 0;
    },
  };
}
