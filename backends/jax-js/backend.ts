/**
 * The backend `jax-js` behind the contract, for the suite and for measuring. Its results are ndarrays. Training
 * uses `jaxLoss`, which does not need ndarray.
 *
 * @module
 */
import { type DType, jit, valueAndGrad } from '@jax-js/jax';
import ndarray, { type NdArray } from 'ndarray';
import { ANCHORS, COMPARISONS, ENCODINGS, LEVELS } from '../../spec/choices.js';
import type { Backend, BalancedOptions, Batch, Schema } from '../../spec/contract.js';
import { packageVersions } from '../package-versions.js';
import { anchorsOf, paddedClassAnchors, paddedClassLists, paddedPairs } from '../padded/hard-samples.js';
import { everyClass, survivingColumns, toSelection } from '../padded/selection.js';
import { balanceWeights } from './balance-weights.js';
import { arraysOf, type BatchArrays, type HardArrays, hardArrays } from './batch-arrays.js';
import { classRelative } from './class-relative.js';
import { type Columns, classColumns } from './columns.js';
import { useEngine } from './engines.js';
import { counted, heldArrays, liveArrays, release } from './live-arrays.js';
import { jaxLoss } from './loss.js';
import { type ClassList, scoresAt } from './mining.js';
import { type Minority, minorityOf } from './minority.js';
import { constant, type JaxArray, sum, tracing } from './operations.js';
import { comparePairs, minedPairs } from './rectification.js';
import { trainingStep } from './training-step.js';
import { stacked, type Walk, walk } from './walk.js';

/** What {@link jaxBackend} takes. */
export interface JaxBackendOptions {
  /** `jax-wasm` (default). */
  readonly engine?: string;
}

/**
 * A backend made of the operations of jax-js, compiled by `jit` and differentiated by `grad`, in float32.
 *
 * @throws EngineUnavailableError - if the engine is not available here
 * @example
 * ```ts
 * import { jaxBackend } from 'class-rectification/backends/jax-js/backend';
 * (await jaxBackend()).engine; // → 'jax-wasm'
 * ```
 */
export async function jaxBackend({ engine = 'jax-wasm' }: JaxBackendOptions = {}): Promise<Backend> {
  const device = await useEngine(engine);

  /** Compiles a graph of a batch, runs it once, and reads what it found. */
  async function found<Name extends string>(
    batch: Batch,
    graph: Graph<Name>,
    more: More = {},
  ): Promise<Found<Name>> {
    device.makeCurrent();
    const program = compiled(graph);
    try {
      return await run(program, batch, more);
    } finally {
      program.dispose();
    }
  }

  /** The last whole walk, since training and measuring call the same one again and again. */
  let last: { readonly key: string; readonly program: Program<keyof BalancedArrays> } | undefined;
  function balancedProgram(batch: Batch, options: BalancedOptions): Program<keyof BalancedArrays> {
    const { encoding, columns, attributes, fromLogits, scoreWidth, presence, labelWidth } = batch;
    const schema: Schema = { encoding, columns, attributes, fromLogits, scoreWidth, presence, labelWidth };
    const { alpha: _, ...choices } = options; // α is given to the program
    const key = JSON.stringify([schema, choices]);
    if (last?.key !== key) {
      last?.program.dispose();
      last = { key, program: compiled((arrays) => balanced(schema, options, arrays)) };
    }
    return last.program;
  }

  return {
    name: 'jax-js',
    engine,
    ...(device.adapter === undefined ? {} : { adapter: device.adapter }),
    versions: packageVersions(['@jax-js/jax']),
    supports: {
      encodings: ENCODINGS,
      levels: LEVELS,
      comparisons: COMPARISONS,
      anchors: ANCHORS,
      gradient: true,
      precision: 'float32',
      execution: 'tensor',
      perSample: true,
      missing: { formTriplets: 'fused: the loss is summed by class and never lists a triplet' },
    },

    async selectMinority(batch, options) {
      const { sizes, surviving } = await found(batch, ({ labels, scores }) => {
        const minority = minorityOf(batch, classColumns(batch, labels, scores), options.rho);
        return { sizes: minority.sizes, surviving: minority.surviving };
      });
      return toSelection(batch, sizes, surviving);
    },

    async mineHardSamples(batch, selection, options) {
      const sides = await found(batch, ({ labels, scores, features }) => {
        const columns = classColumns(batch, labels, scores);
        const minority = selected(columns, survivingColumns(batch, selection));
        const pairs = minedPairs(batch, columns, minority, features && stacked(features), options);
        return {
          anchors: pairs.anchors,
          positives: pairs.positives.index,
          positivesValid: pairs.positives.valid,
          negatives: pairs.negatives.index,
          negativesValid: pairs.negatives.valid,
        };
      });
      const side = (name: 'positives' | 'negatives') => ({
        k: sides[name].shape[2] as number,
        index: sides[name],
        valid: sides[`${name}Valid`],
      });
      return anchorsOf(batch, selection, options, {
        anchors: sides.anchors,
        positives: side('positives'),
        negatives: side('negatives'),
      });
    },

    async rectificationLoss(batch, hard, _triplets, options) {
      const ofFeatures = options.level === 'instance';
      const byClass = !ofFeatures && options.comparison === 'relative';
      const pairs = paddedPairs(batch, hard, options.level, batch.size);
      const easy = byClass && options.anchors === 'easy' ? paddedClassAnchors(batch, hard) : undefined;
      const lists = byClass
        ? hardArrays(paddedClassLists(batch, hard), [batch.columns.length])
        : hardArrays(pairs, [pairs.G, batch.size]);
      const lossOf = (
        input: JaxArray,
        { labels, scores, features }: BatchArrays,
        given: HardArrays,
      ): JaxArray => {
        const columns = classColumns(batch, labels, ofFeatures ? scores : input);
        if (byClass) {
          const minority = selected(columns, survivingColumns(batch, everyClass(batch)));
          const both = {
            positives: listOf(columns, given.positives),
            negatives: listOf(columns, given.negatives),
          };
          const shape = [batch.columns.length, easy?.k ?? 0];
          const easiest =
            easy &&
            listOf(columns, {
              index: constant(easy.index, shape, 'int32' as never),
              valid: constant(easy.valid, shape, scores.dtype),
            });
          return classRelative(batch, columns, minority, both, options, easiest).loss;
        }
        const anchors = constant(pairs.anchors, [pairs.G, batch.size], scores.dtype);
        const sample = features && stacked(ofFeatures ? input : features);
        return comparePairs(batch, columns, { anchors, ...given }, sample, options).loss;
      };
      const { loss, gradient } = await found(
        batch,
        (arrays) => {
          const input = (ofFeatures ? arrays.features : arrays.scores) as JaxArray;
          const [value, slope] = valueAndGrad((x: JaxArray) => lossOf(x, arrays, arrays.hard as HardArrays))(
            input.ref,
          );
          return { loss: value, gradient: slope };
        },
        { hard: lists },
      );
      return { loss: loss[0] as number, gradient: toNdarray(gradient) };
    },

    async balancedLoss(batch, options) {
      device.makeCurrent();
      const results = await run(balancedProgram(batch, options), batch, {
        weights: balanceWeights(options.alpha, 'float32' as DType),
      });
      const number = (name: keyof typeof results) => results[name][0] as number;
      return {
        loss: number('loss'),
        rectification: number('rectification'),
        crossEntropy: number('crossEntropy'),
        gradient: toNdarray(results.gradient),
        ...(options.level === 'instance' ? { featureGradient: toNdarray(results.featureGradient) } : {}),
        statistics: {
          ...toSelection(batch, results.sizes, results.surviving),
          anchors: number('anchors'),
          triplets: number('triplets'),
        },
      };
    },

    tensorLoss: jaxLoss,
    train: (batch, options, step) => {
      device.makeCurrent();
      return trainingStep(batch, options, step);
    },
    resources: () => liveArrays() - heldArrays(last?.program.constants ?? []), // the last program may stay
    dispose() {
      last?.program.dispose();
      last = undefined;
    },
  };
}

/** What some graphs read beside the batch: α and 1 − α, and hard samples. */
type More = { weights?: JaxArray; hard?: HardArrays };

/** A graph of a batch, and the names of what it finds. */
type Graph<Name extends string> = (arrays: BatchArrays & More) => Readonly<Record<Name, JaxArray>>;

/** What was read of each. */
type Found<Name extends string> = Record<Name, ArrayLike<number> & { shape: number[] }>;

/** A compiled graph. */
type Program<Name extends string> = Graph<Name> & {
  readonly dispose: () => void;
  readonly constants: readonly JaxArray[];
};

function compiled<Name extends string>(graph: Graph<Name>): Program<Name> {
  const constants: JaxArray[] = [];
  const program = jit((arrays: BatchArrays & More) => tracing(() => graph(arrays), constants));
  const { dispose } = program;
  return Object.assign(program, {
    constants,
    dispose() {
      dispose();
      release(constants);
    },
  }) as Program<Name>;
}

async function run<Name extends string>(
  program: Program<Name>,
  batch: Batch,
  more: More,
): Promise<Found<Name>> {
  const results = Object.entries<JaxArray>(program({ ...arraysOf(batch), ...more }));
  const read = results.map(async ([name, array]) => {
    const { shape } = array;
    return [name, Object.assign(await counted(array).data(), { shape })] as const;
  });
  return Object.fromEntries(await Promise.all(read)) as Found<Name>;
}

/** What the whole walk finds, with both derivatives of L. */
type BalancedArrays = Walk & { readonly gradient: JaxArray; readonly featureGradient: JaxArray };

/** The walk with both derivatives of L. */
function balanced(
  schema: Schema,
  options: BalancedOptions,
  { labels, scores, features, weights }: BatchArrays & More,
): BalancedArrays {
  const isInstance = options.level === 'instance';
  const [[loss, found], [gradient, featureGradient]] = valueAndGrad(
    (x: JaxArray, f: JaxArray) => {
      const { loss, ...rest } = walk(schema, options, {
        labels,
        scores: x,
        weights: weights as JaxArray,
        ...(isInstance ? { features: f } : {}),
      });
      return [loss, rest] as [JaxArray, typeof rest];
    },
    { argnums: [0, 1], hasAux: true },
  )(scores.ref, (isInstance ? (features as JaxArray) : scores).ref) as unknown as [
    [JaxArray, Omit<Walk, 'loss'>],
    [JaxArray, JaxArray],
  ];
  return { ...found, loss, gradient, featureGradient };
}

/** The specification's selection in the form of the graph. */
function selected({ members, others }: Columns, surviving: readonly number[]): Minority {
  return {
    sizes: sum(members, 1),
    otherSizes: sum(others, 1),
    surviving: constant(surviving, [surviving.length], members.dtype),
  };
}

function listOf({ scores }: Columns, { index, valid }: HardArrays['positives']): ClassList {
  return { index, valid, score: scoresAt(scores, index, valid) };
}

function toNdarray(numbers: ArrayLike<number> & { shape: number[] }): NdArray<Float32Array> {
  return ndarray(Float32Array.from(numbers), numbers.shape);
}
