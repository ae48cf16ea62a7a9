import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alternating, chosen, dealt, numbered, planned, rarely } from './planned.js';

const LETTERS = ['a', 'b', 'c', 'd', 'e'] as const;
const letters = (deck = 1) => planned((place) => chosen(LETTERS, dealt(LETTERS, place, deck)));
const first = <T>(values: fc.Arbitrary<T>, count: number, seed = 7) =>
  fc.sample(numbered(values, seed), { seed, numRuns: count });

describe('a deck', () => {
  it('deals each of its cards once before any comes again, in an order that the round decides', () => {
    const dealtOut = first(letters(), 50);
    const rounds = Array.from({ length: 10 }, (_, round) => dealtOut.slice(5 * round, 5 * round + 5));
    for (const round of rounds) expect([...round].sort()).toEqual(LETTERS);
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(5);
  });

  it('is shuffled independently of other decks and of other seeds', () => {
    const pairs = first(fc.tuple(letters(1), letters(2)), 200);
    expect(new Set(pairs.map(String)).size).toBe(25);
    expect(first(letters(), 20, 8)).not.toEqual(first(letters(), 20, 7));
    expect(first(letters(), 20, -1)).not.toEqual(first(letters(), 20, 7));
  });
});

describe('planned values', () => {
  it('are the same where one of them is drawn again by its path', () => {
    const all = first(fc.tuple(letters(), fc.nat()), 20);
    const again = numbered(fc.tuple(letters(), fc.nat()), 7, 13);
    expect(fc.sample(again, { seed: 7, path: '13', numRuns: 1 })).toEqual([all[13]]);
  });

  it('have a random place where they have no number', () => {
    const drawn = fc.sample(letters(), { seed: 7, numRuns: 200 });
    expect(new Set(drawn).size).toBe(5);
  });

  it('are drawn elsewhere once a filter has refused them, since their place would make them alike', () => {
    const drawn = first(
      letters().filter((letter) => letter === 'c'),
      20,
    );
    expect(drawn).toEqual(new Array(20).fill('c'));
  });

  it('shrink to the first of their list, and no further', () => {
    const found = fc.check(
      fc.property(numbered(letters(), 7), (letter) => (letter as string) === 'z'),
      { seed: 7 },
    );
    expect(found.counterexample).toEqual(['a']);
  });
});

describe('values in turn', () => {
  it('come from each arbitrary once in so many, and plan on from their own last', () => {
    const drawn = first(alternating<string>(letters(), fc.constant('-'), letters()), 15);
    expect(drawn.filter((_, at) => at % 3 === 1)).toEqual(['-', '-', '-', '-', '-']);
    for (const turn of [0, 2]) expect(drawn.filter((_, at) => at % 3 === turn).sort()).toEqual(LETTERS);
  });

  it('shrink as the arbitrary shrinks that they come from', () => {
    const values = alternating(fc.integer({ min: 100, max: 200 }), fc.integer({ min: 0, max: 9 }));
    const found = fc.check(
      fc.property(numbered(values, 7), (x) => x < 120),
      { seed: 7 },
    );
    expect(found.counterexample).toEqual([120]);
  });
});

describe('rare values', () => {
  const large = rarely(fc.constantFrom(500, 600), fc.integer({ min: 10, max: 20 }));

  it('shrink to a usual one and on as that shrinks, if it shows the same', () => {
    const found = fc.check(
      fc.property(large, (x) => x < 3),
      { seed: 7 },
    );
    expect(found.counterexample).toEqual([10]);
  });

  it('stay where only they show it', () => {
    const found = fc.check(
      fc.property(large, (x) => x < 100),
      { seed: 7 },
    );
    expect([500, 600]).toContain(found.counterexample?.[0]);
  });
});
