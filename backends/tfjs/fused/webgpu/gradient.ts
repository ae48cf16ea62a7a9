/**
 * The program that computes ∂L/∂scores (Eq. 8), in WGSL.
 *
 * @module
 */
import type { Options, Schema } from '../../../../spec/contract.js';
import { TABLE } from './layout.js';
import { COUNTS, SURVIVES } from './lists.js';
import { PRELUDE } from './prelude.js';
import { reading } from './reading.js';
import { type Form, UPSTREAM } from './upstream.js';

/** Whether a workgroup takes the scores of one attribute, which a softmax joins, instead of a whole row. */
function byAttribute({ encoding, fromLogits }: Schema): boolean {
  return encoding === 'categorical' && fromLogits;
}

/** Workgroups of the program. */
export function gradientGroups(schema: Schema, samples: number): number {
  return samples * (byAttribute(schema) ? schema.attributes.length : 1);
}

/**
 * One workgroup per row, or per row and attribute. At class level a lane adds up the slopes of the class columns
 * that its score belongs to; at instance level L_crl does not depend on scores. The result is n×S.
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

/** L_crl is multiplied by the upstream derivatives of all samples, a sample's cross entropy by its own. */
const SLOPE: Record<Form, string> = {
  total: 'all * (weight * own + entropy / f32(uniforms.samples))',
  perSample: 'all * weight * own + upstream[i] * entropy',
};

const SLOPES = `
  ${SURVIVES}
  ${COUNTS}
  fn slopeOf(i : i32, s : i32) -> f32 {
    let each = uniforms.classes / uniforms.width; // two class columns per score, or one
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
