import { hessian, numpy as np } from '@jax-js/jax';
import { beforeAll, describe, expect, it } from 'vitest';
import { balancedLoss, createBatch, resolveOptions } from '../../spec/index.js';
import { jaxBackend } from './backend.js';
import { type JaxArray, tracing } from './operations.js';
import { walk } from './walk.js';

// jax-js 0.1.25 names Float16Array where it makes an array of float64, and Node has it from version 24 on
beforeAll(() => {
  const scope = globalThis as { Float16Array?: unknown };
  scope.Float16Array ??= class Float16Array {};
});

const LABELS = [[0], [0], [0], [1], [1], [1], [1], [1]];
const SCORES = LABELS.map((_, i) => {
  const p = 0.5 + 0.45 * Math.sin(3.7 * i + 1);
  return [p, 1 - p];
});
const FEATURES = LABELS.map((_, i) => [0.6 * Math.sin(2.3 * i), 0.6 * Math.cos(1.7 * i * i)]);

/** Second derivatives of L in float64, as jax-js finds them; and as differences of the specification's gradient. */
function both(
  level: 'class' | 'instance',
  comparison: 'relative' | 'absolute' | 'distribution',
  alpha: number,
) {
  const make = (at: readonly (readonly number[])[]) =>
    createBatch({
      attributes: [2],
      labels: LABELS,
      scores: level === 'class' ? at : SCORES,
      ...(level === 'class' ? {} : { features: at }),
    });
  const given = level === 'class' ? SCORES : FEATURES;
  const flat = given.flat();
  const nested = (x: readonly number[]) => given.map((_, i) => [x[2 * i] as number, x[2 * i + 1] as number]);
  const batch = make(given);
  const options = { ...resolveOptions(batch, { level, comparison, kappa: 2, bins: 9 }), alpha };
  const double = (x: readonly number[], shape: number[]) =>
    np.array(Float64Array.from(x) as never, { shape, dtype: 'float64' as never });
  const lossOf = (x: JaxArray) =>
    tracing(() => {
      const point = np.reshape(x, [LABELS.length, 2]);
      const labels = double(
        LABELS.flatMap(([label]) => [+(label === 0), +(label === 1)]),
        [LABELS.length, 2],
      );
      const scores = level === 'class' ? point : double(SCORES.flat(), [LABELS.length, 2]);
      return walk(batch, options, {
        labels,
        scores,
        features: level === 'class' ? undefined : point,
        weights: double([alpha, 1 - alpha], [2]),
      }).loss;
    });
  const found = hessian(lossOf)(double(flat, [flat.length])).js() as unknown as number[][];
  const step = 1e-5;
  const gradientAt = (x: readonly number[]) => {
    const at = balancedLoss(make(nested(x)), options);
    return Array.from((level === 'class' ? at.gradient : (at.featureGradient as typeof at.gradient)).data);
  };
  const expected = flat.map((_, j) => {
    const shifted = (by: number) => gradientAt(flat.map((value, i) => (i === j ? value + by : value)));
    const [up, down] = [shifted(step), shifted(-step)];
    return up.map((g, i) => (g - (down[i] as number)) / (2 * step));
  });
  return { found, expected };
}

describe('second derivatives in float64', () => {
  beforeAll(async () => void (await jaxBackend()).resources?.());

  it('are 0 for the relative comparison at class level from probabilities: L_crl is piecewise linear', () => {
    const { found } = both('class', 'relative', 1);
    expect(Math.max(...found.flat().map(Math.abs))).toBe(0);
  });

  it.each([
    ['class', 'relative', 0.5],
    ['class', 'absolute', 1],
    ['class', 'distribution', 1],
    ['instance', 'relative', 1],
    ['instance', 'absolute', 1],
    ['instance', 'distribution', 1],
  ] as const)(
    'agree with differences of the closed-form gradient: %s level, %s comparison, α %d',
    (level, comparison, alpha) => {
      const { found, expected } = both(level, comparison, alpha);
      expect(expected.flat().some((h) => Math.abs(h) > 1e-3)).toBe(true);
      for (const [j, row] of expected.entries())
        for (const [i, h] of row.entries()) expect(found[i]?.[j]).toBeCloseTo(h, 5);
    },
  );
});
