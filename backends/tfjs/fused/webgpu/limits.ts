/**
 * What a device can hold: asked before a program runs, since a device that is asked for more reports a
 * fault that nobody awaits in training, and leaves zeros.
 *
 * @module
 */
import { GpuLimitError } from '../../engines/errors.js';

/** Of a device's limits, those that a walk can reach. */
export interface DeviceLimits {
  /** Bytes of a buffer that a program reads or writes. */
  readonly maxStorageBufferBindingSize: number;
  /** Bytes of a buffer. */
  readonly maxBufferSize: number;
  /** Workgroups of a program along one axis. */
  readonly maxComputeWorkgroupsPerDimension: number;
}

/** Whole numbers from here on are not all float32; sizes of classes and counts are handed on as such. */
const FLOAT32_COUNTS = 2 ** 24;

/** Where int32 ends, in which programs number what they walk. */
const INT32_NUMBERS = 2 ** 31;

/** Workgroups that are folded into a square or a cube are a few more than were asked for. */
const MOST_GROUPS = INT32_NUMBERS / 2;

/** @throws GpuLimitError - samples that float32 cannot count */
export function requireCountable(samples: number): void {
  if (samples >= FLOAT32_COUNTS)
    throw new GpuLimitError('webgpu', 'samples, which are counted in float32', samples, FLOAT32_COUNTS - 1);
}

/** @throws GpuLimitError - pairs of a class, at most n·κ, that int32 cannot number */
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
 * tfjs folds workgroups into a square or a cube where an axis is too short for them, and programs number
 * them through all axes.
 *
 * @throws GpuLimitError - a program that the device cannot run
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
