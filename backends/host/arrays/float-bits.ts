/**
 * float32 numbers as integers of the same bits. Non-negative numbers keep their order as integers, which are
 * faster to compare.
 *
 * @module
 */

// two views of the same four bytes
const number = new Float32Array(1);
const bits = new Int32Array(number.buffer);

/** Bits of the next float32 below a number; −1 if the number is not above 0. */
export function bitsBelow(value: number): number {
  if (!(value > 0)) return -1;
  number[0] = value;
  return bits[0] - 1;
}

/** Bits of the next float32 above a number; those of 0 if the number is below 0. */
export function bitsAbove(value: number): number {
  number[0] = Math.max(value, 0);
  return value < 0 ? 0 : bits[0] + 1;
}

/** The float32 that has these bits. */
export function numberOf(itsBits: number): number {
  bits[0] = itsBits;
  return number[0];
}
