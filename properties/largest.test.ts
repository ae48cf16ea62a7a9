import { describe, expect, it } from 'vitest';
import { hostBackend } from '../backends/host/index.js';
import { fusedBackend } from '../backends/tfjs/index.js';
import { drawBatch } from '../bench/batches.js';
import { balancedLoss, createBatch, resolveOptions } from '../spec/index.js';
import { checkGradient, checkParts } from './agreement.js';
import { lossAllowance, roundoff } from './tolerance.js';
import { specWalk } from './walk.js';

const SIZE = { n: 4096, classes: 1000, kappa: 2 };

/** The specification sorts all others for each anchor: fewer of them than ρ is by default, for the time. */
const RHO = 0.2;

describe('4,096 samples of 1,000 classes', () => {
  it.each(['uniform', 'softmax'] as const)(
    'the fused kernels agree with the specification, scores %s',
    async (kind) => {
      const { n, classes, kappa } = SIZE;
      const { labels, scores } = drawBatch(SIZE, kind, 7);
      const batch = createBatch({
        attributes: [classes],
        labels: Array.from(labels, (label) => [label]),
        scores: Array.from({ length: n }, (_, i) => scores.subarray(i * classes, (i + 1) * classes)),
      });
      const options = { ...resolveOptions(batch, { kappa, rho: RHO }), alpha: 0.5 };
      const given = { batch, options, shuffle: 0 };
      // once for both, since it takes seconds
      const [expected, walk] = [balancedLoss(batch, options), specWalk(given)];
      // more than any block of 256
      const survivors = new Set(walk.hard.anchors.map((anchor) => anchor.class));
      expect(survivors.size).toBeGreaterThan(256);
      for (const backend of [hostBackend(), await fusedBackend({ engine: 'wasm' })]) {
        const u = roundoff(backend.supports);
        const known = { expected, allowance: lossAllowance(walk, u) };
        const found = await backend.balancedLoss(batch, options);
        checkParts(given, found, u, known);
        checkGradient(given, found.gradient, found.featureGradient, u, known);
        expect(found.statistics, backend.name).toEqual(expected.statistics);
        if (kind === 'softmax' || backend.name !== 'host') continue;
        // once is enough: a wrong derivative is found at this size too
        const last = [n - 1, classes - 1] as const;
        found.gradient?.set(...last, found.gradient.get(...last) + 0.001);
        expect(() => checkGradient(given, found.gradient, found.featureGradient, u, known)).toThrow(
          'gradient',
        );
      }
    },
  );
});
