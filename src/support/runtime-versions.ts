/**
 * Versions that are known before any engine is loaded.
 *
 * @module
 */
import fc from 'fast-check';
import { VERSION } from './version.js';

/** By name: this package, what draws the cases, and where it runs. */
export function runtimeVersions(): Record<string, string> {
  const { process, navigator } = globalThis as {
    process?: { versions?: { node?: string }; platform?: string; arch?: string };
    navigator?: { userAgent?: string };
  };
  const node = process?.versions?.node;
  return {
    'class-rectification': VERSION,
    'fast-check': fc.__version,
    ...(node === undefined
      ? { browser: navigator?.userAgent ?? 'unknown' }
      : { node, platform: `${process?.platform}-${process?.arch}` }),
  };
}
