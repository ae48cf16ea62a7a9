/**
 * Models of tfjs-layers as files: `model.json` and its weights, in any environment of Node.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { writeWhole } from '../../support/write-whole.js';

/**
 * Loads a model. Without weights in the file it begins with those of its initialisers, to which seeds are
 * given where they have none.
 */
export async function loadModelFile(file: string, nextSeed: () => number): Promise<tf.LayersModel> {
  const { modelTopology, weightsManifest = [] } = JSON.parse(readFileSync(file, 'utf8')) as tf.io.ModelJSON;
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  if (weightSpecs.length === 0) seedInitialisers(modelTopology, nextSeed);
  const parts = weightsManifest.flatMap(({ paths }) =>
    paths.map((path) => readFileSync(join(dirname(file), path))),
  );
  const weightData = Uint8Array.from(Buffer.concat(parts)).buffer;
  const artifacts = { modelTopology, ...(weightSpecs.length > 0 && { weightSpecs, weightData }) };
  return tf.loadLayersModel(tf.io.fromMemory(artifacts));
}

/** Writes `model.json` and `weights.bin`, the weights first, each whole. */
export async function saveModelFile(model: tf.LayersModel, folder: string): Promise<void> {
  const handler = tf.io.withSaveHandler(async ({ modelTopology, weightSpecs = [], weightData, ...more }) => {
    const weights = tf.io.CompositeArrayBuffer.join(weightData);
    const { format, generatedBy, convertedBy } = more;
    const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
    writeWhole(join(folder, 'weights.bin'), new Uint8Array(weights));
    writeWhole(
      join(folder, 'model.json'),
      JSON.stringify({ format, generatedBy, convertedBy, modelTopology, weightsManifest }),
    );
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
}

/** Not those of dropout: there a seed is the same mask in every step. */
function seedInitialisers(topology: unknown, nextSeed: () => number): void {
  if (typeof topology !== 'object' || topology === null) return;
  for (const [name, value] of Object.entries(topology)) {
    const config = (value as { config?: { seed?: unknown } } | null)?.config;
    if (name.endsWith('_initializer') && typeof config === 'object') config.seed ??= nextSeed();
    else seedInitialisers(value, nextSeed);
  }
}
