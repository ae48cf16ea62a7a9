import { describe, expect, it } from 'vitest';
import { createSchema, type Level, resolveOptions } from '../../spec/index.js';
import { rowMajor } from './batch/scores.js';
import { type FlatBatch, Kernel } from './kernel.js';

/** Of one attribute with two classes. */
function kernelOf(level: Level, fromLogits = false): Kernel {
  const schema = createSchema({ attributes: [2], fromLogits });
  return new Kernel(schema, { ...resolveOptions(schema, { level, kappa: 1 }), alpha: 0.5 });
}

const SCORES = Float64Array.of(0.1, 0.9, 0.8, 0.2, 0.3, 0.7, 0.4, 0.6, 0.5, 0.5);
const FEATURES = Float64Array.of(1, 3, 4, 8, 10);
const features = { width: 1, matrices: [FEATURES] };

/** Five samples, two of them of the class of few. */
function batchOf(scores: Float64Array | undefined, more: Partial<FlatBatch> = {}): FlatBatch {
  const labels = Int32Array.of(0, 0, 1, 1, 1);
  return { size: 5, labels, ...(scores ? { scores: rowMajor(scores, 2) } : {}), ...more };
}

describe('a kernel refuses, for the specification to say why,', () => {
  it.each([Number.NaN, 1.5, -0.5, Number.POSITIVE_INFINITY])('a score of %d at either level', (bad) => {
    for (let at = 0; at < SCORES.length; at++) {
      const scores = SCORES.with(at, bad);
      for (const kernel of [kernelOf('class'), kernelOf('instance')]) {
        expect(kernel.balanced(batchOf(scores, { features }))).toBeUndefined();
        // without cross entropy as well, though at instance level no score is used
        expect(kernel.rectification(batchOf(scores, { features }))).toBeUndefined();
      }
    }
  });

  it('a logit that is not finite, but no other', () => {
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

it('a kernel finds of logits what a fresh one does, whatever the size of the batches before', () => {
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
