/**
 * `crl data` on the command line; what it does is loaded when it is called.
 *
 * @module
 */
import type { Command } from 'commander';
import type { TrainFlags } from '../train/config/raw-config.js';
import { withDataFlags } from './data-flags.js';
import type { CommandTools } from './train-commands.js';

const HELP = `
Examples:
  crl data check --folder photos --size 64
  crl data check --labels train.csv --folder train --classes 28 --size 64 --test test.csv
  crl data check config.json

Exit codes: 0 all can be used, 1 something cannot, 2 could not run.`;

/** Adds the command. */
export function addDataCommands(program: Command, { run }: Pick<CommandTools, 'run'>): void {
  const data = program
    .command('data')
    .description('look at images and labels before training')
    .addHelpText('after', HELP);
  withDataFlags(data.command('check'))
    .description('load every image and label once, and list what is there and what cannot be used')
    .argument('[config]', 'a JSON file as crl train takes it; flags override it')
    .option('--seed <n>', 'decides the split (default: 0)')
    .addHelpText('after', HELP)
    .action((config: string | undefined, options: TrainFlags) =>
      run(async () => (await import('./data-command.js')).dataCheckCommand(config, options)),
    );
}
