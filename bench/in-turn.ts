/**
 * Timing of cases in turn, A, B, A, B …: where a difference of a few percent is asked for, and the machine
 * drifts by more from one minute to the next. benny times a case after the other.
 *
 * @module
 */
import { interval } from '../src/support/interval.js';
import type { Cases } from './benny.js';
import type { Row } from './section.js';

/** Rounds before timing: code is compiled, and memory made. */
const WARM_UP = 3;

/**
 * Times cases in turn.
 *
 * @param cases - the first is what the others are compared with: the ratio is the median of the rounds'
 * @param seconds - so long for each, at least five rounds
 */
export function timeInTurn(cases: Cases, seconds: number): Omit<Row, 'setting'>[] {
  const names = Object.keys(cases);
  const times = names.map((): number[] => []);
  const timed = (run: () => unknown): number => {
    const begin = performance.now();
    run();
    return performance.now() - begin;
  };
  for (let round = 0; round < WARM_UP; round++) for (const name of names) cases[name]?.();
  const end = performance.now() + seconds * 1000 * names.length;
  for (let round = 0; round < 5 || performance.now() < end; round++)
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
