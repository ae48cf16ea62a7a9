/**
 * What the lanes of a workgroup do together, in WGSL.
 *
 * @module
 */

/** Lanes of a workgroup. */
export const LANES = 64;

/**
 * A barrier is allowed only where all lanes reach it, and the compiler must be able to prove that. It can for
 * branches on a result of `workgroupUniformLoad`. Sums are trees of a fixed shape, so that every run gives
 * the same bits.
 */
export const PRELUDE = `
  const LANES = ${LANES};
  var<workgroup> shared_number : i32;
  var<workgroup> shared_sums : array<f32, ${LANES}>;

  fn lane() -> i32 { return i32(localIndex); }

  /** The argument of lane 0, for all lanes. */
  fn sameForAll(x : i32) -> i32 {
    if (localIndex == 0u) { shared_number = x; }
    return workgroupUniformLoad(&shared_number);
  }

  /** The index of this workgroup. There may be a few more workgroups than were asked for. */
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

/** Follows {@link PRELUDE} in programs whose lanes each take a run of samples and write one list together. */
export const BEFORE = `
  var<workgroup> shared_counts : array<i32, ${LANES}>;

  /** The sum of the arguments of the lanes before this one. */
  fn countBefore(x : i32) -> i32 {
    workgroupBarrier();
    shared_counts[localIndex] = x;
    workgroupBarrier();
    var before = 0;
    for (var l = 0; l < lane(); l = l + 1) { before = before + shared_counts[l]; }
    return before;
  }

  /** The first sample of a lane's run, which ends where the next lane's begins. */
  fn runOf(l : i32) -> i32 {
    return min(l * ((uniforms.samples + LANES - 1) / LANES), uniforms.samples);
  }
`;
