import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { tfjsBackend } from '../../backends/tfjs/backend.js';
import { loadEngine } from '../../backends/tfjs/index.js';
import { type Backend, balancedLoss, createBatch, type OptionsInput } from '../../spec/index.js';
import { alphaAt } from './alpha-schedule.js';
import { type ClassRectificationOptions, classRectificationLoss } from './class-rectification-loss.js';
import { trainableBackend } from './training-loss.js';

const labels = [0, 0, 1, 1, 1, 2, 2, 0, 1, 1];
const inputs = labels.map((k, i) => [k + Math.sin(i), Math.cos(3 * i), k * 0.5 - 0.3]);

describe('α from step to step', () => {
  it('is a number, a line that is kept at its end, or a function, after the warm-up', () => {
    const of = (...given: Parameters<typeof alphaAt>) => [0, 1, 2, 3, 4, 9].map(alphaAt(...given));
    expect(of(0.3)).toEqual([0.3, 0.3, 0.3, 0.3, 0.3, 0.3]);
    expect(of(0.3, 2)).toEqual([0, 0, 0.3, 0.3, 0.3, 0.3]);
    expect(of({ from: 0.25, to: 0.75, steps: 2 })).toEqual([0.25, 0.5, 0.75, 0.75, 0.75, 0.75]);
    expect(of({ from: 0.5, to: 0, steps: 2 }, 1)).toEqual([0, 0.5, 0.25, 0, 0, 0]);
    expect(of((step) => 1 / (1 + step), 2)).toEqual([0, 0, 1, 1 / 2, 1 / 3, 1 / 8]);
  });

  it('never leaves [0, 1] on a line from end to end, in spite of rounding', () => {
    for (const steps of [3, 7, 49, 1000]) {
      const line = alphaAt({ from: 1, to: 1, steps });
      for (let step = 0; step <= steps; step++) expect(line(step)).toBeLessThanOrEqual(1);
    }
  });

  it('is f/(1+f) of DCL’s f, which falls as half a cosine and then stays at its floor', () => {
    const f = (l: number, L: number, p: number, epsilon: number) =>
      l < p * L ? (1 + Math.cos((Math.PI * l) / L)) / 2 + epsilon : epsilon;
    const weightOf = (alpha: number) => alpha / (1 - alpha);
    const [steps, until, floor] = [40, 0.75, 0.2];
    const given = alphaAt({ kind: 'dcl', steps, until, floor }, 5);
    const byDefault = alphaAt({ kind: 'dcl', steps });
    for (let step = 0; step < 2 * steps; step++) {
      expect(weightOf(given(step + 5))).toBeCloseTo(f(step, steps, until, floor), 12);
      expect(weightOf(byDefault(step))).toBeCloseTo(f(step, steps, 0.3, 0.01), 12);
    }
    expect(given(4)).toBe(0);
    // it never falls with p 0, ends at the floor without a drop with p 1, and is cross entropy at the end with ε 0
    expect(alphaAt({ kind: 'dcl', steps, until: 0, floor })(0)).toBeCloseTo(0.2 / 1.2, 12);
    expect(weightOf(alphaAt({ kind: 'dcl', steps, until: 1, floor })(39))).toBeCloseTo(0.2 + 0.00154, 5);
    expect(alphaAt({ kind: 'dcl', steps, floor: 0 })(40)).toBe(0);
    expect(alphaAt({ kind: 'dcl', steps, floor: Number.MAX_VALUE })(0)).toBe(1);
  });

  it('refuses a schedule of DCL that is none', () => {
    const refused = (more: object) => expect(() => alphaAt({ kind: 'dcl', steps: 9, ...more } as never));
    refused({ until: 1.1 }).toThrow('alpha.until: expected a number in [0, 1], got 1.1');
    refused({ until: Number.NaN }).toThrow('alpha.until: expected a number in [0, 1], got NaN');
    refused({ floor: -1 }).toThrow('alpha.floor: expected a finite number ≥ 0, got -1');
    refused({ floor: Number.POSITIVE_INFINITY }).toThrow('alpha.floor: expected a finite number ≥ 0');
    refused({ floor: '0' }).toThrow('alpha.floor: expected a finite number ≥ 0, got "0"');
    refused({ steps: undefined }).toThrow('alpha.steps: expected an integer ≥ 1, got undefined');
    refused({ kind: 'cosine' }).toThrow('alpha.kind: expected dcl, got "cosine"');
    refused({ epochs: 9 }).toThrow('alpha.epochs: expected one of kind, steps, until, floor');
  });

  it('refuses what is no α, naming it', () => {
    expect(() => alphaAt(1.5)).toThrow('alpha: expected a number in [0, 1], got 1.5');
    expect(() => alphaAt({ from: 0, to: 2, steps: 5 })).toThrow(
      'alpha.to: expected a number in [0, 1], got 2',
    );
    expect(() => alphaAt({ from: 0, to: 1, steps: 0 })).toThrow(
      'alpha.steps: expected an integer ≥ 1, got 0',
    );
    expect(() => alphaAt({ from: 0, to: 1, step: 3 } as never)).toThrow('alpha.step');
    expect(() => alphaAt('0.1' as never)).toThrow(
      'alpha: expected a number in [0, 1], a function of the step',
    );
    expect(() => alphaAt(0.1, -1)).toThrow('warmUp: expected an integer ≥ 0, got -1');
    for (const step of [-1, 0.5, Number.NaN]) {
      expect(() => alphaAt({ from: 0, to: 1, steps: 3 })(step)).toThrow(
        `alphaAt(step): expected an integer ≥ 0, got ${step}`,
      );
    }
    expect(() => alphaAt((step) => step)(2)).toThrow('alpha(2): expected a number in [0, 1], got 2');
  });
});

describe('a scheduled loss', () => {
  beforeAll(() => loadEngine('wasm'));
  const y = () => tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat();

  it.each([
    ['the tfjs backend', {}],
    ['a host backend', { backend: trainableBackend(referenceBackend()) }],
  ])('has in every step the α of that step, through %s', (_, backend) => {
    const schedule = { from: 0.2, to: 0.8, steps: 2 };
    const loss = classRectificationLoss({
      attributes: [3],
      fromLogits: true,
      alpha: schedule,
      warmUp: 1,
      ...backend,
    });
    const logits = tf.tensor2d(inputs);
    const batch = createBatch({
      attributes: [3],
      labels: labels.map((k) => [k]),
      scores: logits.arraySync(),
      fromLogits: true,
    });
    for (const alpha of [0, 0.2, 0.5, 0.8, 0.8]) {
      loss(y(), logits); // looked at, as in validation: no step
      const slope = tf
        .grad((x: tf.Tensor) => tf.mean(loss(y(), x)))(logits)
        .dataSync();
      const { gradient } = balancedLoss(batch, { ...loss.options, alpha });
      for (const [at, expected] of gradient.data.entries()) expect(slope[at]).toBeCloseTo(expected, 6);
    }
    expect(loss.options.alpha).toBe(0);
    expect(loss.alphaAt(2)).toBe(0.5);
  });

  it('is plain cross entropy to the last bit at α 0, whichever options CRL has', async () => {
    const train = async (
      choices: OptionsInput,
      weight: Pick<ClassRectificationOptions, 'alpha' | 'warmUp'>,
    ) => {
      const kernelInitializer = tf.initializers.glorotUniform({ seed: 3 });
      const layer = tf.layers.dense({ units: 3, inputShape: [3], kernelInitializer });
      const model = tf.sequential({ layers: [layer] });
      const loss = classRectificationLoss({ attributes: [3], fromLogits: true, ...weight, ...choices });
      model.compile({ optimizer: tf.train.sgd(0.5), loss });
      const options = { epochs: 4, batchSize: 10, shuffle: false, verbose: 0 } as const;
      const { history } = await model.fit(tf.tensor2d(inputs), y(), {
        ...options,
        validationData: [tf.tensor2d(inputs), y()], // must not use up the warm-up
      });
      return { losses: history.loss, weights: model.getWeights().map((w) => Array.from(w.dataSync())) };
    };
    const plain = await train({ kappa: 1 }, { alpha: 0 });
    expect(await train({ kappa: 5, comparison: 'absolute' }, { alpha: 0 })).toEqual(plain);
    expect(await train({ kappa: 5 }, { alpha: 0.9, warmUp: 4 })).toEqual(plain);
    expect(await train({ kappa: 5 }, { alpha: 0.9, warmUp: 3 })).not.toEqual(plain);
  });

  it('is not made anew as α changes: once watched for a minority class, once not', async () => {
    const right = await tfjsBackend({ engine: 'wasm' });
    let made = 0;
    const backend: Backend = {
      ...right,
      tensorLoss(...given) {
        made += 1;
        return (right.tensorLoss as NonNullable<typeof right.tensorLoss>)(...given) as never;
      },
    };
    const loss = classRectificationLoss({ attributes: [3], fromLogits: true, alpha: (t) => t / 4, backend });
    const slope = tf.grad((x: tf.Tensor) => tf.mean(loss(y(), x)));
    for (let step = 0; step < 4; step++) slope(tf.tensor2d(inputs));
    expect(made).toBe(2);
  });

  it('warms up where α comes from η too', () => {
    const loss = classRectificationLoss({ attributes: [2], imbalance: 0.5, eta: 0.5, warmUp: 10 });
    expect([9, 10].map(loss.alphaAt)).toEqual([0, 0.25]);
  });
});
