/**
 * Agreement: every stage gives the result of the specification.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { BalancedLoss, Batch } from '../../spec/index.js';
import { formTriplets, mineHardSamples, rectificationLoss, selectMinority } from '../../spec/index.js';
import { bothForms, type Case, cases } from '../cases/arbitraries.js';
import { firstSamples, halfTwice, withRepeatedScores } from '../cases/permute.js';
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
  type LogitAllowance,
  type LossAllowance,
  logitAllowance,
  lossAllowance,
  type PartAllowances,
  partAllowances,
  roundoff,
  trainingRoundoff,
} from '../tolerance/index.js';
import { entries, plainAnchors, plainSelection, specWalk, stageOf, wholeWalk } from '../walk.js';

/** The properties of agreement. */
export const agreement: readonly Property[] = [
  {
    id: 'minority-agrees',
    stage: 'selectMinority',
    source: 'Eq. 3; rulings: tied class sizes, minority prefix, unlabelled samples',
    claim: 'The class sizes and the minority classes of a batch equal those of the specification.',
    required: true,
    runs: (asked) => 10 * asked, // a case is cheap, and ρ·n_j rounds in an unusual way for few sizes only
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
    runs: (asked) => 2 * asked, // kinks are rare, and a fused backend shows them nowhere else
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
    claim:
      'From logits, L, its parts, its counts and its gradient, if there is one, agree with the specification.',
    required: true,
    search: true,
    cases: (supports) => cases(supports, { fromLogits: true }).map(halfRepeated),
    check: checkFromLogits,
  },
  {
    id: 'training-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: the loss that trains is the loss that was verified',
    claim:
      'Trained through the tfjs loss on probabilities, L and its gradients agree with the specification.',
    required: true,
    search: true,
    inapplicable: needsTraining,
    cases: (supports) => cases(supports, { coarse: true }),
    check: (subject, given) => checkTraining(subject, given, wayToTrain(given)),
  },
  {
    id: 'training-steps-independent',
    stage: 'balancedLoss',
    source: 'Eq. 8; contract: tensorLoss',
    claim:
      'A loss that was given other batches before, also of other sizes, gives what a new loss gives, and its observer is called in every step.',
    required: true,
    inapplicable: needsTraining,
    runs: (asked) => Math.ceil(asked / 6), // three steps per case
    cases: (supports) => cases(supports, { coarse: true }),
    check: (subject, given) =>
      checkTraining(subject, given, { before: otherBatches(given), observed: given.shuffle % 2 === 0 }),
  },
  {
    id: 'training-evaluates',
    stage: 'balancedLoss',
    source: 'Eq. 8; contract: tensorLoss',
    claim:
      'Without a derivative, as model.evaluate asks for it, L agrees with the specification, and a step after it does too.',
    required: true,
    inapplicable: needsTraining,
    runs: (asked) => Math.ceil(asked / 6), // the step was tested by training-agrees
    cases: (supports) => bothForms(supports, { coarse: true }),
    check: (subject, given) => checkTrainingOf(subject, given, { ...wayToTrain(given), evaluated: true }),
  },
  {
    id: 'training-losses-independent',
    stage: 'balancedLoss',
    source: 'Eq. 8; contract: tensorLoss',
    claim:
      'Two losses that exist at the same time, and that are differentiated together, each give what they give alone.',
    required: true,
    inapplicable: needsTraining,
    runs: (asked) => Math.ceil(asked / 6), // three steps per case
    cases: (supports) => bothForms(supports, { coarse: true }),
    check: checkTwoLosses,
  },
  {
    id: 'training-schedule-agrees',
    stage: 'balancedLoss',
    source: 'Eq. 8; ruling: α',
    claim:
      'A loss that was made for one α and is then given another one agrees with the specification for that one.',
    required: true,
    inapplicable: needsTraining,
    runs: (asked) => Math.ceil(asked / 4), // all but α was tested by training-agrees
    cases: (supports) => cases(supports, { coarse: true }),
    check: (subject, given) => checkTraining(subject, given, { madeAt: 1 - given.options.alpha }),
  },
  {
    id: 'training-logits-agree',
    stage: 'balancedLoss',
    source: 'Eq. 8; design: the loss that trains is the loss that was verified',
    claim: 'Trained through the tfjs loss on logits, L and its gradients agree with the specification.',
    required: true,
    search: true,
    inapplicable: needsTraining,
    cases: (supports) => cases(supports, { fromLogits: true, coarse: true }),
    check: (subject, given) => checkTrainingLogits(subject, given, wayToTrain(given)),
  },
];

/** Demands the specification’s minority classes, if the backend has that stage, and its anchors with their samples. */
export async function checkMining({ backend }: Subject, { batch, options }: Case): Promise<void> {
  const selection = selectMinority(batch, options);
  const minority = await backend.selectMinority?.(batch, options);
  if (minority) demandSame('profile and minority', plainSelection(minority), plainSelection(selection));
  const expected = plainAnchors(mineHardSamples(batch, selection, options)); // before the backend may write to it
  const got = await stageOf(backend, 'mineHardSamples')(batch, selection, options);
  demandSame('anchors', plainAnchors(got), expected);
}

/** A result of the whole walk must have all three numbers; training gives L alone. */
function allParts(found: Parts): Parts {
  if (!('statistics' in found)) return found;
  const { loss = Number.NaN, rectification = Number.NaN, crossEntropy = Number.NaN } = found;
  return { loss, rectification, crossEntropy };
}

/** The parts that {@link checkParts} compares, as far as they are given. */
export type Parts = Partial<Pick<BalancedLoss, 'loss' | 'rectification' | 'crossEntropy'>>;

/** The specification’s result, and how far from it a right answer may lie. */
export interface Expected {
  readonly expected: BalancedLoss;
  /** Of L_crl without weights. */
  readonly allowance: LossAllowance;
  /** Sample weights that the result counts by. Default: 1 for all. */
  readonly weights?: ArrayLike<number>;
}

/** Computed once for the several checks of one case. */
export function expectedOf(given: Case, u: number): Expected {
  const walk = wholeWalk(given);
  return { expected: walk.balanced, allowance: lossAllowance(walk, u) };
}

/** Demands the specification’s L_crl, L_ce and L, each within its allowance. */
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

/** Demands the specification’s L, parts and counts. */
export function checkWalk(given: Case, found: BalancedLoss, u: number, known: Expected): void {
  checkParts(given, found, u, known);
  demandSame('statistics', plainStatistics(found), plainStatistics(known.expected));
}

/** Runs the whole walk on a case, and demands the specification’s L, parts, counts and gradients. */
export async function checkBalanced({ backend }: Pick<Subject, 'backend'>, given: Case): Promise<void> {
  const u = roundoff(backend.supports);
  const known = expectedOf(given, u); // before the backend may write to the batch
  const got = await backend.balancedLoss(given.batch, given.options);
  checkWalk(given, got, u, known);
  if (backend.supports.gradient) checkGradient(given, got.gradient, got.featureGradient, u, known);
}

/** From logits, demands the specification’s L, parts, counts and gradients. */
export async function checkFromLogits({ backend }: Pick<Subject, 'backend'>, given: Case): Promise<void> {
  const { batch, options } = given;
  const walk = wholeWalk(given); // before the backend may write to the batch
  const got = await backend.balancedLoss(batch, options);
  const gradient = backend.supports.gradient ? got.gradient : undefined;
  checkLogits(given, got, gradient, roundoff(backend.supports), got.featureGradient, walk);
  demandSame('statistics', plainStatistics(got), plainStatistics(walk.balanced));
}

/** Demands the specification’s L, parts, counts and gradients, of probabilities or of logits. */
export async function checkWhole(subject: Pick<Subject, 'backend'>, given: Case): Promise<void> {
  await (given.batch.fromLogits ? checkFromLogits : checkBalanced)(subject, given);
}

/** Demands the specification’s gradient of L. */
export function checkGradient(
  given: Case,
  got: NdArray,
  featureGradient: NdArray | undefined,
  u: number,
  known = expectedOf(given, u),
): void {
  const { batch, options } = given;
  const { expected, allowance, weights } = known;
  const slopes = entries(expected.gradient);
  const allowed = balancedSlopeAllowance(batch, options, slopes, allowance, u, weights);
  demandGradient('gradient', got, expected.gradient, allowed);
  if (options.level === 'class') return;
  demandFeatureGradient(given, featureGradient, known, u);
}

/** From logits: demands the specification’s L, parts and gradients, as far as they are given. */
export function checkLogits(
  given: Case,
  found: Parts,
  gradient: NdArray | undefined,
  u: number,
  featureGradient?: NdArray,
  walk = wholeWalk(given),
): void {
  const allowed = logitAllowance(given, u, undefined, walk);
  demandParts(found, walk.balanced, allowed.parts);
  if (gradient !== undefined) checkLogitGradient(given, gradient, featureGradient, walk.balanced, allowed, u);
}

/** From logits: demands the specification’s gradients, wherever they can be compared. */
export function checkLogitGradient(
  given: Case,
  gradient: NdArray,
  featureGradient: NdArray | undefined,
  expected: BalancedLoss,
  allowed: LogitAllowance,
  u: number,
  weights?: ArrayLike<number>,
): void {
  if (given.options.level === 'instance') {
    const known = { expected, allowance: allowed.rectification, ...(weights ? { weights } : {}) };
    demandFeatureGradient(given, featureGradient, known, u);
  } else if (!comparesLogitGradients(given.batch, allowed)) return;
  demandGradient('gradient', gradient, expected.gradient, (at) => allowed.gradient[at] as number);
}

function demandFeatureGradient(
  { batch, options }: Case,
  got: NdArray | undefined,
  { expected, allowance, weights }: Expected,
  u: number,
): void {
  if (got === undefined) throw new Disagreement('featureGradient', 'an array at instance level', 'none');
  const wanted = expected.featureGradient as NdArray;
  const allowed = featureSlopeAllowance(batch, options.alpha, entries(wanted), allowance, u, weights);
  demandGradient('featureGradient', got, wanted, allowed);
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

/** Every second case has a few rows of scores only, so that most ranks are ties. */
function halfRepeated(given: Case): Case {
  const { batch, shuffle } = given;
  return shuffle % 2 === 0 ? given : { ...given, batch: withRepeatedScores(batch, 1 + (shuffle % 5)) };
}

/** Two batches of the same schema, in either order: one with other labels, and a smaller one. */
function otherBatches({ batch, shuffle }: Case): Batch[] {
  const others = [halfTwice(batch, shuffle), firstSamples(batch, Math.ceil(batch.size / 2))];
  return shuffle % 4 < 2 ? others : others.reverse();
}

/** Types of labels that people train with. */
const LABEL_TYPES = ['float32', 'int32', 'bool'] as const;

/** Derivatives of what follows the loss: powers of two, so that dividing by them does not round. */
const UPSTREAM = [1, 2, -1, 0.25, -4];

/** One of the ways in which people train. */
export function wayToTrain({ shuffle }: Case): TrainingStep {
  return {
    withoutAlpha: shuffle % 2 === 0, // as with a constant α
    weight: UPSTREAM[shuffle % UPSTREAM.length] as number,
    labels: LABEL_TYPES[shuffle % LABEL_TYPES.length] as (typeof LABEL_TYPES)[number],
  };
}

/** Demands the specification’s L and gradients of a step of training, from probabilities or from logits. */
export async function checkTrainingOf(subject: Subject, given: Case, how: TrainingStep = {}): Promise<void> {
  await (given.batch.fromLogits ? checkTrainingLogits : checkTraining)(subject, given, how);
}

/** Demands the specification’s L and gradients of a step of training on probabilities. */
export async function checkTraining(subject: Subject, given: Case, how: TrainingStep = {}): Promise<void> {
  const known = expectedOf(given, trainingRoundoff(subject.backend.supports));
  checkTrained(subject, given, await trained(subject, given, how), how, known);
}

/** From logits, demands the specification’s L and gradients of a step of training. */
export async function checkTrainingLogits(
  subject: Subject,
  given: Case,
  how: TrainingStep = {},
): Promise<void> {
  checkTrained(subject, given, await trained(subject, given, how), how);
}

async function trained(
  { train }: Subject,
  { batch, options }: Case,
  how: TrainingStep,
): Promise<TrainingResult> {
  return (train as NonNullable<typeof train>)(batch, options, how);
}

/** Demands what a step of training must give and leave. */
function checkTrained(
  { backend }: Pick<Subject, 'backend'>,
  given: Case,
  got: TrainingResult,
  { before }: TrainingStep,
  known?: Expected,
): void {
  if (got.observed !== undefined) demandSame('steps observed', got.observed, 1 + (before?.length ?? 0));
  demandSame('tensors of the caller that were disposed of', got.disposed ?? [], []);
  const u = trainingRoundoff(backend.supports);
  const gradient = asMatrix(given, got.gradient);
  // L without a derivative first, so that a failure names it
  const values = got.evaluated === undefined ? [got.loss] : [got.evaluated, got.loss];
  if (given.batch.fromLogits) {
    const walk = wholeWalk(given);
    for (const loss of values) checkLogits(given, { loss }, undefined, u, undefined, walk);
    checkLogits(given, {}, gradient, u, ofFeatures(given, got), walk);
  } else {
    for (const loss of values) checkParts(given, { loss }, u, known);
    checkGradient(given, gradient, ofFeatures(given, got), u, known);
  }
}

/** Two losses of one backend, the second of other labels and options. */
async function checkTwoLosses(subject: Subject, given: Case): Promise<void> {
  const { batch, options, shuffle } = given;
  const alpha = options.alpha === 0.5 ? 0.25 : 0.5;
  const other = {
    batch: halfTwice(batch, shuffle),
    options: { ...options, kappa: options.kappa + 1, alpha },
    shuffle,
  };
  const how = { beside: { batch: other.batch, options: other.options } };
  const got = await trained(subject, given, how);
  checkTrained(subject, given, got, {});
  if (got.beside !== undefined) checkTrained(subject, other, got.beside, {});
}

/** ∂L/∂features of a training step in the shape of the contract, if there is one. */
export function ofFeatures({ batch }: Case, { featureGradient }: TrainingResult): NdArray | undefined {
  if (featureGradient === undefined || batch.features === undefined) return undefined;
  const { perAttribute, matrices, width } = batch.features;
  const shape = [...(perAttribute ? [matrices.length] : []), batch.size, width];
  return ndarray(Float32Array.from(featureGradient), shape);
}

/** ∂L/∂scores of a training step in the shape of the contract, n×S. */
export function asMatrix({ batch }: Case, data: ArrayLike<number>): NdArray {
  return ndarray(Float32Array.from(data), [batch.size, batch.scoreWidth]);
}

function plainStatistics({ statistics }: BalancedLoss): unknown {
  const { anchors, triplets } = statistics;
  return { ...(plainSelection(statistics) as object), anchors, triplets };
}
