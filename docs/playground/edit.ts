/**
 * Edits of a document, each of which gives a new one that the specification accepts.
 *
 * @module
 */
import type { BatchDocument } from '../../spec/index.js';
import { round } from './state.js';
import type { Found } from './walk.js';

/** Gives a sample the next class of an attribute; after the last class it is unlabelled. */
export function withNextLabel(document: BatchDocument, sample: number, attribute: number): BatchDocument {
  const labels = document.labels.map((row) => [...row]);
  const row = labels[sample] as (number | null)[];
  const classes = document.encoding === 'one-attribute' ? 2 : classesOf(document, attribute);
  const label = row[attribute] ?? -1;
  // one attribute whose classes exclude each other is written as one column per class, 0 or 1
  row[attribute] = document.encoding === 'one-attribute' ? 1 - label : label + 1 === classes ? -1 : label + 1;
  return { ...document, labels };
}

function classesOf({ attributes }: BatchDocument, attribute: number): number {
  const given = attributes[attribute];
  return Array.isArray(given) ? given.length : typeof given === 'number' ? given : 2;
}

/** Moves a sample's score in one column. Probabilities of one attribute go on adding up to 1. */
export function withScore(
  document: BatchDocument,
  { batch }: Found,
  sample: number,
  column: number,
  value: number,
): BatchDocument {
  if (document.scores === undefined) return document;
  const scores = document.scores.map((row) => [...row]);
  const row = scores[sample] as number[];
  if (document.fromLogits) row[column] = round(value);
  else {
    const p = Math.min(1, Math.max(0, round(value)));
    const own = batch.attributes.find(({ columns }) => columns.includes(column))?.columns ?? [];
    const others = batch.encoding === 'categorical' ? own.filter((other) => other !== column) : [];
    const rest = others.reduce((sum, other) => sum + (row[other] as number), 0);
    for (const other of others)
      row[other] = rest > 0 ? ((row[other] as number) / rest) * (1 - p) : (1 - p) / others.length;
    row[column] = p;
  }
  return { ...document, scores };
}

/** Moves a sample in the plane of its first two features. */
export function withPoint(document: BatchDocument, sample: number, x: number, y: number): BatchDocument {
  const { features } = document;
  if (!isPlane(features)) return document;
  return {
    ...document,
    features: features.map((row, i) => (i === sample ? [round(x), round(y), ...row.slice(2)] : row)),
  };
}

/** Whether features are shared by all attributes, and at least two numbers wide. */
export function isPlane(features: BatchDocument['features']): features is readonly (readonly number[])[] {
  return typeof features?.[0]?.[0] === 'number' && features[0].length > 1;
}

/** Changes options; `undefined` restores a default. */
export function withOptions(document: BatchDocument, change: Record<string, unknown>): BatchDocument {
  const options = Object.entries({ ...document.options, ...change }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...document, options: Object.fromEntries(options) };
}

/** How far a step goes along the slope. */
const RATE = 0.05;

/**
 * One step of gradient descent on what the loss is a function of: the scores, or at instance level the features.
 * Probabilities stay probabilities: those of one attribute lose what their slopes have in common, and are scaled
 * to add up to 1.
 */
export function descended(document: BatchDocument, { batch, slopes, options }: Found): BatchDocument {
  const most = Math.max(...slopes.flat().map(Math.abs), 0);
  if (most === 0) return document;
  const rate = RATE / most;
  if (options.level === 'instance') {
    const { features } = document;
    if (!isPlane(features)) return document;
    return {
      ...document,
      features: features.map((row, i) => row.map((x, t) => x - rate * (slopes[i]?.[t] ?? 0))),
    };
  }
  if (document.scores === undefined) return document;
  const scores = document.scores.map((row, i) => {
    const slope = slopes[i] as readonly number[];
    if (document.fromLogits) return row.map((z, s) => z - rate * (slope[s] as number));
    const next = [...row];
    if (batch.encoding !== 'categorical')
      return row.map((p, s) => Math.min(1, Math.max(0, p - rate * (slope[s] as number))));
    for (const { columns } of batch.attributes) {
      const mean = columns.reduce((sum, s) => sum + (slope[s] as number), 0) / columns.length;
      for (const s of columns)
        next[s] = Math.max(0, (row[s] as number) - rate * ((slope[s] as number) - mean));
      const sum = columns.reduce((total, s) => total + (next[s] as number), 0);
      for (const s of columns) next[s] = (next[s] as number) / sum;
    }
    return next;
  });
  return { ...document, scores };
}
