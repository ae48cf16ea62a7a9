import { describe, expect, it } from 'vitest';
import { keyOf, withValue } from './changes.js';

describe('changes', () => {
  it('replace one value, and leave the rest', () => {
    const changes = { loss: { kind: 'crl', eta: 1 }, epochs: 3 };
    expect(withValue(changes, 'loss.eta', 2)).toEqual({ loss: { kind: 'crl', eta: 2 }, epochs: 3 });
    expect(changes.loss.eta).toBe(1);
  });

  it('are the same in any order', () => {
    expect(keyOf({ a: { b: 1, c: [2, 1] }, d: 3 })).toBe(keyOf({ d: 3, a: { c: [2, 1], b: 1 } }));
    expect(keyOf({ a: [2, 1] })).not.toBe(keyOf({ a: [1, 2] }));
  });
});
