/**
 * Changes to a config: how they are made, and how they are named.
 *
 * @module
 */
import type { Changes } from './plan.js';

/** The changes with the value at a path replaced. */
export function withValue(changes: Changes, path: string, value: number): Changes {
  const [name, ...rest] = path.split('.') as [string, ...string[]];
  const inner = changes[name];
  return {
    ...changes,
    [name]: rest.length === 0 ? value : withValue(Object(inner) as Changes, rest.join('.'), value),
  };
}

/** A key for changes within a study; the order in which they are written does not matter. */
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
