/**
 * Backends that are right for probabilities, and wrong where they are given logits of a certain kind.
 *
 * @module
 */
import { type Batch, mineHardSamples, rectificationLoss, toProbabilities } from '../../spec/index.js';
import { withComponents, withScores } from '../cases/changed-numbers.js';
import { RIGHT, type Stages, scaled } from './compose.js';
import { readingInputs, readingOptions, wrongFromLogits } from './conditions.js';
import { walkedFrom } from './raw-logits.js';
import { type WrongBackend, wrapped } from './wrong-backend.js';

const BALANCED = 'balanced-agrees-on-combinations';

/** Wrong backends of logits. */
export const fromLogits: readonly WrongBackend[] = [
  wrongFromLogits(
    'logits-kappa-at-most-16',
    'from logits, κ is at most 16',
    BALANCED,
    readingOptions(({ kappa }) => ({ kappa: Math.min(kappa, 16) })),
  ),
  wrongFromLogits(
    'logits-features-past-16',
    'from logits, components of features after the sixteenth are left out',
    BALANCED,
    readingInputs((batch) => withComponents(batch, (x, t) => (t < 16 ? x : 0))),
  ),
  wrongFromLogits(
    'logits-default-margin',
    'from logits, the margin is 0.5',
    'balanced-logits-agree',
    readingOptions(({ margin }) => ({ margin: margin.map(() => 0.5) })),
  ),
  wrongFromLogits(
    'logits-default-range',
    'from logits, the range of a histogram is the default of its level',
    'balanced-logits-agree',
    readingOptions(({ level }) => ({ range: level === 'class' ? [-1, 1] : [0, 2] })),
  ),
  wrongFromLogits(
    'logits-many-bins',
    'from logits, a histogram has at most 256 nodes',
    'balanced-logits-agree',
    readingOptions(({ bins }) => ({ bins: Math.min(bins, 256) })),
  ),
  wrongFromLogits(
    'logits-rho-ignored',
    'from logits, ρ is 0.5',
    'balanced-logits-agree',
    readingOptions(() => ({ rho: 0.5 })),
  ),
  wrongFromLogits(
    'logits-absent-forward',
    'from logits, the absent side of a label is mined as the present side is',
    'balanced-logits-agree',
    {
      mineHardSamples(batch, ...rest) {
        const columns = batch.columns.map((c) => ({ ...c, sign: 1 as const }));
        return mineHardSamples({ ...batch, columns }, ...rest);
      },
    },
  ),
  wrongFromLogits(
    'logits-feature-gradient-unweighted',
    'from logits, the gradient of the features without α',
    'balanced-logits-agree',
    {
      balance(batch, options, found) {
        const right = RIGHT.balance(batch, options, found);
        if (options.level === 'class') return right;
        return { ...right, featureGradient: scaled(found.rectification.gradient, 1) };
      },
    },
  ),
  wrongFromLogits(
    'uneven-exponentials',
    'the last n mod 8 of all probabilities rounded differently, so that ties break, as TensorFlow does',
    'balanced-logits-agree',
    unevenly(8, 1 - 2 ** -53),
  ),
  wrongFromLogits(
    'uneven-rows',
    'the last row of an odd number of rows rounded differently, so that ties break',
    'balanced-logits-agree',
    {
      toProbabilities(batch) {
        const found = toProbabilities(batch);
        if (batch.size % 2 === 0) return found;
        return withScores(found, (p, i) => (i === batch.size - 1 ? p * (1 + 2 ** -52) : p));
      },
    },
  ),
  wrongFromLogits(
    'logits-in-float32-distances',
    'from logits, relative: d(a,+) of the logits, not of the probabilities',
    'balanced-logits-agree',
    {
      rectificationLoss: (batch, hard, triplets, options) =>
        rectificationLoss(
          options.level === 'class' && options.comparison === 'relative'
            ? withScores(batch, (p) => Math.log(Math.max(p, 1e-7)))
            : batch,
          hard,
          triplets,
          options,
        ),
    },
  ),
  easyAnchorsBy(
    'easy-anchors-by-logit',
    'easy anchors of labels are those with the largest logits, so that probabilities of 1 are no ties',
    ({ encoding }) => encoding !== 'categorical',
    ({ scores }, i, s) => scores.get(i, s),
  ),
  easyAnchorsBy(
    'easy-anchors-by-log-softmax',
    'easy anchors of classes are those with the largest logarithm of a softmax, so that probabilities of 1 are no ties',
    ({ encoding, attributes }) => encoding === 'categorical' && attributes.length === 1,
    ({ scores, scoreWidth }, i, s) => {
      const others = Array.from({ length: scoreWidth }, (_, o) => scores.get(i, o)).filter((_, o) => o !== s);
      return scores.get(i, s) - Math.max(...others);
    },
  ),
];

/** Probabilities of which the last few, which fill no vector of numbers, are rounded differently. */
function unevenly(lanes: number, factor: number): Pick<Stages, 'toProbabilities'> {
  return {
    toProbabilities(batch) {
      const found = toProbabilities(batch);
      const count = batch.size * batch.scoreWidth;
      const whole = count - (count % lanes);
      return withScores(found, (p, i, s) => (i * batch.scoreWidth + s < whole ? p : p * factor));
    },
  };
}

/** Easy anchors at instance level, where it matters which samples they are, chosen among probabilities of 1. */
function easyAnchorsBy(
  id: string,
  error: string,
  isMeant: (batch: Batch) => boolean,
  rankOf: (logits: Batch, i: number, s: number) => number,
): WrongBackend {
  return wrapped(id, error, 'easy-anchors-balanced', (right) => ({
    balancedLoss(batch, options) {
      if (!batch.fromLogits || !isMeant(batch) || options.anchors === 'all' || options.level === 'class')
        return right.balancedLoss(batch, options);
      const probable = toProbabilities(batch);
      const ranked = withScores(probable, (p, i, s) => (p === 1 ? 1 + rankOf(batch, i, s) * 2 ** -40 : p));
      return walkedFrom(batch, options, probable, ranked);
    },
  }));
}
