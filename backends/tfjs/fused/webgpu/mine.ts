/**
 * Minority classes (Eq. 3) and their hard samples (Eq. 4, 5): each class's column, sorted, in WGSL.
 *
 * @module
 */
import type { Schema } from '../../../../spec/contract.js';
import { TABLE } from './layout.js';
import { minority } from './minority.js';
import { PRELUDE } from './prelude.js';
import { reading } from './reading.js';

/**
 * One workgroup per class. The column of a surviving class is sorted by a bitonic network: first its members,
 * lowest score first; then the others, highest score first; then unlabelled samples. Equal scores go by index.
 * The hard positives and hard negatives of any κ are then the first entries of the first two parts.
 *
 * The order is strict and the network is the same for all data, so every run gives the same result.
 *
 * @param shared - how many samples the workgroup's memory holds; 0: it sorts in the memory of the result
 */
export function mineSource(schema: Schema, shared: number): string {
  return `
  ${PRELUDE}
  ${TABLE}
  ${reading(schema)}
  ${minority(schema)}
  var<private> base : i32;
  ${shared ? inWorkgroup(shared) : IN_RESULT}
  const OTHERS = 0x1000000;
  const ABSENT = 0x2000000;

  fn comesBefore(x : i32, y : i32) -> bool {
    let a = tagAt(x);
    let b = tagAt(y);
    if ((a >> 24u) != (b >> 24u) || a >= ABSENT) { return a < b; }
    let left = hardnessAt(x);
    let right = hardnessAt(y);
    if (left != right) { return left > right; }
    return a < b;
  }

  fn main(at : i32) {
    let c = groupIndex();
    if (c >= uniforms.classes) { return; }
    base = c * uniforms.minedWords;
    if (!putMinority(c, minorityOf(c))) { return; }

    let sign = f32(columnOf(c, SIGN));
    for (var i = lane(); i < uniforms.sortLength; i = i + LANES) {
      var hardness = 0.0;
      var tag = i | ABSENT;
      if (i < uniforms.samples) {
        let score = sign * probabilityAt(i, columnOf(c, SCORE));
        let membership = membershipOf(i, c);
        if (membership == 1) {
          hardness = -score;
          tag = i;
        } else if (membership == 0) {
          hardness = score;
          tag = i | OTHERS;
        }
      }
      put(i, hardness, tag);
    }
    for (var block = 2; block <= uniforms.sortLength; block = block * 2) {
      for (var gap = block / 2; gap > 0; gap = gap / 2) {
        ${shared ? 'workgroupBarrier' : 'storageBarrier'}();
        for (var pair = lane(); pair < uniforms.sortLength / 2; pair = pair + LANES) {
          let x = 2 * pair - (pair & (gap - 1));
          let y = x + gap;
          if (comesBefore(y, x) == ((x & block) == 0)) {
            let hardness = hardnessAt(x);
            let tag = tagAt(x);
            put(x, hardnessAt(y), tagAt(y));
            put(y, hardness, tag);
          }
        }
      }
    }
    ${shared ? COPY : ''}
  }`;
}

const inWorkgroup = (length: number) => `
  var<workgroup> shared_hardness : array<f32, ${length}>;
  var<workgroup> shared_tag : array<i32, ${length}>;
  fn hardnessAt(x : i32) -> f32 { return shared_hardness[x]; }
  fn tagAt(x : i32) -> i32 { return shared_tag[x]; }
  fn put(x : i32, hardness : f32, tag : i32) {
    shared_hardness[x] = hardness;
    shared_tag[x] = tag;
  }`;

const COPY = `
    workgroupBarrier();
    for (var x = lane(); x < uniforms.sortLength; x = x + LANES) {
      result[base + 3 + x] = bitcast<i32>(hardnessAt(x));
      result[base + 3 + uniforms.sortLength + x] = tagAt(x);
    }`;

const IN_RESULT = `
  fn hardnessAt(x : i32) -> f32 { return bitcast<f32>(result[base + 3 + x]); }
  fn tagAt(x : i32) -> i32 { return result[base + 3 + uniforms.sortLength + x]; }
  fn put(x : i32, hardness : f32, tag : i32) {
    result[base + 3 + x] = bitcast<i32>(hardness);
    result[base + 3 + uniforms.sortLength + x] = tag;
  }`;
