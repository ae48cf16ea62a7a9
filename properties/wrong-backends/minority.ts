/**
 * Wrong minority classes, and labels read wrongly before any are chosen.
 *
 * @module
 */
import ndarray from 'ndarray';
import ops from 'ndarray-ops';
import { type Attribute, type Batch, type Options, selectMinority } from '../../spec/index.js';
import type { Stages } from './compose.js';
import { misread, sum } from './replace.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** Wrong backends of stage 1. */
export const minority: readonly WrongBackend[] = [
  wrongStages(
    'strictly-less',
    'minority with < instead of ≤',
    'minority-agrees',
    prefix(({ held, limit }) => held < limit),
  ),
  wrongStages(
    'floored-limit',
    'minority with < and the limit rounded down',
    'minority-agrees',
    prefix(({ held, limit }) => held < Math.floor(limit)),
  ),
  wrongStages(
    'limit-rounded-up',
    'the limit rounded up',
    'minority-agrees',
    prefix(({ held, limit }) => held <= Math.ceil(limit)),
  ),
  wrongStages(
    'share-of-samples',
    'the share that classes hold compared with ρ, instead of their samples with ρ·n_j',
    'minority-agrees',
    prefix(({ held, labelled, rho }) => held / labelled <= rho),
  ),
  wrongStages(
    'class-in-a-byte',
    'class sizes sorted by a number that holds the class in its last byte: classes from 256 on add to the size',
    'minority-agrees',
    {
      selectMinority(batch, options) {
        const { profile } = selectMinority(batch, options);
        const minority = profile.map((sizes, attribute) => {
          const size = (k: number) => sizes[k] as number;
          const key = (k: number) => (size(k) << 8) | k;
          const limit = options.rho * ops.sum(batch.labelled.pick(null, attribute));
          let held = 0;
          return [...sizes.keys()]
            .sort((k, l) => key(k) - key(l) || k - l)
            .filter((k) => {
              held += size(k);
              return held <= limit && size(k) > 1;
            })
            .sort((k, l) => k - l);
        });
        return { profile, minority };
      },
    },
  ),
  wrongStages(
    'limit-in-float32',
    'the limit rounded to float32, onto the whole number just above it',
    'minority-prefix-maximal',
    prefix(({ held, limit }) => held <= Math.fround(limit)),
  ),
  wrongStages(
    'each-class-alone',
    'each class compared with ρ·n on its own',
    'minority-prefix-maximal',
    prefix(({ size, limit }) => size <= limit),
  ),
  wrongStages(
    'limit-from-classes',
    'the limit computed from the number of classes',
    'minority-agrees',
    prefix(({ held, classes, rho }) => held <= rho * classes),
  ),
  wrongStages(
    'nominal-batch-size',
    'the limit computed from a nominal batch size',
    'minority-agrees',
    prefix(({ held, rho }) => held <= rho * 16),
  ),
  wrongStages(
    'article-batch-size',
    'the article’s call: its 28 classes as the batch size, so that the limit is 14',
    'minority-agrees',
    prefix(({ held }) => held <= 0.5 * 28),
  ),
  wrongStages(
    'rho-ignored',
    'ρ is always 0.5',
    'minority-prefix-maximal',
    prefix(({ held, limit, rho }) => held <= (0.5 * limit) / rho),
  ),
  wrongStages(
    'keeps-singletons',
    'keeps classes with one sample',
    'minority-paired',
    prefix(({ held, limit }) => held <= limit, { least: 1 }),
  ),
  wrongStages(
    'ties-descending',
    'classes of equal size taken in descending class order',
    'minority-agrees',
    prefix(({ held, limit }) => held <= limit, { order: -1 }),
  ),
  wrongStages(
    'smallest-only',
    'only the single smallest class',
    'minority-agrees',
    chosen((classes) => classes.slice(0, 1)),
  ),
  wrongStages(
    'tied-majority',
    'on a tie the majority class is a minority class too',
    'minority-prefix-maximal',
    chosen((classes, { sizes }) =>
      [...sizes.keys()].filter((k) => classes.some((c) => sizes[c] === sizes[k])),
    ),
  ),
  wrongStages(
    'largest-never',
    'the largest class is never a minority class, not even at ρ = 1',
    'minority-prefix-maximal',
    chosen((classes, { sizes }) => classes.filter((k) => sizes[k] !== Math.max(...sizes))),
  ),
  wrongStages(
    'minority-by-size',
    'minority classes in the order of their sizes',
    'minority-paired',
    chosen((classes, { sizes }) =>
      [...classes].sort((k, l) => (sizes[k] as number) - (sizes[l] as number) || k - l),
    ),
  ),
  wrongStages(
    'unlabelled-counted',
    'the limit computed from all samples, unlabelled ones too',
    'minority-agrees',
    {
      selectMinority: (batch, options) => selectMinority({ ...batch, labelled: allOnes(batch) }, options),
    },
  ),
  wrongStages(
    'occurrences-counted',
    'one attribute: the limit computed from label occurrences instead of samples',
    'minority-prefix-maximal',
    prefix(({ held, occurrences, rho }) => held <= rho * occurrences),
  ),
  wrongStages(
    'absent-never-mined',
    'multi-label: the absent side is never a minority class',
    'minority-agrees',
    chosen((classes, { batch }) => classes.filter((k) => batch.encoding !== 'multi-label' || k === 1)),
  ),
  wrongStages('labels-flattened', 'multi-label flattened into one attribute', 'minority-agrees', {
    selectMinority(batch, options) {
      const right = selectMinority(batch, options);
      if (batch.encoding !== 'multi-label') return right;
      const columns = batch.attributes.map((attribute) => attribute.columns[1] as number);
      const flat: Attribute = { name: 'all', classes: columns.map(String), columns };
      const [present] = selectMinority(
        { ...batch, attributes: [flat], labelled: allOnes(batch) },
        options,
      ).minority;
      return { ...right, minority: columns.map((_, j) => (present?.includes(j) ? [1] : [])) };
    },
  }),
  wrongStages(
    'fixed-classes',
    'the same list of classes for every batch',
    'classes-renamed-minority',
    chosen((_, { sizes }) => [...sizes.keys()].slice(1)),
  ),
  wrongStages(
    'last-class-dropped',
    'a loop over the classes that ends one short',
    'classes-renamed-minority',
    chosen((classes, { sizes }) => classes.filter((k) => k < sizes.length - 1)),
  ),
  wrongStages(
    'attribute-offset',
    'from the second attribute on, every class column is off by one',
    'minority-agrees',
    misread((batch) => ({
      ...batch,
      attributes: batch.attributes.map((attribute, j) => ({
        ...attribute,
        columns: attribute.columns.map((c) => (j === 0 ? c : c - 1)),
      })),
    })),
  ),
  wrongStages(
    'unlabelled-as-first-class',
    'unlabelled samples counted as class 0',
    'minority-prefix-maximal',
    misread(unlabelledAsFirstClass),
  ),
  wrongStages(
    'empty-rows-left-out',
    'one attribute: a row without a label is left out',
    'minority-prefix-maximal',
    misread((batch) => {
      if (batch.encoding !== 'one-attribute') return batch;
      const held = Array.from({ length: batch.size }, (_, i) =>
        Math.min(1, ops.sum(batch.membership.pick(i, null))),
      );
      return { ...batch, labelled: ndarray(Uint8Array.from(held), [batch.size, 1]) };
    }),
  ),
  wrongStages(
    'first-label-only',
    'one attribute: only the first label of a row is read',
    'minority-agrees',
    misread((batch) => {
      if (batch.encoding !== 'one-attribute') return batch;
      const membership = copied(batch.membership);
      for (let i = 0; i < batch.size; i++) {
        const first = batch.columns.findIndex((_, c) => batch.membership.get(i, c) === 1);
        batch.columns.forEach((_, c) => {
          membership.set(i, c, +(c === first));
        });
      }
      return { ...batch, membership };
    }),
  ),
  {
    ...wrongStages(
      'counted-to-64',
      'classes counted over the first block of 64 samples',
      'samples-permuted-minority',
      misread((batch) => upTo(batch, 64)),
    ),
    least: 65,
  },
  {
    ...wrongStages(
      'counted-to-256',
      'classes counted over the first block of 256 samples',
      'minority-agrees',
      misread((batch) => upTo(batch, 256)),
    ),
    least: 257,
  },
];

/** The input of a rule for the minority prefix. */
interface Rule {
  /** Number of samples of the class and of all classes before it. */
  readonly held: number;
  /** ρ·n_j. */
  readonly limit: number;
  /** n_j. */
  readonly labelled: number;
  /** Number of samples of the class. */
  readonly size: number;
  readonly rho: number;
  /** K_j. */
  readonly classes: number;
  /** Number of labels of the attribute over all samples. */
  readonly occurrences: number;
}

/** Minority selection with a wrong rule for the prefix. */
function prefix(
  fits: (rule: Rule) => boolean,
  { least = 2, order = 1 }: { readonly least?: number; readonly order?: 1 | -1 } = {},
): Partial<Stages> {
  return chosen((_, { sizes, batch, options, attribute }) => {
    const { rho } = options;
    const labelled = ops.sum(batch.labelled.pick(null, attribute));
    const limit = rho * labelled;
    const size = (k: number) => sizes[k] as number;
    const occurrences = sum(sizes); // once: above 65,536 classes, a sum per class takes seconds
    let held = 0;
    return [...sizes.keys()]
      .sort((k, l) => size(k) - size(l) || order * (k - l))
      .filter((k) => {
        held += size(k);
        const rule = { held, limit, labelled, size: size(k), rho, classes: sizes.length, occurrences };
        return fits(rule) && size(k) >= least;
      })
      .sort((k, l) => k - l);
  });
}

interface Chosen {
  readonly batch: Batch;
  readonly options: Options;
  readonly attribute: number;
  /** h_k. */
  readonly sizes: readonly number[];
}

/** Minority selection that changes the right classes, attribute by attribute. */
function chosen(choose: (classes: readonly number[], given: Chosen) => number[]): Partial<Stages> {
  return {
    selectMinority(batch, options) {
      const { profile, minority } = selectMinority(batch, options);
      return {
        profile,
        minority: minority.map((classes, attribute) =>
          choose(classes, { batch, options, attribute, sizes: profile[attribute] as readonly number[] }),
        ),
      };
    },
  };
}

/** The batch with its unlabelled samples in class 0. */
export function unlabelledAsFirstClass(batch: Batch): Batch {
  const membership = copied(batch.membership);
  batch.attributes.forEach(({ columns }, j) => {
    for (let i = 0; i < batch.size; i++) {
      if (batch.labelled.get(i, j) === 0) membership.set(i, columns[0] as number, 1);
    }
  });
  return { ...batch, membership, labelled: allOnes(batch) };
}

/** The batch with every sample labelled. */
export function allOnes(batch: Batch): Batch['labelled'] {
  return ndarray(new Uint8Array(batch.labelled.data.length).fill(1), batch.labelled.shape);
}

/** The batch with all samples after the first block unlabelled. */
export function upTo(batch: Batch, samples: number): Batch {
  const [membership, labelled] = [copied(batch.membership), copied(batch.labelled)];
  for (let i = samples; i < batch.size; i++) {
    ops.assigns(membership.pick(i, null), 0);
    ops.assigns(labelled.pick(i, null), 0);
  }
  return { ...batch, membership, labelled };
}

function copied(matrix: Batch['membership']): Batch['membership'] {
  return ndarray(matrix.data.slice(), matrix.shape);
}
