/**
 * A backend judged in its own process. An endless loop, a crash or an exit costs one verdict; the other properties are
 * judged in a new process.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { closeAfterExit } from '../../../backends/command/closing.js';
import { type PropertyReport, pathParts } from '../../../properties/index.js';
import { readTimeout } from '../../verify/answer-in-time.js';
import type { BackendHead, Session, SessionJudgement } from '../../verify/session.js';
import { LEFT_BEHIND, LOADING } from '../../verify/watch.js';
import { CouldNotRunError } from '../backends.js';
import { type Target, targetText } from '../targets.js';
import { endProcess, endWithCommand } from './end-process.js';
import { readFlightRecord } from './flight-recorder.js';
import { makeFolder, removeFolder } from './judging-folder.js';
import { DEFAULT_MEMORY, semiSpace } from './memory-limits.js';
import type { JudgingReply, JudgingRequest } from './messages.js';
import type { PrintedOutput } from './printed-output.js';
import { CHANNEL, channelOf, hearMessages, sendMessage } from './private-channel.js';
import { Watchdog } from './watchdog.js';

const CHILD = fileURLToPath(new URL('./judging-child.js', import.meta.url));

/** How often the watchdog looks, in milliseconds. */
const LOOK_EVERY = 100;
/** Lines that a backend printed before it could not be made, the last ones. */
const MOST_PRINTED = 10;
/** What Node prints before it ends a process whose heap is full. */
const HEAP_FULL = 'JavaScript heap out of memory';
/** What a backend did whose bytes arrive where only its judge writes. */
const WROTE_TO_CHANNEL = `wrote to file descriptor ${CHANNEL} of its process, over which crl talks with it`;
/** Why a process may be deaf that is in no call of the backend. */
const LEFT_BLOCKING = 'a timer or a promise that it left behind may block its process';
/** A call that ended its process this often is not made again: each time costs a new process. */
const MOST_LOST = 3;

/** How a process is started. */
export interface JudgingOptions {
  /** How long a call of the backend may take, in seconds. Default 120. */
  readonly timeout?: number | undefined;
  /** The most memory that the process may take, in MiB. Default 4096. */
  readonly memory?: number | undefined;
  /** Takes what the backend prints. */
  readonly printed: PrintedOutput;
  /** How the backend is opened. Default: no call is left out, and no case is kept. */
  readonly opening?: Opening | undefined;
}

/** How a backend is opened. */
export interface Opening {
  /** Calls that are not made, with the reason: how they ended in another process. */
  readonly unanswered?: ReadonlyMap<string, string>;
  /** Names the cases that the process keeps for the backends that it judges next. */
  readonly keep?: string | undefined;
}

/** Why a process ends. */
interface Fate {
  /** Such as `gave no answer within 3 s`. */
  readonly what: string;
  /** Whether it had to be stopped. */
  readonly isHung: boolean;
}

/** A process ended before it answered. Says why, and what it was doing. */
class ProcessLostError extends Error {
  override readonly name = 'ProcessLostError';
  constructor(
    /** Such as `gave no answer within 3 s`. */
    readonly fate: string,
    readonly call: string,
    readonly property: string,
    readonly path: string,
    /** Whether it had to be stopped. */
    readonly isHung: boolean,
  ) {
    const isNamed = call !== '' && (isHung || call !== LEFT_BEHIND);
    super(isNamed ? `${call} ${fate}` : `the backend ${fate}`);
  }
}

/** How far a property has got. */
export interface PropertyProgress {
  /** How many of its cases have begun. */
  readonly cases: number;
  /** Whether the last of them failed, and a smaller one is looked for. */
  readonly isShrinking: boolean;
}

/** A session in another process. */
export interface ProcessSession extends Session {
  /** How far the property that runs has got. */
  readonly progress: () => PropertyProgress;
  /** Ends the process at once; what waits for it fails. */
  readonly abandon: () => void;
}

/**
 * Starts a process and makes the backend there.
 *
 * @throws CouldNotRunError - if the backend cannot be made
 * @throws Error - of the name `EngineUnavailableError`
 */
export async function openJudgingProcess(target: Target, options: JudgingOptions): Promise<ProcessSession> {
  const session = new JudgingProcess(target, options);
  await session.start();
  return session;
}

/** A session in another process, which has to be started. A process that is lost later is replaced by a new one. */
export class JudgingProcess implements ProcessSession {
  backend: BackendHead = { name: '' };
  /** Versions of the software that the process has loaded. */
  versions: Readonly<Record<string, string>> = {};
  #target: Target;
  #keep: string | undefined;
  readonly #timeout: number;
  readonly #memory: number;
  readonly #printed: PrintedOutput;
  readonly #folder = makeFolder();
  readonly #unanswered = new Map<string, string>();
  readonly #losses = new Map<string, number>();
  readonly #hung = new Map<string, string>();
  #processes = 0;
  #opened = 0;
  #child: ChildProcess | undefined;
  #closed: Promise<unknown> = Promise.resolve();
  /** Takes the reply to the last request, whose token is beside it. */
  #onReply: (reply: Exclude<JudgingReply, { kind: 'stray' }>) => void = () => {};
  #token = '';
  /** Why the process that runs ends, if that is known. */
  #fate: Fate | undefined;
  #property = '';
  #isOneCase = false;
  #isAbandoned = false;
  #isHeapFull = false;

  constructor(target: Target, { timeout, memory = DEFAULT_MEMORY, printed, opening }: JudgingOptions) {
    this.#target = target;
    this.#prepare(opening);
    this.#timeout = readTimeout(timeout);
    this.#memory = memory;
    this.#printed = printed;
  }

  get #record(): string {
    return join(this.#folder, `${this.#processes}-${this.#opened}.json`);
  }

  /** Written by a process that took too much memory. */
  get #overMemory(): string {
    return join(this.#folder, `${this.#processes}.over-memory`);
  }

  /**
   * Starts the process and makes the backend there.
   *
   * @throws CouldNotRunError - if the backend cannot be made
   * @throws Error - of the name `EngineUnavailableError`
   */
  async start(): Promise<void> {
    this.#processes += 1;
    const ofNode = [
      ...process.execArgv,
      `--max-old-space-size=${this.#memory}`,
      `--max-semi-space-size=${semiSpace(this.#memory)}`,
    ];
    const args = [...ofNode, CHILD, String(this.#memory * 2 ** 20), this.#overMemory];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'], // the last is the channel
      detached: true, // Ctrl-C in a terminal is for the command alone, which then ends this process
    });
    this.#fate = undefined;
    const channel = channelOf(child);
    channel?.on('error', () => {}); // its end is told by the process's
    if (channel) this.#hear(child, channel);
    this.#child = child;
    this.#closed = new Promise((closed) => child.once('close', closed));
    endWithCommand(child);
    closeAfterExit(child);
    child.on('error', () => {}); // told by the request that waits, if any does
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = child[name];
      if (stream) this.#printed.collect(targetText(this.#target), name, stream);
    }
    this.#isHeapFull = false;
    child.stderr?.on('data', (text: string) => {
      this.#isHeapFull ||= text.includes(HEAP_FULL);
    });
    await this.#open();
  }

  /** Makes the backend in the process that runs. */
  async #open(): Promise<void> {
    const target = { ...this.#target, timeout: this.#timeout };
    this.#opened += 1; // each has a record of its own
    try {
      const opened = await this.#ask({
        kind: 'open',
        target,
        record: this.#record,
        unanswered: this.#unanswered,
        keep: this.#keep,
      });
      if (opened.kind === 'opened') [this.backend, this.versions] = [opened.backend, opened.versions];
      this.#printed.named(targetText(this.#target), this.backend);
    } catch (error) {
      throw await this.#endedWithout(error as Error);
    }
  }

  /** Ends a process that cannot be used. @returns the error to throw */
  async #endedWithout(error: Error): Promise<Error> {
    endProcess(this.#child);
    if (this.#isAbandoned) return error;
    await this.#closed; // until all that it printed has arrived
    return this.#couldNotRun(error);
  }

  #prepare({ unanswered = new Map(), keep }: Opening = {}): void {
    this.#keep = keep;
    this.#losses.clear();
    this.#hung.clear();
    this.#unanswered.clear();
    for (const [call, fate] of unanswered) this.#unanswered.set(call, fate);
  }

  /**
   * Makes another backend in the same process, whose code is compiled already. The backend before must have been
   * left.
   *
   * @throws CouldNotRunError - if the backend cannot be made
   * @throws Error - of the name `EngineUnavailableError`
   */
  async reopen(target: Target, opening: Opening): Promise<void> {
    this.#target = target;
    this.#prepare(opening);
    if (this.isRunning) await this.#open();
    else await this.start();
  }

  /** Calls of the backend that have given no answer in time since it was opened, with the reason. */
  get hung(): ReadonlyMap<string, string> {
    return this.#hung;
  }

  /** Whether there is a process that listens. */
  get isRunning(): boolean {
    return channelOf(this.#child)?.writable === true && !this.#isAbandoned;
  }

  /** Disposes of the backend, and keeps the process. @returns why disposing failed, if it did */
  async leave(): Promise<string | undefined> {
    try {
      const closed = await this.#ask({ kind: 'close' });
      return closed.kind === 'closed' ? closed.problem : undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Why a backend could not be made, and what it had printed. */
  #couldNotRun(error: Error): Error {
    const { backend } = this.#target;
    const isLost = error instanceof ProcessLostError;
    if (!isLost && !(error instanceof CouldNotRunError)) return error;
    const when = isLost && error.call === LOADING ? 'while it was loaded' : 'before it was judged';
    const why = isLost && error.isHung && error.call === '' ? `; ${LEFT_BLOCKING}` : '';
    const what = isLost ? `backend ${backend} ${error.fate} ${when}${why}` : error.message;
    const lines = this.#printed.whileLoading(targetText(this.#target))?.trimEnd().split('\n') ?? [];
    const printed = lines.slice(-MOST_PRINTED).map((line) => `\n    ${line}`);
    const before = printed.length === 0 ? '' : `\nIt printed before:${printed.join('')}`;
    return new CouldNotRunError(`${what}${before}`, { cause: error });
  }

  progress = (): PropertyProgress => {
    const { property, path } = readFlightRecord(this.#record) ?? {};
    if (property !== this.#property || !path) return { cases: 0, isShrinking: false };
    const isShrinking = path.includes(':') && !this.#isOneCase;
    return { cases: pathParts(path).drawn + 1, isShrinking };
  };

  abandon = (): void => {
    this.#isAbandoned = true;
    endProcess(this.#child);
  };

  judge = async (id: string, how: SessionJudgement): Promise<PropertyReport> => {
    const began = performance.now();
    this.#property = id;
    this.#isOneCase = how.path !== undefined;
    try {
      const reply = await this.#ask({ kind: 'judge', id, how });
      for (const [call, fate] of reply.kind === 'judged' ? reply.hung : [])
        if (!this.#unanswered.has(call)) this.#noteHung(call, fate);
      return this.#reportOf(reply);
    } catch (error) {
      if (!(error instanceof ProcessLostError) || this.#isAbandoned) throw error;
      const { call, fate, isHung, message, property, path } = error;
      // the next process would be as deaf
      if (isHung && call === '' && property === '') throw await this.#endedWithout(error);
      const losses = (this.#losses.get(call) ?? 0) + 1;
      this.#losses.set(call, losses);
      if (call !== '' && isHung) this.#noteHung(call, fate);
      else if (call !== '' && losses >= MOST_LOST) this.#unanswered.set(call, fate);
      await this.start();
      const at = property === id ? path : undefined;
      const failsAlone =
        isHung || at === undefined ? undefined : await this.#failsAlone(id, { ...how, path: at });
      const lost = { what: message, path: at, failsAlone };
      const report = this.#reportOf(await this.#judgeLost({ kind: 'judge-lost', id, how, lost }));
      return { ...report, milliseconds: Math.round(performance.now() - began) };
    }
  };

  close = async (): Promise<string | undefined> => {
    const problem = await this.leave();
    await this.dismiss();
    return problem;
  };

  /** Ends a process whose backend has been left. */
  async dismiss(): Promise<void> {
    endProcess(this.#child);
    await this.#closed; // until all that it printed has arrived
    removeFolder(this.#folder);
  }

  /** The verdict of a property whose process was lost, from a new process that calls nothing of the backend. */
  async #judgeLost(request: Extract<JudgingRequest, { kind: 'judge-lost' }>): Promise<JudgingReply> {
    try {
      return await this.#ask(request);
    } catch (error) {
      throw await this.#endedWithout(error as Error);
    }
  }

  #noteHung(call: string, fate: string): void {
    this.#hung.set(call, fate);
    this.#unanswered.set(call, fate);
  }

  /** Whether a case that ended a process fails in a new one too, without the calls that came before it. */
  async #failsAlone(id: string, how: SessionJudgement): Promise<boolean> {
    try {
      return this.#reportOf(await this.#ask({ kind: 'judge', id, how })).verdict !== 'passed';
    } catch (error) {
      if (!(error instanceof ProcessLostError) || this.#isAbandoned) throw error;
      await this.start();
      return true;
    }
  }

  #reportOf(reply: JudgingReply): PropertyReport {
    if (reply.kind !== 'judged') throw new Error(`unexpected reply ${reply.kind}`);
    if (reply.report.id !== this.#property) throw new Error(`unexpected report of ${reply.report.id}`);
    return reply.report;
  }

  /** Hears what the process says. What does not bear the token of the last request is not from its judge. */
  #hear(child: ChildProcess, channel: Duplex): void {
    const onMessage = (token: string, body: unknown) => {
      const reply = body as JudgingReply;
      if (child !== this.#child || token !== this.#token) return;
      if (reply.kind !== 'stray') {
        this.#onReply(reply);
        return;
      }
      const what = 'failed outside of any call, in a timer or a promise that nobody waited for';
      this.#fate = { what: `${what}: ${reply.what}`, isHung: false }; // its process ends now
    };
    hearMessages(channel, onMessage, () => {
      if (child !== this.#child) return;
      this.#fate = { what: WROTE_TO_CHANNEL, isHung: false };
      endProcess(child);
    });
  }

  /** One request and its reply, under the watchdog. */
  #ask(request: JudgingRequest): Promise<JudgingReply> {
    const child = this.#child as ChildProcess;
    return new Promise((resolve, reject) => {
      const watchdog = this.#watchdog((seconds) => {
        this.#fate = { what: `gave no answer within ${seconds} s`, isHung: true };
        endProcess(child);
      });
      const settle = (act: () => void) => {
        clearInterval(watchdog);
        this.#onReply = () => {};
        child.off('close', onEnd);
        child.off('error', onError);
        act();
      };
      this.#token = randomUUID();
      this.#onReply = (reply) =>
        settle(() => (reply.kind === 'refused' ? reject(refusal(reply)) : resolve(reply)));
      const onEnd = (code: number | null, signal: string | null) => {
        const ended = this.#ending(code, signal);
        const { property = '', path = '', call = '' } = readFlightRecord(this.#record) ?? {};
        const { what, isHung } = this.#fate ?? { what: ended, isHung: false };
        settle(() => reject(new ProcessLostError(what, call, property, path, isHung)));
      };
      // no process could be started: the system has no memory or no process left
      const onError = ({ message }: Error) =>
        settle(() => reject(new CouldNotRunError(`no process to judge in: ${message}`)));
      child.on('error', onError);
      child.once('close', onEnd); // after the last message and all output
      if (child.exitCode !== null || child.signalCode !== null) {
        onEnd(child.exitCode, child.signalCode);
        return;
      }
      const channel = channelOf(child);
      if (channel === undefined) return; // it could not be started: 'error' settles this
      sendMessage(channel, this.#token, request, (error) => {
        if (error) endProcess(child); // it no longer listens; its end settles this
      });
    });
  }

  /** What became of a process that was not ended from here. */
  #ending(code: number | null, signal: string | null): string {
    // the same words for both: which of the two limits is met first is a matter of milliseconds
    if (this.#isHeapFull || existsSync(this.#overMemory))
      return `took more than ${this.#memory} MiB of memory (--memory)`;
    if (signal !== null) return `crashed (${signal})`;
    return `ended its process (exit code ${code}${code === 0 ? ', as process.exit() does' : ''})`;
  }

  /** Checks whether the same call, or the same case, takes too long. */
  #watchdog(onLate: (seconds: number) => void): NodeJS.Timeout {
    const seconds = () => performance.now() / 1000;
    const dog = new Watchdog(this.#timeout, seconds());
    return setInterval(() => {
      const limit = dog.look(readFlightRecord(this.#record), seconds());
      if (limit !== undefined) onLate(limit);
    }, LOOK_EVERY);
  }
}

/** What the process refused, as this one would have. */
function refusal({ name, message, isExpected }: Extract<JudgingReply, { kind: 'refused' }>): Error {
  return isExpected ? new CouldNotRunError(message) : Object.assign(new Error(message), { name });
}
