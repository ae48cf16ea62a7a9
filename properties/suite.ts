/**
 * The suite: all properties, run against one backend, with a verdict for each.
 *
 * @module
 */
import fc from 'fast-check';
import type { Backend, BatchDocument, Stage } from '../spec/index.js';
import { agreement } from './agreement.js';
import { type Case, caseDocument } from './arbitraries.js';
import { gradient } from './gradient.js';
import { invariants } from './invariants.js';
import { Disagreement, MOST_SHRINKS, type Property, type Subject, type TrainingLoss } from './property.js';
import { robustness } from './robustness/index.js';
import { symmetry } from './symmetry.js';

/** The five stages, in the order of the walk. */
export const STAGES: readonly Stage[] = [
  'selectMinority',
  'mineHardSamples',
  'formTriplets',
  'rectificationLoss',
  'balancedLoss',
];

/** All properties, in the order of the stages. */
export const properties: readonly Property[] = [
  ...agreement,
  ...invariants,
  ...symmetry,
  ...gradient,
  ...robustness,
].sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));

/** Cases a property runs by default. */
export const DEFAULT_RUNS = 300;

/**
 * - `passed`, `failed`: it ran.
 * - `skipped`: the backend declares that it cannot be asked; `reason` says why.
 * - `unavailable`: it could not run here.
 * - `known`: it failed, and is listed as a known failure.
 * - `unexpected-pass`: it is listed as a known failure, and passed.
 */
export type Verdict = 'passed' | 'failed' | 'skipped' | 'unavailable' | 'known' | 'unexpected-pass';

/** The smallest case found that a claim does not hold for. */
export interface Counterexample {
  /** What differs, in a sentence. */
  readonly message: string;
  /** The batch and options, as `crl explain` reads them. */
  readonly document: BatchDocument;
  readonly expected?: unknown;
  readonly got?: unknown;
  /** How often fast-check made it smaller. */
  readonly shrinks: number;
}

/** What became of one property. */
export interface PropertyReport {
  readonly id: string;
  readonly stage: Stage;
  /** Its equation or ruling. */
  readonly source: string;
  readonly claim: string;
  /** Whether it had to run for this backend to pass. */
  readonly required: boolean;
  readonly verdict: Verdict;
  readonly reason?: string;
  /** Cases run, the failing one included. */
  readonly cases: number;
  readonly milliseconds: number;
  readonly counterexample?: Counterexample;
  /** A command that runs this property with the same cases. */
  readonly replay: string;
}

/** What became of a backend. */
export interface Report {
  /** No property failed, none passed unexpectedly, and every required one ran. */
  readonly passed: boolean;
  readonly seed: number;
  /** Cases asked of each property. */
  readonly runs: number;
  readonly backend: string;
  /** The engine; null if the backend has but one way to compute. */
  readonly engine: string | null;
  readonly properties: readonly PropertyReport[];
}

/** A failure that is known: it is reported, and does not fail the suite. */
export interface KnownFailure {
  readonly id: string;
  readonly reason: string;
}

/** How to run the suite. */
export interface SuiteOptions {
  /** Cases a property, a whole number ≥ 1. Default 300. */
  readonly runs?: number;
  /** A 32-bit integer. Default: drawn, and in the report. */
  readonly seed?: number;
  /** Only these properties, by id. */
  readonly only?: readonly string[];
  readonly known?: readonly KnownFailure[];
  /** The backend through the training adapter; without it training is reported as skipped. */
  readonly train?: TrainingLoss;
  /** What to give `crl verify` to get this backend again. Default: its name. */
  readonly replayAs?: string;
  /** Called as each property ends. */
  readonly onProgress?: (done: PropertyReport, completed: number, total: number) => void;
}

/**
 * Runs the properties against a backend.
 *
 * @throws RangeError - if an option is out of range, or names a property that there is not
 * @example
 * ```ts
 * import { runSuite } from 'class-rectification/properties';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * const report = await runSuite(referenceBackend(), { runs: 5, seed: 1, only: ['minority-agrees'] });
 * report.properties[0].verdict; // → 'passed'
 * ```
 */
export async function runSuite(backend: Backend, options: SuiteOptions = {}): Promise<Report> {
  const { runs = DEFAULT_RUNS, seed = (Math.random() * 2 ** 31) | 0, only, known = [] } = options;
  if (!Number.isSafeInteger(runs) || runs < 1)
    throw new RangeError(`runs: expected an integer ≥ 1, got ${runs}`);
  if (!Number.isInteger(seed) || seed !== (seed | 0))
    throw new RangeError(`seed: expected a 32-bit integer, got ${seed}`);
  checkIds('only', only ?? []);
  checkIds(
    'known',
    known.map(({ id }) => id),
  );

  const subject: Subject = options.train ? { backend, train: options.train } : { backend };
  const asked = properties.filter(({ id }) => only === undefined || only.includes(id));
  const reports: PropertyReport[] = [];
  for (const property of asked) {
    const replay = replayCommand(options.replayAs ?? backend.name, backend.engine, property.id, runs, seed);
    const report = await judge(property, subject, runs, seed, known, replay);
    reports.push(report);
    options.onProgress?.(report, reports.length, asked.length);
  }
  return {
    passed:
      reports.some(({ cases }) => cases > 0) &&
      reports.every(({ verdict, required, cases }) => {
        return verdict !== 'failed' && verdict !== 'unexpected-pass' && (!required || cases > 0);
      }),
    seed,
    runs,
    backend: backend.name,
    engine: backend.engine ?? null,
    properties: reports,
  };
}

async function judge(
  property: Property,
  subject: Subject,
  runs: number,
  seed: number,
  known: readonly KnownFailure[],
  replay: string,
): Promise<PropertyReport> {
  const started = performance.now();
  const { id, stage, source, claim } = property;
  const missing = missingStage(subject.backend, stage);
  const inapplicable = property.inapplicable?.(subject);
  const report = (
    outcome: Pick<PropertyReport, 'verdict' | 'cases'> &
      Partial<Pick<PropertyReport, 'reason' | 'counterexample'>>,
  ): PropertyReport => ({
    id,
    stage,
    source,
    claim,
    // what a declared capability excludes is not asked of this backend; the loss of the whole walk always is
    required: property.required && missing?.declared !== true && inapplicable === undefined,
    ...outcome,
    milliseconds: Math.round(performance.now() - started),
    replay,
  });

  if (missing?.declared) return report({ verdict: 'skipped', reason: missing.reason, cases: 0 });
  if (missing) return report({ verdict: 'failed', reason: missing.reason, cases: 0 });
  for (const needed of ['encodings', 'levels', 'comparisons'] as const) {
    if (subject.backend.supports[needed].length > 0) continue;
    return report({
      verdict: 'skipped',
      reason: `the backend declares that it supports no ${needed}`,
      cases: 0,
    });
  }
  if (inapplicable !== undefined) return report({ verdict: 'skipped', reason: inapplicable, cases: 0 });

  const found = await fc.check(
    fc.asyncProperty(property.cases(subject.backend.supports), boundedCheck(property, subject)),
    { numRuns: property.runs?.(runs) ?? runs, seed },
  );
  const listed = known.find((k) => k.id === id);
  const cases = found.numRuns;
  if (!found.failed) {
    if (listed) return report({ verdict: 'unexpected-pass', reason: listed.reason, cases });
    return report({ verdict: 'passed', cases });
  }
  const counterexample = describe(found.counterexample?.[0], found.errorInstance, found.numShrinks);
  if (listed) return report({ verdict: 'known', reason: listed.reason, cases, counterexample });
  return report({ verdict: 'failed', reason: counterexample.message, cases, counterexample });
}

/** The check, which passes everything once enough smaller cases were tried: so shrinking comes to an end. */
function boundedCheck(
  { check, shrinks = MOST_SHRINKS }: Property,
  subject: Subject,
): (given: Case) => Promise<void> {
  let tries = -1; // none has failed yet
  return async (given) => {
    if (tries >= 0 && ++tries > shrinks) return;
    try {
      await check(subject, given);
    } catch (error) {
      tries = Math.max(tries, 0);
      throw error;
    }
  };
}

function describe(given: Case | null | undefined, error: unknown, shrinks: number): Counterexample {
  const message =
    error instanceof Error
      ? `${error.name === 'Disagreement' ? '' : `${error.name}: `}${error.message}`
      : String(error);
  const document = given
    ? caseDocument(given)
    : ({ attributes: [], labels: [], scores: [] } as BatchDocument);
  const differs = error instanceof Disagreement ? { expected: error.expected, got: error.got } : {};
  return { message, document, ...differs, shrinks };
}

function missingStage(backend: Backend, stage: Stage): { declared: boolean; reason: string } | undefined {
  if (stage === 'balancedLoss') {
    if (typeof backend.balancedLoss === 'function') return undefined;
    return {
      declared: false,
      reason: 'the backend has no balancedLoss, the one operation that it must have',
    };
  }
  const declared = backend.supports.missing?.[stage];
  if (typeof backend[stage] === 'function') return undefined;
  if (declared !== undefined) return { declared: true, reason: declared };
  return {
    declared: false,
    reason: `the backend has no ${stage} and does not declare it missing (supports.missing)`,
  };
}

function checkIds(where: string, ids: readonly string[]): void {
  const unknown = ids.filter((id) => !properties.some((property) => property.id === id));
  if (unknown.length === 0) return;
  throw new RangeError(
    `${where}: expected ids among ${properties.map(({ id }) => id).join(', ')}; got ${unknown.join(', ')}`,
  );
}

/** The command that runs a property again with the same cases. */
export function replayCommand(
  backend: string,
  engine: string | undefined,
  id: string,
  runs: number,
  seed: number,
): string {
  const on = engine === undefined ? '' : ` --engine ${engine}`;
  const name = /^[\w./@:+-]+$/.test(backend) ? backend : `'${backend.replaceAll("'", "'\\''")}'`;
  return `crl verify --backend ${name}${on} --property ${id} --runs ${runs} --seed ${seed}`;
}
