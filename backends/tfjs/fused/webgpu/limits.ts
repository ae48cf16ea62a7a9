/**
 * The limits of a device. They are checked before a program runs: a device that is asked for more leaves zeros, and
 * reports a fault that a training step does not wait for.
 *
 * @module
 */
import { GpuLimitError } from '../../engines/errors.js';

/** Those limits of a device that a walk can reach. */
export interface DeviceLimits {
  /** Bytes of a buffer that a program may read or write. */
  readonly maxStorageBufferBindingSize: number;
  /** Bytes of a buffer. */
  readonly maxBufferSize: number;
  /** Workgroups of a program along one axis. */
  readonly maxComputeWorkgroupsPerDimension: number;
}

/** Integers from here on are not all exact in float32, which holds class sizes and counts. */
const FLOAT32_COUNTS = 2 ** 24;

/** The first integer beyond int32, in which programs number samples and pairs. */
const INT32_NUMBERS = 2 ** 31;

/** Half of int32: workgroups that are folded into a square or a cube are somewhat more than were asked for. */
const MOST_GROUPS = INT32_NUMBERS / 2;

/** @throws GpuLimitError - if there are more samples than float32 can count */
export function requireCountable(samples: number): void {
  if (samples >= FLOAT32_COUNTS)
    throw new GpuLimitError('webgpu', 'samples, which are counted in float32', samples, FLOAT32_COUNTS - 1);
}

/** @throws GpuLimitError - if a class may have more pairs, n·κ, than int32 can number */
export function requireNumberable(pairs: number): void {
  if (pairs >= INT32_NUMBERS)
    throw new GpuLimitError(
      'webgpu',
      'pairs of a class (samples by κ), which are numbered in int32',
      pairs,
      INT32_NUMBERS - 1,
    );
}

/**
 * tfjs folds workgroups into a square or a cube where an axis is too short for them; programs number them through
 * all axes.
 *
 * @throws GpuLimitError - if the device cannot run the program
 */
export function requireFits(
  program: string,
  { groups, words }: { readonly groups: number; readonly words: number },
  limits: DeviceLimits,
): void {
  const most = (what: string, asked: number, allowed: number) => {
    if (asked > allowed) throw new GpuLimitError('webgpu', `${what}, program ${program})`, asked, allowed);
  };
  for (const limit of ['maxStorageBufferBindingSize', 'maxBufferSize'] as const)
    most(`bytes in a buffer (${limit}`, 4 * words, limits[limit]);
  const cube = limits.maxComputeWorkgroupsPerDimension ** 3;
  most('workgroups (maxComputeWorkgroupsPerDimension³', groups, Math.min(cube, MOST_GROUPS));
}
