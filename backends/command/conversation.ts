/**
 * Talks with the process of a backend: a question a line, an answer a line.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeAfterExit } from './closing.js';
import type { Answer, Question } from './messages.js';
import { NoAnswerError, ProcessError, ProtocolError } from './protocol-error.js';

/** Longest line that an answer may have, in characters: more is taken for a process that prints without end. */
const LONGEST_LINE = 2 ** 30;
/** How much of a line that is no answer is shown. */
const SHOWN = 200;
/** How long a process may take to end once it is told to, in milliseconds. */
const LONGEST_GOODBYE = 2000;

/** How a process is started and asked. */
export interface ConversationOptions {
  /** The program and its arguments. */
  readonly command: readonly [program: string, ...args: string[]];
  /** The folder it starts in. Default: the current one. */
  readonly cwd?: string | undefined;
  /** How long an answer may take, in seconds. */
  readonly timeout: number;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * A conversation with a process. A process that ends, prints what is no answer, or answers too late is ended,
 * and the next question starts a new one.
 */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #line = '';
  #questions = 0;
  #isClosing = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /**
   * Asks, and waits for the answer. Several questions may be open at once.
   *
   * @throws ProcessError - the process could not be started, ended, answered something else, or too late
   * @throws Error - what the backend reports, under its name
   */
  async ask(question: Question): Promise<unknown> {
    if (this.#isClosing) throw new ProcessError('the process of the backend was closed');
    const child = this.#running();
    const id = this.#questions++;
    return new Promise((resolve, reject) => {
      const { timeout } = this.#options;
      const onLate = () =>
        this.#lose(child, `gave no answer to ${question.ask} within ${timeout} s`, { isLate: true });
      this.#waiting.set(id, { resolve, reject, timer: setTimeout(onLate, timeout * 1000) });
      child.stdin?.write(`${JSON.stringify({ id, ...question })}\n`);
    });
  }

  /** Ends the process: it is told to, and if it does not end in time, it is stopped. */
  async close(): Promise<void> {
    const child = this.#child;
    this.#isClosing = true;
    if (child === undefined || hasEnded(child)) return;
    // not 'close': a program that it has started may keep its output open
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.stdin?.end(`${JSON.stringify({ id: this.#questions++, ask: 'goodbye' })}\n`);
    const timer = setTimeout(() => stop(child), LONGEST_GOODBYE);
    await ended;
    clearTimeout(timer);
  }

  #running(): ChildProcess {
    if (this.#child !== undefined) return this.#child;
    const [program, ...args] = this.#options.command;
    const child = spawn(program, args, {
      cwd: this.#options.cwd,
      stdio: ['pipe', 'pipe', 'inherit'], // what it prints elsewhere goes where this process prints
      windowsHide: true,
      env: { ...process.env, PYTHONUNBUFFERED: '1' },
    });
    closeAfterExit(child);
    this.#child = child;
    this.#line = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(child, text));
    child.stdin?.on('error', () => {}); // its end is told by 'close'
    child.on('error', (cause) => this.#lose(child, `could not be started: ${cause.message}`, { cause }));
    child.on('close', (code, signal) => {
      const cut = this.#line === '' ? '' : ` in the middle of a line: ${this.#line.slice(0, SHOWN)}`;
      this.#lose(child, `${signal === null ? `ended (exit code ${code})` : `crashed (${signal})`}${cut}`);
    });
    stopAtExit.add(child);
    return child;
  }

  #read(child: ChildProcess, text: string): void {
    if (child !== this.#child) return; // a process that was given up
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() as string;
    if (this.#line.length > LONGEST_LINE) this.#lose(child, 'printed a line without end');
    for (const line of lines) this.#answer(child, line);
  }

  #answer(child: ChildProcess, line: string): void {
    if (child !== this.#child || line.trim() === '') return;
    let answer: Answer;
    try {
      answer = JSON.parse(line) as Answer;
    } catch {
      const advice = 'print to standard error, since standard output is for answers';
      this.#lose(child, `printed a line that is not an answer (${advice}): ${line.slice(0, SHOWN)}`);
      return;
    }
    const waiting = this.#waiting.get(answer?.id);
    if (waiting === undefined) {
      this.#lose(child, `answered a question that was not asked: ${line.slice(0, SHOWN)}`);
      return;
    }
    this.#waiting.delete(answer.id);
    clearTimeout(waiting.timer);
    const { error } = answer;
    // programs that speak JSON-RPC too write null where there is no error
    if (error === undefined || error === null) waiting.resolve(answer.result);
    else waiting.reject(reportedError(error));
  }

  /** Gives a process up: whatever is open is answered with the reason. */
  #lose(
    child: ChildProcess,
    fate: string,
    { isLate = false, ...options }: ErrorOptions & { readonly isLate?: boolean } = {},
  ): void {
    stopAtExit.delete(child);
    if (child !== this.#child) return;
    this.#child = undefined;
    stop(child);
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      const Lost = isLate ? NoAnswerError : ProcessError;
      reject(new Lost(`the process of the backend ${fate}`, options));
    }
    this.#waiting.clear();
  }
}

/** Processes that must not outlive this one. */
const stopAtExit = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of stopAtExit) stop(child);
});

function stop(child: ChildProcess): void {
  if (!hasEnded(child)) child.kill('SIGKILL');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** What the program reports in place of a result. */
function reportedError(error: unknown): Error {
  const { name, message } = Object(error) as { name?: unknown; message?: unknown };
  if (typeof name !== 'string' || typeof message !== 'string')
    return new ProtocolError('error', '{name, message} with texts', error);
  return Object.assign(new Error(message), { name });
}
