/**
 * The number of a case from which a property draws what else it needs, such as a layout: dealt in turn.
 *
 * Properties choose by its remainders and quotients: a layout by `shuffle % 36`, a way to train by
 * `Math.floor(shuffle / 60) % 4`. Of numbers drawn at random, a run of 300 cases misses one of 36 choices in every
 * five thousandth run, and a right backend would fail for it. Dealt numbers miss none.
 *
 * @module
 */
import fc from 'fast-check';
import { mixed } from './mixed.js';
import type { Place } from './planned.js';

/**
 * Numbers are dealt from so many before they begin anew: a multiple of the products by which properties choose, such
 * as 60 × 12.
 */
export const ROUND = 2 ** 4 * 3 ** 3 * 5 * 7 * 11 * 13;

/**
 * From one case to the next. It has no divisor in common with {@link ROUND}, so that of k cases each remainder by a
 * divisor k comes once. It was searched for, so that quotients take turns too: of 3·j cases that follow each other, each
 * value of `Math.floor(shuffle / k) % j` comes once or more, for the k and j by which properties choose.
 */
const STRIDE = 1_397_453;

/** Tells the first number of a seed from what else the seed decides. */
const FIRST = 99;

const ANY: fc.Arbitrary<number> = fc.nat();

/** The number of the case at a place: what it is modulo {@link ROUND} is dealt, and the rest is random. */
export function dealtShuffle({ seed, index }: Place): fc.Arbitrary<number> {
  const remainder = ((mixed(seed || 1, FIRST) % ROUND) + (index % ROUND) * STRIDE) % ROUND;
  return new DealtShuffle(remainder);
}

/** What a number is when it may be any: from 0 to 2^31 − 1. */
const MOST = 0x7fffffff;
const ROUNDS = Math.floor((MOST + 1) / ROUND);

class DealtShuffle extends fc.Arbitrary<number> {
  readonly #remainder: number;

  constructor(remainder: number) {
    super();
    this.#remainder = remainder;
  }

  override generate(random: fc.Random): fc.Value<number> {
    const round = random.nextInt(0, MOST) % ROUNDS;
    return new fc.Value(round * ROUND + this.#remainder, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is number {
    return ANY.canShrinkWithoutContext(value);
  }

  override shrink(value: number, context: unknown): fc.Stream<fc.Value<number>> {
    return ANY.shrink(value, context);
  }
}
