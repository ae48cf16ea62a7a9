/**
 * Times cases in turn, A, B, A, B …, to compare cases that differ by a few percent: the speed of a machine
 * drifts by more than that within a minute. benny times each case as a block of its own.
 *
 * @module
 */
import { interval } from '../src/support/interval.js';
import type { Cases } from './benny.js';
import type { Row } from './section.js';

/** How to time cases in turn. */
export interface Turns {
  /** How long to time each case; there are at least as many rounds as `rounds` says. */
  readonly seconds: number;
  /** The fewest rounds. Default 5. */
  readonly rounds?: number;
  /** Rounds before timing starts, in which code is compiled and memory allocated. Default 3. */
  readonly warmUp?: number;
  /** How many calls a case makes in one turn, by its name: its time is divided by them. Default 1. */
  readonly calls?: Readonly<Record<string, number>>;
  /** The clock, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Times cases in turn. A case that returns a promise is timed until the promise settles.
 *
 * @param cases - every other case is compared with the first: its ratio is the median of the ratios of
 * all rounds
 */
export async function timeInTurn(
  cases: Cases,
  { seconds, rounds = 5, warmUp = 3, calls = {}, now = () => performance.now() }: Turns,
): Promise<Omit<Row, 'setting'>[]> {
  const names = Object.keys(cases);
  const callsOf = (name: string) => calls[name] ?? 1;
  const times = names.map((): number[] => []);
  const timed = async (name: string): Promise<number> => {
    const begin = now();
    const found = cases[name]?.();
    if (found instanceof Promise) await found; // to await every case would add to the short ones
    return (now() - begin) / callsOf(name);
  };
  for (let round = 0; round < warmUp; round++) for (const name of names) await timed(name);
  const end = now() + seconds * 1000 * names.length;
  for (let round = 0; round < rounds || now() < end; round++)
    for (const [at, name] of names.entries()) times[at]?.push(await timed(name));
  const [first] = times as [number[]];
  return names.map((subject, at) => {
    const own = times[at] as number[];
    const ratios = own.map((time, round) => time / (first[round] as number));
    return {
      subject,
      milliseconds: median(own),
      margin: marginOf(own),
      samples: own.length * callsOf(subject),
      ...(at > 0 ? { ratio: { to: names[0] as string, value: median(ratios) } } : {}),
    };
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

/** Half the 95 % interval of the mean, in percent of it. */
function marginOf(values: readonly number[]): number {
  const { mean, reach } = interval(values);
  return (100 * (reach ?? 0)) / mean;
}
