/**
 * The specification's hard samples as flat arrays of static shape, and back.
 *
 * @module
 */
import type {
  Anchor,
  Batch,
  HardSamples,
  Level,
  MinoritySelection,
  Options,
  Schema,
} from '../../spec/contract.js';
import { rowsByColumn } from './rows.js';

/** Lists of samples, one per row, padded to the length k of the longest. */
export interface PaddedLists {
  readonly k: number;
  /** rows×k sample indices; where not valid, 0. */
  readonly index: Int32Array;
  /** rows×k of 0 and 1. */
  readonly valid: Float32Array;
}

/** The hard samples of a batch in G×n rows. */
export interface PaddedPairs {
  readonly G: number;
  /** G×n of 0 and 1. */
  readonly anchors: Float32Array;
  readonly positives: PaddedLists;
  readonly negatives: PaddedLists;
}

/** The specification's hard samples in G×n rows. */
export function paddedPairs(schema: Schema, { anchors }: HardSamples, level: Level, n: number): PaddedPairs {
  const byColumn = rowsByColumn(schema, level);
  const G = byColumn ? schema.columns.length : schema.attributes.length;
  const there = new Float32Array(G * n);
  const rows = {
    positives: Array.from({ length: G * n }, (): readonly number[] => []),
    negatives: Array.from({ length: G * n }, (): readonly number[] => []),
  };
  for (const anchor of anchors) {
    const column = schema.attributes[anchor.attribute]?.columns[anchor.class] as number;
    const row = (byColumn ? column : anchor.attribute) * n + anchor.sample;
    there[row] = 1;
    rows.positives[row] = anchor.positives;
    rows.negatives[row] = anchor.negatives;
  }
  return { G, anchors: there, positives: padded(rows.positives), negatives: padded(rows.negatives) };
}

/** The specification's hard samples as C lists on each side, in which a class's anchors share one list. */
export function paddedClassLists(
  batch: Schema,
  { anchors }: HardSamples,
): { readonly positives: PaddedLists; readonly negatives: PaddedLists } {
  const ofColumn = batch.columns.map((c) =>
    anchors.filter((a) => a.attribute === c.attribute && a.class === c.class),
  );
  const positives = ofColumn.map((own) => {
    const listed = [...new Set(own.flatMap((a) => [...a.positives]))];
    const unlisted = own.find((a) => !listed.includes(a.sample));
    // a member outside the list has the κ hardest; the one more that only listed members have comes last
    return unlisted ? [...new Set([...unlisted.positives, ...listed])] : listed;
  });
  const negatives = ofColumn.map((own) => [...(own[0]?.negatives ?? [])]);
  return { positives: padded(positives), negatives: padded(negatives) };
}

/** The anchors of each of the C classes. */
export function paddedClassAnchors(schema: Schema, { anchors }: HardSamples): PaddedLists {
  return padded(
    schema.columns.map((c) =>
      anchors.filter((a) => a.attribute === c.attribute && a.class === c.class).map(({ sample }) => sample),
    ),
  );
}

/** Lists of one length; at least 1, so that no array is empty. */
function padded(rows: readonly (readonly number[])[]): PaddedLists {
  const k = rows.reduce((most, { length }) => Math.max(most, length), 1);
  const index = new Int32Array(rows.length * k);
  const valid = new Float32Array(rows.length * k);
  rows.forEach((own, row) => {
    own.forEach((sample, r) => {
      index[row * k + r] = sample;
      valid[row * k + r] = 1;
    });
  });
  return { k, index, valid };
}

/** What was mined for G×n rows, as flat arrays of k entries a row. */
export interface MinedSide {
  readonly k: number;
  readonly index: ArrayLike<number>;
  readonly valid: ArrayLike<number>;
}

/** One anchor per member of a selected class whose row has one (G×n of 0 and 1), with what was mined for it. */
export function anchorsOf(
  batch: Batch,
  selection: MinoritySelection,
  { level }: Options,
  sides: {
    readonly anchors: ArrayLike<number>;
    readonly positives: MinedSide;
    readonly negatives: MinedSide;
  },
): HardSamples {
  const mined = ({ k, index, valid }: MinedSide, row: number): number[] =>
    Array.from({ length: k }, (_, r) => row * k + r)
      .filter((place) => valid[place])
      .map((place) => index[place] as number);
  const anchors: Anchor[] = [];
  const byColumn = rowsByColumn(batch, level);
  batch.attributes.forEach(({ columns }, attribute) => {
    for (const k of selection.minority[attribute] as readonly number[]) {
      const column = columns[k] as number;
      for (let sample = 0; sample < batch.size; sample++) {
        if (batch.membership.get(sample, column) === 0) continue;
        const row = (byColumn ? column : attribute) * batch.size + sample;
        if (!sides.anchors[row]) continue;
        const [positives, negatives] = [mined(sides.positives, row), mined(sides.negatives, row)];
        anchors.push({ sample, attribute, class: k, positives, negatives });
      }
    }
  });
  return { anchors };
}
