/**
 * Right backends whose loss weighs samples wrongly (ruling: sample weights).
 *
 * @module
 */
import {
  type BalancedOptions,
  type Batch,
  balancedLoss,
  meanWeight,
  sampleCrossEntropies,
} from '../../spec/index.js';
import type { TrainingResult } from '../property.js';
import { entries } from '../walk.js';
import { mean, sum } from './replace.js';
import { rightly, wrongTraining } from './training.js';
import type { WrongBackend } from './wrong-backend.js';

/** Wrong ways of weighing samples. */
export const sampleWeights: readonly WrongBackend[] = [
  weighing(
    'weights-normalised',
    'the weighted loss divided by the sum of the weights instead of n',
    (batch, options, weights) => {
      const right = rightly(batch, options, weights);
      const total = sum(Array.from(weights));
      return total === 0 ? right : scaled(right, batch.size / total);
    },
  ),
  weighing(
    'weights-averaged',
    'the whole batch scaled by the mean weight, as model.fit does to a scalar loss',
    (batch, options, weights) => ({
      ...rightly(batch, options, weights),
      ...scaled(rightly(batch, options), meanWeight(weights)),
    }),
  ),
  weighing(
    'weights-skip-features',
    'the gradient of the features is not weighted',
    (batch, options, weights) => {
      const { featureGradient: unweighted } = rightly(batch, options);
      return { ...rightly(batch, options, weights), ...(unweighted ? { featureGradient: unweighted } : {}) };
    },
  ),
  weighing(
    'weights-skip-rectification',
    'L_crl counts by 1 instead of the mean weight',
    (batch, options, weights) => {
      const { rectification, featureGradient } = balancedLoss(batch, options);
      const right = rightly(batch, options, weights);
      const missing = 1 - meanWeight(weights);
      return {
        ...right,
        loss: right.loss + missing * options.alpha * rectification,
        gradient: right.gradient.map(
          (x, at) => x + missing * (ofRectification(batch, options)[at] as number),
        ),
        ...(featureGradient ? { featureGradient: entries(featureGradient) } : {}),
      };
    },
  ),
  weighing(
    'weights-own-rectification',
    'the gradient of L_crl weighted row by row instead of by the mean weight',
    (batch, options, weights) => {
      const right = rightly(batch, options, weights);
      const slopes = ofRectification(batch, options);
      const off = (at: number) =>
        (weights[Math.floor(at / batch.scoreWidth)] as number) - meanWeight(weights);
      return { ...right, gradient: right.gradient.map((x, at) => x + off(at) * (slopes[at] as number)) };
    },
  ),
  weighing(
    'sample-losses-averaged-twice',
    'the cross entropy of a sample divided by n before the mean is taken',
    (batch, options, weights) => {
      const { rectification } = balancedLoss(batch, options);
      const losses = sampleCrossEntropies(batch).map(
        (ce) => options.alpha * rectification + ((1 - options.alpha) * ce) / batch.size,
      );
      return { ...rightly(batch, options, weights), sampleLosses: losses };
    },
    'training-sample-losses-agree',
  ),
  weighing(
    'sample-losses-alike',
    'every sample is given L, whose mean is right',
    (batch, options, weights) => {
      const { loss } = balancedLoss(batch, options);
      return { ...rightly(batch, options, weights), sampleLosses: new Array<number>(batch.size).fill(loss) };
    },
    'training-sample-losses-agree',
  ),
  weighing(
    'sample-losses-without-unlabelled',
    'samples without a label are left out of the mean of the weights',
    (batch, options, weights) => {
      const right = rightly(batch, options, weights);
      const known = Array.from(weights).filter((_, i) =>
        batch.attributes.some((_attribute, j) => batch.labelled.get(i, j) === 1),
      );
      const off = mean(known) - meanWeight(weights);
      const { rectification } = balancedLoss(batch, options);
      const slopes = ofRectification(batch, options);
      return {
        ...right,
        loss: right.loss + off * options.alpha * rectification,
        gradient: right.gradient.map((x, at) => x + off * (slopes[at] as number)),
      };
    },
  ),
];

/** α·∂L_crl with respect to the scores, row by row; zeros at instance level. */
function ofRectification(batch: Batch, options: BalancedOptions): Float64Array {
  const entropy = entries(balancedLoss(batch, { ...options, alpha: 0 }).gradient);
  return entries(balancedLoss(batch, options).gradient).map(
    (x, at) => x - (1 - options.alpha) * (entropy[at] as number),
  );
}

/** L and its gradients times a factor; the losses of the samples stay. */
function scaled(result: TrainingResult, factor: number): TrainingResult {
  const times = (slopes: ArrayLike<number>) => Array.from(slopes, (x) => factor * x);
  const { featureGradient } = result;
  return {
    ...result,
    loss: factor * result.loss,
    gradient: times(result.gradient),
    ...(featureGradient ? { featureGradient: times(featureGradient) } : {}),
  };
}

/** A backend that trains right without weights, and wrongly with them. */
function weighing(
  id: string,
  error: string,
  train: (batch: Batch, options: BalancedOptions, weights: ArrayLike<number>) => TrainingResult,
  caughtBy = 'training-weighs-samples',
): WrongBackend {
  return wrongTraining(
    id,
    error,
    caughtBy,
    (batch, options, _madeAt, { weights }) =>
      weights ? train(batch, options, weights) : rightly(batch, options),
    { perSample: true },
  );
}
