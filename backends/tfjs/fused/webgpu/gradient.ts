/**
 * The pass that gives ∂L/∂scores (Eq. 8), in WGSL.
 *
 * @module
 */
import type { Options, Schema } from '../../../../spec/contract.js';
import { TABLE } from './layout.js';
import { COUNTS, SURVIVES } from './lists.js';
import { PRELUDE } from './prelude.js';
import { reading } from './reading.js';
import { type Form, UPSTREAM } from './upstream.js';

/** Whether a row is taken in parts, an attribute each: a softmax joins its scores. */
function byAttribute({ encoding, fromLogits }: Schema): boolean {
  return encoding === 'categorical' && fromLogits;
}

/** Workgroups of the program. */
export function gradientGroups(schema: Schema, samples: number): number {
  return samples * (byAttribute(schema) ? schema.attributes.length : 1);
}

/**
 * A workgroup a row, or a row and attribute. At class level a lane looks up the slope of its score in the
 * class columns that the score stands for; at instance level L_crl has none. The result is n×S.
 *
 * @param form - of the loss: the upstream derivative is one number, or one per sample
 */
export function gradientSource(schema: Schema, { level, comparison }: Options, form: Form): string {
  const softmax = byAttribute(schema);
  const withScores = level === 'class';
  return `
  ${PRELUDE}
  ${TABLE}
  ${reading(schema)}
  ${withScores ? SLOPES : ''}
  ${UPSTREAM[form]}
  fn main(at : i32) {
    let group = groupIndex();
    let parts = ${softmax ? 'uniforms.attributes' : '1'};
    if (group >= uniforms.samples * parts) { return; }
    let i = group / parts;
    let first = ${softmax ? 'firstOf(group % parts)' : '0'};
    let end = ${softmax ? 'firstOf(group % parts + 1)' : 'uniforms.width'};
    let all = upstreamOfAll();
    let weight = uniforms.alpha${withScores && comparison === 'relative' ? ' / max(countAll(TRIPLETS), 1.0)' : ''};
    ${withScores && softmax ? MEAN : ''}
    for (var s = first + lane(); s < end; s = s + LANES) {
      var own = 0.0;
      ${withScores ? ownSlope(schema) : ''}
      let entropy = uniforms.beta * entropySlope(i, s);
      result[i * uniforms.width + s] = ${SLOPE[form]};
    }
  }`;
}

/** With δ: a sample's cross entropy is multiplied by its own, L_crl by that of all. */
const SLOPE: Record<Form, string> = {
  total: 'all * (weight * own + entropy / f32(uniforms.samples))',
  perSample: 'all * weight * own + upstream[i] * entropy',
};

const SLOPES = `
  ${SURVIVES}
  ${COUNTS}
  fn slopeOf(i : i32, s : i32) -> f32 {
    let each = uniforms.classes / uniforms.width; // two class columns a score, or one
    var slope = 0.0;
    for (var c = s * each; c < (s + 1) * each; c = c + 1) {
      if (survives(c)) { slope = slope + f32(columnOf(c, SIGN)) * slopes[c * uniforms.slopeWords + i]; }
    }
    return slope;
  }`;

function ownSlope(schema: Schema): string {
  return `
      let slope = slopeOf(i, s);
      let p = probabilityAt(i, s);
      own = ${byAttribute(schema) ? 'p * (slope - mean)' : schema.fromLogits ? 'p * (1.0 - p) * slope' : 'slope'};`;
}

const MEAN = `
    var part = 0.0;
    for (var s = first + lane(); s < end; s = s + LANES) { part = part + probabilityAt(i, s) * slopeOf(i, s); }
    let mean = sumLanes(part);`;
