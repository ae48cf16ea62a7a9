/**
 * Where a walk at instance level keeps the anchors of each slot and their chosen samples.
 *
 * @module
 */
import type { Comparison } from '../../../../spec/contract.js';

/** Whether slopes are known anchor by anchor, and kept; else they come from all pairs together. */
export function keepsPulls(comparison: Comparison): boolean {
  return comparison !== 'distribution';
}

/** Words of a slot beside what it has of each entry: its anchor, share of L_crl, and squares that are not finite. */
export const SLOT_WORDS = 3;

/**
 * An entry is a pair: a power of two a slot, of which the first κ are places for positives and the next κ for
 * negatives. Of each there is the other sample, −1 where the place is empty, its distance, and its pull:
 * ∂L_crl/∂d over d, so that the pull times the difference of two features is what the one gets.
 *
 * @param buffer - the name that it is read by
 */
export function chosenIn(buffer: 'chosen' | 'result'): string {
  return `
  fn anchorIn(slot : i32) -> i32 { return ${buffer}[slot]; }
  fn shareOf(slot : i32) -> f32 { return bitcast<f32>(${buffer}[uniforms.slots + slot]); }
  fn oddIn(slot : i32) -> i32 { return ${buffer}[2 * uniforms.slots + slot]; }

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
