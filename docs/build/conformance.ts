/**
 * Verifies the backends of this package and keeps how many properties of each stage passed, for the first page of
 * the site and for the README: `npm run conformance`, then `npm run docs:pages`. The backend in PyTorch is verified through its protocol, with the
 * Python that `CRL_PYTORCH_PYTHON` names (default: `python3`), which needs torch.
 *
 * Only engines that every machine can install are asked, so that two machines keep the same file.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Report } from '../../properties/report.js';
import type { Stage } from '../../spec/index.js';
import { plainTargets } from '../../src/cli/targets.js';
import { writeWhole } from '../../src/support/write-whole.js';
import { CONFORMANCE_FILE, type ConformanceTarget, type StageVerdict } from './site/conformance.js';

const top = resolve(import.meta.dirname, '../..');
const RUNS = 10;
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

/** What is verified, as options of `crl verify`. */
function targets(): string[][] {
  const python = process.env.CRL_PYTORCH_PYTHON ?? 'python3';
  return [
    ...plainTargets().map(({ backend, engine }) => [
      '--backend',
      backend,
      ...(engine === undefined ? [] : ['--engine', engine]),
    ]),
    ['--backend', 'jax-js', '--engine', 'jax-wasm'],
    ['--command', `${python} -m class_rectification.serve`],
  ];
}

/** @throws Error - if it could not be verified here: a matrix without it would not say so */
function verified(words: readonly string[]): Report {
  const { stdout, status } = spawnSync(
    process.execPath,
    ['dist/src/cli/crl.js', 'verify', ...words, '--json', '--runs', `${RUNS}`, '--seed', `${SEED}`],
    {
      cwd: top,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PYTHONPATH: resolve(top, 'backends/pytorch/src') },
    },
  );
  if (status === 2) throw new Error(`crl verify ${words.join(' ')} could not run here; see above`);
  return JSON.parse(stdout) as Report;
}

if (process.argv[1]?.endsWith('conformance.ts')) {
  const reports = targets().map(verified);
  const version = reports[0]?.versions['class-rectification'];
  const kept = { runs: RUNS, seed: SEED, version, targets: reports.map(targetOf) };
  writeWhole(CONFORMANCE_FILE, `${JSON.stringify(kept, null, 1)}\n`);
}
