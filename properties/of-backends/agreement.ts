/**
 * Agreement: every stage gives the result of the specification.
 *
 * @module
 */
import type fc from 'fast-check';
import type { Batch } from '../../spec/index.js';
import { formTriplets, rectificationLoss, selectMinority } from '../../spec/index.js';
import { bothForms, type Case, cases } from '../cases/arbitraries.js';
import { type CaseCapabilities, narrowed } from '../cases/case-capabilities.js';
import type { Choices } from '../cases/choices.js';
import { combined } from '../cases/combined.js';
import type { CombinedOptions } from '../cases/drawn.js';
import { allOtherOptions, otherOptions } from '../cases/other-options.js';
import {
  firstSamples,
  halfTwice,
  permuteSamples,
  refill,
  withParts,
  withRepeatedScores,
} from '../cases/permute.js';
import { alternating, planned } from '../cases/planned.js';
import {
  demandNear,
  demandSame,
  needsGradient,
  needsTraining,
  type Property,
  type Subject,
  type TrainingStep,
} from '../property.js';
import { lossAllowance, roundoff } from '../tolerance/index.js';
import { entries, plainSelection, specWalk, stageOf } from '../walk.js';
import {
  checkFromLogits,
  checkGradient,
  checkMining,
  checkWalk,
  demandGradient,
  expectedOf,
} from './agreement-checks.js';
import {
  checkTrainingAsGiven,
  combinedWayToTrain,
  stepping,
  trained,
  wayToTrain,
} from './training-checks.js';

/** Batches whose class sizes lie at ρ·n_j: from 49 samples on, more quotients round. */
const atLimit = (supports: CaseCapabilities) =>
  cases(supports, { unscored: true, rhoAtLimit: true, samples: 96 });

/** Of so many of these cases, one has {@link ofTiedSizes}: it takes as long as a hundred others. */
const TIED_EVERY = 40;

/** The place of the first such case: early, so that what only these cases show is found soon. */
const FIRST_TIED = 5;

/** Classes of one to four samples on both sides of the 256th, among which the prefix ends. */
const ofTiedSizes = (supports: CaseCapabilities, rho: Choices['rho']) =>
  combined(
    supports.encodings.includes('categorical') ? { ...supports, encodings: ['categorical'] } : supports,
    {
      sizes: [640],
      classCounts: [300],
      kappas: [1],
      only: { form: ['probabilities'], attributes: ['one'], shape: ['even'], rho: [rho] },
    },
  );

/** The properties of agreement. */
export const agreement: readonly Property[] = [
  {
    id: 'minority-agrees',
    stage: 'selectMinority',
    source: 'Eq. 3; rulings: tied class sizes, minority prefix, unlabelled samples',
    claim: 'The class sizes and the minority classes of a batch equal those of the specification.',
    required: true,
    runs: (asked) => 5 * asked, // a case is cheap, and ρ·n_j rounds in an unusual way for few sizes only
    cases: (supports) =>
      alternating(
        cases(supports, { unscored: true }),
        atLimit(supports),
        planned(({ index }) => {
          if (index % TIED_EVERY !== FIRST_TIED) return atLimit(supports);
          return ofTiedSizes(supports, Math.floor(index / TIED_EVERY) % 3 === 2 ? 'below' : 'half');
        }),
      ),
    async check({ backend }, { batch, options }) {
      const expected = plainSelection(selectMinority(batch, options)); // before the backend may write to the batch
      const got = await stageOf(backend, 'selectMinority')(batch, options);
      demandSame('profile and minority', plainSelection(got), expected);
    },
  },
  {
    id: 'mining-agrees',
    stage: 'mineHardSamples',
    source: 'Eq. 4 to 7; rulings: anchors, anchor excluded, mined order, fewer than κ',
    claim:
      'The anchors and their hard positives and negatives equal those of the specification, in its order, ties included.',
    required: true,
    cases: (supports) => cases(supports, { unscored: true }),
    check: checkMining,
  },
  {
    id: 'triplets-agree',
    stage: 'formTriplets',
    source: 'ruling: triplet order',
    claim: 'The triplets equal those of the specification, in its order.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const { hard } = specWalk(given);
      const expected = formTriplets(hard);
      const got = await stageOf(backend, 'formTriplets')(hard, given.options);
      demandSame('triplets', entries(got), entries(expected));
      demandSame('shape of the triplets', Array.from(got.shape), Array.from(expected.shape));
    },
  },
  {
    id: 'loss-agrees',
    stage: 'rectificationLoss',
    source: 'Eq. 9 to 16; rulings: |T|, pairs, hinge, signed distance, margin, histogram',
    claim: 'Given the specification’s triplets and pairs, L_crl agrees with the specification.',
    required: true,
    search: true,
    cases: (supports) => cases(supports, { unscored: true }),
    async check({ backend }, given) {
      const walk = specWalk(given);
      const { batch, options, hard, triplets } = walk;
      const expected = rectificationLoss(batch, hard, triplets, options).loss;
      const { loss } = lossAllowance(walk, roundoff(backend.supports));
      const got = await stageOf(backend, 'rectificationLoss')(batch, hard, triplets, options);
      demandNear('loss', got.loss, expected, loss);
    },
  },
  {
    id: 'gradient-agrees',
    stage: 'rectificationLoss',
    source: 'rulings: gradient, kinks, features',
    claim:
      'Given the specification’s triplets and pairs, the gradient of L_crl agrees with the specification.',
    required: true,
    search: true,
    runs: (asked) => 2 * asked, // there are many kinds of kinks
    inapplicable: needsGradient,
    cases: (supports) =>
      alternating(
        cases(supports, { unscored: true, kinks: true }),
        cases(supports, { unscored: true, kinks: true, blockEdges: false }),
        cases(supports, { unscored: true }),
      ),
    async check({ backend }, given) {
      const walk = specWalk(given);
      const { batch, options, hard, triplets } = walk;
      const { gradient } = rectificationLoss(batch, hard, triplets, options);
      const allowed = lossAllowance(walk, roundoff(backend.supports)).gradient;
      const got = await stageOf(backend, 'rectificationLoss')(batch, hard, triplets, options);
      demandGradient('gradient', got.gradient, gradient, (at) => allowed[at] as number);
    },
  },
  {
    id: 'balanced-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8; rulings: cross entropy, nothing to compare',
    claim: 'All five stages together give the specification’s L, L_crl, L_ce and counts.',
    required: true,
    search: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const u = roundoff(backend.supports);
      const known = expectedOf(given, u); // before the backend may write to the batch
      checkWalk(given, await backend.balancedLoss(given.batch, given.options), u, known);
    },
  },
  {
    id: 'balanced-gradient-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8; rulings: gradient, kinks',
    claim: 'The gradient of L with respect to probabilities agrees with the specification.',
    required: true,
    search: true,
    runs: (asked) => 2 * asked, // there are many kinds of kinks, and a fused backend shows them nowhere else
    inapplicable: needsGradient,
    cases: (supports) => {
      const small = alternating(cases(supports), cases(supports, { kinks: true }), cases(supports));
      const relative = narrowed(supports, { level: 'instance', comparisons: ['relative'] });
      const large = combined(relative, ON_KINKS);
      return planned(({ index }) => (index % LARGE_EVERY === LARGE_EVERY / 2 - 1 ? large : small));
    },
    async check({ backend }, given) {
      const u = roundoff(backend.supports);
      const known = expectedOf(given, u);
      const got = await backend.balancedLoss(given.batch, given.options);
      checkGradient(given, got.gradient, got.featureGradient, u, known);
    },
  },
  {
    id: 'balanced-logits-agree',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8; rulings: cross entropy, gradient, probabilities',
    claim:
      'From logits, L, its parts, its counts and its gradient, if there is one, agree with the specification.',
    required: true,
    search: true,
    // at class level, where the logits decide what is mined, more often
    cases: (supports) =>
      alternating(
        cases(supports, { fromLogits: true, classLevel: true, triplets: true }),
        planned(({ index }) =>
          index % LONE_EVERY === LONE_EVERY - 1
            ? ofOneClass(supports)
            : cases(supports, { fromLogits: true }),
        ),
      ).map(mostlyRepeated),
    check: checkFromLogits,
  },
  {
    id: 'training-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: the loss that trains is the loss that was verified',
    claim:
      'Trained through the tfjs loss on probabilities, L and its gradients agree with the specification, and the tensors of the caller keep their numbers.',
    required: true,
    search: true,
    cases: (supports) => cases(supports, { coarse: true }),
    ...stepping(wayToTrain),
  },
  {
    id: 'training-steps-independent',
    stage: 'balancedLoss',
    source: 'Eq. 8; contract: tensorLoss',
    claim:
      'A loss that was given other batches before, also of other sizes and at another α, gives what a new loss gives, also where the result is read after a later step, and its observer is called in every step.',
    required: true,
    runs: (asked) => Math.ceil(asked / 6), // up to six steps per case
    cases: (supports) => cases(supports, { coarse: true }),
    ...stepping((given) => ({
      before: otherBatches(given),
      observed: given.shuffle % 2 === 0,
      withoutAlpha: given.shuffle % 3 === 0, // the α that the loss was made with, not that of the step before
    })),
  },
  {
    id: 'training-refilled-heeded',
    stage: 'balancedLoss',
    source: 'contract: no call depends on another',
    claim: 'A batch whose arrays were written to by the caller between two steps of training is read anew.',
    required: true,
    inapplicable: needsTraining,
    runs: (asked) => Math.ceil(asked / 10), // what is kept is kept in every step
    cases: (supports) => cases(supports, { coarse: true }),
    async check(subject, given) {
      const { batch, shuffle } = given;
      const held = permuteSamples(batch, [...Array(batch.size).keys()]); // a copy, since the case is shown if it fails
      refill(held, halfTwice(batch, shuffle));
      await trained(subject, { ...given, batch: held }, {});
      refill(held, batch);
      await checkTrainingAsGiven(subject, { ...given, batch: held }, {});
    },
  },
  {
    id: 'training-evaluates',
    stage: 'balancedLoss',
    source: 'Eq. 8; contract: tensorLoss',
    claim:
      'Without a derivative, as model.evaluate asks for it, L agrees with the specification, and a step after it does too.',
    required: true,
    runs: (asked) => Math.ceil(asked / 6), // the step was tested by training-agrees
    cases: (supports) => bothForms(supports, { coarse: true }),
    ...stepping((given) => ({ ...combinedWayToTrain(given), evaluated: true })),
  },
  {
    id: 'training-losses-independent',
    stage: 'balancedLoss',
    source: 'Eq. 8; contract: tensorLoss',
    claim:
      'Two losses that exist at the same time, and that are differentiated together, each give what they give alone, and so does one loss that is given two batches, both of which its observer is shown.',
    required: true,
    runs: (asked) => Math.ceil(asked / 2), // three steps per case, and losses may share any one of the options
    cases: (supports) => bothForms(supports, { coarse: true }),
    ...stepping((given, subject) => ({
      beside: otherLoss(subject, given),
      observed: Math.floor(given.shuffle / 3) % 2 === 0, // independent of which loss is beside it
    })),
  },
  {
    id: 'training-schedule-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 8; ruling: α',
    claim:
      'A loss that was made for one α and is then given another one agrees with the specification for that one.',
    required: true,
    runs: (asked) => Math.ceil(asked / 4), // all but α was tested by training-agrees
    cases: (supports) => cases(supports, { coarse: true }),
    ...stepping(({ options }) => ({ madeAt: 1 - options.alpha })),
  },
  {
    id: 'training-logits-agree',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: the loss that trains is the loss that was verified',
    claim: 'Trained through the tfjs loss on logits, L and its gradients agree with the specification.',
    required: true,
    search: true,
    cases: (supports) => cases(supports, { fromLogits: true, coarse: true }),
    ...stepping(wayToTrain),
  },
];

/** Of so many cases, one is large and on kinks. */
const LARGE_EVERY = 20;

/** Hinges that are exactly 0: a small class has its nearest positives mined too, and not only the nearest negatives. */
const ON_KINKS: CombinedOptions = {
  sizes: [129, 160, 200, 257],
  classCounts: [2, 3],
  kappas: [33, 65],
  mostTriplets: 30_000,
  mostPadded: 35_000_000,
  fixed: (attributes) => ({ margin: new Array<number>(attributes).fill(0) }), // which equal distances are on
  only: {
    form: ['probabilities'],
    shape: ['rare'],
    attributes: ['one', 'several'],
    rho: ['half', 'one'],
    scores: ['eighths'],
    features: ['lattice'],
    alpha: ['half', 'hundredths'],
  },
};

/** Of so many of these cases, one has a single class: its probability is 1, whatever its logit is. */
const LONE_EVERY = 6;

/** Without a negative, only the other comparisons than the paper's have a loss. */
function ofOneClass(supports: CaseCapabilities): fc.Arbitrary<Case> {
  const comparisons = supports.comparisons.filter((one) => one !== 'relative');
  const able = comparisons.length > 0 ? { ...supports, comparisons } : supports;
  return combined(supports.levels.includes('class') ? { ...able, levels: ['class'] } : able, {
    sizes: ['few', 'ordinary'],
    classCounts: [1],
    only: { form: ['logits'], attributes: ['one'], rho: ['one'], shape: ['even'] },
  });
}

/** Most cases have a few rows of scores only, so that most ranks are ties. */
function mostlyRepeated(given: Case): Case {
  const { batch, shuffle } = given;
  return shuffle % 6 === 0 ? given : { ...given, batch: withRepeatedScores(batch, 1 + (shuffle % 4)) };
}

/**
 * Two batches of the same schema, in either order: one with other samples, or with other scores and features of the
 * same labels, as the batch has an epoch earlier; and a smaller or a larger one.
 */
function otherBatches({ batch, shuffle }: Case): Batch[] {
  const half = Math.ceil(batch.size / 2);
  const repeated = Array.from({ length: batch.size + half }, (_, i) => i % batch.size);
  const ofOtherSize = shuffle % 8 < 4 ? firstSamples(batch, half) : permuteSamples(batch, repeated);
  const other = halfTwice(batch, shuffle);
  const isEarlier = Math.floor(shuffle / 8) % 2 === 0;
  const others = [isEarlier ? withParts(batch, other, ['scores', 'features']) : other, ofOtherSize];
  return shuffle % 4 < 2 ? others : others.reverse();
}

/**
 * A second loss of the same backend, with other options, of the same or of another batch; or a second batch of the
 * same loss.
 */
function otherLoss({ backend }: Subject, given: Case): NonNullable<TrainingStep['beside']> {
  const { batch, options, shuffle } = given;
  if (shuffle % 3 === 0) return { batch: halfTwice(batch, shuffle), options, isSameLoss: true };
  const lot = Math.floor(shuffle / 3);
  return {
    batch: lot % 2 === 0 ? halfTwice(batch, shuffle) : batch,
    options:
      shuffle % 4 === 0
        ? otherOptions(backend, { ...given, shuffle: lot }).options
        : allOtherOptions(backend, { ...given, shuffle: Math.floor(lot / 2) }),
  };
}
