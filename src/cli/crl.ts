#!/usr/bin/env node
/**
 * The command line.
 *
 * @module
 */
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { CONFORMANCE_LEVELS } from '../../properties/conformance-levels.js';
import { DEFAULT_RUNS, MOST_RUNS } from '../../properties/property.js';
import { STAGES } from '../../spec/choices.js';
import { VERSION } from '../support/version.js';
import { DEFAULT_TIMEOUT, LONGEST_TIMEOUT } from '../verify/answer-in-time.js';
import { SHELLS, type Shell } from './completion.js';
import { addDataCommands } from './data-commands.js';
import { addEngineCommands } from './engine-commands.js';
import { errorText } from './error-text.js';
import { addForecastCommand } from './forecast-commands.js';
import {
  COMPLETION_HELP,
  EXPLAIN_HELP,
  HELP,
  NEW_BACKEND_HELP,
  PLAYGROUND_HELP,
  PROPERTIES_HELP,
  RULINGS_HELP,
  START_HELP,
  VERIFY_HELP,
} from './help.js';
import { DEFAULT_MEMORY, LEAST_MEMORY } from './judging/memory-limits.js';
import type { NewBackendOptions } from './new-backend-command.js';
import { watchOutput } from './output-streams.js';
import { refuseRepeated } from './repeated-options.js';
import { addTrainCommands } from './train-commands.js';
import type { VerifyCommandOptions } from './verify-command.js';

// each command loads its own modules: nobody waits for those of another

const SEED = whole(-(2 ** 31), 2 ** 31 - 1);

const program = new Command('crl')
  .description('The Class Rectification Loss: verify a backend, follow a batch, train and compare.')
  .version(VERSION, '--version', 'print the version of this package')
  .enablePositionalOptions() // crl engine install has a --version of its own
  .addHelpText('after', HELP)
  .configureOutput({
    // no screen of help: the last line says what is wrong
    outputError: (text, write) => write(text.replace(/^error: /, 'crl: ')),
  })
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2); // a mistake on the command line could not run
  });

program
  .command('verify')
  .description('run the property suite on a backend; without --backend, on all that come with this package')
  .option('--backend <name|file>', 'a backend by name, or a module that exports one by default')
  .addOption(
    new Option(
      '--command <command>',
      'a program in any language that answers the protocol of docs/protocol.md, such as "python my_backend.py"',
    ).conflicts(['backend', 'engine']),
  )
  .option(
    '--engine <name>',
    'the engine to run it on, such as cpu or wasm (default: all engines available here)',
  )
  .addOption(
    new Option('--stage <name...>', 'only properties of these stages').choices(STAGES).argParser(stages),
  )
  .option('--property <id...>', 'only these properties; crl properties lists them', names)
  .addOption(
    new Option(
      '--level <level>',
      'only what a level of conformance needs; it passes if it is reached',
    ).choices(CONFORMANCE_LEVELS),
  )
  .addOption(
    new Option('--list', 'list the properties that would run, with claims and cost, and run none').conflicts([
      ...['replay', 'soak', 'soakFile', 'known', 'report', 'certificate', 'check', 'timeout', 'coverage'],
      ...['jobs', 'memory', 'failFast', 'watch', 'verbose'],
    ]),
  )
  .option('--runs <n>', `cases per property (default: ${DEFAULT_RUNS})`, whole(1, MOST_RUNS))
  .option('--seed <n>', 'a 32-bit integer (default: a random one, which is printed)', SEED)
  .addOption(
    new Option('--replay <token>', 'only the case of a counterexample, by its printed token').conflicts([
      'stage',
      'property',
      'runs',
      'seed',
      'known',
      'soak',
    ]),
  )
  .addOption(
    new Option('--soak <minutes>', 'all properties, with new seeds each round, until the time is up')
      .argParser(above(0))
      .conflicts(['stage', 'property', 'level', 'runs', 'known', 'failFast']),
  )
  .option('--soak-file <file>', 'what the soak finds; a soak is resumed from it (default: soak.json)')
  .option('--known <file>', 'known failures, a JSON list of { id, reason, link?, backend?, engine? }')
  .option('--report <file...>', 'write the report to a .json, .md or .html file, or a badge to an .svg file')
  .addOption(
    new Option('--certificate <file>', 'write what was judged in a form that others can repeat').conflicts([
      'replay',
      'soak',
    ]),
  )
  .addOption(
    new Option('--check <file>', 'repeat the run of a certificate, and say what is the same').conflicts([
      ...['engine', 'stage', 'property', 'level', 'runs', 'seed', 'replay', 'soak', 'known', 'report'],
      ...['certificate', 'list', 'coverage', 'soakFile', 'verbose'],
    ]),
  )
  .option(
    '--timeout <seconds>',
    `how long a call of the backend, or loading its file, may take (default: ${DEFAULT_TIMEOUT})`,
    above(0),
  )
  .addOption(
    new Option(
      '--coverage',
      'print how many cases met each condition, and which two were never met together',
    ).conflicts(['replay', 'soak']),
  )
  .option(
    '--jobs <n>',
    'processes at once; the report does not depend on it (default: one per core)',
    whole(1, 1024),
  )
  .addOption(
    new Option('--engine-only', 'judge the operations of the engine, and no backend').conflicts([
      ...['backend', 'stage', 'property', 'level', 'replay', 'soak', 'soakFile', 'known', 'report'],
      ...['certificate', 'check', 'timeout', 'coverage', 'jobs', 'verbose', 'list', 'failFast'],
      ...['watch', 'memory'],
    ]),
  )
  .option(
    '--memory <mib>',
    `the most memory that a process of the backend may take (default: ${DEFAULT_MEMORY})`,
    whole(LEAST_MEMORY, 2 ** 24),
  )
  .addOption(
    // a certificate is of a whole run, and its check repeats one
    new Option('--fail-fast', 'end at the first property that fails').conflicts(['certificate', 'check']),
  )
  .addOption(
    new Option(
      '--watch',
      "judge again whenever the backend's files change, failed properties first",
    ).conflicts(['soak', 'certificate', 'check']),
  )
  .option('--json', 'print the report as JSON')
  .option(
    '--verbose',
    'show what the backend prints, also where nothing fails, and the properties that were skipped',
  )
  .addHelpText('after', VERIFY_HELP)
  .action(({ engineOnly, ...options }: VerifyCommandOptions & { engineOnly?: boolean }) =>
    run(async () => {
      if (!engineOnly) return (await import('./verify-command.js')).verifyCommand(options);
      return (await import('./operations-command.js')).operationsCommand(options);
    }),
  );

program
  .command('properties')
  .description('list the properties of the suite by stage, with what each claims and costs')
  .argument('[id...]', 'only these, separated by spaces or commas (default: all)', names)
  .option('--json', 'print them as JSON')
  .addHelpText('after', PROPERTIES_HELP)
  .action((ids: string[], options: { json?: boolean }) =>
    run(async () => (await import('./properties-command.js')).propertiesCommand(ids, options)),
  );

program
  .command('new-backend')
  .description('write a backend to start from: a file that passes, and marks what to replace')
  .argument('<name>', 'the name of the backend and of its file')
  .option('--dir <folder>', 'where to write it', '.')
  .addOption(new Option('--typescript', 'write TypeScript (the default)').conflicts('javascript'))
  .option('--javascript', 'write JavaScript')
  .addOption(
    new Option('--python', 'write a Python program with numpy').conflicts(['javascript', 'typescript']),
  )
  .addOption(new Option('--cpp', 'write a C++ program').conflicts(['javascript', 'typescript', 'python']))
  .addHelpText('after', NEW_BACKEND_HELP)
  .action((name: string, options: NewBackendOptions) =>
    run(async () => (await import('./new-backend-command.js')).newBackendCommand(name, options)),
  );

program
  .command('explain')
  .description('walk batches through the stages of the loss')
  .argument('<file>', 'JSON documents, one after the other, or - for standard input')
  .option('--json', 'answer each document with one line of JSON')
  .addHelpText('after', EXPLAIN_HELP)
  .action((file: string, options: { json?: boolean }) =>
    run(async () => (await import('./explain-command.js')).explainCommand(file, options)),
  );

program
  .command('playground')
  .description('serve the playground on this machine: a batch to edit in a browser, stage by stage')
  .argument('[state]', 'the batch to show, as a failure of crl verify prints it')
  .option('--port <n>', 'where to listen (default: any free port)', whole(0, 65_535))
  .addHelpText('after', PLAYGROUND_HELP)
  .action((state: string | undefined, options: { port?: number }) =>
    run(async () => (await import('./playground-command.js')).playgroundCommand(state, options)),
  );

program
  .command('rulings')
  .description('print what the paper leaves open, how the specification decides it, and what tests it')
  .argument('[name...]', 'only these (default: all)')
  .option('--json', 'print them as JSON')
  .addHelpText('after', RULINGS_HELP)
  .action((names: string[], options: { json?: boolean }) =>
    run(async () => (await import('./rulings-command.js')).rulingsCommand(names, options)),
  );

program
  .command('start')
  .description('verify every backend on cpu and wasm, then train on long-tailed digits with and without CRL')
  .option('--seed <n>', 'a 32-bit integer (default: a random one for the suite, 0 for training)', SEED)
  .option('--jobs <n>', 'judging processes at once (default: one per core)', whole(1, 1024))
  .addHelpText('after', START_HELP)
  .action((options: { seed?: number; jobs?: number }) =>
    run(async () => (await import('./start-command.js')).startCommand(options)),
  );

program
  .command('completion')
  .description('print a script that completes commands and options in a shell')
  .addArgument(new Argument('<shell>').choices(SHELLS))
  .addHelpText('after', COMPLETION_HELP)
  .action((shell: Shell) =>
    run(async () => {
      const { completionScript, completionValues } = await import('./completion.js');
      process.stdout.write(completionScript(shell, program, await completionValues()));
      return 0;
    }),
  );

addTrainCommands(program, { run, whole, share });
addDataCommands(program, { run });
addForecastCommand(program, { run, whole });
addEngineCommands(program, { run });

refuseRepeated(program);
watchOutput();

await program.parseAsync();

async function run(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.stderr.write(errorText(error));
    process.exitCode = 2;
  }
}

/** Names of an option that takes several, separated by blanks or commas. */
function names(text: string, before: readonly string[] = []): string[] {
  const found = text.split(',').map((name) => name.trim());
  const named = found.filter((name) => name !== '');
  return [...before, ...(named.length > 0 ? named : [text])];
}

function stages(text: string, before: readonly string[] = []): string[] {
  const found = names(text, before);
  const known: readonly string[] = STAGES;
  const unknown = found.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`expected some of ${STAGES.join(', ')}, got ${unknown}.`);
  return found;
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
