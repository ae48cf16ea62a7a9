/**
 * `crl train`, `crl test` and `crl compare` on the command line; what they do is loaded when they are called.
 *
 * @module
 */
import type { Command } from 'commander';
import type { CompareCommandOptions } from './compare-command.js';
import type { TestCommandOptions } from './test-command.js';
import type { TrainCommandOptions } from './train-command.js';

/** What a command is run by, and numbers are read by. */
export interface CommandTools {
  readonly run: (command: () => Promise<number>) => Promise<void>;
  readonly whole: (low: number, high: number) => (text: string) => number;
  readonly share: (text: string) => number;
}

/** Adds the commands. */
export function addTrainCommands(program: Command, { run, whole, share }: CommandTools): void {
  withTrainFlags(program.command('train'))
    .description('train a classifier, or go on with one that was cut off')
    .argument('[config]', 'a JSON file; flags go before it')
    .option('--no-report', 'without report.html')
    .addHelpText('after', '\nExit codes: 0 trained, 1 the loss became no number, 2 could not run.')
    .action((config: string | undefined, options: TrainCommandOptions) =>
      run(async () => (await import('./train-command.js')).trainCommand(config, options)),
    );

  program
    .command('test')
    .description('predict with a trained model; metrics where labels are known')
    .argument('<run>', 'the folder of a run')
    .option('--labels <file>', 'a label file (default: the run’s test set, else its validation set)')
    .option('--folder <folder>', 'a folder of images; alone, of images without labels')
    .option('--threshold <p>', 'of multi-label predictions (default: the run’s)', share)
    .option('--engine <name>', 'such as cpu or wasm (default: the run’s)')
    .option('--skip-bad', 'leave broken images out, and name them')
    .option('--out <file>', 'predictions, Id,Predicted (default: predictions.csv of the run)')
    .option('--metrics <file>', 'metrics as JSON')
    .action((folder: string, options: TestCommandOptions) =>
      run(async () => (await import('./test-command.js')).testCommand(folder, options)),
    );

  withTrainFlags(program.command('compare'))
    .description('train several losses with several seeds, and compare them')
    .argument('[config]', 'a JSON file, with runs: a list of { name, … } of what differs; flags go before it')
    .option('--losses <names>', 'losses by name, with commas', (text) => text.split(','))
    .option('--no-report', 'without a report.html a run')
    .option('--seeds <n>', 'how many seeds (default: 3)', whole(1, 1000))
    .action((config: string | undefined, options: CompareCommandOptions) =>
      run(async () => (await import('./compare-command.js')).compareCommand(config, options)),
    );
}

/** Flags of what trains. Their values are judged as the config is, with it. */
function withTrainFlags(command: Command): Command {
  return command
    .option('--out <folder>', 'where the run is written, or gone on with')
    .option('--labels <file>', 'label file, Id,Target; with --folder of four grey PNGs an image')
    .option('--folder <folder>', 'images; without --labels a folder a class')
    .option('--classes <n>', 'number of classes of the label file')
    .option('--size <px>', 'side that images are resized to')
    .option('--encoding <name>', 'one-attribute, multi-label or categorical')
    .option('--digits <ratio>', 'the digits of the package mnist, thinned out to 1:ratio')
    .option('--skip-bad', 'leave broken images and lines out, and name them')
    .option('--model <name|file>', 'conv, resnet, or a model.json')
    .option('--loss <name>', 'crl, ce, weighted, focal, class-balanced, logit-adjusted or ldam')
    .option('--alpha <x>', 'α of crl')
    .option('--eta <x>', 'η of crl')
    .option('--engine <name>', 'such as cpu or wasm (default: wasm)')
    .option('--epochs <n>', 'default: 10')
    .option('--batch-size <n>', 'default: 32')
    .option('--sampling <name>', 'plain or class-aware')
    .option('--optimiser <name>', 'sgd, momentum or adam')
    .option('--learning-rate <x>', 'default: 0.001')
    .option('--schedule <name>', 'constant or cosine; step needs --set schedule.every=N')
    .option('--seed <n>', 'decides the split, the weights and the batches (default: 0)')
    .option('--set <path=value>', 'anything of the config, such as loss.kappa=5', collect);
}

/** One value a flag, so that the config behind is no further value. */
function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
