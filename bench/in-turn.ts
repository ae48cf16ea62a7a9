/**
 * Times cases in turn, A, B, A, B …, to compare cases that differ by a few percent: the speed of a machine
 * drifts by more than that within a minute. benny times each case as a block of its own.
 *
 * @module
 */
import { interval } from '../src/support/interval.js';
import type { Cases } from './benny.js';
import type { Row } from './section.js';

/** Rounds before timing starts, in which code is compiled and memory allocated. */
const WARM_UP = 3;

/**
 * Times cases in turn.
 *
 * @param cases - every other case is compared with the first: its ratio is the median of the ratios of
 * all rounds
 * @param seconds - how long to time each case; there are at least five rounds
 * @param now - the clock, in milliseconds
 */
export function timeInTurn(
  cases: Cases,
  seconds: number,
  now: () => number = () => performance.now(),
): Omit<Row, 'setting'>[] {
  const names = Object.keys(cases);
  const times = names.map((): number[] => []);
  const timed = (run: () => unknown): number => {
    const begin = now();
    run();
    return now() - begin;
  };
  for (let round = 0; round < WARM_UP; round++) for (const name of names) cases[name]?.();
  const end = now() + seconds * 1000 * names.length;
  for (let round = 0; round < 5 || now() < end; round++)
    for (const [at, name] of names.entries()) times[at]?.push(timed(cases[name] as () => unknown));
  const [first] = times as [number[]];
  return names.map((subject, at) => {
    const own = times[at] as number[];
    const ratios = own.map((time, round) => time / (first[round] as number));
    return {
      subject,
      milliseconds: median(own),
      margin: marginOf(own),
      samples: own.length,
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
