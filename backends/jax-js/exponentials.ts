/**
 * Exponentials and logarithms that are right to the last bits of a float32.
 *
 * Those of jax-js 0.1.25 on wasm are not: `exp` is off by 10 units in the last place, and `log` by 1.2e-5 whatever its
 * size, so that log(0.9998) is wrong by 6%. The cross entropy of a well trained model would be noise. The values here
 * are those of the Cephes library's `expf` and `logf` (S. Moshier); the derivatives are the rules of jax-js.
 *
 * Numbers in float64 are left to jax-js.
 *
 * @module
 */
import { type DType, lax, numpy as np } from '@jax-js/jax';
import {
  add,
  constant,
  constantOf,
  floor,
  type JaxArray,
  less,
  maximum,
  mul,
  square,
  sub,
  where,
} from './operations.js';

/** ln 2 in two parts, of which the first has few digits, so that its products with whole numbers are exact. */
const LN_2 = [0.693359375, -2.1219444e-4] as const;

/** Below this, e^x is 0 in float32. */
const VANISHING = -104;

/** e^x for x ≤ 0. */
export function exp(x: JaxArray): JaxArray {
  if (x.dtype !== 'float32') return np.exp(x.ref);
  // e^x = e^a · e^(x−a) for the constant a = x; the second factor is 1, and has the derivatives
  return mul(powerOf(constantOf(x)), np.exp(sub(x, constantOf(x))));
}

/** ln x for x ≥ 2^-126. */
export function log(x: JaxArray): JaxArray {
  if (x.dtype !== 'float32') return np.log(x.ref);
  // the difference is 0, and has the derivatives
  const rough = np.log(x.ref);
  return add(logarithmOf(constantOf(x)), sub(rough, constantOf(rough)));
}

function powerOf(given: JaxArray): JaxArray {
  const x = maximum(given, VANISHING);
  const twos = floor(add(mul(x, Math.LOG2E), 0.5));
  const r = sub(sub(x, mul(twos, LN_2[0])), mul(twos, LN_2[1]));
  const series = polynomial(
    r,
    [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1],
  );
  const power = add(add(mul(series, square(r)), r), 1);
  // 2^twos is too small for a float32 of full precision where e^x is, so it is multiplied in two parts
  const half = floor(mul(twos, 0.5));
  const scaled = mul(mul(power, powerOfTwo(half)), powerOfTwo(sub(twos, half)));
  return where(less(given, VANISHING), mul(scaled, 0), scaled);
}

function logarithmOf(x: JaxArray): JaxArray {
  const bits = lax.bitcastConvertType(x.ref, np.uint32); // WebGPU shifts by nothing else
  const exponent = sub(np.rightShift(bits.ref, whole(23, np.uint32)).astype(np.float32), 126);
  const fraction = lax.bitcastConvertType(
    np.bitwiseOr(np.bitwiseAnd(bits.ref, whole(0x7fffff, np.uint32)), whole(0x3f000000, np.uint32)),
    np.float32,
  ); // in [½, 1)
  const isLow = less(fraction, Math.SQRT1_2);
  const twos = where(isLow, sub(exponent, 1), exponent);
  // without the maximum, which changes no number, jax-js adds the −1 last, where small logarithms lose their digits
  const m = maximum(sub(where(isLow, add(fraction, fraction), fraction), 1), -1);
  const z = square(m);
  const series = polynomial(
    m,
    [
      7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
      2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ],
  );
  const small = sub(add(mul(mul(series, m), z), mul(twos, LN_2[1])), mul(z, 0.5));
  return add(add(m, small), mul(twos, LN_2[0]));
}

/** Coefficients from the highest power to the constant. */
function polynomial(x: JaxArray, [first = 0, ...rest]: readonly number[]): JaxArray {
  const [second = 0, ...others] = rest;
  return others.reduce((sum: JaxArray, c) => add(mul(sum, x), c), add(mul(x, first), second));
}

/** 2^n for whole n from −126 to 127, as the bits of a float32. */
function powerOfTwo(n: JaxArray): JaxArray {
  const biased = add(n, 127).astype(np.int32);
  return lax.bitcastConvertType(np.multiply(biased, whole(2 ** 23, np.int32)), np.float32);
}

/** A whole number as an array: jax-js makes a float32 of a plain number where it differentiates a compiled program. */
function whole(value: number, type: DType): JaxArray {
  return constant([value], [1], type).ref;
}
