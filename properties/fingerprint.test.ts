import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.js';

const data = () => ({
  scores: ndarray(Float64Array.of(0.25, 0, 1), [1, 3]),
  labels: Int32Array.of(1, 2, 3),
  features: Float32Array.of(0.25, 0.5),
  options: { kappa: 2, margin: [0.5], level: 'class', range: null, observe: undefined, tied: true },
});
const digest = (value: unknown) => fingerprintOf(value).digest;

describe('a fingerprint', () => {
  it('is that of equal data', () => {
    expect(digest(data())).toBe(digest(data()));
  });

  it('counts the bytes of typed arrays', () => {
    expect(fingerprintOf(data()).bytes).toBe(3 * 8 + 3 * 4 + 2 * 4);
  });

  it.each<[string, (of: ReturnType<typeof data>) => void]>([
    ['an entry of float64', ({ scores }) => scores.set(0, 0, 0.25 + 2 ** -54)],
    ['the sign of zero', ({ scores }) => scores.set(0, 1, -0)],
    ['an entry of float32', ({ features }) => features.fill(0.75, 1)],
    ['an entry of integers', ({ labels }) => labels.fill(4, 2)],
    ['a stride', ({ scores }) => scores.stride.reverse()],
    ['a number', ({ options }) => Object.assign(options, { kappa: 3 })],
    ['a list', ({ options }) => options.margin.push(0.5)],
    ['a text', ({ options }) => Object.assign(options, { level: 'clasr' })],
    ['a truth value', ({ options }) => Object.assign(options, { tied: false })],
    ['nothing for null', ({ options }) => Object.assign(options, { range: undefined })],
    ['a property of its own', (all) => Object.assign(all, { seen: 1 })],
  ])('differs where %s differs', (_, change) => {
    const changed = data();
    change(changed);
    expect(digest(changed)).not.toBe(digest(data()));
  });

  it('tells the same object twice from an equal one', () => {
    const one = [1];
    expect(digest([one, one])).not.toBe(digest([[1], [1]]));
  });
});
