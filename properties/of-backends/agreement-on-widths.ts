/**
 * Agreement on wide cases: few samples with many features, attributes, classes or bins.
 *
 * @module
 */
import type { Case } from '../cases/arbitraries.js';
import { wide, wideLogits } from '../cases/wide.js';
import { needsSampleLosses, type Property, type TrainingStep } from '../property.js';
import { checkWhole } from './agreement-checks.js';
import { checkWeighted, waysOfWeightedStep } from './sample-weights.js';
import { combinedWayToTrain, stepping } from './training-checks.js';

/** A minute of shrinking does not make a counterexample of a thousand features any clearer. */
const MOST_SHRINKS = 1500;

const WIDE = 'On batches of up to thousands of features, hundreds of classes and dozens of attributes';

const LOGITS = 'From up to a thousand logits of an attribute, in every encoding, also of large logits';

/** Also derivatives as large and as small as those of a scaled loss, and one that half-floats, bfloat16 and TF32 round. */
const UPSTREAM = [2 ** 12, 1 + 2 ** -11, -(2 ** 20), 2 ** -12, 2 ** 17];

/** Properties of wide cases. */
export const onWidths: readonly Property[] = [
  {
    id: 'balanced-agrees-on-wide-batches',
    stage: 'balancedLoss',
    source: 'Eq. 2 to 16; ruling: features',
    claim: `${WIDE}, L, its parts, its counts and its gradient agree with the specification, from probabilities and from logits.`,
    required: true,
    search: true,
    shrinks: MOST_SHRINKS,
    runs: (asked) => Math.ceil((asked * 4) / 5),
    cases: (supports) => wide(supports),
    check: checkWhole,
  },
  {
    id: 'training-agrees-on-wide-batches',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: the loss that trains is the loss that was verified',
    claim: `${WIDE}, L and its gradients of a step of training agree with the specification.`,
    required: true,
    search: true,
    shrinks: MOST_SHRINKS,
    runs: (asked) => Math.ceil(asked / 6),
    cases: (supports) => wide(supports, { coarse: true }),
    ...stepping(wideWayToTrain),
  },
  {
    id: 'cross-entropy-agrees-on-wide-logits',
    stage: 'balancedLoss',
    source: 'Eq. 2; rulings: cross entropy, gradient',
    claim: `${LOGITS}, L and its gradient agree with the specification where no class is a minority.`,
    required: true,
    shrinks: MOST_SHRINKS,
    runs: (asked) => Math.ceil(asked / 5),
    cases: (supports) => wideLogits(supports),
    check: checkWhole,
  },
  {
    id: 'training-cross-entropy-agrees-on-wide-logits',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8; design: the loss that trains is the loss that was verified',
    claim: `${LOGITS}, a step of training agrees with the specification where no class is a minority.`,
    required: true,
    shrinks: MOST_SHRINKS,
    runs: (asked) => Math.ceil(asked / 10),
    cases: (supports) => wideLogits(supports, { coarse: true }),
    ...stepping(wideWayToTrain),
  },
  {
    id: 'training-weighs-samples-of-wide-batches',
    stage: 'balancedLoss',
    source: 'ruling: sample weights; contract: perSample',
    claim: `${WIDE}, each sample’s cross entropy counts by its own weight and L_crl by the mean weight.`,
    required: true,
    inapplicable: needsSampleLosses,
    shrinks: MOST_SHRINKS,
    runs: (asked) => Math.ceil(asked / 5),
    cases: (supports) => wide(supports, { coarse: true }),
    ways: waysOfWeightedStep,
    check: checkWeighted,
  },
];

/** A step of training whose loss may be scaled by a large or small number. */
function wideWayToTrain(given: Case): TrainingStep {
  const weight = UPSTREAM[given.shuffle % UPSTREAM.length] as number;
  return { ...combinedWayToTrain(given), ...(given.shuffle % 3 === 0 ? {} : { weight }) };
}
