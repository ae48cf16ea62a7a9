/**
 * What the evidence compares: data sets, methods, and the options of each method that are swept.
 *
 * @module
 */

import type { EngineName } from '../../backends/tfjs/index.js';
import { COMPARISONS, LEVELS } from '../../spec/index.js';
import { atlasFiles } from './atlas.js';
import { faceFiles } from './faces.js';
import { mostAccuracy, overlapFiles } from './overlap.js';

/** A piece of a training config, as `crl train` takes it. */
export type Changes = Readonly<Record<string, unknown>>;

/** A number of a method that is swept on the validation sets. */
export interface Axis {
  /** Its path in the config, such as `loss.kappa`. */
  readonly path: string;
  /** The values to try; the first holds until the axis is swept. */
  readonly values: readonly number[];
  /**
   * Values to add, one after the other, while the smallest (or the largest) of those tried is the best: if the best
   * value is at the edge of its grid, a better one may lie beyond. The last value of a side is its natural end, such
   * as τ 0, which is cross entropy, or it is far from any useful one.
   */
  readonly beyond?: { readonly below?: readonly number[]; readonly above?: readonly number[] };
}

/** A way to train. */
export interface Method {
  readonly name: string;
  readonly family: 'entropy' | 'rival' | 'class level' | 'instance level' | 'combined' | 'tuned';
  readonly changes: Changes;
  /** The method whose chosen values this one begins with; its own changes come on top. */
  readonly after?: string;
  /** Swept one after the other, each with the best value of those before it. */
  readonly axes: readonly Axis[];
}

/** A data set, and how a net is trained on it. */
export interface Study {
  readonly id: string;
  readonly title: string;
  /** What a reader of its results must know of its data, as a sentence. */
  readonly note?: string;
  readonly base: Changes;
  /** Seconds of a training, as the plan counts them until one is finished. */
  readonly seconds: number;
  /** Makes the data of a seed, and returns the fields of `data` that name them. */
  readonly prepare?: (work: string, seed: number) => Promise<object>;
  /** The metric by which values are chosen on the validation sets, and methods compared on the test set. */
  readonly metric: 'balancedAccuracy' | 'meanAveragePrecision';
  /** Fewer values for some axes, by their paths, where a run takes long; these grids do not grow. */
  readonly values?: Readonly<Record<string, readonly number[]>>;
  /** Whether batch sizes and class-aware batches are swept too. */
  readonly batches: boolean;
  /** Methods that are left out of this study: they are not trained, not counted, and no claim needs them. */
  readonly without?: readonly LeftOut[];
}

/** Methods that a study leaves out, and why. */
export interface LeftOut {
  /** Parts of their names: a method is left out if its name contains one of them. */
  readonly methods: readonly string[];
  /** Why, as the page prints it in brackets. */
  readonly reason: string;
}

/** The seeds on whose validation sets values are chosen. */
export const SWEEP_SEEDS = [1, 2] as const;

/**
 * The seeds that a second look adds to those of the first: as many again. It is due where a claim is open though its
 * own p is below .05.
 */
export function laterSeeds(seeds: readonly number[]): number[] {
  return seeds.map((seed) => Math.max(...seeds) + seed);
}

const LEARNING_RATE = 0.003;
const BATCH_SIZE = 128;

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
const STRENGTHS = { values: [1, 0.5, 1.5], beyond: { below: [0.25, 0], above: [2, 3] } } as const;
const CORRECTION: Axis = { path: 'postHoc.tau', ...STRENGTHS };

/** Cross entropy with small batches, weight decay and shifted images, each swept. */
const TUNED = 'cross entropy, tuned';

const METHODS: readonly Method[] = [
  { name: BASELINE, family: 'entropy', changes: { loss: 'ce' }, axes: [] },
  { name: 'weighted', family: 'rival', changes: { loss: 'weighted' }, axes: [] },
  rival('focal', [
    { path: 'loss.gamma', values: [0.5, 1, 2], beyond: { below: [0.2, 0.1, 0], above: [3, 5] } },
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
    { path: 'loss.reweightFrom', values: [0.8, 0.5], beyond: { below: [0.25, 0], above: [0.9, 1] } },
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
  // the kind that gains most over cross entropy on digits, together with the best rival there
  combined('CRL, instance, logit-adjusted', 'instance', {}, { tau: 1 }, { path: 'loss.tau', ...STRENGTHS }),
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
      { path: 'data.shift', values: [2, 1], beyond: { below: [0], above: [3, 4] } },
      { path: 'batchSize', values: [64, 32, BATCH_SIZE], beyond: { below: [16, 8], above: [256] } },
      {
        path: 'learningRate',
        values: [LEARNING_RATE, 0.001, 0.01],
        beyond: { below: [0.0003], above: [0.03] },
      },
      { path: 'optimiser.weightDecay', values: [0.1, 0, 0.3], beyond: { above: [1, 3] } },
    ],
  },
  tuned(rival('logit-adjusted', [{ path: 'loss.tau', ...STRENGTHS, values: [0.5, 1, 1.5] }])),
  tuned(crl('class', 'relative')),
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
      { path: 'loss.kappa', values: [3, 10, 25], beyond: { below: [2, 1], above: [50, 100] } },
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

/** Other batches on which cross entropy and CRL are compared. */
export const BATCHES: readonly { readonly name: string; readonly changes: Changes }[] = [
  { name: '32, plain', changes: batchOf(32) },
  { name: '256, plain', changes: batchOf(256) },
  ...[32, BATCH_SIZE, 256].map((size) => ({
    name: `${size}, class-aware`,
    changes: { ...batchOf(size), sampling: { kind: 'class-aware', perClass: 2 } },
  })),
];

/** A batch size, with a learning rate proportional to its square root, which keeps the noise of a step alike. */
function batchOf(batchSize: number): Changes {
  return { batchSize, learningRate: LEARNING_RATE * Math.sqrt(batchSize / BATCH_SIZE) };
}

/** The engine that is taken where no other is named: three times as fast as wasm for these nets. */
export const DEFAULT_ENGINE = 'tensorflow' satisfies EngineName;

/**
 * The threads of the engine `tensorflow`: the order of its sums depends on them, and the results must not depend on
 * the cores of a machine.
 */
export const TENSORFLOW_THREADS = 1;

const TRAINING = {
  ...batchOf(BATCH_SIZE),
  epochs: 20,
  schedule: 'cosine',
  engine: DEFAULT_ENGINE,
  model: { kind: 'conv', filters: [8, 16], hidden: 64 },
};

/** Questions that one study answers: the others leave them out, so that the whole fits a day of two cores. */
const ONCE = 'asked on digits 1:100 only, so that the whole fits a day of two cores';

/** Digits of an imbalance ratio. The test images are the same for all seeds, and no seed trains or chooses on them. */
function digits(ratio: number, without: readonly LeftOut[] = []): Study {
  return {
    id: `digits-${ratio}`,
    title: `Digits, 1:${ratio}`,
    base: { ...TRAINING, data: { kind: 'digits', ratio, testSeed: 1000 } },
    seconds: 5,
    metric: 'balancedAccuracy',
    batches: true,
    without,
  };
}

/** All studies, as they are trained on an engine. Results of different engines are never compared. */
export function studiesOn(engine: EngineName): readonly Study[] {
  return STUDIES.map((study) => ({ ...study, base: { ...study.base, engine } }));
}

/** All studies, on the engine that is taken where no other is named. */
export const STUDIES: readonly Study[] = [
  digits(100),
  ...[50, 10].map((ratio) =>
    digits(ratio, [
      {
        methods: ['τ-normalised', 're-trained', 'unit features', 'CRL, post-hoc', 'easy anchors', 'tuned'],
        reason: ONCE,
      },
    ]),
  ),
  {
    id: 'atlas',
    title: 'Synthetic atlas, 28 labels',
    base: {
      ...TRAINING,
      batchSize: 64,
      learningRate: 0.005,
      data: { kind: 'channels', validation: 0.25, normalise: true },
    },
    seconds: 10,
    prepare: atlasFiles,
    values: {
      'loss.eta': [0.2, 0.05, 1],
      'loss.kappa': [3, 25],
      'loss.beta': [0.99, 0.9999],
    },
    metric: 'meanAveragePrecision',
    batches: false,
    without: [
      {
        methods: ['τ-normalised', 're-trained', 'unit features', 'CRL, post-hoc', 'easy anchors', 'tuned'],
        reason: ONCE,
      },
    ],
  },
  {
    id: 'faces',
    title: 'Synthetic faces, 10 binary attributes up to 1:43',
    base: {
      ...TRAINING,
      batchSize: 64,
      data: { kind: 'channels', validation: 0.25, normalise: true },
    },
    seconds: 8,
    prepare: faceFiles,
    values: { 'loss.eta': [0.2, 0.05, 1], 'loss.kappa': [3, 25] },
    metric: 'balancedAccuracy',
    batches: false,
    without: [
      { methods: ['τ-normalised', 're-trained', 'unit features', 'CRL, post-hoc', 'tuned'], reason: ONCE },
    ],
  },
  {
    id: 'overlap',
    title: 'Overlapping colour classes, 1:100',
    note: `Stripes of four hues and three directions. The hue and the direction of an image are drawn around those of its class, so that neighbours overlap: a classifier that is told both exactly has a class-balanced accuracy of ${(100 * mostAccuracy()).toFixed(1)} % at best, and none that sees only the image has more.`,
    base: { ...TRAINING, data: { kind: 'folders', normalise: true } },
    seconds: 5,
    prepare: overlapFiles,
    metric: 'balancedAccuracy',
    batches: false,
    without: [{ methods: ['unit features', 'CRL, post-hoc', 'tuned'], reason: ONCE }],
  },
];
