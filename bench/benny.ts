/**
 * Timing by benny: the only file that uses it.
 *
 * @module
 */
import benny from 'benny';

/** How long one call of a case took. */
export interface Timing {
  readonly name: string;
  /** Median of the samples. */
  readonly milliseconds: number;
  /** Half the 95 % interval of the mean, in percent. */
  readonly margin: number;
  readonly samples: number;
}

/** The functions to time, by name. */
export type Cases = Readonly<Record<string, () => unknown>>;

/**
 * Times cases one after the other, in one run, so that they can be compared.
 *
 * @param seconds - how long to time each case at most, after warming up
 */
export async function time(title: string, cases: Cases, seconds: number): Promise<Timing[]> {
  const names = Object.keys(cases);
  const summary = await benny.suite(
    title,
    ...names.map((name) => {
      const run = cases[name] as () => unknown;
      // benny would time a function that the case returns instead of the case
      const once = () => {
        const answer = run();
        return answer instanceof Promise ? answer : undefined;
      };
      return benny.add(name, once as () => void, { maxTime: seconds, minSamples: 5 });
    }),
    benny.configure({ cases: { delay: 0 } } as never),
  );
  return summary.results.map(({ name, details, margin, samples }) => ({
    name,
    milliseconds: details.median * 1000,
    margin,
    samples,
  }));
}
