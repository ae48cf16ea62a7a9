import { type Anchor, classScore, type Pair, rectificationLoss, tripletPairs } from '../../spec/index.js';
import type { Stages } from './compose.js';
import { columnOf, compareBy, type LossWalk, lossBy, mean, sum } from './replace.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** Wrong backends of stage 4. */
export const relative: readonly WrongBackend[] = [
  wrongStages(
    'unsigned-distance',
    '|p_a − p_−| instead of the signed difference',
    'loss-agrees',
    terms((all) => mean(all.map((t) => Math.max(0, t.margin + t.positive - Math.abs(t.negative))))),
  ),
  wrongStages(
    'hinge-after-mean',
    'distances averaged before the hinge',
    'loss-agrees',
    terms((all) => Math.max(0, mean(all.map(excess)))),
  ),
  wrongStages(
    'hinge-after-sum',
    'distances summed over all triplets before the hinge',
    'loss-agrees',
    terms((all) => {
      const [positive, negative] = [sum(all.map((t) => t.positive)), sum(all.map((t) => t.negative))];
      return all.length === 0 ? 0 : Math.max(0, (all[0] as Term).margin + positive - negative);
    }),
  ),
  wrongStages(
    'hinge-missing',
    'no hinge: satisfied triplets count against the others',
    'loss-agrees',
    terms((all) => mean(all.map(excess))),
  ),
  wrongStages(
    'hinge-squared',
    'the hinge squared',
    'loss-agrees',
    terms((all) => mean(all.map((t) => hinge(t) ** 2))),
  ),
  wrongStages(
    'soft-margin',
    'log(1 + exp x) instead of max(0, x)',
    'loss-agrees',
    terms((all) => mean(all.map((t) => Math.log1p(Math.exp(excess(t)))))),
  ),
  wrongStages(
    'active-only',
    'the mean over active triplets only',
    'loss-agrees',
    terms((all) => mean(all.map(excess).filter((x) => x > 0))),
  ),
  wrongStages(
    'not-averaged',
    'the sum over triplets instead of the mean',
    'loss-agrees',
    terms((all) => sum(all.map(hinge))),
  ),
  wrongStages(
    'mean-of-means',
    'the mean of the attributes’ means instead of one over all triplets',
    'loss-agrees',
    terms((all) => {
      const attributes = [...new Set(all.map((t) => t.attribute))];
      return mean(attributes.map((j) => mean(all.filter((t) => t.attribute === j).map(hinge))));
    }),
  ),
  wrongStages(
    'always-margin',
    'the anchor passed as its own positive and negative',
    'loss-agrees',
    terms((all) => mean(all.map((t) => t.margin))),
  ),
  wrongStages('first-margin', 'the first attribute’s margin for all', 'loss-agrees', {
    rectificationLoss(batch, hard, triplets, options) {
      const margin = options.margin.map(() => options.margin[0] as number);
      return rectificationLoss(batch, hard, triplets, { ...options, margin });
    },
  }),
  wrongStages(
    'absent-distance-forward',
    'the absent side’s d(a,−) on p(present) as it is',
    'loss-agrees',
    lossBy((walk) =>
      compareBy(walk, (pair, side) => {
        const forward = walk.options.level === 'class' && side === 'negative';
        return walk.distance(pair, side) * (forward ? columnOf(walk.batch, pair).sign : 1);
      }),
    ),
  ),
  wrongStages(
    'negatives-scored-smallest',
    'the article’s scores: an anchor’s negatives with the κ smallest scores instead of their own',
    'loss-agrees',
    lossBy((walk) => (walk.options.level === 'class' ? withSmallestScores(walk) : walk.loss)),
  ),
  wrongStages('nan-without-triplets', '0/0 where there is nothing to compare', 'nothing-to-compare', {
    rectificationLoss(batch, hard, triplets, options) {
      const right = rectificationLoss(batch, hard, triplets, options);
      return triplets.shape[0] === 0 ? { ...right, loss: Number.NaN } : right;
    },
  }),
  wrongStages('crash-without-triplets', 'an exception where there is no triplet', 'nothing-to-compare', {
    rectificationLoss(batch, hard, triplets, options) {
      if (triplets.shape[0] === 0) throw new RangeError('stack: expected at least one tensor');
      return rectificationLoss(batch, hard, triplets, options);
    },
  }),
];

/** One triplet with its distances. */
interface Term {
  readonly attribute: number;
  readonly margin: number;
  readonly positive: number;
  readonly negative: number;
}

function excess({ margin, positive, negative }: Term): number {
  return margin + positive - negative;
}

function hinge(term: Term): number {
  return Math.max(0, excess(term));
}

/** A wrong relative comparison of the triplets. */
function terms(loss: (terms: Term[]) => number): Partial<Stages> {
  return lossBy(({ options, triplets, distance, loss: right }) => {
    if (options.comparison !== 'relative') return right;
    const all = Array.from({ length: triplets.shape[0] as number }, (_, t): Term => {
      const { positive, negative } = tripletPairs(triplets, t);
      return {
        attribute: positive.attribute,
        margin: options.margin[positive.attribute] as number,
        positive: distance(positive, 'positive'),
        negative: distance(negative, 'negative'),
      };
    });
    return loss(all);
  });
}

/** Measures the r-th negative of an anchor by the r-th smallest score of all samples that could be its negatives. */
function withSmallestScores(walk: LossWalk): number {
  const { batch, hard, distance } = walk;
  const key = ({ attribute, class: k }: Pair | Anchor, sample: number) => `${attribute} ${k} ${sample}`;
  const anchors = new Map(hard.anchors.map((a) => [key(a, a.sample), a]));
  const smallest = new Map<string, number[]>();
  return compareBy(walk, (pair, side) => {
    if (side === 'positive') return distance(pair, side);
    const column = batch.attributes[pair.attribute]?.columns[pair.class] as number;
    const score = (i: number) => classScore(batch, i, column);
    const name = `${pair.attribute} ${pair.class}`;
    const ascending =
      smallest.get(name) ??
      Array.from({ length: batch.size }, (_, i) => i)
        .filter((i) => batch.labelled.get(i, pair.attribute) === 1 && batch.membership.get(i, column) === 0)
        .map(score)
        .sort((a, b) => a - b);
    smallest.set(name, ascending);
    const rank = anchors.get(key(pair, pair.anchor))?.negatives.indexOf(pair.other) as number;
    return score(pair.anchor) - (ascending[rank] as number);
  });
}
