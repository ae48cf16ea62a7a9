/**
 * `crl verify --soak MINUTES`: ever new seeds, until the time is up.
 *
 * @module
 */

import {
  makeReport,
  type PropertyReport,
  planSuite,
  type Report,
  replayCommand,
} from '../../properties/index.js';
import { STAGES } from '../../spec/index.js';
import { startProgress } from '../support/progress.js';
import { type SoakedTarget, type SoakState, type SoakTarget, soak } from '../verify/soak.js';
import { findBackend } from './backends.js';
import type { Target } from './targets.js';

/** What a soak is asked for. */
export interface SoakChoices {
  readonly minutes: number;
  readonly file: string;
  readonly seed?: number | undefined;
  readonly timeout?: number | undefined;
}

/** Soaks some targets; what was found stands in the file, and is reported over all that it holds. */
export async function soakTargets(targets: readonly Target[], choices: SoakChoices): Promise<Report[]> {
  const { minutes, file, seed, timeout } = choices;
  const found = await Promise.all(
    targets.map(async (target): Promise<SoakTarget> => {
      return { ...target, module: await findBackend(target.backend, timeout) };
    }),
  );
  const bar = startProgress(`Soaking for ${minutes} min, into ${file}`, Math.ceil(minutes * 60));
  const began = performance.now();
  let shown = 0;
  const state = await soak(found, {
    minutes,
    file,
    ...(seed === undefined ? {} : { seed }),
    ...(timeout === undefined ? {} : { timeout }),
    onProgress: ({ cases, failures }, where) => {
      const seconds = Math.floor((performance.now() - began) / 1000);
      bar.advance(`${where}; ${cases} cases, ${failures} failed`, seconds - shown);
      shown = seconds;
    },
  });
  bar.stop(
    `Soaked ${state.minutes.toFixed(1)} min in all: ${state.cases} cases, ${state.failures} failed, in ${file}`,
  );
  return soakReports(state);
}

/** What a soak found as reports: a property that failed in some round has failed. */
export function soakReports(state: SoakState): Report[] {
  return state.targets.map((target) => {
    const head = {
      seed: state.seed,
      runs: state.runs,
      backend: target.backend,
      engine: target.engine,
      adapter: target.adapter,
      versions: state.versions,
      started: state.started,
      milliseconds: Math.round(state.minutes * 60_000),
    };
    return makeReport(
      head,
      planSuite().properties.map((property) => verdictOf(property, target, state)),
      STAGES,
    );
  });
}

function verdictOf(
  {
    id,
    stage,
    source,
    claim,
    required,
  }: Pick<PropertyReport, 'id' | 'stage' | 'source' | 'claim' | 'required'>,
  target: SoakedTarget,
  { runs, seed }: SoakState,
): PropertyReport {
  const { backend, engine, casesByProperty, disagreements, unavailable } = target;
  const failure = disagreements.find((report) => report.id === id);
  const cases = casesByProperty[id] ?? 0;
  if (failure) return { ...failure, cases };
  const replay = replayCommand({ backend, engine: engine ?? undefined }, id, runs, seed);
  const common = { id, stage, source, claim, cases, milliseconds: 0, replay };
  if (unavailable !== undefined) return { ...common, required, verdict: 'unavailable', reason: unavailable };
  if (cases > 0) return { ...common, required, verdict: 'passed' };
  const reason = 'no case ran: it cannot be asked of this backend, or the time was too short';
  return { ...common, required: false, verdict: 'skipped', reason };
}
