/**
 * Minority classes (Eq. 3), and who their anchors are, for instance level, in WGSL.
 *
 * @module
 */
import type { Schema } from '../../../../spec/contract.js';
import { TABLE } from './layout.js';
import { minority } from './minority.js';
import { BEFORE, PRELUDE } from './prelude.js';
import { standings } from './reading.js';

/**
 * A workgroup a class. The minority classes of an attribute hold ρ·n_j samples at most, by the rule
 * itself, so that ⌊ρ·n⌋ slots an attribute are enough for all anchors; a class has those between what
 * the prefix holds before it and what it holds with it. Slots of classes that do not survive stay empty.
 *
 * The result: of each class whether it survives, h, n_j − h, and its first slot; then who is in each slot.
 */
export function anchorsSource(schema: Schema): string {
  return `
  ${PRELUDE}
  ${BEFORE}
  ${TABLE}
  ${standings(schema)}
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
      if (standing(i, c) == 1) { count = count + 1; }
    }
    var slot = first + countBefore(count);
    for (var i = runOf(lane()); i < runOf(lane() + 1); i = i + 1) {
      if (standing(i, c) == 1) {
        result[uniforms.classes * uniforms.minedWords + slot] = i;
        slot = slot + 1;
      }
    }
  }`;
}

/** How the slots are read. */
export const SLOTS = `
  /** The class whose member is in a slot holds it; asked of classes of the slot's attribute. */
  fn holds(c : i32, slot : i32) -> bool {
    let first = mined[c * uniforms.minedWords + 3];
    return survives(c) && first <= slot && slot < first + mined[c * uniforms.minedWords + 1];
  }
  fn sampleIn(slot : i32) -> i32 { return mined[uniforms.classes * uniforms.minedWords + slot]; }
`;
