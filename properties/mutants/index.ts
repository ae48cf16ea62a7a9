/**
 * Wrong backends that the suite must catch: errors found in public implementations, one each.
 *
 * @module
 */
import ndarray from 'ndarray';
import ops from 'ndarray-ops';
import {
  type Anchor,
  type Backend,
  type Batch,
  balancedLoss,
  classScore,
  crossEntropy,
  hardest,
  hingeArgument,
  type Options,
  pairDistance,
  rectificationLoss,
  selectMinority,
  type Triplets,
  tripletPairs,
} from '../../spec/index.js';
import { combine, RIGHT, type Stages, wrongBackend } from './compose.js';

/** A wrong backend, what is wrong with it, and the property that must say so. */
export interface Mutant {
  readonly id: string;
  /** What it gets wrong, as found in somebody's implementation. */
  readonly error: string;
  readonly caughtBy: string;
  readonly backend: Backend;
}

/** All wrong backends. */
export const mutants: readonly Mutant[] = [
  mutant(
    'strictly-less',
    'minority with < instead of ≤',
    'minority-agrees',
    prefix((held, limit) => held < limit),
  ),
  mutant(
    'floored-limit',
    'minority with < and the limit rounded down',
    'minority-agrees',
    prefix((held, limit) => held < Math.floor(limit)),
  ),
  mutant(
    'class-by-itself',
    'each class against ρ·n by itself',
    'minority-prefix-maximal',
    prefix((_, limit, size) => size <= limit),
  ),
  mutant(
    'nominal-batch-size',
    'the limit from a nominal batch size',
    'minority-agrees',
    prefix((held, _, __, rho) => held <= rho * 16),
  ),
  mutant('smallest-only', 'only the single smallest class', 'minority-agrees', {
    selectMinority(batch, options) {
      const right = selectMinority(batch, options);
      return { ...right, minority: right.minority.map((classes) => classes.slice(0, 1)) };
    },
  }),
  mutant(
    'keeps-singletons',
    'keeps classes with one sample',
    'minority-paired',
    prefix((held, limit) => held <= limit, 0),
  ),
  mutant(
    'ties-descending',
    'equal class sizes in descending class order',
    'minority-agrees',
    prefix((held, limit) => held <= limit, 1, -1),
  ),
  mutant('unlabelled-counted', 'the limit from all samples, unlabelled ones too', 'minority-agrees', {
    selectMinority: (batch, options) => selectMinority({ ...batch, labelled: allOnes(batch) }, options),
  }),
  mutant(
    'easy-negatives',
    'negatives are the κ lowest scored',
    'mined-hardest',
    mining((own, score, kappa) => ({
      ...own,
      negatives: hardest(own.others, (i) => -score(i), kappa),
    })),
  ),
  mutant(
    'anchor-among-positives',
    'the anchor among its own positives',
    'mined-roles',
    mining((own, score, kappa) => ({
      ...own,
      positives: hardest(
        [...own.companions, own.sample].sort((a, b) => a - b),
        (i) => -score(i),
        kappa,
      ),
    })),
  ),
  mutant(
    'anchor-removed-late',
    'the anchor taken out after κ were chosen',
    'mined-roles',
    mining((own, score, kappa) => ({
      ...own,
      positives: hardest(
        [...own.companions, own.sample].sort((a, b) => a - b),
        (i) => -score(i),
        kappa,
      ).filter((i) => i !== own.sample),
    })),
  ),
  mutant('no-anchors', 'anchors always empty', 'anchors-complete', {
    mineHardSamples: () => ({ anchors: [] }),
  }),
  mutant(
    'unstable-ties',
    'equal scores by higher sample index',
    'mining-agrees',
    mining((own, score, kappa) => ({
      ...own,
      negatives: [...own.others].sort((a, b) => score(b) - score(a) || b - a).slice(0, kappa),
    })),
  ),
  mutant('elementwise-triplets', 'elementwise pairs instead of the full product', 'triplets-agree', {
    formTriplets: (hard) =>
      toTriplets(
        hard.anchors.flatMap((a) =>
          a.positives
            .slice(0, a.negatives.length)
            .map((p, r) => [a.sample, p, a.negatives[r] as number, a.attribute, a.class]),
        ),
      ),
  }),
  mutant(
    'unsigned-distance',
    '|p_a − p_−| instead of the signed difference',
    'loss-agrees',
    loss((t) => Math.max(0, t.margin + t.positive - Math.abs(t.negative))),
  ),
  mutant('hinge-after-mean', 'distances averaged before the hinge', 'loss-agrees', {
    rectificationLoss(batch, hard, triplets, options) {
      const terms = termsOf(batch, triplets, options).map((t) => t.margin + t.positive - t.negative);
      const mean = terms.length === 0 ? 0 : terms.reduce((a, b) => a + b, 0) / terms.length;
      return { ...rectificationLoss(batch, hard, triplets, options), loss: Math.max(0, mean) };
    },
  }),
  mutant('active-only', 'the mean over active triplets only', 'loss-agrees', {
    rectificationLoss(batch, hard, triplets, options) {
      const active = termsOf(batch, triplets, options)
        .map((t) => t.margin + t.positive - t.negative)
        .filter((x) => x > 0);
      const mean = active.length === 0 ? 0 : active.reduce((a, b) => a + b, 0) / active.length;
      return { ...rectificationLoss(batch, hard, triplets, options), loss: mean };
    },
  }),
  mutant(
    'always-margin',
    'the anchor passed as its own positive and negative',
    'loss-agrees',
    loss((t) => t.margin),
  ),
  mutant('detached', 'scores detached: the gradient is zero', 'gradient-agrees', {
    rectificationLoss(batch, hard, triplets, options) {
      const right = rectificationLoss(batch, hard, triplets, options);
      return { ...right, gradient: combine(right.gradient, 0, right.gradient, 0) };
    },
  }),
  mutant('slope-at-zero', '|x| has derivative −1 at 0, as tfjs has it', 'gradient-agrees', {
    rectificationLoss(batch, hard, triplets, options) {
      const right = rectificationLoss(batch, hard, triplets, options);
      const gradient = combine(right.gradient, 1, right.gradient, 0);
      const count = triplets.shape[0] as number;
      for (let t = 0; t < count; t++) {
        const apart = pairDistance(batch, options, tripletPairs(triplets, t).positive, 'positive');
        if (apart !== 0 || hingeArgument(batch, triplets, t, options) <= 0) continue;
        const [a, p, j, k] = [0, 1, 3, 4].map((role) => triplets.get(t, role)) as [
          number,
          number,
          number,
          number,
        ];
        const { score, sign } = batch.columns.find((c) => c.attribute === j && c.class === k) as {
          score: number;
          sign: number;
        };
        gradient.set(a, score, gradient.get(a, score) - sign / count);
        gradient.set(p, score, gradient.get(p, score) + sign / count);
      }
      return { ...right, gradient };
    },
  }),
  mutant('nan-without-triplets', '0/0 where there is nothing to compare', 'nothing-to-compare', {
    rectificationLoss(batch, hard, triplets, options) {
      const right = rectificationLoss(batch, hard, triplets, options);
      return triplets.shape[0] === 0 ? { ...right, loss: Number.NaN } : right;
    },
  }),
  mutant('full-cross-entropy', 'the full L_ce when there is no triplet', 'nothing-to-compare-walk', {
    balance(batch, options, found) {
      return RIGHT.balance(batch, found.triplets === 0 ? { ...options, alpha: 0 } : options, found);
    },
  }),
  mutant('cross-entropy-averaged', 'cross entropy averaged over attributes too', 'balanced-agrees', {
    balance(batch, options, found) {
      const ce = crossEntropy(batch) / batch.attributes.length;
      return {
        ...RIGHT.balance(batch, options, found),
        crossEntropy: ce,
        loss: options.alpha * found.rectification.loss + (1 - options.alpha) * ce,
      };
    },
  }),
  {
    id: 'logits-ranked',
    error: 'logits ranked instead of probabilities',
    caughtBy: 'balanced-logits-agree',
    backend: {
      ...wrongBackend('logits-ranked', {}),
      balancedLoss: (batch, options) => {
        const right = balancedLoss(batch, options);
        const found = balancedLoss({ ...batch, fromLogits: false }, { ...options, alpha: 1 });
        return {
          ...right,
          rectification: found.rectification,
          loss: options.alpha * found.rectification + (1 - options.alpha) * right.crossEntropy,
        };
      },
    },
  },
];

function mutant(id: string, error: string, caughtBy: string, wrong: Partial<Stages>): Mutant {
  return { id, error, caughtBy, backend: wrongBackend(id, wrong) };
}

/** Minority selection with another rule for what the prefix may hold. */
function prefix(
  fits: (held: number, limit: number, size: number, rho: number) => boolean,
  least = 1,
  order: 1 | -1 = 1,
): Partial<Stages> {
  return {
    selectMinority(batch, options) {
      const { profile } = selectMinority(batch, options);
      const minority = profile.map((sizes, j) => {
        const limit = options.rho * ops.sum(batch.labelled.pick(null, j));
        const size = (k: number) => sizes[k] as number;
        let held = 0;
        return [...sizes.keys()]
          .sort((k, l) => size(k) - size(l) || order * (k - l))
          .filter((k) => {
            held += size(k);
            return fits(held, limit, size(k), options.rho) && size(k) > least;
          })
          .sort((k, l) => k - l);
      });
      return { profile, minority };
    },
  };
}

interface Candidates extends Anchor {
  readonly companions: readonly number[];
  readonly others: readonly number[];
}

/** Mining with another choice for each anchor. */
function mining(
  choose: (own: Candidates, score: (i: number) => number, kappa: number) => Anchor,
): Partial<Stages> {
  return {
    mineHardSamples(batch, selection, options) {
      const { anchors } = RIGHT.mineHardSamples(batch, selection, options);
      const all = Array.from({ length: batch.size }, (_, i) => i);
      return {
        anchors: anchors.map((anchor) => {
          const column = batch.columns.findIndex(
            (c) => c.attribute === anchor.attribute && c.class === anchor.class,
          );
          const labelled = all.filter((i) => batch.labelled.get(i, anchor.attribute) === 1);
          const companions = labelled.filter(
            (i) => i !== anchor.sample && batch.membership.get(i, column) === 1,
          );
          const others = labelled.filter((i) => batch.membership.get(i, column) === 0);
          const own = choose(
            { ...anchor, companions, others },
            (i) => classScore(batch, i, column),
            options.kappa,
          );
          const { sample, attribute, class: k, positives, negatives } = own;
          return { sample, attribute, class: k, positives, negatives };
        }),
      };
    },
  };
}

interface Term {
  readonly margin: number;
  readonly positive: number;
  readonly negative: number;
}

function termsOf(batch: Batch, triplets: Triplets, options: Options): Term[] {
  return Array.from({ length: triplets.shape[0] as number }, (_, t) => {
    const { positive, negative } = tripletPairs(triplets, t);
    return {
      positive: pairDistance(batch, options, positive, 'positive'),
      negative: pairDistance(batch, options, negative, 'negative'),
      margin: options.margin[positive.attribute] as number,
    };
  });
}

/** L_crl with another cost of a triplet. */
function loss(cost: (term: Term) => number): Partial<Stages> {
  return {
    rectificationLoss(batch, hard, triplets, options) {
      const costs = termsOf(batch, triplets, options).map(cost);
      const mean = costs.length === 0 ? 0 : costs.reduce((a, b) => a + b, 0) / costs.length;
      return { ...rectificationLoss(batch, hard, triplets, options), loss: mean };
    },
  };
}

function toTriplets(rows: readonly number[][]): Triplets {
  return ndarray(Int32Array.from(rows.flat()), [rows.length, 5]);
}

function allOnes(batch: Batch): Batch['labelled'] {
  return ndarray(new Uint8Array(batch.labelled.data.length).fill(1), batch.labelled.shape);
}
