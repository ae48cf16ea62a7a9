/**
 * Images of 16 bits per channel as images of 8.
 *
 * @module
 */

import { outOfRange } from '../../../spec/errors.js';
import { wholeNumber } from '../checks.js';

/** How much of their range the 16-bit files that were read so far use. */
export interface SixteenBitUse {
  /** Files read. */
  files: number;
  /** The largest number in them. */
  largest: number;
}

/**
 * The upper eight of the bits in use, the lower ones cut off: 128 of 65,535 becomes 0, and 256 becomes 1. The
 * same pixels give the same numbers in every file format.
 *
 * @param bits - bits in use, from 9 to 16: cameras write 10, 12 or 14 bits into files of 16
 * @returns undefined if a number does not fit into `bits`
 */
export function upperEightBits(
  data: Uint16Array,
  bits: number,
  use: SixteenBitUse,
): Uint8Array<ArrayBuffer> | undefined {
  const shift = bits - 8;
  const upper = new Uint8Array(data.length);
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (value > largest) largest = value;
    upper[i] = value >> shift;
  }
  use.files += 1;
  use.largest = Math.max(use.largest, largest);
  return largest < 2 ** bits ? upper : undefined;
}

/** The option `bits`, by default 16. */
export function readBits(bits: number | undefined): number {
  const read = wholeNumber('options.bits', bits ?? 16, 9);
  if (read > 16) outOfRange('option-out-of-range', 'options.bits', 'a whole number from 9 to 16', read);
  return read;
}

/** With this many bits or fewer, at most 16 of 256 grey values are left, which cannot be intended. */
const MOST_UNUSED = 12;

/** The number of bits that all files need, if it is so small that the option `bits` must have been forgotten. */
export function forgottenBits({ files, largest }: SixteenBitUse, bits: number): number | undefined {
  const needed = Math.max(9, Math.ceil(Math.log2(largest + 1)));
  return files > 0 && bits === 16 && largest > 0 && needed <= MOST_UNUSED ? needed : undefined;
}
