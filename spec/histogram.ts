/**
 * Histograms of pair distances, and where distances outside their range are clamped (Eq. 14, 15; ruling:
 * histogram).
 *
 * @module
 */
import type { Options } from './contract.js';

/** Where a distance falls: between node `bin` and the next, `share` of the way. */
export interface HistogramPlace {
  readonly bin: number;
  readonly share: number;
  /** Strictly outside [lo, hi]: clamped, with zero gradient. */
  readonly outside: boolean;
}

/**
 * The place of a distance among τ nodes (ruling: histogram): u = (d − lo)·(τ−1)/(hi − lo), its bin
 * floor(u), the last bin taking d = hi.
 *
 * @example
 * ```ts
 * import { histogramPlace } from 'class-rectification/spec';
 * histogramPlace(0.25, { bins: 5, range: [-1, 1] }); // → { bin: 2, share: 0.5, outside: false }
 * histogramPlace(1, { bins: 5, range: [-1, 1] }); // → { bin: 3, share: 1, outside: false }
 * ```
 */
export function histogramPlace(
  distance: number,
  { bins, range }: Pick<Options, 'bins' | 'range'>,
): HistogramPlace {
  const [lo, hi] = range;
  const clamped = Math.min(Math.max(distance, lo), hi);
  const place = ((clamped - lo) * (bins - 1)) / (hi - lo);
  const bin = Math.min(Math.floor(place), bins - 2);
  return { bin, share: place - bin, outside: distance < lo || distance > hi };
}

/**
 * The histogram of some pairs' distances (Eq. 14, 15): h_t = mean of max(0, 1 − |d − b_t|/Δ), so
 * that a distance is shared between the two nodes around it.
 *
 * @returns τ numbers that sum to 1
 */
export function histogram(distances: readonly number[], options: Pick<Options, 'bins' | 'range'>): number[] {
  const h = new Array<number>(options.bins).fill(0);
  for (const distance of distances) {
    const { bin, share } = histogramPlace(distance, options);
    h[bin] = (h[bin] as number) + (1 - share);
    h[bin + 1] = (h[bin + 1] as number) + share;
  }
  return h.map((sum) => sum / distances.length);
}
