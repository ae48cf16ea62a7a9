/**
 * What is mutated and what judges it, in one program, so that a mutant gets a fresh copy of both.
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

// the first failure decides: a smaller one is of no use to a score
fc.configureGlobal({ endOnFailure: true });

/**
 * By the group of `run.mjs` that names it. The fused operation is the host kernel on float32; the graph is
 * judged on `wasm`, the quickest engine that computes it as written.
 */
export const modules: Readonly<Record<string, readonly (() => Promise<Backend>)[]>> = {
  host: [async () => hostBackend(), () => fusedBackend()],
  tfjs: [() => tfjsBackend({ engine: 'wasm' })],
  fused: [() => fusedAnew(), () => fusedAnew('wasm')],
};

/** tfjs keeps the operation of the copy that was there first, which is whole: a mutant has to register its own. */
function fusedAnew(engine = 'cpu'): Promise<Backend> {
  for (const name of HOST_ENGINES) if (tf.getKernel(FUSED_LOSS, name)) tf.unregisterKernel(FUSED_LOSS, name);
  return fusedBackend({ engine });
}

/** All properties, what kills most first. */
export const ids: readonly string[] = [...new Set([...agreement, ...properties].map(({ id }) => id))];

/** Cases a property, by group: of what a user has half or less, since a mutant that lives costs all of them. */
const RUNS: Readonly<Record<string, number>> = { host: 150, tfjs: 40, fused: 150 };
const SEED = 20_240_229;

/** Why a backend fails a property, if it does. */
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
