/**
 * Errors that show only where an attribute has many logits, or a class many anchors that are compared by features.
 *
 * @module
 */
import type { BalancedLoss, Batch } from '../../spec/index.js';
import { mineHardSamples, toProbabilities } from '../../spec/index.js';
import { withScores } from '../cases/changed-numbers.js';
import { scaled } from './compose.js';
import { wrongFromLogits } from './conditions.js';
import { rightly, wrongTraining } from './training.js';
import { type WrongBackend, wrapped, wrongStages } from './wrong-backend.js';

const WIDE = 'cross-entropy-agrees-on-wide-logits';
const MANY_ANCHORS = 'many-anchors-of-features';
/** Cases of many anchors have more samples. */
const LEAST = 1025;

/** Wrong backends of many logits and many anchors. */
export const wrongOnWideLogits: readonly WrongBackend[] = [
  fromLogits(
    'softplus-past-15',
    'of more than 40 binary logits, log(1 + eᶻ) is taken for z above 15',
    (batch, right, alpha) => {
      if (batch.encoding === 'categorical' || batch.scoreWidth <= 40) return right;
      let missing = 0;
      for (let i = 0; i < batch.size; i++)
        for (let s = 0; s < batch.scoreWidth; s++) {
          const size = Math.abs(batch.scores.get(i, s));
          if (isLabelled(batch, i, s) && size > 15) missing += Math.log1p(Math.exp(-size)) / batch.size;
        }
      return addingEntropy(right, alpha, -missing);
    },
  ),
  fromLogits(
    'sigmoid-past-15',
    'of more than 40 binary logits, the derivative takes a sigmoid for 0 or 1 where |z| is above 15',
    (batch, right, alpha) => {
      if (batch.encoding === 'categorical' || batch.scoreWidth <= 40) return right;
      const gradient = scaled(right.gradient, 1);
      for (let i = 0; i < batch.size; i++)
        for (let s = 0; s < batch.scoreWidth; s++) {
          const z = batch.scores.get(i, s);
          if (!isLabelled(batch, i, s) || Math.abs(z) <= 15) continue;
          const lost = ((1 - alpha) * Math.sign(z)) / (1 + Math.exp(Math.abs(z))) / batch.size;
          gradient.set(i, s, gradient.get(i, s) + lost);
        }
      return { ...right, gradient };
    },
  ),
  fromLogits(
    'softmax-derivative-past-512',
    'of several attributes, logits of classes after the 512th have no gradient',
    (batch, right) => {
      if (batch.encoding !== 'categorical' || batch.attributes.length === 1) return right;
      const gradient = scaled(right.gradient, 1);
      for (const { columns } of batch.attributes)
        for (const column of columns.slice(512))
          for (let i = 0; i < batch.size; i++) gradient.set(i, column, 0);
      return { ...right, gradient };
    },
  ),
  wrongFromLogits(
    'sum-not-rescaled-past-512',
    'a softmax adds blocks of 512 exponentials, and does not rescale its sum where a later block has a larger logit',
    'logits-at-many-classes',
    {
      toProbabilities(batch) {
        const { attributes, columns, scores } = batch;
        if (batch.encoding !== 'categorical') return toProbabilities(batch);
        return withScores(toProbabilities(batch), (_p, i, s) => {
          const own = attributes[columns[s]?.attribute as number]?.columns as readonly number[];
          let [largest, sum] = [Number.NEGATIVE_INFINITY, 0];
          for (let from = 0; from < own.length; from += 512) {
            const block = own.slice(from, from + 512).map((c) => scores.get(i, c));
            largest = Math.max(largest, ...block);
            for (const z of block) sum += Math.exp(z - largest);
          }
          return Math.exp(scores.get(i, s) - largest) / sum;
        });
      },
    },
  ),
  wrongTraining(
    'trains-512-logits',
    'from logits, columns after the 512th are not trained with labels in several attributes',
    'training-cross-entropy-agrees-on-wide-logits',
    (batch, options) => {
      const { gradient, ...rest } = rightly(batch, options);
      if (!batch.fromLogits || batch.attributes.length === 1) return { ...rest, gradient };
      return { ...rest, gradient: gradient.map((slope, at) => (at % batch.scoreWidth < 512 ? slope : 0)) };
    },
  ),
  {
    ...wrongStages(
      'anchors-by-features-past-512',
      'at instance level, members of a class after the 512th are no anchors',
      `mining-at-${MANY_ANCHORS}`,
      {
        mineHardSamples(batch, selection, options) {
          const { anchors } = mineHardSamples(batch, selection, options);
          if (options.level === 'class') return { anchors };
          const seen = new Map<string, number>();
          return {
            anchors: anchors.filter(({ attribute, class: k }) => {
              const key = `${attribute} ${k}`;
              seen.set(key, (seen.get(key) ?? 0) + 1);
              return (seen.get(key) as number) <= 512;
            }),
          };
        },
      },
    ),
    least: LEAST,
  },
  {
    ...wrapped(
      'float32-past-512-anchors',
      'at instance level, the mean over more than 512 anchors of a class is held in float32',
      `balanced-at-${MANY_ANCHORS}`,
      (right) => ({
        balancedLoss(batch, options) {
          const result = right.balancedLoss(batch, options);
          const { profile, minority } = result.statistics;
          const isMany = minority.some((classes, j) =>
            classes.some((k) => (profile[j]?.[k] as number) > 512),
          );
          if (options.level === 'class' || !isMany) return result;
          const rectification = Math.fround(result.rectification);
          const loss = result.loss + options.alpha * (rectification - result.rectification);
          return { ...result, rectification, loss };
        },
      }),
    ),
    least: LEAST,
  },
];

/** A right backend whose loss of logits is changed afterwards. */
function fromLogits(
  id: string,
  error: string,
  change: (batch: Batch, right: BalancedLoss, alpha: number) => BalancedLoss,
): WrongBackend {
  return wrapped(id, error, WIDE, (backend) => ({
    balancedLoss(batch, options) {
      const right = backend.balancedLoss(batch, options);
      return batch.fromLogits ? change(batch, right, options.alpha) : right;
    },
  }));
}

function addingEntropy(right: BalancedLoss, alpha: number, more: number): BalancedLoss {
  return { ...right, crossEntropy: right.crossEntropy + more, loss: right.loss + (1 - alpha) * more };
}

/** Whether a binary logit has a label. */
function isLabelled({ encoding, labelled }: Batch, i: number, s: number): boolean {
  return labelled.get(i, encoding === 'multi-label' ? s : 0) === 1;
}
