/**
 * Chooses the values of a method's options by the validation sets only.
 *
 * @module
 */
import { mean } from '../../src/support/interval.js';
import { withValue } from './changes.js';
import { type Axis, type Changes, type Method, SWEEP_SEEDS } from './plan.js';

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
  /** Paths of the axes whose chosen value is the smallest or the largest that was tried, and no end of the axis. */
  readonly atEdge: readonly string[];
}

/**
 * Chooses the values of a method, one axis after the other; the first of equal scores wins. The grid of an axis grows
 * while the best value is at its edge and the plan has a value beyond.
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
  const atEdge: string[] = [];
  for (const axis of method.axes) {
    const { path } = axis;
    const own: Tried[] = [];
    const score = async (value: number) => {
      const scores: (number | null)[] = [];
      for (const seed of SWEEP_SEEDS) scores.push(await scoreOf(withValue(changes, path, value), seed));
      own.push({ path, value, score: scores.includes(null) ? null : mean(scores as number[]) });
    };
    for (const value of axis.values) await score(value);
    for (let next = beyond(axis, own); next !== undefined; next = beyond(axis, own)) await score(next);
    const { value } = best(own);
    changes = withValue(changes, path, value);
    const isOutermost = value === lowest(own) || value === highest(own);
    if (isOutermost && !axis.ends?.includes(value)) atEdge.push(path);
    tried.push(...own);
  }
  return { changes, tried, atEdge };
}

/** The next value to try beyond the edge at which the best one is; undefined if it is inside, or there is none. */
function beyond(
  { beyond: { below = [], above = [] } = {} }: Axis,
  own: readonly Tried[],
): number | undefined {
  const { value } = best(own);
  if (value === lowest(own)) return below.find((next) => next < value);
  if (value === highest(own)) return above.find((next) => next > value);
  return undefined;
}

function best(own: readonly Tried[]): Tried {
  return own.reduce((a, b) => ((b.score ?? -1) > (a.score ?? -1) ? b : a));
}

function lowest(own: readonly Tried[]): number {
  return Math.min(...own.map(({ value }) => value));
}

function highest(own: readonly Tried[]): number {
  return Math.max(...own.map(({ value }) => value));
}
