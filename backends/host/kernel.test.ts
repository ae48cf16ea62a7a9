import { describe, expect, it } from 'vitest';
import { createSchema, type Level, resolveOptions } from '../../spec/index.js';
import { rowMajor } from './batch/scores.js';
import { type FlatBatch, HostKernel } from './kernel.js';
import { writeScoreGradient } from './score-derivative.js';

/** A kernel of one attribute with two classes. */
function kernelOf(level: Level, fromLogits = false): HostKernel {
  const schema = createSchema({ attributes: [2], fromLogits });
  return new HostKernel(schema, { ...resolveOptions(schema, { level, kappa: 1 }), alpha: 0.5 });
}

const SCORES = Float64Array.of(0.1, 0.9, 0.8, 0.2, 0.3, 0.7, 0.4, 0.6, 0.5, 0.5);
const FEATURES = Float64Array.of(1, 3, 4, 8, 10);
const features = { width: 1, matrices: [FEATURES] };

/** Five samples, two of them of the minority class. */
function batchOf(scores: Float64Array | undefined, more: Partial<FlatBatch> = {}): FlatBatch {
  const labels = Int32Array.of(0, 0, 1, 1, 1);
  return { size: 5, labels, ...(scores ? { scores: rowMajor(scores, 2) } : {}), ...more };
}

describe('a kernel refuses, and leaves it to the specification to say why,', () => {
  it.each([Number.NaN, 1.5, -0.5, Number.POSITIVE_INFINITY])('a score of %d at either level', (bad) => {
    for (let at = 0; at < SCORES.length; at++) {
      const scores = SCORES.with(at, bad);
      for (const kernel of [kernelOf('class'), kernelOf('instance')]) {
        expect(kernel.balanced(batchOf(scores, { features }))).toBeUndefined();
        // without the cross entropy as well, though at instance level no score is used then
        expect(kernel.rectification(batchOf(scores, { features }))).toBeUndefined();
      }
    }
  });

  it('a logit that is not finite, but no finite one', () => {
    const logits = Float64Array.of(40, -3, 2, 1, 0, 0, 5, 1e30, -1e30, 7);
    const kernel = kernelOf('instance', true);
    expect(kernel.rectification(batchOf(logits, { features }))?.loss).toBeGreaterThan(0);
    expect(kernel.balanced(batchOf(logits, { features }))?.rectification).toBeGreaterThan(0);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const batch = batchOf(logits.with(6, bad), { features });
      expect(kernel.rectification(batch)).toBeUndefined();
      expect(kernel.balanced(batch)).toBeUndefined();
    }
  });

  it('features that are missing, or not finite in any matrix', () => {
    const kernel = kernelOf('instance');
    const bad = FEATURES.with(3, Number.NaN);
    for (const given of [
      {},
      { features: { width: 1, matrices: [bad, FEATURES] } },
      { features: { width: 1, matrices: [FEATURES, bad] } },
    ]) {
      expect(kernel.rectification(batchOf(undefined, given))).toBeUndefined();
      expect(kernel.balanced(batchOf(SCORES, given))).toBeUndefined();
    }
  });

  it('a batch without scores where they are needed', () => {
    expect(kernelOf('class').rectification(batchOf(undefined, { features }))).toBeUndefined();
    expect(kernelOf('class').balanced(batchOf(undefined, { features }))).toBeUndefined();
    expect(kernelOf('instance').balanced(batchOf(undefined, { features }))).toBeUndefined();
    expect(kernelOf('instance').rectification(batchOf(undefined, { features }))?.loss).toBeGreaterThan(0);
  });
});

it('a kernel gives the same result as a new one, after batches of any size', () => {
  const kernel = kernelOf('class', true);
  const batches = [5, 2, 400, 5, 400].map((size) => ({
    size,
    labels: Int32Array.from({ length: size }, (_, i) => Number(i % 5 > 1)),
    scores: rowMajor(
      Float64Array.from({ length: 2 * size }, (_, at) => Math.sin(at + size)),
      2,
    ),
  }));
  const fresh = batches.map((batch) => kernelOf('class', true).balanced(batch));
  expect(batches.map((batch) => kernel.balanced(batch))).toEqual(fresh);
});

describe.each(['categorical', 'multi-label', 'one-attribute'] as const)(
  'sample by sample, of %s data,',
  (encoding) => {
    const [n, d, alpha] = [9, 2, 0.25];
    const features = {
      width: d,
      matrices: [Float64Array.from({ length: n * d }, (_, at) => Math.cos(3 * at))],
    };

    it.each([
      ['class', false],
      ['class', true],
      ['instance', false],
      ['instance', true],
    ] as const)(
      'the losses, and their derivative for any upstream one: %s level, logits: %s',
      (level, fromLogits) => {
        const attributes =
          encoding === 'categorical' ? [3, 2] : encoding === 'multi-label' ? [2, 2, 2, 2, 2] : [5];
        const schema = createSchema({ attributes, encoding, fromLogits });
        const options = { ...resolveOptions(schema, { level, kappa: 2, rho: 0.75 }), alpha };
        const kernel = new HostKernel(schema, options);
        const rectifies = new HostKernel(schema, { ...options, alpha: 1 });
        const width = encoding === 'categorical' ? 2 : 5;
        const unlabelled = encoding === 'one-attribute' ? 0 : -1;
        const labels = Int32Array.from({ length: n * width }, (_, at) =>
          at % 7 === 4 ? unlabelled : +(at % 3 === 0),
        );
        labels.fill(unlabelled, 0, width); // the first sample has no label at all
        const scores = Float64Array.from({ length: n * 5 }, (_, at) => ((at * 37) % 61) / 64);
        const batch = { size: n, labels, scores: rowMajor(scores, 5), features };

        const losses = new Float64Array(n);
        const found = kernel.forward(batch, { losses, kept: true });
        const whole = kernel.balanced(batch);
        const rectified = rectifies.balanced(batch);
        if (!found || !whole || !rectified) throw new Error('the batch is valid');
        const { derivative, ...parts } = found;
        const { gradient: _, ...same } = whole;
        expect(parts).toEqual(same);
        expect(found.rectification).toBeGreaterThan(0);
        const alone = (i: number) => {
          const own = new HostKernel(schema, { ...options, alpha: 0 }).balanced({
            size: 1,
            labels: labels.subarray(i * width, (i + 1) * width),
            scores: rowMajor(scores.subarray(i * 5, (i + 1) * 5), 5),
            features: { width: d, matrices: [new Float64Array(d)] },
          });
          if (!own) throw new Error('the batch is valid');
          return own;
        };
        const deltas = Float32Array.from({ length: n }, (_, i) => i / 8 - 0.25);
        const gradient = new Float64Array(n * 5).fill(7);
        writeScoreGradient(derivative, deltas, gradient);
        const total = deltas.reduce((a, b) => a + b);
        for (let i = 0; i < n; i++) {
          const own = alone(i);
          expect(losses[i]).toBeCloseTo(alpha * found.rectification + (1 - alpha) * own.loss, 12);
          for (let s = 0; s < 5; s++) {
            const right =
              total * alpha * (rectified.gradient[i * 5 + s] as number) +
              (deltas[i] as number) * (1 - alpha) * (own.gradient[s] as number);
            expect(gradient[i * 5 + s]).toBeCloseTo(right, 12);
          }
        }
        if (encoding !== 'one-attribute') expect(alone(0).loss).toBe(0);
        // δ of 1/n for each sample is the derivative of the mean, L
        writeScoreGradient(derivative, 1 / n, gradient);
        expect(gradient).toEqual(whole.gradient);
      },
    );

    it('a batch that is not valid is refused', () => {
      const schema = createSchema({ attributes: encoding === 'multi-label' ? [2, 2] : [2], encoding });
      const kernel = new HostKernel(schema, { ...resolveOptions(schema), alpha });
      const labels = Int32Array.of(0, 0);
      expect(kernel.forward({ size: 1, labels })).toBeUndefined();
      const scores = rowMajor(Float64Array.of(0.5, Number.NaN), 2);
      expect(kernel.forward({ size: 1, labels, scores })).toBeUndefined();
    });
  },
);
