import { defaultDevice, grad, jit, numpy as np } from '@jax-js/jax';
import { beforeAll, describe, expect, it } from 'vitest';
import { exp, log } from './exponentials.js';
import { type JaxArray, sum, tracing } from './operations.js';

const STEPS = 20_000;
/** Half the distance of two float32 of size 1. */
const U = 2 ** -24;

/** The largest relative error, on numbers from `of(0)` to `of(1)`. */
function worst(of: (share: number) => number, f: (x: JaxArray) => JaxArray, expected: (x: number) => number) {
  const x = Float32Array.from({ length: STEPS }, (_, i) => of(i / STEPS));
  const found = jit((given: JaxArray) => tracing(() => f(given)))(np.array(x)).dataSync();
  return x.reduce((most, at, i) => {
    const true_ = expected(at);
    return Math.max(most, Math.abs((found[i] as number) - true_) / Math.max(Math.abs(true_), 2 ** -126));
  }, 0);
}

describe('exponentials of jax-js arrays', () => {
  beforeAll(() => void defaultDevice('wasm'));

  it('are right within 2 units in the last place', () => {
    expect(worst((share) => -87 * share, exp, Math.exp)).toBeLessThan(4 * U);
  });

  it('vanish far below 0, and keep NaN', () => {
    const [small, one, none] = jit((x: JaxArray) => tracing(() => exp(x)))(
      np.array([-1000, 0, NaN]),
    ).dataSync();
    expect([small, one, none]).toEqual([0, 1, NaN]);
  });

  it('have logarithms that are right within 2 units in the last place, also near 1', () => {
    expect(worst((share) => Math.exp(40 * share - 30), log, Math.log)).toBeLessThan(4 * U);
    expect(worst((share) => 1 - share / 100, log, Math.log)).toBeLessThan(4 * U);
  });

  it.each([
    ['exp', exp, -1.5, Math.exp(-1.5)],
    ['log', log, 0.3, 1 / 0.3],
  ] as const)('have the derivative of %s, of both orders', (_, f, at, expected) => {
    const first = grad((x: JaxArray) => tracing(() => sum(f(x))));
    expect(jit(first)(np.array([at])).js()).toEqual([expect.closeTo(expected, 6)]);
    const second = grad((x: JaxArray) => np.sum(first(x)));
    const curvature = f === exp ? Math.exp(at) : -1 / at ** 2;
    expect(jit(second)(np.array([at])).js()).toEqual([expect.closeTo(curvature, 4)]);
  });
});
