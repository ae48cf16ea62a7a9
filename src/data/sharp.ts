/**
 * sharp, loaded when the first image is: it is an optional peer.
 *
 * @module
 */
import { importOptional, PackageMissingError, rethrow } from '../../backends/optional-package.js';

/**
 * Loads sharp.
 *
 * @throws PackageMissingError - if sharp is not installed, with the command that installs it
 */
export async function loadSharp(): Promise<typeof import('sharp').default> {
  const { default: sharp } = await importOptional('sharp', () => import('sharp').catch(rethrow));
  if (typeof sharp === 'function') return sharp;
  // bundlers put an empty module in its place (`browser` in package.json)
  throw new PackageMissingError('sharp needs Node: in a browser give images of the size that you train on');
}

/** How all resizing is done: to the exact size, by the linear kernel, the default of torchvision. */
export const RESAMPLING = { fit: 'fill', kernel: 'linear' } as const;
