/**
 * How labels and scores of each encoding are read, in WGSL.
 *
 * @module
 */
import type { Schema } from '../../../../spec/contract.js';
import { SMALLEST_PROBABILITY } from '../../../../spec/scores.js';

/** Whether the program over the rows runs first. */
export function needsRows({ encoding, fromLogits }: Schema): boolean {
  return fromLogits || encoding === 'categorical';
}

/**
 * Words of the buffer of rows. It holds the bits of n×S probabilities if scores are logits; then, if labels are
 * one-hot, n×J class indices; then the bits of n×J log Σ exp if both.
 */
export function rowWords({ encoding, fromLogits, scoreWidth, attributes }: Schema, samples: number): number {
  const own = encoding === 'categorical' ? attributes.length : 0;
  return samples * (fromLogits ? scoreWidth + 2 * own : own);
}

/** Functions of one cell of the labels or scores. */
export function reading(schema: Schema): string {
  const { encoding, fromLogits } = schema;
  return `
    /** The score as given. Converted: tfjs may leave int32 data in the memory of a tensor cast to float32. */
    fn scoreAt(i : i32, s : i32) -> f32 { return f32(scores[i * uniforms.width + s]); }

    fn probabilityAt(i : i32, s : i32) -> f32 {
      ${fromLogits ? 'return bitcast<f32>(rows[i * uniforms.width + s]);' : 'return scoreAt(i, s);'}
    }
    ${memberships(schema)}
    ${encoding === 'categorical' ? categorical(fromLogits) : binary(encoding, fromLogits)}
  `;
}

/** `membershipOf(i, c)`: 1 if sample i is of class column c, 0 if it is not, −1 if it is unlabelled. */
export function memberships({ encoding, fromLogits }: Schema): string {
  return MEMBERSHIP[encoding](fromLogits);
}

const MEMBERSHIP = {
  categorical: (fromLogits: boolean) => `
    fn classPlace(i : i32, j : i32) -> i32 {
      return ${fromLogits ? 'uniforms.samples * uniforms.width + ' : ''}i * uniforms.attributes + j;
    }
    fn membershipOf(i : i32, c : i32) -> i32 {
      let own = rows[classPlace(i, columnOf(c, ATTRIBUTE))];
      if (own < 0) { return -1; }
      return select(0, 1, columnOf(c, FIRST) + own == c);
    }`,
  'multi-label': () => `
    fn membershipOf(i : i32, c : i32) -> i32 {
      let label = f32(labels[i * uniforms.width + columnOf(c, SCORE)]);
      if (label < 0.0) { return -1; }
      return select(0, 1, (label > 0.5) == (columnOf(c, SIGN) > 0));
    }`,
  'one-attribute': () => `
    fn membershipOf(i : i32, c : i32) -> i32 {
      return select(0, 1, f32(labels[i * uniforms.width + c]) > 0.5);
    }`,
} as const;

const FLOOR = `const SMALLEST = ${SMALLEST_PROBABILITY.toExponential()};`;

/** What a class column adds to the cross entropy ce_i of a sample, and ∂ce_i/∂score. */
function categorical(fromLogits: boolean): string {
  return fromLogits
    ? `
    fn entropyOf(i : i32, c : i32, membership : i32) -> f32 {
      if (membership != 1) { return 0.0; }
      let total = rows[classPlace(i, columnOf(c, ATTRIBUTE)) + uniforms.samples * uniforms.attributes];
      return bitcast<f32>(total) - scoreAt(i, c);
    }
    fn entropySlope(i : i32, s : i32) -> f32 {
      let membership = membershipOf(i, s);
      if (membership < 0) { return 0.0; }
      return probabilityAt(i, s) - f32(membership);
    }`
    : `
    ${FLOOR}
    fn entropyOf(i : i32, c : i32, membership : i32) -> f32 {
      if (membership != 1) { return 0.0; }
      return -log(max(probabilityAt(i, c), SMALLEST));
    }
    fn entropySlope(i : i32, s : i32) -> f32 {
      let p = probabilityAt(i, s);
      if (membershipOf(i, s) != 1 || !(p > SMALLEST)) { return 0.0; }
      return -1.0 / p;
    }`;
}

/** The same for labels of 0 and 1. Of the two class columns of a multi-label score, each adds its own side. */
function binary(encoding: 'multi-label' | 'one-attribute', fromLogits: boolean): string {
  const two = encoding === 'multi-label';
  return `
    ${fromLogits ? '' : FLOOR}
    fn entropyOf(i : i32, c : i32, membership : i32) -> f32 {
      ${two ? 'if (membership != 1) { return 0.0; }' : ''}
      let present = ${two ? 'columnOf(c, SIGN) > 0' : 'membership == 1'};
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
