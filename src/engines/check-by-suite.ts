/**
 * What one case of the suite tells of an engine.
 *
 * @module
 */
import type { Report } from '../../properties/index.js';
import { isUnavailable } from '../verify/report/outcome.js';
import type { CheckAnswer } from './engine-state.js';

/** One case of one property: loading the engine is what takes the time. */
export const ONE_CASE = { only: ['balanced-agrees'], runs: 1, seed: 1 } as const;

/**
 * The state of an engine, from the report of {@link ONE_CASE}.
 *
 * @param packages - what the backend computes with: their versions are told
 */
export function stateOf(report: Report, packages: readonly string[] = []): CheckAnswer {
  const [property] = report.properties;
  if (isUnavailable(report)) {
    const reason = (property?.reason ?? '').replace(/^engine [^:]+: /, '');
    const [, command] = / get it with: (.*)$/.exec(reason) ?? [];
    return command === undefined ? { state: 'unavailable', reason } : { state: 'missing', reason: command };
  }
  const { adapter, versions } = report;
  const about = {
    device: adapter ?? 'processor',
    version: packages.map((name) => `${SHORT[name] ?? name} ${versions[name]}`).join(', '),
  };
  if (report.passed) return { state: 'works', ...about };
  return {
    state: 'broken',
    reason: property?.reason ?? 'it fails the suite: run crl verify on it',
    ...about,
  };
}

const SHORT: Readonly<Record<string, string>> = { '@tensorflow/tfjs-core': 'tfjs' };
