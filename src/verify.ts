/**
 * `verify`: a backend judged by the property suite, through the training adapter too.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { loadEngine } from '../backends/tfjs/index.js';
import {
  makeReport,
  planSuite,
  type Report,
  replayCommand,
  runSuite,
  STAGES,
  type SuiteOptions,
  type TrainingLoss,
} from '../properties/index.js';
import type { Backend, BackendModule } from '../spec/index.js';
import { canTrain, throughTraining } from './training-loss.js';
import { versions } from './versions.js';

/** How to verify: the suite's options, and an engine for a factory. */
export interface VerifyOptions extends Omit<SuiteOptions, 'train' | 'versions'> {
  /** Handed to a factory. */
  readonly engine?: string;
}

/**
 * Verifies a backend: every property, several hundred cases each.
 *
 * @param module - a backend, or a function that makes one
 * @returns a report; `passed` is false if a required property ran no case. If the backend's engine is
 * not to be had here, every verdict is `unavailable` with the reason
 * @throws Error - if the factory fails otherwise, or what it made is no backend
 * @example
 * ```ts
 * import { verify } from 'class-rectification';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * (await verify(referenceBackend, { runs: 10, seed: 7 })).passed; // → true
 * ```
 */
export async function verify(module: BackendModule, options: VerifyOptions = {}): Promise<Report> {
  const { engine, ...suite } = options;
  let backend: Backend;
  try {
    backend = await makeBackend(module, engine);
  } catch (error) {
    if ((error as Error).name !== 'EngineUnavailableError') throw error;
    return unavailable(engine, (error as Error).message, suite);
  }
  try {
    return await runSuite(backend, {
      ...suite,
      versions: versions(),
      ...trainingOf(backend),
    });
  } finally {
    if (typeof module === 'function') await backend.dispose?.();
  }
}

/**
 * A backend, made if it has to be.
 *
 * @throws TypeError - if it is none
 * @throws RangeError - if it is on another engine than was asked for
 */
export async function makeBackend(module: BackendModule, engine?: string): Promise<Backend> {
  const backend =
    typeof module === 'function' ? await module(engine === undefined ? {} : { engine }) : module;
  checkBackend(backend);
  if (engine !== undefined && backend.engine !== engine) {
    throw new RangeError(
      `engine: expected a backend on ${engine}, got ${backend.name} on ${backend.engine ?? 'none'}`,
    );
  }
  return backend;
}

/** The backend through the training adapter, if it can train. */
export function trainingOf(backend: Backend): { readonly train?: TrainingLoss } {
  return canTrain(backend) ? { train: throughTraining(backend, () => makeCurrent(backend)) } : {};
}

/** A host backend trains on any engine: on the current one, or `cpu`. */
async function makeCurrent({ engine, supports }: Backend): Promise<void> {
  const wanted = supports.execution === 'tensor' ? engine : (tf.getBackend() ?? 'cpu');
  if (wanted !== undefined && tf.getBackend() !== wanted) await loadEngine(wanted);
}

function checkBackend(backend: unknown): asserts backend is Backend {
  const { name, supports } = (backend ?? {}) as Partial<Backend>;
  const lists = ['encodings', 'levels', 'comparisons'] as const;
  if (typeof name !== 'string')
    throw new TypeError(`expected a backend with a name (spec/contract.ts), got ${typeof backend}`);
  if (typeof supports !== 'object' || lists.some((key) => !Array.isArray(supports?.[key]))) {
    throw new TypeError(
      `backend ${name}: expected supports with encodings, levels and comparisons, got ${typeof supports}`,
    );
  }
}

/** Every property that was asked for, with why it could not run here. */
function unavailable(engine: string | undefined, reason: string, options: SuiteOptions): Report {
  const { properties, runs, seed, stale } = planSuite({ ...options, seed: options.seed ?? 0 });
  const backend = options.replayAs ?? 'backend';
  const head = {
    seed,
    runs,
    backend,
    engine: engine ?? null,
    adapter: null,
    versions: versions(),
    started: new Date().toISOString(),
    milliseconds: 0,
  };
  const reports = properties.map(({ id, stage, source, claim, required }) => ({
    id,
    stage,
    source,
    claim,
    required,
    verdict: 'unavailable' as const,
    reason,
    cases: 0,
    milliseconds: 0,
    replay: replayCommand({ backend, engine }, id, runs, seed),
  }));
  return makeReport(head, reports, STAGES, stale);
}
