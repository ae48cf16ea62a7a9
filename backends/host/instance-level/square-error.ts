/**
 * How far a squared distance found in float32 may be off, and so which samples may be among the κ nearest
 * or farthest.
 *
 * Let u = 2⁻²⁴, x̂ the float32 of a feature x, and D = ‖a − b‖ the distance as the specification rounds it.
 * S̃, the approximation of D², has three errors:
 *
 * - Features are rounded. ‖x̂ − x‖ is at most r for every sample, where r is measured (it is 0 where
 *   features are float32), so that D and ‖â − b̂‖ differ by at most 2r.
 * - Each square has three roundings (that of the difference, which counts twice, and that of the product),
 *   and takes part in at most d/4 + 2 additions: one of the four sums that run along the components, then
 *   two more. Altogether S̃ = ‖â − b̂‖²·(1 + θ) with |θ| ≤ γ for m = d/4 + 5, where γ = m·u / (1 − m·u).
 *   The root has half of that error.
 * - A product may underflow, and is then off by at most 2⁻¹⁵⁰. Differences and sums do not lose anything to
 *   underflow, since float32 has subnormal numbers. With the roundings that follow, this error is less than
 *   d·2⁻¹⁴⁹.
 *
 * With ρ = (d/4 + 16)·u and z = d·2⁻¹⁴⁸, both more than twice what is needed,
 *
 *     √max(S̃ − z, 0)·(1 − ρ) − 2r  ≤  D  ≤  √(S̃ + z)·(1 + ρ) + 2r.
 *
 * The excess covers the errors of float64: the roundings of D, which are (d + 4)·2⁻⁵³ of it, those of this
 * file and of r, and underflow, below √d·2⁻⁵³⁷.
 *
 * Let T be the κ-th smallest S̃ of all candidates. Those κ have D ≤ H, the upper bound that belongs to T,
 * so that a sample with D above H is not among the κ nearest, nor tied with one of them. Its D is above H
 * if its lower bound is, and that holds if S̃ > ((H + 2r)/(1 − ρ))² + z. The farthest are bounded in the
 * same way.
 *
 * @module
 */

const UNIT = 2 ** -24;
/** Beyond these limits γ is not small, or a sum of squares may overflow. */
const WIDEST = 2 ** 20;
const LARGEST = 2 ** 62;

/** Whether the bounds above hold for d features of at most this magnitude. */
export function canApproximate(width: number, largest: number): boolean {
  return width <= WIDEST && largest * Math.sqrt(width) < LARGEST;
}

/** The error bounds of squared distances between rows of d features. */
export class SquareError {
  private readonly relative: number;
  private readonly absolute: number;
  private readonly apart: number;

  /** @param rounding - r, the largest distance of a row from its float32 */
  constructor(width: number, rounding: number) {
    this.relative = (width / 4 + 16) * UNIT;
    this.absolute = width * 2 ** -148;
    this.apart = 2 * rounding;
  }

  /**
   * The largest square of a sample that may be among the κ nearest, given that κ samples have at most this
   * square.
   */
  nearest(square: number): number {
    const bound = Math.sqrt(square + this.absolute) * (1 + this.relative) + this.apart;
    return ((bound + this.apart) / (1 - this.relative)) ** 2 + this.absolute;
  }

  /**
   * The least square of a sample that may be among the κ farthest, given that κ samples have at least this
   * square.
   */
  farthest(square: number): number {
    const bound = Math.sqrt(Math.max(square - this.absolute, 0)) * (1 - this.relative) - this.apart;
    return Math.max((bound - this.apart) / (1 + this.relative), 0) ** 2 - this.absolute;
  }
}
