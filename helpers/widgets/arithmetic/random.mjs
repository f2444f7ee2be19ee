/**
 * Random numbers that a seed repeats: the Mersenne Twister MT19937 of Matsumoto and Nishimura (1998).
 *
 * 624 words of 32 bits are scrambled together once for every 624 draws. Seeded alike, it gives the
 * numbers of NumPy's `np.random.RandomState(seed)`, draw for draw: `random` and `uniform` (53 bits
 * from two words), `normal` (Marsaglia's polar method, which makes two at a time), `shuffle` (Fisher
 * and Yates, from the end). So a widget and a notebook can start from the same weights and points.
 */

import { Misfit } from "./misfit.mjs";

const WORDS = 624;
const REACH = 397;

/**
 * @param {number} [seed] a whole number from 0 to 2^32 − 1
 */
export function createRandom(seed = 0) {
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new Misfit(`A seed of ${seed} does not work: use a whole number from 0 to 4294967295.`);
  const words = new Uint32Array(WORDS);
  let used;
  let spare; // the second of a pair of normal draws

  function restart() {
    words[0] = seed;
    for (let i = 1; i < WORDS; i++) {
      const before = words[i - 1];
      words[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
    used = WORDS;
    spare = null;
  }

  /** Replaces every word by a mixture of itself, its neighbour and one far away. */
  function scramble() {
    for (let i = 0; i < WORDS; i++) {
      const joined = (words[i] & 0x80000000) | (words[(i + 1) % WORDS] & 0x7fffffff);
      words[i] = words[(i + REACH) % WORDS] ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    used = 0;
  }

  function word() {
    if (used === WORDS) scramble();
    let bits = words[used++];
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  /** Evenly from [0, 1). */
  function random() {
    const high = word() >>> 5;
    const low = word() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** From a circle of radius 1, by throwing away what falls outside it; its angle is uniform. */
  function normal(mean = 0, deviation = 1) {
    let draw = spare;
    spare = null;
    if (draw === null) {
      let x, y, square;
      do {
        x = 2 * random() - 1;
        y = 2 * random() - 1;
        square = x * x + y * y;
      } while (square >= 1 || square === 0);
      const stretch = Math.sqrt((-2 * Math.log(square)) / square);
      spare = stretch * x;
      draw = stretch * y;
    }
    return mean + deviation * draw;
  }

  /** A whole number from 0 to `largest`: draws as many bits as that needs, until one fits. */
  function upTo(largest) {
    if (largest === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(largest);
    let draw;
    do draw = (word() & mask) >>> 0;
    while (draw > largest);
    return draw;
  }

  restart();
  return {
    seed,
    restart,
    random,
    normal,
    upTo,
    uniform: (low = 0, high = 1) => low + (high - low) * random(),

    /**
     * Puts an array into random order, in place. @template {{length: number, [index: number]: any}} T
     * @param {T} array
     * @returns {T}
     */
    shuffle(array) {
      for (let i = array.length - 1; i > 0; i--) {
        const j = upTo(i);
        const moved = array[i];
        array[i] = array[j];
        array[j] = moved;
      }
      return array;
    },
  };
}
