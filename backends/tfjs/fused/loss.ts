/**
 * The whole walk fused, on the engines that have it: one operation of tfjs where the processor can read
 * the tensors, a few WGSL programs on `webgpu`.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core';
import { ANCHORS, LEVELS } from '../../../spec/choices.js';
import type { AnchorChoice, BalancedOptions, Level, Schema } from '../../../spec/contract.js';
import { HOST_ENGINES } from '../engines/host-engines.js';
import { webgpuPrograms } from '../loaded-programs.js';
import {
  type DeviceFindings,
  type DeviceStep,
  type DeviceSteps,
  type DeviceWalk,
  type Observer,
  tensorLossOf,
  type WalkInputs,
  type WeighableLoss,
} from '../walk.js';
import { type Form, hostOperation, registerHostOperations } from './host-operation.js';

/** The levels at which an engine, by the name that tfjs registers it under, has the walk fused. */
export function fusedLevels(registered: string): readonly Level[] {
  return registered === 'webgpu' || HOST_ENGINES.includes(registered) ? LEVELS : [];
}

/** The choices of anchors with which an engine has the walk fused. */
export function fusedAnchors(registered: string): readonly AnchorChoice[] {
  return HOST_ENGINES.includes(registered) ? ANCHORS : ['all'];
}

/** Whether an engine has the walk of these options fused. */
export function hasFusedWalk(registered: string, { level, anchors }: BalancedOptions): boolean {
  return fusedLevels(registered).includes(level) && fusedAnchors(registered).includes(anchors);
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
  registerHostOperations();
  const operation = hostOperation(schema, options);
  const step = (form: Form, inputs: WalkInputs, observe?: Observer): DeviceStep => {
    const { value, findings, derivatives } = operation(form, observe !== undefined, inputs);
    if (findings) observe?.(findings);
    return { value, saved: [], derivatives };
  };
  return {
    walk(...inputs) {
      const { findings, derivatives } = operation('total', true, inputs);
      const [gradient, featureGradient] = tf.tidy(() => derivatives(tf.scalar(1)));
      return {
        ...(findings as DeviceFindings),
        gradient: gradient as tf.Tensor2D,
        ...(featureGradient ? { featureGradient: featureGradient as tf.Tensor3D } : {}),
      };
    },
    steps: {
      total: (inputs, observe) => step('total', inputs, observe),
      perSample: (inputs, observe) => step('perSample', inputs, observe),
    },
  };
}
