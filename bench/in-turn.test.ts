import { describe, expect, it } from 'vitest';
import { timeInTurn } from './in-turn.js';

describe('timing in turn', () => {
  it('runs each case as often as the others, one after the other, and compares round by round', async () => {
    const order: string[] = [];
    let clock = 0;
    const taking = (name: string, milliseconds: (call: number) => number) => () => {
      order.push(name);
      clock += milliseconds(order.length);
    };
    // the machine slows down as it goes: a case and its neighbour slow down alike
    const cases = { a: taking('a', (call) => 1 + call), b: taking('b', (call) => 3 * call) };
    const [a, b] = await timeInTurn(cases, { seconds: 0.5, now: () => clock });
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

  it('times five rounds at least, and stops once the time of all cases is spent', async () => {
    let clock = 0;
    const slow = () => {
      clock += 1000;
    };
    const now = () => clock;
    const [few] = await timeInTurn({ slow }, { seconds: 0.001, now });
    expect(few).toMatchObject({ samples: 5, milliseconds: 1000 });
    const [, other] = await timeInTurn({ slow, other: slow }, { seconds: 8, now });
    expect(other).toMatchObject({ samples: 8 });
  });

  it('waits for a promise, and divides by the calls of a turn', async () => {
    let clock = 0;
    const later = async () => {
      await Promise.resolve();
      clock += 60;
    };
    const [one, other] = await timeInTurn(
      { one: later, other: later },
      { seconds: 0, rounds: 2, warmUp: 0, calls: { other: 20 }, now: () => clock },
    );
    expect(one).toMatchObject({ samples: 2, milliseconds: 60 });
    expect(other).toMatchObject({ samples: 40, milliseconds: 3, ratio: { to: 'one', value: 0.05 } });
    expect(clock).toBe(240);
  });
});
