/**
 * Symmetry: reordering the samples or renaming the classes changes nothing but their names.
 *
 * By the rulings, order only matters for ties: equal scores are ranked by sample index, and equal class
 * sizes by class index. So samples are permuted in batches without equal scores, and classes of equal size
 * keep their order among themselves.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import { type Anchor, type Batch, type HardSamples, selectMinority } from '../../spec/index.js';
import { type Case, cases } from '../cases/arbitraries.js';
import { permutation, permuteColumns, permuteRows, permuteSamples } from '../cases/permute.js';
import { demandAllNear, demandNear, demandSame, type Property } from '../property.js';
import { betweenTwoAnswers, crossEntropyAllowance, lossAllowance, roundoff } from '../tolerance/index.js';
import { classRenaming, reordering, transformed } from '../transformation.js';
import { entries, plainAnchors, specWalk, stageOf } from '../walk.js';

/** The symmetries. */
export const symmetry: readonly Property[] = [
  {
    id: 'samples-permuted-minority',
    stage: 'selectMinority',
    source: 'Eq. 3: classes are counted',
    claim: 'Reordering the samples of a batch changes neither its class sizes nor its minority classes.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, { batch, options, shuffle }) {
      const select = stageOf(backend, 'selectMinority');
      const before = await select(batch, options);
      const order = permutation(batch.size, shuffle);
      await transformed(reordering(order), async () => {
        const after = await select(permuteSamples(batch, order), options);
        demandSame(
          'profile and minority of the permuted batch',
          [after.profile, after.minority],
          [before.profile, before.minority],
        );
      });
    },
  },
  {
    id: 'samples-permuted-mining',
    stage: 'mineHardSamples',
    source: 'Eq. 4, 5; ruling: mined order',
    claim:
      'Where no two scores are equal, reordering the samples reorders the mined samples alike and changes nothing else.',
    required: true,
    classLevel: true,
    cases: (supports) => cases(supports, { ties: false }),
    async check({ backend }, given) {
      const { batch, options, shuffle } = given;
      const order = permutation(batch.size, shuffle);
      const mine = stageOf(backend, 'mineHardSamples');
      const { selection } = specWalk(given);
      const before = await mine(batch, selection, options);
      await transformed(reordering(order), async () => {
        const after = await mine(permuteSamples(batch, order), selection, options);
        demandSame('mined in the permuted batch', byKey(renameSamples(after, order)), byKey(before));
      });
    },
  },
  {
    id: 'samples-permuted-loss',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8, 9: sums over samples',
    claim:
      'Where no two scores are equal, reordering the samples reorders the rows of the gradient alike and leaves L unchanged.',
    required: true,
    classLevel: true,
    cases: (supports) => cases(supports, { ties: false }),
    async check({ backend }, given) {
      const { batch, options, shuffle } = given;
      const order = permutation(batch.size, shuffle);
      const before = await backend.balancedLoss(batch, options);
      await transformed(reordering(order), async () => {
        const after = await backend.balancedLoss(permuteSamples(batch, order), options);
        demandSameLoss(backend.supports.gradient, given, roundoff(backend.supports), before, after, (a) =>
          permuteRows(a, order),
        );
      });
    },
  },
  {
    id: 'classes-renamed-minority',
    stage: 'selectMinority',
    source: 'Eq. 3; ruling: tied class sizes',
    claim: 'Renaming classes renames the minority classes alike. (Classes of equal size keep their order.)',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const { batch, options } = given;
      const names = renaming(given);
      const select = stageOf(backend, 'selectMinority');
      const before = await select(batch, options);
      await transformed(classRenaming(names), async () => {
        const after = await select(renameClasses(batch, names), options);
        const expected = before.minority.map((classes, j) =>
          Array.from(classes, (k) => names[j]?.[k] as number).sort((k, l) => k - l),
        );
        demandSame('minority of the renamed batch', after.minority, expected);
      });
    },
  },
  {
    id: 'classes-renamed-mining',
    stage: 'mineHardSamples',
    source: 'Eq. 4, 5',
    claim: 'Renaming classes renames the anchors’ classes alike and changes none of the mined samples.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const { batch, options } = given;
      const names = renaming(given);
      const mine = stageOf(backend, 'mineHardSamples');
      const renamed = renameClasses(batch, names);
      const before = await mine(batch, specWalk(given).selection, options);
      await transformed(classRenaming(names), async () => {
        const after = await mine(renamed, selectMinority(renamed, options), options);
        const expected = before.anchors.map((a) => ({
          ...a,
          class: names[a.attribute]?.[a.class] as number,
        }));
        demandSame('mined in the renamed batch', byKey(after), byKey({ anchors: expected }));
      });
    },
  },
  {
    id: 'classes-renamed-loss',
    stage: 'balancedLoss',
    source: 'Eq. 2, 8, 9: sums over classes',
    claim: 'Renaming classes reorders the columns of the gradient alike and leaves L unchanged.',
    required: true,
    cases: (supports) => cases(supports),
    async check({ backend }, given) {
      const { batch, options } = given;
      const names = renaming(given);
      const before = await backend.balancedLoss(batch, options);
      await transformed(classRenaming(names), async () => {
        const after = await backend.balancedLoss(renameClasses(batch, names), options);
        const columns = columnOrder(batch, names);
        demandSameLoss(backend.supports.gradient, given, roundoff(backend.supports), before, after, (a) =>
          permuteColumns(a, columns),
        );
      });
    },
  },
];

interface Found {
  readonly loss: number;
  readonly gradient: NdArray;
}

/** Demands the same L and gradient of two walks, which round independently. */
function demandSameLoss(
  gradients: boolean,
  { batch, options }: Case,
  u: number,
  before: Found,
  after: Found,
  moved: (gradient: NdArray) => NdArray,
): void {
  const crl = lossAllowance(specWalk({ batch, options }), u);
  const allowed = crl.loss + crossEntropyAllowance(batch, before.loss, u);
  demandNear('L', after.loss, before.loss, betweenTwoAnswers(allowed, u));
  if (!gradients) return;
  const shape = [batch.size, batch.scoreWidth];
  for (const { gradient } of [before, after])
    demandSame('shape of the gradient', Array.from(gradient.shape), shape);
  const expected = entries(moved(before.gradient));
  const ofScores = options.level === 'class' ? crl.gradient : new Float64Array(batch.size * batch.scoreWidth);
  const allowance = entries(moved(ndarray(ofScores, shape)));
  demandAllNear('gradient', entries(after.gradient), expected, shape, (at) => {
    return betweenTwoAnswers(allowance[at] as number, u, expected[at]);
  });
}

/** For each attribute, old class index → new; classes of equal size keep their order. */
function renaming({ batch, options, shuffle }: Case): number[][] {
  const { profile } = selectMinority(batch, options);
  return batch.attributes.map(({ classes }, j) => {
    const sizes = profile[j] as readonly number[];
    // absent and present are not mere names: absence is scored by p(present)
    const drawn = batch.encoding === 'multi-label' ? [0, 1] : permutation(classes.length, shuffle + j);
    const names = [...drawn];
    for (const size of new Set(sizes)) {
      const tied = [...sizes.keys()].filter((k) => sizes[k] === size);
      const given = tied.map((k) => drawn[k] as number).sort((k, l) => k - l);
      tied.forEach((k, r) => {
        names[k] = given[r] as number;
      });
    }
    return names;
  });
}

/** New class column → old class column. */
function columnOrder(batch: Batch, names: readonly number[][]): number[] {
  const order = new Array<number>(batch.columns.length);
  batch.columns.forEach(({ attribute, class: k }, column) => {
    order[batch.attributes[attribute]?.columns[names[attribute]?.[k] as number] as number] = column;
  });
  return batch.encoding === 'multi-label' ? [...Array(batch.scoreWidth).keys()] : order;
}

function renameClasses(batch: Batch, names: readonly number[][]): Batch {
  const order = columnOrder(batch, names);
  if (batch.encoding === 'multi-label') return batch;
  return {
    ...batch,
    membership: permuteColumns(batch.membership, order) as Batch['membership'],
    scores: permuteColumns(batch.scores, order) as Batch['scores'],
  };
}

function renameSamples({ anchors }: HardSamples, order: readonly number[]): HardSamples {
  const old = (i: number) => order[i] as number;
  return {
    anchors: anchors.map((a) => ({
      ...a,
      sample: old(a.sample),
      positives: Array.from(a.positives, old),
      negatives: Array.from(a.negatives, old),
    })),
  };
}

/** Anchors sorted by attribute, class and sample. */
function byKey(hard: { readonly anchors: readonly Anchor[] }): unknown[] {
  const key = ({ attribute, class: k, sample }: Anchor) => [attribute, k, sample] as const;
  const sorted = [...hard.anchors].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
  });
  return plainAnchors({ anchors: sorted });
}
