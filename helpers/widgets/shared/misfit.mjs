/** A setting that does not fit. Its message is a sentence for the reader: what is wrong and what would fit. */
export class Misfit extends Error {}
