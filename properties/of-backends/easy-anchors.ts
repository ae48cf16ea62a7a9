/**
 * Agreement with the specification where only the easy members of a class are anchors (ruling: easy anchors).
 *
 * Other properties draw easy anchors for a part of their cases. These draw nothing else, so that a few cases tell
 * whether a backend has the option right.
 *
 * @module
 */
import type fc from 'fast-check';
import { bothForms, type Case, cases } from '../cases/arbitraries.js';
import type { CaseCapabilities } from '../cases/case-capabilities.js';
import type { Choices } from '../cases/choices.js';
import { combined } from '../cases/combined.js';
import type { CombinedOptions } from '../cases/drawn.js';
import { planned } from '../cases/planned.js';
import type { Property, Subject } from '../property.js';
import { checkMining, checkWhole } from './agreement-checks.js';

/** Properties of the option `anchors: 'easy'`. */
export const easyAnchors: readonly Property[] = [
  {
    id: 'easy-anchors-mined',
    stage: 'mineHardSamples',
    source: 'ruling: easy anchors',
    claim:
      'With easy anchors, the anchors and their hard samples are those of the specification: of each class the κ members that score highest on it, and hard samples among all samples.',
    required: true,
    inapplicable: needsEasyAnchors,
    cases: (supports) => withManyAnchors(supports, cases(supports, { anchors: 'easy' }), ['probabilities']),
    check: checkMining,
  },
  {
    id: 'easy-anchors-balanced',
    stage: 'balancedLoss',
    source: 'Eq. 8; rulings: easy anchors, |T|',
    claim: 'With easy anchors, L, its parts, its counts and its gradient agree with the specification.',
    required: true,
    inapplicable: needsEasyAnchors,
    cases: (supports) =>
      withManyAnchors(supports, withCertainTies(supports, bothForms(supports, { anchors: 'easy' }))),
    check: checkWhole,
  },
];

/** Classes of more members than κ, where κ is above a vector of 16 numbers, a warp of 32 and a block of 64 threads. */
const MANY_ANCHORS: CombinedOptions = {
  sizes: [66, 97, 129],
  classCounts: [2],
  kappas: [17, 33, 65],
  mostTriplets: 40_000,
  mostPadded: 1_500_000,
  only: { shape: ['rare'], attributes: ['one'], rho: ['one'] }, // three other samples, so that triplets stay few
  fixed: () => ({ anchors: 'easy' }),
};

/** Surely more members than a block of 64 threads: two classes that share no sample. */
const MORE_THAN_A_BLOCK: CombinedOptions = { ...MANY_ANCHORS, sizes: [97, 129], kappas: [65] };

/** One case in so many has many easy anchors: it takes as long as ten others. */
const MANY_EVERY = 10;

/** Some cases with many easy anchors of one class among others. */
function withManyAnchors(
  supports: CaseCapabilities,
  others: fc.Arbitrary<Case>,
  form: readonly Choices['form'][] = ['probabilities', 'logits'],
): fc.Arbitrary<Case> {
  const only = { ...MANY_ANCHORS.only, form };
  const many = combined(supports, { ...MANY_ANCHORS, only });
  const hasClasses = supports.encodings.includes('categorical');
  const encodings = hasClasses ? (['categorical'] as const) : supports.encodings;
  const block = combined({ ...supports, encodings }, { ...MORE_THAN_A_BLOCK, only });
  return planned(({ index }) => {
    if (index % MANY_EVERY !== MANY_EVERY - 1) return others;
    return Math.floor(index / MANY_EVERY) % 2 === 0 ? many : block;
  });
}

/** Logits of which many have a probability of 1, so that members of a class are ties whose logits differ. */
const CERTAIN_TIES: CombinedOptions = {
  sizes: ['ordinary', 'middling'],
  classCounts: [2],
  kappas: [1, 2],
  only: {
    form: ['logits'],
    scores: ['extreme'],
    shape: ['even'],
    attributes: ['one'],
    unlabelled: ['none'],
    repeats: ['none'],
    margin: ['default', 'large'], // of triplets that count
  },
  fixed: () => ({ anchors: 'easy' }),
};

/** One case in so many has ties of certain scores. */
const CERTAIN_EVERY = 4;

/**
 * Some cases with ties of certain scores. They are at instance level, where it matters which of them is an anchor: at
 * class level the loss depends on their scores alone.
 */
function withCertainTies(supports: CaseCapabilities, others: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  if (!supports.levels.includes('instance')) return others;
  const certain = combined({ ...supports, levels: ['instance'] }, CERTAIN_TIES);
  return planned(({ index }) => (index % CERTAIN_EVERY === 0 ? certain : others));
}

function needsEasyAnchors({ backend }: Subject): string | undefined {
  return backend.supports.anchors?.includes('easy')
    ? undefined
    : 'the backend declares that it has no easy anchors (supports.anchors)';
}
