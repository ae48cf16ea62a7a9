/**
 * Presets: the paper's reading and the article's.
 *
 * @module
 */
import type { Encoding } from './choices.js';
import { outOfRange } from './errors.js';
import { DEFAULT_ETA, type Imbalance } from './imbalance.js';
import { CLASS_MARGIN, type OptionsInput } from './options.js';

/** What a preset sets; the caller's own options override it. */
export interface Preset {
  readonly encoding: Encoding;
  /** Options that differ from the defaults of `resolveOptions`. */
  readonly options: OptionsInput;
  readonly imbalance: Imbalance;
  readonly eta: number;
}

/** The name of a preset. */
export type PresetName = 'paper' | 'article';

/**
 * The presets. `paper` is the default: every default of this specification. `article` is the article's
 * reading of multi-label data (ruling: one attribute), with its errors corrected. The article has class
 * level and the relative comparison only; with other choices the margin stays 0.5. Its measure of
 * imbalance, min/max, falls as imbalance grows; the preset uses `shortfall` instead, and `ratio` gives
 * the article's.
 */
export const presets: Readonly<Record<PresetName, Preset>> = {
  paper: { encoding: 'categorical', options: {}, imbalance: 'shortfall', eta: DEFAULT_ETA },
  article: {
    encoding: 'one-attribute',
    options: { rho: 0.5, kappa: 3, level: 'class', comparison: 'relative', margin: CLASS_MARGIN },
    imbalance: 'shortfall',
    eta: DEFAULT_ETA,
  },
};

/**
 * A preset by its name.
 *
 * @param name - default `paper`
 * @throws InputRangeError - if there is no preset of that name
 * @example
 * ```ts
 * import { readPreset } from 'class-rectification/spec';
 * readPreset('article').encoding; // → 'one-attribute'
 * readPreset().encoding; // → 'categorical'
 * ```
 */
export function readPreset(name: PresetName = 'paper'): Preset {
  if (typeof name !== 'string' || !Object.hasOwn(presets, name)) {
    outOfRange('option-out-of-range', 'preset', Object.keys(presets).join(' | '), name);
  }
  return presets[name];
}
