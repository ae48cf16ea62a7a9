/**
 * The relative comparison at class level (Eq. 9, 10): the hinges of each class, in WGSL.
 *
 * @module
 */
import { TABLE } from './layout.js';
import { LISTS, SURVIVES } from './lists.js';
import { PRELUDE } from './prelude.js';

/**
 * One workgroup per class. A lane takes a sample, as anchor, positive or negative, and passes through the samples
 * that it is compared with in sorted order. The active negatives of a pair are a prefix of the hard negatives. The
 * prefix grows with the distance of the positive from the anchor, on either side, so a pointer that only moves
 * forward finds it: O(κ) steps per lane, and no triplet is formed.
 *
 * Members above the κ+1 lowest all have the same hinges, and a slope of 0 unless they are tied with the last of
 * their positives. Two representatives with weights stand for them (`class-relative.ts`).
 *
 * The result is C×(n+1): ∂(sum of hinges)/∂score of each sample, with the sign of the column, and the sum.
 */
export const RELATIVE = `
  ${PRELUDE}
  ${TABLE}
  ${SURVIVES}
  ${LISTS}
  var<private> margin : f32;
  var<private> tied : i32;
  var<private> above : i32;
  var<workgroup> tied_slope : f32;

  fn isActive(a : f32, p : f32, q : f32) -> bool {
    return (margin + abs(a - p)) - (a - q) > 0.0;
  }

  /** How many negatives are active in a pair, found from the count of a nearby pair. */
  fn activeNegatives(from_count : i32, a : f32, p : f32) -> i32 {
    var count = from_count;
    while (count < negatives && isActive(a, p, other(count))) { count = count + 1; }
    while (count > 0 && !isActive(a, p, other(count - 1))) { count = count - 1; }
    return count;
  }

  /**
   * The sum of the hinges of an anchor with the positives on one side of it, and its own slope: from the
   * nearest place on, away from the anchor.
   */
  fn sweep(a : f32, nearest : i32, step : i32) -> vec2<f32> {
    var sum = 0.0;
    var slope = 0.0;
    var count = 0;
    var held = 0.0;
    for (var s = nearest; s >= 0 && s < listed; s = s + step) {
      let p = member(s);
      while (count < negatives && isActive(a, p, other(count))) {
        held = held + other(count);
        count = count + 1;
      }
      sum = sum + f32(count) * ((margin + abs(a - p)) - a) + held;
      slope = slope + f32(count) * (sign(a - p) - 1.0);
    }
    return vec2<f32>(sum, slope);
  }

  /** The same with all positives; those are all listed members but that at \`self_place\`. */
  fn asAnchor(a : f32, self_place : i32) -> vec2<f32> {
    return sweep(a, self_place - 1, -1) + sweep(a, self_place + 1, 1);
  }

  fn asPositive(t : i32) -> f32 {
    let p = member(t);
    var slope = 0.0;
    var count = 0;
    for (var r = t + 1; r < listed; r = r + 1) {
      let a = member(r);
      count = activeNegatives(count, a, p);
      slope = slope - f32(count) * sign(a - p);
    }
    if (t < uniforms.kappa && members > listed) {
      let last = member(uniforms.kappa - 1);
      count = activeNegatives(count, last, p);
      slope = slope - f32(tied) * f32(count) * sign(last - p);
      let highest = member(members - 1);
      count = activeNegatives(count, highest, p);
      slope = slope - f32(above) * f32(count);
    }
    count = 0;
    for (var r = t - 1; r >= 0; r = r - 1) {
      let a = member(r);
      count = activeNegatives(count, a, p);
      slope = slope - f32(count) * sign(a - p);
    }
    return slope;
  }

  /** How many of the first \`end\` positives are active with a negative, found from the count of a nearby anchor. */
  fn activePositives(from_count : i32, a : f32, q : f32, end : i32) -> i32 {
    var count = from_count;
    while (count < end && isActive(a, member(count), q)) { count = count + 1; }
    while (count > 0 && !isActive(a, member(count - 1), q)) { count = count - 1; }
    return count;
  }

  fn asNegative(place : i32) -> f32 {
    let q = other(place);
    var slope = 0.0;
    var below = 0;
    var next = 0;
    for (var r = 0; r < listed; r = r + 1) {
      let a = member(r);
      below = activePositives(below, a, q, r);
      next = max(next, r + 1);
      while (next < listed && !isActive(a, member(next), q)) { next = next + 1; }
      slope = slope + f32(below + listed - next);
    }
    if (members > listed) {
      below = activePositives(below, member(uniforms.kappa - 1), q, uniforms.kappa);
      slope = slope + f32(tied) * f32(below);
      below = activePositives(below, member(members - 1), q, uniforms.kappa);
      slope = slope + f32(above) * f32(below);
    }
    return slope;
  }

  fn main(at : i32) {
    let c = groupIndex();
    if (c >= uniforms.classes) { return; }
    if (sameForAll(select(0, 1, survives(c))) == 0) { return; }
    readLists(c);
    margin = bitcast<f32>(columnOf(c, MARGIN));
    if (members > listed) {
      let last = member(uniforms.kappa - 1);
      var low = listed;
      var high = members;
      while (low < high) {
        let middle = (low + high) / 2;
        if (member(middle) > last) { high = middle; } else { low = middle + 1; }
      }
      tied = low - listed;
      above = members - low;
    }

    var sum = 0.0;
    // after the listed members, the two representatives
    for (var r = lane(); r < listed + 2; r = r + LANES) {
      if (r < listed) {
        let own = asAnchor(member(r), r);
        sum = sum + own.x;
        result[c * uniforms.slopeWords + sampleAt(r)] = own.y + asPositive(r);
      } else if (r == listed && tied > 0) {
        let own = asAnchor(member(uniforms.kappa - 1), uniforms.kappa);
        sum = sum + f32(tied) * own.x;
        tied_slope = own.y;
      } else if (r == listed + 1 && above > 0) {
        sum = sum + f32(above) * asAnchor(member(members - 1), uniforms.kappa).x;
      }
    }
    for (var q = lane(); q < negatives; q = q + LANES) {
      result[c * uniforms.slopeWords + sampleAt(members + q)] = asNegative(q);
    }
    workgroupBarrier();
    for (var place = listed + lane(); place < uniforms.samples; place = place + LANES) {
      if (place >= members && place < members + negatives) { continue; }
      result[c * uniforms.slopeWords + sampleAt(place)] = select(0.0, tied_slope, place < listed + tied);
    }
    let sum_all = sumLanes(sum);
    if (lane() == 0) { result[c * uniforms.slopeWords + uniforms.samples] = sum_all; }
  }`;
