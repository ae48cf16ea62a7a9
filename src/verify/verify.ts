/**
 * `verify`: a backend judged by the property suite, in training too.
 *
 * @module
 */

import {
  makeReport,
  planSuite,
  type Report,
  replayCommand,
  runPlan,
  type SuiteOptions,
  withProblem,
} from '../../properties/index.js';
import type { BackendModule } from '../../spec/index.js';
import { STAGES } from '../../spec/index.js';
import { versions } from '../support/versions.js';
import { openSession, type Session } from './session.js';
import { howOf, type VerifyChoices } from './verify-choices.js';

/** How to verify: the suite's options, a timeout, and an engine for a factory. */
export interface VerifyOptions extends VerifyChoices, Omit<SuiteOptions, 'train' | 'versions' | 'afresh'> {
  /** What a factory is given as `engine`. */
  readonly engine?: string;
}

/**
 * Verifies a backend: every property, with several hundred cases each.
 *
 * @param module - a backend, or a function that makes one
 * @returns a report; `passed` is false if a required property ran no case. If the backend's engine is
 * not available here, every verdict is `unavailable` with the reason. What a factory made is disposed
 * of; if that fails, the report has not passed and says so in `problems`
 * @throws BackendError - if the factory fails otherwise or does not settle in time, or what it made is
 * not a backend, declares an impossible capability, or is on another engine than asked for
 * @throws InputRangeError - if an option is out of range
 * @example
 * ```ts
 * import { verify } from 'class-rectification/verify';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * (await verify(referenceBackend, { runs: 10, seed: 7 })).passed; // → true
 * ```
 */
export async function verify(module: BackendModule, options: VerifyOptions = {}): Promise<Report> {
  const { engine, timeout, replayAs: as } = options;
  return verifyThrough(() => openSession(module, { engine, timeout, as }), options);
}

/** Verifies through a session, in this process or in another. */
export async function verifyThrough(open: () => Promise<Session>, options: VerifyOptions): Promise<Report> {
  planSuite(options); // a wrong choice is refused before anything is made
  let session: Session;
  try {
    session = await open();
  } catch (error) {
    if ((error as Error).name !== 'EngineUnavailableError') throw error;
    return unavailable(options.engine, (error as Error).message, options);
  }
  const plan = planSuite(options, session.backend);
  const judged = runPlan(plan, session.backend, ({ id }) => session.judge(id, howOf(plan)), {
    ...options,
    versions: { ...versions(), ...session.backend.versions },
  });
  await judged.catch(() => {}); // what was made is disposed of either way
  const problem = await session.close();
  return problem === undefined ? judged : withProblem(await judged, problem);
}

/** Every property that was asked for, with the reason why it could not run here. */
export function unavailable(engine: string | undefined, reason: string, options: SuiteOptions): Report {
  const { properties, runs, seed, stale, level } = planSuite({ ...options, seed: options.seed ?? 0 });
  const backend = options.replayAs ?? 'backend';
  const head = {
    seed,
    runs,
    backend,
    engine: engine ?? null,
    adapter: null,
    level,
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
    replay: replayCommand({ backend, engine, level }, id, runs, seed),
  }));
  return makeReport(head, reports, STAGES, stale);
}
