/**
 * Chooses the values of a method's options by the validation sets only.
 *
 * @module
 */
import { mean } from '../../src/support/interval.js';
import { withValue } from './changes.js';
import { type Changes, type Method, SWEEP_SEEDS } from './plan.js';

/** One value that was tried. */
export interface Tried {
  readonly path: string;
  readonly value: number;
  /** Mean over the seeds of the sweep; null if a run diverged. */
  readonly score: number | null;
}

/** The chosen values, and all that were tried. */
export interface Chosen {
  readonly changes: Changes;
  readonly tried: readonly Tried[];
}

/**
 * Chooses the values of a method, one axis after the other; the first of equal scores wins.
 *
 * @param scoreOf - the score on the validation set of a seed; null for a run that diverged
 */
export async function choose(
  method: Method,
  scoreOf: (changes: Changes, seed: number) => Promise<number | null>,
): Promise<Chosen> {
  let changes = method.axes.reduce(
    (given, { path, values }) => withValue(given, path, values[0] as number),
    method.changes,
  );
  const tried: Tried[] = [];
  for (const { path, values } of method.axes) {
    const own: Tried[] = [];
    for (const value of values) {
      const scores: (number | null)[] = [];
      for (const seed of SWEEP_SEEDS) scores.push(await scoreOf(withValue(changes, path, value), seed));
      own.push({ path, value, score: scores.includes(null) ? null : mean(scores as number[]) });
    }
    const best = own.reduce((a, b) => ((b.score ?? -1) > (a.score ?? -1) ? b : a));
    changes = withValue(changes, path, best.value);
    tried.push(...own);
  }
  return { changes, tried };
}
