/**
 * The backend `tfjs`: the graph of stock operations behind the contract, with its results read out as
 * ndarrays.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core';
import { COMPARISONS, ENCODINGS, LEVELS } from '../../../spec/choices.js';
import type {
  Anchor,
  Backend,
  Batch,
  HardSamples,
  MinoritySelection,
  Options,
  RectificationLoss,
  Schema,
} from '../../../spec/contract.js';
import { runnerOn } from '../engines/runner.js';
import { gradientOf, scalar, toBalancedLoss, toSelection } from '../read-out.js';
import { featureTensor, labelTensor, scoreTensor } from '../tensors.js';
import { classRelative } from './class-relative.js';
import { type DeviceColumns, deviceColumns, fromColumns } from './columns.js';
import { deviceBalancedLoss, graphLoss } from './loss.js';
import type { DeviceList, DeviceLists } from './mining.js';
import { type DeviceMinority, deviceMinority } from './minority.js';
import { givenPairs, longest, rowsByColumn } from './pairs.js';
import { comparePairs, devicePairs } from './rectification.js';
import { flatIndex } from './scatter.js';

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
        const { positives, negatives } = devicePairs(
          batch,
          columns,
          given(batch, selection, columns),
          featureTensor(batch),
          options,
        );
        return {
          positives: positives.index,
          positivesValid: positives.valid,
          negatives: negatives.index,
          negativesValid: negatives.valid,
        };
      });
      return toAnchors(batch, selection, options, (side, at) => {
        const width = found[side].shape[2] as number;
        const valid = found[`${side}Valid`].data;
        const places = Array.from({ length: width }, (_, r) => at * width + r).filter(
          (place) => valid[place],
        );
        return places.map((place) => found[side].data[place] as number);
      });
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
  { minority }: Pick<MinoritySelection, 'minority'>,
  columns: DeviceColumns,
): DeviceMinority {
  const surviving = schema.columns.map(
    (c) => +(minority[c.attribute] as readonly number[]).includes(c.class),
  );
  return {
    sizes: tf.sum(columns.members, 1),
    otherSizes: tf.sum(columns.others, 1),
    surviving: tf.tensor1d(surviving, 'float32'),
  };
}

/** All classes, for where lists are given: a class without anchors has an empty list, which adds nothing. */
function everyClass({ attributes }: Schema): Pick<MinoritySelection, 'minority'> {
  return { minority: attributes.map(({ columns }) => [...columns.keys()]) };
}

/** One anchor per member of a selected class, with what was mined for its row. */
function toAnchors(
  batch: Batch,
  selection: MinoritySelection,
  { level }: Options,
  mined: (side: 'positives' | 'negatives', row: number) => number[],
): HardSamples {
  const anchors: Anchor[] = [];
  const byColumn = rowsByColumn(batch, level);
  batch.attributes.forEach(({ columns }, attribute) => {
    for (const k of selection.minority[attribute] as readonly number[]) {
      const column = columns[k] as number;
      for (let sample = 0; sample < batch.size; sample++) {
        if (batch.membership.get(sample, column) === 0) continue;
        const row = (byColumn ? column : attribute) * batch.size + sample;
        const [positives, negatives] = [mined('positives', row), mined('negatives', row)];
        anchors.push({ sample, attribute, class: k, positives, negatives });
      }
    }
  });
  return { anchors };
}

/** The specification's hard samples as the lists of the graph, in which a class's anchors share one list. */
function givenLists(batch: Batch, columns: DeviceColumns, { anchors }: HardSamples): DeviceLists {
  const ofColumn = batch.columns.map((c) =>
    anchors.filter((a) => a.attribute === c.attribute && a.class === c.class),
  );
  const positives = ofColumn.map((own) => {
    const listed = [...new Set(own.flatMap((a) => [...a.positives]))];
    const unlisted = own.find((a) => !listed.includes(a.sample));
    // a member outside the list has the κ hardest; the one more that only listed members have comes last
    return unlisted ? [...new Set([...unlisted.positives, ...listed])] : listed;
  });
  const negatives = ofColumn.map((own) => [...(own[0]?.negatives ?? [])]);
  return { positives: toList(columns, positives), negatives: toList(columns, negatives) };
}

function toList({ scores }: DeviceColumns, rows: readonly number[][]): DeviceList {
  const width = longest(rows);
  const padded = rows.flatMap((own) => Array.from({ length: width }, (_, r) => own[r] ?? 0));
  const there = rows.flatMap((own) => Array.from({ length: width }, (_, r) => +(r < own.length)));
  const C = rows.length;
  const index = tf.tensor2d(padded, [C, width], 'int32');
  const valid = tf.tensor2d(there, [C, width]);
  const score = tf.mul(
    tf.gather(tf.reshape(scores, [-1]), flatIndex(index, scores.shape[1])),
    valid,
  ) as tf.Tensor2D;
  return { index, score, valid };
}
