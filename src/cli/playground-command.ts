/**
 * `crl playground`: serves the playground to this machine.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInputError } from '../../spec/rules.js';
import { servePage } from '../browser/serve.js';
import { readAddress, StateError } from '../support/playground-state.js';
import { CouldNotRunError } from './backends.js';

/** The options of `crl playground`, parsed. */
export interface PlaygroundCommandOptions {
  readonly port?: number;
}

/** The folder of package.json, from `src/cli` and from `dist/src/cli`. */
const ROOT = nearest(dirname(fileURLToPath(import.meta.url)));

/** Where a checkout keeps the page, and the package of the command line brings it. */
const FOLDER = 'playground';

/**
 * Serves the playground until the process is stopped.
 *
 * @param state - what follows `#` in the address of the page, as a failure of `crl verify` prints it
 * @returns the exit code, while the server keeps the process alive
 * @throws CouldNotRunError - if the state cannot be shown, the page is not here, or the port is taken
 */
export async function playgroundCommand(
  state: string | undefined,
  { port = 0 }: PlaygroundCommandOptions,
): Promise<number> {
  if (state !== undefined) checkState(state);
  const folder = playgroundFolder();
  const files = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  const { address } = await servePage(files, port).catch((error: Error) => {
    throw new CouldNotRunError(`--port: cannot listen at ${port}: ${error.message}`);
  });
  const hash = state === undefined ? '' : `#${state.replace(/^#/, '')}`;
  process.stdout.write(`Open this address in a browser; Ctrl-C stops the server.\n${address}${hash}\n`);
  return 0;
}

/** @throws CouldNotRunError - if the page could not show it */
function checkState(state: string): void {
  try {
    readAddress(state);
  } catch (cause) {
    if (!(cause instanceof StateError || isInputError(cause))) throw cause;
    const { expected, got } = (cause instanceof StateError ? cause.detail : undefined) ?? {};
    const what = expected === undefined ? cause.message : `expected ${expected}, got ${got}`;
    const wayOut = 'leave STATE out to start with a batch of the page, and edit it there';
    throw new CouldNotRunError(`STATE: ${what.replace(/\.$/, '')}; ${wayOut}`, { cause });
  }
}

/** The folder of the built page. A checkout builds it anew, from its sources of today. */
function playgroundFolder(): string {
  const checkout = join(ROOT, 'src/cli/package', FOLDER);
  if (existsSync(join(ROOT, 'docs/build/playground-main.ts'))) build();
  const folders = [checkout, ...packagesOfCommandLine().map((folder) => join(folder, FOLDER))];
  const found = folders.find((folder) => existsSync(join(folder, 'index.html')));
  if (found !== undefined) return found;
  throw new CouldNotRunError(
    'the playground is not installed. It comes with: npm install --save-dev class-rectification-cli',
  );
}

function build(): void {
  process.stderr.write('Building the playground.\n');
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'playground'], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32', // npm is a script there
  });
  if (status !== 0) throw new CouldNotRunError(`npm run playground failed: ${stderr}`);
}

/** Folders that may be the package of the command line: that of the running program, and that of this project. */
function packagesOfCommandLine(): string[] {
  const program = process.argv[1];
  const running = program !== undefined && existsSync(program) ? [dirname(realpathSync(program))] : [];
  try {
    const require = createRequire(import.meta.url);
    return [...running, dirname(require.resolve('class-rectification-cli/package.json'))];
  } catch {
    return running; // it is not installed beside this package
  }
}

function nearest(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : nearest(resolve(folder, '..'));
}
