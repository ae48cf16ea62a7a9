/**
 * Whether a training has any surviving minority class, without which there is nothing to rectify.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { HOST_ENGINES } from '../../backends/tfjs/engines/host-engines.js';
import type { WarnOnce } from '../support/warn-once.js';

/** Training steps after which it warns. */
export const WATCHED_STEPS = 200;

/** The number of anchors of each training step, until there is one or it has warned. */
export interface MinorityWatch {
  /** Whether further steps should be shown. */
  readonly watching: boolean;
  /** @param anchors - |X_min| of a training step, which may be disposed of afterwards */
  see(anchors: tf.Tensor): void;
}

/**
 * Warns once if no class is a surviving minority in the first 200 training steps. L_crl is then always 0, and
 * the loss is (1−α)·L_ce.
 *
 * Where the processor reads the engine's tensors at once the first anchor ends the watch. On a GPU anchors
 * are added up on the device and read, without waiting for them, after the first step and after the last.
 */
export function minorityWatch(warn: WarnOnce): MinorityWatch {
  let watching = true;
  let steps = 0;
  let sum: tf.Tensor | undefined;
  const end = () => {
    watching = false;
    sum?.dispose();
    sum = undefined;
  };
  const judge = (anchors: number, seen: number) => {
    if (!watching || (anchors === 0 && seen < WATCHED_STEPS)) return;
    if (anchors === 0) warn('no-minority', NO_MINORITY);
    end();
  };
  const add = (anchors: tf.Tensor) => {
    const before = sum;
    sum = tf.tidy(() => tf.keep(before ? tf.add(before, anchors) : tf.clone(anchors)));
    before?.dispose();
    if (steps !== 1 && steps !== WATCHED_STEPS) return;
    const [seen, kept] = [steps, tf.keep(tf.clone(sum))];
    kept
      .data()
      .then(([total]) => judge(total as number, seen))
      .catch(end) // the training step itself reports a lost device
      .finally(() => kept.dispose());
  };
  return {
    get watching() {
      return watching;
    },
    see(anchors) {
      if (!watching || steps >= WATCHED_STEPS) return;
      steps += 1;
      if (HOST_ENGINES.includes(tf.getBackend())) judge(anchors.dataSync()[0] as number, steps);
      else add(anchors);
    },
  };
}

const NO_MINORITY =
  `in the first ${WATCHED_STEPS} training steps no class was a surviving minority, so the loss was (1 − α) times ` +
  'the cross entropy. A minority class needs two samples in a batch: take larger batches, draw batches by class ' +
  '(classAwareBatches of class-rectification/rivals), or raise rho.';
