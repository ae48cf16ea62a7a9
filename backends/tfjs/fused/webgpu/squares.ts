/**
 * Squared distances of samples to a block of anchors, in WGSL.
 *
 * They are sums of squared differences. The form |a|² + |b|² − 2ab of a matrix product loses small distances
 * between long vectors to rounding, so that equal distances differ and the mined order breaks (ruling: mined
 * order). A workgroup shares tiles as a matrix product does, with the same loads and one more subtraction per
 * product.
 *
 * @module
 */
import { LANES } from './prelude.js';

/** Anchors per block: the sums that a lane computes side by side. */
export const BLOCK = 4;

/** Components per tile of {@link LANES} samples. Features of the suite are longer, so that loops over tiles are tested. */
const CHUNK = 8;

/** One number of the features as they were given; rows are numbered through all matrices. */
export const FEATURES = `
  fn featureAt(row : i32, t : i32) -> f32 { return f32(features[row * uniforms.dimensions + t]); }
`;

/** The squared distances of sample `first + lane()` to the anchors in `block_sample`. All lanes take part. */
export const SQUARES = `
  ${FEATURES}
  const CHUNK = ${CHUNK};
  var<workgroup> block_sample : array<i32, ${BLOCK}>;
  var<workgroup> block_tile : array<vec${BLOCK}<f32>, ${CHUNK}>;
  var<workgroup> tile : array<f32, ${LANES * (CHUNK + 1)}>; // one column more than is used, so that lanes read different memory banks

  /** @param matrix - the row where the matrix begins */
  fn squaresTo(first : i32, matrix : i32) -> vec${BLOCK}<f32> {
    var sums = vec${BLOCK}<f32>();
    for (var from_t = 0; from_t < uniforms.dimensions; from_t = from_t + CHUNK) {
      let count = min(CHUNK, uniforms.dimensions - from_t);
      workgroupBarrier();
      for (var e = lane(); e < LANES * CHUNK; e = e + LANES) {
        let k = first + e / CHUNK;
        let t = e % CHUNK;
        if (k < uniforms.samples && t < count) {
          tile[(e / CHUNK) * (CHUNK + 1) + t] = featureAt(matrix + k, from_t + t);
        }
      }
      if (lane() < count) {
        for (var b = 0; b < ${BLOCK}; b = b + 1) {
          let row = matrix + block_sample[b];
          block_tile[lane()][b] = featureAt(row, from_t + lane());
        }
      }
      workgroupBarrier();
      for (var t = 0; t < count; t = t + 1) {
        let gap = block_tile[t] - vec${BLOCK}<f32>(tile[lane() * (CHUNK + 1) + t]);
        sums = sums + gap * gap;
      }
    }
    return sums;
  }
`;
