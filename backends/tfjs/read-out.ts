/**
 * Results of a walk that were read from the device, as ndarrays in the shapes of the contract.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { BalancedLoss, Batch, Options } from '../../spec/contract.js';
import { toSelection } from '../padded/selection.js';
import type { ReadTensor } from './engines/run-graph.js';
import type { DeviceBalancedLoss } from './walk.js';

/** A walk's results in the form of the contract. */
export function toBalancedLoss(
  batch: Batch,
  options: Options,
  found: { readonly [K in keyof DeviceBalancedLoss]: ReadTensor },
): BalancedLoss {
  return {
    loss: scalar(found.loss),
    rectification: scalar(found.rectification),
    crossEntropy: scalar(found.crossEntropy),
    gradient: array(found.gradient),
    ...(found.featureGradient ? { featureGradient: gradientOf(batch, options, found.featureGradient) } : {}),
    statistics: {
      ...toSelection(batch, found.sizes.data, found.surviving.data),
      anchors: scalar(found.anchors),
      triplets: scalar(found.triplets),
    },
  };
}

/** The number of a scalar. */
export function scalar({ data }: ReadTensor): number {
  return data[0] as number;
}

/** A copy, so that no result aliases the engine's memory. */
function array({ shape, data }: ReadTensor, as = shape): NdArray<Float32Array> {
  return ndarray(Float32Array.from(data), as);
}

/** A gradient in the shape of the contract, in which features shared by all attributes are one matrix. */
export function gradientOf(batch: Batch, { level }: Options, read: ReadTensor): NdArray<Float32Array> {
  return array(
    read,
    level === 'instance' && !batch.features?.perAttribute ? read.shape.slice(1) : read.shape,
  );
}
