/**
 * Backends that are right when they are called once: what they keep from one call to the next is told apart
 * by too little.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import { type BalancedLoss, type BalancedOptions, type Batch, selectMinority } from '../../spec/index.js';
import { entries } from '../walk.js';
import { scaled, type WholeBackend } from './compose.js';
import { type WrongBackend, wrapped } from './wrong-backend.js';

const REFILLED = 'refilled-batch-heeded';
const PARTS = 'batch-parts-heeded';

/** Wrong backends of repeated calls. */
export const repeatedCalls: readonly WrongBackend[] = [
  remembering(
    'remembers-by-arrays',
    'results are kept by the arrays of a batch, which a caller may fill again',
    REFILLED,
    ({ scores, membership, labelled, features }, options, same) => [
      ...[scores, membership, labelled, ...(features?.matrices ?? [])].map(({ data }) => same(data)),
      options,
    ],
  ),
  remembering(
    'remembers-by-labels',
    'results are kept by the labels and the options, without the scores',
    PARTS,
    (batch, options) => [
      batch.attributes,
      ofLabels(batch),
      batch.fromLogits,
      batch.scored,
      shapes(batch),
      options,
    ],
  ),
  wrapped(
    'divides-by-last-triplets',
    'L_crl is divided by the number of triplets that were formed last, whichever are given',
    'calls-independent',
    (right) => {
      let count = 0;
      return {
        formTriplets(hard, options) {
          const formed = right.formTriplets(hard, options);
          count = formed.shape[0] as number;
          return formed;
        },
        rectificationLoss(batch, hard, triplets, options) {
          const found = right.rectificationLoss(batch, hard, triplets, options);
          const own = triplets.shape[0] as number;
          if (options.comparison !== 'relative' || own === 0 || count === 0) return found;
          return { loss: (found.loss * own) / count, gradient: scaled(found.gradient, own / count) };
        },
      };
    },
  ),
  wrapped(
    'gradients-in-an-arena',
    'gradients of features lie in an arena of 65,536 numbers that is used again when it is full',
    'results-unaliased',
    (right) => {
      const arena = new Float64Array(65_536);
      let end = 0;
      return {
        balancedLoss(batch, options) {
          const found = right.balancedLoss(batch, options);
          const { featureGradient: slopes } = found;
          if (slopes === undefined || slopes.size > arena.length) return found;
          const start = end + slopes.size > arena.length ? 0 : end;
          end = start + slopes.size;
          arena.set(entries(slopes), start);
          return { ...found, featureGradient: ndarray(arena.subarray(start, end), [...slopes.shape]) };
        },
      };
    },
  ),
  wrapped(
    'compiled-without-masks',
    'whether samples may be unlabelled is taken from the first batch',
    'mining-agrees',
    (right) => {
      let masked: boolean | undefined;
      return {
        mineHardSamples(batch, selection, options) {
          masked ??= entries(batch.labelled).includes(0);
          return right.mineHardSamples(masked ? batch : allLabelled(batch), selection, options);
        },
        balancedLoss(batch, options) {
          masked ??= entries(batch.labelled).includes(0);
          return right.balancedLoss(masked ? batch : allLabelled(batch), options);
        },
      };
    },
  ),
  remembering(
    'remembers-by-scores',
    'results are kept by the scores, the features and the options, without the labels',
    PARTS,
    (batch, options) => [batch.attributes, batch.encoding, batch.fromLogits, ofInputs(batch), options],
  ),
  remembering(
    'remembers-by-outer-samples',
    'results are kept by the first and the last sample, the number of samples and the options',
    PARTS,
    (batch, options) => [
      batch.attributes,
      batch.encoding,
      batch.fromLogits,
      batch.scored,
      [batch.membership, batch.labelled, batch.scores, ...(batch.features?.matrices ?? [])].map(outerRows),
      options,
    ],
  ),
  remembering(
    'remembers-by-first-features',
    'at instance level, results are kept by the labels, the options and the features of the first attribute',
    PARTS,
    (batch, options) =>
      options.level === 'instance'
        ? [
            batch.attributes,
            batch.encoding,
            batch.fromLogits,
            ofLabels(batch),
            ofInputs(withFirstFeaturesOnly(batch)),
            options,
          ]
        : undefined,
  ),
  remembering(
    'remembers-by-first-margin',
    'results for a batch are kept by the margin of its first attribute',
    'options-heeded',
    (batch, { margin, ...others }, same) => [same(batch), margin[0], others],
  ),
  remembering(
    'neighbours-by-array',
    'at instance level, results are kept by the arrays of the features',
    REFILLED,
    ({ features }, options, same) =>
      options.level === 'instance' && features
        ? [features.matrices.map(({ data }) => same(data)), options]
        : undefined,
  ),
  remembering(
    'remembers-refilled-scores',
    'at class level, results are kept by the array of the scores and the class sizes, not by the scores in it',
    REFILLED,
    (batch, options, same) =>
      options.level === 'class'
        ? [same(batch.scores.data), selectMinority(batch, options), batch.fromLogits, options]
        : undefined,
  ),
  remembering(
    'remembers-by-options-object',
    'results are kept by the objects of batch and options, which a caller may write to',
    REFILLED,
    (batch, options, same) => [same(batch), same(options)],
  ),
  remembering(
    'remembers-without-rho',
    'results for a batch are kept without ρ',
    'options-heeded',
    (batch, { rho, ...others }, same) => [same(batch), others],
  ),
  remembering(
    'remembers-without-margin',
    'results for a batch are kept without the margin',
    'options-heeded',
    (batch, { margin, ...others }, same) => [same(batch), others],
  ),
  remembering(
    'remembers-without-range',
    'results for a batch are kept without the bins and their range',
    'options-heeded',
    (batch, { range, bins, ...others }, same) => [same(batch), others],
  ),
  remembering(
    'remembers-alpha-in-percent',
    'results for a batch are kept by α in whole per cents',
    'options-heeded',
    (batch, { alpha, ...others }, same) => [same(batch), Math.round(100 * alpha), others],
  ),
  wrapped(
    'options-by-schema',
    'the ρ and κ of the first batch with these attributes hold for later ones',
    'options-heeded',
    (right) => {
      const kept = new Map<string, Pick<BalancedOptions, 'rho' | 'kappa'>>();
      return {
        balancedLoss(batch, options) {
          const key = JSON.stringify([batch.attributes, batch.encoding]);
          const { rho, kappa } = kept.get(key) ?? options;
          kept.set(key, { rho, kappa });
          return right.balancedLoss(batch, { ...options, rho, kappa });
        },
      };
    },
  ),
  pooling(
    'eight-calls-at-once',
    'of more than eight calls at once, the ninth takes the memory of the first',
    8,
  ),
  pooling(
    'sixteen-calls-at-once',
    'of more than sixteen calls at once, the seventeenth takes the memory of the first',
    16,
  ),
  wrapped('marks-the-batch', 'a hidden property is written on the batch', 'input-unchanged', (right) => ({
    balancedLoss(batch, options) {
      Object.defineProperty(batch, 'seen', { value: true, configurable: true });
      return right.balancedLoss(batch, options);
    },
  })),
  wrapped(
    'minority-kept-on-the-batch',
    'the minority classes are kept on the batch under a symbol, whatever ρ is later',
    'options-heeded',
    (right) => {
      const KEPT = Symbol('rho');
      return {
        balancedLoss(batch, options) {
          const own = batch as Batch & { [KEPT]?: number };
          own[KEPT] ??= options.rho;
          return right.balancedLoss(batch, { ...options, rho: own[KEPT] });
        },
      };
    },
  ),
  wrapped(
    'limit-of-larger-batch',
    'where the batch before was larger, ρ is taken of its size',
    'balanced-agrees',
    (right) => {
      let before = 0;
      return {
        balancedLoss(batch, options) {
          const grown = Math.max(1, before / batch.size);
          before = batch.size;
          return right.balancedLoss(batch, { ...options, rho: Math.min(1, options.rho * grown) });
        },
      };
    },
  ),
  wrapped(
    'stamps-in-five-bits',
    'marks that are told apart by the number of the call in five bits: every thirty-second call is wrong',
    'calls-independent',
    (right) => {
      let calls = 0;
      return {
        balancedLoss(batch, options) {
          calls = (calls + 1) % 32;
          return right.balancedLoss(batch, calls === 0 ? { ...options, kappa: options.kappa + 1 } : options);
        },
      };
    },
  ),
];

/** A number for each object, the same for the same object. */
type Same = (of: object) => number;

/**
 * Returns earlier results of the whole walk wherever the key is the same; the key lacks something.
 *
 * @param keyOf - the key, to be written as JSON; undefined where nothing is kept
 */
function remembering(
  id: string,
  error: string,
  caughtBy: string,
  keyOf: (batch: Batch, options: BalancedOptions, same: Same) => unknown,
): WrongBackend {
  return wrapped(id, error, caughtBy, (right) => {
    const numbers = new WeakMap<object, number>();
    const kept = new Map<string, BalancedLoss>();
    let objects = 0;
    const same = (of: object): number => {
      const own = numbers.get(of) ?? objects++;
      numbers.set(of, own);
      return own;
    };
    return {
      balancedLoss(batch, options) {
        const key = keyOf(batch, options, same);
        if (key === undefined) return right.balancedLoss(batch, options);
        const name = JSON.stringify(key);
        const found = kept.get(name) ?? right.balancedLoss(batch, options);
        kept.set(name, found);
        return found;
      },
    };
  });
}

function ofLabels({ membership, labelled }: Batch): unknown {
  return [[...entries(membership)], [...entries(labelled)]];
}

function allLabelled(batch: Batch): Batch {
  const { shape, size } = batch.labelled;
  return { ...batch, labelled: ndarray(new Uint8Array(size).fill(1), [...shape]) };
}

function withFirstFeaturesOnly(batch: Batch): Batch {
  const { features } = batch;
  return features ? { ...batch, features: { ...features, matrices: features.matrices.slice(0, 1) } } : batch;
}

function outerRows(array: NdArray): unknown {
  const [rows, columns] = array.shape as [number, number];
  const row = (i: number) => Array.from({ length: columns }, (_, c) => array.get(i, c));
  return [array.shape, row(0), row(rows - 1)];
}

function ofInputs({ scores, features }: Batch): unknown {
  return [scores.shape, [...entries(scores)], features?.matrices.map((matrix) => [...entries(matrix)])];
}

function shapes({ features }: Batch): unknown {
  return features?.matrices.map(({ shape }) => shape);
}

/** A right backend that keeps its arguments in a pool, which is too small for more calls at once. */
function pooling(id: string, error: string, size: number): WrongBackend {
  return wrapped(id, error, 'calls-independent', (right) => {
    const pool: Parameters<WholeBackend['balancedLoss']>[] = [];
    let turn = 0;
    return {
      async balancedLoss(...given) {
        const own = turn++ % size;
        pool[own] = given;
        await Promise.resolve();
        return right.balancedLoss(...(pool[own] as typeof given));
      },
    };
  });
}
