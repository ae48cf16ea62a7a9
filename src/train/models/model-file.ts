/**
 * Models of tfjs-layers as files: `model.json` and its weights, in any environment of Node.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { shown } from '../../../spec/errors.js';
import { parsedJson } from '../../support/json-text.js';
import { writeDurably } from '../../support/write-whole.js';
import { configError } from '../config/problems.js';

/**
 * Loads a model. Without weights in the file it begins with those of its initialisers, to which seeds are
 * given where they have none.
 *
 * @throws ConfigError - weights that are cut short or padded, naming their file
 */
export async function loadModelFile(file: string, nextSeed: () => number): Promise<tf.LayersModel> {
  const { modelTopology, weightsManifest = [] } = readModelJson(file);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  if (weightSpecs.length === 0) seedInitialisers(modelTopology, nextSeed);
  const paths = weightPaths(file, weightsManifest);
  const bytes = Buffer.concat(paths.map((path) => readFileSync(path)));
  refuseOtherLength(paths, bytes.length, weightSpecs);
  const weightData = Uint8Array.from(bytes).buffer;
  const artifacts = { modelTopology, ...(weightSpecs.length > 0 && { weightSpecs, weightData }) };
  return tf.loadLayersModel(tf.io.fromMemory(artifacts));
}

/** SHA-256 of a model file and its weights. */
export function modelFileDigest(file: string): string {
  const hash = createHash('sha256');
  const { weightsManifest = [] } = readModelJson(file);
  for (const path of [file, ...weightPaths(file, weightsManifest)]) hash.update(readFileSync(path));
  return hash.digest('hex');
}

/**
 * Writes `model.json` and `weights.bin`, the weights first, each whole.
 *
 * @throws WriteError
 */
export async function saveModelFile(model: tf.LayersModel, folder: string): Promise<void> {
  const handler = tf.io.withSaveHandler(async ({ modelTopology, weightSpecs = [], weightData, ...more }) => {
    const weights = tf.io.CompositeArrayBuffer.join(weightData);
    const { format, generatedBy, convertedBy } = more;
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
    mkdirSync(folder, { recursive: true });
    writeDurably(join(folder, 'weights.bin'), new Uint8Array(weights));
    writeDurably(
      join(folder, 'model.json'),
      JSON.stringify({ format, generatedBy, convertedBy, modelTopology, weightsManifest }),
    );
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
}

function readModelJson(file: string): tf.io.ModelJSON {
  // editors and shells of Windows write a byte order mark
  return parsedJson(readFileSync(file, 'utf8')) as tf.io.ModelJSON;
}

function weightPaths(file: string, manifest: tf.io.WeightsManifestConfig): string[] {
  return manifest.flatMap(({ paths }) => paths.map((path) => join(dirname(file), path)));
}

const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1 };

/** tfjs itself says of missing bytes only that a typed array cannot be made. */
function refuseOtherLength(
  paths: readonly string[],
  found: number,
  specs: readonly tf.io.WeightsManifestEntry[],
): void {
  if (specs.some(({ dtype, quantization }) => quantization !== undefined || BYTES[dtype] === undefined))
    return;
  const wanted = specs.reduce(
    (sum, { shape, dtype }) => sum + (BYTES[dtype] as number) * shape.reduce((a, b) => a * b, 1),
    0,
  );
  if (found !== wanted) throw configError(paths.join(', '), `${wanted} bytes of weights`, shown(found));
}

/** Dropout is left out: a seed there would give the same mask in every step. */
function seedInitialisers(topology: unknown, nextSeed: () => number): void {
  if (typeof topology !== 'object' || topology === null) return;
  for (const [name, value] of Object.entries(topology)) {
    const config = (value as { config?: { seed?: unknown } } | null)?.config;
    if (name.endsWith('_initializer') && typeof config === 'object') config.seed ??= nextSeed();
    else seedInitialisers(value, nextSeed);
  }
}
