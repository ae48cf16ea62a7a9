/**
 * What judges the mutants of a backend: every property of the suite, asked of that backend through
 * the public door, and of the host kernel its own tests. The specification is whole here, so agreement is the sharpest.
 *
 * @module
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { hostBackend } from '../../backends/host/index.js';
import { fusedBackend, tfjsBackend } from '../../backends/tfjs/index.js';
import type { BackendModule } from '../../spec/index.js';
import { verify } from '../../src/index.js';
import { agreement } from '../agreement.js';
import { properties } from '../index.js';

/** By the group of `run.mjs` that names it; the fused operation is the host kernel on float32. */
const MODULES: Record<string, Record<string, BackendModule>> = {
  host: { host: () => hostBackend(), 'tfjs-fused': () => fusedBackend() },
  tfjs: { tfjs: () => tfjsBackend() },
  fused: { 'tfjs-fused': () => fusedBackend() },
};
const modules = Object.entries(MODULES[process.env.CRL_MUTATED ?? 'host'] ?? {});

/** Half of what a user has, since a mutant that lives costs all of them. */
const RUNS = 150;
const SEED = 20_240_229;

// the first failure decides: a smaller one is of no use to a score
beforeAll(() => fc.configureGlobal({ endOnFailure: true }));

describe.each(modules)('properties of %s', (_, module) => {
  const ids = [...new Set([...agreement, ...properties].map(({ id }) => id))];
  it.each(ids)('%s', async (id) => {
    const report = await verify(module, { runs: RUNS, seed: SEED, only: [id] });
    for (const { verdict, reason } of report.properties) {
      if (verdict !== 'skipped') expect([verdict, reason]).toEqual(['passed', undefined]);
    }
  });
});
