/**
 * How the buffer of mined samples is read, in WGSL.
 *
 * @module
 */

/** Whether a class is a surviving minority class. The other parts of this file need it. */
export const SURVIVES = `
  fn survives(c : i32) -> bool { return mined[c * uniforms.minedWords] == 1; }
`;

/**
 * At class level, once `readLists(c)` has run: `member(r)` are the class's scores ascending; the first `listed`
 * of them are the κ+1 lowest. `other(q)` are the scores of the others descending; the first `negatives` of them
 * are the hard negatives.
 */
export const LISTS = `
  var<private> base : i32;
  var<private> members : i32;
  var<private> listed : i32;
  var<private> negatives : i32;

  fn readLists(c : i32) {
    base = c * uniforms.minedWords;
    members = mined[base + 1];
    listed = min(uniforms.kappa + 1, members);
    negatives = min(uniforms.kappa, mined[base + 2]);
  }

  fn member(r : i32) -> f32 { return -bitcast<f32>(mined[base + 3 + r]); }
  fn other(q : i32) -> f32 { return bitcast<f32>(mined[base + 3 + members + q]); }
  fn sampleAt(place : i32) -> i32 { return mined[base + 3 + uniforms.sortLength + place] & 0xffffff; }
`;

/** Counts over all classes. They are float32, exact up to 2^24, since an integer could overflow. */
export const COUNTS = `
  const ANCHORS = 0;
  const TRIPLETS = 1;
  const NEAR = 2;
  const FAR = 3;
  fn countAll(kind : i32) -> f32 {
    var count = 0.0;
    for (var c = lane(); c < uniforms.classes; c = c + LANES) {
      if (!survives(c)) { continue; }
      let h = mined[c * uniforms.minedWords + 1];
      let near = f32(min(uniforms.kappa, h - 1));
      let far = f32(min(uniforms.kappa, mined[c * uniforms.minedWords + 2]));
      var each = 1.0;
      if (kind == TRIPLETS) { each = near * far; }
      if (kind == NEAR) { each = near; }
      if (kind == FAR) { each = far; }
      count = count + f32(h) * each;
    }
    return sumLanes(count);
  }
`;
