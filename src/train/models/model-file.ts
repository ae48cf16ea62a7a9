/**
 * Models of tfjs-layers as files: `model.json` and its weights, in any environment of Node.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { shown } from '../../../spec/errors.js';
import { parsedJson } from '../../support/json-text.js';
import { makeFolders } from '../../support/make-folders.js';
import { writeDurably } from '../../support/write-whole.js';
import { configError } from '../config/problems.js';

/**
 * Loads a model. Without weights in the file it begins with those of its initialisers, to which seeds are
 * given where they have none.
 *
 * @throws ConfigError - a file that is missing or no model, and weights that are cut short or padded, naming
 * the file
 */
export async function loadModelFile(file: string, nextSeed: () => number): Promise<tf.LayersModel> {
  const { modelTopology, weightsManifest = [] } = readModelJson(file);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  if (weightSpecs.length === 0) seedInitialisers(modelTopology, nextSeed);
  const paths = weightPaths(file, weightsManifest);
  const bytes = Buffer.concat(paths.map(readPart));
  refuseOtherLength(paths, bytes.length, weightSpecs);
  const weightData = Uint8Array.from(bytes).buffer;
  const artifacts = { modelTopology, ...(weightSpecs.length > 0 && { weightSpecs, weightData }) };
  return tf.loadLayersModel(tf.io.fromMemory(artifacts));
}

/**
 * SHA-256 of a model file and its weights.
 *
 * @throws ConfigError - a file that is missing or no model, naming it
 */
export function modelFileDigest(file: string): string {
  const hash = createHash('sha256');
  const { weightsManifest = [] } = readModelJson(file);
  for (const path of [file, ...weightPaths(file, weightsManifest)]) hash.update(readPart(path));
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
    makeFolders(folder);
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
  const expected = 'a model.json of tfjs-layers';
  let model: unknown;
  try {
    // editors and shells of Windows write a byte order mark
    model = parsedJson(readPart(file).toString('utf8'));
  } catch (cause) {
    throw cause instanceof SyntaxError ? configError(file, expected, cause.message, cause) : cause;
  }
  if (typeof model !== 'object' || model === null || !('modelTopology' in model))
    throw configError(file, expected, `${shown(model)}, without modelTopology`);
  return model as tf.io.ModelJSON;
}

/** One of the files that a model consists of. */
function readPart(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw configError(path, 'a file of the model', (cause as Error).message, cause);
  }
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
