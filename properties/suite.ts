/**
 * The suite: all properties, run against one backend, with a verdict for each.
 *
 * @module
 */

import type { Backend, Stage } from '../spec/index.js';
import { STAGES } from '../spec/index.js';
import { type Afresh, judge } from './judge.js';
import { agreement } from './of-backends/agreement.js';
import { onOddities } from './of-backends/agreement-on-oddities.js';
import { gradient } from './of-backends/gradient.js';
import { invariants } from './of-backends/invariants.js';
import { mostlyRight } from './of-backends/mostly-right.js';
import { robustness } from './of-backends/robustness/index.js';
import { symmetry } from './of-backends/symmetry.js';
import type { Property, Subject, TrainingLoss } from './property.js';
import { readToken } from './replay.js';
import { type KnownFailure, makeReport, type PropertyReport, type Report } from './report.js';

/** All properties, in the order of the stages. */
export const properties: readonly Property[] = [
  ...agreement,
  ...mostlyRight,
  ...onOddities,
  ...invariants,
  ...symmetry,
  ...gradient,
  ...robustness,
].sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));

/** Cases a property runs by default. */
export const DEFAULT_RUNS = 300;

/** Which properties to run, and how. */
export interface SuiteChoices {
  /** Cases a property, a whole number ≥ 1; properties of scale run a part of them. Default 300. */
  readonly runs?: number;
  /** A 32-bit integer. Default: drawn, and in the report. */
  readonly seed?: number;
  /** Only these properties, by id. */
  readonly only?: readonly string[];
  /** Only properties of these stages. */
  readonly stages?: readonly Stage[];
  /** Only the case that a counterexample's token names: it goes before `runs`, `seed`, `only` and `stages`. */
  readonly replay?: string;
  readonly known?: readonly KnownFailure[];
}

/** How to run the suite. */
export interface SuiteOptions extends SuiteChoices {
  /** The backend through the training adapter; without it training is reported as skipped. */
  readonly train?: TrainingLoss;
  /**
   * Makes the backend anew, and lets go of it: whether a counterexample fails by itself is asked of one that
   * has answered nothing yet. Default: of the one that is judged.
   */
  readonly afresh?: Afresh;
  /** What to give `crl verify` to get this backend again. Default: its name. */
  readonly replayAs?: string;
  /** For the report. Default: none. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Called as each property ends. */
  readonly onProgress?: (done: PropertyReport, completed: number, total: number) => void;
}

/** What is to run, complete and valid. */
export interface SuitePlan {
  readonly properties: readonly Property[];
  readonly runs: number;
  readonly seed: number;
  readonly path?: string;
  readonly known: readonly KnownFailure[];
  readonly stale: readonly string[];
}

/**
 * What some choices ask for.
 *
 * @throws RangeError - if one is out of range, or names a property or stage that there is not
 */
export function planSuite(
  choices: SuiteChoices = {},
  of: { name?: string; engine?: string } = {},
): SuitePlan {
  const token = choices.replay === undefined ? undefined : readToken(choices.replay);
  const { runs = DEFAULT_RUNS, known = [], stages = STAGES } = choices;
  const seed = token?.seed ?? choices.seed ?? (Math.random() * 2 ** 31) | 0;
  const only = token ? [token.id] : choices.only;
  if (!Number.isSafeInteger(runs) || runs < 1)
    throw new RangeError(`runs: expected an integer ≥ 1, got ${runs}`);
  if (!Number.isInteger(seed) || seed !== (seed | 0))
    throw new RangeError(`seed: expected a 32-bit integer, got ${seed}`);
  const ids = properties.map(({ id }) => id);
  checkNames('only: expected ids', ids, only ?? []);
  checkNames('stages: expected stages', STAGES, stages);
  const asked = properties.filter(
    ({ id, stage }) => (only?.includes(id) ?? true) && (token !== undefined || stages.includes(stage)),
  );
  if (asked.length === 0) {
    throw new RangeError(
      `only and stages: expected a property of these stages, got ${only?.join(', ')} and ${stages.join(', ')}`,
    );
  }
  return {
    properties: asked,
    runs,
    seed,
    ...(token ? { path: token.path } : {}),
    known: known.filter(
      ({ backend = of.name, engine = of.engine }) => backend === of.name && engine === of.engine,
    ),
    stale: known.map(({ id }) => id).filter((id) => !ids.includes(id)),
  };
}

/**
 * Runs the properties against a backend.
 *
 * @throws RangeError - if an option is out of range, or names a property or stage that there is not
 * @example
 * ```ts
 * import { runSuite } from 'class-rectification/properties';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * const report = await runSuite(referenceBackend(), { runs: 5, seed: 1, only: ['minority-agrees'] });
 * report.properties[0].verdict; // → 'passed'
 * ```
 */
export async function runSuite(backend: Backend, options: SuiteOptions = {}): Promise<Report> {
  const { properties: asked, runs, seed, stale, ...plan } = planSuite(options, backend);
  const began = performance.now();
  const started = new Date().toISOString();
  const subject: Subject = options.train ? { backend, train: options.train } : { backend };
  const replay = { backend: options.replayAs ?? backend.name, engine: backend.engine };
  const afresh = options.afresh ? { afresh: options.afresh } : {};
  const reports: PropertyReport[] = [];
  for (const property of asked) {
    const report = await judge(property, subject, { runs, seed, replay, ...plan, ...afresh });
    reports.push(report);
    options.onProgress?.(report, reports.length, asked.length);
  }
  const head = {
    seed,
    runs,
    backend: backend.name,
    engine: backend.engine ?? null,
    adapter: backend.adapter ?? null,
    versions: options.versions ?? {},
    started,
    milliseconds: Math.round(performance.now() - began),
  };
  return makeReport(head, reports, STAGES, stale);
}

function checkNames(expected: string, known: readonly string[], names: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new RangeError(`${expected} among ${known.join(', ')}; got ${unknown.join(', ')}`);
}
