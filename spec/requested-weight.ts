/**
 * The weight of L_crl that a caller asks for: α directly, or η·Ω of the training set (Eq. 8).
 *
 * @module
 */
import { InputTypeError, outOfRange } from './errors.js';
import { type Imbalance, imbalance, rectificationWeight } from './imbalance.js';

/** Where α comes from, as a loss takes it. `Alpha` is a number, or whatever else a loss takes for one. */
export interface WeightRequest<Alpha = number> {
  readonly alpha?: Alpha | undefined;
  /** η ≥ 0. */
  readonly eta?: number | undefined;
  /** How Ω is measured, or Ω itself. */
  readonly imbalance?: Imbalance | undefined;
}

/** α as it was given; or η·Ω, with the Ω that it was computed from. */
export type RequestedWeight<Alpha = number> =
  | { readonly alpha: Alpha; readonly omega?: never }
  | { readonly alpha: number; readonly omega: number };

/**
 * The weight that was asked for.
 *
 * @param trainingLabels - the option that the counts are read from; undefined if it was not given
 * @param counts - h_k of each attribute; called only where Ω is measured
 * @param defaults - of η and the measure. Default: those of the paper
 * @throws InputTypeError, InputRangeError - also without α and training labels, and for options that have no effect
 * beside α: no option is silently ignored
 * @example
 * ```ts
 * import { requestedWeight } from 'class-rectification/spec';
 * requestedWeight({ eta: 0.2 }, [0, 0, 0, 1], () => [[3, 1]]).alpha.toFixed(4); // → '0.0667'
 * ```
 */
export function requestedWeight<Alpha = number>(
  { alpha, eta, imbalance: measure }: WeightRequest<Alpha>,
  trainingLabels: unknown,
  counts: () => readonly (readonly number[])[],
  defaults: { readonly eta?: number; readonly imbalance?: Imbalance } = {},
): RequestedWeight<Alpha> {
  if (alpha !== undefined) {
    for (const [name, value] of Object.entries({ eta, imbalance: measure, trainingLabels })) {
      if (value !== undefined)
        outOfRange('option-unknown', `options.${name}`, 'no value where alpha is given', value);
    }
    return { alpha };
  }
  if (trainingLabels === undefined && typeof measure !== 'number') {
    throw new InputTypeError({
      code: 'wrong-type',
      where: 'options',
      expected: 'trainingLabels (for α = η·Ω) or alpha',
      got: 'neither',
    });
  }
  const omega = imbalance(trainingLabels === undefined ? [] : counts(), measure ?? defaults.imbalance);
  return { alpha: rectificationWeight(omega, eta ?? defaults.eta), omega };
}
