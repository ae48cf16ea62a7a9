/**
 * The pass over the columns: class sizes, L_ce by class, and scores that are not finite.
 *
 * @module
 */
import type { Schema } from '../../../../spec/contract.js';
import { TABLE } from './layout.js';
import { PRELUDE } from './prelude.js';
import { reading } from './reading.js';

/**
 * A workgroup a class. The result is 3×C: h; the class's terms of L_ce; how many of its scores are not
 * finite, told by their bits, since a shader may assume that there is no NaN.
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
    var odd = 0.0;
    for (var i = lane(); i < uniforms.samples; i = i + LANES) {
      let stands = standing(i, c);
      if (stands == 1) { size = size + 1.0; }
      terms = terms + entropyOf(i, c, stands);
      let bits = bitcast<u32>(scoreAt(i, columnOf(c, SCORE)));
      if ((bits & 0x7f800000u) == 0x7f800000u) { odd = odd + 1.0; }
    }
    let size_all = sumLanes(size);
    let terms_all = sumLanes(terms);
    let odd_all = sumLanes(odd);
    if (lane() == 0) {
      result[c] = size_all;
      result[uniforms.classes + c] = terms_all;
      result[2 * uniforms.classes + c] = odd_all;
    }
  }`;
}
