/**
 * Timing, by benny: the one file that knows it.
 *
 * @module
 */
import benny from 'benny';

/** How long a case took. */
export interface Timing {
  readonly name: string;
  /** Median of the samples. */
  readonly milliseconds: number;
  /** Half the 95 % interval of the mean, in percent. */
  readonly margin: number;
  readonly samples: number;
}

/** What is timed, by name. */
export type Cases = Readonly<Record<string, () => unknown>>;

/**
 * Times cases one after the other, in one run, so that they can be compared.
 *
 * @param seconds - at most so long for each, after warming up
 */
export async function time(title: string, cases: Cases, seconds: number): Promise<Timing[]> {
  const names = Object.keys(cases);
  const summary = await benny.suite(
    title,
    ...names.map((name) => {
      const run = cases[name] as () => unknown;
      // benny takes a function that is returned for the one to time
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
