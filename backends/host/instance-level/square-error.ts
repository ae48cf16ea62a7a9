/**
 * How far a squared distance found in float32 may be off, and so which samples may be among the
 * nearest or farthest.
 *
 * Let u = 2⁻²⁴, x̂ the float32 of a feature x, and D = ‖a − b‖ the distance as the specification
 * rounds it. S̃, the approximation of D², has three errors:
 *
 * - Features are rounded. ‖x̂ − x‖ is at most r for every sample, which is measured (0 where features
 *   are float32), so that D and ‖â − b̂‖ differ by 2r at most.
 * - Each square has three roundings (of the difference, which counts twice, and of the product), and
 *   is in d/4 + 2 sums at most: one of four that run along the components, then two more. In all
 *   S̃ = ‖â − b̂‖²·(1 + θ) with |θ| ≤ γ of m = d/4 + 5, where γ = m·u / (1 − m·u); the root has half
 *   of that.
 * - A product may underflow, and is then off by 2⁻¹⁵⁰ at most; differences and sums are not, since
 *   float32 has subnormal numbers. With the roundings that follow that is less than d·2⁻¹⁴⁹.
 *
 * With ρ = (d/4 + 16)·u and z = d·2⁻¹⁴⁸, both twice what is needed and more,
 *
 *     √max(S̃ − z, 0)·(1 − ρ) − 2r  ≤  D  ≤  √(S̃ + z)·(1 + ρ) + 2r.
 *
 * What is spare covers float64: the roundings of D, (d + 4)·2⁻⁵³ of it, those of this file and of r,
 * and underflow, below √d·2⁻⁵³⁷.
 *
 * Of the S̃ of all candidates let T be the κ-th smallest. Those κ have D ≤ H, the upper bound of T,
 * so that a sample whose D is above H is not among the κ nearest, nor tied with one. Its D is above H
 * if its lower bound is, and that is so if S̃ > ((H + 2r)/(1 − ρ))² + z. Likewise for the farthest.
 *
 * @module
 */

const UNIT = 2 ** -24;
/** Beyond these γ is not small, or a sum of squares may overflow. */
const WIDEST = 2 ** 20;
const LARGEST = 2 ** 62;

/** Whether all that holds for d features of this size. */
export function canApproximate(width: number, largest: number): boolean {
  return width <= WIDEST && largest * Math.sqrt(width) < LARGEST;
}

/** The error of squared distances between rows of d features. */
export class SquareError {
  private readonly relative: number;
  private readonly absolute: number;
  private readonly apart: number;

  /** @param rounding - r: how far the float32 of a row is from the row, at most */
  constructor(width: number, rounding: number) {
    this.relative = (width / 4 + 16) * UNIT;
    this.absolute = width * 2 ** -148;
    this.apart = 2 * rounding;
  }

  /** What is above this is not among the κ nearest, if κ have at most this square. */
  nearest(square: number): number {
    const bound = Math.sqrt(square + this.absolute) * (1 + this.relative) + this.apart;
    return ((bound + this.apart) / (1 - this.relative)) ** 2 + this.absolute;
  }

  /** What is below this is not among the κ farthest, if κ have at least this square. */
  farthest(square: number): number {
    const bound = Math.sqrt(Math.max(square - this.absolute, 0)) * (1 - this.relative) - this.apart;
    return Math.max((bound - this.apart) / (1 + this.relative), 0) ** 2 - this.absolute;
  }
}
