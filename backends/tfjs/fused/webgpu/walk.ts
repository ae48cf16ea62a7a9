/**
 * The whole walk, with its derivatives, as a few WGSL programs.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../../spec/contract.js';
import { outOfRange } from '../../../../spec/errors.js';
import type {
  DeviceFindings,
  DeviceStep,
  DeviceSteps,
  DeviceWalk,
  Observer,
  WalkInputs,
} from '../../walk.js';
import { classLevel } from './class-level.js';
import { columnsSource } from './columns.js';
import { gradientGroups, gradientSource } from './gradient.js';
import { instanceLevel } from './instance-level.js';
import { tableOf, uniformsOf } from './layout.js';
import { requireCountable } from './limits.js';
import { lossesSource } from './losses.js';
import { LANES } from './prelude.js';
import { needsRows, rowWords } from './reading.js';
import { rowsSource } from './rows.js';
import { type Inputs, type Run, Shader } from './shader.js';
import { SCALARS, totalsSource } from './totals.js';
import type { Form } from './upstream.js';

/**
 * The walk on `webgpu`, which must be the current engine when it is called.
 *
 * A training step runs 5 programs at class level and 6 at instance level. It runs one more where labels are
 * one-hot or scores are logits, one more for the distribution comparison, and one more for the per-sample form.
 * Nothing is read back, shapes are static, and sums have a fixed order: the same batch gives the same bits.
 *
 * At class level the mined lists take 2·C·n words, with n rounded up to a power of two. At instance level the
 * chosen samples take J·ρ·n·(6·κ + 3) words, with 2κ rounded up to a power of two, and distances at least 4·n
 * words. A program that does not fit the device is refused with a GpuLimitError.
 *
 * It has no easy anchors.
 *
 * @param edit - changes the source of each program: tests make wrong programs with it
 * @throws InputRangeError - for easy anchors
 */
export function webgpuWalk(
  schema: Schema,
  options: BalancedOptions,
  edit: (source: string) => string = (source) => source,
): { readonly walk: DeviceWalk; readonly steps: DeviceSteps } {
  if (options.anchors !== 'all') {
    const expected = 'all, for the fused walk on webgpu; the backend tfjs has easy anchors there';
    outOfRange('option-out-of-range', 'options.anchors', expected, options.anchors);
  }
  const shader = (name: string, source: string) => new Shader(name, edit(source));
  const shaders = {
    rows: shader('rows', rowsSource(schema)),
    columns: shader('columns', columnsSource(schema)),
    gradient: {
      total: shader('gradient', gradientSource(schema, options, 'total')),
      perSample: shader('gradient', gradientSource(schema, options, 'perSample')),
    },
    losses: shader('losses', lossesSource(schema)),
    totals: shader('totals', totalsSource(options)),
  };
  const level =
    options.level === 'class' ? classLevel(schema, options, shader) : instanceLevel(schema, options, shader);

  /** Everything that a walk over one batch needs; no program has run yet. */
  function prepare(...[labels, scores, features, alpha = options.alpha]: WalkInputs) {
    const samples = scores.shape[0];
    requireCountable(samples);
    const { layout, mine, derivatives } = level(samples, features);
    const { classes, attributes, width } = layout;
    const uniforms = uniformsOf(layout, { ...options, alpha });
    const runWanted = (of: Shader, inputs: Inputs, wanted: number, rest: Parameters<Run>[2]) =>
      of.run({ inputs, uniforms: [...uniforms, { name: 'wanted', type: 'int32', value: wanted }], ...rest });
    const run: Run = (of, inputs, rest) => runWanted(of, inputs, 0, rest);
    const scalar = (inputs: Inputs, wanted: (typeof SCALARS)[number]) =>
      runWanted(shaders.totals, inputs, SCALARS.indexOf(wanted), {
        groups: 1,
        shape: [],
        dtype: 'float32',
      }) as tf.Scalar;
    return {
      layout,
      /** Runs all programs except those that compute results. */
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
      scalar,
      /** One loss per sample. */
      losses: (inputs: Inputs) =>
        run(
          shaders.losses,
          { ...inputs, rectification: scalar(inputs, 'checkedRectification') },
          { groups: samples, shape: [samples], dtype: 'float32' },
        ),
      /** What an observer is shown. */
      findings(inputs: Inputs): DeviceFindings {
        const ofClasses = tf.slice(inputs.mined as tf.Tensor1D, [0], [classes * layout.minedWords]);
        const alive = tf.slice(tf.reshape(ofClasses, [classes, layout.minedWords]), [0, 0], [classes, 1]);
        return {
          loss: scalar(inputs, 'loss'),
          rectification: scalar(inputs, 'rectification'),
          crossEntropy: scalar(inputs, 'crossEntropy'),
          sizes: tf.slice(inputs.columns as tf.Tensor1D, [0], [classes]),
          surviving: tf.cast(tf.reshape(alive, [classes]), 'float32') as tf.Tensor1D,
          anchors: scalar(inputs, 'anchors'),
          triplets: scalar(inputs, 'triplets'),
        };
      },
      /**
       * The derivative with respect to the scores, and at instance level with respect to the features.
       *
       * @param inputs - with `upstream`, the derivative with respect to the value
       */
      slopes: (inputs: Inputs, form: Form): tf.Tensor[] => [
        run(shaders.gradient[form], inputs, {
          groups: gradientGroups(schema, samples),
          shape: [samples, width],
          dtype: 'float32',
        }),
        ...derivatives(inputs, run, form),
      ],
    };
  }

  /** A step whose derivatives are computed when they are asked for. */
  function step(form: Form, given: WalkInputs, observe: Observer | undefined): DeviceStep {
    const { begin, scalar, losses, findings, slopes } = prepare(...given);
    const { value, inputs } = tf.tidy(() => {
      const found = begin();
      observe?.(findings(found));
      return { value: form === 'total' ? scalar(found, 'loss') : losses(found), inputs: found };
    });
    const names = Object.keys(inputs);
    return {
      value,
      saved: Object.values(inputs),
      derivatives: (upstream, saved) =>
        slopes(
          { ...Object.fromEntries(names.map((name, at) => [name, saved[at] as tf.Tensor])), upstream },
          form,
        ),
    };
  }

  return {
    steps: {
      total: (given, observe) => step('total', given, observe),
      perSample: (given, observe) => step('perSample', given, observe),
    },
    walk: (...given) =>
      tf.tidy(() => {
        const { begin, findings, slopes } = prepare(...given);
        const inputs = begin();
        const [gradient, featureGradient] = slopes({ ...inputs, upstream: tf.scalar(1) }, 'total');
        return {
          ...findings(inputs),
          gradient: gradient as tf.Tensor2D,
          ...(featureGradient ? { featureGradient: featureGradient as tf.Tensor3D } : {}),
        };
      }),
  };
}
