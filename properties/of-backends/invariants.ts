/**
 * Invariants: claims that hold for every right result, stated without the specification's code.
 *
 * @module
 */
import { zeroGradient } from '../../spec/gradient.js';
import type { Backend, Batch, ClassColumn, HardSamples, Triplets } from '../../spec/index.js';
import { crossEntropy } from '../../spec/index.js';
import { type Case, cases } from '../cases/arbitraries.js';
import { tabulate } from '../cases/tabulate.js';
import { demand, demandNear, demandSame, type Property } from '../property.js';
import { crossEntropyAllowance, lossAllowance, roundoff } from '../tolerance/index.js';
import { entries, specWalk, stageOf } from '../walk.js';

/** The invariants. */
export const invariants: readonly Property[] = [
  {
    id: 'minority-prefix-maximal',
    stage: 'selectMinority',
    source: 'Eq. 3; ruling: minority prefix',
    claim:
      'A minority class and all smaller classes together hold at most ρ·n_j samples, and no class that keeps within this limit is left out.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, { batch, options }) {
      const { profile, minority } = await stageOf(backend, 'selectMinority')(batch, options);
      batch.attributes.forEach(({ columns }, j) => {
        const sizes = columns.map((c) => count(batch, (i) => batch.membership.get(i, c) === 1));
        demandSame(`profile[${j}]`, Array.from(profile[j] as number[]), sizes);
        const limit = options.rho * count(batch, (i) => batch.labelled.get(i, j) === 1);
        const chosen = new Set(minority[j]);
        const heldUpTo = (k: number) =>
          sizes.reduce((held, size, l) => held + (precedes(sizes, l, k) || l === k ? size : 0), 0);
        sizes.forEach((size, k) => {
          const held = heldUpTo(k);
          if (chosen.has(k))
            demand(held <= limit, `held up to class ${k} of attribute ${j}`, `at most ${limit}`, held);
          else if (size > 1)
            demand(held > limit, `held with class ${k} of attribute ${j}`, `more than ${limit}`, held);
        });
      });
    },
  },
  {
    id: 'minority-paired',
    stage: 'selectMinority',
    source: 'P footnote 2; ruling: minority prefix',
    claim:
      'Every surviving minority class has more than one sample and is listed once, by ascending class index.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, { batch, options }) {
      const { minority } = await stageOf(backend, 'selectMinority')(batch, options);
      demand(
        minority.length === batch.attributes.length,
        'attributes',
        batch.attributes.length,
        minority.length,
      );
      batch.attributes.forEach(({ columns }, j) => {
        const classes = Array.from(minority[j] as readonly number[]);
        demandSame(
          `minority[${j}] in order`,
          classes,
          [...new Set(classes)].sort((k, l) => k - l),
        );
        for (const k of classes) {
          const c = columns[k];
          demand(c !== undefined, `minority[${j}]`, `a class index below ${columns.length}`, k);
          const size = count(batch, (i) => batch.membership.get(i, c as number) === 1);
          demand(size > 1, `size of minority class ${k} of attribute ${j}`, 'more than 1', size);
        }
      });
    },
  },
  {
    id: 'anchors-complete',
    stage: 'mineHardSamples',
    source: 'rulings: anchors, easy anchors',
    claim:
      'Every sample of every surviving minority class is an anchor exactly once, or with easy anchors each of the κ that score highest on the class. Anchors are ordered by attribute, class and sample.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const { selection } = specWalk(given);
      const { anchors } = await mined(backend, given);
      const expected = selection.minority.flatMap((classes, j) =>
        classes.flatMap((k) => rightAnchors(given, j, k).map((sample) => [j, k, sample])),
      );
      demandSame(
        '(attribute, class, sample) of the anchors',
        anchors.map((a) => [a.attribute, a.class, a.sample]),
        expected,
      );
    },
  },
  {
    id: 'mined-roles',
    stage: 'mineHardSamples',
    source: 'Eq. 4, 5; rulings: anchor excluded, unlabelled samples, fewer than κ',
    claim:
      'Positives are other samples of the anchor’s class, and negatives are labelled samples of other classes. There are κ of each, or all if there are fewer.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const { batch, options } = given;
      const { anchors } = await mined(backend, given);
      anchors.forEach(({ sample, attribute: j, class: k, positives, negatives }, at) => {
        const companions = count(batch, (i) => i !== sample && isOf(batch, i, j, k));
        const others = count(batch, (i) => isOther(batch, i, j, k));
        demandSame(
          `anchors[${at}].positives: how many`,
          positives.length,
          Math.min(options.kappa, companions),
        );
        demandSame(`anchors[${at}].negatives: how many`, negatives.length, Math.min(options.kappa, others));
        demandSame(
          `anchors[${at}]: distinct samples`,
          new Set([...positives, ...negatives]).size,
          positives.length + negatives.length,
        );
        for (const i of positives) {
          demand(
            i !== sample && isOf(batch, i, j, k),
            `anchors[${at}].positives`,
            `another sample of class ${k}`,
            i,
          );
        }
        for (const i of negatives) {
          demand(
            isOther(batch, i, j, k),
            `anchors[${at}].negatives`,
            `a labelled sample not of class ${k}`,
            i,
          );
        }
      });
    },
  },
  {
    id: 'mined-hardest',
    stage: 'mineHardSamples',
    source: 'Eq. 4 to 7; ruling: mined order',
    claim: 'Mined samples are sorted hardest first, and no sample that was left out is harder.',
    required: true,
    runs: (asked) => 3 * asked, // a case is cheap, and a rounded 1 − p shows in few batches
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const { batch } = given;
      const { anchors } = await mined(backend, given);
      anchors.forEach(({ sample, attribute: j, class: k, positives, negatives }, at) => {
        const closeness = closenessTo(given, sample, j, k);
        const companions = samples(batch, (i) => i !== sample && isOf(batch, i, j, k));
        const others = samples(batch, (i) => isOther(batch, i, j, k));
        demandHardest(
          `anchors[${at}].positives`,
          positives,
          companions,
          (a, b) => closeness(a) - closeness(b) || a - b,
        );
        demandHardest(
          `anchors[${at}].negatives`,
          negatives,
          others,
          (a, b) => closeness(b) - closeness(a) || a - b,
        );
      });
    },
  },
  {
    id: 'triplets-bounded',
    stage: 'formTriplets',
    source: 'the paper: at most κ² triplets per anchor, at most |X_min|·κ² in all',
    claim:
      'Every anchor has at most κ² triplets, all different, so that there are at most |X_min|·κ² in all.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const { hard } = specWalk(given);
      const triplets = await stageOf(backend, 'formTriplets')(hard, given.options);
      const most = given.options.kappa ** 2;
      const total = triplets.shape[0] as number;
      demand(
        total <= hard.anchors.length * most,
        'number of triplets',
        `at most ${hard.anchors.length * most}`,
        total,
      );
      const byAnchor = new Map<string, Set<string>>();
      tripletRows(triplets).forEach(([a, p, q, j, k], t) => {
        const own = byAnchor.get(`${j} ${k} ${a}`) ?? new Set();
        demand(!own.has(`${p} ${q}`), `triplets[${t}]`, 'a pair that its anchor does not have yet', [p, q]);
        byAnchor.set(`${j} ${k} ${a}`, own.add(`${p} ${q}`));
      });
      for (const [anchor, own] of byAnchor) {
        demand(own.size <= most, `triplets of anchor ${anchor}`, `at most κ² = ${most}`, own.size);
      }
    },
  },
  {
    id: 'triplets-bounded-walk',
    stage: 'balancedLoss',
    source: 'the paper: at most κ² triplets per anchor, at most |X_min|·κ² in all',
    claim:
      'The whole walk counts as many anchors as there are samples of surviving minority classes, |X_min|, or with easy anchors at most κ of each class; and at most κ² triplets per anchor.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, { batch, options }) {
      const { statistics } = await backend.balancedLoss(batch, options);
      const mostOfClass = options.anchors === 'easy' ? options.kappa : batch.size;
      const anchors = statistics.minority.reduce(
        (sum, classes, j) =>
          sum +
          classes.reduce(
            (held, k) =>
              held +
              Math.min(
                mostOfClass,
                count(batch, (i) => isOf(batch, i, j, k)),
              ),
            0,
          ),
        0,
      );
      demandSame('anchors', statistics.anchors, anchors);
      const most = anchors * options.kappa ** 2;
      demand(statistics.triplets <= most, 'triplets', `at most κ² per anchor: ${most}`, statistics.triplets);
    },
  },
  {
    id: 'loss-nonnegative',
    stage: 'rectificationLoss',
    source: 'Eq. 9, 13, 16',
    claim: 'L_crl is finite and never negative, but for rounding.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const walk = specWalk(given);
      const { hard, triplets } = walk;
      const { loss } = await stageOf(backend, 'rectificationLoss')(
        given.batch,
        hard,
        triplets,
        given.options,
      );
      const least = -lossAllowance(walk, roundoff(backend.supports)).loss; // 1 less a sum may be a little below 0
      demand(loss >= least && Number.isFinite(loss), 'loss', `finite and at least ${least}`, loss);
    },
  },
  {
    id: 'nothing-to-compare',
    stage: 'rectificationLoss',
    source: 'ruling: nothing to compare',
    claim: 'Where there is nothing to compare, L_crl and every entry of its gradient are exactly 0.',
    required: true,
    cases: (supports) => cases(supports, { samples: 6, blockEdges: false }).filter(nothingToCompare),
    async check({ backend }, given) {
      const { hard, triplets } = specWalk(given);
      const got = await stageOf(backend, 'rectificationLoss')(given.batch, hard, triplets, given.options);
      demandSame('loss', got.loss, 0);
      if (!backend.supports.gradient) return;
      const zeros = entries(zeroGradient(given.batch, given.options));
      demandSame('gradient, all of it', entries(got.gradient), zeros);
    },
  },
  {
    id: 'nothing-to-compare-walk',
    stage: 'balancedLoss',
    source: 'ruling: nothing to compare',
    claim: 'Where there is nothing to compare, L_crl is exactly 0 and L is (1−α)·L_ce.',
    required: true,
    cases: (supports) => cases(supports, { samples: 6, blockEdges: false }).filter(nothingToCompare),
    async check({ backend }, { batch, options }) {
      const got = await backend.balancedLoss(batch, options);
      const ce = crossEntropy(batch);
      demandSame('L_crl', got.rectification, 0);
      const allowed = crossEntropyAllowance(batch, ce, roundoff(backend.supports));
      demandNear('L', got.loss, (1 - options.alpha) * ce, allowed);
    },
  },
];

/** What the backend mines of a case, given the specification's minority classes. */
async function mined(backend: Backend, given: Case): Promise<HardSamples> {
  const { selection } = specWalk(given);
  return stageOf(backend, 'mineHardSamples')(given.batch, selection, given.options);
}

/** The anchors of a class: its samples, or of those the easy ones, which fewer than κ others come before. */
function rightAnchors({ batch, options }: Case, j: number, k: number): number[] {
  const members = samples(batch, (i) => isOf(batch, i, j, k));
  if (options.anchors === 'all') return members;
  const score = scoreOn(batch, j, k);
  const comesBefore = (i: number, l: number) => score(i) > score(l) || (score(i) === score(l) && i < l);
  return members.filter((l) => members.filter((i) => comesBefore(i, l)).length < options.kappa);
}

/** p(c) of a sample; the absent side of a label is scored by p(present) in reverse. */
function scoreOn(batch: Batch, j: number, k: number): (i: number) => number {
  const column = batch.columns.find((c) => c.attribute === j && c.class === k) as ClassColumn;
  return (i) => column.sign * batch.scores.get(i, column.score);
}

/** Whether there is no triplet; or, for the absolute comparison, whose two means are apart, no pair. */
function nothingToCompare(given: Case): boolean {
  const { triplets, hard } = specWalk(given);
  return given.options.comparison === 'absolute' ? hard.anchors.length === 0 : triplets.shape[0] === 0;
}

/** How close samples are to an anchor: the closer, the harder as a negative and the easier as a positive (Eq. 4 to 7). */
function closenessTo({ batch, options }: Case, anchor: number, j: number, k: number): (i: number) => number {
  if (options.level === 'class') return scoreOn(batch, j, k);
  const features = batch.features?.matrices[batch.features.perAttribute ? j : 0] as Batch['scores'];
  return (i) => {
    let sum = 0;
    for (let t = 0; t < (features.shape[1] as number); t++) {
      sum += (features.get(anchor, t) - features.get(i, t)) ** 2;
    }
    return -Math.sqrt(sum); // ruling: features: ranked by the root
  };
}

function demandHardest(
  what: string,
  mined: readonly number[],
  candidates: readonly number[],
  harderFirst: (a: number, b: number) => number,
): void {
  const chosen = Array.from(mined);
  demandSame(`${what} hardest first`, chosen, [...chosen].sort(harderFirst));
  const easiest = chosen.at(-1);
  if (easiest === undefined) return;
  const harder = candidates.filter((i) => !chosen.includes(i) && harderFirst(i, easiest) < 0);
  demandSame(`${what}: left out though harder than sample ${easiest}`, harder, []);
}

/** Whether class k is taken before class l (ruling: tied class sizes). */
function precedes(sizes: readonly number[], k: number, l: number): boolean {
  const [a, b] = [sizes[k] as number, sizes[l] as number];
  return a < b || (a === b && k < l);
}

function isOf(batch: Batch, i: number, j: number, k: number): boolean {
  return batch.membership.get(i, batch.attributes[j]?.columns[k] as number) === 1;
}

function isOther(batch: Batch, i: number, j: number, k: number): boolean {
  return batch.labelled.get(i, j) === 1 && !isOf(batch, i, j, k);
}

function samples(batch: Batch, holds: (i: number) => boolean): number[] {
  return tabulate(batch.size, (i) => i).filter(holds);
}

function count(batch: Batch, holds: (i: number) => boolean): number {
  return samples(batch, holds).length;
}

function tripletRows(triplets: Triplets): number[][] {
  return tabulate(triplets.shape[0] as number, (t) => [0, 1, 2, 3, 4].map((role) => triplets.get(t, role)));
}
