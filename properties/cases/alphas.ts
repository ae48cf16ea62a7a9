/**
 * α as people train.
 *
 * @module
 */

/** With the default η most α are below 0.01; 8.5e-6 is that of the article, and a schedule may begin near 1. */
export const TRAINED_ALPHAS: readonly number[] = [0.0086, 8.5e-6, 1 / 3, 0.999, 0.9914];

/** An α from 1 down to 1e-8, as the first steps of a warm-up have; all orders of magnitude alike. */
export function logUniformAlpha(share: number): number {
  return 10 ** (-8 * share);
}
