/**
 * `crl verify`: runs the property suite and prints the verdicts.
 *
 * @module
 */
import { properties, type Report } from '../../properties/index.js';
import { verify } from '../verify.js';
import { CouldNotRunError, findBackend, OWN_BACKENDS } from './backends.js';
import { startProgress } from './progress.js';
import { conformanceMatrix, counterexampleText, reportText } from './report-text.js';

/** The options of `crl verify`, parsed. */
export interface VerifyCommandOptions {
  readonly backend?: string;
  readonly engine?: string;
  readonly property?: readonly string[];
  readonly runs?: number;
  readonly seed?: number;
  readonly json?: boolean;
}

interface Target {
  readonly backend: string;
  readonly engine?: string;
}

/**
 * Verifies one backend, or all that come with this package.
 *
 * @returns the exit code: 0 passed, 1 failed
 * @throws CouldNotRunError - if what was asked for cannot run here (exit code 2)
 */
export async function verifyCommand(options: VerifyCommandOptions): Promise<number> {
  const targets = targetsOf(options);
  const reports = await verifyTargets(targets, options);
  const absent = reports.find(isUnavailable);
  if (absent && reports.every(isUnavailable)) {
    if (options.json) print(JSON.stringify(reports.length === 1 ? absent : reports, null, 2));
    throw new CouldNotRunError(absent.properties[0]?.reason ?? 'nothing to run');
  }
  if (options.json) print(JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2));
  else if (reports.length === 1) print(reportText(reports[0] as Report));
  else {
    print(conformanceMatrix(reports));
    for (const report of reports) print(counterexampleText(report));
  }
  return reports.every((report) => report.passed || isUnavailable(report)) ? 0 : 1;
}

/** Every backend and engine that comes with this package. */
export function allTargets(): Target[] {
  return Object.entries(OWN_BACKENDS).flatMap(([backend, { engines }]): Target[] =>
    engines.length === 0 ? [{ backend }] : engines.map((engine) => ({ backend, engine })),
  );
}

/** Verifies several backends, one after the other, under one progress bar. */
export async function verifyTargets(
  targets: readonly Target[],
  { runs, seed = (Math.random() * 2 ** 31) | 0, property }: VerifyCommandOptions,
): Promise<Report[]> {
  const asked = property?.length ?? properties.length;
  const bar = startProgress('Verifying', targets.length * asked);
  const reports: Report[] = [];
  for (const { backend, engine } of targets) {
    const where = engine === undefined ? backend : `${backend} on ${engine}`;
    const module = await findBackend(backend);
    const report = await verify(module, {
      seed,
      replayAs: backend,
      ...(runs === undefined ? {} : { runs }),
      ...(engine === undefined ? {} : { engine }),
      ...(property === undefined ? {} : { only: property }),
      onProgress: ({ id }) => bar.advance(`${where}: ${id}`),
    });
    reports.push(report);
  }
  const ran = reports.filter((report) => !isUnavailable(report)).length;
  bar.stop(`Verified ${ran} of ${targets.length} pairs of backend and engine, seed ${seed}`);
  return reports;
}

/** Whether nothing of a report could run on this machine. */
export function isUnavailable({ properties: found }: Report): boolean {
  return found.length > 0 && found.every(({ verdict }) => verdict === 'unavailable');
}

function targetsOf({ backend, engine }: VerifyCommandOptions): Target[] {
  if (backend === undefined && engine === undefined) return allTargets();
  const name = backend ?? 'tfjs';
  const engines = Object.hasOwn(OWN_BACKENDS, name) ? (OWN_BACKENDS[name]?.engines ?? []) : undefined;
  if (engine !== undefined) {
    if (engines && !engines.includes(engine)) {
      const known = engines.length === 0 ? 'no engine' : `one of ${engines.join(', ')}`;
      throw new CouldNotRunError(`engine ${engine}: expected ${known} for backend ${name}`);
    }
    return [{ backend: name, engine }];
  }
  if (engines && engines.length > 0) return engines.map((each) => ({ backend: name, engine: each }));
  return [{ backend: name }];
}

function print(text: string): void {
  if (text !== '') process.stdout.write(`${text}\n`);
}
