/**
 * The whole walk as a few WGSL programs, with the derivative.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../../spec/contract.js';
import type { DeviceStep, DeviceWalk } from '../../walk.js';
import { classLevel } from './class-level.js';
import { columnsSource } from './columns.js';
import { gradientGroups, gradientSource } from './gradient.js';
import { instanceLevel } from './instance-level.js';
import { tableOf, uniformsOf } from './layout.js';
import { requireCountable } from './limits.js';
import { LANES } from './prelude.js';
import { needsRows, rowWords } from './reading.js';
import { rowsSource } from './rows.js';
import { type Inputs, type Run, Shader } from './shader.js';
import { SCALARS, totalsSource } from './totals.js';

/** A walk, and what a step of training needs of it. */
export interface WebgpuWalk {
  readonly walk: DeviceWalk;
  readonly step: DeviceStep;
}

/**
 * The walk on `webgpu`, which must be the current engine when it is called.
 *
 * A step of training runs 5 programs at class level and 6 at instance level; one more where labels are
 * one-hot or scores are logits, and one more for the distribution comparison. No read-back, static shapes, and
 * no sum whose order could differ: the same batch gives the same bits. At class level the mined lists
 * take 2·C·n words, n up to a power of two; at instance level J·ρ·n·(6·κ + 3), 2κ up to a power of two,
 * and 4·n or more for distances. A program that a device cannot hold is refused with a GpuLimitError.
 *
 * @param edit - what changes a program's source: how tests make wrong ones
 */
export function webgpuWalk(
  schema: Schema,
  options: BalancedOptions,
  edit: (source: string) => string = (source) => source,
): WebgpuWalk {
  const shader = (name: string, source: string) => new Shader(name, edit(source));
  const shaders = {
    rows: shader('rows', rowsSource(schema)),
    columns: shader('columns', columnsSource(schema)),
    gradient: shader('gradient', gradientSource(schema, options)),
    totals: shader('totals', totalsSource(options)),
  };
  const level =
    options.level === 'class' ? classLevel(schema, options, shader) : instanceLevel(schema, options, shader);

  /** How a batch is walked; nothing has run yet. */
  function prepare(...[labels, scores, features, alpha = options.alpha]: Parameters<DeviceWalk>) {
    const samples = scores.shape[0];
    requireCountable(samples);
    const { layout, mine, derivatives } = level(samples, features);
    const { classes, attributes, width } = layout;
    const uniforms = uniformsOf(layout, { ...options, alpha });
    const runWanted = (of: Shader, inputs: Inputs, wanted: number, rest: Parameters<Run>[2]) =>
      of.run({ inputs, uniforms: [...uniforms, { name: 'wanted', type: 'int32', value: wanted }], ...rest });
    const run: Run = (of, inputs, rest) => runWanted(of, inputs, 0, rest);
    return {
      layout,
      /** Runs all programs but those of the results. */
      begin(): Record<string, tf.Tensor> {
        const found: Record<string, tf.Tensor> = { labels, scores, table: tableOf(schema, options, samples) };
        if (features) found.features = features;
        if (needsRows(schema)) {
          found.rows = run(shaders.rows, found, {
            groups:
              schema.encoding === 'categorical' ? samples * attributes : Math.ceil((samples * width) / LANES),
            shape: [rowWords(schema, samples)],
            dtype: 'int32',
          });
        }
        found.columns = run(shaders.columns, found, {
          groups: classes,
          shape: [3 * classes],
          dtype: 'float32',
        });
        return { ...found, ...mine(found, run) };
      },
      scalar: (inputs: Inputs, wanted: (typeof SCALARS)[number]) =>
        runWanted(shaders.totals, inputs, SCALARS.indexOf(wanted), {
          groups: 1,
          shape: [],
          dtype: 'float32',
        }) as tf.Scalar,
      /** ∂/∂scores of what follows L, and at instance level ∂/∂features. */
      slopes: (inputs: Inputs): tf.Tensor[] => [
        run(shaders.gradient, inputs, {
          groups: gradientGroups(schema, samples),
          shape: [samples, width],
          dtype: 'float32',
        }),
        ...derivatives(inputs, run),
      ],
    };
  }

  return {
    step(...given) {
      const { begin, scalar, slopes } = prepare(...given);
      const { loss, inputs } = tf.tidy(() => {
        const found = begin();
        return { loss: scalar(found, 'loss'), inputs: found };
      });
      const names = Object.keys(inputs);
      return {
        loss,
        saved: names.map((name) => inputs[name] as tf.Tensor),
        derivatives: (upstream, saved) =>
          slopes({ ...Object.fromEntries(names.map((name, at) => [name, saved[at]])), upstream }),
      };
    },
    walk: (...given) =>
      tf.tidy(() => {
        const { layout, begin, scalar, slopes } = prepare(...given);
        const { classes, minedWords } = layout;
        const inputs = begin();
        const [gradient, featureGradient] = slopes({ ...inputs, upstream: tf.scalar(1) });
        const ofClasses = tf.slice(inputs.mined as tf.Tensor1D, [0], [classes * minedWords]);
        const alive = tf.slice(tf.reshape(ofClasses, [classes, minedWords]), [0, 0], [classes, 1]);
        return {
          loss: scalar(inputs, 'loss'),
          rectification: scalar(inputs, 'rectification'),
          crossEntropy: scalar(inputs, 'crossEntropy'),
          gradient: gradient as tf.Tensor2D,
          ...(featureGradient ? { featureGradient: featureGradient as tf.Tensor3D } : {}),
          sizes: tf.slice(inputs.columns as tf.Tensor1D, [0], [classes]),
          surviving: tf.cast(tf.reshape(alive, [classes]), 'float32') as tf.Tensor1D,
          anchors: scalar(inputs, 'anchors'),
          triplets: scalar(inputs, 'triplets'),
        };
      }),
  };
}
