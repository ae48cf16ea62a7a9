/**
 * A backend as the suite trains it.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core';
import { featureTensor, labelTensor, scoreTensor } from '../../backends/tfjs/backend.js';
import { settleEngine } from '../../backends/tfjs/index.js';
import type { TrainingLoss, TrainingResult, TrainingStep } from '../../properties/index.js';
import type { Backend, BalancedOptions, Batch, TensorLoss } from '../../spec/index.js';
import { trainingLoss } from '../loss/training-loss.js';

/** The backend as the suite trains it: the adapter's loss under tfjs's own differentiation. */
export function throughTraining(backend: Backend, ready: () => Promise<void>): TrainingLoss {
  return async (batch, options, how = {}) => {
    const { madeAt = options.alpha, before = [], beside } = how;
    await ready();
    let seen = 0;
    const observe = how.observed && backend.supports.execution === 'tensor' ? () => seen++ : undefined;
    const lossOf = trainingLoss(backend, batch, { ...options, alpha: madeAt }, observe);
    const otherAlpha = { ...options, alpha: 1 - options.alpha };
    const kept = new CallersTensors();
    const earlierHow = { ...how, weights: [], withoutAlpha: false }; // a step that gives no α must not take theirs
    for (const earlier of before) {
      kept.note(await settled([new Step(lossOf, earlier, otherAlpha, { ...earlierHow, evaluated: false })]));
      if (observe) continue; // whether an evaluation is observed, the contract does not say
      const validation = new Step(lossOf, earlier, otherAlpha, { ...earlierHow, evaluated: true });
      await validation.evaluate();
      kept.note([await validation.end()]);
    }
    if (beside === undefined) {
      let observed = 0;
      const accumulated = before.find(({ size }) => size === batch.size);
      const [result] = await settled([new Step(lossOf, batch, options, how)], async () => {
        observed = seen;
        const later = { ...earlierHow, ...(how.weights ? { weights: how.weights } : {}), evaluated: false };
        if (accumulated) kept.note(await settled([new Step(lossOf, accumulated, otherAlpha, later)]));
      });
      return { ...kept.with(result as TrainingResult), ...(observe ? { observed } : {}) };
    }
    const other = beside.isSameLoss ? lossOf : trainingLoss(backend, beside.batch, beside.options);
    kept.note(await settled([new Step(other, beside.batch, beside.options, {})]));
    const [result, ofOther] = await settled([
      new Step(lossOf, batch, options, how),
      new Step(other, beside.batch, beside.options, {}),
    ]);
    return {
      ...kept.with(result as TrainingResult),
      beside: kept.with(ofOther as TrainingResult),
      ...(observe ? { observed: seen } : {}),
    };
  };
}

/** What the steps of a loss did to the tensors of its caller, by their names. */
class CallersTensors {
  readonly #disposed = new Set<string>();
  readonly #written = new Set<string>();

  note(steps: readonly Pick<TrainingResult, 'disposed' | 'written'>[]): void {
    for (const { disposed = [], written = [] } of steps) {
      for (const name of disposed) this.#disposed.add(name);
      for (const name of written) this.#written.add(name);
    }
  }

  /** A result that tells of the steps before it too. */
  with(result: TrainingResult): TrainingResult {
    this.note([result]);
    return { ...result, disposed: [...this.#disposed], written: [...this.#written] };
  }
}

/** One loss of one batch: its inputs, and what it gave. */
class Step {
  /** Makes the caller's tensors once more. */
  readonly #inputsAnew: () => { labels: tf.Tensor; scores: tf.Tensor; features: tf.Tensor | undefined };
  readonly #labels: tf.Tensor;
  readonly #scores: tf.Tensor;
  readonly #features: tf.Tensor | undefined;
  readonly #call: TensorLoss<tf.Tensor>;
  readonly #evaluating: TensorLoss<tf.Tensor>;
  /** What is evaluated first, of the very same scores: other labels, or the same ones at another α. */
  readonly #before: { readonly labels?: () => tf.Tensor; readonly alpha?: number };
  readonly #alpha: readonly number[];
  readonly #size: number;
  readonly #weights: ArrayLike<number> | undefined;
  readonly #weight: number;
  readonly #evaluated: boolean;

  constructor(
    lossOf: TensorLoss<tf.Tensor>,
    batch: Batch,
    options: BalancedOptions,
    { withoutAlpha = false, weight = 1, weights, labels, evaluated = false }: TrainingStep,
  ) {
    this.#inputsAnew = () => ({
      labels: typedLabels(batch, labels),
      scores: scoreTensor(batch),
      features: options.level === 'instance' ? featuresAsGiven(batch) : undefined,
    });
    const inputs = this.#inputsAnew();
    this.#labels = inputs.labels;
    this.#scores = inputs.scores;
    this.#features = inputs.features;
    this.#weights = lossOf.perSample && weights?.length === batch.size ? weights : undefined;
    this.#call = this.#weights ? (lossOf.perSample as TensorLoss<tf.Tensor>) : lossOf;
    this.#evaluating = batch.size % 2 === 0 ? (lossOf.perSample ?? lossOf) : lossOf;
    const ofOtherLabels = () => typedLabels(batch, labels, true);
    this.#before = batch.size % 4 < 2 ? { labels: ofOtherLabels } : { alpha: (options.alpha + 0.5) % 1 };
    this.#alpha = withoutAlpha ? [] : [options.alpha];
    this.#size = batch.size;
    this.#weight = weight;
    this.#evaluated = evaluated;
  }

  /** What the loss is differentiated with respect to. */
  get inputs(): tf.Tensor[] {
    return this.#features ? [this.#scores, this.#features] : [this.#scores];
  }

  /** The loss of these inputs: of the batch, or of each sample if they are weighed. */
  value([scores, features]: readonly tf.Tensor[]): tf.Tensor {
    return this.#call(this.#labels, scores as tf.Tensor, features, ...this.#alpha);
  }

  /** What a product with a factor, or the mean of products with weights, hands down. */
  upstream(): tf.Tensor {
    if (this.#weights === undefined) return tf.scalar(this.#weight);
    return tf.tensor1d(Array.from(this.#weights, (w) => (this.#weight * w) / this.#size));
  }

  /**
   * L without a derivative, if it was asked for: of an even number of samples as `model.evaluate` computes it, from
   * their losses, if the backend tells them; of an odd number as a training loop computes it, by the loss of the batch.
   * The same scores are evaluated at another α, or with other labels, before: what a loss keeps of a tensor must not
   * depend on these.
   */
  async evaluate(): Promise<number | undefined> {
    if (!this.#evaluated) return undefined;
    const lossOf = (labels: tf.Tensor, alpha: readonly number[]) =>
      tf.mean(this.#evaluating(labels, this.#scores, this.#features, ...alpha));
    const { labels, alpha } = this.#before;
    tf.tidy(() => lossOf(labels?.() ?? this.#labels, alpha === undefined ? this.#alpha : [alpha])).dispose();
    const mean = tf.tidy(() => lossOf(this.#labels, this.#alpha));
    const [loss] = await mean.data();
    mean.dispose();
    return loss as number;
  }

  /** Reads the value and the gradients, and disposes of them. */
  async read(value: tf.Tensor, grads: readonly tf.Tensor[]): Promise<TrainingResult> {
    const [found, ...slopes] = await Promise.all([value, ...grads].map((t) => t.data()));
    const { shape } = value;
    tf.dispose([value, ...grads]);
    const [gradient, featureGradient] = slopes.map((data) => {
      return Float32Array.from(data, (x) => x / this.#weight);
    });
    const losses = found as Float32Array;
    const weights = this.#weights;
    const mean = (w: ArrayLike<number>) =>
      losses.reduce((sum, x, i) => sum + (w[i] as number) * x, 0) / this.#size;
    return {
      loss: weights ? mean(weights) : (losses[0] as number),
      gradient: gradient as Float32Array,
      shape,
      ...(featureGradient ? { featureGradient } : {}),
      ...(weights ? { sampleLosses: losses } : {}),
    };
  }

  /** Disposes of the inputs, and names those that the loss had disposed of, and those that it had written to. */
  async end(): Promise<Required<Pick<TrainingResult, 'disposed' | 'written'>>> {
    const given = { labels: this.#labels, scores: this.#scores, features: this.#features };
    const fresh = this.#inputsAnew();
    const [disposed, written]: [string[], string[]] = [[], []];
    for (const [name, tensor] of Object.entries(given)) {
      if (tensor === undefined) continue;
      if (tensor.isDisposed) disposed.push(name);
      else if (!(await isSame(tensor, fresh[name as keyof typeof fresh] as tf.Tensor))) written.push(name);
    }
    tf.dispose([given, fresh]);
    return { disposed, written };
  }
}

/** Whether two tensors hold the same numbers; an engine may lose the sign of a zero. */
async function isSame(one: tf.Tensor, other: tf.Tensor): Promise<boolean> {
  const [a, b] = await Promise.all([one.data(), other.data()]);
  return a.every((x, i) => x === b[i] || (Number.isNaN(x) && Number.isNaN(b[i])));
}

/**
 * The results of losses that are differentiated together, in one tape: of their sum, if there are several.
 *
 * @param beforeRead - what is done while their tensors are alive and not read yet. Default: nothing
 */
async function settled(
  steps: readonly Step[],
  beforeRead: () => Promise<void> = async () => {},
): Promise<TrainingResult[]> {
  const evaluated: (number | undefined)[] = [];
  for (const step of steps) evaluated.push(await step.evaluate());
  const inputs = steps.map((step) => step.inputs);
  /** Of one entry for each input of all steps, those of one step. */
  const ofStep = (all: readonly tf.Tensor[], which: number) => {
    const start = inputs.slice(0, which).flat().length;
    return all.slice(start, start + (inputs[which] as tf.Tensor[]).length);
  };
  const { values, grads } = tf.tidy(() => {
    const values: tf.Tensor[] = [];
    const upstreams = steps.map((step) => step.upstream());
    const sum = (...given: tf.Tensor[]): tf.Tensor => {
      for (const [which, step] of steps.entries()) values.push(tf.keep(step.value(ofStep(given, which))));
      return steps.length === 1 ? (values[0] as tf.Tensor) : added(values, upstreams);
    };
    const upstream = steps.length === 1 ? upstreams[0] : tf.scalar(1);
    return { values, grads: tf.valueAndGrads(sum)(inputs.flat(), upstream).grads };
  });
  await beforeRead();
  const results: TrainingResult[] = [];
  for (const [which, step] of steps.entries()) {
    const result = await step.read(values[which] as tf.Tensor, ofStep(grads, which));
    const value = evaluated[which];
    results.push({ ...result, ...(value === undefined ? {} : { evaluated: value }), ...(await step.end()) });
  }
  await settleEngine(); // a GPU tells here that a program did not compile
  return results;
}

/**
 * The sum of losses, each times its factors, with a derivative of its own: tfjs-core alone registers none for its
 * operations.
 */
function added(losses: readonly tf.Tensor[], factors: readonly tf.Tensor[]): tf.Tensor {
  const sum = tf.customGrad((...given) => {
    const terms = given.slice(0, -1) as tf.Tensor[];
    return {
      value: tf.addN(terms.map((term, at) => tf.sum(tf.mul(term, factors[at] as tf.Tensor)))),
      gradFunc: (dy: tf.Tensor) => factors.map((factor) => tf.mul(dy, factor)),
    };
  });
  return sum(...losses);
}

/** Labels as a caller may have them. A `bool` cannot say that a binary label is missing. */
function typedLabels(batch: Batch, type: TrainingStep['labels'] = 'float32', isReversed = false): tf.Tensor {
  const isMissing = batch.encoding === 'multi-label' && batch.labelled.data.includes(0);
  const inOrder = (labels: tf.Tensor) => (isReversed ? tf.reverse(labels, 0) : labels);
  return tf.tidy(() => tf.cast(inOrder(labelTensor(batch)), type === 'bool' && isMissing ? 'int32' : type));
}

/** Features as a caller has them: n×d if they are shared, else J×n×d. */
function featuresAsGiven(batch: Batch): tf.Tensor | undefined {
  return tf.tidy(() => {
    const stacked = featureTensor(batch);
    return batch.features?.perAttribute === false ? stacked && tf.squeeze(stacked, [0]) : stacked;
  }) as tf.Tensor | undefined;
}
