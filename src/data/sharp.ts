/**
 * sharp, loaded when the first image is: it is an optional peer.
 *
 * @module
 */
import { importOptional, rethrow } from '../../backends/tfjs/engines/optional-package.js';

/**
 * sharp's own function.
 *
 * @throws PackageMissingError - without sharp: with how to get it
 */
export async function loadSharp(): Promise<typeof import('sharp').default> {
  return (await importOptional('sharp', () => import('sharp').catch(rethrow))).default;
}

/** How all resizing is done: to the very size, by the linear kernel, as torchvision's default is. */
export const RESAMPLING = { fit: 'fill', kernel: 'linear' } as const;
