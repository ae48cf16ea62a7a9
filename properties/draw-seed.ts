/**
 * The seed of a run that was given none.
 *
 * @module
 */

/** Draws a 32-bit integer ≥ 0, of which the report tells, so that the run can be repeated. */
export function drawSeed(): number {
  return (Math.random() * 2 ** 31) | 0;
}
