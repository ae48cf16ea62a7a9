/**
 * The built command line in a pseudo-terminal, which Python's standard library makes.
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { folder } from './crl.test-helper.js';

/** Runs a command in a terminal of its own, and types something once some text has shown. */
const DRIVER = `
import fcntl, json, os, pty, struct, sys, termios, time
asked = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 40, asked['columns'], 0, 0))
    os.execvp(asked['command'][0], asked['command'])
out, typed = b'', 0.0
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    out += chunk
    if not typed and asked['when'] and asked['when'].encode() in out:
        typed = time.monotonic()
        os.write(terminal, asked['type'].encode())
ended = time.monotonic()
status = os.waitpid(pid, 0)[1]
code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
print(json.dumps({'out': out.decode('utf8', 'replace'), 'code': code, 'seconds': ended - typed if typed else None}))
`;

/** Why there is no pseudo-terminal on this machine; undefined if there is one. */
export const noTerminal: string | undefined =
  spawnSync('python3', ['-c', 'import fcntl, pty, termios']).status === 0
    ? undefined
    : 'skipped: a pseudo-terminal needs python3 with its module pty';

/** What a terminal showed. */
export interface Shown {
  readonly out: string;
  /** Lines as they stood at the end: what a carriage return wrote over is gone. */
  readonly lines: readonly string[];
  readonly code: number;
  /** From typing to the end. */
  readonly seconds: number | null;
}

/** Runs the command of the last build in a terminal. */
export function crlInTerminal(
  args: readonly string[],
  {
    columns = 80,
    when = '',
    type = '',
    env = {},
  }: {
    columns?: number;
    /** Text to wait for before typing. */
    when?: string;
    type?: string;
    env?: NodeJS.ProcessEnv;
  } = {},
): Shown {
  const command = [process.execPath, resolve(import.meta.dirname, '../../dist/src/cli/crl.js'), ...args];
  const asked = JSON.stringify({ command, columns, when, type });
  const { stdout, stderr } = spawnSync('python3', ['-c', DRIVER, asked], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
    timeout: 600_000, // text that never shows is never answered: fail, rather than wait for ever
  });
  if (stdout === '') throw new Error(stderr);
  const shown = JSON.parse(stdout) as Omit<Shown, 'lines'>;
  const lines = shown.out
    .split('\r\n')
    .map((line) => stripVTControlCharacters(line.slice(line.lastIndexOf('\r') + 1)));
  return { ...shown, lines };
}
