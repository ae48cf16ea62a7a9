/**
 * `npm run atlas`: writes a made-up protein atlas.
 *
 * @module
 */
import { Command } from 'commander';
import { PackageMissingError } from '../../../backends/tfjs/engines/optional-package.js';
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
  progress.stop(before === 0 ? 'Drawn' : `Drawn; ${before} were there before`);
  process.stdout.write(`${all} images in ${folder}, labels in ${labelFile}\n`);
}

const program = new Command('atlas')
  .description('Writes a made-up protein atlas: four grey PNGs an image, and a label file')
  .requiredOption('--out <folder>', 'folder to write to, or to go on with')
  .option('--images <n>', 'images to draw (default: all of --labels, else 1000)')
  .option('--size <px>', 'side of an image', '128')
  .option('--seed <n>', 'decides labels and drawings', '0')
  .option('--least <n>', 'images that the rarest labels have at least', '1')
  .option('--labels <file>', 'a label file, Id,Target, whose ids and labels are drawn');
try {
  await run(program.parse().opts<Flags>());
} catch (error) {
  // what can be put right is said in a sentence; anything else is a fault, and shows where it came from
  if (!isInputError(error) && !isDataError(error) && !(error instanceof PackageMissingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
