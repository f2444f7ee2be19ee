/** Reading a classifier's answer: which class is likeliest, which place another has, and shares in percent. */

/** The likeliest class. @param {ArrayLike<number>} outputs */
export function topOf(outputs) {
  let top = 0;
  for (let label = 1; label < outputs.length; label++) if (outputs[label] > outputs[top]) top = label;
  return top;
}

/** Which place a class has among all, from 1. @param {ArrayLike<number>} outputs @param {number} label */
export const rankOf = (outputs, label) => 1 + Array.from(outputs).filter((share) => share > outputs[label]).length;

/** A share in percent, never rounded up to certainty. @param {number} share */
export function percent(share) {
  if (share > 0.9999) return ">99.99 %";
  if (share < 0.0001) return "<0.01 %";
  return `${(100 * share).toFixed(share > 0.999 || share < 0.001 ? 2 : 1)} %`;
}
