import { beforeAll, describe, expect, it } from 'vitest';
import { hostBackend } from '../backends/host/backend.js';
import { fusedBackend } from '../backends/tfjs/backend.js';
import { loadEngine } from '../backends/tfjs/index.js';
import { drawBatch } from '../bench/batches.js';
import { createBatch, resolveOptions } from '../spec/index.js';
import { checkGradient, checkParts } from './of-backends/agreement-checks.js';
import { lossAllowance, roundoff } from './tolerance/index.js';
import { type WholeWalk, wholeWalk } from './walk.js';

const SIZE = { n: 4096, classes: 1000, kappa: 2 };

/** Fewer anchors than with the default ρ: the specification visits each of their triplets on its own. */
const RHO = 0.2;

const noGpu = await loadEngine('webgpu').then(
  () => undefined,
  (error: Error) => error.message,
);

/** Every fused kernel, and why it is not available here, if so. */
const KERNELS = [
  { kernel: 'host', make: async () => hostBackend(), absent: undefined },
  { kernel: 'wasm', make: () => fusedBackend({ engine: 'wasm' }), absent: undefined },
  { kernel: 'webgpu', make: () => fusedBackend({ engine: 'webgpu' }), absent: noGpu },
];

describe.each(['uniform', 'softmax'] as const)('4,096 samples of 1,000 classes, scores %s', (kind) => {
  const { n, classes, kappa } = SIZE;
  const { labels, scores } = drawBatch(SIZE, kind, 7);
  const batch = createBatch({
    attributes: [classes],
    labels: Array.from(labels, (label) => [label]),
    scores: Array.from({ length: n }, (_, i) => scores.subarray(i * classes, (i + 1) * classes)),
  });
  const options = { ...resolveOptions(batch, { kappa, rho: RHO }), alpha: 0.5 };
  const given = { batch, options, shuffle: 0 };
  let walk = undefined as unknown as WholeWalk;

  // once for all kernels, since it takes several seconds
  beforeAll(() => {
    walk = wholeWalk(given);
  });

  it('has more surviving classes than a block has threads, 256', () => {
    expect(new Set(walk.hard.anchors.map((anchor) => anchor.class)).size).toBeGreaterThan(256);
  });

  for (const { kernel, make, absent } of KERNELS) {
    it.skipIf(absent)(
      `gives the specification’s result on ${kernel}${absent ? `, skipped: ${absent}` : ''}`,
      async () => {
        const backend = await make();
        const u = roundoff(backend.supports);
        const expected = walk.balanced;
        const known = { expected, allowance: lossAllowance(walk, u) };
        const found = await backend.balancedLoss(batch, options);
        checkParts(given, found, u, known);
        checkGradient(given, found.gradient, found.featureGradient, u, known);
        expect(found.statistics).toEqual(expected.statistics);
        if (kernel !== 'host') return;
        // a wrong gradient is found at this size too; one kernel is enough to show it
        const last = [n - 1, classes - 1] as const;
        found.gradient.set(...last, found.gradient.get(...last) + 0.001);
        expect(() => checkGradient(given, found.gradient, found.featureGradient, u, known)).toThrow(
          'gradient',
        );
      },
    );
  }
});
