import { describe, expect, it } from 'vitest';
import { inJudgingOrder } from './verification.js';

describe('pairs of backend and engine', () => {
  const order = (...engines: (string | undefined)[]) =>
    inJudgingOrder(
      engines.map((engine, at) => ({
        target: { backend: `${at}`, ...(engine === undefined ? {} : { engine }) },
      })),
    ).map(({ target }) => target.backend);

  it('are judged with the slowest engine first, after the first pair, and else in the order given', () => {
    expect(order(undefined, undefined, 'wasm', 'cpu', 'wasm', 'cpu')).toEqual(['0', '3', '5', '2', '4', '1']);
    expect(order('wasm')).toEqual(['0']);
    expect(order()).toEqual([]);
  });
});
