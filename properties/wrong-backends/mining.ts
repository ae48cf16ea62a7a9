/**
 * Wrong hard samples: which are chosen, how many, and in which order where scores are equal (Eq. 4, 5).
 *
 * @module
 */
import { type Anchor, classScore, hardest, LEVELS, mineHardSamples } from '../../spec/index.js';
import { allOnes, upTo } from './minority.js';
import { type AnchorAndCandidates, type Choice, mining as mined, sum } from './replace.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** Wrong backends of stage 2, at class level or at both; see `instance.ts`. */
export const mining: readonly WrongBackend[] = [
  wrongStages(
    'easy-negatives',
    'negatives are the κ lowest scored',
    'mined-hardest',
    mined(['class'], (own, { closeness, kappa }) => ({
      negatives: hardest(own.others, (i) => -closeness(i), kappa),
    })),
  ),
  wrongStages(
    'easy-positives',
    'positives are the κ highest scored',
    'mined-hardest',
    mined(['class'], (own, { closeness, kappa }) => ({
      positives: hardest(own.companions, closeness, kappa),
    })),
  ),
  wrongStages(
    'negatives-on-majority',
    'negatives ranked by their score on the majority class',
    'mining-agrees',
    mined(['class'], (own, { batch, kappa }) => ({
      negatives: hardest(own.others, (i) => classScore(batch, i, majorityColumn(own, batch)), kappa),
    })),
  ),
  wrongStages(
    'negatives-of-majority',
    'negatives only from the majority class',
    'mining-agrees',
    mined(LEVELS, (own, { batch, closeness, kappa }) => {
      const column = majorityColumn(own, batch);
      const others = own.others.filter((i) => batch.membership.get(i, column) === 1);
      return { negatives: hardest(others, closeness, kappa) };
    }),
  ),
  wrongStages(
    'no-negatives-of-last-class',
    'a loop over the other classes that ends one short',
    'classes-renamed-mining',
    mined(LEVELS, (own, { batch, closeness, kappa }) => {
      const column = batch.attributes[own.attribute]?.columns.at(-1) as number;
      const others = own.others.filter((i) => batch.membership.get(i, column) === 0);
      return { negatives: hardest(others, closeness, kappa) };
    }),
  ),
  {
    ...wrongStages(
      'kappa-of-a-block',
      'at most 32 hard negatives, the size of a block of threads',
      'mining-at-block-edges',
      mined(LEVELS, (own, { closeness, kappa }) => ({
        negatives: hardest(own.others, closeness, Math.min(kappa, 32)),
      })),
    ),
    least: 257, // 36 would do, but shrinking a batch of this size ends early
  },
  {
    ...wrongStages(
      'kappa-in-a-byte',
      'κ kept in eight bits',
      'mining-at-block-edges',
      mined(LEVELS, (own, { closeness, kappa }) => ({
        negatives: hardest(own.others, closeness, kappa % 256),
      })),
    ),
    least: 257, // 36 would do, but shrinking a batch of this size ends early
  },
  wrongStages(
    'anchor-among-positives',
    'the anchor among its own positives',
    'mined-roles',
    mined(['class'], (own, choice) => ({ positives: withAnchor(own, choice) })),
  ),
  wrongStages(
    'anchor-removed-late',
    'the anchor removed after κ positives were chosen',
    'mined-roles',
    mined(['class'], (own, choice) => ({
      positives: withAnchor(own, choice).filter((i) => i !== own.sample),
    })),
  ),
  wrongStages('no-anchors', 'anchors always empty', 'anchors-complete', {
    mineHardSamples: () => ({ anchors: [] }),
  }),
  wrongStages(
    'anchors-by-sample',
    'anchors ordered by (sample, class), as the article prints them',
    'anchors-complete',
    {
      mineHardSamples(batch, selection, options) {
        const { anchors } = mineHardSamples(batch, selection, options);
        return { anchors: [...anchors].sort((a, b) => a.sample - b.sample) };
      },
    },
  ),
  wrongStages(
    'unstable-ties',
    'equal scores ranked by higher sample index',
    'mining-agrees',
    mined(['class'], (own, { closeness, kappa }) => ({
      negatives: hardestByHigherIndex(own.others, closeness, kappa),
    })),
  ),
  wrongStages(
    'hardest-last',
    'an anchor’s negatives by ascending score, as the article prints them',
    'mined-hardest',
    mined(LEVELS, (own) => ({ negatives: [...own.negatives].reverse() })),
  ),
  wrongStages(
    'first-positives',
    'positives are the first κ of the class, without regard to their score',
    'samples-permuted-mining',
    mined(LEVELS, (own, { kappa }) => ({ positives: own.companions.slice(0, kappa) })),
  ),
  wrongStages(
    'one-negative-more',
    'κ + 1 negatives',
    'mined-roles',
    mined(LEVELS, (own, { closeness, kappa }) => ({
      negatives: hardest(own.others, closeness, kappa + 1),
    })),
  ),
  {
    ...wrongStages(
      'keeps-64-of-a-class',
      'a class keeps its 64 hardest members: with κ of 64 and more, an anchor among them has too few positives',
      'mining-agrees-on-combinations',
      mined(['class'], (own, { closeness, kappa }) => {
        if (kappa < 64) return {};
        const kept = hardest([...own.companions, own.sample], (i) => -closeness(i), 64);
        return { positives: kept.filter((i) => i !== own.sample) };
      }),
    ),
    least: 66,
  },
  wrongStages('unlabelled-as-negatives', 'unlabelled samples among the negatives', 'mined-roles', {
    mineHardSamples(batch, selection, options) {
      return mineHardSamples({ ...batch, labelled: allOnes(batch) }, selection, options);
    },
  }),
  wrongStages('kappa-crash', 'an exception where κ ≥ n, as a top-k throws', 'mining-agrees', {
    mineHardSamples(batch, selection, options) {
      if (options.kappa >= batch.size) throw new RangeError(`top-k: k = ${options.kappa} of ${batch.size}`);
      return mineHardSamples(batch, selection, options);
    },
  }),
  wrongStages(
    'absent-ranked-forward',
    'the absent side of a label ranked by p(present) as the present side is',
    'mining-agrees',
    mined(['class'], (own, { batch, closeness, kappa }) => {
      const forward = (i: number) =>
        batch.encoding === 'multi-label' ? Math.abs(closeness(i)) : closeness(i);
      return {
        positives: hardest(own.companions, (i) => -forward(i), kappa),
        negatives: hardest(own.others, forward, kappa),
      };
    }),
  ),
  wrongStages(
    'absent-by-complement',
    'the absent side of a label ranked by 1 − p, in which small p are lost',
    'mined-hardest',
    mined(['class'], (own, { batch, closeness, kappa }) => {
      if (batch.encoding !== 'multi-label' || own.class === 1) return {};
      return {
        positives: hardest(own.companions, (i) => -(1 + closeness(i)), kappa),
        negatives: hardest(own.others, (i) => 1 + closeness(i), kappa),
      };
    }),
  ),
  {
    ...wrongStages('mined-to-64', 'hard samples from the first block of 64 samples', 'mined-hardest', {
      mineHardSamples(batch, selection, options) {
        const block = mineHardSamples(upTo(batch, 64), selection, options).anchors;
        const own = (a: Anchor) =>
          block.find((b) => b.sample === a.sample && b.class === a.class && b.attribute === a.attribute) ?? a;
        return { anchors: mineHardSamples(batch, selection, options).anchors.map(own) };
      },
    }),
    least: 65,
  },
];

/** The hardest positives of an anchor, itself included. */
export function withAnchor(own: AnchorAndCandidates, { closeness, kappa }: Choice): number[] {
  return hardest([...own.companions, own.sample], (i) => -closeness(i), kappa);
}

/** As {@link hardest}, but ties are ranked by higher index. */
export function hardestByHigherIndex(
  candidates: readonly number[],
  hardness: (i: number) => number,
  kappa: number,
): number[] {
  return [...candidates].sort((a, b) => hardness(b) - hardness(a) || b - a).slice(0, kappa);
}

/** The column of the most frequent class of the batch. */
function majorityColumn(
  { attribute }: AnchorAndCandidates,
  { attributes, membership, size }: Choice['batch'],
): number {
  const columns = attributes[attribute]?.columns as readonly number[];
  const held = (c: number) => sum(Array.from({ length: size }, (_, i) => membership.get(i, c)));
  return columns.reduce((most, c) => (held(c) > held(most) ? c : most));
}
