/** What the five ways to fill ghost cells are called elsewhere; null where a library has no such mode. */

/**
 * @typedef {object} BorderNames
 * @property {string} words what the ghost cells hold
 * @property {string} numpy `mode` of numpy.pad
 * @property {string | null} signal `boundary` of scipy.signal.convolve2d
 * @property {string} ndimage `mode` of scipy.ndimage.convolve
 * @property {string | null} tensorflow `mode` of tf.pad
 * @property {string | null} matlab `padval` of padarray, and the option of imfilter
 */

/** @type {Record<string, BorderNames>} */
export const BORDERS = {
  zeros: {
    words: "nothing but 0",
    numpy: "constant",
    signal: "fill",
    ndimage: "constant",
    tensorflow: "CONSTANT",
    matlab: "0",
  },
  reflect: {
    words: "a mirror on the outermost cell",
    numpy: "reflect",
    signal: null,
    ndimage: "mirror",
    tensorflow: "REFLECT",
    matlab: null,
  },
  symmetric: {
    words: "a mirror beyond the outermost cell",
    numpy: "symmetric",
    signal: "symm",
    ndimage: "reflect",
    tensorflow: "SYMMETRIC",
    matlab: "symmetric",
  },
  edge: {
    words: "the outermost cell, again and again",
    numpy: "edge",
    signal: null,
    ndimage: "nearest",
    tensorflow: null,
    matlab: "replicate",
  },
  wrap: {
    words: "the other side of the image",
    numpy: "wrap",
    signal: "wrap",
    ndimage: "wrap",
    tensorflow: null,
    matlab: "circular",
  },
};

/** Where the names are used. @type {[keyof BorderNames, string, string][]} key, library, place in it */
export const PLACES = [
  ["numpy", "NumPy", "mode of np.pad"],
  ["signal", "SciPy signal", "boundary"],
  ["ndimage", "SciPy ndimage", "mode of its filters"],
  ["tensorflow", "TensorFlow", "mode of tf.pad"],
  ["matlab", "MATLAB", "padarray, imfilter"],
];
