/**
 * What agreement demands of a step of training.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Case } from '../cases/arbitraries.js';
import { layoutOf, relaid } from '../cases/layouts.js';
import type { Way } from '../coverage/index.js';
import {
  demandSame,
  needsTraining,
  type Property,
  type Subject,
  type TrainingResult,
  type TrainingStep,
} from '../property.js';
import { logitAllowance, trainingRoundoff } from '../tolerance/index.js';
import { wholeWalk } from '../walk.js';
import { checkGradient, checkLogits, checkParts, type Expected, expectedOf } from './agreement-checks.js';

/** Types of labels that people train with. */
export const LABEL_TYPES = ['float32', 'int32', 'bool'] as const;

/** Derivatives of what follows the loss, one of which half-floats, bfloat16 and TF32 round. */
const UPSTREAM = [1, 2 + 2 ** -10, -1, 0.25, -4];

/** One of the ways in which people train. */
export function wayToTrain({ shuffle }: Case): TrainingStep {
  return {
    withoutAlpha: shuffle % 2 === 0, // as with a constant α
    weight: UPSTREAM[shuffle % UPSTREAM.length] as number,
    labels: LABEL_TYPES[shuffle % LABEL_TYPES.length] as (typeof LABEL_TYPES)[number],
  };
}

/** Such a way, together with an α that changes before the step, or with L computed without a derivative first. */
export function combinedWayToTrain(given: Case): TrainingStep {
  const way = wayToTrain(given);
  const lot = Math.floor(given.shuffle / (UPSTREAM.length * LABEL_TYPES.length * 2)); // independent of the way
  return {
    ...way,
    ...(lot % 3 === 0 ? {} : { evaluated: true }),
    ...(!way.withoutAlpha && lot % 2 === 0 ? { madeAt: 1 - given.options.alpha } : {}),
  };
}

/** A property of one step of training: the step that is checked is the one that is counted. */
export function stepping(
  how: (given: Case, subject: Subject) => TrainingStep,
): Pick<Property, 'inapplicable' | 'ways' | 'check'> {
  return {
    inapplicable: needsTraining,
    ways: (subject, given) => waysOfStep(subject, given, how(given, subject)),
    check: (subject, given) => checkTrainingOf(subject, given, how(given, subject)),
  };
}

/** From so many samples on a case is counted as one of many. */
export const MANY = 60;

/** Whether binary labels are missing, which a bool cannot say: they are given as int32 then. */
export function hasMissingLabels({ encoding, labelled }: Case['batch']): boolean {
  return encoding === 'multi-label' && labelled.data.includes(0);
}

/** What is counted of a step of training. */
export function waysOfStep({ backend }: Subject, { batch, options }: Case, how: TrainingStep): Way[] {
  const { labels = 'float32', weight = 1, withoutAlpha, madeAt, before = [], weights } = how;
  const found: Record<string, boolean> = {
    [`step-labels-${labels === 'bool' && hasMissingLabels(batch) ? 'int32' : labels}` satisfies Way]: true,
    [`step-from-${batch.fromLogits ? 'logits' : 'probabilities'}` satisfies Way]: true,
    [`step-at-${options.level}-level` satisfies Way]: true,
    'step-of-60-samples': batch.size >= MANY,
    [withoutAlpha ? 'step-without-alpha' : 'step-with-alpha']: true,
    'step-at-another-alpha': madeAt !== undefined && madeAt !== options.alpha,
    [weight === 1 ? 'upstream-one' : weight > 0 ? 'upstream-above-zero' : 'upstream-below-zero']: true,
    'value-without-derivative': how.evaluated === true,
    'step-observed': how.observed === true && backend.supports.execution === 'tensor',
    'steps-before': before.length > 0,
    'steps-before-of-other-sizes': before.some(({ size }) => size !== batch.size),
    'step-before-of-a-larger-batch': before.some(({ size }) => size > batch.size),
    'step-before-of-the-same-labels': before.some(({ membership }) => membership === batch.membership),
    'observed-twice-in-one-tape':
      how.beside?.isSameLoss === true && how.observed === true && backend.supports.execution === 'tensor',
    'two-losses-in-one-tape': how.beside !== undefined && !how.beside.isSameLoss,
    'one-loss-twice-in-one-tape': how.beside?.isSameLoss === true,
    'both-forms-in-one-tape': how.beside?.isSameLoss === true && weights !== undefined,
    'caller-tensors-kept': true, // in every step
    'step-weighted': weights !== undefined,
    'step-weights-zero': weights !== undefined && Array.from(weights).every((w) => w === 0),
  };
  return (Object.keys(found) as Way[]).filter((way) => found[way]);
}

/** Demands the specification’s L and gradients of a step of training, and of the loss beside it, if there is one. */
async function checkTrainingOf(subject: Subject, given: Case, how: TrainingStep): Promise<void> {
  await checkTrainingAsGiven(subject, given, how, laidOut(given));
}

/** The same, of the very arrays of the case, or of others that hold the same numbers. */
export async function checkTrainingAsGiven(
  subject: Subject,
  given: Case,
  how: TrainingStep,
  asGiven = given,
): Promise<void> {
  const u = trainingRoundoff(subject.backend.supports);
  // before the backend may write to the batch; logits have tolerances of their own
  const known = given.batch.fromLogits ? undefined : expectedOf(given, u);
  const got = await trained(subject, asGiven, how);
  checkTrained(subject, given, got, how, known);
  if (how.beside && got.beside)
    checkTrained(subject, { ...how.beside, shuffle: given.shuffle }, got.beside, {});
}

/** Of every fourth case the arrays are laid out anew: a backend that trains in its own way reads them itself. */
function laidOut(given: Case): Case {
  if (given.shuffle % 4 !== 0) return given;
  return { ...given, batch: relaid(given.batch, layoutOf(given.shuffle >> 2)) };
}

export async function trained(
  { train }: Subject,
  { batch, options }: Case,
  how: TrainingStep,
): Promise<TrainingResult> {
  return (train as NonNullable<typeof train>)(batch, options, how);
}

/** Demands of a step of training what does not depend on its numbers. */
export function checkManners({ batch }: Case, got: TrainingResult, how: TrainingStep): void {
  const { before = [], beside, weights } = how;
  // the loss is given the batch beside it alone, and then again in one tape
  const steps = 1 + before.length + (beside?.isSameLoss ? 2 : 0);
  if (got.observed !== undefined) demandSame('steps observed', got.observed, steps);
  demandSame('tensors of the caller that were disposed of', got.disposed ?? [], []);
  demandSame('tensors of the caller whose numbers were changed', got.written ?? [], []);
  const what = weights === undefined ? 'L' : 'the losses of the samples';
  if (got.shape) demandSame(`shape of ${what}`, [...got.shape], weights === undefined ? [] : [batch.size]);
}

/** Demands what a step of training must give and leave. */
export function checkTrained(
  { backend }: Pick<Subject, 'backend'>,
  given: Case,
  got: TrainingResult,
  how: TrainingStep,
  expected?: Expected,
): void {
  const { weight } = how;
  checkManners(given, got, how);
  const u = trainingRoundoff(backend.supports);
  const rounding = roundingBy(weight, u);
  const gradient = asMatrix(given, got.gradient);
  // L without a derivative first, so that a failure names it
  const values = got.evaluated === undefined ? [got.loss] : [got.evaluated, got.loss];
  if (given.batch.fromLogits) {
    const walk = wholeWalk(given);
    const allowed = logitAllowance(given, u, undefined, walk);
    for (const loss of values) checkLogits(given, { loss }, undefined, u, undefined, walk, allowed);
    checkLogits(given, {}, gradient, u, ofFeatures(given, got), walk, allowed, rounding);
  } else {
    const known = expected ?? expectedOf(given, u);
    for (const loss of values) checkParts(given, { loss }, u, known);
    checkGradient(given, gradient, ofFeatures(given, got), u, { ...known, rounding });
  }
}

/** What a product with a factor and the quotient that takes it out again round, as a share; nothing by a power of two. */
export function roundingBy(factor = 1, u: number): number {
  return Number.isInteger(Math.log2(Math.abs(factor))) ? 0 : 4 * u;
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
