/**
 * A process that takes training steps: an engine of tfjs, or PyTorch.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { StepAnswer, StepRequest } from './settings.js';

/** A process ended before it answered, or could not be started. */
export class SubjectEndedError extends Error {
  override readonly name = 'SubjectEndedError';
}

/** A process that answers one request after the other. */
export class Subject {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #ended: Promise<never>;
  #printed = '';

  /** @param name - for messages */
  constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#printed = `${this.#printed}${text}`.slice(-10_000);
    });
    this.#ended = new Promise((_, reject) => {
      const fail = (how: string) => {
        const said = this.#printed.trim().split('\n').at(-1) ?? '';
        reject(new SubjectEndedError(`${name}: its process ${how}${said === '' ? '' : `: ${said}`}`));
      };
      child.on('error', ({ message }) => fail(`could not be started: ${message}`));
      child.on('close', (code, signal) => fail(`ended with ${signal ?? `exit code ${code}`}`));
      child.stdin.on('error', () => {}); // a process that ended is told by its exit
    });
    this.#ended.catch(() => {}); // told to whoever waits for an answer
  }

  /** @throws SubjectEndedError - with the last line that it printed */
  async ask(request: StepRequest): Promise<StepAnswer> {
    const line = new Promise<string>((resolve) => this.#lines.once('line', resolve));
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    return JSON.parse(await Promise.race([line, this.#ended])) as StepAnswer;
  }

  /** Ends the process. */
  end(): void {
    this.#child.kill();
  }
}
