/**
 * Data to train on: label files, images from files, folders and arrays, transforms, batches, splits.
 *
 * Images are decoded with `sharp` and handed to `model.fitDataset` through `@tensorflow/tfjs-data`; both are
 * optional, and loaded when they are first needed.
 *
 * @module
 */
export { PackageMissingError } from '../support/optional-package.js';
export { STRUCTURES } from './atlas/frequencies.js';
export { type AtlasOptions, type WrittenAtlas, writeAtlas } from './atlas/write-atlas.js';
export type { Batch, TensorBatch } from './batch.js';
export * from './channel-statistics.js';
export type { ImageDatasetOptions } from './dataset-options.js';
export { DataError, type DataErrorCode, type DataErrorDetail, isDataError } from './errors.js';
export { createImage, type Image, type Size } from './image.js';
export * from './image-dataset.js';
export * from './label-file.js';
export type { AttributeColumn, LabelFileFormat } from './label-format.js';
export type { LabelRecord } from './label-line.js';
export type { AttributeClasses, FileClasses } from './label-names.js';
export { labelRecords } from './label-record.js';
export * from './label-rows.js';
export * from './label-writer.js';
export { keyedRandom, type Random } from './random.js';
export * from './sources/array-images.js';
export { cachedImages } from './sources/cached-images.js';
export * from './sources/channel-files.js';
export * from './sources/class-folders.js';
export type { DecodeOptions } from './sources/decode.js';
export * from './sources/source.js';
export * from './splits/long-tail.js';
export * from './splits/stratified-split.js';
export * from './transforms/article.js';
export { combineChannels } from './transforms/channels.js';
export { centreCrop, type RandomResizedCropOptions, randomResizedCrop } from './transforms/crop.js';
export { randomHorizontalFlip } from './transforms/flip.js';
export * from './transforms/numbers.js';
export { resizeShorter, resizeTo } from './transforms/resize.js';
export * from './transforms/transform.js';
