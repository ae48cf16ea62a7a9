/**
 * The κ hardest samples of one side of an anchor (Eq. 6, 7), found by the bits of their distances, in WGSL.
 *
 * @module
 */

const BINS = 256;

/**
 * A sample's word is the bits of its squared distance: as integers they are ordered as the numbers are. The
 * highest bit is set if the sample is of the anchor's class. The hardest samples have the smallest keys: of the
 * others the key is the word, of members the word with all bits inverted. The κ-th key is found byte by byte, by
 * counting. Of the samples with that key, the lowest indices are taken (ruling: mined order).
 *
 * All lanes take part in both functions. The caller defines `wordAt(k)` and `put(place, k)`.
 */
export const HARDEST = `
  const ABSENT = 0xffffffffu;
  const MEMBER = 0x80000000u;
  const OTHERS_SIDE = 0u;
  const MEMBERS_SIDE = 0xffffffffu;
  var<workgroup> bins : array<atomic<u32>, ${BINS}>;
  var<workgroup> found_bin : u32;
  var<workgroup> found_left : i32;

  /** A candidate's key is below MEMBER. */
  fn keyOf(k : i32, side : u32) -> u32 {
    let word = wordAt(k);
    return select(word ^ side, ABSENT, word == ABSENT);
  }

  /** The last key that is taken, and how many of the samples with that key are taken. */
  struct Threshold { key : u32, ties : i32 };

  /** @param keep - how many of the \`count\` candidates are taken */
  fn thresholdOf(side : u32, keep : i32, count : i32) -> Threshold {
    if (keep >= count) { return Threshold(MEMBER - 1u, count); }
    var key = 0u;
    var left = keep;
    for (var byte = 0u; byte < 4u; byte = byte + 1u) {
      let shift = 24u - 8u * byte;
      for (var bin = lane(); bin < ${BINS}; bin = bin + LANES) { atomicStore(&bins[bin], 0u); }
      workgroupBarrier();
      for (var k = lane(); k < uniforms.samples; k = k + LANES) {
        let own = keyOf(k, side);
        let bin = (own ^ key) >> shift; // the next byte, of keys that begin alike
        if (own < MEMBER && bin < ${BINS}u) { atomicAdd(&bins[bin], 1u); }
      }
      workgroupBarrier();
      let each = ${BINS} / LANES;
      var held = 0;
      for (var bin = each * lane(); bin < each * (lane() + 1); bin = bin + 1) {
        held = held + i32(atomicLoad(&bins[bin]));
      }
      var before = countBefore(held);
      if (before < left && left <= before + held) {
        var bin = each * lane();
        while (before + i32(atomicLoad(&bins[bin])) < left) {
          before = before + i32(atomicLoad(&bins[bin]));
          bin = bin + 1;
        }
        found_bin = u32(bin);
        found_left = left - before;
      }
      key = key | (workgroupUniformLoad(&found_bin) << shift);
      left = workgroupUniformLoad(&found_left);
    }
    return Threshold(key, left);
  }

  /** Writes the samples up to a threshold from a place on, by ascending index. */
  fn gather(side : u32, threshold : Threshold, first : i32) {
    var below = 0;
    var ties = 0;
    for (var k = runOf(lane()); k < runOf(lane() + 1); k = k + 1) {
      let key = keyOf(k, side);
      if (key < threshold.key) { below = below + 1; }
      if (key == threshold.key) { ties = ties + 1; }
    }
    var tied = countBefore(ties);
    var place = first + countBefore(below) + min(tied, threshold.ties);
    for (var k = runOf(lane()); k < runOf(lane() + 1); k = k + 1) {
      let key = keyOf(k, side);
      if (key == threshold.key) { tied = tied + 1; }
      if (key < threshold.key || (key == threshold.key && tied <= threshold.ties)) {
        put(place, k);
        place = place + 1;
      }
    }
  }
`;
