/**
 * Features whose distances float32 cannot tell apart, cannot hold, or rounds to 0.
 *
 * @module
 */

/** A small seeded generator, so that a failure can be repeated. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}

type Entry = (i: number, t: number, random: () => number, width: number) => number;

const times =
  (scale: number): Entry =>
  (_i, _t, random) =>
    scale * (random() - 0.5);

/** Makes the entry of row i and column t; the keys say what is difficult about the features. */
export const ADVERSARIAL: Readonly<Record<string, Entry>> = {
  'uniform in float32': (_i, _t, random) => Math.fround(random()),
  'uniform in float64': (_i, _t, random) => random() + random() * 2 ** -24,
  'tied on a lattice': (_i, _t, random) => Math.floor(3 * random()),
  'on a lattice that float32 rounds': (_i, _t, random) => Math.floor(3 * random()) / 3,
  'duplicated rows': (i, t) => Math.sin(1 + (i % 7) * 40 + t),
  'all the same': () => 1 / 3,
  'less far apart than float32 can tell': (_i, t, random) => Math.sin(t) + 2 ** -30 * random(),
  'little apart in float32': (_i, t, random) =>
    Math.fround(Math.sin(t)) + 2 ** -24 * Math.floor(8 * random()),
  'near each other and far from 0': (_i, _t, random) => 1e6 + 0.1 * random(),
  'all at almost the same distance': (i, t, random) => (i % 30 === t ? 1 + 2 ** -26 * random() : 0),
  // all rows are equally far from 0, up to the order of additions
  'rotations of one row, and 0': (i, t, _random, width) =>
    i % 10 ? Math.fround(Math.sin(((i + t) % width) ** 2)) : 0,
  'one component dwarfs the rest': (i, t, random) => (t === 0 ? 4096 * (i % 3) : random() / 64),
  'one sample dwarfs the rest': (i, _t, random) => (i === 3 ? 1e9 : 1) * random(),
  'of magnitudes from 1e-35 to 1e5': (_i, _t, random) => 10 ** (40 * random() - 35),
  'large, and just safe': times(1e17),
  'too large for squares in float32': times(1e25),
  'too large for float32': times(1e60),
  'so small that squares lose bits': times(1e-21),
  'so small that squares vanish': times(1e-30),
  'subnormal in float32': times(1e-42),
  'too small for float32': times(1e-60),
  'so small that squares vanish in float64': times(1e-170),
};

export function drawFeatures(kind: string, n: number, width: number, seed: number): Float64Array {
  const entry = ADVERSARIAL[kind];
  const random = randomOf(seed);
  return Float64Array.from({ length: n * width }, (_, at) =>
    entry(Math.floor(at / width), at % width, random, width),
  );
}
