/**
 * The programs that an installation runs: pip, npm, g++ and strip.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { EngineInstallError } from './errors.js';

/** How a program is run. */
export interface RunOptions {
  /** Variables of the environment, beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is called about five times a second while it runs. */
  readonly meanwhile?: () => void;
}

/** What became of a program. */
export interface Ran {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a program to its end.
 *
 * @returns undefined if there is no such program
 */
export function runProgram(
  command: string,
  args: readonly string[],
  { env = {}, meanwhile }: RunOptions = {},
): Promise<Ran | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ticker = meanwhile && setInterval(meanwhile, 200);
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearInterval(ticker);
      if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    child.on('close', (code) => {
      clearInterval(ticker);
      resolve({ code, out, err });
    });
  });
}

/**
 * Runs a program that must succeed.
 *
 * @param failed - what is said before the program's own words if it fails
 * @throws EngineInstallError - with the last lines that the program printed
 */
export async function runOrRefuse(
  command: string,
  args: readonly string[],
  failed: string,
  options?: RunOptions,
): Promise<string> {
  const ran = await runProgram(command, args, options);
  if (ran?.code === 0) return ran.out;
  throw new EngineInstallError(`${failed}: ${ran ? lastWords(ran) : `there is no ${command}`}`);
}

/** The error that a program printed: what it marks as one, else its last line. */
function lastWords({ code, out, err }: Ran): string {
  const lines = `${out}\n${err}`.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '');
  const marked = said.find((line) =>
    /\b(fatal )?error\b[:!]?|^npm (ERR!|error) (?!A complete log)/i.test(line),
  );
  return marked ?? said.at(-1) ?? `exit code ${code}`;
}
