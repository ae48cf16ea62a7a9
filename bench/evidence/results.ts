/**
 * The file of a study, to which each run is written when it ends.
 *
 * @module
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EngineName } from '../../backends/tfjs/index.js';
import { versions } from '../../src/support/versions.js';
import { writeWhole } from '../../src/support/write-whole.js';
import type { Judged } from '../../src/train/compare.js';
import { keyOf } from './changes.js';
import type { Changes, Study } from './plan.js';

/** A run: its changes to the study's config, and its result, or why it failed. */
export interface EvidenceRun {
  readonly changes: Changes;
  readonly seed: number;
  readonly seconds: number;
  readonly validation?: Judged;
  readonly test?: Judged;
  readonly failure?: string;
}

interface StudyFile {
  readonly id: string;
  readonly command: string;
  readonly base: Changes;
  /** Training images per class. */
  readonly counts?: readonly number[];
  readonly machine: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly runs: readonly EvidenceRun[];
}

/**
 * The engine that the results in a folder were trained on; undefined where there are none.
 *
 * @throws Error - for results of several engines, which must not be compared
 */
export function engineOf(folder: string): EngineName | undefined {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const engines = new Set(
    files.map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as StudyFile).base.engine),
  );
  if (engines.size > 1)
    throw new Error(
      `${folder}: expected results of one engine, got ${[...engines].join(', ')}; move those of the other one away`,
    );
  return [...engines][0] as EngineName | undefined;
}

/** The results of one study, earlier and new ones. */
export class StudyResults {
  readonly #path: string;
  #file: StudyFile;
  readonly #runs = new Map<string, EvidenceRun>();

  /** @throws Error - if the file is of another base config, with whose runs new ones could not be compared */
  constructor(folder: string, study: Study) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, `${study.id}.json`);
    const machine = { processor: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length };
    const command = `npm run evidence -- --only ${study.id}`;
    const { id, base } = study;
    this.#file = { id, command, base, machine, versions: versions(), runs: [] };
    if (!existsSync(this.#path)) return;
    const before = JSON.parse(readFileSync(this.#path, 'utf8')) as StudyFile;
    if (!isDeepStrictEqual(before.base, base))
      throw new Error(
        `${this.#path}: expected runs of this study's config, got runs of another; move it away, or name another folder with --out`,
      );
    this.#file = before;
    for (const run of before.runs) this.#runs.set(nameOf(run), run);
  }

  get runs(): readonly EvidenceRun[] {
    return [...this.#runs.values()];
  }

  get counts(): readonly number[] {
    return this.#file.counts ?? [];
  }

  get machine(): StudyFile['machine'] {
    return this.#file.machine;
  }

  find(changes: Changes, seed: number): EvidenceRun | undefined {
    return this.#runs.get(nameOf({ changes, seed }));
  }

  add(run: EvidenceRun, counts: readonly number[]): void {
    // rounded as in the file, since a choice must not depend on digits that are not kept
    const kept = JSON.parse(JSON.stringify(run, rounded)) as EvidenceRun;
    this.#runs.set(nameOf(kept), kept);
    this.#file = { ...this.#file, counts, runs: this.runs };
    const { runs, ...head } = this.#file;
    // one line per run, so that a diff shows what a rerun changed
    const lines = runs.map((each) => JSON.stringify(each)).join(',\n');
    writeWhole(this.#path, `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "runs": [\n${lines}\n]}\n`);
  }
}

function nameOf({ changes, seed }: Pick<EvidenceRun, 'changes' | 'seed'>): string {
  return `${keyOf(changes)} ${seed}`;
}

/** Rounds to six digits, which is more than a test set of thousands of images can resolve. */
function rounded(name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) && name !== 'learningRate'
    ? Number(value.toPrecision(6))
    : value;
}
