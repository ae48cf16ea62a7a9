/**
 * The hardest samples of each anchor at instance level (Eq. 6, 7, 11), and what its pairs add to L_crl
 * (Eq. 9, 13), in WGSL.
 *
 * @module
 */
import type { Comparison, Schema } from '../../../../spec/contract.js';
import { SLOTS } from './anchors.js';
import { chosenIn } from './chosen.js';
import { HARDEST } from './hardest.js';
import { TABLE } from './layout.js';
import { COUNTS, SURVIVES } from './lists.js';
import { pairSlopes } from './pairs.js';
import { BEFORE, PRELUDE } from './prelude.js';
import { memberships } from './reading.js';
import { BLOCK, SQUARES } from './squares.js';

/**
 * A workgroup takes one block of slots after another, and keeps the squared distances of the current block to all
 * samples behind the result. How many workgroups there are depends on the memory of the device.
 *
 * The result is as {@link chosenIn} reads it. What an anchor's pairs add to L_crl is computed here too, except for
 * the distribution comparison, which needs the pairs of all anchors.
 */
export function neighboursSource(schema: Schema, comparison: Comparison): string {
  return `
  ${PRELUDE}
  ${BEFORE}
  ${TABLE}
  ${SURVIVES}
  ${SLOTS}
  ${COUNTS}
  ${memberships(schema)}
  ${SQUARES}
  ${chosenIn('result')}
  var<workgroup> block_class : array<i32, ${BLOCK}>;
  var<private> words : i32;
  fn wordAt(k : i32) -> u32 { return bitcast<u32>(result[words + k]); }
  fn put(entry : i32, k : i32) {
    result[partnerPlace(entry)] = k;
    result[distancePlace(entry)] = bitcast<i32>(sqrt(bitcast<f32>(wordAt(k) & 0x7fffffffu)));
  }
  ${HARDEST}
  fn putPull(entry : i32, slope : f32) {
    result[pullPlace(entry)] = bitcast<i32>(pullOf(slope, distanceAt(entry)));
  }
  ${PAIRS_SHARE[comparison]}

  /** Sets the anchors in the slots of a block, which is of one attribute. Returns whether there are any. */
  fn startBlock(first : i32, j : i32) -> bool {
    if (lane() < ${BLOCK}) { block_class[lane()] = -1; }
    for (var e = entryOf(first) + lane(); e < entryOf(first + ${BLOCK}); e = e + LANES) {
      result[partnerPlace(e)] = -1;
    }
    workgroupBarrier();
    for (var c = firstOf(j) + lane(); c < firstOf(j + 1); c = c + LANES) {
      for (var b = 0; b < ${BLOCK}; b = b + 1) {
        if (holds(c, first + b)) { block_class[b] = c; }
      }
    }
    workgroupBarrier();
    var own = 0.0;
    if (lane() < ${BLOCK}) {
      let slot = first + lane();
      let i = select(-1, sampleIn(slot), block_class[lane()] >= 0);
      block_sample[lane()] = max(i, 0);
      result[slot] = i;
      result[uniforms.slots + slot] = 0;
      result[2 * uniforms.slots + slot] = 0;
      own = select(0.0, 1.0, i >= 0);
    }
    return sumLanes(own) > 0.0;
  }

  fn main(at : i32) {
    let group = groupIndex();
    if (group >= uniforms.groups) { return; }
    ${comparison === 'absolute' ? 'countPairs();' : ''}
    for (var first = ${BLOCK} * group; first < uniforms.slots; first = first + ${BLOCK} * uniforms.groups) {
      let j = first / uniforms.capacity;
      if (!startBlock(first, j)) { continue; }
      let matrix = select(0, j * uniforms.samples, uniforms.matrices > 1);
      let squares_at = uniforms.scratch + group * ${BLOCK} * uniforms.samples;
      var not_finite = vec${BLOCK}<f32>();
      for (var from_k = 0; from_k < uniforms.samples; from_k = from_k + LANES) {
        let squares = squaresTo(from_k, matrix);
        let k = from_k + lane();
        for (var b = 0; b < ${BLOCK}; b = b + 1) {
          let c = block_class[b];
          if (c < 0 || k >= uniforms.samples) { continue; }
          let bits = bitcast<u32>(squares[b]) & 0x7fffffffu;
          if (bits >= 0x7f800000u) { not_finite[b] = not_finite[b] + 1.0; }
          let membership = membershipOf(k, c);
          var word = ABSENT;
          if (membership == 0) { word = bits; }
          if (membership == 1 && k != block_sample[b]) { word = bits | MEMBER; }
          result[squares_at + b * uniforms.samples + k] = bitcast<i32>(word);
        }
      }
      storageBarrier();
      for (var b = 0; b < ${BLOCK}; b = b + 1) {
        let c = workgroupUniformLoad(&block_class[b]);
        if (c < 0) { continue; }
        let slot = first + b;
        words = squares_at + b * uniforms.samples;
        let companions = sameForAll(mined[c * uniforms.minedWords + 1]) - 1;
        let others = sameForAll(mined[c * uniforms.minedWords + 2]);
        let near = min(uniforms.kappa, companions);
        let far = min(uniforms.kappa, others);
        gather(MEMBERS_SIDE, thresholdOf(MEMBERS_SIDE, near, companions), entryOf(slot));
        gather(OTHERS_SIDE, thresholdOf(OTHERS_SIDE, far, others), entryOf(slot) + uniforms.kappa);
        storageBarrier();
        ${comparison === 'distribution' ? '' : 'margin = bitcast<f32>(columnOf(c, MARGIN));'}
        let share = ${comparison === 'distribution' ? '0.0' : 'sumLanes(pairsShare(entryOf(slot), near, far))'};
        let not_finite_all = sumLanes(not_finite[b]);
        if (lane() == 0) {
          result[uniforms.slots + slot] = bitcast<i32>(share);
          result[2 * uniforms.slots + slot] = i32(not_finite_all);
        }
      }
    }
  }`;
}

/**
 * `pairsShare` sets the pulls of an anchor's pairs and returns a lane's part of what they add to L_crl. That of the
 * relative comparison is divided by |T| later.
 */
const PAIRS_SHARE: Record<Comparison, string> = {
  relative: `
  var<private> margin : f32;
  fn pairsShare(first : i32, near : i32, far : i32) -> f32 {
    let negatives_at = first + uniforms.kappa;
    var sum = 0.0;
    for (var p = lane(); p < near; p = p + LANES) {
      let d = distanceAt(first + p);
      var hinges = 0.0;
      for (var q = 0; q < far; q = q + 1) {
        let excess = (margin + d) - distanceAt(negatives_at + q);
        if (excess > 0.0) {
          hinges = hinges + 1.0;
          sum = sum + excess;
        }
      }
      putPull(first + p, hinges);
    }
    for (var q = lane(); q < far; q = q + LANES) {
      let d = distanceAt(negatives_at + q);
      var hinges = 0.0;
      for (var p = 0; p < near; p = p + 1) {
        if ((margin + distanceAt(first + p)) - d > 0.0) { hinges = hinges + 1.0; }
      }
      putPull(negatives_at + q, -hinges);
    }
    return sum;
  }`,
  absolute: `
  ${pairSlopes('absolute')}
  fn pairsShare(first : i32, near : i32, far : i32) -> f32 {
    var sum = 0.0;
    for (var p = first + lane(); p < first + near; p = p + LANES) {
      sum = sum + nearShare(distanceAt(p));
      putPull(p, nearSlope(distanceAt(p)));
    }
    for (var q = first + uniforms.kappa + lane(); q < first + uniforms.kappa + far; q = q + LANES) {
      sum = sum + farShare(distanceAt(q));
      putPull(q, farSlope(distanceAt(q)));
    }
    return sum;
  }`,
  distribution: '',
};
