import { describe, expect, it } from 'vitest';
import { hostBackend } from '../backends/host/index.js';
import { fusedBackend } from '../backends/tfjs/index.js';
import { drawBatch, type ScoreKind } from '../bench/batches.js';
import { type Backend, createBatch, resolveOptions } from '../spec/index.js';
import { checkGradient, checkParts, expectedOf } from './agreement.js';
import { roundoff } from './tolerance.js';

const SIZE = { n: 4096, classes: 1000, kappa: 2 };

const BACKENDS: [string, ScoreKind, () => Promise<Backend> | Backend][] = [
  ['host', 'uniform', () => hostBackend()],
  ['tfjs-fused on wasm', 'softmax', () => fusedBackend({ engine: 'wasm' })],
];

// one batch each, for the specification takes seconds, and κ is small, since it stores every triplet
describe('4,096 samples of 1,000 classes', () => {
  it.each(BACKENDS)('%s agrees with the specification, scores %s', async (_, kind, backendOf) => {
    const { n, classes, kappa } = SIZE;
    const { labels, scores } = drawBatch(SIZE, kind, 7);
    const batch = createBatch({
      attributes: [classes],
      labels: Array.from(labels, (label) => [label]),
      scores: Array.from({ length: n }, (_, i) => scores.subarray(i * classes, (i + 1) * classes)),
    });
    const given = { batch, options: { ...resolveOptions(batch, { kappa }), alpha: 0.5 }, shuffle: 0 };
    const backend = await backendOf();
    const u = roundoff(backend.supports);
    const known = expectedOf(given, u);
    const found = await backend.balancedLoss(given.batch, given.options);
    checkParts(given, found, u, known);
    checkGradient(given, found.gradient, found.featureGradient, u, known);
    // a wrong derivative is found at this size too
    const last = [n - 1, classes - 1] as const;
    found.gradient?.set(...last, found.gradient.get(...last) + 0.001);
    expect(() => checkGradient(given, found.gradient, found.featureGradient, u, known)).toThrow('gradient');
  });
});
