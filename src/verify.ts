/**
 * `verify`: a backend judged by the property suite, through the training adapter too.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { loadEngine } from '../backends/tfjs/index.js';
import {
  DEFAULT_RUNS,
  properties,
  type Report,
  replayCommand,
  runSuite,
  type SuiteOptions,
} from '../properties/index.js';
import type { Backend, BackendModule } from '../spec/index.js';
import { canTrain, throughTraining } from './training-loss.js';

/** How to verify: the suite's options, and an engine for a factory. */
export interface VerifyOptions extends Omit<SuiteOptions, 'train'> {
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
    backend = typeof module === 'function' ? await module(engine === undefined ? {} : { engine }) : module;
  } catch (error) {
    if ((error as Error).name !== 'EngineUnavailableError') throw error;
    return unavailable(engine, (error as Error).message, suite);
  }
  checkBackend(backend);
  if (engine !== undefined && backend.engine !== engine) {
    throw new RangeError(
      `engine: expected a backend on ${engine}, got ${backend.name} on ${backend.engine ?? 'none'}`,
    );
  }
  try {
    return await runSuite(backend, {
      ...suite,
      ...(canTrain(backend) ? { train: throughTraining(backend, () => makeCurrent(backend)) } : {}),
    });
  } finally {
    if (typeof module === 'function') await backend.dispose?.();
  }
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

function unavailable(engine: string | undefined, reason: string, options: SuiteOptions): Report {
  const { only, replayAs = 'backend', runs = DEFAULT_RUNS, seed = 0 } = options;
  return {
    passed: false,
    seed,
    runs,
    backend: replayAs,
    engine: engine ?? null,
    properties: properties
      .filter(({ id }) => only === undefined || only.includes(id))
      .map(({ id, stage, source, claim, required }) => ({
        id,
        stage,
        source,
        claim,
        required,
        verdict: 'unavailable' as const,
        reason,
        cases: 0,
        milliseconds: 0,
        replay: replayCommand(replayAs, engine, id, runs, seed),
      })),
  };
}
