/**
 * How many trainings a study takes, before it is run.
 *
 * @module
 */
import { mean } from '../../src/support/interval.js';
import { BATCHES } from './batches.js';
import { keyOf } from './changes.js';
import { choose } from './choose.js';
import { begun, METHODS_OF_BATCHES, methodsOf } from './methods.js';
import { type Changes, laterSeeds, type Study, SWEEP_SEEDS } from './plan.js';
import type { StudyResults } from './results.js';
import { validationScore } from './runs.js';

/** The trainings of a study. */
export interface TrainingPlan {
  /** Those whose results are there. Some may be of settings that nothing needs any more. */
  readonly finished: number;
  /** Those that are missing if no grid grows further, and each sweep chooses its first value. */
  readonly left: number;
  /** Those that are missing if every grid grows to its end on its longer side. */
  readonly atMost: number;
  /** Of those that are left, the trainings of the second look that is due, and the names of its methods. */
  readonly secondLook: { readonly left: number; readonly methods: readonly string[] };
  /** The mean time of the finished ones; the study's estimate if there is none. */
  readonly secondsEach: number;
}

/**
 * Counts the trainings of a study from its plan and its finished runs; trains nothing.
 *
 * @param due - the methods of the second look that is due. Default: none
 */
export async function planOf(
  study: Study,
  results: StudyResults,
  seeds: readonly number[],
  due: readonly { readonly name: string; readonly changes: Changes }[] = [],
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
  const before = missing.size;
  for (const { changes } of due) for (const seed of laterSeeds(seeds)) need(changes, seed);
  const secondLook = { left: missing.size - before, methods: due.map(({ name }) => name) };
  return {
    secondLook,
    finished: results.runs.length,
    left: missing.size,
    atMost: missing.size + growth,
    secondsEach: results.runs.length > 0 ? mean(results.runs.map(({ seconds }) => seconds)) : study.seconds,
  };
}

/** A study, and its trainings. */
export interface StudyPlan extends TrainingPlan {
  readonly study: Study;
}

/** Hours of all studies, one training at a time. */
export function hoursOf(plans: readonly StudyPlan[]): Record<'finished' | 'left' | 'atMost', number> {
  const sum = (of: (plan: StudyPlan) => number) =>
    plans.reduce((total, plan) => total + (of(plan) * plan.secondsEach) / 3600, 0);
  return {
    finished: sum((plan) => plan.finished),
    left: sum((plan) => plan.left),
    atMost: sum((plan) => plan.atMost),
  };
}

/** The plan as text: a line per study, and one of them together. */
export function planInWords(plans: readonly StudyPlan[]): string {
  const time = (of: readonly StudyPlan[]) => {
    const { left, atMost } = hoursOf(of);
    return atMost > 0 ? `, ${left.toFixed(1)} to ${atMost.toFixed(1)} hours` : '';
  };
  const sum = (of: (plan: StudyPlan) => number) => plans.reduce((total, plan) => total + of(plan), 0);
  const lines = plans.map((plan) => {
    const { study, finished, left, atMost, secondLook } = plan;
    const look =
      secondLook.methods.length === 0
        ? ''
        : `; ${secondLook.left} of them are the second look at ${secondLook.methods.join('; ')}`;
    return `${study.id}: ${finished} trainings are finished; ${left} to ${atMost} are left${time([plan])}${look}`;
  });
  const all = `all: ${sum(({ finished }) => finished)} trainings are finished; ${sum(({ left }) => left)} to ${sum(({ atMost }) => atMost)} are left${time(plans)}, one at a time (two processes with their own --work and --only take half); second looks that are not due yet come on top`;
  return `${[...lines, all].join('\n')}\n`;
}
