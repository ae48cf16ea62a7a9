/**
 * `npm run atlas`: writes a synthetic protein atlas.
 *
 * @module
 */
import { Command } from 'commander';
import { PackageMissingError } from '../../../backends/optional-package.js';
import { isInputError } from '../../../spec/errors.js';
import { startProgress } from '../../support/progress.js';
import { isDataError } from '../errors.js';
import { readLabelFile } from '../label-file.js';
import { STRUCTURES } from './frequencies.js';
import { writeAtlas } from './write-atlas.js';

interface Flags {
  readonly out: string;
  readonly images?: string;
  readonly size: string;
  readonly seed: string;
  readonly least: string;
  readonly labels?: string;
}

async function run(flags: Flags): Promise<void> {
  const { out, images, labels } = flags;
  const rows =
    labels === undefined ? undefined : (await readLabelFile(labels, { classes: STRUCTURES.length })).rows;
  const count = images === undefined ? (rows?.length ?? 1000) : Number(images);
  const progress = startProgress('Drawing', count);
  const {
    folder,
    labelFile,
    images: all,
    before,
  } = await writeAtlas({
    out,
    images: count,
    size: Number(flags.size),
    seed: Number(flags.seed),
    least: Number(flags.least),
    ...(rows && { rows }),
    onImage: () => progress.advance('Drawing'),
  });
  progress.stop(before === 0 ? 'Drawn' : `Drawn; ${before} were already there`);
  process.stdout.write(`${all} images in ${folder}, labels in ${labelFile}\n`);
}

const program = new Command('atlas')
  .description('Writes a synthetic protein atlas: four grey PNGs per image, and a label file')
  .requiredOption('--out <folder>', 'folder to write to, or to resume in')
  .option('--images <n>', 'images to draw (default: all of --labels, else 1000)')
  .option('--size <px>', 'side of an image', '128')
  .option('--seed <n>', 'decides labels and drawings', '0')
  .option('--least <n>', 'the least number of images of each label', '1')
  .option('--labels <file>', 'a label file, Id,Target, whose ids and labels are drawn');
try {
  await run(program.parse().opts<Flags>());
} catch (error) {
  // what the caller can correct is one sentence; anything else is a fault of ours, with its stack
  if (!isInputError(error) && !isDataError(error) && !(error instanceof PackageMissingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
