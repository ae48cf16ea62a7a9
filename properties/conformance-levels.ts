/**
 * The names of the levels of conformance, for code that must not load the suite.
 *
 * @module
 */

/** The levels of conformance. */
export const CONFORMANCE_LEVELS = ['core', 'full', 'training', 'scale'] as const;

/** One of {@link CONFORMANCE_LEVELS}. */
export type ConformanceLevel = (typeof CONFORMANCE_LEVELS)[number];
