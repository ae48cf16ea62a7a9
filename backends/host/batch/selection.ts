/**
 * Stage 1 on flat arrays: class sizes, and the minority classes (Eq. 3). The minority classes of a
 * batch are numbered from 0 over all attributes, in the order of their columns; t is such an index.
 *
 * @module
 */
import { MemoryViews, rowsAtOnce, vectors } from '../class-level/simd-layout.js';
import { reserve, type SimdFunctions, simdFunctions } from '../simd/functions.js';
import type { FlatSchema } from './flat-schema.js';

/** The class sizes and minority classes of one batch; the arrays are reused by the next. */
export interface Selection {
  /** n, the number of samples. */
  size: number;
  /** h, the class size, of each of the C columns. */
  readonly profile: Int32Array;
  /** n_j, the number of labelled samples, of each of the J attributes. */
  readonly labelled: Int32Array;
  /** The number of minority classes, over all attributes. */
  minorityCount: number;
  /** Of each minority class, its column. */
  readonly column: Int32Array;
  /** Of each minority class, how many samples are members. */
  readonly members: Int32Array;
  /** Of each minority class, how many labelled samples are not members. */
  readonly others: Int32Array;
  /** Of each of the C columns, its index among the minority classes, or −1. */
  readonly minorityIndexOf: Int32Array;
  /** How many members of a class are anchors at most: κ if they are easy ones, else all. */
  readonly mostAnchors: number;
  /** |X_min|, the number of anchors. */
  anchors: number;
}

/**
 * Allocates the selection of a schema.
 *
 * @param mostAnchors - of a class. Default: all of its members
 */
export function createSelection(
  { columns, attributes }: FlatSchema,
  mostAnchors = Number.POSITIVE_INFINITY,
): Selection {
  return {
    size: 0,
    profile: new Int32Array(columns),
    labelled: new Int32Array(attributes),
    minorityCount: 0,
    column: new Int32Array(columns),
    members: new Int32Array(columns),
    others: new Int32Array(columns),
    minorityIndexOf: new Int32Array(columns).fill(-1),
    mostAnchors,
    anchors: 0,
  };
}

/**
 * Counts the samples of every class of a batch.
 *
 * @param labels - n rows of `schema.labelWidth`
 * @returns false if a label is out of range; the specification then says which
 */
export function countClasses(
  schema: FlatSchema,
  labels: Int32Array,
  size: number,
  into: Selection,
  simd: SimdFunctions | undefined = simdFunctions(),
): boolean {
  into.size = size;
  into.profile.fill(0);
  into.labelled.fill(0);
  if (schema.encoding === 'categorical') return countCategorical(schema, labels, into);
  return schema.encoding === 'multi-label'
    ? countMultiLabel(schema, labels, into)
    : countOneAttribute(schema, labels, into, simd);
}

function countCategorical(
  schema: FlatSchema,
  labels: Int32Array,
  { size, profile, labelled }: Selection,
): boolean {
  const { attributes, first } = schema;
  for (let j = 0; j < attributes; j++) {
    const base = first[j];
    const classes = first[j + 1] - base;
    let unlabelled = 0;
    for (let i = 0, at = j; i < size; i++, at += attributes) {
      const label = labels[at];
      if (label >= 0 && label < classes) profile[base + label] += 1;
      else if (label === -1) unlabelled += 1;
      else return false;
    }
    labelled[j] = size - unlabelled;
  }
  return true;
}

/** How many rows are counted together: so few that they stay in the cache while their columns are walked. */
const BLOCK_ROWS = 64;

// Without SIMD, labels of 0 and 1 are counted column by column, so that each sum stays in a register, and without a
// branch, which labels would make unpredictable.

function countMultiLabel(
  schema: FlatSchema,
  labels: Int32Array,
  { size, profile, labelled }: Selection,
): boolean {
  const { width, first } = schema;
  let range = 0;
  for (let from = 0; from < size; from += BLOCK_ROWS) {
    const end = Math.min(from + BLOCK_ROWS, size) * width;
    for (let s = 0; s < width; s++) {
      let present = 0;
      let known = 0;
      for (let at = from * width + s; at < end; at += width) {
        const label = labels[at];
        const isKnown = ~(label >> 31); // all bits, or none if the label is negative
        present += label & isKnown;
        known -= isKnown;
        range |= (label + 1) | (1 - label); // negative if the label is below −1 or above 1
      }
      profile[first[s] + 1] += present;
      profile[first[s]] += known - present;
      labelled[s] += known;
    }
  }
  return range >= 0;
}

function countOneAttribute(
  { width }: FlatSchema,
  labels: Int32Array,
  { size, profile, labelled }: Selection,
  simd: SimdFunctions | undefined,
): boolean {
  labelled[0] = size;
  const bits =
    (simd && bitsBySimd(simd, width, labels, size, profile)) ?? bitsOf(width, labels, size, profile);
  return (bits & ~1) === 0; // any bit but the lowest means that a label is neither 0 nor 1
}

const views = new MemoryViews();

/**
 * Counts with SIMD.
 *
 * @returns the bits that any label has; undefined if WebAssembly cannot get enough memory
 */
function bitsBySimd(
  simd: SimdFunctions,
  width: number,
  labels: Int32Array,
  size: number,
  profile: Int32Array,
): number | undefined {
  const rows = rowsAtOnce(size, width);
  const labelsAt = vectors(width);
  if (!reserve(simd, labelsAt + vectors(rows * width))) return undefined;
  views.attach(simd.memory.buffer);
  const { integers } = views;
  integers.fill(0, 0, width);
  let bits = 0;
  for (let from = 0; from < size; from += rows) {
    const count = Math.min(rows, size - from);
    integers.set(labels.subarray(from * width, (from + count) * width), labelsAt >>> 2);
    bits |= simd.countLabels(labelsAt, count, width, 0);
  }
  profile.set(integers.subarray(0, width));
  return bits;
}

/** Counts without SIMD; returns the bits that any label has. */
function bitsOf(width: number, labels: Int32Array, size: number, profile: Int32Array): number {
  let bits = 0;
  for (let from = 0; from < size; from += BLOCK_ROWS) {
    const end = Math.min(from + BLOCK_ROWS, size) * width;
    for (let s = 0; s < width; s++) {
      let members = 0;
      for (let at = from * width + s; at < end; at += width) {
        const label = labels[at];
        members = (members + label) | 0;
        bits |= label;
      }
      profile[s] += members;
    }
  }
  return bits;
}

/**
 * Selects the minority classes: the smallest classes that together hold at most ρ·n_j samples, without
 * those of a single sample (Eq. 3).
 */
export function selectMinorityClasses(schema: FlatSchema, rho: number, into: Selection): void {
  const { first, attributes } = schema;
  const { profile, labelled } = into;
  clearMinorityClasses(into);
  for (let j = 0; j < attributes; j++) {
    const from = first[j];
    const to = first[j + 1];
    const limit = rho * labelled[j];
    const { upTo, held } = largestWholeSize(profile, from, to, limit);
    const next = nextSize(profile, from, to, upTo);
    let total = held;
    for (let c = from; c < to; c++) {
      const h = profile[c];
      let minority = h <= upTo;
      if (h === next) {
        // ruling: tied class sizes. Of the next larger size, classes are taken in the order of their indices
        total += h;
        minority = total <= limit;
      }
      if (minority && h > 1) addMinorityClass(schema, c, into);
    }
  }
}

/** Takes the minority classes from the caller instead. */
export function setMinorityClasses(
  schema: FlatSchema,
  minority: readonly (readonly number[])[],
  into: Selection,
): void {
  clearMinorityClasses(into);
  minority.forEach((classes, j) => {
    for (const k of classes) addMinorityClass(schema, schema.first[j] + k, into);
  });
}

function clearMinorityClasses(into: Selection): void {
  for (let t = 0; t < into.minorityCount; t++) into.minorityIndexOf[into.column[t]] = -1;
  into.minorityCount = 0;
  into.anchors = 0;
}

function addMinorityClass(schema: FlatSchema, column: number, into: Selection): void {
  const t = into.minorityCount++;
  const members = into.profile[column];
  into.column[t] = column;
  into.members[t] = members;
  into.others[t] = into.labelled[schema.attributeOf[column]] - members;
  into.minorityIndexOf[column] = t;
  into.anchors += anchorCount(into, t);
}

/** How many anchors minority class t has. */
function anchorCount({ members, mostAnchors }: Selection, t: number): number {
  return Math.min(members[t], mostAnchors);
}

/** |T|, the number of triplets: at most κ² per anchor. */
export function tripletCount(selection: Selection, kappa: number): number {
  const { minorityCount, members, others } = selection;
  let total = 0;
  for (let t = 0; t < minorityCount; t++) {
    total += anchorCount(selection, t) * Math.min(kappa, members[t] - 1) * Math.min(kappa, others[t]);
  }
  return total;
}

/** |P+| and |P−|, the numbers of positive and negative pairs. */
export interface PairCounts {
  readonly positive: number;
  readonly negative: number;
}

/** Counts the pairs of an anchor and a hard sample of it: at most κ of each kind per anchor. */
export function pairCounts(selection: Selection, kappa: number): PairCounts {
  const { minorityCount, members, others } = selection;
  let positive = 0;
  let negative = 0;
  for (let t = 0; t < minorityCount; t++) {
    const anchors = anchorCount(selection, t);
    positive += anchors * Math.min(kappa, members[t] - 1);
    negative += anchors * Math.min(kappa, others[t]);
  }
  return { positive, negative };
}

/**
 * The largest class size such that all classes up to it hold at most `limit` samples together. Found by
 * bisection, so that the classes need not be sorted.
 *
 * @returns that size, and how many samples these classes hold
 */
function largestWholeSize(
  profile: Int32Array,
  from: number,
  to: number,
  limit: number,
): { upTo: number; held: number } {
  let upTo = 0; // classes without a sample always fit
  let held = 0;
  for (let low = 0, high = Math.floor(limit); low <= high; ) {
    const middle = (low + high) >> 1;
    let sum = 0;
    for (let c = from; c < to; c++) {
      const h = profile[c];
      if (h <= middle) sum += h;
    }
    if (sum <= limit) {
      upTo = middle;
      held = sum;
      low = middle + 1;
    } else high = middle - 1;
  }
  return { upTo, held };
}

/** The smallest class size above another; −1 if there is none. */
function nextSize(profile: Int32Array, from: number, to: number, above: number): number {
  let next = -1;
  for (let c = from; c < to; c++) {
    const h = profile[c];
    if (h > above && (next < 0 || h < next)) next = h;
  }
  return next;
}
