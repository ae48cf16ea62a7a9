import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { tfjsBackend } from '../../backends/tfjs/backend.js';
import type { Report } from '../../properties/index.js';
import type { Backend } from '../../spec/index.js';
import { verify } from './verify.js';

type TensorLoss = NonNullable<Backend<tf.Tensor>['tensorLoss']>;

function failures({ properties }: Report): string[] {
  return properties.filter(({ verdict }) => verdict === 'failed').map(({ id, reason }) => `${id}: ${reason}`);
}

/** A loss whose values all lie in one place, the last one. */
const overwriting =
  (right: TensorLoss): TensorLoss =>
  (schema, options, observe) => {
    const lossOf = right(schema, options, observe);
    let last: tf.Tensor | undefined;
    return (labels, scores, features, alpha) => {
      const value = lossOf(labels, scores, features, alpha);
      const [latest] = value.dataSync(); // on cpu the numbers of the tensor, not a copy
      if (last && !last.isDisposed) last.dataSync()[0] = latest as number;
      last = value;
      return value;
    };
  };

/** A loss that keeps the values of evaluations, by a tensor and perhaps a number. */
const keeping =
  (
    keyOf: (
      labels: tf.Tensor,
      scores: tf.Tensor,
      alpha?: number,
    ) => readonly [tf.Tensor, (number | undefined)?],
  ) =>
  (right: TensorLoss): TensorLoss =>
  (schema, options, observe) => {
    const lossOf = right(schema, options, observe);
    const kept = new WeakMap<tf.Tensor, Map<number | undefined, number>>();
    const ofBatch: typeof lossOf = (labels, scores, features, alpha) => {
      const value = lossOf(labels, scores, features, alpha);
      const numbers = value.dataSync(); // on cpu the numbers of the tensor, not a copy
      if (tf.engine().state.gradientDepth > 0) return value;
      const [tensor, number] = keyOf(labels, scores, alpha);
      const own = kept.get(tensor) ?? new Map<number | undefined, number>();
      kept.set(tensor, own);
      numbers[0] = own.get(number) ?? (numbers[0] as number);
      own.set(number, numbers[0]);
      return value;
    };
    return Object.assign(ofBatch, lossOf.perSample ? { perSample: lossOf.perSample } : {});
  };

describe('what trains is judged', () => {
  it('judges what trains: a right backend whose training function is wrong fails', async () => {
    const right = await tfjsBackend({ engine: 'cpu' });
    const wrong: Backend = {
      ...right,
      tensorLoss: (schema, options) =>
        right.tensorLoss?.(schema, { ...options, kappa: options.kappa + 1 }) as never,
    };
    const report = await verify(wrong, { seed: 1, only: ['balanced-agrees', 'training-agrees'] });
    expect(report.properties.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['balanced-agrees', 'passed'],
      ['training-agrees', 'failed'],
    ]);
  });

  it.each<[string, string, (right: TensorLoss) => TensorLoss]>([
    [
      'takes α for 1 unless a step gives one',
      'training-agrees',
      (right) => (schema, options) => {
        const lossOf = right(schema, options);
        return (labels, scores, features, alpha = 1) => lossOf(labels, scores, features, alpha);
      },
    ],
    [
      'drops what its derivative is multiplied by',
      'training-agrees',
      (right) => (schema, options) => {
        const lossOf = right(schema, options);
        return (labels, scores, features, alpha) =>
          tf.customGrad((...args) => {
            const save = args.pop() as tf.GradSaveFunc;
            const of = (x: tf.Tensor, f?: tf.Tensor) => lossOf(labels, x, f, alpha) as tf.Scalar;
            const { value, grads } = tf.valueAndGrads(of)(args as tf.Tensor[]);
            save(grads);
            return {
              value,
              gradFunc: (_: tf.Tensor, saved: tf.Tensor[]) => saved.map((slope) => tf.clone(slope)),
            };
          })(scores, ...(features ? [features] : []));
      },
    ],
    [
      'takes the α that it was made with in every step',
      'training-schedule-agrees',
      (right) => (schema, options) => {
        const lossOf = right(schema, options);
        return (labels, scores, features) => lossOf(labels, scores, features);
      },
    ],
    [
      'keeps the α of its first step',
      'training-steps-independent',
      (right) => (schema, options, observe) => {
        const lossOf = right(schema, options, observe);
        let first: number | undefined;
        return (labels, scores, features, alpha) => {
          first ??= alpha;
          return lossOf(labels, scores, features, first);
        };
      },
    ],
    [
      'takes the α of the step before where a step gives none',
      'training-steps-independent',
      (right) => (schema, options, observe) => {
        const lossOf = right(schema, options, observe);
        let last: number | undefined;
        return (labels, scores, features, alpha = last) => {
          last = alpha;
          return lossOf(labels, scores, features, alpha);
        };
      },
    ],
    [
      'keeps the size of its first batch',
      'training-steps-independent',
      (right) => (schema, options, observe) => {
        const lossOf = right(schema, options, observe);
        let first: number | undefined;
        return (labels, scores, features, alpha) => {
          first ??= scores.shape[0] as number;
          if (scores.shape[0] !== first) throw new Error('another size');
          return lossOf(labels, scores, features, alpha);
        };
      },
    ],
    [
      'evaluates the loss of a batch, but not those of its samples, at the α that it was made with',
      'training-evaluates',
      (right) => (schema, options) => {
        const lossOf = right(schema, options);
        const ofBatch: typeof lossOf = (labels, scores, features, alpha) =>
          lossOf(labels, scores, features, tf.engine().state.gradientDepth > 0 ? alpha : undefined);
        return Object.assign(ofBatch, lossOf.perSample ? { perSample: lossOf.perSample } : {});
      },
    ],
    [
      'hands the value of an evaluation out in the next step',
      'training-steps-independent',
      (right) => (schema, options, observe) => {
        const lossOf = right(schema, options, observe);
        let kept: number | undefined;
        const ofBatch: typeof lossOf = (labels, scores, features, alpha) => {
          const value = lossOf(labels, scores, features, alpha);
          const numbers = value.dataSync(); // on cpu the numbers of the tensor, not a copy
          if (tf.engine().state.gradientDepth === 0) kept = numbers[0];
          else [numbers[0], kept] = [kept ?? (numbers[0] as number), undefined];
          return value;
        };
        return Object.assign(ofBatch, lossOf.perSample ? { perSample: lossOf.perSample } : {});
      },
    ],
    ['overwrites a value that was not read yet in the next step', 'training-steps-independent', overwriting],
    ['overwrites the value of the first of two batches', 'training-losses-independent', overwriting],
    [
      'shifts the logits of the caller',
      'training-logits-agree',
      (right) => (schema, options, observe) => {
        const lossOf = right(schema, options, observe);
        return (labels, scores, features, alpha) => {
          const value = lossOf(labels, scores, features, alpha);
          (scores.dataSync() as Float32Array).forEach((x, at, own) => {
            own[at] = x - 1;
          });
          return value;
        };
      },
    ],
    [
      'shifts the logits of the caller in an evaluation',
      'training-steps-independent',
      (right) => (schema, options, observe) => {
        const lossOf = right(schema, options, observe);
        return (labels, scores, features, alpha) => {
          const value = lossOf(labels, scores, features, alpha);
          if (tf.engine().state.gradientDepth === 0) (scores.dataSync() as Float32Array)[0] = 7;
          return value;
        };
      },
    ],
    [
      'keeps a tensor where it is given a second batch in the same tape',
      'nothing-leaks',
      (right) => (schema, options, observe) => {
        const lossOf = right(schema, options, observe);
        let last: unknown;
        return (labels, scores, features, alpha) => {
          const { activeTape } = tf.engine().state;
          if (activeTape && activeTape === last) tf.keep(tf.scalar(0));
          last = activeTape;
          return lossOf(labels, scores, features, alpha);
        };
      },
    ],
    [
      'keeps evaluations by labels and scores, whatever α is',
      'training-evaluates',
      keeping((labels) => [labels]),
    ],
    [
      'keeps evaluations by scores and α, whatever the labels are',
      'training-evaluates',
      keeping((_, scores, alpha) => [scores, alpha]),
    ],
    [
      'keeps the cast of labels that are bools',
      'nothing-leaks',
      (right) => (schema, options, observe) => {
        const lossOf = right(schema, options, observe);
        return (labels, scores, features, alpha) => {
          if (labels.dtype === 'bool') tf.keep(tf.cast(labels, 'float32'));
          return lossOf(labels, scores, features, alpha);
        };
      },
    ],
    [
      'gives a scalar for the losses of one sample',
      'training-sample-losses-agree',
      (right) => (schema, options, observe) => {
        const lossOf = right(schema, options, observe);
        const perSample: typeof lossOf = (labels, scores, ...rest) => {
          const losses = (lossOf.perSample as typeof lossOf)(labels, scores, ...rest);
          if (scores.shape[0] !== 1) return losses;
          return tf.customGrad((...given) => ({
            value: tf.reshape(given[0] as tf.Tensor, []),
            gradFunc: (dy: tf.Tensor) => tf.reshape(dy, [1]),
          }))(losses);
        };
        return Object.assign((...given: Parameters<typeof lossOf>) => lossOf(...given), { perSample });
      },
    ],
    [
      'observes only the first of two batches in one tape',
      'training-losses-independent',
      (right) => (schema, options, observe) => {
        let tape: unknown;
        return right(schema, options, (found) => {
          const { activeTape } = tf.engine().state;
          if (activeTape !== tape) observe?.(found);
          tape = activeTape;
        });
      },
    ],
    ['never observes', 'training-steps-independent', (right) => (schema, options) => right(schema, options)],
  ])('judges a tensor backend in training: it %s', async (_, property, wrap) => {
    const right = await tfjsBackend({ engine: 'cpu' });
    const tensorLoss = wrap(right.tensorLoss as TensorLoss);
    const report = await verify({ ...right, tensorLoss }, { seed: 1, only: [property] });
    expect(failures(report)).toEqual([expect.stringContaining(property)]);
  });

  it('gives a tensor backend shared features as n×d, as the contract says', async () => {
    const right = await tfjsBackend();
    const ranks = new Set<number>();
    const tensorLoss: TensorLoss = (schema, options) => {
      const lossOf = (right.tensorLoss as TensorLoss)(schema, options);
      return (labels, scores, features, alpha) => {
        if (features) ranks.add(features.rank);
        if (features?.rank === 3 && features.shape[0] !== schema.attributes.length)
          throw new Error(`features of shape ${features.shape}`);
        return lossOf(labels, scores, features, alpha);
      };
    };
    const report = await verify({ ...right, tensorLoss }, { seed: 1, only: ['training-agrees'] });
    expect(failures(report)).toEqual([]);
    expect([...ranks].sort()).toEqual([2, 3]);
  });
});
