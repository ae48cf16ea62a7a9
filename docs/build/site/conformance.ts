/**
 * What `npm run conformance` found of this package's backends, for the site.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { STAGES, type Stage } from '../../../spec/index.js';

/** How many properties of a stage passed, failed and did not apply. */
export interface StageVerdict {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The verdicts of one backend on one engine. */
export interface ConformanceTarget {
  readonly backend: string;
  readonly engine?: string;
  readonly verdicts: Readonly<Partial<Record<Stage, StageVerdict>>>;
}

/** A run over all backends. */
export interface Conformance {
  readonly runs: number;
  readonly seed: number;
  readonly version: string;
  readonly stages: readonly Stage[];
  readonly targets: readonly ConformanceTarget[];
}

/** Where the run is kept. */
export const CONFORMANCE_FILE = resolve(import.meta.dirname, '../../results/conformance.json');

/** The run that is kept. */
export const conformance: Conformance = {
  stages: STAGES,
  ...JSON.parse(readFileSync(CONFORMANCE_FILE, 'utf8')),
};
