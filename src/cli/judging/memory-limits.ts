/**
 * How much memory a judging process may take.
 *
 * @module
 */

/** The most memory that a process may take by default, in MiB: many times what any property needs. */
export const DEFAULT_MEMORY = 4096;
/** Less than this holds no backend of tfjs, in MiB. */
export const LEAST_MEMORY = 256;
