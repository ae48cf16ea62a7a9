/**
 * `crl engine` on the command line; what it does is loaded when it is called.
 *
 * @module
 */
import { Argument, type Command } from 'commander';
import { INSTALLABLE, type InstallableEngine } from '../engines/install/files.js';
import type { InstallCommandOptions } from './engine-command.js';
import type { CommandTools } from './train-commands.js';

const HELP = `
Examples:
  crl engine list
  crl engine install tensorflow

Exit codes: 0 done, 1 an engine is broken, 2 could not run.`;

const INSTALL_HELP = `
Examples:
  crl engine install tensorflow
  crl engine install tensorflow --python .venv/bin/python --cache /data/cache
  crl engine install tensorflow --offline downloads
  crl engine install tensorflow-gpu

TensorFlow's libraries come from its Python package, and g++ compiles the binding that calls them from Node.
They are built once in the cache, and linked into node_modules; after npm ci, which removes the link, the same
command links them again. It needs Linux on x86-64, g++, and Python 3 with pip. tensorflow-gpu also brings CUDA
and cuDNN, 3.4 GB to download; it computes only where there is an NVIDIA GPU with its driver.
Exit codes: 0 installed, and it computes; 1 installed, but it does not compute here; 2 could not be installed.`;

const LIST_HELP = `
Examples:
  crl engine list
  crl engine list wasm tensorflow --json

Every engine is tried in a process of its own. One of tfjs in Node multiplies matrices for a second, any other computes
one case of the suite.
Exit codes: 0 listed, 1 an engine is broken, 2 an engine that does not exist.`;

/** Adds the commands. */
export function addEngineCommands(program: Command, { run }: Pick<CommandTools, 'run'>): void {
  const engine = program
    .command('engine')
    .description('see which engines work here, and install TensorFlow')
    .addHelpText('after', HELP);
  engine
    .command('list')
    .description('try every engine, and say which work, which are missing, and which are broken')
    .argument('[engine...]', 'only these (default: all)')
    .option('--json', 'print them as JSON')
    .addHelpText('after', LIST_HELP)
    .action((names: string[], options: { json?: boolean }) =>
      run(async () => (await import('./engine-command.js')).engineListCommand(names, options)),
    );
  engine
    .command('install')
    .description('install TensorFlow as an engine of tfjs')
    .addArgument(new Argument('<engine>').choices(INSTALLABLE))
    .option('--cache <folder>', 'where it is built (default: class-rectification in the cache of the user)')
    .option('--python <program>', 'the Python that has pip (default: python3)')
    .option('--version <version>', 'of TensorFlow (default: the newest that was tried)')
    .option('--offline <folder>', 'take the files from this folder, and download nothing')
    .addHelpText('after', INSTALL_HELP)
    .action((name: InstallableEngine, options: InstallCommandOptions) =>
      run(async () => (await import('./engine-command.js')).engineInstallCommand(name, options)),
    );
}
