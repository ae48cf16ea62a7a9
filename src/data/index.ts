/**
 * Data to train on: label files, images from files, folders and arrays, transforms, batches, splits.
 *
 * Images are decoded with `sharp` and passed to `model.fitDataset` through `@tensorflow/tfjs-data`. Both are
 * optional, and loaded when they are first needed.
 *
 * @module
 */
export * from './arrays.js';
export { STRUCTURES } from './atlas/frequencies.js';
export { type AtlasOptions, type WrittenAtlas, writeAtlas } from './atlas/write-atlas.js';
export * from './label-file.js';
export type { AttributeColumn, LabelFileFormat } from './label-format.js';
export type { LabelRecord } from './label-line.js';
export type { FileClasses } from './label-names.js';
export { labelRecords } from './label-record.js';
export * from './label-writer.js';
export * from './sources/channel-files.js';
export * from './sources/class-folders.js';
export type { DecodeOptions } from './sources/decode.js';
export * from './transforms/article.js';
export { resizeShorter, resizeTo } from './transforms/resize.js';
