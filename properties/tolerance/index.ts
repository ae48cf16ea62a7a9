/**
 * How far a right answer may lie from the specification's. Every interval of the suite is derived here,
 * from the backend's arithmetic and the number of operations; there is no global epsilon.
 *
 * | file | what it derives |
 * |---|---|
 * | `rounding.ts` | the unit roundoff, sums, underflow, and two answers that each round on their own |
 * | `rectification.ts` | L_crl and its gradient, with the kinks of the three comparisons |
 * | `cross-entropy.ts` | L_ce of probabilities and its gradient |
 * | `balanced.ts` | L = α·L_crl + (1−α)·L_ce and its gradients, with sample weights too |
 * | `weights.ts` | how sample weights enter |
 * | `logits.ts` | the whole walk from logits, where a softmax or sigmoid rounds first |
 * | `differences.ts` | a central finite difference |
 *
 * Allowances are absolute: half the width of the interval around the specification's value.
 *
 * @module
 */
export * from './balanced.js';
export * from './cross-entropy.js';
export * from './differences.js';
export * from './logits.js';
export * from './rectification.js';
export * from './rounding.js';
