/**
 * Where a walk at instance level keeps the anchor of each slot and its chosen samples, in WGSL.
 *
 * @module
 */
import type { Comparison } from '../../../../spec/contract.js';

/** Whether slopes follow from each anchor's own pairs, and are kept; else they need the pairs of all anchors. */
export function keepsPulls(comparison: Comparison): boolean {
  return comparison !== 'distribution';
}

/** Words per slot besides its entries: the anchor, its share of L_crl, and how many squares are not finite. */
export const SLOT_WORDS = 3;

/**
 * An entry is a pair of an anchor and a chosen sample. The number of entries per slot is a power of two; the
 * first κ are for positives, the next κ for negatives. An entry has the chosen sample (−1: none), its distance
 * d, and its pull, ∂L_crl/∂d divided by d: the pull times f_a − f_* is what the pair adds to ∂L_crl/∂f_a.
 *
 * @param buffer - the name by which a program reads it
 */
export function chosenIn(buffer: 'chosen' | 'result'): string {
  return `
  fn anchorIn(slot : i32) -> i32 { return ${buffer}[slot]; }
  fn shareOf(slot : i32) -> f32 { return bitcast<f32>(${buffer}[uniforms.slots + slot]); }
  fn notFiniteIn(slot : i32) -> i32 { return ${buffer}[2 * uniforms.slots + slot]; }

  fn entryOf(slot : i32) -> i32 { return slot << u32(uniforms.entryBits); }
  fn slotOf(entry : i32) -> i32 { return entry >> u32(uniforms.entryBits); }
  fn isNear(entry : i32) -> bool { return entry - entryOf(slotOf(entry)) < uniforms.kappa; }

  fn partnerPlace(entry : i32) -> i32 { return ${SLOT_WORDS} * uniforms.slots + entry; }
  fn distancePlace(entry : i32) -> i32 { return partnerPlace(entryOf(uniforms.slots) + entry); }
  fn pullPlace(entry : i32) -> i32 { return distancePlace(entryOf(uniforms.slots) + entry); }
  fn partnerAt(entry : i32) -> i32 { return ${buffer}[partnerPlace(entry)]; }
  fn distanceAt(entry : i32) -> f32 { return bitcast<f32>(${buffer}[distancePlace(entry)]); }
  fn pullAt(entry : i32) -> f32 { return bitcast<f32>(${buffer}[pullPlace(entry)]); }

  /** At distance 0 the derivative is 0 (ruling: kinks). */
  fn pullOf(slope : f32, d : f32) -> f32 {
    if (d == 0.0) { return 0.0; }
    return slope / d;
  }
`;
}
