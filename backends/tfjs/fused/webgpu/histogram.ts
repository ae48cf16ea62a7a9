/**
 * The two histograms of the distribution comparison (Eq. 14, 15), in WGSL.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Level, Options } from '../../../../spec/contract.js';
import { chosenIn } from './chosen.js';
import { COUNTS, LISTS, SURVIVES } from './lists.js';
import { PRELUDE } from './prelude.js';
import type { Inputs, Run, Shader } from './shader.js';

/** Nodes per workgroup, 8 bytes each in its own memory. */
export const NODES = 256;

/** The bin of a distance (ruling: histogram). */
export const PLACE = `
  struct Place { bin : i32, share : f32 };
  fn placeOf(d : f32) -> Place {
    let inside = min(max(d, uniforms.lowest), uniforms.highest);
    let place = ((inside - uniforms.lowest) * f32(uniforms.bins - 1)) / uniforms.span;
    let bin = clamp(i32(floor(place)), 0, uniforms.bins - 2);
    return Place(bin, place - f32(bin));
  }
  fn isOutside(d : f32) -> bool { return d < uniforms.lowest || d > uniforms.highest; }
`;

/** Both histograms as the input `heights`, if the comparison has any. */
export function heightsOf(
  { comparison, bins }: Options,
  histogram: Shader,
  inputs: Inputs,
  run: Run,
): { readonly heights?: tf.Tensor } {
  if (comparison !== 'distribution') return {};
  const groups = 2 * Math.ceil(bins / NODES);
  return { heights: run(histogram, inputs, { groups, shape: [2 * bins], dtype: 'float32' }) };
}

/** The pairs at class level: those of the mined lists. */
const OF_LISTS = `
  ${LISTS}
  fn depositAll(is_far : bool, first : i32) {
    for (var c = 0; c < uniforms.classes; c = c + 1) {
      if (!survives(c)) { continue; }
      readLists(c);
      let each = select(min(uniforms.kappa, members - 1), negatives, is_far);
      let pairs = members * each;
      for (var pair = lane(); pair < pairs; pair = pair + LANES) {
        let r = pair / each;
        let k = pair - r * each;
        var d = 0.0;
        if (is_far) {
          d = member(r) - other(k);
        } else {
          d = abs(member(r) - member(select(k, k + 1, r < listed && k >= r)));
        }
        depositPair(d, first);
      }
    }
  }`;

/** The pairs at instance level: each anchor with its chosen samples. */
const OF_CHOSEN = `
  ${chosenIn('chosen')}
  fn depositAll(is_far : bool, first : i32) {
    for (var entry = lane(); entry < entryOf(uniforms.slots); entry = entry + LANES) {
      if (partnerAt(entry) >= 0 && isNear(entry) != is_far) { depositPair(distanceAt(entry), first); }
    }
  }`;

/**
 * One workgroup per side and {@link NODES} nodes, which reads all pairs of the side. Shares are integer multiples
 * of 2^−24, summed by integer atomics in 64 bits: the result does not depend on the order.
 *
 * The result is 2×τ: h+ and h−.
 */
export function histogramSource(level: Level): string {
  return `
  ${PRELUDE}
  ${SURVIVES}
  ${COUNTS}
  ${PLACE}
  const ONE = 16777216.0;
  var<workgroup> low : array<atomic<u32>, ${NODES}>;
  var<workgroup> high : array<atomic<u32>, ${NODES}>;

  fn deposit(node : i32, amount : u32) {
    if (node < 0 || node >= ${NODES}) { return; }
    let before = atomicAdd(&low[node], amount);
    if (before > 0xffffffffu - amount) { atomicAdd(&high[node], 1u); }
  }

  /** @param first - the workgroup's first node */
  fn depositPair(d : f32, first : i32) {
    let found = placeOf(d);
    let share = u32(round(found.share * ONE));
    deposit(found.bin - first, u32(ONE) - share);
    deposit(found.bin + 1 - first, share);
  }
  ${level === 'class' ? OF_LISTS : OF_CHOSEN}

  fn main(at : i32) {
    let group = groupIndex();
    let chunks = (uniforms.bins + ${NODES - 1}) / ${NODES};
    if (group >= 2 * chunks) { return; }
    let is_far = group >= chunks;
    let first = (group % chunks) * ${NODES};
    let near_pairs = countAll(NEAR);
    let far_pairs = countAll(FAR);
    depositAll(is_far, first);
    workgroupBarrier();
    let count = max(select(near_pairs, far_pairs, is_far), 1.0);
    for (var node = lane(); node < min(${NODES}, uniforms.bins - first); node = node + LANES) {
      let sum = f32(atomicLoad(&high[node])) * 256.0 + f32(atomicLoad(&low[node])) / ONE;
      result[select(0, uniforms.bins, is_far) + first + node] = sum / count;
    }
  }`;
}
