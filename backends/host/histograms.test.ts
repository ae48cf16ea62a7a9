import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogram, histogramPlace } from '../../spec/index.js';
import { Histograms } from './histograms.js';

const NODES = { bins: 5, range: [-1, 1] as const };
/** Distances at nodes, between them and outside. */
const anyDistances = fc.array(
  fc.oneof(fc.constantFrom(-2, -1, -0.5, 0, 0.5, 1, 2), fc.double({ min: -1.5, max: 1.5, noNaN: true })),
  {
    minLength: 1,
    maxLength: 8,
  },
);

function filled(near: readonly number[], far: readonly number[], into = new Histograms(NODES)): Histograms {
  for (const d of near) into.addPositive(d);
  for (const d of far) into.addNegative(d);
  return into;
}

/** Σ_t h+_t Σ_{k≤t} h−_k. */
function lossOf(near: readonly number[], far: readonly number[]): number {
  const [nears, fars] = [histogram(near, NODES), histogram(far, NODES)];
  return nears.reduce((loss, h, t) => loss + h * fars.slice(0, t + 1).reduce((sum, other) => sum + other), 0);
}

const isOutside = (d: number) => d < -1 || d > 1;

/**
 * The loss is linear between two nodes: the slope is what moving a distance through its bin changes, per
 * width.
 */
function slopeOf(distances: readonly number[], k: number, loss: (moved: number[]) => number): number {
  const d = distances[k];
  if (isOutside(d)) return 0;
  const { bin } = histogramPlace(d, NODES);
  const at = (node: number) => loss(distances.map((own, other) => (other === k ? -1 + node / 2 : own)));
  return (at(bin + 1) - at(bin)) / 0.5;
}

describe('the two histograms', () => {
  it('give the loss of Eq. 16 and its slopes, and count the distances outside the range', () => {
    fc.assert(
      fc.property(anyDistances, anyDistances, (near, far) => {
        const both = filled(near, far);
        expect(both.loss()).toBeCloseTo(lossOf(near, far), 12);
        expect(both.clamped).toBe([...near, ...far].filter(isOutside).length);
        for (const [k, d] of near.entries()) {
          expect(both.slopeOfPositive(d)).toBeCloseTo(
            slopeOf(near, k, (moved) => lossOf(moved, far)),
            12,
          );
        }
        for (const [k, d] of far.entries()) {
          expect(both.slopeOfNegative(d)).toBeCloseTo(
            slopeOf(far, k, (moved) => lossOf(near, moved)),
            12,
          );
        }
      }),
      { seed: 1 },
    );
  });

  it.each([
    ['positives', [0.5], []],
    ['negatives', [], [0.5]],
    ['neither', [], []],
  ])('give 0 if there is nothing to compare, of %s alone', (_name, near, far) => {
    const both = filled(near, far);
    expect(both.loss()).toBe(0);
    expect([both.slopeOfPositive(0), both.slopeOfNegative(0)].map(Math.abs)).toEqual([0, 0]);
  });

  it('give 0 if one side is empty after a batch in which it was not', () => {
    const both = filled([0.5], [0]);
    expect(both.loss()).toBe(1);
    both.clear();
    both.addPositive(0.5);
    expect(both.loss()).toBe(0);
    expect([both.slopeOfPositive(0), both.slopeOfNegative(0)].map(Math.abs)).toEqual([0, 0]);
  });

  it('hold nothing after they are cleared', () => {
    const both = filled([-2, 0.3], [0.1, 5]);
    both.loss();
    both.clear();
    expect(both.clamped).toBe(0);
    filled([0.5, 0.25], [-0.5], both);
    expect(both.loss()).toBeCloseTo(lossOf([0.5, 0.25], [-0.5]), 12);
  });
});
