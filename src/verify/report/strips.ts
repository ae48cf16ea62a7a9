/**
 * The specification's walk of a batch as strips: who is anchor, hard positive, hard negative, and where.
 *
 * @module
 */
import { outOfRange } from '../../../spec/errors.js';
import {
  type Anchor,
  type Batch,
  type BatchDocument,
  classScore,
  featureDistance,
  featuresOf,
  mineHardSamples,
  type Options,
  readDocument,
  selectMinority,
  toProbabilities,
} from '../../../spec/index.js';

/** The role of a sample in a strip. */
export type Role = 'anchor' | 'positive' | 'negative';

/** One sample of a strip. */
export interface Mark {
  readonly sample: number;
  /** Its score on the class, or its distance from the anchor. */
  readonly at: number;
  /** Whether it is of the class. */
  readonly member: boolean;
  readonly roles: readonly Role[];
}

/** One surviving minority class at class level; one anchor of it at instance level. */
export interface Strip {
  readonly title: string;
  /** What the position of a sample means. */
  readonly axis: string;
  readonly marks: readonly Mark[];
  /** The same in words, one line per anchor. */
  readonly words: readonly string[];
}

/** The anchors that the specification mines, or the given ones, among the samples of the batch. */
export function stripsOf(document: BatchDocument, came?: readonly Anchor[]): Strip[] {
  const read = readDocument(document);
  const { options } = read;
  const batch = options.level === 'class' ? toProbabilities(read.batch) : read.batch;
  const anchors = came ?? mineHardSamples(batch, selectMinority(batch, options), options).anchors;
  const strip = options.level === 'class' ? classStrip : anchorStrip;
  const groups = new Map<string, Anchor[]>();
  for (const anchor of anchors) {
    const key = [anchor.attribute, anchor.class, options.level === 'class' ? '' : anchor.sample].join();
    groups.set(key, [...(groups.get(key) ?? []), anchor]);
  }
  return [...groups.values()].map((group) => strip(batch, options, group as [Anchor, ...Anchor[]]));
}

/** Whether a value has the shape of a list of anchors; its indices may be wrong. */
export function areAnchors(value: unknown): value is readonly Anchor[] {
  const lists = (anchor: Partial<Anchor> | null) =>
    [anchor?.positives, anchor?.negatives].every(
      (list) => Array.isArray(list) && list.every(Number.isInteger),
    );
  const indices = (anchor: Partial<Anchor> | null) =>
    [anchor?.sample, anchor?.attribute, anchor?.class].every(Number.isInteger);
  return Array.isArray(value) && value.every((entry) => indices(entry) && lists(entry));
}

function classStrip(batch: Batch, _: Options, anchors: readonly [Anchor, ...Anchor[]]): Strip {
  const [{ attribute, class: k }] = anchors;
  const column = columnOf(batch, attribute, k);
  const { sign } = batch.columns[column] as { sign: number };
  const score = (i: number) => classScore(batch, i, column);
  return {
    title: `attribute ${attribute}, class ${k}`,
    axis: sign < 0 ? 'minus the score on present' : 'score on the class',
    marks: marksOf(batch, attribute, column, anchors, score),
    words: anchors.map(wordsOf),
  };
}

function anchorStrip(batch: Batch, _: Options, anchors: readonly [Anchor, ...Anchor[]]): Strip {
  const [{ attribute, class: k, sample }] = anchors;
  const features = featuresOf(batch, attribute);
  const distance = (i: number) => featureDistance(features, sample, i);
  return {
    title: `attribute ${attribute}, class ${k}, anchor ${sample}`,
    axis: 'distance from the anchor',
    marks: marksOf(batch, attribute, columnOf(batch, attribute, k), anchors, distance),
    words: anchors.map(wordsOf),
  };
}

function columnOf(batch: Batch, attribute: number, k: number): number {
  const column = batch.attributes[attribute]?.columns[k];
  if (column === undefined)
    outOfRange('label-out-of-range', 'anchor', `a class of attribute ${attribute}`, k);
  return column;
}

/** All labelled samples; one without a label for the attribute takes no part. */
function marksOf(
  batch: Batch,
  attribute: number,
  column: number,
  anchors: readonly Anchor[],
  place: (sample: number) => number,
): Mark[] {
  const labelled = [...Array(batch.size).keys()].filter((i) => batch.labelled.get(i, attribute) === 1);
  const roles = (i: number): Role[] => [
    ...(anchors.some(({ sample }) => sample === i) ? ['anchor' as const] : []),
    ...(anchors.some(({ positives }) => positives.includes(i)) ? ['positive' as const] : []),
    ...(anchors.some(({ negatives }) => negatives.includes(i)) ? ['negative' as const] : []),
  ];
  return labelled.map((sample) => ({
    sample,
    at: place(sample),
    member: batch.membership.get(sample, column) === 1,
    roles: roles(sample),
  }));
}

function wordsOf({ sample, positives, negatives }: Anchor): string {
  const list = (samples: readonly number[]) => samples.join(', ') || 'none';
  return `anchor ${sample}: hard positives ${list(positives)}; hard negatives ${list(negatives)}`;
}
