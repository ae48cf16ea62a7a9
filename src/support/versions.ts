/**
 * Versions of the software that a verdict depends on.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { VERSION } from './version.js';

/** By name: this package, what it stands on, and where it runs. */
export function versions(): Record<string, string> {
  const { process, navigator } = globalThis as {
    process?: { versions?: { node?: string }; platform?: string; arch?: string };
    navigator?: { userAgent?: string };
  };
  const node = process?.versions?.node;
  return {
    'class-rectification': VERSION,
    '@tensorflow/tfjs-core': tf.version_core,
    'fast-check': fc.__version,
    ...(node === undefined
      ? { browser: navigator?.userAgent ?? 'unknown' }
      : { node, platform: `${process?.platform}-${process?.arch}` }),
  };
}
