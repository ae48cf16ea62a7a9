/**
 * The exponential of float32 numbers up to 0. AssemblyScript, compiled by `npm run wasm`.
 *
 * For x ≤ 0 it guarantees:
 * - an error of less than 1 ulp, also among subnormal results; e^0 is exactly 1, and below −104 it is 0;
 * - that it is monotone: x ≤ y gives e^x ≤ e^y, so that ranks are kept;
 * - that equal numbers give equal results wherever they lie in memory, so that ties stay ties.
 *
 * functions.test.ts checks this. Only the fixed instructions of SIMD are used: the relaxed ones give other
 * results on other processors.
 *
 * With k the whole number nearest to x/ln 2, e^x = 2^k·e^r, where r = x − k·ln 2. ln 2 is split into LN2_HIGH,
 * whose products with k are exact, and LN2_LOW: r = high − low. e^r is 1 + (high + (r²·P(r) − low)), where P is
 * the polynomial of degree 4 that makes the largest relative error least.
 */

import { upperTwo } from './lanes';

const LOG2_E: f32 = <f32>Math.LOG2E;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -0.00021219444;
const P0: f32 = 0.49999994;
const P1: f32 = 0.166665211;
const P2: f32 = 0.041668389;
const P3: f32 = 0.00836874545;
const P4: f32 = 0.00138145394;

/** Below this e^x rounds to 0. */
const LEAST: f32 = -104;
/** From here on e^x is a normal number. */
const LEAST_NORMAL: f32 = -87;
/** 1.5·2^23: adding it rounds a number to a whole one, which then stands in the lowest bits. */
const ROUNDER: f32 = 12582912;
const EXPONENT_BIAS = 127;

/**
 * Writes e^(x − largest) for a row of numbers x.
 *
 * @param from - the numbers, at most `largest`
 * @param to - where the results go; may be `from`. What lies after them is not changed
 * @param count - how many
 * @returns the sum of the results, in float64
 */
export function exponentials(from: usize, to: usize, count: i32, largest: f32): f64 {
  const most = f32x4.splat(largest);
  const whole = from + ((<usize>(count & ~3)) << 2);
  let low = f64x2.splat(0);
  let high = low;
  while (from < whole) {
    const e = exponential(f32x4.sub(v128.load(from), most));
    v128.store(to, e);
    low = f64x2.add(low, f64x2.promote_low_f32x4(e));
    high = f64x2.add(high, upperTwo(e));
    from += 16;
    to += 16;
  }
  if (count & 3) {
    const inside = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count & 3));
    let e = exponential(f32x4.sub(v128.load(from), most));
    v128.store(to, v128.bitselect(e, v128.load(to), inside));
    e = v128.and(e, inside);
    low = f64x2.add(low, f64x2.promote_low_f32x4(e));
    high = f64x2.add(high, upperTwo(e));
  }
  const sums = f64x2.add(low, high);
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

function exponential(given: v128): v128 {
  const far = v128.any_true(f32x4.lt(given, f32x4.splat(LEAST_NORMAL)));
  const x = far ? f32x4.pmax(f32x4.splat(LEAST), given) : given;
  const rounded = f32x4.add(f32x4.mul(x, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER));
  const k = f32x4.sub(rounded, f32x4.splat(ROUNDER));
  const high = f32x4.sub(x, f32x4.mul(k, f32x4.splat(LN2_HIGH)));
  const low = f32x4.mul(k, f32x4.splat(LN2_LOW));
  const r = f32x4.sub(high, low);
  let p = f32x4.add(f32x4.mul(f32x4.splat(P4), r), f32x4.splat(P3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(P2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(P1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(P0));
  const curved = f32x4.sub(f32x4.mul(f32x4.mul(r, r), p), low);
  const power = f32x4.add(f32x4.splat(1), f32x4.add(high, curved));
  // the lowest bits of `rounded` are k: added to the exponent they multiply by 2^k, as long as the result is normal
  if (!far) return i32x4.add(power, i32x4.shl(rounded, 23));
  // 2^k in two factors, since 2^k alone may be below the normal numbers
  const whole = i32x4.sub(rounded, f32x4.splat(ROUNDER));
  const half = i32x4.shr_s(whole, 1);
  const scaled = f32x4.mul(power, powerOfTwo(half));
  return f32x4.mul(scaled, powerOfTwo(i32x4.sub(whole, half)));
}

function powerOfTwo(exponents: v128): v128 {
  return i32x4.shl(i32x4.add(exponents, i32x4.splat(EXPONENT_BIAS)), 23);
}
