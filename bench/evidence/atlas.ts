/**
 * The synthetic atlas of the evidence, drawn when it is first needed, with its test images set apart.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type LabelledId,
  readLabelFile,
  STRUCTURES,
  writeAtlas,
  writeLabelFile,
} from '../../src/data/index.js';
import { setApart } from './set-apart.js';

/** Enough images that every label occurs in the test set several times. */
const IMAGES = 3000;
const LEAST = 24;
const SIZE = 32;
/** Seed of the atlas and of its test set, which are the same for all seeds of training. */
const SEED = 1000;

/** The fields of a config's `data` that name the images and their labels; draws the atlas if it is missing. */
export async function atlasFiles(work: string): Promise<object> {
  const [labels, test] = ['training.csv', 'test.csv'].map((name) => join(work, 'atlas', name)) as [
    string,
    string,
  ];
  const folder = join(work, 'atlas/train');
  const files = { labels, test, folder, classes: STRUCTURES.length, size: SIZE };
  if (existsSync(labels) && existsSync(test)) return files;
  const out = join(work, 'atlas');
  const { labelFile } = await writeAtlas({ out, images: IMAGES, size: SIZE, seed: SEED, least: LEAST });
  const { rows } = await readLabelFile(labelFile);
  const sets = setApart(
    rows.map((row) => row.labels),
    SEED,
  );
  for (const [file, indices] of [
    [test, sets.test],
    [labels, sets.training],
  ] as const) {
    const own = indices.map((at) => rows[at] as LabelledId);
    writeLabelFile(file, own, STRUCTURES.length);
  }
  return files;
}
