#!/usr/bin/env node
/**
 * The command line.
 *
 * @module
 */
import { Command, InvalidArgumentError } from 'commander';
import { CouldNotRunError } from './backends.js';
import { explainCommand } from './explain-command.js';
import { rulingsCommand } from './rulings-command.js';
import { type VerifyCommandOptions, verifyCommand } from './verify-command.js';

const program = new Command('crl')
  .description('The Class Rectification Loss: verify a backend, explain a batch, see it train.')
  .showHelpAfterError()
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2); // a mistake on the command line could not run
  });

program
  .command('verify')
  .description(
    'run the property suite against a backend; without one, against all that come with this package',
  )
  .option(
    '--backend <name|file>',
    'a backend by name, or a module whose default export is a backend or a factory',
  )
  .option('--engine <name>', 'the engine to run it on, such as cpu or wasm')
  .option('--property <id...>', 'only these properties')
  .option('--runs <n>', 'cases a property', whole(1, Number.MAX_SAFE_INTEGER))
  .option('--seed <n>', 'a 32-bit integer', whole(-(2 ** 31), 2 ** 31 - 1))
  .option('--json', 'print the report as JSON')
  .addHelpText('after', '\nExit codes: 0 passed, 1 failed, 2 could not run.')
  .action((options: VerifyCommandOptions) => run(() => verifyCommand(options)));

program
  .command('explain')
  .description('walk batches through the stages')
  .argument('<file>', 'one JSON document a line, or - for standard input')
  .option('--json', 'answer one JSON document a line')
  .addHelpText('after', '\nExit codes: 0 all lines answered, 1 some line was bad, 2 could not run.')
  .action((file: string, options: { json?: boolean }) => run(() => explainCommand(file, options)));

program
  .command('rulings')
  .description('print what the texts leave open and the specification decides, and what tests it')
  .argument('[name...]', 'only these, by name; all without')
  .option('--json', 'print them as JSON')
  .action((names: string[], options: { json?: boolean }) => run(() => rulingsCommand(names, options)));

program
  .command('start')
  .description('verify all that this machine has, then train on long-tailed digits with and without CRL')
  .option('--seed <n>', 'a 32-bit integer', whole(-(2 ** 31), 2 ** 31 - 1))
  .action((options: { seed?: number }) =>
    run(async () => (await import('./start-command.js')).startCommand(options)),
  );

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // the reader, such as head, has had enough
  throw error;
});

await program.parseAsync();

async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    const expected =
      error instanceof CouldNotRunError || error instanceof RangeError || error instanceof TypeError;
    process.stderr.write(`crl: ${expected ? (error as Error).message : (error as Error).stack}\n`);
    process.exitCode = 2;
  }
}

function whole(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < low || value > high) {
      throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}, got ${text}.`);
    }
    return value;
  };
}
