/**
 * The pass that gives ∂L/∂scores (Eq. 8), in WGSL.
 *
 * @module
 */
import type { Comparison, Schema } from '../../../spec/contract.js';
import { TABLE } from './layout.js';
import { COUNTS, LISTS } from './lists.js';
import { PRELUDE } from './prelude.js';
import { reading } from './reading.js';

/** Whether a row is taken in parts, an attribute each: a softmax joins its scores. */
function byAttribute({ encoding, fromLogits }: Schema): boolean {
  return encoding === 'categorical' && fromLogits;
}

/** Workgroups of the program. */
export function gradientGroups(schema: Schema, samples: number): number {
  return samples * (byAttribute(schema) ? schema.attributes.length : 1);
}

/**
 * A workgroup a row, or a row and attribute; a lane looks up the slope of its score in the class columns
 * that the score stands for. The result is n×S.
 */
export function gradientSource(schema: Schema, comparison: Comparison): string {
  const softmax = byAttribute(schema);
  return `
  ${PRELUDE}
  ${TABLE}
  ${reading(schema)}
  ${LISTS}
  ${COUNTS}
  fn slopeOf(i : i32, s : i32) -> f32 {
    let each = uniforms.classes / uniforms.width; // two class columns a score, or one
    var slope = 0.0;
    for (var c = s * each; c < (s + 1) * each; c = c + 1) {
      if (survives(c)) { slope = slope + f32(columnOf(c, SIGN)) * slopes[c * uniforms.slopeWords + i]; }
    }
    return slope;
  }

  fn main(at : i32) {
    let group = groupIndex();
    let parts = ${softmax ? 'uniforms.attributes' : '1'};
    if (group >= uniforms.samples * parts) { return; }
    let i = group / parts;
    let first = ${softmax ? 'firstOf(group % parts)' : '0'};
    let end = ${softmax ? 'firstOf(group % parts + 1)' : 'uniforms.width'};
    let weight = uniforms.alpha${comparison === 'relative' ? ' / max(countAll(TRIPLETS), 1.0)' : ''};
    ${softmax ? MEAN : ''}
    for (var s = first + lane(); s < end; s = s + LANES) {
      let slope = slopeOf(i, s);
      let p = probabilityAt(i, s);
      let own = ${softmax ? 'p * (slope - mean)' : schema.fromLogits ? 'p * (1.0 - p) * slope' : 'slope'};
      result[i * uniforms.width + s] =
        weight * own + uniforms.beta * entropySlope(i, s) / f32(uniforms.samples);
    }
  }`;
}

const MEAN = `
    var part = 0.0;
    for (var s = first + lane(); s < end; s = s + LANES) { part = part + probabilityAt(i, s) * slopeOf(i, s); }
    let mean = sumLanes(part);`;
