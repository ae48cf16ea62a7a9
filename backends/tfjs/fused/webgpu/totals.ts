/**
 * The program that computes L, or another scalar of a walk, in WGSL.
 *
 * @module
 */
import type { Options } from '../../../../spec/contract.js';
import { chosenIn } from './chosen.js';
import { COUNTS, SURVIVES } from './lists.js';
import { PRELUDE } from './prelude.js';

/** The scalars that the program can compute; its uniform `wanted` is the index of one. */
export const SCALARS = [
  'loss',
  'rectification',
  'crossEntropy',
  'anchors',
  'triplets',
  'checkedRectification',
] as const;

/**
 * One workgroup; the result is a scalar. L is NaN if a score or the square of a distance is not finite
 * (ruling: probabilities), and so is the checked L_crl, which the losses of the samples are made of.
 */
export function totalsSource({ level, comparison }: Options): string {
  return `
  ${PRELUDE}
  ${SURVIVES}
  ${COUNTS}
  ${level === 'instance' ? chosenIn('chosen') : ''}
  ${comparison === 'distribution' ? OVERLAP : SUM[level]}
  fn main(at : i32) {
    let rectification = rectificationOf()${comparison === 'relative' ? ' / max(countAll(TRIPLETS), 1.0)' : ''};
    var terms = 0.0;
    var not_finite = 0.0;
    for (var c = lane(); c < uniforms.classes; c = c + LANES) {
      terms = terms + columns[uniforms.classes + c];
      not_finite = not_finite + columns[2 * uniforms.classes + c];
    }
    ${level === 'instance' ? NOT_FINITE : ''}
    let entropy = sumLanes(terms) / f32(uniforms.samples);
    let not_finite_all = sumLanes(not_finite);
    let anchors = countAll(ANCHORS);
    let triplets = countAll(TRIPLETS);
    if (lane() != 0) { return; }
    var found = uniforms.alpha * rectification + uniforms.beta * entropy;
    if (uniforms.wanted == 5) { found = rectification; }
    if (not_finite_all > 0.0) { found = uniforms.NAN; }
    if (uniforms.wanted == 1) { found = rectification; }
    if (uniforms.wanted == 2) { found = entropy; }
    if (uniforms.wanted == 3) { found = anchors; }
    if (uniforms.wanted == 4) { found = triplets; }
    result[0] = found;
  }`;
}

const NOT_FINITE = `
    for (var slot = lane(); slot < uniforms.slots; slot = slot + LANES) { not_finite = not_finite + f32(notFiniteIn(slot)); }`;

/** The sum of what each class, or each anchor, adds to L_crl. */
const SUM = {
  class: `
  fn rectificationOf() -> f32 {
    var sum = 0.0;
    for (var c = lane(); c < uniforms.classes; c = c + LANES) {
      if (survives(c)) { sum = sum + slopes[c * uniforms.slopeWords + uniforms.samples]; }
    }
    return sumLanes(sum);
  }`,
  instance: `
  fn rectificationOf() -> f32 {
    var sum = 0.0;
    for (var slot = lane(); slot < uniforms.slots; slot = slot + LANES) { sum = sum + shareOf(slot); }
    return sumLanes(sum);
  }`,
} as const;

/** Eq. 16. A lane takes a run of nodes, and starts from the sum of the lanes before it. */
const OVERLAP = `
  fn rectificationOf() -> f32 {
    let run = (uniforms.bins + LANES - 1) / LANES;
    let first = lane() * run;
    let end = min(first + run, uniforms.bins);
    var own = 0.0;
    for (var t = first; t < end; t = t + 1) { own = own + heights[uniforms.bins + t]; }
    shared_sums[localIndex] = own;
    workgroupBarrier();
    var nearer = 0.0;
    for (var l = 0; l < lane(); l = l + 1) { nearer = nearer + shared_sums[l]; }
    workgroupBarrier();
    var sum = 0.0;
    for (var t = first; t < end; t = t + 1) {
      nearer = nearer + heights[uniforms.bins + t];
      sum = sum + heights[t] * nearer;
    }
    return sumLanes(sum);
  }`;
