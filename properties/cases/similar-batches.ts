/**
 * Batches that are like another in one way, so that what a backend keeps of the one may be taken for the other.
 *
 * @module
 */
import {
  type BalancedOptions,
  type BatchDocument,
  createBatch,
  type Encoding,
  resolveOptions,
  writeDocument,
} from '../../spec/index.js';
import type { Way } from '../coverage/index.js';
import type { Case } from './arbitraries.js';
import { mixed } from './mixed.js';
import { halfTwice } from './permute.js';

/** What two batches share. */
export type Likeness = Extract<Way, `like-${string}`>;

/** A case that is like another, and in what. */
export interface SimilarCase {
  readonly way: Likeness;
  readonly similar: Case;
}

/** The parts of a document that differ. */
type Changed = Partial<BatchDocument>;

/**
 * What few batches can be like. Those that a batch can be, which are two at most, come in two of five turns each; in the
 * other turns comes what most batches can be like.
 */
const RARE: readonly Likeness[] = ['like-columns', 'like-digits', 'like-class-sizes', 'like-shapes'];
const TURNS = [0, 1, 0, 1, undefined] as const;

/**
 * A batch that is like that of a case: in its class counts, its class sizes, its arrays, its number of columns, or in
 * all but its samples.
 */
export function similarCase(given: Case, encodings: readonly Encoding[]): SimilarCase {
  const { batch, options, shuffle } = given;
  const document = writeDocument(batch, options);
  const lot = Math.floor(shuffle / TURNS.length);
  const likenesses: readonly (readonly [Likeness, Changed | undefined])[] = [
    ['like-columns', attributesReversed(document)],
    ['like-digits', digitsSplitElsewhere(document, lot)],
    ['like-class-sizes', withBlankSamples(document)],
    ['like-arrays-as-logits', readAsLogits(document)],
    ['like-shapes', inAnotherEncoding(document, encodings)],
    ['like-sizes', {}],
  ];
  const possible = likenesses.flatMap(([way, changed]) => (changed ? [{ way, changed }] : []));
  const rare = possible.filter(({ way }) => RARE.includes(way));
  const usual = possible.filter((one) => !rare.includes(one));
  // logits can be like others in nothing else than their size: all other batches are more often taken for logits
  const others = usual.flatMap((one) => (one.way === 'like-sizes' ? [one] : [one, one, one]));
  const turn = TURNS[shuffle % TURNS.length];
  const inTurn = turn === undefined ? undefined : rare[turn];
  const { way, changed } = inTurn ?? (others[lot % others.length] as (typeof others)[number]);
  if (way === 'like-sizes') return { way, similar: { ...given, batch: halfTwice(batch, shuffle) } };
  const { options: _, ...rest } = { ...document, ...changed };
  const other = createBatch(rest as Parameters<typeof createBatch>[0]);
  return { way, similar: { batch: other, options: optionsFor(other, options), shuffle } };
}

/** The same options, with the first margin for all attributes. */
function optionsFor(batch: Case['batch'], { margin, alpha, ...choices }: BalancedOptions): BalancedOptions {
  return { ...resolveOptions(batch, { ...choices, margin: margin[0] as number }), alpha };
}

function countsOf({ attributes }: BatchDocument): readonly number[] {
  return attributes as readonly number[];
}

function isCategorical({ encoding = 'categorical' }: BatchDocument): boolean {
  return encoding === 'categorical';
}

/** Class counts in the opposite order: as many columns in all. */
function attributesReversed(document: BatchDocument): Changed | undefined {
  const counts = countsOf(document);
  const reversed = [...counts].reverse();
  if (!isCategorical(document) || counts.every((count, j) => count === reversed[j])) return undefined;
  return { attributes: reversed, labels: document.labels.map((row) => [...row].reverse()) };
}

/** The most classes of an attribute whose count is made of digits. */
const MOST_CLASSES = 350;

/** Class counts that read alike without what parts them: 3 and 12 as 31 and 2, or as 312. */
function digitsSplitElsewhere(document: BatchDocument, shuffle: number): Changed | undefined {
  const counts = countsOf(document);
  if (!isCategorical(document)) return undefined;
  const [first, ...rest] = counts.length > 1 ? [counts.slice(0, 2), ...counts.slice(2)] : [counts];
  const digits = (first as readonly number[]).join('');
  const others = Array.from({ length: digits.length }, (_, at) =>
    at === 0 ? [digits] : [digits.slice(0, at), digits.slice(at)],
  )
    .filter((parts) => parts.every((part) => !part.startsWith('0')))
    .map((parts) => parts.map(Number))
    .filter((parts) => Math.max(...parts) <= MOST_CLASSES && parts.join() !== first?.join());
  if (others.length === 0) return undefined;
  // as many attributes rather than others: such counts are told apart by nothing else
  const alike = others.filter((parts) => parts.length === first?.length);
  const among = alike.length > 0 ? alike : others;
  const attributes = [...(among[shuffle % among.length] as number[]), ...(rest as number[])];
  const width = attributes.reduce((a, b) => a + b, 0);
  const labels = document.labels.map((row, i) =>
    attributes.map((classes, j) => {
      const own = row[j % row.length];
      return own === null || own === undefined || own < 0 ? -1 : (own + (mixed(i + 1, j) % 2)) % classes;
    }),
  );
  const { scores, features } = document;
  return {
    attributes,
    labels,
    ...(scores
      ? {
          scores: scores.map((row) => Array.from({ length: width }, (_, s) => row[s % row.length] as number)),
        }
      : {}),
    ...(features && isPerAttribute(features) ? { features: attributes.map((_, j) => at(features, j)) } : {}),
  };
}

type Features = NonNullable<BatchDocument['features']>;
type Matrices = readonly (readonly (readonly number[])[])[];

function isPerAttribute(features: Features): features is Matrices {
  return Array.isArray(features[0]?.[0]);
}

/** Matrix j, or as many before it as there are. */
function at(matrices: Matrices, j: number): readonly (readonly number[])[] {
  return matrices[j % matrices.length] as readonly (readonly number[])[];
}

/** As many samples again of no class: class sizes are the same, n and with it ρ·n are not. */
function withBlankSamples(document: BatchDocument): Changed | undefined {
  if (document.encoding !== 'one-attribute') return undefined;
  const twice = <T>(rows: readonly T[]) => [...rows, ...rows];
  const { labels, scores, features } = document;
  return {
    labels: [...labels, ...labels.map((row) => row.map(() => 0))],
    ...(scores ? { scores: twice(scores) } : {}),
    ...(features
      ? { features: isPerAttribute(features) ? features.map(twice) : twice(features as Matrices[number]) }
      : {}),
  };
}

/** The same arrays, whose scores are logits now. */
function readAsLogits({ fromLogits, scores }: BatchDocument): Changed | undefined {
  return fromLogits || scores === undefined ? undefined : { fromLogits: true };
}

/** One attribute of K classes as K labels of which one is present, and the reverse. */
function inAnotherEncoding(document: BatchDocument, encodings: readonly Encoding[]): Changed | undefined {
  const { labels } = document;
  const [classes = 0, ...others] = countsOf(document);
  if (isCategorical(document)) {
    const isWhole = labels.every(([label]) => typeof label === 'number' && label >= 0);
    if (others.length > 0 || !isWhole || !encodings.includes('one-attribute')) return undefined;
    const present = (label: unknown) => Array.from({ length: classes }, (_, k) => +(k === label));
    return { encoding: 'one-attribute', labels: labels.map(([label]) => present(label)) };
  }
  if (document.encoding !== 'one-attribute' || !encodings.includes('categorical')) return undefined;
  return { encoding: 'categorical', labels: labels.map((row) => [row.indexOf(1)]) };
}
