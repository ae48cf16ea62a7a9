import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from './in-order.js';

/** So many turns of the event loop: an order of events that no machine is too slow for. */
async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await turn();
}

/** Work that takes its own number of turns, and counts how much of it runs at once. */
function watched(bad: readonly number[] = []) {
  const seen = { begun: 0, working: 0, most: 0, ended: 0 };
  const work = async (item: number) => {
    seen.begun += 1;
    seen.working += 1;
    seen.most = Math.max(seen.most, seen.working);
    await turns((item * 7) % 5);
    seen.working -= 1;
    seen.ended += 1;
    if (bad.includes(item)) throw new Error(`item ${item}`);
    return item * 10;
  };
  return { seen, work };
}
const items = Array.from({ length: 40 }, (_, i) => i);

describe('work in order', () => {
  it('gives results in the order of the items, with so many at once', async () => {
    const { seen, work } = watched();
    const results: number[] = [];
    for await (const result of inOrder(items, work, { concurrency: 3, ahead: 8 })) results.push(result);
    expect(results).toEqual(items.map((i) => i * 10));
    expect(seen.most).toBe(3);
  });

  it('goes so far ahead while nobody asks, and no further', async () => {
    const { seen, work } = watched();
    const results = inOrder(items, work, { concurrency: 3, ahead: 8 });
    await results.next();
    await turns(60);
    expect(seen.begun).toBe(9); // the one that was taken, and eight that wait
    await results.return();
  });

  it('throws the first failure by order, not by time', async () => {
    const { work } = watched([6, 5]); // 5 takes no turn, 6 takes two
    const results: number[] = [];
    const run = async () => {
      for await (const result of inOrder(items, work, { concurrency: 4, ahead: 10 })) results.push(result);
    };
    await expect(run()).rejects.toThrow('item 5');
    expect(results).toEqual([0, 10, 20, 30, 40]);
  });

  it('ends what has begun when the loop is left, and begins nothing more', async () => {
    const { seen, work } = watched([7]);
    for await (const _ of inOrder(items, work, { concurrency: 4, ahead: 10 })) break;
    expect([seen.working, seen.ended]).toEqual([0, seen.begun]);
    const { begun } = seen;
    await turns(20);
    expect(seen.begun).toBe(begun);
  });
});
