/**
 * The backend `tfjs`: the graph of stock operations behind the contract, with its results read out as
 * ndarrays.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core';
import { ANCHORS, COMPARISONS, ENCODINGS, LEVELS } from '../../../spec/choices.js';
import type {
  Backend,
  Batch,
  HardSamples,
  MinoritySelection,
  RectificationLoss,
  Schema,
} from '../../../spec/contract.js';
import {
  anchorsOf,
  type PaddedLists,
  paddedClassAnchors,
  paddedClassLists,
} from '../../padded/hard-samples.js';
import { everyClass, survivingColumns, toSelection } from '../../padded/selection.js';
import { runnerOn } from '../engines/runner.js';
import { gradientOf, scalar, toBalancedLoss } from '../read-out.js';
import { featureTensor, labelTensor, scoreTensor } from '../tensors.js';
import { classRelative } from './class-relative.js';
import { type DeviceColumns, deviceColumns, fromColumns } from './columns.js';
import { gatherRows } from './gather.js';
import { deviceBalancedLoss, graphLoss } from './loss.js';
import type { DeviceList, DeviceLists } from './mining.js';
import { type DeviceMinority, deviceMinority } from './minority.js';
import { givenPairs } from './pairs.js';
import { comparePairs, devicePairs } from './rectification.js';

/** What {@link tfjsBackend} takes. */
export interface TfjsBackendOptions {
  /** One of `ENGINE_NAMES`. Default `cpu`, which tfjs always has. */
  readonly engine?: string;
}

/**
 * A backend made of tfjs's stock operations, on one engine, in float32.
 *
 * On a GPU engine a call fails if it ran no GPU program (`NoDispatchError`), or if a shader did not
 * compile (`GpuFaultError`).
 *
 * @throws EngineUnavailableError - if the engine is not available here; no engine silently stands in for another
 * @example
 * ```ts
 * import { tfjsBackend } from 'class-rectification/backends/tfjs/backend';
 * (await tfjsBackend({ engine: 'wasm' })).engine; // → 'wasm'
 * ```
 */
export async function tfjsBackend({ engine = 'cpu' }: TfjsBackendOptions = {}): Promise<Backend<tf.Tensor>> {
  const { loaded, run } = await runnerOn(engine);
  return {
    name: 'tfjs',
    engine,
    ...(loaded.adapter === undefined ? {} : { adapter: loaded.adapter }),
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
      const found = await run(() => {
        const { sizes, surviving } = deviceMinority(batch, columnsOf(batch), options.rho);
        return { sizes, surviving };
      });
      return toSelection(batch, found.sizes.data, found.surviving.data);
    },

    async mineHardSamples(batch, selection, options) {
      const found = await run(() => {
        const columns = columnsOf(batch);
        const { anchors, positives, negatives } = devicePairs(
          batch,
          columns,
          given(batch, selection, columns),
          featureTensor(batch),
          options,
        );
        return {
          anchors,
          positives: positives.index,
          positivesValid: positives.valid,
          negatives: negatives.index,
          negativesValid: negatives.valid,
        };
      });
      const side = (name: 'positives' | 'negatives') => ({
        k: found[name].shape[2] as number,
        index: found[name].data,
        valid: found[`${name}Valid`].data,
      });
      const sides = {
        anchors: found.anchors.data,
        positives: side('positives'),
        negatives: side('negatives'),
      };
      return anchorsOf(batch, selection, options, sides);
    },

    async rectificationLoss(batch, hard, _triplets, options): Promise<RectificationLoss> {
      const found = await run(() => {
        const columns = columnsOf(batch);
        if (options.level === 'class' && options.comparison === 'relative') {
          const { loss, slope } = classRelative(
            batch,
            columns,
            given(batch, everyClass(batch), columns),
            givenLists(batch, columns, hard),
            options,
            options.anchors === 'easy' ? toList(columns, paddedClassAnchors(batch, hard)) : undefined,
          );
          return { loss, gradient: fromColumns(batch, slope) as tf.Tensor };
        }
        const pairs = givenPairs(batch, hard, options.level, batch.size);
        const { loss, gradient } = comparePairs(batch, columns, pairs, featureTensor(batch), options);
        return { loss, gradient };
      });
      return { loss: scalar(found.loss), gradient: gradientOf(batch, options, found.gradient) };
    },

    async balancedLoss(batch, options) {
      const found = await run(() => ({
        ...deviceBalancedLoss(batch, options, labelTensor(batch), scoreTensor(batch), featureTensor(batch)),
      }));
      return toBalancedLoss(batch, options, found);
    },

    tensorLoss: graphLoss,
    resources: () => tf.memory().numTensors,
    ...(loaded.dispatches === undefined ? {} : { dispatches: loaded.dispatches }),
  };
}

function columnsOf(batch: Batch): DeviceColumns {
  return deviceColumns(batch, labelTensor(batch), scoreTensor(batch));
}

/** The specification's selection in the form of the graph. */
function given(
  schema: Schema,
  selection: Pick<MinoritySelection, 'minority'>,
  columns: DeviceColumns,
): DeviceMinority {
  return {
    sizes: tf.sum(columns.members, 1),
    otherSizes: tf.sum(columns.others, 1),
    surviving: tf.tensor1d(survivingColumns(schema, selection), 'float32'),
  };
}

/** The specification's hard samples as the lists of the graph, in which a class's anchors share one list. */
function givenLists(batch: Batch, columns: DeviceColumns, hard: HardSamples): DeviceLists {
  const { positives, negatives } = paddedClassLists(batch, hard);
  return { positives: toList(columns, positives), negatives: toList(columns, negatives) };
}

function toList({ scores }: DeviceColumns, { k, index, valid }: PaddedLists): DeviceList {
  const [C, n] = scores.shape;
  const places = tf.tensor2d(index, [C, k], 'int32');
  const there = tf.tensor2d(valid, [C, k]);
  const found = tf.reshape(gatherRows(tf.reshape(scores, [C, n, 1]), places), [C, k]);
  return { index: places, score: tf.mul(found, there) as tf.Tensor2D, valid: there };
}
