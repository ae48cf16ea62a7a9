/**
 * Cases of many samples, which in the end shrink by leaving out samples as they are.
 *
 * @module
 */
import fc from 'fast-check';
import type { Case } from './arbitraries.js';
import { permuteSamples } from './permute.js';
import { LARGEST_SIMPLIFIED, withoutRuns } from './rows.js';

/** What a case shrinks by: as it was drawn, or, once samples were left out of it, by the run that was left out last. */
type Context = { readonly drawn: unknown } | { readonly run: number };

/**
 * The same cases. Where what they are drawn from cannot become smaller, since a smaller draw is another batch that no
 * longer fails, samples are left out of the batch itself.
 */
export function withFewerSamples(cases: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  return new (class extends fc.Arbitrary<Case> {
    override generate(random: fc.Random, bias: number | undefined): fc.Value<Case> {
      return asDrawn(cases.generate(random, bias));
    }
    override canShrinkWithoutContext(_: unknown): _ is Case {
      return false;
    }
    override shrink(value: Case, context: unknown): fc.Stream<fc.Value<Case>> {
      const from = context as Context;
      if ('run' in from) return fc.stream(leavingOut(value, from.run));
      const smaller = cases.shrink(value, from.drawn).map(asDrawn);
      if (value.batch.size <= LARGEST_SIMPLIFIED) return smaller;
      return smaller.join(fc.stream(leavingOut(value, value.batch.size >> 1)));
    }
  })();
}

function asDrawn({ value, context }: fc.Value<Case>): fc.Value<Case> {
  return new fc.Value(value, { drawn: context } satisfies Context);
}

/** The case without each run of samples in turn, the longest first. */
function* leavingOut(given: Case, run: number): IterableIterator<fc.Value<Case>> {
  const { batch } = given;
  const all = [...Array(batch.size).keys()];
  for (const { value: kept, context } of withoutRuns(all, Math.min(run, batch.size >> 1)))
    yield new fc.Value<Case>({ ...given, batch: permuteSamples(batch, kept) }, context as Context);
}
