import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../../backends/tfjs/index.js';
import type { Values } from './claim.js';
import { CLAIMS, judgeClaim, judgeOperations } from './index.js';

/** Computes with an operation of an engine replaced. */
async function judgedWith(id: string, change: (values: Values) => Values) {
  await import('@tensorflow/tfjs');
  await loadEngine('cpu');
  const claim = CLAIMS.find((each) => each.id === id) as (typeof CLAIMS)[number];
  const run = async (graph: () => tf.NamedTensorMap) => {
    const found = tf.tidy(graph);
    const values = Object.fromEntries(
      Object.entries(found).map(([key, t]) => [key, Array.from(t.dataSync())]),
    );
    tf.dispose(found);
    return change(values);
  };
  return judgeClaim(claim, 'an engine', run, 1, 200);
}

const each = (change: (x: number, at: number, all: readonly number[]) => number) => (values: Values) =>
  Object.fromEntries(
    Object.entries(values).map(([key, all]) => [
      key,
      Array.from(all, (x, at) => change(x, at, Array.from(all))),
    ]),
  );

/** As TensorFlow rounds: the last n mod 8 numbers differ. */
const unevenly = each((x, at, all) =>
  at >= all.length - (all.length % 8) ? Math.fround(x * (1 + 2 ** -22)) : x,
);

describe('the operations of an engine', () => {
  it.each(['cpu', 'wasm'])('hold on %s what is claimed, but for what is known', async (engine) => {
    const { claims } = await judgeOperations({ engine, seed: 1 });
    expect(claims.filter(({ verdict }) => verdict === 'fails' || verdict === 'unexpected')).toEqual([]);
    const known = claims.filter(({ verdict }) => verdict === 'known');
    expect(known.map(({ id }) => id)).toEqual(
      { cpu: ['abs-slope', 'max-slope'], wasm: ['sign-exact', 'gather-slope', 'abs-slope', 'max-slope'] }[
        engine
      ],
    );
    for (const { counterexample, graph } of known) expect([counterexample, graph].every(Boolean)).toBe(true);
  });

  it.each([
    ['exp-even', unevenly],
    ['sigmoid-even', unevenly],
    ['log-even', unevenly],
    ['softmax-even', unevenly],
    ['topk-lowest-first', each((_, at, all) => all[all.length - 1 - at] as number)],
    ['argmax-lowest-first', each((x) => x + 1)],
    ['gather-exact', each((x) => Math.fround(x * (1 + 2 ** -22)))],
    ['cumsum-exact', each((x, at) => (at === 0 ? x : x + 1))],
    ['scatter-adds', each((x) => Math.sign(x))],
    ['sign-exact', each(() => 0)],
    ['where-exact', each((x, at) => (at === 0 ? Number.NaN : x))],
    ['cast-truncates', each((x) => (x < 0 ? x - 1 : x))],
    ['exp-keeps-nan', each((x) => (Number.isNaN(x) ? 0 : x))],
    ['maximum-keeps-nan', each(() => Number.NaN)],
    ['sum-keeps-nan', each(() => 0)],
    ['cast-keeps-nan-in-range', each((x) => (x === 0 ? -(2 ** 31) : x))],
    ['gather-slope', each((x) => Math.sign(x))],
    ['where-slope', each(() => 3)],
  ])('this finds an engine whose results are wrong: %s', async (id, change) => {
    expect(await judgedWith(id, (values) => values)).toMatchObject({
      verdict: 'holds',
      counterexample: null,
    });
    expect(await judgedWith(id, change)).toMatchObject({
      verdict: 'fails',
      counterexample: expect.any(String),
    });
  });

  it('have different ids', () => {
    const ids = CLAIMS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
