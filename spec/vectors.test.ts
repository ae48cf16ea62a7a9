import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NdArray } from 'ndarray';
import { describe, expect, it } from 'vitest';
import {
  balancedLoss,
  classBalancedAccuracy,
  crossEntropy,
  formTriplets,
  globalBatchLoss,
  imbalance,
  isInputError,
  meanAccuracy,
  mineHardSamples,
  perReplicaLoss,
  predictedClasses,
  predictedLabels,
  readDocument,
  rectificationLoss,
  rectificationWeight,
  rulings,
  selectMinority,
  shardBatch,
  toProbabilities,
  writeDocument,
} from './index.js';

interface Vector {
  readonly id: string;
  readonly kind: string;
  readonly flags: readonly string[];
  readonly rulings: readonly string[];
  readonly equations: readonly string[];
  readonly working: string;
  readonly document?: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: JSON, a form for each kind
  readonly input?: any;
  readonly expected: Record<string, unknown>;
}

/** Every point without a derivative, and every edge of the histograms. */
const KINKS = [
  'hinge-at-0',
  'absolute-value-at-0',
  'norm-at-0',
  'squared-hinge-at-0',
  'node',
  'lo',
  'hi',
  'below-lo',
  'above-hi',
  'log-floor',
];
/** What must come out exactly; other numbers are compared to 1e-12. */
const EXACT = ['profile', 'minority', 'anchors', 'triplets', 'predicted', 'empty', 'error'];

const folder = join(import.meta.dirname, 'vectors');
const files = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const vectors: Vector[] = files.flatMap((file) => file.vectors);
const flagged = (flag: string) => vectors.filter(({ flags }) => flags.includes(flag));

/** What the specification answers, as plain data: for `walk`, what `explain` does. */
const answers: Record<string, (vector: Vector) => unknown> = {
  walk: ({ document }) => walk(document),
  balanced: ({ document }) => balanced(document),
  weighted: ({ input: { document, weights } }) => balanced(document, weights),
  imbalance: ({ input }) => ({ omega: imbalance(input.counts, input.measure) }),
  weight: ({ input }) => ({ alpha: rectificationWeight(input.omega, input.eta) }),
  prediction: ({ input: { scores, classes, labels, threshold } }) => ({
    predicted:
      labels === undefined ? predictedClasses(scores, classes) : predictedLabels(scores, labels, threshold),
  }),
  accuracy: ({ input }) => accuracy(input),
  'global-batch': ({ input }) => replicas(globalBatchLoss, input),
  'per-replica': ({ input }) => replicas(perReplicaLoss, input),
  'mean-accuracy': ({ input }) => ({ accuracy: meanAccuracy(input.attributes.map(accuracy)) }),
};

function balanced(document: unknown, weights?: number[]) {
  const { batch, options, alpha } = readDocument(document);
  const found = balancedLoss(batch, { ...options, alpha: alpha as number }, weights);
  const { gradient, featureGradient, ...rest } = found;
  return {
    ...rest,
    gradient: nested(gradient),
    featureGradient: featureGradient && nested(featureGradient),
  };
}

/** A list of losses and a list of gradients, each with an entry per replica. */
function replicas(
  lossOf: typeof globalBatchLoss,
  { document, sizes, averaging, weights }: ReplicasInput,
): Record<string, unknown> {
  const { batch, options, alpha } = readDocument(document);
  const ends = sizes.map((_, r) => sizes.slice(0, r + 1).reduce((sum, size) => sum + size, 0));
  const ofShards = weights && sizes.map((size, r) => weights.slice((ends[r] as number) - size, ends[r]));
  const step = { averaging, ...(ofShards ? { weights: ofShards } : {}) };
  const found = lossOf(shardBatch(batch, sizes), { ...options, alpha: alpha as number }, step);
  return { loss: found.map(({ loss }) => loss), gradient: found.map(({ gradient }) => nested(gradient)) };
}

interface ReplicasInput {
  readonly document: unknown;
  readonly sizes: readonly number[];
  readonly averaging: 'average' | 'sum';
  readonly weights?: readonly number[];
}

function walk(document: unknown) {
  const { batch: given, options, alpha } = readDocument(document);
  const batch = toProbabilities(given);
  const selection = selectMinority(batch, options);
  const hard = mineHardSamples(batch, selection, options);
  const triplets = formTriplets(hard);
  const { loss, gradient } = rectificationLoss(batch, hard, triplets, options);
  const found = { ...selection, ...hard, triplets: nested(triplets), loss, gradient: nested(gradient) };
  if (alpha === undefined) return found;
  const ce = crossEntropy(given);
  return { ...found, crossEntropy: ce, balanced: alpha * loss + (1 - alpha) * ce };
}

function accuracy(input: { actual: number[]; predicted: number[]; classes: number }) {
  return classBalancedAccuracy(input.actual, input.predicted, input.classes);
}

/** An ndarray as nested arrays. */
function nested(array: NdArray, at: readonly number[] = []): unknown {
  if (at.length === array.shape.length) return array.get(...at);
  return Array.from({ length: array.shape[at.length] as number }, (_, i) => nested(array, [...at, i]));
}

/** The answer, or the refusal as a vector writes it. */
function answer(vector: Vector): Record<string, unknown> {
  try {
    return answers[vector.kind]?.(vector) as Record<string, unknown>;
  } catch (error) {
    if (!isInputError(error)) throw error;
    return { error: { code: error.code, where: error.where } };
  }
}

/** Where two answers differ by more than 1e-12 of max(1, |x|); NaN differs from everything. */
function differences(got: unknown, want: unknown, where: string): string[] {
  if (Array.isArray(got) && Array.isArray(want) && got.length === want.length) {
    return want.flatMap((w, i) => differences(got[i], w, `${where}[${i}]`));
  }
  const near =
    typeof got === 'number' &&
    typeof want === 'number' &&
    Math.abs(got - want) <= 1e-12 * Math.max(1, Math.abs(want));
  return near || (got === null && want === null) ? [] : [`${where}: ${got}, not ${want}`];
}

function expectVector({ expected }: Vector, got: Record<string, unknown>): void {
  if ('error' in got || 'error' in expected) expect(got).toEqual(expected);
  for (const [key, want] of Object.entries(expected)) {
    if (EXACT.includes(key)) expect(got[key], key).toEqual(want);
    else expect(differences(got[key], want, key)).toEqual([]);
  }
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

/** A document with one number of its features, else of its scores, moved by a step. */
function moved(document: unknown, at: number, step: number): unknown {
  const copy = structuredClone(document) as { scores: number[][]; features?: number[][] | number[][][] };
  const rows = (copy.features ?? copy.scores).flatMap((row) =>
    Array.isArray(row[0]) ? (row as number[][]) : [row as number[]],
  );
  const width = rows[0]?.length as number;
  const row = rows[Math.floor(at / width)] as number[];
  row[at % width] = (row[at % width] as number) + step;
  return copy;
}

const inFloat32 = ({ document, input }: Vector) =>
  numbersIn([document, input]).every((x) => Math.fround(x) === x);

describe('the vectors', () => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    expectVector(vector, answer(vector));
  });

  it('are many, each with its own name and a title a file', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(60);
    const names = [...vectors.map(({ id }) => id), ...files.map(({ title }) => title.toLowerCase())];
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]); // both are anchors of one page
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  it('say what they are', () => {
    for (const { id, kind, flags, working, document, input, expected } of vectors) {
      expect(Object.keys(answers), id).toContain(kind);
      expect(flags.length, id).toBeGreaterThan(0);
      expect(working, id).toMatch(/^[^\n]{10,}$/);
      expect([document, input].filter((given) => given !== undefined).length, id).toBe(1);
      expect(document !== undefined, id).toBe(kind === 'walk' || kind === 'balanced');
      expect(Object.keys(expected).length, id).toBeGreaterThan(0);
      expect('error' in expected, id).toBe(flags.includes('refusal'));
    }
  });

  it('show every ruling, and none that does not exist', () => {
    const shown = new Set(vectors.flatMap((vector) => vector.rulings));
    expect([...shown].sort()).toEqual(rulings.map(({ name }) => name).sort());
  });

  it('show every numbered equation', () => {
    const shown = new Set(vectors.flatMap(({ equations }) => equations));
    expect([...shown].map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 17 }, (_, i) => i + 2));
  });

  it('show every kink, with its gradient, in numbers that float32 holds', () => {
    for (const kink of KINKS) {
      const shown = flagged(kink).filter(
        ({ flags, expected }) => flags.includes('kink') && expected.gradient,
      );
      expect(shown.length, kink).toBeGreaterThan(0);
    }
    expect(flagged('kink').filter((vector) => !inFloat32(vector))).toEqual([]);
    expect(flagged('kink').filter(({ flags }) => !flags.some((flag) => KINKS.includes(flag)))).toEqual([]);
    expect(flagged('float64').filter(inFloat32)).toEqual([]);
  });

  it('have the gradient of finite differences, away from kinks and ties', () => {
    const unsmooth = ['kink', 'tie', 'logits'];
    const smooth = vectors.filter(
      ({ kind, flags, expected }) =>
        kind === 'walk' && expected.gradient && !flags.some((flag) => unsmooth.includes(flag)),
    );
    expect(smooth.length).toBeGreaterThan(10);
    for (const { id, document, expected } of smooth) {
      numbersIn(expected.gradient).forEach((slope, at) => {
        const [above, below] = [2 ** -20, -(2 ** -20)].map((step) => walk(moved(document, at, step)).loss);
        expect(((above as number) - (below as number)) * 2 ** 19, `${id}, number ${at}`).toBeCloseTo(
          slope,
          6,
        );
      });
    }
  });

  it('come out the same when written and read back', () => {
    const walks = vectors.filter(({ kind, expected }) => kind === 'walk' && !('error' in expected));
    for (const vector of walks) {
      const { batch, options, alpha } = readDocument(vector.document);
      const written = writeDocument(batch, alpha === undefined ? options : { ...options, alpha });
      expectVector(vector, answer({ ...vector, document: JSON.parse(JSON.stringify(written)) }));
    }
  });
});
