/**
 * Pieces of configs, laid over each other.
 *
 * @module
 */
import type { Changes } from './plan.js';

/** A config with one value replaced, by its path. */
export function withValue(changes: Changes, path: string, value: number): Changes {
  const [name, ...rest] = path.split('.') as [string, ...string[]];
  const inner = changes[name];
  return {
    ...changes,
    [name]: rest.length === 0 ? value : withValue(Object(inner) as Changes, rest.join('.'), value),
  };
}

/** A name for some changes of one study: the same for the same changes, in whatever order they are written. */
export function keyOf(changes: Changes): string {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => Number(a > b) - Number(a < b))
            .map(([name, its]) => [name, sorted(its)]),
        )
      : value;
  return JSON.stringify(sorted(changes));
}
