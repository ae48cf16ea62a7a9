/**
 * `crl train`, `crl test` and `crl compare` on the command line; their code is loaded when they are called.
 *
 * @module
 */
import type { Command } from 'commander';
import type { CompareCommandOptions } from './compare-command.js';
import { withDataFlags } from './data-flags.js';
import type { TestCommandOptions } from './test-command.js';
import type { TrainCommandOptions } from './train-command.js';

/** Runs a command, and reads numbers. */
export interface CommandTools {
  readonly run: (command: () => Promise<number>) => Promise<void>;
  readonly whole: (low: number, high: number) => (text: string) => number;
  readonly share: (text: string) => number;
}

/** Adds the commands. */
export function addTrainCommands(program: Command, { run, whole, share }: CommandTools): void {
  withTrainFlags(program.command('train'))
    .description('train a classifier, or resume a run that was cut off')
    .argument('[config]', 'a JSON file; flags override it')
    .option('--no-report', 'do not write report.html')
    .option('--no-check', 'do not load every image once before the first step')
    .option('--take-over', 'take the folder from a run that may still be running')
    .addHelpText('after', TRAIN_HELP)
    .action((config: string | undefined, options: TrainCommandOptions) =>
      run(async () => (await import('./train-command.js')).trainCommand(config, options)),
    );

  program
    .command('test')
    .description('predict with a trained model; metrics where labels are known')
    .argument('<run>', 'the folder of a run')
    .option('--labels <file>', 'a label file (default: the run’s test set, else its validation set)')
    .option('--folder <folder>', 'images in one folder per class, or plain images without labels')
    .option('--threshold <p>', 'threshold of multi-label predictions (default: the run’s)', share)
    .option('--engine <name>', 'such as cpu or wasm (default: the run’s)')
    .option('--skip-bad', 'skip broken images, and list them')
    .option('--out <file>', 'predictions, Id,Predicted (default: predictions.csv of the run)')
    .option('--probabilities <file>', 'the probability of each class, one column per class')
    .option('--metrics <file>', 'metrics as JSON')
    .addHelpText('after', TEST_HELP)
    .action((folder: string, options: TestCommandOptions) =>
      run(async () => (await import('./test-command.js')).testCommand(folder, options)),
    );

  withTrainFlags(program.command('compare'))
    .description('train several losses with several seeds, and compare them')
    .argument(
      '[config]',
      'a JSON file; its runs are a list of { name, … } with the fields in which each run differs; flags override it',
    )
    .option('--losses <names>', 'losses by name, separated by commas', (text) => text.split(','))
    .option('--no-report', 'do not write a report.html per run')
    .option('--no-check', 'do not load every image once before the first step')
    .option('--take-over', 'take the folder from a comparison that may still be running')
    .option('--seeds <n>', 'how many seeds (default: 3)', whole(1, 1000))
    .addHelpText('after', COMPARE_HELP)
    .action((config: string | undefined, options: CompareCommandOptions) =>
      run(async () => (await import('./compare-command.js')).compareCommand(config, options)),
    );
}

const TRAIN_HELP = `
Examples:
  crl train --digits 100 --eta 0.2 --out runs/digits
  crl train --folder photos --size 64 --patience 5 --keep best --out runs/photos
  crl train config.json --epochs 40

The same command resumes a run that was cut off, with bit-identical results.
Exit codes: 0 trained, 1 the loss became NaN or infinite, 2 could not run,
130 stopped by Ctrl-C and 143 by SIGTERM, both with a checkpoint.`;

const TEST_HELP = `
Examples:
  crl test runs/photos
  crl test runs/photos --folder new-photos --probabilities probabilities.csv

Exit codes: 0 predicted, 2 could not run.`;

const COMPARE_HELP = `
Examples:
  crl compare --digits 100 --losses ce,crl,ldam --seeds 3 --out runs/compared
  crl compare config.json

Runs that are finished are not repeated.
Exit codes: 0 compared, 1 the loss of some run became NaN or infinite, 2 could not run,
130 stopped by Ctrl-C and 143 by SIGTERM, both with a checkpoint.`;

/** Flags of commands that train. Their values are checked with the config. */
function withTrainFlags(command: Command): Command {
  return withDataFlags(command)
    .option('--out <folder>', 'where the run is written, or resumed')
    .option('--model <name|file>', 'conv, resnet, or a model.json')
    .option(
      '--freeze <names>',
      'layers that are not trained, separated by commas; conv* for all names with that beginning',
    )
    .option('--loss <name>', 'crl, ce, weighted, focal, class-balanced, logit-adjusted or ldam')
    .option('--alpha <x>', 'α of crl: a number, or dcl for a weight that falls over the epochs')
    .option('--eta <x>', 'η of crl')
    .option('--crl-warm-up <epochs>', 'epochs of plain cross entropy before crl (default: 0)')
    .option('--engine <name>', 'such as cpu or wasm (default: wasm)')
    .option('--epochs <n>', 'default: 10; with more, a finished run is continued')
    .option('--patience <n>', 'stop after this many epochs in a row without a better one')
    .option('--monitor <metric>', 'which epoch is better: balancedAccuracy, macroF1, crossEntropy …')
    .option('--keep <epoch>', 'last or best: the epoch whose model is evaluated (default: last)')
    .option('--batch-size <n>', 'default: 32')
    .option('--sampling <name>', 'plain or class-aware')
    .option('--optimiser <name>', 'sgd, momentum or adam')
    .option('--learning-rate <x>', 'default: 0.001')
    .option('--weight-decay <x>', 'decoupled weight decay of kernels (default: 0)')
    .option('--clip-norm <x>', 'the largest norm of the gradient; a larger one is scaled down')
    .option('--schedule <name>', 'constant or cosine; step needs --set schedule.every=N')
    .option('--seed <n>', 'decides the split, the weights and the batches (default: 0)');
}
