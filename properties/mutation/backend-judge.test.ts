/**
 * What judges the mutants of a backend: every property of the suite, asked of that backend through
 * the public door; no other test. The specification is whole here, so agreement is the sharpest.
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

/** By the group of `run.mjs` that names it. */
const MODULES: Record<string, BackendModule> = {
  host: () => hostBackend(),
  tfjs: () => tfjsBackend(),
  fused: () => fusedBackend(),
};
const group = process.env.CRL_MUTATED ?? 'host';
const module = MODULES[group] as BackendModule;

/** Few, since a mutant that lives costs all of them. */
const RUNS = 40;
const SEED = 20_240_229;

// the first failure decides: a smaller one is of no use to a score
beforeAll(() => fc.configureGlobal({ endOnFailure: true }));

describe(`properties of ${group}`, () => {
  const ids = [...new Set([...agreement, ...properties].map(({ id }) => id))];
  it.each(ids)('%s', async (id) => {
    const report = await verify(module, { runs: RUNS, seed: SEED, only: [id] });
    for (const { verdict, reason } of report.properties) {
      if (verdict !== 'skipped') expect([verdict, reason]).toEqual(['passed', undefined]);
    }
  });
});
