/**
 * The program that computes ∂L/∂features (Eq. 8) at instance level, in WGSL.
 *
 * @module
 */
import type { Comparison } from '../../../../spec/contract.js';
import { chosenIn, keepsPulls } from './chosen.js';
import { COUNTS, SURVIVES } from './lists.js';
import { pairSlopes } from './pairs.js';
import { BEFORE, LANES, PRELUDE } from './prelude.js';
import { FEATURES } from './squares.js';
import { type Form, UPSTREAM } from './upstream.js';

/** How many pairs a lane finds before all lanes add them up, 8 bytes each. */
const PAIRS_PER_LANE = 4;

/**
 * One workgroup per sample of a feature matrix. It searches all pairs for those that the sample is part of, as
 * anchor or as chosen sample, and adds up their pulls times the differences of the features. No two workgroups
 * add to the same number, and the order is fixed.
 *
 * The result is M×n×d.
 *
 * @param form - of the loss: the upstream derivative is one number, or one per sample
 */
export function featureGradientSource(comparison: Comparison, form: Form): string {
  return `
  ${PRELUDE}
  ${BEFORE}
  ${SURVIVES}
  ${COUNTS}
  ${FEATURES}
  ${chosenIn('chosen')}
  ${keepsPulls(comparison) ? KEPT : OF_HEIGHTS}
  ${UPSTREAM[form]}
  var<workgroup> partners : array<i32, ${PAIRS_PER_LANE * LANES}>;
  var<workgroup> pulls : array<f32, ${PAIRS_PER_LANE * LANES}>;
  var<workgroup> found : i32;

  fn main(at : i32) {
    let group = groupIndex();
    if (group >= uniforms.matrices * uniforms.samples) { return; }
    let i = group % uniforms.samples;
    let matrix = group - i;
    let weight = uniforms.alpha * upstreamOfAll()${comparison === 'relative' ? ' / max(countAll(TRIPLETS), 1.0)' : ''};
    ${keepsPulls(comparison) ? '' : 'countPairs();'}
    let slots = select(uniforms.slots, uniforms.capacity, uniforms.matrices > 1);
    let first = select(0, (group / uniforms.samples) * slots, uniforms.matrices > 1);
    let end = entryOf(first + slots);
    var entry = entryOf(first) + lane();
    let own = group * uniforms.dimensions;
    for (var t = lane(); t < uniforms.dimensions; t = t + LANES) { result[own + t] = 0.0; }
    loop {
      var own_partners : array<i32, ${PAIRS_PER_LANE}>;
      var own_pulls : array<f32, ${PAIRS_PER_LANE}>;
      var count = 0;
      for (; entry < end && count < ${PAIRS_PER_LANE}; entry = entry + LANES) {
        let partner = partnerAt(entry);
        if (partner < 0) { continue; }
        let anchor = anchorIn(slotOf(entry));
        if (anchor != i && partner != i) { continue; }
        let pull = pullOn(entry);
        if (pull == 0.0) { continue; }
        own_partners[count] = select(anchor, partner, anchor == i);
        own_pulls[count] = pull;
        count = count + 1;
      }
      let before = countBefore(count);
      for (var k = 0; k < count; k = k + 1) {
        partners[before + k] = own_partners[k];
        pulls[before + k] = own_pulls[k];
      }
      if (lane() == LANES - 1) { found = before + count; }
      let left = sumLanes(select(0.0, 1.0, entry < end));
      for (var t = lane(); t < uniforms.dimensions; t = t + LANES) {
        let x = featureAt(group, t);
        var sum = result[own + t];
        for (var k = 0; k < found; k = k + 1) {
          sum = sum + pulls[k] * (x - featureAt(matrix + partners[k], t));
        }
        result[own + t] = sum;
      }
      workgroupBarrier();
      if (left == 0.0) { break; }
    }
    for (var t = lane(); t < uniforms.dimensions; t = t + LANES) { result[own + t] = weight * result[own + t]; }
  }`;
}

const KEPT = 'fn pullOn(entry : i32) -> f32 { return pullAt(entry); }';

const OF_HEIGHTS = `
  ${pairSlopes('distribution')}
  fn pullOn(entry : i32) -> f32 {
    let d = distanceAt(entry);
    if (isNear(entry)) { return pullOf(nearSlope(d), d); }
    return pullOf(farSlope(d), d);
  }`;
