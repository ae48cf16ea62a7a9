/**
 * Wrong gradients of L_crl: a derivative that is zero, that lacks a part, or that differs at a kink.
 *
 * @module
 */
import { addDistanceSlope } from '../../spec/gradient.js';
import {
  type Batch,
  hingeArgument,
  type Options,
  pairDistance,
  rectificationLoss,
  tripletPairs,
} from '../../spec/index.js';
import { type Stages, scaled } from './compose.js';
import { chainRule, columnOf, rowsOf, shares, slopesBy } from './replace.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** Wrong backends of the gradient of L_crl. */
export const gradient: readonly WrongBackend[] = [
  wrongStages('detached', 'scores detached: the gradient is zero', 'gradient-agrees', {
    rectificationLoss(batch, hard, triplets, options) {
      const right = rectificationLoss(batch, hard, triplets, options);
      return { ...right, gradient: scaled(right.gradient, 0) };
    },
  }),
  wrongStages(
    'slope-at-zero',
    '|x| has derivative −1 at 0, as tfjs has it',
    'gradient-agrees',
    chainRule((gradient, batch, options, pair, side, slope) => {
      addDistanceSlope(gradient, batch, options, pair, side, slope);
      if (options.level !== 'class' || side !== 'positive') return;
      if (pairDistance(batch, options, pair, side) !== 0) return;
      const { score, sign } = columnOf(batch, pair);
      const rows = rowsOf(gradient, pair);
      rows.set(pair.anchor, score, rows.get(pair.anchor, score) - slope * sign);
      rows.set(pair.other, score, rows.get(pair.other, score) + slope * sign);
    }),
  ),
  wrongStages('slope-at-hinge', 'max(0, x) has derivative 1 at 0', 'gradient-agrees', openHinges()),
  {
    ...wrongStages(
      'slope-at-hinge-above-128',
      'above 128 samples at instance level, max(0, x) has derivative 1 at 0',
      'balanced-gradient-agrees',
      openHinges((batch, options) => options.level === 'instance' && batch.size > 128),
    ),
    least: 129,
  },
  wrongStages(
    'negative-slope-reversed',
    'the derivative of d(a,−) with the sign of d(a,+)',
    'gradient-finite-differences',
    slopesBy((compared) => ({
      ...compared,
      visitSlopes: (visit) =>
        compared.visitSlopes((pair, side, slope) => {
          visit(pair, side, side === 'negative' ? -slope : slope);
        }),
    })),
  ),
  wrongStages(
    'positives-detached',
    'no gradient through d(a,+)',
    'gradient-finite-differences',
    slopesBy((compared) => ({
      ...compared,
      visitSlopes: (visit) =>
        compared.visitSlopes((pair, side, slope) => {
          if (side === 'negative') visit(pair, side, slope);
        }),
    })),
  ),
  wrongStages(
    'slope-of-active-mean',
    'the gradient divided by the active triplets only',
    'gradient-finite-differences',
    slopesBy((compared, { batch, options, triplets }) => {
      if (options.comparison !== 'relative') return compared;
      const count = triplets.shape[0] as number;
      const active = Array.from({ length: count }, (_, t) => hingeArgument(batch, triplets, t, options));
      return { ...compared, divisor: active.filter((x) => x > 0).length };
    }),
  ),
  wrongStages(
    'anchor-slope-doubled',
    'the gradient of the anchor twice',
    'gradient-finite-differences',
    chainRule(shares(2, 1, ['class'])),
  ),
  wrongStages(
    'anchor-detached',
    'no gradient through the anchor',
    'gradient-agrees',
    chainRule(shares(0, 1, ['class'])),
  ),
  wrongStages(
    'absent-slope-forward',
    'the gradient lacks the absent side’s −1',
    'gradient-agrees',
    chainRule((gradient, batch, options, pair, side, slope) => {
      const sign = options.level === 'class' ? columnOf(batch, pair).sign : 1;
      addDistanceSlope(gradient, batch, options, pair, side, slope * sign);
    }),
  ),
];

/** The right L_crl with the slopes of hinges that are exactly 0, as if they were open. */
function openHinges(applies: (batch: Batch, options: Options) => boolean = () => true): Partial<Stages> {
  return slopesBy((compared, { batch, options, triplets }) => ({
    ...compared,
    visitSlopes(visit) {
      compared.visitSlopes(visit);
      if (options.comparison !== 'relative' || !applies(batch, options)) return;
      for (let t = 0; t < (triplets.shape[0] as number); t++) {
        if (hingeArgument(batch, triplets, t, options) !== 0) continue;
        const { positive, negative } = tripletPairs(triplets, t);
        visit(positive, 'positive', 1);
        visit(negative, 'negative', -1);
      }
    },
  }));
}
