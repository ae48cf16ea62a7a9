/**
 * The data sets of the evidence, and how a net is trained on each.
 *
 * @module
 */

import type { EngineName } from '../../backends/tfjs/index.js';
import { atlasFiles } from './atlas.js';
import { BATCH_SIZE, batchOf } from './batches.js';
import { faceFiles } from './faces.js';
import { mostAccuracy, overlapFiles } from './overlap.js';
import type { LeftOut, Study } from './plan.js';

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

/** Methods that only digits 1:100 has. */
const ASKED_ONCE = ['unit features', 'CRL, post-hoc', 'tuned'];

/** Corrections of a trained last layer that only digits 1:100 and the overlapping classes have. */
const ASKED_TWICE = ['τ-normalised', 're-trained'];

function askedElsewhere(...methods: readonly string[]): readonly LeftOut[] {
  return [{ methods, reason: 'asked in other studies, so that the whole fits a day of two cores' }];
}

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
  ...[50, 10].map((ratio) => digits(ratio, askedElsewhere(...ASKED_ONCE, ...ASKED_TWICE, 'easy anchors'))),
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
    metric: 'meanAveragePrecision',
    batches: false,
    without: askedElsewhere(...ASKED_ONCE, ...ASKED_TWICE, 'easy anchors'),
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
    metric: 'balancedAccuracy',
    batches: false,
    without: askedElsewhere(...ASKED_ONCE, ...ASKED_TWICE),
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
    without: askedElsewhere(...ASKED_ONCE),
  },
];
