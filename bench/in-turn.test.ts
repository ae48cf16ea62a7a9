import { describe, expect, it } from 'vitest';
import { timeInTurn } from './in-turn.js';

describe('timing in turn', () => {
  it('runs each case as often as the others, one after the other, and compares round by round', () => {
    const order: string[] = [];
    const busy = (name: string, milliseconds: number) => () => {
      order.push(name);
      const end = performance.now() + milliseconds;
      while (performance.now() < end);
    };
    const [a, b] = timeInTurn({ a: busy('a', 0.2), b: busy('b', 1) }, 0.005);
    expect(order.length % 2).toBe(0);
    order.forEach((name, at) => {
      expect(name).toBe(at % 2 === 0 ? 'a' : 'b');
    });
    // the three rounds before timing are not counted
    expect([a?.samples, b?.samples]).toEqual([order.length / 2 - 3, order.length / 2 - 3]);
    expect(a?.ratio).toBeUndefined();
    expect(b?.ratio?.to).toBe('a');
    expect(b?.ratio?.value).toBeGreaterThan(1.5);
    expect(b?.milliseconds).toBeGreaterThanOrEqual(1);
  });
});
