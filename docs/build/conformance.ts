/**
 * Verifies all backends of this package and keeps how many properties of each stage passed, for the first page
 * of the site: `npm run conformance`, after a build.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Report } from '../../properties/report.js';
import type { Stage } from '../../spec/index.js';
import { writeWhole } from '../../src/support/write-whole.js';
import { CONFORMANCE_FILE, type ConformanceTarget, type StageVerdict } from './site/conformance.js';

const top = resolve(import.meta.dirname, '../..');
const RUNS = 60;
const SEED = 1;

/** The verdicts of a report, counted per stage. */
export function targetOf({ backend, engine, properties }: Report): ConformanceTarget {
  const verdicts: Partial<Record<Stage, StageVerdict>> = {};
  for (const { stage, verdict } of properties) {
    const { passed, failed, skipped } = verdicts[stage] ?? { passed: 0, failed: 0, skipped: 0 };
    verdicts[stage] = {
      passed: passed + Number(verdict === 'passed'),
      failed: failed + Number(verdict === 'failed'),
      skipped: skipped + Number(verdict === 'skipped'),
    };
  }
  return { backend, ...(engine === null ? {} : { engine }), verdicts };
}

if (process.argv[1]?.endsWith('conformance.ts')) {
  const words = ['dist/src/cli/crl.js', 'verify', '--json', '--runs', `${RUNS}`, '--seed', `${SEED}`];
  const { stdout } = spawnSync(process.execPath, words, {
    cwd: top,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const reports = JSON.parse(stdout) as Report[];
  const version = reports[0]?.versions['class-rectification'];
  // an engine that is not available here has no verdict
  const judged = reports.filter(({ properties }) => properties.some(({ verdict }) => verdict === 'passed'));
  const targets = judged.map(targetOf);
  writeWhole(CONFORMANCE_FILE, `${JSON.stringify({ runs: RUNS, seed: SEED, version, targets }, null, 1)}\n`);
}
