/**
 * Agreement: every stage gives what the specification gives.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { BalancedLoss, Batch } from '../../spec/index.js';
import {
  balancedLoss,
  formTriplets,
  mineHardSamples,
  rectificationLoss,
  selectMinority,
} from '../../spec/index.js';
import { type Case, cases } from '../cases/arbitraries.js';
import { firstSamples, halfTwice } from '../cases/permute.js';
import {
  Disagreement,
  demandAllNear,
  demandNear,
  demandSame,
  needsGradient,
  needsTraining,
  type Property,
  type Subject,
  type TrainingResult,
  type TrainingStep,
} from '../property.js';
import {
  balancedSlopeAllowance,
  comparesLogitGradients,
  featureSlopeAllowance,
  type LossAllowance,
  logitAllowance,
  lossAllowance,
  type PartAllowances,
  partAllowances,
  roundoff,
  trainingRoundoff,
} from '../tolerance/index.js';
import { entries, plainAnchors, plainSelection, specWalk, stageOf } from '../walk.js';

/** The properties of agreement. */
export const agreement: readonly Property[] = [
  {
    id: 'minority-agrees',
    stage: 'selectMinority',
    source: 'Eq. 3; rulings: tied class sizes, minority prefix, unlabelled samples',
    claim: 'Class profile and minority classes are those of the specification, exactly.',
    required: true,
    runs: (asked) => 10 * asked, // it is cheap, and ρ·n_j rounds oddly for few sizes
    cases: (supports) => cases(supports, { unscored: true }),
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
    claim: 'Anchors, hard positives and hard negatives are those of the specification, in its order.',
    required: true,
    cases: (supports) => cases(supports, { unscored: true }),
    check: checkMining,
  },
  {
    id: 'triplets-agree',
    stage: 'formTriplets',
    source: 'ruling: triplet order',
    claim: 'Triplets are those of the specification, in its order.',
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
    claim: 'L_crl of the specification’s triplets and pairs is the specification’s.',
    required: true,
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
    claim: 'The derivative of L_crl is the specification’s closed form.',
    required: true,
    runs: (asked) => 2 * asked, // kinks are rare
    inapplicable: needsGradient,
    cases: (supports) => cases(supports, { unscored: true }),
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
    claim: 'The whole walk gives L, its parts and its counts as the specification does.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const u = roundoff(backend.supports);
      const known = expectedOf(given, u);
      checkWalk(given, await backend.balancedLoss(given.batch, given.options), u, known);
    },
  },
  {
    id: 'balanced-gradient-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8; rulings: gradient, kinks',
    claim: 'The derivative of L with respect to probabilities is the specification’s.',
    required: true,
    runs: (asked) => 2 * asked, // kinks are rare, and a fused backend has no stage that shows them
    inapplicable: needsGradient,
    cases: (supports) => cases(supports),
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
    claim: 'From logits, L, its parts and its derivative, if it has one, are the specification’s.',
    required: true,
    cases: (supports) => cases(supports, { fromLogits: true }),
    async check({ backend }, given) {
      const got = await backend.balancedLoss(given.batch, given.options);
      const gradient = backend.supports.gradient ? got.gradient : undefined;
      checkLogits(given, got, gradient, roundoff(backend.supports), got.featureGradient);
      demandSame(
        'statistics',
        plainStatistics(got),
        plainStatistics(balancedLoss(given.batch, given.options)),
      );
    },
  },
  {
    id: 'training-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: what trains is what was verified',
    claim: 'Through the tfjs-layers loss, L of probabilities and its derivatives are the specification’s.',
    required: true,
    inapplicable: needsTraining,
    cases: (supports) => cases(supports, { coarse: true }),
    check: (subject, given) =>
      checkTraining(subject, given, {
        withoutAlpha: given.shuffle % 2 === 0, // as with a constant α
        weight: given.shuffle % 3 === 0 ? 1 : 2,
      }),
  },
  {
    id: 'training-steps-independent',
    stage: 'balancedLoss',
    source: 'Eq. 8; contract: tensorLoss',
    claim:
      'A loss that was given other batches, other sizes among them, gives what a new one gives, observed in every step.',
    required: true,
    inapplicable: needsTraining,
    runs: (asked) => Math.ceil(asked / 6), // three steps a case
    cases: (supports) => cases(supports, { coarse: true }),
    check: (subject, given) =>
      checkTraining(subject, given, { before: otherBatches(given), observed: given.shuffle % 2 === 0 }),
  },
  {
    id: 'training-schedule-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 8; ruling: α',
    claim: 'A loss that was made at one α gives, at another, what the specification gives there.',
    required: true,
    inapplicable: needsTraining,
    runs: (asked) => Math.ceil(asked / 4), // the rest is what training-agrees has seen
    cases: (supports) => cases(supports, { coarse: true }),
    check: (subject, given) => checkTraining(subject, given, { madeAt: 1 - given.options.alpha }),
  },
  {
    id: 'training-logits-agree',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: what trains is what was verified',
    claim: 'Through the tfjs-layers loss, L of logits and its derivatives are the specification’s.',
    required: true,
    inapplicable: needsTraining,
    cases: (supports) => cases(supports, { fromLogits: true, coarse: true }),
    async check({ backend, train }, given) {
      const got = await (train as NonNullable<typeof train>)(given.batch, given.options);
      const u = trainingRoundoff(backend.supports);
      checkLogits(given, { loss: got.loss }, asMatrix(given, got.gradient), u, ofFeatures(given, got));
    },
  },
];

/** Demands the specification’s anchors, positives and negatives. */
export async function checkMining({ backend }: Subject, { batch, options }: Case): Promise<void> {
  const selection = selectMinority(batch, options);
  const expected = plainAnchors(mineHardSamples(batch, selection, options)); // before the backend may write to it
  const got = await stageOf(backend, 'mineHardSamples')(batch, selection, options);
  demandSame('anchors', plainAnchors(got), expected);
}

/** A result of a walk has all three, numbers; what training gives has L alone. */
function allParts(found: Parts): Parts {
  if (!('statistics' in found)) return found;
  const { loss = Number.NaN, rectification = Number.NaN, crossEntropy = Number.NaN } = found;
  return { loss, rectification, crossEntropy };
}

/** What {@link checkParts} compares, where it is given. */
export type Parts = Partial<Pick<BalancedLoss, 'loss' | 'rectification' | 'crossEntropy'>>;

/** What the specification finds, and how far from it a right answer may lie. */
export interface Expected {
  readonly expected: BalancedLoss;
  readonly allowance: LossAllowance;
}

/** To be handed to several checks of one large case. */
export function expectedOf(given: Case, u: number): Expected {
  return {
    expected: balancedLoss(given.batch, given.options),
    allowance: lossAllowance(specWalk(given), u),
  };
}

/** Demands L_crl, L_ce and L of the specification, each within what its arithmetic may be off. */
export function checkParts(given: Case, found: Parts, u: number, known = expectedOf(given, u)): void {
  const { expected, allowance } = known;
  demandParts(found, expected, partAllowances(given.batch, expected, allowance.loss, u));
}

/** Demands every part that was given, within its allowance. */
function demandParts(found: Parts, expected: BalancedLoss, allowed: PartAllowances): void {
  const got = allParts(found);
  for (const [part, name] of NAMES) {
    if (got[part] !== undefined) demandNear(name, got[part], expected[part], allowed[part]);
  }
}

/** The parts of a walk, and their names in messages. */
const NAMES = [
  ['rectification', 'L_crl'],
  ['crossEntropy', 'L_ce'],
  ['loss', 'L'],
] as const;

/** Demands L, its parts and the counts of the specification. */
export function checkWalk(given: Case, found: BalancedLoss, u: number, known: Expected): void {
  checkParts(given, found, u, known);
  demandSame('statistics', plainStatistics(found), plainStatistics(known.expected));
}

/** Demands the specification’s derivative of L. */
export function checkGradient(
  given: Case,
  got: NdArray,
  featureGradient: NdArray | undefined,
  u: number,
  known = expectedOf(given, u),
): void {
  const { batch, options } = given;
  const { expected, allowance } = known;
  demandGradient('gradient', got, expected.gradient, balancedSlopeAllowance(batch, options, allowance, u));
  if (options.level === 'class') return;
  demandFeatureGradient(given, featureGradient, expected, allowance);
}

/** Demands the specification’s L, parts and derivative of logits, as far as they are given. */
export function checkLogits(
  given: Case,
  found: Parts,
  gradient: NdArray | undefined,
  u: number,
  featureGradient?: NdArray,
): void {
  const { batch, options } = given;
  const expected = balancedLoss(batch, options);
  const allowed = logitAllowance(given, u);
  demandParts(found, expected, allowed.parts);
  if (gradient === undefined) return;
  if (options.level === 'instance') {
    demandFeatureGradient(given, featureGradient, expected, allowed.rectification);
  } else if (!comparesLogitGradients(given, allowed.probability)) return;
  demandGradient('gradient', gradient, expected.gradient, (at) => allowed.gradient[at] as number);
}

function demandFeatureGradient(
  { options }: Case,
  got: NdArray | undefined,
  expected: BalancedLoss,
  allowance: LossAllowance,
): void {
  if (got === undefined) throw new Disagreement('featureGradient', 'an array at instance level', 'none');
  const allowed = featureSlopeAllowance(options.alpha, allowance);
  demandGradient('featureGradient', got, expected.featureGradient as NdArray, allowed);
}

/** Demands a gradient of the right shape, entry by entry. */
function demandGradient(
  what: string,
  got: NdArray,
  expected: NdArray,
  allowance: (at: number) => number,
): void {
  demandSame(`shape of the ${what}`, Array.from(got.shape), Array.from(expected.shape));
  demandAllNear(what, entries(got), entries(expected), expected.shape, allowance);
}

/** Of the same schema: one with other labels, and a smaller one, in either order. */
function otherBatches({ batch, shuffle }: Case): Batch[] {
  const others = [halfTwice(batch, shuffle), firstSamples(batch, Math.ceil(batch.size / 2))];
  return shuffle % 4 < 2 ? others : others.reverse();
}

/** Demands L and its derivatives of the specification, as training takes them. */
export async function checkTraining(
  { backend, train }: Subject,
  given: Case,
  how: TrainingStep = {},
): Promise<void> {
  const got = await (train as NonNullable<typeof train>)(given.batch, given.options, how);
  if (got.observed !== undefined) demandSame('steps observed', got.observed, 1 + (how.before?.length ?? 0));
  const u = trainingRoundoff(backend.supports);
  checkParts(given, { loss: got.loss }, u);
  checkGradient(given, asMatrix(given, got.gradient), ofFeatures(given, got), u);
}

/** ∂L/∂features in the shape of the contract, if there is one. */
function ofFeatures({ batch }: Case, { featureGradient }: TrainingResult): NdArray | undefined {
  if (featureGradient === undefined || batch.features === undefined) return undefined;
  const { perAttribute, matrices, width } = batch.features;
  const shape = [...(perAttribute ? [matrices.length] : []), batch.size, width];
  return ndarray(Float32Array.from(featureGradient), shape);
}

function asMatrix({ batch }: Case, data: ArrayLike<number>): NdArray {
  return ndarray(Float32Array.from(data), [batch.size, batch.scoreWidth]);
}

function plainStatistics({ statistics }: BalancedLoss): unknown {
  const { anchors, triplets } = statistics;
  return { ...(plainSelection(statistics) as object), anchors, triplets };
}
