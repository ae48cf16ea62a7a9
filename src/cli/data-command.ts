/**
 * `crl data check`: opens every image and every label file that a training would, and says what is in them.
 *
 * @module
 */
import { type DataError, isDataError } from '../data/errors.js';
import { startProgress } from '../support/progress.js';
import { readDataConfig } from '../train/config/config.js';
import { readRawConfig, type TrainFlags } from '../train/config/raw-config.js';
import { loadData, type TrainData } from '../train/data/load-data.js';
import { table } from './table.js';

/**
 * Checks the data of a config.
 *
 * @returns the exit code: 0, or 1 if something cannot be used
 */
export async function dataCheckCommand(file: string | undefined, flags: TrainFlags): Promise<number> {
  const { data, seed } = readDataConfig(readRawConfig(file, flags));
  try {
    const read = await loadData(data, seed, { check: true, onProgress: checkProgress() });
    process.stdout.write(`${summary(read)}\n`);
    return read.bad.length === 0 ? 0 : 1;
  } catch (error) {
    if (!isDataError(error)) throw error;
    process.stderr.write(`crl: ${error.message}\n`);
    return 1;
  }
}

/** A bar while images are checked. Without a terminal it is one line at the end. */
export function checkProgress(): (checked: number, images: number) => void {
  let bar: ReturnType<typeof startProgress> | undefined;
  return (checked, images) => {
    if (checked === 0) bar = startProgress('Checking images', images);
    else bar?.advance('');
    if (checked === images) bar?.stop(`Checked ${images} images`);
  };
}

/** Classes that a summary names at either end. */
const NAMED = 5;

function summary(data: TrainData): string {
  const { training, validation, test, classes, counts, shape, encoding, attributes, bad, notes } = data;
  const sets = { training, validation, ...(test && { test }) };
  const rows = Object.entries(sets).map(([name, { records }]) => [name, String(records.length)]);
  const order = [...classes.keys()].sort((a, b) => (counts[b] as number) - (counts[a] as number));
  const named = (ks: readonly number[]) => ks.map((k) => `${classes[k]} ${counts[k]}`).join(', ');
  const few = order.length <= 2 * NAMED;
  const sizes = few ? named(order) : `${named(order.slice(0, NAMED))}, … ${named(order.slice(-NAMED))}`;
  const { width, height, channels } = shape;
  const ignored = [...new Set(Object.values(sets).flatMap((set) => set.ignored ?? []))];
  return [
    table(['set', 'images'], rows),
    `${classes.length} classes${attributes ? ` of ${attributes.length} attributes` : ''}, ${encoding}`,
    `Training images per class: ${sizes}`,
    `Images are read as ${width}×${height} with ${channels} channel${channels === 1 ? '' : 's'}`,
    ...listed('Ignored, beside the folders of classes', ignored),
    ...notes,
    ...listed(
      'Left out',
      bad.map(({ message }: DataError) => message),
    ),
  ].join('\n');
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}
