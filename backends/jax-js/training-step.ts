/**
 * A step of training as jax-js takes it, for the suite: the public loss under `grad`.
 *
 * @module
 */
import { numpy as np, valueAndGrad } from '@jax-js/jax';
import type { BalancedOptions, Batch, TrainingResult, TrainingStep } from '../../spec/contract.js';
import { labelArray } from '../padded/batch-arrays.js';
import { arraysOf } from './batch-arrays.js';
import { type JaxLoss, jaxLoss } from './loss.js';
import type { JaxArray } from './operations.js';

/** Takes a step on a batch. */
export async function trainingStep(
  batch: Batch,
  options: BalancedOptions,
  { madeAt = options.alpha, before = [], beside, ...how }: TrainingStep = {},
): Promise<TrainingResult> {
  const lossOf = jaxLoss(batch, { ...options, alpha: madeAt });
  const other = beside?.isSameLoss ? lossOf : beside && jaxLoss(beside.batch, beside.options);
  try {
    for (const earlier of before) {
      const { weights: _, evaluated: __, ...plain } = how;
      const earlierHow = { ...plain, withoutAlpha: false }; // a step that gives no α must not take theirs
      await settled(term(lossOf, earlier, { ...options, alpha: 1 - options.alpha }, earlierHow));
    }
    if (beside === undefined || other === undefined) {
      return (await settled(term(lossOf, batch, options, how)))[0] as TrainingResult;
    }
    const ofOther = () => term(other, beside.batch, beside.options, {});
    await settled(ofOther());
    const [result, second] = await settled(term(lossOf, batch, options, how), ofOther());
    return { ...(result as TrainingResult), beside: second as TrainingResult };
  } finally {
    lossOf.dispose();
    if (other !== lossOf) other?.dispose();
  }
}

/** One loss of one batch. */
interface Term {
  /** What is differentiated: scores, and at instance level features. */
  readonly inputs: JaxArray[];
  /** The number that is differentiated, and what is reported beside it; the inputs are borrowed. */
  readonly value: (inputs: readonly JaxArray[]) => { readonly sum: JaxArray; readonly losses: JaxArray };
  readonly weights: ArrayLike<number> | undefined;
  readonly weight: number;
  readonly size: number;
  readonly evaluated: boolean;
  readonly end: () => string[];
}

function term(
  lossOf: JaxLoss,
  batch: Batch,
  options: BalancedOptions,
  { withoutAlpha = false, weight = 1, weights, labels: type, evaluated = false }: TrainingStep,
): Term {
  const given = arraysOf(batch);
  const hasAbsentLabels = batch.encoding === 'multi-label' && labelArray(batch).includes(-1);
  const labels = given.labels.astype(
    (type === 'bool' && hasAbsentLabels ? 'int32' : (type ?? 'float32')) as never,
  );
  const { scores } = given;
  const features = options.level === 'instance' ? given.features : undefined;
  if (features === undefined) given.features?.dispose();
  const alpha = withoutAlpha ? [] : [options.alpha];
  const weighed = weights?.length === batch.size ? Float32Array.from(weights) : undefined;
  return {
    inputs: features ? [scores, features] : [scores],
    value([x, f]) {
      const inputs = [labels.ref, (x as JaxArray).ref, f?.ref, ...alpha] as const;
      if (weighed === undefined) {
        const losses = lossOf(...inputs);
        return { sum: losses.ref.mul(weight), losses };
      }
      const losses = lossOf.perSample(...inputs);
      const share = np.array(weighed.map((w) => (weight * w) / batch.size));
      return { sum: losses.ref.mul(share).sum(), losses };
    },
    weights: weighed,
    weight,
    size: batch.size,
    evaluated,
    end() {
      const all = { labels, scores, ...(features ? { features } : {}) };
      const disposed = Object.entries(all).filter(([, array]) => array.refCount !== 1);
      for (const array of Object.values(all)) if (array.refCount > 0) array.dispose();
      return disposed.map(([name]) => name);
    },
  };
}

/** The results of losses that are differentiated together: of their sum, if there are several. */
async function settled(...terms: readonly Term[]): Promise<TrainingResult[]> {
  const evaluated: (number | undefined)[] = [];
  for (const each of terms) {
    evaluated.push(each.evaluated ? (await read(each.value(each.inputs).losses, true))[0] : undefined);
  }
  const inputs = terms.map((each) => each.inputs);
  const [[, losses], grads] = valueAndGrad(
    (...given: JaxArray[][]) => {
      const values = terms.map((each, at) => each.value(given[at] as JaxArray[]));
      for (const x of given.flat()) x.dispose(); // the function owns its arguments, and the terms borrow them
      const sum = values.map((value) => value.sum).reduce((a, b) => a.add(b));
      return [sum, values.map((value) => value.losses)] as [JaxArray, JaxArray[]];
    },
    { argnums: terms.map((_, at) => at), hasAux: true },
  )(...inputs.map((own) => own.map((x) => x.ref))) as unknown as [[JaxArray, JaxArray[]], JaxArray[][]];
  const results: TrainingResult[] = [];
  for (const [at, { weight, weights, size, end }] of terms.entries()) {
    const found = await read(losses[at] as JaxArray);
    const [gradient, featureGradient] = await Promise.all(
      (grads[at] as JaxArray[]).map(async (slope) => (await read(slope)).map((x) => x / weight)),
    );
    const value = evaluated[at];
    results.push({
      loss: weights
        ? found.reduce((sum, x, i) => sum + (weights[i] as number) * x, 0) / size
        : (found[0] as number),
      gradient: gradient as Float32Array,
      ...(featureGradient ? { featureGradient } : {}),
      ...(weights ? { sampleLosses: found } : {}),
      ...(value === undefined ? {} : { evaluated: value }),
      disposed: end(),
    });
  }
  return results;
}

/** An array's numbers, or their mean; the array is given back. */
async function read(array: JaxArray, mean = false): Promise<Float32Array> {
  return (await (mean ? np.mean(array) : array).data()) as Float32Array;
}
