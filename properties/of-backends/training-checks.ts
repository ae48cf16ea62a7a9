/**
 * What agreement demands of a step of training.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Case } from '../cases/arbitraries.js';
import { demandSame, type Subject, type TrainingResult, type TrainingStep } from '../property.js';
import { logitAllowance, trainingRoundoff } from '../tolerance/index.js';
import { wholeWalk } from '../walk.js';
import { checkGradient, checkLogits, checkParts, type Expected, expectedOf } from './agreement-checks.js';

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

export async function trained(
  { train }: Subject,
  { batch, options }: Case,
  how: TrainingStep,
): Promise<TrainingResult> {
  return (train as NonNullable<typeof train>)(batch, options, how);
}

/** Demands what a step of training must give and leave. */
export function checkTrained(
  { backend }: Pick<Subject, 'backend'>,
  given: Case,
  got: TrainingResult,
  { before }: TrainingStep,
  expected?: Expected,
): void {
  if (got.observed !== undefined) demandSame('steps observed', got.observed, 1 + (before?.length ?? 0));
  demandSame('tensors of the caller that were disposed of', got.disposed ?? [], []);
  const u = trainingRoundoff(backend.supports);
  const gradient = asMatrix(given, got.gradient);
  // L without a derivative first, so that a failure names it
  const values = got.evaluated === undefined ? [got.loss] : [got.evaluated, got.loss];
  if (given.batch.fromLogits) {
    const walk = wholeWalk(given);
    const allowed = logitAllowance(given, u, undefined, walk);
    for (const loss of values) checkLogits(given, { loss }, undefined, u, undefined, walk, allowed);
    checkLogits(given, {}, gradient, u, ofFeatures(given, got), walk, allowed);
  } else {
    const known = expected ?? expectedOf(given, u);
    for (const loss of values) checkParts(given, { loss }, u, known);
    checkGradient(given, gradient, ofFeatures(given, got), u, known);
  }
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
