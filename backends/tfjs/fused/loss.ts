/**
 * The whole walk fused, on the engines that have it: one operation of tfjs where the processor can read
 * the tensors, a few WGSL programs on `webgpu`.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core';
import { LEVELS } from '../../../spec/choices.js';
import type { BalancedOptions, Level, Schema } from '../../../spec/contract.js';
import { HostKernel } from '../../host/index.js';
import { HOST_ENGINES } from '../engines/host-engines.js';
import { webgpuPrograms } from '../loaded-programs.js';
import {
  type DeviceStep,
  type DeviceSteps,
  type DeviceWalk,
  type Observer,
  type PerSampleParts,
  perSampleStep,
  tensorLossOf,
  totalStep,
  type WalkInputs,
  type WeighableLoss,
} from '../walk.js';
import { hasHostGradient, hostValues, registerHostGradient, weightedGradient } from './host-gradient.js';
import { hostOperation, type MeanParts, registerHostKernel } from './host-operation.js';

/** The levels at which an engine, by the name that tfjs registers it under, has the walk fused. */
export function fusedLevels(registered: string): readonly Level[] {
  return registered === 'webgpu' || HOST_ENGINES.includes(registered) ? LEVELS : [];
}

/** A fused walk, and the steps of training made of it. */
export interface FusedWalk {
  readonly walk: DeviceWalk;
  readonly steps: DeviceSteps;
}

/** The fused walk of the engine that is current when it is called. */
export function fusedWalk(schema: Schema, options: BalancedOptions): DeviceWalk {
  const current = walkOfEngine(schema, options);
  return (...inputs) => current().walk(...inputs);
}

/**
 * The fused loss of the engine that is current when it is called.
 *
 * @param observe - shown what each walk found, in either form
 */
export function fusedLoss(schema: Schema, options: BalancedOptions, observe?: Observer): WeighableLoss {
  const current = walkOfEngine(schema, options);
  return tensorLossOf(
    {
      total: (...given) => current().steps.total(...given),
      perSample: (...given) => current().steps.perSample(...given),
    },
    schema,
    options,
    observe,
  );
}

/** Each walk is made when it is first needed. */
function walkOfEngine(schema: Schema, options: BalancedOptions): () => FusedWalk {
  let onHost: FusedWalk | undefined;
  let onWebgpu: FusedWalk | undefined;
  return () => {
    if (tf.getBackend() === 'webgpu') {
      onWebgpu ??= webgpuPrograms().walk(schema, options);
      return onWebgpu;
    }
    onHost ??= hostWalk(schema, options);
    return onHost;
  };
}

/**
 * The walk as one operation of the current engine.
 *
 * It differs from the graph in what it does with a batch that is not valid: it sees the values, and
 * refuses the batch with the specification's error.
 */
function hostWalk(schema: Schema, options: BalancedOptions): FusedWalk {
  registerHostKernel();
  registerHostGradient();
  const kernel = new HostKernel(schema, options);
  const { whole, parts } = hostOperation(schema, options, kernel);
  const weighted = (found: PerSampleParts): DeviceStep => {
    const step = perSampleStep(found);
    if (options.level === 'instance' || !hasHostGradient()) return step;
    return {
      ...step,
      derivatives: (upstream, [own, shared]) => [
        weightedGradient(upstream, own as tf.Tensor, shared as tf.Tensor),
      ],
    };
  };
  return {
    walk: (...inputs) => whole('total', inputs),
    steps: {
      total(inputs, observe) {
        if (!observe) return totalStep(parts('total', inputs));
        const found = whole('total', inputs);
        observe(found);
        return totalStep(found);
      },
      perSample(inputs, observe) {
        const separately = (of: WalkInputs) => weighted(parts('perSample', of));
        if (observe) {
          const found = whole('mean', inputs);
          observe(found);
          return meanStep(found, inputs, separately);
        }
        return meanStep(parts('mean', inputs), inputs, separately);
      },
    },
  };
}

/**
 * A step whose samples are mostly weighed alike, as `model.fit` does without class weights: then the
 * derivative is that of the mean, which the walk has found. Finding its two parts apart takes twice the
 * memory and up to a third more time, so the walk is taken again for them only where samples are weighed
 * differently.
 */
function meanStep(
  { losses, gradient, featureGradient }: MeanParts,
  [labels, scores, features, alpha]: WalkInputs,
  separately: (inputs: WalkInputs) => DeviceStep,
): DeviceStep {
  const slopes = featureGradient ? [gradient, featureGradient] : [gradient];
  return {
    value: losses,
    saved: [...slopes, labels, scores, ...(features ? [features] : [])],
    derivatives(upstream, saved) {
      const deltas = hostValues(upstream);
      const first = deltas[0] as number;
      if (deltas.every((delta) => delta === first)) {
        const total = first * deltas.length;
        return saved.slice(0, slopes.length).map((slope) => tf.mul(slope, total));
      }
      const [l, s, f] = saved.slice(slopes.length) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor3D?];
      const step = separately([l, s, f, alpha]);
      return step.derivatives(upstream, step.saved);
    },
  };
}
