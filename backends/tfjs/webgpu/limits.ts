/**
 * What a device can hold: asked before a program runs, since a device that is asked for more reports a
 * fault that nobody awaits in training, and leaves zeros.
 *
 * @module
 */
import { GpuLimitError } from '../engines/errors.js';

/** Of a device's limits, those that a walk can reach. */
export interface DeviceLimits {
  /** Bytes of a buffer that a program reads or writes. */
  readonly maxStorageBufferBindingSize: number;
  /** Workgroups of a program, in a row. */
  readonly maxComputeWorkgroupsPerDimension: number;
}

/** Whole numbers from here on are not all float32; sizes of classes and counts are handed on as such. */
const FLOAT32_COUNTS = 2 ** 24;

/** @throws GpuLimitError - samples that float32 cannot count */
export function requireCountable(samples: number): void {
  if (samples >= FLOAT32_COUNTS)
    throw new GpuLimitError('webgpu', 'samples, which are counted in float32', samples, FLOAT32_COUNTS - 1);
}

/** @throws GpuLimitError - a program that the device cannot run */
export function requireFits(
  program: string,
  { groups, words }: { readonly groups: number; readonly words: number },
  limits: DeviceLimits,
): void {
  const most = (what: string, asked: number, allowed: number) => {
    if (asked > allowed) throw new GpuLimitError('webgpu', `${what} (program ${program})`, asked, allowed);
  };
  most('bytes in a buffer', 4 * words, limits.maxStorageBufferBindingSize);
  most('workgroups', groups, limits.maxComputeWorkgroupsPerDimension);
}
