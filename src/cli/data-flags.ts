/**
 * Flags that say where images come from, and what they are labelled with.
 *
 * @module
 */
import type { Command } from 'commander';

/** Adds the flags. Their values are checked with the config. */
export function withDataFlags(command: Command): Command {
  command
    .option('--labels <file>', 'label file, Id,Target; with --folder of grey files, one per channel')
    .option('--folder <folder>', 'images; without --labels one folder per class')
    .option('--validation <share|path>', 'a share, or another label file or folder (default: 0.2)')
    .option('--test <share|path>', 'a share, or another label file or folder (default: none)');
  return withLabelFlags(command)
    .option('--allow-empty', 'images without a label, or classes without an image')
    .option('--channels <names|n>', 'channels of grey files, separated by commas; of class folders 1 or 3')
    .option('--extension <text>', 'ending of the names of channel files (default: .png)')
    .option('--size <px>', 'side that images are resized to')
    .option('--augment <name>', 'none, flip, crop or shift (default: none)')
    .option('--digits <ratio>', 'the digits of the package mnist, thinned out to 1:ratio')
    .option('--skip-bad', 'skip broken images and lines, and list them')
    .option('--set <path=value>', 'any field of the config, such as loss.kappa=5', collect);
}

/** Adds the flags that say how a label file is written. */
export function withLabelFlags(command: Command): Command {
  return command
    .option('--classes <n|names>', 'number of classes of the label file, or a JSON list of names')
    .option('--encoding <name>', 'one-attribute, multi-label or categorical')
    .option('--id-column <name>', 'column of the ids (default: Id)')
    .option('--target-column <name>', 'column of the labels (default: Target)')
    .option('--attributes <columns>', 'columns that each hold one attribute, separated by commas')
    .option('--delimiter <mark>', 'what separates fields: , ; | or tab (default: ,)')
    .option('--separator <mark>', 'what separates labels, or none (default: spaces)');
}

/** One value per flag: what follows it is the config. */
function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
