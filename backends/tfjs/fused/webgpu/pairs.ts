/**
 * The absolute and the distribution comparison (Eq. 10, 13 to 16): derivatives of the pairs of each class, in
 * WGSL.
 *
 * @module
 */
import type { Comparison } from '../../../../spec/contract.js';
import { PLACE } from './histogram.js';
import { TABLE } from './layout.js';
import { COUNTS, LISTS, SURVIVES } from './lists.js';
import { PRELUDE } from './prelude.js';

/**
 * One workgroup per class. A lane takes a sample: as an anchor with its positives and all hard negatives, as a
 * positive or negative with all its anchors. No two lanes add to the same number.
 *
 * The result is C×(n+1): ∂L_crl/∂score of each sample, with the sign of the column, and the class's share of
 * L_crl. The distribution comparison is no sum over classes; its share is 0.
 */
export function pairsSource(comparison: Exclude<Comparison, 'relative'>): string {
  return `
  ${PRELUDE}
  ${TABLE}
  ${SURVIVES}
  ${LISTS}
  ${COUNTS}
  ${pairSlopes(comparison)}

  /** Whether the listed member s is a positive of member r: the anchor is excluded before κ are chosen. */
  fn isPositiveOf(s : i32, r : i32) -> bool {
    return s != r && (r < listed || s < uniforms.kappa);
  }

  fn main(at : i32) {
    let c = groupIndex();
    if (c >= uniforms.classes) { return; }
    if (sameForAll(select(0, 1, survives(c))) == 0) { return; }
    countPairs();
    readLists(c);
    margin = bitcast<f32>(columnOf(c, MARGIN));
    var share = 0.0;
    for (var place = lane(); place < uniforms.samples; place = place + LANES) {
      var slope = 0.0;
      if (place < members) {
        let own = member(place);
        for (var s = 0; s < listed; s = s + 1) {
          if (!isPositiveOf(s, place)) { continue; }
          let gap = own - member(s);
          slope = slope + nearSlope(abs(gap)) * sign(gap);
          share = share + nearShare(abs(gap));
        }
        for (var q = 0; q < negatives; q = q + 1) {
          let gap = own - other(q);
          slope = slope + farSlope(gap);
          share = share + farShare(gap);
        }
        if (place < listed) {
          for (var r = 0; r < members; r = r + 1) {
            if (!isPositiveOf(place, r)) { continue; }
            let gap = member(r) - own;
            slope = slope - nearSlope(abs(gap)) * sign(gap);
          }
        }
      } else if (place < members + negatives) {
        let own = other(place - members);
        for (var r = 0; r < members; r = r + 1) { slope = slope - farSlope(member(r) - own); }
      }
      result[c * uniforms.slopeWords + sampleAt(place)] = slope;
    }
    let share_all = sumLanes(share);
    if (lane() == 0) { result[c * uniforms.slopeWords + uniforms.samples] = share_all; }
  }`;
}

/**
 * ∂L_crl/∂d of a pair, and its share of L_crl. Valid once `countPairs` has run and `margin` is set. Needs
 * {@link COUNTS}.
 */
export function pairSlopes(comparison: Exclude<Comparison, 'relative'>): string {
  return `
  var<private> margin : f32;
  var<private> near_pairs : f32;
  var<private> far_pairs : f32;
  fn countPairs() {
    near_pairs = max(countAll(NEAR), 1.0);
    far_pairs = max(countAll(FAR), 1.0);
  }
  ${comparison === 'absolute' ? ABSOLUTE : `${PLACE}${DISTRIBUTION}`}`;
}

const ABSOLUTE = `
  fn nearSlope(d : f32) -> f32 { return d / near_pairs; }
  fn nearShare(d : f32) -> f32 { return 0.5 * d * d / near_pairs; }
  fn farSlope(d : f32) -> f32 { return -max(margin - d, 0.0) / far_pairs; }
  fn farShare(d : f32) -> f32 {
    let short = max(margin - d, 0.0);
    return 0.5 * short * short / far_pairs;
  }`;

/** A distance that moves to the next node passes one more node of the other side, or one less. */
const DISTRIBUTION = `
  fn nearSlope(d : f32) -> f32 {
    if (isOutside(d)) { return 0.0; }
    return heights[uniforms.bins + placeOf(d).bin + 1] * uniforms.density / near_pairs;
  }
  fn farSlope(d : f32) -> f32 {
    if (isOutside(d)) { return 0.0; }
    return -heights[placeOf(d).bin] * uniforms.density / far_pairs;
  }
  fn nearShare(d : f32) -> f32 { return 0.0; }
  fn farShare(d : f32) -> f32 { return 0.0; }`;
