/**
 * Where a batch's scores and lists lie in WebAssembly's memory.
 *
 * @module
 */

/** Scores that are in WebAssembly's memory at once: they fit the second cache, beside the lists. */
export const BLOCK_SCORES = 1 << 16;
/** Bytes of a vector. */
const VECTOR = 16;
/** What a vector that begins at the last number of a place takes behind it. */
const BEHIND = VECTOR - 4;

/** Numbers a row has in whole vectors. */
export function padded(width: number): number {
  return (width + 3) & ~3;
}

/** The places, in bytes; used again by the next batch. */
export class Layout {
  /** Rows of scores that are in memory at once. */
  rows = 0;
  /** Of each column: what is not above it is of no interest. */
  high = 0;
  taskOf = 0;
  /** For every four columns so many vectors as the guess's rank. */
  sampled = 0;
  /** Records of the tasks. */
  positives = 0;
  negatives = 0;
  positiveKeys = 0;
  negativeKeys = 0;
  positiveRows = 0;
  negativeRows = 0;
  scratch = 0;
  labels = 0;
  scores = 0;
  /** How many bytes there must be. */
  end = 0;

  /**
   * Gives everything its place.
   *
   * @param rank - of the guess; 0 without one
   */
  arrange(
    { width, labelWidth }: { readonly width: number; readonly labelWidth: number },
    { size, tasks }: { readonly size: number; readonly tasks: number },
    rank: number,
    positives: ListSizes,
    negatives: ListSizes,
  ): void {
    this.rows = Math.max(1, Math.min(size, Math.floor(BLOCK_SCORES / width)));
    this.end = 0;
    this.high = this.place(4 * width);
    this.taskOf = this.place(4 * width);
    this.sampled = this.place(4 * rank * padded(width));
    this.positives = this.place(16 * tasks);
    this.negatives = this.place(16 * tasks);
    this.positiveKeys = this.place(8 * positives.size);
    this.negativeKeys = this.place(8 * negatives.size);
    this.positiveRows = this.place(4 * positives.size);
    this.negativeRows = this.place(4 * negatives.size);
    this.scratch = this.place(8 * Math.max(positives.longest, negatives.longest));
    this.labels = this.place(4 * this.rows * labelWidth);
    this.scores = this.place(4 * this.rows * width);
  }

  /** Where a vector can begin, with room for one that begins at the last number. */
  private place(bytes: number): number {
    const at = this.end;
    this.end = VECTOR * Math.ceil((at + bytes + BEHIND) / VECTOR);
    return at;
  }
}

/** How many the lists of one side may hold, and the longest of them. */
export interface ListSizes {
  readonly size: number;
  readonly longest: number;
}

/** A memory as numbers. */
export class Views {
  integers = new Int32Array(0);
  floats = new Float32Array(0);
  doubles = new Float64Array(0);

  /** Looks at this memory: growing makes another buffer of it, else the views are those at hand. */
  follow(buffer: ArrayBuffer): void {
    if (this.integers.buffer === buffer) return;
    this.integers = new Int32Array(buffer);
    this.floats = new Float32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }
}
