/**
 * Minority classes (Eq. 3) and their anchors, for instance level, in WGSL.
 *
 * @module
 */
import type { Schema } from '../../../../spec/contract.js';
import { TABLE } from './layout.js';
import { minority } from './minority.js';
import { BEFORE, PRELUDE } from './prelude.js';
import { memberships } from './reading.js';

/**
 * One workgroup per class. The minority classes of an attribute hold at most ρ·n_j samples, by their definition, so
 * ⌊ρ·n⌋ slots per attribute are enough for all anchors. A class has the slots from the number of samples that the
 * prefix holds before it to the number that it holds with it. Slots of classes that do not survive stay empty.
 *
 * The result: for each class whether it survives, h, n_j − h, and its first slot; then the sample in each slot.
 */
export function anchorsSource(schema: Schema): string {
  return `
  ${PRELUDE}
  ${BEFORE}
  ${TABLE}
  ${memberships(schema)}
  ${minority(schema)}
  fn main(at : i32) {
    let c = groupIndex();
    if (c >= uniforms.classes) { return; }
    let found = minorityOf(c);
    let first = columnOf(c, ATTRIBUTE) * uniforms.capacity + i32(found.held) - i32(found.size);
    if (lane() == 0) { result[c * uniforms.minedWords + 3] = first; }
    if (!putMinority(c, found)) { return; }
    var count = 0;
    for (var i = runOf(lane()); i < runOf(lane() + 1); i = i + 1) {
      if (membershipOf(i, c) == 1) { count = count + 1; }
    }
    var slot = first + countBefore(count);
    for (var i = runOf(lane()); i < runOf(lane() + 1); i = i + 1) {
      if (membershipOf(i, c) == 1) {
        result[uniforms.classes * uniforms.minedWords + slot] = i;
        slot = slot + 1;
      }
    }
  }`;
}

/** How the slots are read, in WGSL. */
export const SLOTS = `
  /** Whether a class of the slot's attribute owns the slot. */
  fn holds(c : i32, slot : i32) -> bool {
    let first = mined[c * uniforms.minedWords + 3];
    return survives(c) && first <= slot && slot < first + mined[c * uniforms.minedWords + 1];
  }
  fn sampleIn(slot : i32) -> i32 { return mined[uniforms.classes * uniforms.minedWords + slot]; }
`;
