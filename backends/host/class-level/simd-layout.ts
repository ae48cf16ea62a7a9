/**
 * Where the scores, labels and lists of a batch lie in WebAssembly's memory.
 *
 * @module
 */

/** How many scores are in WebAssembly's memory at once: they fit the second-level cache, beside the lists. */
export const BLOCK_SCORES = 1 << 16;
/** Bytes of a vector. */
const VECTOR = 16;
/** A vector that begins at the last number of a region takes this many bytes after it. */
const OVERHANG = VECTOR - 4;

/** The length of a row of `width` numbers in whole vectors of four. */
export function padded(width: number): number {
  return (width + 3) & ~3;
}

/** How many rows are in WebAssembly's memory at once: at least one, and no more than hold `scores` numbers. */
export function rowsAtOnce(size: number, width: number, scores: number = BLOCK_SCORES): number {
  return Math.max(1, Math.min(size, Math.floor(scores / width)));
}

/** The bytes of numbers of 32 bits in whole vectors, and one vector more, which may be read beyond them. */
export function vectors(count: number): number {
  return 16 * (Math.ceil(count / 4) + 1);
}

/** The regions of the memory: where each begins, in bytes. Arranged anew for every batch. */
export class SimdLayout {
  /** How many rows of scores are in memory at once. */
  rows = 0;
  /** Of each column, the upper bound as bits: a score that is not above it is no candidate. */
  high = 0;
  minorityIndexOf = 0;
  /**
   * The hardest negatives of the sampled rows: for every four columns, as many vectors as the sample's
   * rank.
   */
  sampled = 0;
  /** The records of the lists of both sides (see assembly/keys.ts). */
  positives = 0;
  negatives = 0;
  positiveKeys = 0;
  negativeKeys = 0;
  positiveRows = 0;
  negativeRows = 0;
  scratch = 0;
  labels = 0;
  scores = 0;
  /** How many bytes the memory must have. */
  end = 0;

  /**
   * Places all regions for a batch.
   *
   * @param rank - the rank of the sample that bounds are estimated from; 0 without one
   */
  arrange(
    { width, labelWidth }: { readonly width: number; readonly labelWidth: number },
    { size, minorityCount }: { readonly size: number; readonly minorityCount: number },
    rank: number,
    positives: ListSizes,
    negatives: ListSizes,
  ): void {
    this.rows = rowsAtOnce(size, width);
    this.end = 0;
    this.high = this.place(4 * width);
    this.minorityIndexOf = this.place(4 * width);
    this.sampled = this.place(4 * rank * padded(width));
    this.positives = this.place(16 * minorityCount);
    this.negatives = this.place(16 * minorityCount);
    this.positiveKeys = this.place(8 * positives.size);
    this.negativeKeys = this.place(8 * negatives.size);
    this.positiveRows = this.place(4 * positives.size);
    this.negativeRows = this.place(4 * negatives.size);
    this.scratch = this.place(8 * Math.max(positives.longest, negatives.longest));
    this.labels = this.place(4 * this.rows * labelWidth);
    this.scores = this.place(4 * this.rows * width);
  }

  /** Places a region at the start of a vector, with room for a vector that begins at its last number. */
  private place(bytes: number): number {
    const at = this.end;
    this.end = VECTOR * Math.ceil((at + bytes + OVERHANG) / VECTOR);
    return at;
  }
}

/** How many entries the lists of one side can hold together, and the longest of them. */
export interface ListSizes {
  readonly size: number;
  readonly longest: number;
}

/** Views of a memory as arrays of numbers. */
export class MemoryViews {
  integers = new Int32Array(0);
  floats = new Float32Array(0);
  doubles = new Float64Array(0);

  /** Makes new views if the buffer is another one: a memory that grows gets a new buffer. */
  attach(buffer: ArrayBuffer): void {
    if (this.integers.buffer === buffer) return;
    this.integers = new Int32Array(buffer);
    this.floats = new Float32Array(buffer);
    this.doubles = new Float64Array(buffer);
  }
}
