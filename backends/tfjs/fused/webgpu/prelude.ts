/**
 * What the programs' workgroups do together, in WGSL.
 *
 * @module
 */

/** Lanes of a workgroup. */
export const LANES = 64;

/**
 * Barriers may only stand where all lanes come by, and a compiler must be able to see that: it does
 * for what `workgroupUniformLoad` gave. Sums are trees of one shape, so that they are the same in
 * every run.
 */
export const PRELUDE = `
  const LANES = ${LANES};
  var<workgroup> shared_number : i32;
  var<workgroup> shared_sums : array<f32, ${LANES}>;

  fn lane() -> i32 { return i32(localIndex); }

  /** What lane 0 has, for all. */
  fn sameForAll(x : i32) -> i32 {
    if (localIndex == 0u) { shared_number = x; }
    return workgroupUniformLoad(&shared_number);
  }

  /** Which workgroup this is; the last may be one too many. */
  fn groupIndex() -> i32 {
    return sameForAll(i32((workgroupId.z * numWorkgroups.y + workgroupId.y) * numWorkgroups.x + workgroupId.x));
  }

  fn sumLanes(x : f32) -> f32 {
    shared_sums[localIndex] = x;
    for (var step = ${LANES / 2}u; step > 0u; step = step / 2u) {
      workgroupBarrier();
      if (localIndex < step) {
        shared_sums[localIndex] = shared_sums[localIndex] + shared_sums[localIndex + step];
      }
    }
    return workgroupUniformLoad(&shared_sums[0]);
  }
`;

/** What comes after {@link PRELUDE} where lanes that each take a run of samples write one list. */
export const BEFORE = `
  var<workgroup> shared_counts : array<i32, ${LANES}>;

  /** What the lanes before this one have, in all. */
  fn countBefore(x : i32) -> i32 {
    workgroupBarrier();
    shared_counts[localIndex] = x;
    workgroupBarrier();
    var before = 0;
    for (var l = 0; l < lane(); l = l + 1) { before = before + shared_counts[l]; }
    return before;
  }

  /** Where the run of this lane begins; the next lane's begins where it ends. */
  fn runOf(l : i32) -> i32 {
    return min(l * ((uniforms.samples + LANES - 1) / LANES), uniforms.samples);
  }
`;
