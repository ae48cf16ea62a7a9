/**
 * The mutated code and its judges in one program, so that each mutant gets a fresh copy of both.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { hostBackend } from '../../backends/host/backend.js';
import { fusedBackend, tfjsBackend } from '../../backends/tfjs/backend.js';
import { HOST_ENGINES } from '../../backends/tfjs/engines/host-engines.js';
import { FUSED_LOSS } from '../../backends/tfjs/fused/host-operation.js';
import { properties } from '../../properties/index.js';
import { agreement } from '../../properties/of-backends/agreement.js';
import type { Backend, BackendModule } from '../../spec/index.js';
import { verify } from '../../src/verify/verify.js';

// the first failure decides, and the score needs no smaller counterexample
fc.configureGlobal({ endOnFailure: true });

/**
 * The backends by their group in `run.mjs`. The fused operation is the host kernel on float32. The graph is
 * judged on `wasm`, the fastest engine that computes it as it is written.
 */
export const modules: Readonly<Record<string, readonly (() => Promise<Backend>)[]>> = {
  host: [async () => hostBackend(), () => fusedBackend()],
  tfjs: [() => tfjsBackend({ engine: 'wasm' })],
  fused: [() => fusedAnew(), () => fusedAnew('wasm')],
};

/** tfjs keeps the operation that was registered first, which is the right one: a mutant must register its own. */
function fusedAnew(engine = 'cpu'): Promise<Backend> {
  for (const name of HOST_ENGINES) if (tf.getKernel(FUSED_LOSS, name)) tf.unregisterKernel(FUSED_LOSS, name);
  return fusedBackend({ engine });
}

/** All properties; those that kill most mutants come first. */
export const ids: readonly string[] = [...new Set([...agreement, ...properties].map(({ id }) => id))];

/** Cases per property by group: at most half of what a user runs, since a survivor runs all of them. */
const RUNS: Readonly<Record<string, number>> = { host: 150, tfjs: 40, fused: 150 };
const SEED = 20_240_229;

/** The reason why a backend fails a property; undefined if it passes. */
export async function failureOf(
  backend: BackendModule,
  id: string,
  group: string,
): Promise<string | undefined> {
  const { properties: found } = await verify(backend, {
    runs: RUNS[group] as number,
    seed: SEED,
    only: [id],
  });
  const failed = found.find(({ verdict }) => verdict !== 'passed' && verdict !== 'skipped');
  return failed && (failed.reason ?? failed.verdict);
}
