/**
 * A setting that does not fit. Its message is a sentence for the reader: what is wrong and what would fit.
 * Each of its fixes is a button below the sentence: the button's words, and the changes that it makes.
 */
export class Misfit extends Error {
  /** @param {string} message @param {[string, Record<string, any>][]} [fixes] */
  constructor(message, fixes = []) {
    super(message);
    this.fixes = fixes;
  }
}
