/**
 * The sizes at which the whole loss from logits is compared.
 *
 * @module
 */
import type { Size } from './batches.js';

/** From a small multi-hot batch to a thousand classes. */
export const SIZES: readonly Size[] = [
  { n: 32, classes: 28, kappa: 3, multiHot: true },
  { n: 256, classes: 28, kappa: 3, multiHot: true },
  { n: 1024, classes: 100, kappa: 25 },
  { n: 1024, classes: 1000, kappa: 5 },
  { n: 4096, classes: 1000, kappa: 25 },
];

/** A size in words. */
export function settingOf({ n, classes, kappa, multiHot }: Size): string {
  return `n ${n}, ${classes} ${multiHot ? 'labels, multi-hot' : 'classes'}, κ ${kappa}`;
}
