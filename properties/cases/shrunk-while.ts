/**
 * An end to shrinking.
 *
 * @module
 */
import fc from 'fast-check';

/**
 * The same values, which shrink as long as there is a reason to. A property that passes the rest of the smaller
 * values would have each of them made first, and those of a batch of a thousand samples take long to make.
 */
export function shrunkWhile<T>(values: fc.Arbitrary<T>, hasReason: () => boolean): fc.Arbitrary<T> {
  return new (class extends fc.Arbitrary<T> {
    override generate(random: fc.Random, bias: number | undefined): fc.Value<T> {
      return values.generate(random, bias);
    }
    override canShrinkWithoutContext(value: unknown): value is T {
      return values.canShrinkWithoutContext(value);
    }
    override shrink(value: T, context: unknown): fc.Stream<fc.Value<T>> {
      return values.shrink(value, context).takeWhile(hasReason);
    }
  })();
}
