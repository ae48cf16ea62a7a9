/**
 * Squared distances of samples to a block of anchors, in WGSL.
 *
 * They are sums of squared differences, not |a|² + |b|² − 2ab of a matrix product: that loses small
 * distances between long vectors to rounding, so that equal ones (ruling: mined order) are told apart and
 * others are not, and what it leaves undecided would have to be computed anew, for as many samples as the
 * data say. A workgroup shares its tiles as a matrix product does: the same loads, and a subtraction more for
 * each product.
 *
 * @module
 */
import { LANES } from './prelude.js';

/** Anchors of a block: what a lane sums side by side. */
export const BLOCK = 4;

/** Components that a workgroup holds at a time, of {@link LANES} samples; the suite's features have more. */
const CHUNK = 8;

/** One number of the features, whose rows are those of all matrices: as given, as scores are read. */
export const FEATURES = `
  fn featureAt(row : i32, t : i32) -> f32 { return f32(features[row * uniforms.dimensions + t]); }
`;

/** After `block_sample` is set: the squared distances of sample `first` + `lane()`; all lanes take part. */
export const SQUARES = `
  ${FEATURES}
  const CHUNK = ${CHUNK};
  var<workgroup> block_sample : array<i32, ${BLOCK}>;
  var<workgroup> block_tile : array<vec${BLOCK}<f32>, ${CHUNK}>;
  var<workgroup> tile : array<f32, ${LANES * (CHUNK + 1)}>; // a column more than is used: lanes read other banks

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
