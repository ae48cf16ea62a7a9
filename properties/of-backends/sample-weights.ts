/**
 * Sample weights: a loss that gives one number per sample can be weighted, as `model.fit` does with class
 * and sample weights.
 *
 * @module
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { bothForms, type Case } from '../cases/arbitraries.js';
import type { CaseCapabilities } from '../cases/case-capabilities.js';
import { halfTwice } from '../cases/permute.js';
import { planned } from '../cases/planned.js';
import { WEIGHTS } from '../cases/sharding.js';
import type { Way } from '../coverage/index.js';
import { Disagreement } from '../disagreement.js';
import {
  demandAllNear,
  demandNear,
  needsSampleLosses,
  type Property,
  type Subject,
  type TrainingResult,
  type TrainingStep,
} from '../property.js';
import {
  logitAllowance,
  lossAllowance,
  type SampleLosses,
  sampleEntropyAllowance,
  sampleLosses,
  trainingRoundoff,
  weightedLossAllowance,
} from '../tolerance/index.js';
import { wholeWalk } from '../walk.js';
import { checkGradient, checkLogitGradient } from './agreement-checks.js';
import {
  asMatrix,
  checkManners,
  checkTrained,
  combinedWayToTrain,
  ofFeatures,
  roundingBy,
  trained,
  waysOfStep,
} from './training-checks.js';

/** The properties of sample weights. */
export const sampleWeights: readonly Property[] = [
  {
    id: 'training-sample-losses-agree',
    stage: 'balancedLoss',
    source: 'ruling: sample weights; contract: perSample',
    claim:
      'Trained through the tfjs loss, the loss of each sample is α·L_crl + (1−α)·ce_i, where ce_i is its own cross entropy.',
    required: true,
    inapplicable: needsSampleLosses,
    runs: (asked) => Math.ceil(asked / 3), // the parts are those of L, which training-agrees tests
    cases: withOneSample,
    ways: waysOfWeightedStep,
    async check(subject, given) {
      const got = await step(subject, given);
      const { losses, allowances } = rightLosses(given, trainingRoundoff(subject.backend.supports));
      const found = Array.from(got.sampleLosses as ArrayLike<number>);
      demandAllNear('losses of the samples', found, losses, [losses.length], (i) => allowances[i] as number);
    },
  },
  {
    id: 'training-weighs-samples',
    stage: 'balancedLoss',
    source: 'ruling: sample weights; contract: perSample',
    claim:
      'With sample weights, each sample’s cross entropy counts by its own weight and L_crl by the mean weight, in L and in its gradients.',
    required: true,
    inapplicable: needsSampleLosses,
    runs: (asked) => Math.ceil(asked / 2),
    cases: (supports) => bothForms(supports, { coarse: true }),
    ways: waysOfWeightedStep,
    check: checkWeighted,
  },
];

/** Of so many cases, one has a single sample, whose loss is a vector of one number. */
const ONE_SAMPLE_EVERY = 10;

function withOneSample(supports: CaseCapabilities) {
  const many = bothForms(supports, { coarse: true });
  const one = bothForms(supports, { coarse: true, samples: 1, blockEdges: false });
  return planned(({ index }) => (index % ONE_SAMPLE_EVERY === 0 ? one : many));
}

/** Demands the specification's weighted L and gradients. */
export async function checkWeighted(subject: Subject, given: Case): Promise<void> {
  const weights = weightsOf(given);
  const walk = wholeWalk(given, weights);
  const expected = walk.balanced;
  const u = trainingRoundoff(subject.backend.supports);
  const got = await step(subject, given);
  const rounding = roundingBy(weightedStep(given).weight, u);
  demandNear('L', got.loss, expected.loss, weightedLossAllowance(rightLosses(given, u, walk), weights, u));
  const [gradient, features] = [asMatrix(given, got.gradient), ofFeatures(given, got)];
  if (given.batch.fromLogits) {
    const allowed = logitAllowance(given, u, weights, walk);
    checkLogitGradient(given, gradient, features, { expected, weights, rounding }, allowed, u);
  } else {
    const allowance = lossAllowance(walk, u);
    checkGradient(given, gradient, features, u, { expected, allowance, weights, rounding });
  }
}

/**
 * A training step with weights, otherwise as {@link combinedWayToTrain} says; every fourth loss was given another
 * batch before, without weights, and every third is observed. In every fourth case one loss takes both forms in one
 * tape, that of the samples of this batch and L of another. L without a derivative, which has no weights, is not asked
 * for.
 */
function weightedStep(given: Case): TrainingStep {
  const { batch, options, shuffle } = given;
  const { evaluated: _, ...way } = combinedWayToTrain(given);
  const lot = Math.floor(shuffle / 60); // independent of the way
  const weights = weightsOf(given);
  if (lot % 4 === 1) {
    const { labels, withoutAlpha } = way;
    const beside = { batch: halfTwice(batch, shuffle), options, isSameLoss: true };
    return { labels, withoutAlpha, weights, beside } as TrainingStep;
  }
  const before = lot % 4 === 0 ? [halfTwice(batch, shuffle)] : [];
  return { ...way, weights, before, observed: lot % 3 === 0 };
}

/** What is counted of a step of training with weights. */
export function waysOfWeightedStep(subject: Subject, given: Case): Way[] {
  return waysOfStep(subject, given, weightedStep(given));
}

async function step(subject: Subject, given: Case): Promise<TrainingResult> {
  const how = weightedStep(given);
  const got = await trained(subject, given, how);
  checkManners(given, got, how);
  if (how.beside && got.beside)
    checkTrained(subject, { ...how.beside, shuffle: given.shuffle }, got.beside, {});
  if (got.sampleLosses !== undefined) return got;
  throw new Disagreement('perSample', 'a function of the loss, as supports.perSample declares', 'none');
}

/** The losses of the samples as the specification has them, and what may be wrong with each. */
export function rightLosses(given: Case, u: number, walk = wholeWalk(given)): SampleLosses {
  const { batch, options } = given;
  const rectification = walk.rectification.loss;
  if (batch.fromLogits) {
    const { parts, sampleEntropy } = logitAllowance(given, u, undefined, walk);
    return sampleLosses(batch, options.alpha, rectification, parts.rectification, sampleEntropy, u);
  }
  const crl = lossAllowance(walk, u).loss;
  const ofEntropy = (ce: number) => sampleEntropyAllowance(batch, ce, u);
  return sampleLosses(batch, options.alpha, rectification, crl, ofEntropy, u);
}

/** One weight per sample; every eighth batch has zeros only. */
function weightsOf({ batch, shuffle }: Case): number[] {
  const generator = xoroshiro128plus(shuffle);
  const drawn = () => WEIGHTS[uniformInt(generator, 0, WEIGHTS.length - 1)] as number;
  return Array.from({ length: batch.size }, () => (shuffle % 8 === 7 ? 0 : drawn()));
}
