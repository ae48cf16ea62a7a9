/**
 * Data to train on that needs no file system: images and labels in arrays, transforms, batches, splits.
 * It bundles for a browser; the entry `data` has all of it, and label files, image files and folders
 * besides.
 *
 * @module
 */
export { PackageMissingError } from '../../backends/optional-package.js';
export type { Batch, TensorBatch } from './batch.js';
export * from './channel-statistics.js';
export type { ImageDatasetOptions } from './dataset-options.js';
export { DataError, type DataErrorCode, type DataErrorDetail, isDataError } from './errors.js';
export { createImage, type Image, type Size } from './image.js';
export * from './image-dataset.js';
export type { AttributeClasses } from './label-names.js';
export * from './label-rows.js';
export { keyedRandom, type Random } from './random.js';
export * from './sources/array-images.js';
export { cachedImages } from './sources/cached-images.js';
export * from './sources/source.js';
export * from './splits/long-tail.js';
export * from './splits/stratified-split.js';
export { combineChannels } from './transforms/channels.js';
export { centreCrop, type RandomResizedCropOptions, randomResizedCrop } from './transforms/crop.js';
export { randomHorizontalFlip } from './transforms/flip.js';
export * from './transforms/numbers.js';
export { randomShift } from './transforms/shift.js';
export * from './transforms/transform.js';
