/**
 * Wrong choices of easy anchors (ruling: easy anchors).
 *
 * @module
 */
import {
  type Anchor,
  type Batch,
  classScore,
  formTriplets,
  hardest,
  mineHardSamples,
  type Options,
  rectificationLoss,
  selectMinority,
} from '../../spec/index.js';
import { type Stages, scaled } from './compose.js';
import { hardestByHigherIndex } from './mining.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** Wrong backends of the option `anchors: 'easy'`. */
export const easyAnchors: readonly WrongBackend[] = [
  wrongStages(
    'easy-anchors-ignored',
    'the option of easy anchors silently ignored',
    'easy-anchors-mined',
    choosing(({ members }) => members),
  ),
  wrongStages(
    'hard-anchors',
    'the κ lowest scored members as easy anchors',
    'easy-anchors-mined',
    choosing(({ members, score, kappa }) => hardest(members, (i) => -score(i), kappa)),
  ),
  wrongStages(
    'one-easy-anchor-more',
    'κ + 1 easy anchors',
    'easy-anchors-mined',
    choosing(({ members, score, kappa }) => hardest(members, score, kappa + 1)),
  ),
  wrongStages(
    'easy-anchors-by-higher-index',
    'of members with equal scores, those of higher index as easy anchors',
    'easy-anchors-mined',
    choosing(({ members, score, kappa }) => hardestByHigherIndex(members, score, kappa)),
  ),
  {
    ...wrongStages(
      'easy-anchors-of-a-warp',
      'at most 32 easy anchors of a class, whatever κ is',
      'easy-anchors-mined',
      choosing(({ members, score, kappa }) => hardest(members, score, Math.min(kappa, 32))),
    ),
    least: 66,
  },
  wrongStages(
    'easy-anchors-among-all-samples',
    'easy anchors are those members that are among the κ highest scored of all samples',
    'easy-anchors-mined',
    choosing(({ members, others, score, kappa }) => {
      const highest = hardest(
        [...members, ...others].sort((a, b) => a - b),
        score,
        kappa,
      );
      return members.filter((i) => highest.includes(i));
    }),
  ),
  wrongStages(
    'easy-anchors-by-threshold',
    'easy anchors are the members with a probability above 0.9, as in a public implementation',
    'easy-anchors-mined',
    choosing(({ members, score }) => members.filter((i) => Math.abs(score(i)) > 0.9)),
  ),
  wrongStages(
    'absent-easy-by-presence',
    'on the absent side of a label, easy anchors are those with the highest p(present)',
    'easy-anchors-mined',
    choosing(({ members, score, kappa }) => hardest(members, (i) => Math.abs(score(i)), kappa)),
  ),
  wrongStages(
    'positives-among-easy-anchors',
    'hard positives mined among the easy anchors only',
    'easy-anchors-mined',
    whereEasy((right) =>
      right.map((anchor) => {
        const isAnchor = (i: number) =>
          right.some((a) => a.sample === i && a.class === anchor.class && a.attribute === anchor.attribute);
        return { ...anchor, positives: anchor.positives.filter(isAnchor) };
      }),
    ),
  ),
  wrongStages(
    'divided-by-all-anchors',
    'with easy anchors, |T| counts the triplets that all members as anchors would have',
    'easy-anchors-balanced',
    {
      rectificationLoss(batch, hard, triplets, options) {
        const right = rectificationLoss(batch, hard, triplets, options);
        if (options.anchors === 'all' || options.comparison !== 'relative') return right;
        const all: Options = { ...options, anchors: 'all' };
        const unlimited = formTriplets(mineHardSamples(batch, selectMinority(batch, all), all));
        const share = (triplets.shape[0] as number) / Math.max(1, unlimited.shape[0] as number);
        return { loss: share * right.loss, gradient: scaled(right.gradient, share) };
      },
    },
  ),
];

/** What easy anchors are chosen from. */
interface AnchorCandidates {
  /** The samples of the class, ascending. */
  readonly members: readonly number[];
  /** The labelled samples that are not of the class. */
  readonly others: readonly number[];
  readonly kappa: number;
  score(i: number): number;
}

/** Mining that chooses easy anchors wrongly; in any order, since they are sorted afterwards. */
function choosing(choose: (from: AnchorCandidates) => readonly number[]): Partial<Stages> {
  return whereEasy((_, every, batch, { kappa }) => {
    const classes = new Set(every.map(({ attribute, class: k }) => `${attribute} ${k}`));
    return [...classes].flatMap((name) => {
      const [j, k] = name.split(' ').map(Number) as [number, number];
      const column = batch.attributes[j]?.columns[k] as number;
      const own = every.filter((a) => a.attribute === j && a.class === k);
      const labelled = [...Array(batch.size).keys()].filter((i) => batch.labelled.get(i, j) === 1);
      const chosen = choose({
        members: own.map(({ sample }) => sample),
        others: labelled.filter((i) => batch.membership.get(i, column) === 0),
        kappa,
        score: (i) => classScore(batch, i, column),
      });
      return own.filter(({ sample }) => chosen.includes(sample));
    });
  });
}

/**
 * Mining that is wrong with easy anchors.
 *
 * @param change - given the right anchors, and those that all members would be
 */
function whereEasy(
  change: (
    right: readonly Anchor[],
    every: readonly Anchor[],
    batch: Batch,
    options: Options,
  ) => readonly Anchor[],
): Partial<Stages> {
  return {
    mineHardSamples(batch, selection, options) {
      const right = mineHardSamples(batch, selection, options);
      if (options.anchors === 'all') return right;
      const every = mineHardSamples(batch, selection, { ...options, anchors: 'all' });
      return { anchors: change(right.anchors, every.anchors, batch, options) };
    },
  };
}
