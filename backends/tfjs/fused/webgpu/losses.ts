/**
 * The program that computes one loss per sample, α·L_crl + (1−α)·ce_i, in WGSL.
 *
 * @module
 */
import type { Schema } from '../../../../spec/contract.js';
import { TABLE } from './layout.js';
import { PRELUDE } from './prelude.js';
import { reading } from './reading.js';

/**
 * One workgroup per sample; its lanes add up what each class column adds to ce_i. The input `rectification` is
 * L_crl, or NaN if a score is not finite; then every loss is NaN. It is checked by its bits, since a shader
 * may assume that there is no NaN. The result is n.
 */
export function lossesSource(schema: Schema): string {
  return `
  ${PRELUDE}
  ${TABLE}
  ${reading(schema)}
  fn main(at : i32) {
    let i = groupIndex();
    if (i >= uniforms.samples) { return; }
    var own = 0.0;
    for (var c = lane(); c < uniforms.classes; c = c + LANES) { own = own + entropyOf(i, c, membershipOf(i, c)); }
    let entropy = sumLanes(own);
    if (lane() != 0) { return; }
    let bits = bitcast<u32>(rectification[0]);
    let finite = (bits & 0x7f800000u) != 0x7f800000u;
    result[i] = select(uniforms.NAN, uniforms.alpha * rectification[0] + uniforms.beta * entropy, finite);
  }`;
}
