/**
 * Runs a study; no run is done twice.
 *
 * @module
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Judged } from '../../src/train/compare.js';
import { readTrainConfig } from '../../src/train/config/config.js';
import type { Evaluation } from '../../src/train/evaluate.js';
import { FolderInUseError } from '../../src/train/folder-lock.js';
import { RunFolder } from '../../src/train/run-folder.js';
import { DivergedError, train } from '../../src/train/train.js';
import { BATCHES } from './batches.js';
import { choose } from './choose.js';
import { begun, METHODS_OF_BATCHES, methodsOf } from './methods.js';
import type { Changes, Method, Study } from './plan.js';
import type { EvidenceRun, StudyResults } from './results.js';

/** How a study is run. */
export interface RunStudyOptions {
  /** Folder of the run that is not finished. */
  readonly work: string;
  /** Seeds of the comparison on the test set. */
  readonly seeds: readonly number[];
  /** Only methods whose name contains one of these. Default: all. */
  readonly methods?: readonly string[];
  readonly onRun?: (what: string, run: EvidenceRun) => void;
}

/** Trains one run, unless it is in the results already. */
type Trainer = (what: string, changes: Changes, seed: number) => Promise<EvidenceRun>;

function trainer(
  study: Study,
  results: StudyResults,
  { work, onRun }: Pick<RunStudyOptions, 'work' | 'onRun'>,
): Trainer {
  return async (what, changes, seed) => {
    const before = results.find(changes, seed);
    if (before) return before;
    const files = await study.prepare?.(work, seed);
    const config = configOf(study, changes, files);
    const { run: done, counts } = await trainOnce(config, seed, join(work, study.id));
    results.add({ ...done, changes }, counts);
    const found = results.find(changes, seed) as EvidenceRun;
    onRun?.(`${study.id}: ${what}, seed ${seed}`, found);
    return found;
  };
}

/** Sweeps, then compares. Runs that are in the results already are not repeated. */
export async function runStudy(study: Study, results: StudyResults, options: RunStudyOptions): Promise<void> {
  const { seeds, methods } = options;
  const run = trainer(study, results, options);
  const chosen = new Map<string, Changes>();
  const all = methodsOf(study);
  const wanted = ({ name }: Pick<Method, 'name'>) => methods?.some((part) => name.includes(part)) ?? true;
  const begins = ({ name }: Method) => all.some((other) => other.after === name && wanted(other));
  for (const method of all.filter((one) => wanted(one) || begins(one))) {
    const { changes } = await choose(begun(method, chosen), async (tried, seed) =>
      validationScore(study, await run(method.name, tried, seed)),
    );
    chosen.set(method.name, changes);
    if (wanted(method)) for (const seed of seeds) await run(method.name, changes, seed);
  }
  if (!study.batches || methods) return;
  for (const { name, changes } of BATCHES)
    for (const method of METHODS_OF_BATCHES)
      for (const seed of seeds)
        await run(`${method}, batches of ${name}`, { ...chosen.get(method), ...changes }, seed);
}

/** Trains methods with further seeds, on the values that are chosen already. */
export async function runSeeds(
  study: Study,
  results: StudyResults,
  methods: readonly { readonly name: string; readonly changes: Changes }[],
  options: RunStudyOptions,
): Promise<void> {
  const run = trainer(study, results, options);
  for (const { name, changes } of methods) for (const seed of options.seeds) await run(name, changes, seed);
}

/**
 * The config of a run, but for its seed and its folder.
 *
 * @param files - the fields of `data` that name the images of its seed. Default: none
 */
export function configOf({ base }: Pick<Study, 'base'>, changes: Changes, files: object = {}): Changes {
  return { ...base, ...changes, data: { ...Object(base.data), ...Object(changes.data), ...files } };
}

type Done = { readonly run: Omit<EvidenceRun, 'changes'>; readonly counts: readonly number[] };

/** The score by which a value is chosen; null for a run that diverged. */
export function validationScore({ metric }: Study, { validation }: EvidenceRun): number | null {
  return validation?.[metric] ?? null;
}

async function trainOnce(given: Changes, seed: number, work: string): Promise<Done> {
  // there is one run at a time: the folder holds this run, interrupted, or another one, which is deleted
  const out = join(work, 'run');
  const config = readTrainConfig({ ...given, seed, out });
  const begin = performance.now();
  const attempt = () => train(config);
  try {
    const { validation, test, seconds } = await attempt().catch((error) => {
      if (error instanceof DivergedError || error instanceof FolderInUseError) throw error;
      // it is another run, which was interrupted
      rmSync(out, { recursive: true, force: true });
      return attempt();
    });
    const { counts } = new RunFolder(out).facts;
    return {
      run: { seed, seconds, validation: kept(validation), ...(test && { test: kept(test) }) },
      counts,
    };
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error;
    const seconds = (performance.now() - begin) / 1000;
    return {
      run: { seed, seconds, failure: error.message },
      counts: new RunFolder(out).facts.counts,
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function kept({ confusion: _, images: __, ...metrics }: Evaluation): Judged {
  return metrics;
}
