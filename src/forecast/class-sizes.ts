/**
 * An attribute of any number of classes, by a dynamic programme over its classes.
 *
 * A class k of size s is a surviving minority if s ≥ 2 and the classes up to it in the order of Eq. 3, by size
 * and then by index, hold at most ρ·n_j samples. So for each s the programme adds class after class and keeps,
 * for every pair (held, drawn), the weight of all sizes of these classes for which those before k hold `held`
 * samples and all together `drawn`. Classes with a smaller index come before k if their size is at most s, those
 * with a larger index if it is less. The first are summed in the order of the classes, the second in reverse
 * order, and each class joins the two sums at its place.
 *
 * @module
 */
import { type AttributeMoments, addSurvivor, type ClassMoments, noMoments } from './batch-moments.js';
import { binomialWeights, type CountWeights, weightOf } from './binomial-weights.js';
import type { PlainBatches } from './plain-batches.js';

/** Multiplications that are made at most: about a third of a second. */
const MOST_WORK = 2.5e8;
/** A class is this size in no batch that matters. */
const NEVER = 1e-15;

/** Moments of an attribute; undefined if they would take too long. */
export function classSizeMoments(attribute: PlainBatches): AttributeMoments | undefined {
  const { counts, others, othersLabelled, total, batchSize: n, rho } = attribute;
  const taken = n / total;
  const weights = counts.map((count) => binomialWeights(count, taken));
  const rest = binomialWeights(others, taken);
  const limit = (r: number) => Math.floor(rho * (othersLabelled ? n : n - r));
  const most = limit(rest.from);
  const largest = weights.reduce((size, { from, weights: w }) => Math.max(size, from + w.length - 1), 0);
  const sizes: number[] = [];
  for (let s = 2; s <= Math.min(most, largest); s++)
    if (weights.some((w) => weightOf(w, s) > NEVER)) sizes.push(s);
  const width = weights.reduce((sum, { weights: w }) => sum + w.length, 0) + rest.weights.length;
  const states = sizes.reduce((sum, s) => sum + (most - s + 1 + most / 2) * (n + 1), 0);
  if (states * (2 * width + counts.length * rest.weights.length) > 2 * MOST_WORK) return undefined;

  const classes = noMoments(counts.length);
  const all = sumOf([...weights, rest], 0, n, () => false).at(0, n);
  let nothing = 0;
  for (const s of sizes) {
    // classes after k, added from the last one: `after[k]` holds those with an index above k
    const after: Sums[] = [];
    const last = new Sums(most - s, n);
    for (let k = counts.length - 1; k >= 0; k--) {
      after[k] = last.upToHeld();
      last.add(weights[k] as CountWeights, (size) => size < s);
    }
    const before = new Sums(most - s, n);
    weights.forEach((own, k) => {
      const weight = weightOf(own, s);
      if (weight > 0) {
        rest.weights.forEach((restWeight, at) => {
          const r = rest.from + at;
          const drawn = n - r - s;
          if (drawn < 0 || limit(r) < s) return;
          const joined = before.joined(after[k] as Sums, limit(r) - s, drawn);
          const labelled = othersLabelled ? n : n - r;
          const probability = (restWeight * weight * joined) / all;
          const triplets = addSurvivor(classes[k] as ClassMoments, s, labelled, attribute, probability);
          if (triplets === 0) nothing += probability; // it holds every labelled sample: no other class survives
        });
      }
      before.add(own, (size) => size <= s);
    });
  }
  const without = withoutSurvivor(weights, rest, { limit, most, largest, n }) / all;
  return { classes, nothing: Math.min(1, Math.max(0, nothing + without)) }; // rounding may leave −1e-16
}

/**
 * The weight of batches without a surviving minority class: with u classes of a single sample, none has from 2
 * to limit − u samples.
 */
function withoutSurvivor(
  weights: readonly CountWeights[],
  rest: CountWeights,
  { limit, most, largest, n }: SizeLimits,
): number {
  const any = sumOf(weights, 0, n, () => false);
  /** By the number of single samples, where other classes have none or at least `smallest`. */
  const sums: Sums[] = [];
  for (let smallest = 2; smallest <= Math.max(2, Math.min(most, largest) + 1); smallest++)
    sums[smallest] = sumOf(
      weights,
      most,
      n,
      (size) => size === 1,
      (size) => size < 2 || size >= smallest,
    );
  return rest.weights.reduce((sum, restWeight, at) => {
    const r = rest.from + at;
    const drawn = n - r;
    // from limit − 1 singles on, every size is too large
    let without = any.at(0, drawn);
    for (let singles = 0; singles < limit(r) - 1; singles++) {
      const smallest = Math.min(limit(r) - singles + 1, sums.length - 1);
      without += (sums[smallest] as Sums).at(singles, drawn) - (sums[2] as Sums).at(singles, drawn);
    }
    return sum + restWeight * without;
  }, 0);
}

/** What bounds the sizes of classes in a batch. */
interface SizeLimits {
  /** The most samples that minority classes may hold together where r samples are of no class. */
  readonly limit: (r: number) => number;
  /** The largest of these limits. */
  readonly most: number;
  /** The largest size that a class ever has. */
  readonly largest: number;
  readonly n: number;
}

/** The sums of all classes. */
function sumOf(
  weights: readonly CountWeights[],
  mostHeld: number,
  n: number,
  ...which: [isHeld: (size: number) => boolean, allowed?: (size: number) => boolean]
): Sums {
  const sums = new Sums(mostHeld, n);
  for (const own of weights) sums.add(own, ...which);
  return sums;
}

/** Sums of weights by how many samples are held and drawn. */
class Sums {
  readonly #values: Float64Array;
  /** More than these were not drawn yet. */
  #drawn = 0;

  constructor(
    readonly mostHeld: number,
    readonly mostDrawn: number,
  ) {
    this.#values = new Float64Array((mostHeld + 1) * (mostDrawn + 1));
    this.#values[0] = 1;
  }

  at(held: number, drawn: number): number {
    if (held > this.mostHeld || drawn > this.mostDrawn) return 0;
    return this.#values[drawn * (this.mostHeld + 1) + held] as number;
  }

  /**
   * Adds a class.
   *
   * @param isHeld - whether a class of a size comes before the one that is looked at
   * @param allowed - sizes that count; default all
   */
  add(
    { from, weights }: CountWeights,
    isHeld: (size: number) => boolean,
    allowed: (size: number) => boolean = () => true,
  ): void {
    const values = this.#values;
    const row = this.mostHeld + 1;
    const terms = [...weights.keys()]
      .map((at) => ({ size: from + at, weight: weights[at] as number }))
      .filter(({ size }) => size <= this.mostDrawn && allowed(size))
      .map(({ size, weight }) => ({ size, weight, held: isHeld(size) ? size : 0 }));
    this.#drawn = Math.min(this.mostDrawn, this.#drawn + (terms.at(-1)?.size ?? 0));
    for (let drawn = this.#drawn; drawn >= 0; drawn--) {
      const to = drawn * row;
      // a size of 0 reads the place that is written, all others read places that are written later
      const zero = terms[0]?.size === 0 ? terms[0].weight : 0;
      for (let held = 0; held < row; held++) values[to + held] = (values[to + held] as number) * zero;
      for (const { size, weight, held: more } of terms) {
        if (size === 0) continue;
        if (size > drawn) break;
        const source = (drawn - size) * row - more;
        for (let held = more; held < row; held++)
          (values[to + held] as number) += weight * (values[source + held] as number);
      }
    }
  }

  /** The same, where each place has the weights of all that hold at most as many. */
  upToHeld(): Sums {
    const sums = new Sums(this.mostHeld, this.mostDrawn);
    const row = this.mostHeld + 1;
    for (let at = 0; at < this.#values.length; at++)
      sums.#values[at] =
        (this.#values[at] as number) + (at % row === 0 ? 0 : (sums.#values[at - 1] as number));
    return sums;
  }

  /** The weight of these and others together, with at most `held` held and `drawn` drawn. */
  joined(upTo: Sums, held: number, drawn: number): number {
    const row = this.mostHeld + 1;
    let sum = 0;
    for (let own = 0; own <= Math.min(drawn, this.#drawn); own++) {
      const [here, there] = [own * row, (drawn - own) * row];
      for (let h = 0; h <= held; h++)
        sum += (this.#values[here + h] as number) * (upTo.#values[there + held - h] as number);
    }
    return sum;
  }
}
