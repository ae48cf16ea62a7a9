/**
 * What the cases of a property take in turn, such as its encodings: chosen by the number of the case, and not by
 * chance, so that every choice comes up once in so many cases. A choice that one case in thirty draws at random is
 * missed by 150 cases in every 160th run; in turn, by none.
 *
 * @module
 */
import fc from 'fast-check';
import { mixed } from './mixed.js';
import { tabulate } from './tabulate.js';

/** Which case of a run is drawn. */
export interface Place {
  /** Of the run. */
  readonly seed: number;
  /** From 0. */
  readonly index: number;
}

/** The places of the cases that are being drawn, by what they are drawn from. */
const places = new WeakMap<fc.Random, Place>();

/**
 * The same values, which know their places in the run of a seed. To be drawn from in order.
 *
 * @param first - the index of the value that is drawn first. Default 0
 */
export function numbered<T>(values: fc.Arbitrary<T>, seed: number, first = 0): fc.Arbitrary<T> {
  let index = first;
  return placed(values, () => ({ seed, index: index++ }));
}

/** The largest part of a random place. */
const MOST_INDEX = 2 ** 20;

/**
 * Values that are made by their places. A value that is not {@link numbered} gets a random place; so does one that a
 * filter has refused, which would be made alike, and refused, for ever.
 */
export function planned<T>(make: (place: Place) => fc.Arbitrary<T>): fc.Arbitrary<T> {
  return new Planned(make);
}

/** What a planned value shrinks by. */
interface PlannedContext<T> {
  readonly made: fc.Arbitrary<T>;
  readonly inner: unknown;
}

class Planned<T> extends fc.Arbitrary<T> {
  readonly #make: (place: Place) => fc.Arbitrary<T>;
  /** What was drawn from last. A filter draws from the same again. */
  #last: fc.Random | undefined;

  constructor(make: (place: Place) => fc.Arbitrary<T>) {
    super();
    this.#make = make;
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<T> {
    const own = random === this.#last ? undefined : places.get(random);
    this.#last = random;
    const place = own ?? { seed: random.nextInt(0, MOST_INDEX), index: random.nextInt(0, MOST_INDEX) };
    const made = this.#make(place);
    return withContext(made, made.generate(random, bias));
  }

  override canShrinkWithoutContext(_: unknown): _ is T {
    return false;
  }

  override shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
    const { made, inner } = context as PlannedContext<T>;
    return made.shrink(value, inner).map((less) => withContext(made, less));
  }
}

function withContext<T>(made: fc.Arbitrary<T>, { value, context }: fc.Value<T>): fc.Value<T> {
  return new fc.Value(value, { made, inner: context } satisfies PlannedContext<T>);
}

/** Each of the arbitraries in turn. */
export function alternating<T>(...arbitraries: readonly fc.Arbitrary<T>[]): fc.Arbitrary<T> {
  const count = arbitraries.length;
  return planned(({ seed, index }) => {
    const turn = index % count;
    // what it plans itself goes on from its own last case, and not as the others do
    const place = { seed: mixed(seed || 1, turn), index: Math.floor(index / count) };
    return placed(arbitraries[turn] as fc.Arbitrary<T>, () => place);
  });
}

/** The same values, each at a place of its own. */
function placed<T>(values: fc.Arbitrary<T>, next: () => Place): fc.Arbitrary<T> {
  return new (class extends fc.Arbitrary<T> {
    override generate(random: fc.Random, bias: number | undefined): fc.Value<T> {
      const before = places.get(random);
      places.set(random, next());
      const value = values.generate(random, bias);
      if (before === undefined) places.delete(random);
      else places.set(random, before);
      return value;
    }
    override canShrinkWithoutContext(value: unknown): value is T {
      return values.canShrinkWithoutContext(value);
    }
    override shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
      return values.shrink(value, context);
    }
  })();
}

/**
 * One of a list, as from a shuffled deck: whoever takes as many as there are in the list has taken each once.
 *
 * @param deck - tells this list from others that the same case is dealt from; decks are shuffled independently
 */
export function dealt<T>(list: readonly T[], { seed, index }: Place, deck: number): T {
  const round = Math.floor(index / list.length);
  const order = shuffled(list.length, mixed(seed || 1, deck) ^ Math.imul(round + 1, 0x85ebca6b));
  return list[order[index % list.length] as number] as T;
}

/** 0 to count − 1 in an order that a number decides. */
function shuffled(count: number, lot: number): number[] {
  const order = tabulate(count, (at) => at);
  for (let left = count - 1; left > 0; left--) {
    const other = mixed(lot | 1, left) % (left + 1);
    [order[left], order[other]] = [order[other] as number, order[left] as number];
  }
  return order;
}

/** A value that is chosen already; it shrinks to the first of its list, the simplest. */
export function chosen<T>(list: readonly T[], value: T): fc.Arbitrary<T> {
  return new Chosen(list[0] as T, value);
}

class Chosen<T> extends fc.Arbitrary<T> {
  readonly #simplest: T;
  readonly #value: T;

  constructor(simplest: T, value: T) {
    super();
    [this.#simplest, this.#value] = [simplest, value];
  }

  override generate(): fc.Value<T> {
    return new fc.Value(this.#value, undefined);
  }

  override canShrinkWithoutContext(_: unknown): _ is T {
    return true;
  }

  override shrink(value: T): fc.Stream<fc.Value<T>> {
    const isSimplest = Object.is(value, this.#simplest);
    return isSimplest ? fc.Stream.nil() : fc.Stream.of(new fc.Value(this.#simplest, undefined));
  }
}

/** Values of a rare kind, which shrink first to one of the usual kind. */
export function rarely<T>(rare: fc.Arbitrary<T>, usual: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return new Rarely(rare, usual);
}

/** What a value of a rare kind shrinks by; of the usual kind, the context of that kind. */
interface RareContext {
  readonly random: fc.Random | undefined;
  readonly inner: unknown;
}

class Rarely<T> extends fc.Arbitrary<T> {
  readonly #rare: fc.Arbitrary<T>;
  readonly #usual: fc.Arbitrary<T>;

  constructor(rare: fc.Arbitrary<T>, usual: fc.Arbitrary<T>) {
    super();
    [this.#rare, this.#usual] = [rare, usual];
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<T> {
    const copy = random.clone();
    const { value, context } = this.#rare.generate(random, bias);
    return new fc.Value(value, { random: copy, inner: context } satisfies RareContext);
  }

  override canShrinkWithoutContext(_: unknown): _ is T {
    return false;
  }

  override shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
    const { random, inner } = context as RareContext;
    const usual = ({ value: less, context: own }: fc.Value<T>) =>
      new fc.Value(less, { random: undefined, inner: own } satisfies RareContext);
    if (random === undefined) return this.#usual.shrink(value, inner).map(usual);
    return fc.Stream.of(usual(this.#usual.generate(random.clone(), undefined)));
  }
}
