/**
 * Random batches that ask the hard questions: ties, empty and one-sample classes, long tails,
 * unlabelled samples, n_j on the ρ boundary, κ above every class size, sizes across block edges.
 *
 * Uniform scores would give almost no ties, so most scores come from small lattices. All scores are
 * numbers that float32 holds exactly (ruling: precision).
 *
 * @module
 */
import fc from 'fast-check';
import type {
  BalancedOptions,
  Batch,
  BatchDocument,
  Capabilities,
  Comparison,
  Encoding,
  Level,
} from '../spec/index.js';
import { createBatch, resolveOptions, selectMinority, writeDocument } from '../spec/index.js';

/** One case: a batch with complete options. */
export interface Case {
  readonly batch: Batch;
  readonly options: BalancedOptions;
  /** Where the symmetry properties take their permutation from. */
  readonly shuffle: number;
}

/** What kind of cases a property wants. */
export interface CaseOptions {
  /** Scores as logits. Default false. */
  readonly fromLogits?: boolean;
  /** Whether equal scores may occur in a column; without, class level only. Default true. */
  readonly ties?: boolean;
  /** Most samples in an ordinary case. Default 24. */
  readonly samples?: number;
  /** Class level only: what trains from scores alone. Default false. */
  readonly classLevel?: boolean;
  /** Whether scores may be left out at instance level. Default false. */
  readonly unscored?: boolean;
  /** Whether a few cases reach past the block edges 64 and 256. Default true. */
  readonly blockEdges?: boolean;
}

/** The case as a JSON document, as `crl explain` reads it. */
export function caseDocument({ batch, options }: Pick<Case, 'batch' | 'options'>): BatchDocument {
  return writeDocument(batch, options);
}

/** How a score is made of a whole number from 0 to {@link FINEST}. */
type ScoreKind = 'halves' | 'eighths' | 'tenths' | 'fine' | 'extreme';

const FINEST = 2 ** 20;
const EXTREMES = [0, 1, Math.fround(1e-7), Math.fround(2e-7), Math.fround(-1e-6), Math.fround(1 + 9e-7), 0.5];
const BLOCK_EDGES = [63, 64, 65, 255, 256, 257];
const RHOS = [0.5, 0.5, 0.25, 0.3, 0.75, 0.1, 0.9, 1];
const MARGINS = [0.5, 0.5, 0, 0.25, 0.3, 1, 2];

const PROBABILITY: Record<ScoreKind, (x: number) => number> = {
  halves: (x) => (x % 3) / 2,
  eighths: (x) => (x % 9) / 8,
  tenths: (x) => Math.fround((x % 11) / 10),
  fine: (x) => x / FINEST,
  extreme: (x) => EXTREMES[x % EXTREMES.length] as number,
};

const LOGIT: Record<ScoreKind, (x: number) => number> = {
  halves: (x) => (x % 3) - 1,
  eighths: (x) => (x % 33) / 4 - 4,
  tenths: (x) => Math.fround((x % 81) / 10 - 4),
  fine: (x) => (x / FINEST) * 16 - 8,
  extreme: (x) => (x % 5) * 20 - 40,
};

/** Cases that a backend with these capabilities must answer. */
export function cases(supports: Capabilities, wanted: CaseOptions = {}): fc.Arbitrary<Case> {
  const { blockEdges = true, samples = 24 } = wanted;
  const scoresOnly = wanted.classLevel || wanted.ties === false;
  const ordinary = fc.integer({ min: 1, max: samples }).map((n) => ({ n, edge: false }));
  const edge = fc.constantFrom(...BLOCK_EDGES).map((n) => ({ n, edge: true }));
  const size = blockEdges
    ? fc.oneof({ withCrossShrink: true }, { weight: 24, arbitrary: ordinary }, { weight: 1, arbitrary: edge })
    : ordinary;
  return fc
    .record({
      encoding: fc.constantFrom(...supports.encodings),
      level: fc.constantFrom(
        ...(scoresOnly ? supports.levels.filter((l) => l === 'class') : supports.levels),
      ),
      comparison: fc.constantFrom(...supports.comparisons),
      size,
    })
    .chain(({ size: { n, edge: large }, ...kind }) =>
      classCounts(kind.encoding).chain((attributes) => rawCase(kind, attributes, n, large, wanted)),
    );
}

function classCounts(encoding: Encoding): fc.Arbitrary<number[]> {
  if (encoding === 'multi-label') return fc.array(fc.constant(2), { minLength: 1, maxLength: 4 });
  if (encoding === 'one-attribute') return fc.integer({ min: 1, max: 8 }).map((k) => [k]);
  return fc.oneof(
    fc.integer({ min: 1, max: 8 }).map((k) => [k]),
    fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  );
}

/** What is computed of a batch. */
interface Kind {
  readonly encoding: Encoding;
  readonly level: Level;
  readonly comparison: Comparison;
}

function rawCase(
  { encoding, level, comparison }: Kind,
  attributes: number[],
  n: number,
  large: boolean,
  wanted: CaseOptions,
): fc.Arbitrary<Case> {
  const width = encoding === 'multi-label' ? attributes.length : attributes.reduce((a, b) => a + b, 0);
  const labelWidth = encoding === 'categorical' ? attributes.length : width;
  const kinds: ScoreKind[] = ['halves', 'eighths', 'tenths', 'fine', 'extreme'];
  const kind = wanted.ties === false ? fc.constant<ScoreKind>('fine') : fc.constantFrom(...kinds);
  const label = fc.tuple(fc.nat(99), fc.nat(99));
  const row = fc.record({
    label: fc.array(label, { minLength: labelWidth, maxLength: labelWidth }),
    score: fc.array(fc.nat(FINEST), { minLength: width, maxLength: width }),
    // enough for any width and one matrix an attribute; a small lattice, where squared distances are exact
    feature: fc.array(fc.nat(4), { minLength: 3 * attributes.length, maxLength: 3 * attributes.length }),
  });
  return fc
    .record({
      rows: large ? rowsOf(row, n) : fc.array(row, { minLength: 1, maxLength: n }),
      kind,
      tail: fc.constantFrom(0, 1, 2, 3),
      unlabelled: fc.constantFrom(0, 0, 10, 40),
      // past every class size, but not where triplets would explode
      kappa: large
        ? fc.integer({ min: 1, max: 8 })
        : fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: n + 3 })),
      rho: fc.constantFrom<number | 'boundary'>(...RHOS, 'boundary', 'boundary'),
      boundary: fc.nat(99),
      margin: fc.oneof(
        fc.constantFrom(...MARGINS),
        fc.array(fc.constantFrom(...MARGINS), { minLength: attributes.length, maxLength: attributes.length }),
      ),
      bins: fc.constantFrom(17, 2, 5, 33, 100),
      range: fc.constantFrom<readonly [number, number] | undefined>(
        undefined,
        undefined,
        [0, 4],
        [-0.5, 0.5],
        [0.25, 1.5],
      ),
      features: fc.record({ width: fc.integer({ min: 1, max: 3 }), perAttribute: fc.boolean() }),
      unscored: fc.constantFrom(false, false, wanted.unscored ?? false),
      defaultMargin: fc.boolean(),
      shuffle: fc.nat(),
      alpha: fc.oneof(
        fc.constantFrom(1, 0.5, 0.25, 0),
        fc.nat(100).map((x) => x / 100),
      ),
    })
    .map((raw): Case => {
      const toScore = (wanted.fromLogits ? LOGIT : PROBABILITY)[raw.kind];
      const batch = createBatch({
        attributes,
        encoding,
        fromLogits: wanted.fromLogits ?? false,
        labels: raw.rows.map(({ label: draws }) =>
          draws.map((draw, l) => toLabel(encoding, attributes[l] as number, draw, raw.tail, raw.unlabelled)),
        ),
        ...(level === 'instance'
          ? {
              features: featureRows(
                raw.rows,
                attributes.length,
                raw.features.width,
                raw.features.perAttribute,
              ),
            }
          : {}),
        ...(level === 'instance' && raw.unscored
          ? {}
          : {
              scores: distinctScores(
                raw.rows.map(({ score }) => score),
                wanted.ties ?? true,
              ).map((row) => row.map(toScore)),
            }),
      });
      const options = resolveOptions(batch, {
        level,
        comparison,
        kappa: raw.kappa,
        bins: raw.bins,
        ...(raw.range ? { range: raw.range } : {}),
        ...(raw.defaultMargin ? {} : { margin: raw.margin }),
        rho: raw.rho === 'boundary' ? boundaryRho(batch, raw.boundary) : raw.rho,
      });
      return { batch, options: { ...options, alpha: raw.alpha }, shuffle: raw.shuffle };
    });
}

/** Exactly n rows, which nevertheless shrink to fewer: a minimum length would keep every sample. */
function rowsOf<Row>(row: fc.Arbitrary<Row>, n: number): fc.Arbitrary<Row[]> {
  const exact = fc.array(row, { minLength: n, maxLength: n });
  const fewer = fc.array(row, { minLength: 1, maxLength: n });
  return new (class extends fc.Arbitrary<Row[]> {
    override generate(random: fc.Random, bias: number | undefined): fc.Value<Row[]> {
      return new fc.Value(exact.generate(random, bias).value, undefined);
    }
    override canShrinkWithoutContext(value: unknown): value is Row[] {
      return fewer.canShrinkWithoutContext(value);
    }
    override shrink(value: Row[], context: unknown): fc.Stream<fc.Value<Row[]>> {
      return fewer.shrink(value, context);
    }
  })();
}

/** n×width, shared; or one such matrix an attribute. */
function featureRows(
  rows: readonly { readonly feature: readonly number[] }[],
  attributes: number,
  width: number,
  perAttribute: boolean,
): number[][] | number[][][] {
  const matrix = (j: number) => rows.map(({ feature }) => feature.slice(3 * j, 3 * j + width));
  return perAttribute ? Array.from({ length: attributes }, (_, j) => matrix(j)) : matrix(0);
}

/** A long-tailed label: the larger `tail`, the rarer the higher classes; `unlabelled` in per cent. */
function toLabel(
  encoding: Encoding,
  classes: number,
  [draw, lot]: [number, number],
  tail: number,
  unlabelled: number,
): number {
  const skewed = (draw / 100) ** (1 + tail);
  if (encoding === 'one-attribute') return +(skewed > 0.4);
  if (lot < unlabelled) return -1;
  return Math.floor(skewed * (encoding === 'multi-label' ? 2 : classes));
}

/** Without ties, the draws of a column are replaced by their ranks, spread out: n distinct numbers. */
function distinctScores(rows: number[][], ties: boolean): number[][] {
  if (ties) return rows;
  const spread = Math.floor(FINEST / (rows.length + 1));
  const rank = (i: number, s: number) => {
    const own = rows[i]?.[s] as number;
    return rows.filter((row, k) => (row[s] as number) < own || (row[s] === own && k < i)).length;
  };
  return rows.map((row, i) => row.map((_, s) => (rank(i, s) + 1) * spread));
}

/** A ρ for which ρ·n_j is, but for rounding, what some prefix of an attribute's classes holds. */
function boundaryRho(batch: Batch, choice: number): number {
  const { profile } = selectMinority(batch, resolveOptions(batch));
  const sizes = [...(profile[choice % profile.length] as number[])].sort((a, b) => a - b);
  const labelled = batch.encoding === 'one-attribute' ? batch.size : sizes.reduce((a, b) => a + b, 0);
  const reachable = sizes
    .map((_, last) => sizes.slice(0, last + 1).reduce((held, size) => held + size, 0) / (labelled || 1))
    .filter((rho) => rho > 0 && rho <= 1);
  return reachable.length === 0 ? 0.5 : (reachable[choice % reachable.length] as number);
}
