/**
 * The κ hardest of one side of an anchor (Eq. 6, 7), by their bits, in WGSL.
 *
 * @module
 */

const BINS = 256;

/**
 * A sample's word is the bits of its squared distance, which as integers keep the order of numbers from 0;
 * with the highest bit set it is of the anchor's class. A side's key ascends with hardness: of others
 * the word, of members all its bits turned. The κ-th key is found a byte at a time, by counting; of those that
 * have it, the lowest indices are taken (ruling: mined order).
 *
 * Of both functions all lanes take part. `wordAt(k)` and `put(place, k)` are the caller's.
 */
export const HARDEST = `
  const NOBODY = 0xffffffffu;
  const MEMBER = 0x80000000u;
  const OTHERS_SIDE = 0u;
  const MEMBERS_SIDE = 0xffffffffu;
  var<workgroup> bins : array<atomic<u32>, ${BINS}>;
  var<workgroup> found_bin : u32;
  var<workgroup> found_left : i32;

  /** Below MEMBER: a candidate. */
  fn keyOf(k : i32, side : u32) -> u32 {
    let word = wordAt(k);
    return select(word ^ side, NOBODY, word == NOBODY);
  }

  /** The last key that is taken, and how many of those that have it. */
  struct Bar { key : u32, ties : i32 };

  /** @param keep - how many of \`count\` candidates are taken */
  fn barOf(side : u32, keep : i32, count : i32) -> Bar {
    if (keep >= count) { return Bar(MEMBER - 1u, count); }
    var key = 0u;
    var left = keep;
    for (var byte = 0u; byte < 4u; byte = byte + 1u) {
      let shift = 24u - 8u * byte;
      for (var bin = lane(); bin < ${BINS}; bin = bin + LANES) { atomicStore(&bins[bin], 0u); }
      workgroupBarrier();
      for (var k = lane(); k < uniforms.samples; k = k + LANES) {
        let own = keyOf(k, side);
        let bin = (own ^ key) >> shift; // of keys that begin alike, the next byte
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
    return Bar(key, left);
  }

  /** Puts those up to a bar from a place on, in the order of their indices. */
  fn gather(side : u32, bar : Bar, first : i32) {
    var below = 0;
    var ties = 0;
    for (var k = runOf(lane()); k < runOf(lane() + 1); k = k + 1) {
      let key = keyOf(k, side);
      if (key < bar.key) { below = below + 1; }
      if (key == bar.key) { ties = ties + 1; }
    }
    var tied = countBefore(ties);
    var place = first + countBefore(below) + min(tied, bar.ties);
    for (var k = runOf(lane()); k < runOf(lane() + 1); k = k + 1) {
      let key = keyOf(k, side);
      if (key == bar.key) { tied = tied + 1; }
      if (key < bar.key || (key == bar.key && tied <= bar.ties)) {
        put(place, k);
        place = place + 1;
      }
    }
  }
`;
