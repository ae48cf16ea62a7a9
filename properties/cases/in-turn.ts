/**
 * Cases whose kind is decided by their number in a run, not by chance, so that a run has each kind for certain.
 *
 * fast-check tells the number of a run to a property, but not to the arbitraries that it draws from. A property that
 * {@link knowingTurns} has wrapped notes the number beside the generator of random numbers that it hands down.
 *
 * @module
 */
import fc from 'fast-check';
import { numbered } from './planned.js';

/** The number of the run that each generator draws for. */
const turns = new WeakMap<fc.Random, number>();

/** The same property, which tells the arbitraries that are {@link inTurn} the number of the run. */
export function knowingTurns<P extends Pick<fc.IRawProperty<unknown>, 'generate'>>(property: P): P {
  const generate = property.generate.bind(property);
  property.generate = (random, run) => {
    if (run !== undefined) turns.set(random, run);
    return generate(random, run);
  };
  return property;
}

/** What a run of a property draws, without running it. */
export function sampleInTurn<T>(
  arbitrary: fc.Arbitrary<T>,
  how: { readonly seed: number; readonly numRuns: number; readonly path?: string },
): T[] {
  const first = Number.parseInt(how.path ?? '0', 10);
  const property = knowingTurns(fc.property<[T]>(numbered(arbitrary, how.seed, first), () => true));
  // fast-check 4 takes for an arbitrary what has no such method of its own, and then hides the number of the run
  Object.defineProperty(property, 'isAsync', { value: () => false });
  return fc.sample(property, how).map(([value]) => value);
}

/** Where a value came from, with the context that its arbitrary shrinks it by. */
interface Origin<T> {
  readonly arbitrary: fc.Arbitrary<T>;
  readonly context: unknown;
}

/**
 * Draws from one arbitrary, but in every so many runs from the next of a list, until each had its turn. Where the
 * number of the run is not known, it draws from the first alone.
 *
 * @param every - an integer ≥ 1
 */
export function inTurn<T>(
  usual: fc.Arbitrary<T>,
  others: readonly fc.Arbitrary<T>[],
  every: number,
): fc.Arbitrary<T> {
  const marked = (arbitrary: fc.Arbitrary<T>, { value, context }: fc.Value<T>) =>
    new fc.Value<T>(value, { arbitrary, context } satisfies Origin<T>);
  return new (class extends fc.Arbitrary<T> {
    override generate(random: fc.Random, bias: number | undefined): fc.Value<T> {
      const place = ((turns.get(random) ?? 0) + 1) / every - 1;
      const arbitrary = others[place] ?? usual; // a place between two is none
      return marked(arbitrary, arbitrary.generate(random, bias));
    }
    override canShrinkWithoutContext(_: unknown): _ is T {
      return false;
    }
    override shrink(value: T, origin: unknown): fc.Stream<fc.Value<T>> {
      const { arbitrary, context } = origin as Origin<T>;
      return arbitrary.shrink(value, context).map((less) => marked(arbitrary, less));
    }
  })();
}
