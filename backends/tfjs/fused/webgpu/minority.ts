/**
 * Minority classes (Eq. 3), in WGSL.
 *
 * @module
 */
import type { Schema } from '../../../../spec/contract.js';

/**
 * The number of samples that the minority prefix holds up to a class is the sum over the classes of its
 * attribute that do not come after it by (size, index). All lanes take part in `minorityOf`. Of a class with fewer
 * than two samples only the size is found, since it cannot survive.
 */
export function minority({ encoding }: Schema): string {
  return `
  struct Minority { size : f32, others : f32, held : f32, survives : bool };

  fn minorityOf(c : i32) -> Minority {
    let own = columns[c];
    // most of very many classes have no pair: to compare each with all others takes minutes at 65,536
    if (sameForAll(select(0, 1, own > 1.0)) == 0) { return Minority(own, 0.0, 0.0, false); }
    var held = 0.0;
    var labelled = 0.0;
    for (var k = columnOf(c, FIRST) + lane(); k < columnOf(c, END); k = k + LANES) {
      let h = columns[k];
      labelled = labelled + h;
      if (h < own || (h == own && k <= c)) { held = held + h; }
    }
    let held_all = sumLanes(held);
    let labelled_all = ${encoding === 'one-attribute' ? 'f32(uniforms.samples)' : 'sumLanes(labelled)'};
    let survives = i32(held_all) <= limitOf(i32(labelled_all));
    return Minority(own, labelled_all - own, held_all, survives);
  }

  /** Writes what \`lists.ts\` reads. Returns, for all lanes, whether the class survives. */
  fn putMinority(c : i32, found : Minority) -> bool {
    if (lane() == 0) {
      result[c * uniforms.minedWords] = select(0, 1, found.survives);
      result[c * uniforms.minedWords + 1] = i32(found.size);
      result[c * uniforms.minedWords + 2] = i32(found.others);
    }
    return sameForAll(select(0, 1, found.survives)) == 1;
  }
`;
}
