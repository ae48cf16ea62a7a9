/**
 * Mining that finds the hardest samples of most batches, but not of all: an approximate choice of the κ
 * largest, as accelerators offer it, and scores that are sorted in few bits.
 *
 * @module
 */
import { hardest } from '../../spec/index.js';
import { where } from './conditions.js';
import { type Choice, mining } from './replace.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

const MINING = 'mining-agrees-on-combinations';

/** Wrong backends that choose hard samples approximately. */
export const approximateMining: readonly WrongBackend[] = [
  {
    ...wrongStages(
      'two-of-each-lane',
      'the κ hardest of the two hardest in each of 32 lanes, where sample i is in lane i mod 32',
      MINING,
      mining(
        ['class', 'instance'],
        chosenFrom(2, (i) => i % 32),
      ),
    ),
    least: 96,
  },
  wrongStages(
    'four-of-each-tile',
    'the κ hardest of the four hardest in each tile of 128 samples',
    MINING,
    mining(
      ['class', 'instance'],
      chosenFrom(4, (i) => i >> 7),
    ),
  ),
  {
    ...wrongStages(
      'one-of-each-stride-of-eight',
      'above 64 samples each of eight strands, sample i in strand i mod 8, has one hard negative',
      MINING,
      where(
        ({ size }) => size > 64,
        mining(
          ['class'],
          chosenFrom(1, (i) => i % 8),
        ),
      ),
    ),
    least: 65,
  },
  {
    ...wrongStages(
      'ties-by-lane',
      'above 64 samples equals are ordered by lane first, where sample i is in lane i mod 16',
      MINING,
      mining(['class', 'instance'], (own, { closeness, kappa, batch }) => {
        if (batch.size <= 64) return {};
        const lanes = [...own.others].sort((a, b) => (a % 16) - (b % 16) || a - b);
        return {
          negatives: lanes.sort((a, b) => closeness(b) - closeness(a)).slice(0, kappa),
        };
      }),
    ),
    least: 65,
  },
  wrongStages(
    'sorted-in-sixteen-bits',
    'a float32 backend sorts scores as multiples of 2^-16',
    MINING,
    mining(['class'], inUnitsOf(2 ** -16)),
    { precision: 'float32' },
  ),
  wrongStages(
    'sorted-in-32-bits',
    'a float64 backend sorts scores as multiples of 2^-32',
    MINING,
    mining(['class'], inUnitsOf(2 ** -32)),
  ),
  wrongStages(
    'distances-sorted-in-float32',
    'a float64 backend sorts distances in float32',
    MINING,
    mining(['instance'], (own, choice) => rankedBy(own, choice, Math.fround)),
  ),
  wrongStages(
    'distances-in-fixed-point',
    'a float32 backend sorts distances as multiples of 1/1,024',
    MINING,
    mining(['instance'], inUnitsOf(2 ** -10)),
    { precision: 'float32' },
  ),
];

/** The κ hardest among the hardest few of every group. */
function chosenFrom(few: number, groupOf: (sample: number) => number): Parameters<typeof mining>[1] {
  const finalists = (candidates: readonly number[], hardness: (i: number) => number) => {
    const groups = new Map<number, number[]>();
    for (const i of candidates) groups.set(groupOf(i), [...(groups.get(groupOf(i)) ?? []), i]);
    return [...groups.values()].flatMap((group) => hardest(group, hardness, few)).sort((a, b) => a - b);
  };
  return (own, { closeness, kappa }) => {
    const far = (i: number) => -closeness(i);
    return {
      positives: hardest(finalists(own.companions, far), far, kappa),
      negatives: hardest(finalists(own.others, closeness), closeness, kappa),
    };
  };
}

/** Hard samples by closeness in whole multiples of a unit. */
function inUnitsOf(unit: number): Parameters<typeof mining>[1] {
  return (own, choice) => rankedBy(own, choice, (x) => Math.round(x / unit));
}

function rankedBy(
  own: Parameters<Parameters<typeof mining>[1]>[0],
  { closeness, kappa }: Choice,
  rounded: (x: number) => number,
): ReturnType<Parameters<typeof mining>[1]> {
  const hardness = (i: number) => rounded(closeness(i));
  return {
    positives: hardest(own.companions, (i) => -hardness(i), kappa),
    negatives: hardest(own.others, hardness, kappa),
  };
}
