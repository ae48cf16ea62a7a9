import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSuite } from '../../../properties/index.js';
import { createBatch, resolveOptions } from '../../../spec/index.js';
import { tfjsBackend } from '../graph/backend.js';
import { graphLoss } from '../graph/loss.js';
import { scatterAdd, scatterSum } from '../graph/scatter.js';
import { labelTensor } from '../tensors.js';
import type { LoadedEngine } from './engine.js';
import { GpuFaultError, NoDispatchError } from './errors.js';
import { loadEngine } from './index.js';
import { runGraph } from './run-graph.js';

const absent = await loadEngine('webgpu').then(
  () => undefined,
  (error: Error) => error.message,
);

describe.skipIf(absent)(`webgpu in Node${absent ? `, skipped: ${absent}` : ''}`, () => {
  let engine: LoadedEngine;
  beforeAll(async () => {
    engine = await loadEngine('webgpu');
  });

  it('names its adapter, and marks software', () => {
    expect(engine.adapter).toMatch(/./);
    if (/swiftshader|llvmpipe/i.test(engine.adapter ?? '')) expect(engine.adapter).toContain('(software)');
  });

  it.each(['add', 'topk', 'sum', 'gather', 'concat', 'slice', 'tile', 'transpose'])(
    'computes a small %s on the device',
    async (operation) => {
      const { found } = await runGraph(engine, () => {
        const x = tf.tensor2d([1, 5, 3, 2], [2, 2]);
        const operations: Record<string, () => tf.Tensor> = {
          add: () => tf.add(x, x),
          topk: () => tf.topk(x, 1).values,
          sum: () => tf.sum(x, 1),
          gather: () => tf.gather(x, tf.tensor1d([1, 0], 'int32')),
          concat: () => tf.concat([x, x]),
          slice: () => tf.slice(x, [0, 1], [2, 1]),
          tile: () => tf.tile(x, [2, 1]),
          transpose: () => tf.transpose(x),
        };
        return { found: (operations[operation] as () => tf.Tensor)() };
      });
      expect(found.data.length).toBeGreaterThan(0);
    },
  );

  it('refuses a result that no GPU program computed', async () => {
    const before = tf.memory().numTensors;
    await expect(runGraph(engine, () => ({ found: tf.scalar(1) }))).rejects.toThrow(NoDispatchError);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('fails at the next read after a shader that does not compile, and works afterwards', async () => {
    const right = () => runGraph(engine, () => ({ found: tf.add(tf.tensor1d([1, 2]), 1) }));
    const wrong = () =>
      runGraph(engine, () => ({
        found: runProgram(tf.tensor1d([1, 2]), 'fn main(at : i32) { this is no WGSL }'),
      }));
    const error = await wrong().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(GpuFaultError);
    expect((error as Error).message).toContain('Error while parsing WGSL');
    expect(Array.from((await right()).found.data)).toEqual([2, 3]);
    await expect(wrong()).rejects.toThrow(GpuFaultError); // from the cache of programs too

    tf.dispose(runProgram(tf.tensor1d([1, 2]), 'fn main(at : i32) { nor is this }')); // elsewhere, as in training
    await expect(right()).rejects.toThrow(GpuFaultError);
  });

  it('runs a program that does compile', async () => {
    const { found } = await runGraph(engine, () => ({
      found: runProgram(
        tf.tensor1d([1, 2]),
        'fn main(at : i32) { if (at < uniforms.size) { setOutputAtIndex(at, 2.0 * x[at]); } }',
      ),
    }));
    expect(Array.from(found.data)).toEqual([2, 4]);
  });

  it('adds numbers at equal indices in a fixed order', async () => {
    const [E, n] = [3000, 7];
    const index = Int32Array.from({ length: E }, (_, e) => (e * 5) % n);
    const values = Float32Array.from({ length: E }, (_, e) => Math.fround(Math.sin(e) / 3));
    const expected = new Float64Array(n);
    for (const [e, i] of index.entries()) expected[i] = (expected[i] as number) + (values[e] as number);
    const results: number[][] = [];
    for (let run = 0; run < 5; run++) {
      const { rows, sum } = await runGraph(engine, () => ({
        rows: scatterAdd(tf.tensor2d(index, [1, E], 'int32'), tf.tensor3d(values, [1, E, 1]), n),
        sum: scatterSum(tf.tensor1d(index, 'int32'), tf.tensor1d(values), n),
      }));
      results.push([...Array.from(rows.data), ...Array.from(sum.data)]);
    }
    for (const found of results) expect(found).toEqual(results[0]);
    expected.forEach((total, i) => {
      expect(results[0]?.[i]).toBeCloseTo(total, 3);
      expect(results[0]?.[n + i]).toBeCloseTo(total, 3);
    });
  });

  it('has a loss of NaN where a score is not finite', async () => {
    const batch = createBatch({ attributes: [2], labels: [[1]], scores: [[0]], encoding: 'multi-label' });
    const options = resolveOptions(batch, { comparison: 'distribution', bins: 33, range: [0, 4] });
    const lossOf = graphLoss(batch, { ...options, alpha: 0.5 });
    const { loss } = await runGraph(engine, () => ({
      loss: lossOf(labelTensor(batch), tf.tensor2d([Number.NaN], [1, 1])),
    }));
    expect(loss.data[0]).toBeNaN(); // a shader's max(NaN, x) is x
  });

  it('passes a property of every stage', async () => {
    const only = [
      'minority-agrees',
      'mining-agrees',
      'gradient-agrees',
      'balanced-gradient-agrees',
      'results-unaliased',
      'runs-on-its-engine',
    ];
    const report = await runSuite(await tfjsBackend({ engine: 'webgpu' }), { runs: 5, seed: 2026, only });
    const failed = report.properties.filter(({ verdict }) => verdict !== 'passed');
    expect(failed.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
  });
});

interface ProgramRunner {
  runWebGPUProgram(program: object, inputs: tf.TensorInfo[], dtype: 'float32'): tf.TensorInfo;
}

/** Runs a program of one input, `x`, as this package's own are run. */
function runProgram(x: tf.Tensor1D, code: string): tf.Tensor {
  const program = {
    variableNames: ['x'],
    outputShape: x.shape,
    workgroupSize: [64, 1, 1],
    dispatchLayout: { x: [0] },
    dispatch: [1, 1, 1],
    shaderKey: code,
    size: true,
    getUserCode: () => code,
  };
  const found = (tf.backend() as unknown as ProgramRunner).runWebGPUProgram(program, [x], 'float32');
  return tf.engine().makeTensorFromTensorInfo(found);
}
