import { describe, expect, it } from 'vitest';
import { timeInTurn } from './in-turn.js';

describe('timing in turn', () => {
  it('runs each case as often as the others, one after the other, and compares round by round', () => {
    const order: string[] = [];
    let clock = 0;
    const taking = (name: string, milliseconds: (call: number) => number) => () => {
      order.push(name);
      clock += milliseconds(order.length);
    };
    // the machine slows down as it goes: a case and its neighbour slow down alike
    const cases = { a: taking('a', (call) => 1 + call), b: taking('b', (call) => 3 * call) };
    const [a, b] = timeInTurn(cases, 0.5, () => clock);
    order.forEach((name, at) => {
      expect(name).toBe(at % 2 === 0 ? 'a' : 'b');
    });
    // the three rounds before timing are not counted
    const rounds = order.length / 2 - 3;
    expect([a?.samples, b?.samples]).toEqual([rounds, rounds]);
    expect(rounds).toBeGreaterThan(5);
    expect(a?.ratio).toBeUndefined();
    expect(b?.ratio).toEqual({ to: 'a', value: 3 }); // call 2k takes b 3·2k, and call 2k − 1 takes a 2k
  });

  it('times five rounds at least, and stops once the time of all cases is spent', () => {
    let clock = 0;
    const slow = () => {
      clock += 1000;
    };
    expect(timeInTurn({ slow }, 0.001, () => clock)[0]).toMatchObject({ samples: 5, milliseconds: 1000 });
    expect(timeInTurn({ slow, other: slow }, 8, () => clock)[1]).toMatchObject({ samples: 8 });
  });
});
