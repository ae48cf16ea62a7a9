/**
 * sharp, loaded when the first image is: it is an optional peer.
 *
 * @module
 */
import { importOptional, rethrow } from '../../backends/tfjs/engines/optional-package.js';

/**
 * Loads sharp.
 *
 * @throws PackageMissingError - if sharp is not installed, with the command that installs it
 */
export async function loadSharp(): Promise<typeof import('sharp').default> {
  return (await importOptional('sharp', () => import('sharp').catch(rethrow))).default;
}

/** How all resizing is done: to the exact size, by the linear kernel, the default of torchvision. */
export const RESAMPLING = { fit: 'fill', kernel: 'linear' } as const;
