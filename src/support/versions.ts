/**
 * Versions of the software that a verdict depends on.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { runtimeVersions } from './runtime-versions.js';

/** By name: this package, what it stands on, and where it runs. */
export function versions(): Record<string, string> {
  const { 'class-rectification': own = '', ...rest } = runtimeVersions();
  return { 'class-rectification': own, '@tensorflow/tfjs-core': tf.version_core, ...rest };
}
