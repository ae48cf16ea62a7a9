/**
 * The program over the columns: class sizes, L_ce by class, and scores that are not finite, in WGSL.
 *
 * @module
 */
import type { Schema } from '../../../../spec/contract.js';
import { TABLE } from './layout.js';
import { PRELUDE } from './prelude.js';
import { reading } from './reading.js';

/**
 * One workgroup per class. The result is 3×C: h; the sum of the class's terms of L_ce; and how many of its scores
 * are not finite. Those are found by their bits, since a shader may assume that there is no NaN.
 */
export function columnsSource(schema: Schema): string {
  return `
  ${PRELUDE}
  ${TABLE}
  ${reading(schema)}
  fn main(at : i32) {
    let c = groupIndex();
    if (c >= uniforms.classes) { return; }
    var size = 0.0;
    var terms = 0.0;
    var not_finite = 0.0;
    for (var i = lane(); i < uniforms.samples; i = i + LANES) {
      let membership = membershipOf(i, c);
      if (membership == 1) { size = size + 1.0; }
      terms = terms + entropyOf(i, c, membership);
      let bits = bitcast<u32>(scoreAt(i, columnOf(c, SCORE)));
      if ((bits & 0x7f800000u) == 0x7f800000u) { not_finite = not_finite + 1.0; }
    }
    let size_all = sumLanes(size);
    let terms_all = sumLanes(terms);
    let not_finite_all = sumLanes(not_finite);
    if (lane() == 0) {
      result[c] = size_all;
      result[uniforms.classes + c] = terms_all;
      result[2 * uniforms.classes + c] = not_finite_all;
    }
  }`;
}
