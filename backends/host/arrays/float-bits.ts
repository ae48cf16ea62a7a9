/**
 * Bits of float32 numbers as integers: numbers from 0 keep their order so, and are compared faster.
 *
 * @module
 */

const number = new Float32Array(1);
const bits = new Int32Array(number.buffer);

/** Bits of the float32 next to a number from below; −1 for what is not above 0. */
export function bitsBelow(value: number): number {
  if (!(value > 0)) return -1;
  number[0] = value;
  return bits[0] - 1;
}

/** Bits of the float32 next to a number from above; those of 0 for what is below 0. */
export function bitsAbove(value: number): number {
  number[0] = Math.max(value, 0);
  return value < 0 ? 0 : bits[0] + 1;
}

/** The number that bits are of. */
export function numberOf(itsBits: number): number {
  bits[0] = itsBits;
  return number[0];
}
