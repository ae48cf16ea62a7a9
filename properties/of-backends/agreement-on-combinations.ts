/**
 * Agreement on cases that combine conditions at random, at every size.
 *
 * @module
 */
import { combined } from '../cases/combined.js';
import { inTurn } from '../cases/in-turn.js';
import { rarePairs } from '../cases/rare-pairs.js';
import type { Property } from '../property.js';
import { checkMinorityAndMining, checkWhole } from './agreement-checks.js';
import { combinedWayToTrain, stepping } from './training-checks.js';

/** A minute of shrinking does not make a counterexample of a thousand samples any clearer. */
const MOST_SHRINKS = 1500;

const COMBINED =
  'On batches that combine sizes, encodings, attributes, options, ties and unusual numbers at random';

/** Sizes of a step of training: it is slower than a walk, and scale has a property of its own. */
const TRAINED = ['few', 'ordinary', 'middling', 'around-32', 'around-64', 'above-64', 'around-128'] as const;

/** One case in so many is planned: all have their turn in a default run, and the large ones do not come first. */
const EVERY = 7;

/** Properties of combined cases. */
export const onCombinations: readonly Property[] = [
  {
    id: 'mining-agrees-on-combinations',
    stage: 'mineHardSamples',
    source: 'Eq. 3 to 7; rulings: anchors, anchor excluded, mined order, fewer than κ, features',
    claim: `${COMBINED}, the minority classes and the mined samples equal those of the specification.`,
    required: true,
    shrinks: MOST_SHRINKS,
    cases: (supports) =>
      combined(supports, { only: { form: ['probabilities'] }, unscored: true, mostMined: 60_000 }),
    check: checkMinorityAndMining,
  },
  {
    id: 'balanced-agrees-on-combinations',
    stage: 'balancedLoss',
    source: 'Eq. 2 to 16',
    claim: `${COMBINED}, L, its parts, its counts and its gradient agree with the specification, from probabilities and from logits.`,
    required: true,
    search: true,
    shrinks: MOST_SHRINKS,
    cases: (supports) => inTurn(combined(supports), rarePairs(supports), EVERY),
    check: checkWhole,
  },
  {
    id: 'training-agrees-on-combinations',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: the loss that trains is the loss that was verified',
    claim: `${COMBINED}, L and its gradients of a step of training agree with the specification.`,
    required: true,
    search: true,
    shrinks: MOST_SHRINKS,
    runs: (asked) => Math.ceil(asked / 2),
    cases: (supports) => combined(supports, { coarse: true, sizes: TRAINED }),
    ...stepping(combinedWayToTrain),
  },
];
