/**
 * The program over the rows: probabilities of logits, and class indices of one-hot labels, in WGSL.
 *
 * @module
 */
import type { Schema } from '../../../../spec/contract.js';
import { TABLE } from './layout.js';
import { PRELUDE } from './prelude.js';

/** One workgroup per sample and attribute for categorical labels, else one lane per score. */
export function rowsSource({ encoding, fromLogits }: Schema): string {
  return encoding === 'categorical' ? oneHot(fromLogits) : SIGMOID;
}

/** 1/(1 + e^−z), in the form that does not overflow for the sign of z. */
const SIGMOID = `
  fn main(at : i32) {
    if (at >= uniforms.samples * uniforms.width) { return; }
    let z = f32(scores[at]);
    let e = exp(-abs(z));
    result[at] = bitcast<i32>(select(e, 1.0, z >= 0.0) / (1.0 + e));
  }`;

function oneHot(fromLogits: boolean): string {
  return `
  ${PRELUDE}
  ${TABLE}
  ${fromLogits ? MAXIMUM : ''}
  fn main(at : i32) {
    let group = groupIndex();
    let pairs = uniforms.samples * uniforms.attributes;
    if (group >= pairs) { return; }
    let j = group % uniforms.attributes;
    let row = (group / uniforms.attributes) * uniforms.width;
    let first = firstOf(j);
    let end = firstOf(j + 1);
    var own = 0.0;
    for (var c = first + lane(); c < end; c = c + LANES) {
      if (f32(labels[row + c]) == 1.0) { own = f32(c - first + 1); }
    }
    let found = i32(sumLanes(own)) - 1;
    ${fromLogits ? 'let before = uniforms.samples * uniforms.width;' : 'let before = 0;'}
    if (lane() == 0) { result[before + group] = found; }
    ${fromLogits ? SOFTMAX : ''}
  }`;
}

const MAXIMUM = `
  fn maxLanes(x : f32) -> f32 {
    shared_sums[localIndex] = x;
    for (var step = u32(LANES) / 2u; step > 0u; step = step / 2u) {
      workgroupBarrier();
      if (localIndex < step) {
        shared_sums[localIndex] = max(shared_sums[localIndex], shared_sums[localIndex + step]);
      }
    }
    return workgroupUniformLoad(&shared_sums[0]);
  }`;

const SOFTMAX = `
    var most = -3.4e38;
    for (var c = first + lane(); c < end; c = c + LANES) { most = max(most, f32(scores[row + c])); }
    let largest = maxLanes(most);
    var sum = 0.0;
    for (var c = first + lane(); c < end; c = c + LANES) { sum = sum + exp(f32(scores[row + c]) - largest); }
    let total = sumLanes(sum);
    for (var c = first + lane(); c < end; c = c + LANES) {
      result[row + c] = bitcast<i32>(exp(f32(scores[row + c]) - largest) / total);
    }
    if (lane() == 0) { result[before + pairs + group] = bitcast<i32>(largest + log(total)); }`;
