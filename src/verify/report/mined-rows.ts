/**
 * Two lists of mined samples side by side, one row per anchor.
 *
 * @module
 */
import type { Anchor } from '../../../spec/index.js';

/** One anchor as the specification and the backend mined it. */
export interface MinedRow {
  /** Such as `attribute 0, class 1, sample 3`. */
  readonly anchor: string;
  /** Such as `+ 2 5 − 7 1`; `none` if the list does not have the anchor. */
  readonly expected: string;
  readonly got: string;
  readonly differs: boolean;
  /** Whether it is the first row that differs. */
  readonly isFirst: boolean;
}

/** Rows, from a little before the first that differs. */
export interface MinedRows {
  readonly rows: readonly MinedRow[];
  /** Rows before and after those that are shown. */
  readonly before: number;
  readonly after: number;
}

/** Rows of the same that are shown before the first that differs. */
const BEFORE = 2;
/** Samples of a list that are shown; further ones are counted. */
const MOST_SAMPLES = 16;

/**
 * Two lists side by side. Anchors that one list alone has stand beside `none`; where both have the same anchors in
 * another order, rows are compared by their places.
 *
 * @param most - rows that are shown
 */
export function minedRows(expected: readonly Anchor[], got: readonly Anchor[], most: number): MinedRows {
  const pairs = sameKeys(expected, got) ? byPlace(expected, got) : byKey(expected, got);
  const rows = pairs.map(([left, right]) => {
    const others = left !== undefined && right !== undefined ? ([left, right] as const) : undefined;
    const place = left !== undefined && right !== undefined && keyOf(left) !== keyOf(right);
    const [expectedText, gotText] = [left, right].map((one) =>
      one === undefined ? 'none' : `${place ? `${keyOf(one)}: ` : ''}${samplesOf(one, others)}`,
    ) as [string, string];
    return {
      anchor: keyOf((left ?? right) as Anchor),
      expected: expectedText,
      got: gotText,
      differs:
        left === undefined ||
        right === undefined ||
        keyOf(left) !== keyOf(right) ||
        !sameSamples(left, right),
    };
  });
  const first = rows.findIndex(({ differs }) => differs);
  const from = rows.length > most ? Math.max(0, Math.min(first - BEFORE, rows.length - most)) : 0;
  const shown = rows.slice(from, from + most).map((row, at) => ({ ...row, isFirst: from + at === first }));
  return { rows: shown, before: from, after: rows.length - from - shown.length };
}

type Pair = readonly [Anchor | undefined, Anchor | undefined];

function byPlace(expected: readonly Anchor[], got: readonly Anchor[]): Pair[] {
  return expected.map((anchor, at) => [anchor, got[at]]);
}

/** In the order of the expected list, each anchor that it lacks before the next that both have. */
function byKey(expected: readonly Anchor[], got: readonly Anchor[]): Pair[] {
  const known = new Set(expected.map(keyOf));
  const left = [...got];
  const pairs: Pair[] = [];
  const takeUnknown = () => {
    while (left[0] !== undefined && !known.has(keyOf(left[0]))) pairs.push([undefined, left.shift()]);
  };
  for (const anchor of expected) {
    takeUnknown();
    const at = left.findIndex((one) => keyOf(one) === keyOf(anchor));
    pairs.push([anchor, at < 0 ? undefined : left.splice(at, 1)[0]]);
  }
  for (const rest of left) pairs.push([undefined, rest]);
  return pairs;
}

function sameKeys(one: readonly Anchor[], other: readonly Anchor[]): boolean {
  const keys = (list: readonly Anchor[]) => list.map(keyOf).sort().join('\n');
  return keys(one) === keys(other);
}

function keyOf({ attribute, class: k, sample }: Anchor): string {
  return `attribute ${attribute}, class ${k}, sample ${sample}`;
}

function sameSamples(one: Anchor, other: Anchor): boolean {
  return (['positives', 'negatives'] as const).every((side) => one[side].join() === other[side].join());
}

/** Its samples; a long list is shown from a little before the first difference between two. */
function samplesOf(anchor: Anchor, others: readonly [Anchor, Anchor] | undefined): string {
  const list = (side: 'positives' | 'negatives') => {
    const samples = anchor[side];
    const [one = [], other = []] = others?.map((each) => each[side]) ?? [];
    const differ = one.findIndex((sample, at) => sample !== other[at]);
    const from = samples.length > MOST_SAMPLES ? Math.max(0, differ - BEFORE) : 0;
    const shown = samples.slice(from, from + MOST_SAMPLES).join(' ') || 'none';
    const isCut = from > 0 || samples.length > from + MOST_SAMPLES;
    return `${from > 0 ? '… ' : ''}${shown}${isCut ? ` … (${samples.length})` : ''}`;
  };
  return `+ ${list('positives')}  − ${list('negatives')}`;
}
