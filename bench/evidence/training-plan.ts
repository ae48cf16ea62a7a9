/**
 * How many trainings a study takes, before it is run.
 *
 * @module
 */
import { mean } from '../../src/support/interval.js';
import { keyOf } from './changes.js';
import { choose } from './choose.js';
import { BATCHES, begun, type Changes, methodsOf, type Study, SWEEP_SEEDS } from './plan.js';
import type { StudyResults } from './results.js';
import { METHODS_OF_BATCHES, validationScore } from './runs.js';

/** The trainings of a study. */
export interface TrainingPlan {
  /** Those whose results are there. Some may be of settings that nothing needs any more. */
  readonly finished: number;
  /** Those that are missing if no grid grows further, and each sweep chooses its first value. */
  readonly left: number;
  /** Those that are missing if every grid grows to its end on its longer side. */
  readonly atMost: number;
  /** The mean time of the finished ones; NaN if there is none. */
  readonly secondsEach: number;
}

/** Counts the trainings of a study from its plan and its finished runs; trains nothing. */
export async function planOf(
  study: Study,
  results: StudyResults,
  seeds: readonly number[],
): Promise<TrainingPlan> {
  const missing = new Set<string>();
  const need = (changes: Changes, seed: number) => {
    const run = results.find(changes, seed);
    if (!run) missing.add(`${keyOf(changes)} ${seed}`);
    return run;
  };
  let growth = 0;
  const chosen = new Map<string, Changes>();
  for (const method of methodsOf(study)) {
    const before = missing.size;
    const { changes, tried } = await choose(begun(method, chosen), async (given, seed) => {
      const run = need(given, seed);
      return run ? validationScore(study, run) : null;
    });
    chosen.set(method.name, changes);
    const swept = missing.size === before;
    for (const seed of seeds) need(changes, seed);
    if (swept) continue; // its grids have grown as far as they do
    for (const { path, beyond: { below = [], above = [] } = {} } of method.axes) {
      const own = new Set(tried.filter((each) => each.path === path).map(({ value }) => value));
      const more = (side: readonly number[]) => side.filter((value) => !own.has(value)).length;
      growth += Math.max(more(below), more(above)) * SWEEP_SEEDS.length;
    }
  }
  if (study.batches)
    for (const { changes } of BATCHES)
      for (const method of METHODS_OF_BATCHES)
        for (const seed of seeds) need({ ...chosen.get(method), ...changes }, seed);
  return {
    finished: results.runs.length,
    left: missing.size,
    atMost: missing.size + growth,
    secondsEach: mean(results.runs.map(({ seconds }) => seconds)),
  };
}
