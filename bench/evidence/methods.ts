/**
 * The methods that the evidence compares, and the options of each that are swept.
 *
 * @module
 */

import { COMPARISONS, LEVELS } from '../../spec/index.js';
import { BATCH_SIZE, LEARNING_RATE } from './batches.js';
import type { Axis, Changes, Method, Study } from './plan.js';

/** What the others are compared with. */
const BASELINE = 'cross entropy';

/** The paper's own choice of level and comparison: one method, with a rival's number of settings. */
export const PAPER_METHOD = 'CRL, class, relative';

/** Which methods are tried with other batches. Without these two a study concludes nothing. */
export const METHODS_OF_BATCHES: readonly string[] = [BASELINE, PAPER_METHOD];

/**
 * The methods of a study, in the order of the table. The others are compared with the first.
 *
 * @throws Error - a study that leaves out what no method is called, or what its other methods need
 */
export function methodsOf(study: Pick<Study, 'values' | 'without'>): readonly Method[] {
  const { values } = study;
  const leftOut = new Set(leftOutOf(study).flatMap(({ names }) => names));
  for (const { name, after } of METHODS) {
    const needed = METHODS_OF_BATCHES.includes(name) ? name : leftOut.has(name) ? undefined : after;
    if (needed !== undefined && leftOut.has(needed))
      throw new Error(`without: expected methods that no other needs, got ${needed}`);
  }
  return METHODS.filter(({ name }) => !leftOut.has(name)).map((method) => ({
    ...method,
    axes: method.axes.map((axis) => {
      const fewer = values?.[axis.path];
      return fewer ? { path: axis.path, values: fewer } : axis;
    }),
  }));
}

/**
 * The names of the methods that a study leaves out, by their reasons.
 *
 * @throws Error - a part of a name that no method has
 */
export function leftOutOf({
  without = [],
}: Pick<Study, 'without'>): { readonly names: readonly string[]; readonly reason: string }[] {
  return without.map(({ methods, reason }) => {
    const unknown = methods.find((part) => !METHODS.some(({ name }) => name.includes(part)));
    if (unknown !== undefined) throw new Error(`without: expected parts of method names, got ${unknown}`);
    const names = METHODS.map(({ name }) => name);
    return { names: names.filter((name) => methods.some((part) => name.includes(part))), reason };
  });
}

/** A method with the chosen values of the one that it begins with, if any. */
export function begun<M extends Pick<Method, 'changes' | 'after'>>(
  method: M,
  chosen: ReadonlyMap<string, Changes>,
): M {
  const first = method.after === undefined ? {} : chosen.get(method.after);
  return { ...method, changes: { ...first, ...method.changes } };
}

/** τ of an adjustment; 0 is none. */
const STRENGTHS = { values: [1, 0.5, 1.5], beyond: { below: [0.25, 0], above: [2, 3] }, ends: [0] } as const;
const CORRECTION: Axis = { path: 'postHoc.tau', ...STRENGTHS };

/** Cross entropy with small batches, weight decay and shifted images, each swept. */
const TUNED = 'cross entropy, tuned';

/** The kind of CRL that gains most over cross entropy on digits, together with the best rival there. */
const INSTANCE_AND_ADJUSTED = combined(
  'CRL, instance, logit-adjusted',
  'instance',
  {},
  { tau: 1 },
  { path: 'loss.tau', ...STRENGTHS },
);

const METHODS: readonly Method[] = [
  { name: BASELINE, family: 'entropy', changes: { loss: 'ce' }, axes: [] },
  { name: 'weighted', family: 'rival', changes: { loss: 'weighted' }, axes: [] },
  rival('focal', [
    { path: 'loss.gamma', values: [0.5, 1, 2], beyond: { below: [0.2, 0.1, 0], above: [3, 5] }, ends: [0] },
  ]),
  rival('class-balanced', [
    {
      path: 'loss.beta',
      values: [0.9, 0.99, 0.999, 0.9999],
      beyond: { below: [0.5, 0], above: [0.99999, 0.999999] },
    },
  ]),
  rival('logit-adjusted', [{ path: 'loss.tau', ...STRENGTHS, values: [0.5, 1, 1.5] }]),
  rival('ldam', [
    {
      path: 'loss.reweightFrom',
      values: [0.8, 0.5],
      beyond: { below: [0.25, 0], above: [0.9, 1] },
      ends: [0, 1],
    },
    { path: 'loss.maxMargin', values: [0.5, 0.2], beyond: { below: [0.1, 0.05, 0], above: [1, 2, 4, 8] } },
    // its authors' 30 is for logits that are cosines; those of our nets are not bounded
    { path: 'loss.scale', values: [30, 10], beyond: { below: [3, 1, 0.3, 0.1], above: [100, 300] } },
  ]),
  {
    name: 'balanced sampling',
    family: 'rival',
    changes: { loss: 'ce', sampling: { kind: 'class-aware' } },
    axes: [],
  },
  corrected('post-hoc logit-adjusted', 'logit-adjusted'),
  corrected('τ-normalised', 'tau-normalised'),
  corrected('classifier re-trained', 'retrained', {
    path: 'postHoc.learningRate',
    values: [0.01, 0.003, 0.03],
    beyond: { below: [0.001, 0.0003], above: [0.1, 0.3] },
  }),
  ...LEVELS.flatMap((level) => COMPARISONS.map((comparison) => crl(level, comparison))),
  ...COMPARISONS.map((comparison) => ofUnitFeatures(crl('instance', comparison))),
  combined('CRL, logit-adjusted', 'class', {}, { tau: 1 }, { path: 'loss.tau', ...STRENGTHS }),
  INSTANCE_AND_ADJUSTED,
  combined(
    'CRL, post-hoc logit-adjusted',
    'class',
    { postHoc: { kind: 'logit-adjusted', tau: 1 } },
    {},
    CORRECTION,
  ),
  ofEasyAnchors(crl('class', 'relative')),
  ofFallingWeight(ofEasyAnchors(crl('instance', 'relative'))),
  {
    name: TUNED,
    family: 'tuned',
    changes: {
      loss: 'ce',
      data: { augment: 'shift', shift: 2 },
      optimiser: { kind: 'adam', weightDecay: 0.1 },
    },
    axes: [
      { path: 'data.shift', values: [2, 1], beyond: { below: [0], above: [3, 4] }, ends: [0] },
      { path: 'batchSize', values: [64, 32, BATCH_SIZE], beyond: { below: [16, 8], above: [256] } },
      {
        path: 'learningRate',
        values: [LEARNING_RATE, 0.001, 0.01],
        beyond: { below: [0.0003], above: [0.03] },
      },
      { path: 'optimiser.weightDecay', values: [0.1, 0, 0.3], beyond: { above: [1, 3] }, ends: [0] },
    ],
  },
  tuned(rival('logit-adjusted', [{ path: 'loss.tau', ...STRENGTHS, values: [0.5, 1, 1.5] }])),
  tuned(crl('class', 'relative')),
  tuned(INSTANCE_AND_ADJUSTED),
];

function rival(kind: string, axes: readonly Axis[]): Method {
  return { name: kind, family: 'rival', changes: { loss: { kind } }, axes };
}

function crl(level: 'class' | 'instance', comparison: string): Method {
  return {
    name: `CRL, ${level}, ${comparison}`,
    family: `${level} level`,
    changes: { loss: { kind: 'crl', level, comparison, kappa: 3, eta: 0.2 } },
    axes: [
      // the paper's default is .01; above 1/Ω, α would exceed 1
      { path: 'loss.eta', values: [0.2, 0.05, 0.1, 0.5, 1], beyond: { below: [0.02, 0.01, 0.005, 0.002] } },
      { path: 'loss.kappa', values: [3, 10, 25], beyond: { below: [2, 1], above: [50, 100] }, ends: [1] },
    ],
  };
}

/** Cross entropy with a post-hoc correction of the last layer. */
function corrected(name: string, kind: string, axis: Axis = CORRECTION): Method {
  return { name, family: 'rival', changes: { loss: 'ce', postHoc: { kind } }, axes: [axis] };
}

/** A method that is trained with the settings of the tuned cross entropy, and sweeps its own options. */
function tuned(method: Method): Method {
  return { ...method, name: `${method.name}, tuned`, family: 'tuned', after: TUNED };
}

/** Instance level on features of length 1, whose distances are at most 2. */
function ofUnitFeatures({ name, changes, ...method }: Method): Method {
  const loss = { ...Object(changes.loss), unitFeatures: true };
  return { ...method, name: `${name}, unit features`, changes: { ...changes, loss } };
}

/** CRL of easy anchors, which the paper does not have. */
function ofEasyAnchors({ name, changes, axes }: Method): Method {
  const loss = { ...Object(changes.loss), anchors: 'easy' };
  return { name: `${name}, easy anchors`, family: 'combined', changes: { ...changes, loss }, axes };
}

/**
 * CRL whose weight falls as in DCL, instead of one from η: the share of the training in which it falls is swept. At 0
 * the weight is constant and small; at 1 it falls to the end.
 */
function ofFallingWeight({ name, changes, axes, ...method }: Method): Method {
  const { eta: _, ...loss } = Object(changes.loss);
  const until: Axis = {
    path: 'loss.alpha.until',
    values: [0.3, 0.1, 0.6],
    beyond: { below: [0], above: [1] },
    ends: [0, 1],
  };
  return {
    ...method,
    name: `${name}, falling weight`,
    changes: { ...changes, loss: { ...loss, alpha: { kind: 'dcl', until: 0.3, floor: 0.01 } } },
    axes: [until, ...axes.filter(({ path }) => path !== 'loss.eta')],
  };
}

/** CRL with the paper's comparison, together with an adjustment. */
function combined(
  name: string,
  level: 'class' | 'instance',
  more: Changes,
  ofLoss: Changes,
  axis: Axis,
): Method {
  const { changes, axes } = crl(level, 'relative');
  const loss = { ...Object(changes.loss), ...ofLoss };
  return { name, family: 'combined', changes: { loss, ...more }, axes: [axis, ...axes] };
}
