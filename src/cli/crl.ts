#!/usr/bin/env node
/**
 * The command line.
 *
 * @module
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { STAGES } from '../../spec/index.js';
import { isInputError } from '../../spec/rules.js';
import { DEFAULT_TIMEOUT, LONGEST_TIMEOUT } from '../verify/answer-in-time.js';
import { addDataCommands } from './data-commands.js';
import { explainCommand } from './explain-command.js';
import { newBackendCommand } from './new-backend-command.js';
import { rulingsCommand } from './rulings-command.js';
import { addTrainCommands } from './train-commands.js';
import { type VerifyCommandOptions, verifyCommand } from './verify-command.js';

/** Errors beside refused input whose message says all there is to say, by name: most are loaded on demand. */
const EXPECTED = ['CouldNotRunError', 'PackageMissingError', 'EngineUnavailableError', 'WriteError'];

const program = new Command('crl')
  .description('The Class Rectification Loss: verify a backend, explain a batch, train and compare.')
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
  .addOption(new Option('--stage <name...>', 'only properties of these stages').choices(STAGES))
  .option('--property <id...>', 'only these properties')
  .option('--runs <n>', 'cases a property', whole(1, Number.MAX_SAFE_INTEGER))
  .option('--seed <n>', 'a 32-bit integer', whole(-(2 ** 31), 2 ** 31 - 1))
  .addOption(
    new Option(
      '--replay <token>',
      'only the case of a counterexample, by the token it was printed with',
    ).conflicts(['stage', 'property', 'runs', 'seed', 'known', 'soak']),
  )
  .addOption(
    new Option('--soak <minutes>', 'all properties with ever new seeds, for so long')
      .argParser(above(0))
      .conflicts(['stage', 'property', 'runs', 'known']),
  )
  .option('--soak-file <file>', 'what the soak found; resumed if it is there (default: soak.json)')
  .option('--known <file>', 'known failures, a JSON list of { id, reason, link?, backend?, engine? }')
  .option('--report <file...>', 'write the report, as the ending says: .json, .md or .html')
  .option(
    '--timeout <seconds>',
    `how long a promise of the backend may take (default: ${DEFAULT_TIMEOUT})`,
    above(0),
  )
  .option('--json', 'print the report as JSON')
  .addHelpText('after', '\nExit codes: 0 passed, 1 failed, 2 could not run.')
  .action((options: VerifyCommandOptions) => run(() => verifyCommand(options)));

program
  .command('new-backend')
  .description('write a backend to start from: a file that passes, with the places to fill in')
  .argument('<name>', 'of the backend and its file')
  .option('--dir <folder>', 'where to put it', '.')
  .addOption(new Option('--typescript', 'in TypeScript, as without').conflicts('javascript'))
  .option('--javascript', 'in JavaScript')
  .action((name: string, options: { dir: string; javascript?: boolean }) =>
    run(() => newBackendCommand(name, options)),
  );

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

addTrainCommands(program, { run, whole, share });
addDataCommands(program, { run });

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0); // the reader, such as head, has had enough
  throw error;
});

await program.parseAsync();

async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    const { name, message, stack } = error as Error;
    const expected = isInputError(error) || EXPECTED.includes(name);
    process.stderr.write(`crl: ${expected ? message : `unexpected ${name}: ${message}`}\n`);
    if (!expected && process.env.CRL_DEBUG) process.stderr.write(`${stack}\n`);
    else if (!expected) process.stderr.write('crl: with CRL_DEBUG=1 in the environment it says where\n');
    process.exitCode = 2;
  }
}

function above(low: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value > low) || value > LONGEST_TIMEOUT) {
      throw new InvalidArgumentError(
        `expected a number above ${low}, at most ${LONGEST_TIMEOUT}, got ${text}.`,
      );
    }
    return value;
  };
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError(`expected a number in [0, 1], got ${text}.`);
  return value;
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
