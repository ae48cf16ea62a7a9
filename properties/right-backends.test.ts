import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import {
  type Backend,
  type Capabilities,
  createBatch,
  crossEntropyGradient,
  rectificationLoss,
  resolveOptions,
} from '../spec/index.js';
import { DEFAULT_RUNS, properties } from './index.js';
import { judge } from './judge.js';
import type { Property } from './property.js';
import { entries } from './walk.js';
import { composeBackend, RIGHT, type Stages } from './wrong-backends/compose.js';

/** Right backends whose arithmetic differs from the specification's, each with the property that failed it once. */
const rightBackends: readonly [
  what: string,
  caught: string,
  changed: Partial<Stages>,
  precision?: Capabilities['precision'],
][] = [
  [
    'α is folded into the gradient, as L_ce + α·(L_crl − L_ce)',
    'balanced-logits-agree',
    {
      balance(batch, options, found) {
        const right = RIGHT.balance(batch, options, found);
        if (options.level === 'instance' || options.alpha === 0) return right;
        const [whole, ofEntropy] = [entries(right.gradient), entries(crossEntropyGradient(batch))];
        const { alpha } = options;
        const gradient = whole.map((slope, at) => {
          const ce = ofEntropy[at] as number;
          const crl = (slope - (1 - alpha) * ce) / alpha;
          return ce + alpha * (crl - ce);
        });
        return { ...right, gradient: ndarray(gradient, right.gradient.shape) };
      },
    },
  ],
  [
    'α is held in float32',
    'balanced-logits-agree',
    {
      balance: (batch, options, found) =>
        RIGHT.balance(batch, { ...options, alpha: Math.fround(options.alpha) }, found),
    },
    'float32',
  ],
];

describe('a right backend passes', () => {
  it.each(rightBackends)('where %s', async (what, id, changed, precision = 'float64') => {
    const property = properties.find((one) => one.id === id) as Property;
    const composed = composeBackend(what, { ...RIGHT, ...changed });
    const backend: Backend = { ...composed, supports: { ...composed.supports, precision } };
    const of = { runs: DEFAULT_RUNS, known: [], replay: { backend: what } };
    for (const seed of [1, 2]) {
      const { verdict, reason } = await judge(property, { backend }, { ...of, seed });
      expect([verdict, reason]).toEqual(['passed', undefined]);
    }
  });

  it('where L_crl is a difference, which rounding leaves a little below 0', async () => {
    const property = properties.find(({ id }) => id === 'loss-nonnegative') as Property;
    const batch = createBatch({
      attributes: [2],
      labels: [[0], [0], [1], [1], [1]],
      scores: [0.9, 0.9, 0.1, 0.2, 0.1].map((p) => [p, 1 - p]),
    });
    const given = { batch, options: { ...resolveOptions(batch, { kappa: 1 }), alpha: 0.5 }, shuffle: 0 };
    const below = (by: number) =>
      composeBackend('a difference', {
        rectificationLoss(...of) {
          const right = rectificationLoss(...of);
          expect(right.loss).toBe(0); // both hinges are inactive
          return { ...right, loss: -by };
        },
      });
    await property.check({ backend: below(2 ** -53) }, given);
    await expect(property.check({ backend: below(1e-6) }, given)).rejects.toThrow('at least -');
  });
});
