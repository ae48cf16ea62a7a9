/**
 * How labels and scores are read, in WGSL, by encoding.
 *
 * @module
 */
import type { Schema } from '../../../../spec/contract.js';
import { SMALLEST_PROBABILITY } from '../../../../spec/scores.js';

/** Whether a pass over the rows comes first. */
export function needsRows({ encoding, fromLogits }: Schema): boolean {
  return fromLogits || encoding === 'categorical';
}

/**
 * The buffer of rows holds the bits of n×S probabilities where scores are logits, then, where labels
 * are one-hot, n×J class indices, then n×J log Σ exp.
 */
export function rowWords({ encoding, fromLogits, scoreWidth, attributes }: Schema, samples: number): number {
  const own = encoding === 'categorical' ? attributes.length : 0;
  return samples * (fromLogits ? scoreWidth + 2 * own : own);
}

/** Functions over one cell of labels or scores. */
export function reading(schema: Schema): string {
  const { encoding, fromLogits } = schema;
  return `
    /** As given; tfjs casts no data where the new type holds more: memory of float32 may hold int32. */
    fn scoreAt(i : i32, s : i32) -> f32 { return f32(scores[i * uniforms.width + s]); }

    fn probabilityAt(i : i32, s : i32) -> f32 {
      ${fromLogits ? 'return bitcast<f32>(rows[i * uniforms.width + s]);' : 'return scoreAt(i, s);'}
    }
    ${standings(schema)}
    ${encoding === 'categorical' ? categorical(fromLogits) : binary(encoding, fromLogits)}
  `;
}

/** `standing` of a sample under a class column: 1 of the class, 0 not of it, −1 unlabelled. */
export function standings({ encoding, fromLogits }: Schema): string {
  return STANDING[encoding](fromLogits);
}

const STANDING = {
  categorical: (fromLogits: boolean) => `
    fn classPlace(i : i32, j : i32) -> i32 {
      return ${fromLogits ? 'uniforms.samples * uniforms.width + ' : ''}i * uniforms.attributes + j;
    }
    fn standing(i : i32, c : i32) -> i32 {
      let own = rows[classPlace(i, columnOf(c, ATTRIBUTE))];
      if (own < 0) { return -1; }
      return select(0, 1, columnOf(c, FIRST) + own == c);
    }`,
  'multi-label': () => `
    fn standing(i : i32, c : i32) -> i32 {
      let label = f32(labels[i * uniforms.width + columnOf(c, SCORE)]);
      if (label < 0.0) { return -1; }
      return select(0, 1, (label > 0.5) == (columnOf(c, SIGN) > 0));
    }`,
  'one-attribute': () => `
    fn standing(i : i32, c : i32) -> i32 {
      return select(0, 1, f32(labels[i * uniforms.width + c]) > 0.5);
    }`,
} as const;

const FLOOR = `const SMALLEST = ${SMALLEST_PROBABILITY.toExponential()};`;

/** A class's share of L_ce, of one sample, and ∂/∂score before it is divided by n. */
function categorical(fromLogits: boolean): string {
  return fromLogits
    ? `
    fn entropyOf(i : i32, c : i32, stands : i32) -> f32 {
      if (stands != 1) { return 0.0; }
      let total = rows[classPlace(i, columnOf(c, ATTRIBUTE)) + uniforms.samples * uniforms.attributes];
      return bitcast<f32>(total) - scoreAt(i, c);
    }
    fn entropySlope(i : i32, s : i32) -> f32 {
      let stands = standing(i, s);
      if (stands < 0) { return 0.0; }
      return probabilityAt(i, s) - f32(stands);
    }`
    : `
    ${FLOOR}
    fn entropyOf(i : i32, c : i32, stands : i32) -> f32 {
      if (stands != 1) { return 0.0; }
      return -log(max(probabilityAt(i, c), SMALLEST));
    }
    fn entropySlope(i : i32, s : i32) -> f32 {
      let p = probabilityAt(i, s);
      if (standing(i, s) != 1 || !(p > SMALLEST)) { return 0.0; }
      return -1.0 / p;
    }`;
}

/** The same where each score stands for itself: a label's two columns, if it has two, each tell their own side. */
function binary(encoding: 'multi-label' | 'one-attribute', fromLogits: boolean): string {
  const two = encoding === 'multi-label';
  return `
    ${fromLogits ? '' : FLOOR}
    fn entropyOf(i : i32, c : i32, stands : i32) -> f32 {
      ${two ? 'if (stands != 1) { return 0.0; }' : ''}
      let present = ${two ? 'columnOf(c, SIGN) > 0' : 'stands == 1'};
      let s = columnOf(c, SCORE);
      ${
        fromLogits
          ? `let z = scoreAt(i, s);
      return max(z, 0.0) - select(0.0, z, present) + log(1.0 + exp(-abs(z)));`
          : `let p = probabilityAt(i, s);
      return -log(max(select(1.0 - p, p, present), SMALLEST));`
      }
    }
    fn entropySlope(i : i32, s : i32) -> f32 {
      let label = f32(labels[i * uniforms.width + s]);
      if (label < 0.0) { return 0.0; }
      let p = probabilityAt(i, s);
      ${
        fromLogits
          ? 'return p - select(0.0, 1.0, label > 0.5);'
          : `let own = select(1.0 - p, p, label > 0.5);
      if (!(own > SMALLEST)) { return 0.0; }
      return select(1.0, -1.0, label > 0.5) / own;`
      }
    }`;
}
