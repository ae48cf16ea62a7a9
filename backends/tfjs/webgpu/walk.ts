/**
 * The whole walk at class level as a few WGSL programs, with the derivative.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../spec/contract.js';
import { outOfRange } from '../../../spec/errors.js';
import type { DeviceStep, DeviceWalk } from '../graph.js';
import { columnsSource } from './columns.js';
import { gradientGroups, gradientSource } from './gradient.js';
import { HISTOGRAM, histogramGroups } from './histogram.js';
import { layOut, SHARED_ROOMS, tableOf, uniformsOf } from './layout.js';
import { requireCountable, requireNumberable } from './limits.js';
import { mineSource } from './mine.js';
import { pairsSource } from './pairs.js';
import { LANES } from './prelude.js';
import { needsRows, rowWords } from './reading.js';
import { RELATIVE } from './relative.js';
import { rowsSource } from './rows.js';
import { Shader, type ShaderRun } from './shader.js';
import { SCALARS, totalsSource } from './totals.js';

/** A walk, and what a step of training needs of it. */
export interface WebgpuWalk {
  readonly walk: DeviceWalk;
  readonly step: DeviceStep;
}

/**
 * The walk on `webgpu`, which must be the current engine when it is called.
 *
 * A step of training runs 5 programs; one more where labels are one-hot or scores are logits, and
 * one more for the distribution comparison. No read-back, static shapes, and no sum whose order could
 * differ: the same batch gives the same bits. The mined lists take 2·C·n words, n up to a power of two;
 * a program that a device cannot hold is refused with a GpuLimitError.
 *
 * @param edit - what changes a program's source: how tests make wrong ones
 */
export function webgpuWalk(
  schema: Schema,
  options: BalancedOptions,
  edit: (source: string) => string = (source) => source,
): WebgpuWalk {
  if (options.level !== 'class') {
    outOfRange('option-out-of-range', 'options.level', 'class (fused on webgpu)', options.level);
  }
  const shader = (name: string, source: string) => new Shader(name, edit(source));
  const { comparison } = options;
  const shaders = {
    rows: shader('rows', rowsSource(schema)),
    columns: shader('columns', columnsSource(schema)),
    mine: new Map([...SHARED_ROOMS, 0].map((room) => [room, shader('mine', mineSource(schema, room))])),
    histogram: shader('histogram', HISTOGRAM),
    compare:
      comparison === 'relative' ? shader('relative', RELATIVE) : shader(comparison, pairsSource(comparison)),
    gradient: shader('gradient', gradientSource(schema, comparison)),
    totals: shader('totals', totalsSource(comparison)),
  };

  /** Runs all programs but the last. */
  function begin(labels: tf.Tensor2D, scores: tf.Tensor2D, alpha = options.alpha) {
    const samples = scores.shape[0];
    requireCountable(samples);
    if (comparison === 'distribution') requireNumberable(samples * Math.min(options.kappa, samples));
    const layout = layOut(schema, samples);
    const uniforms = uniformsOf(layout, { ...options, alpha });
    const inputs: Record<string, tf.Tensor | undefined> = { labels, scores };
    const run = (of: Shader, rest: Omit<ShaderRun, 'inputs' | 'uniforms'>, wanted = 0) =>
      of.run({ inputs, uniforms: [...uniforms, { name: 'wanted', type: 'int32', value: wanted }], ...rest });
    const { classes, room } = layout;
    const shared = SHARED_ROOMS.find((most) => room <= most) ?? 0;
    inputs.table = tableOf(schema, options, samples);
    if (needsRows(schema)) {
      inputs.rows = run(shaders.rows, {
        groups:
          schema.encoding === 'categorical'
            ? samples * layout.attributes
            : Math.ceil((samples * layout.width) / LANES),
        shape: [rowWords(schema, samples)],
        dtype: 'int32',
      });
    }
    inputs.columns = run(shaders.columns, { groups: classes, shape: [3 * classes], dtype: 'float32' });
    inputs.mined = run(shaders.mine.get(shared) as Shader, {
      groups: classes,
      shape: [classes * layout.minedWords],
      dtype: 'int32',
    });
    if (comparison === 'distribution') {
      inputs.heights = run(shaders.histogram, {
        groups: histogramGroups(options.bins),
        shape: [2 * options.bins],
        dtype: 'float32',
      });
    }
    inputs.slopes = run(shaders.compare, {
      groups: classes,
      shape: [classes * layout.slopeWords],
      dtype: 'float32',
    });
    const gradient = run(shaders.gradient, {
      groups: gradientGroups(schema, samples),
      shape: [samples, layout.width],
      dtype: 'float32',
    }) as tf.Tensor2D;
    const scalar = (wanted: (typeof SCALARS)[number]) =>
      run(shaders.totals, { groups: 1, shape: [], dtype: 'float32' }, SCALARS.indexOf(wanted)) as tf.Scalar;
    return { layout, inputs, gradient, scalar };
  }

  return {
    step: (labels, scores, _features, alpha) =>
      tf.tidy(() => {
        const { gradient, scalar } = begin(labels, scores, alpha);
        return { loss: scalar('loss'), gradient };
      }),
    walk: (labels, scores, _features, alpha) =>
      tf.tidy(() => {
        const { layout, inputs, gradient, scalar } = begin(labels, scores, alpha);
        const { classes, minedWords } = layout;
        const mined = tf.reshape(inputs.mined as tf.Tensor, [classes, minedWords]);
        const alive = tf.reshape(tf.slice(mined, [0, 0], [classes, 1]), [classes]);
        return {
          loss: scalar('loss'),
          rectification: scalar('rectification'),
          crossEntropy: scalar('crossEntropy'),
          gradient,
          sizes: tf.slice(inputs.columns as tf.Tensor1D, [0], [classes]),
          surviving: tf.cast(alive, 'float32') as tf.Tensor1D,
          anchors: scalar('anchors'),
          triplets: scalar('triplets'),
        };
      }),
  };
}
