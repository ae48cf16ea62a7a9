/**
 * How much memory a judging process may take.
 *
 * @module
 */

/** The most memory that a process may take by default, in MiB: many times what any property needs. */
export const DEFAULT_MEMORY = 4096;
/** Less than this holds no backend of tfjs, in MiB. */
export const LEAST_MEMORY = 256;

/**
 * How much memory is given to new objects before they are looked at for garbage, in MiB. Cases are thrown away by
 * the thousand: with more of it than Node gives by default they are rarely looked at twice.
 *
 * @param memory - the most memory that the process may take, in MiB
 */
export function semiSpace(memory: number): number {
  return Math.min(64, Math.max(16, Math.floor(memory / 64)));
}
