/**
 * The training of `crl start`: classifiers of digits, trained in as many processes as there are cores.
 *
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Trial, type TrialResult, trialText } from '../digits/experiment.js';
import { CouldNotRunError } from './backends.js';
import { endProcess, endWithCommand } from './judging/end-process.js';
import { isExclusive, usualJobs } from './judging/process-slots.js';
import type { TrainingOrder, TrainingReply } from './start-training-messages.js';

/** How trials are run. */
export interface TrainingOptions extends TrainingOrder {
  /** Processes at once. Default: one per core; an engine that has one device gets one. */
  readonly jobs?: number | undefined;
  /** Called as each classifier is trained, in the order in which they end. */
  readonly onTrained?: (what: string) => void;
  /** The program of the processes, for tests. */
  readonly program?: string;
}

const PROGRAM = fileURLToPath(new URL('./start-training-child.js', import.meta.url));

/**
 * Trains the classifiers. Each trial has its own seed, so the results are the same, bit by bit, for any number of
 * processes. The processes end with this one, however it ends.
 *
 * @returns the results, in the order of the trials
 * @throws CouldNotRunError - if a process ended early; the message names the classifier that it was training
 * @throws Error - of the name that training failed with, such as `PackageMissingError`
 */
export async function trainTrials(
  trials: readonly Trial[],
  { target, setting, jobs = usualJobs(), onTrained, program = PROGRAM }: TrainingOptions,
): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  const processes: ChildProcess[] = [];
  const waiting = [...trials.entries()];
  const trainNext = async (child: ChildProcess): Promise<void> => {
    const next = waiting.shift();
    if (next === undefined) return;
    const [at, trial] = next;
    results[at] = await trained(child, trial);
    onTrained?.(trialText(trial));
    return trainNext(child);
  };
  try {
    for (let at = 0; at < Math.min(isExclusive(target.engine) ? 1 : jobs, trials.length); at++)
      processes.push(startProcess(program, { target, setting }));
    await Promise.all(processes.map(trainNext));
    return results;
  } finally {
    processes.forEach(endProcess);
  }
}

function startProcess(program: string, order: TrainingOrder): ChildProcess {
  const child = fork(program, [JSON.stringify(order)], {
    serialization: 'advanced', // keeps every number as it is
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true, // Ctrl-C in a terminal is for the command alone, which then ends this process
  });
  endWithCommand(child);
  child.on('error', () => {}); // told by the trial that waits
  return child;
}

/** One request and its reply. */
function trained(child: ChildProcess, trial: Trial): Promise<TrialResult> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      child.off('message', onReply);
      child.off('exit', onExit);
      child.off('error', onError);
      act();
    };
    const onReply = (reply: TrainingReply) =>
      settle(() => {
        if (reply.kind === 'trained') resolve(reply.result);
        else reject(Object.assign(new Error(reply.message), { name: reply.name }));
      });
    const onExit = (code: number | null, signal: string | null) => {
      const fate = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
      settle(() => reject(new CouldNotRunError(`the process that trained ${trialText(trial)} ${fate}`)));
    };
    const onError = ({ message }: Error) =>
      settle(() => reject(new CouldNotRunError(`no process to train in: ${message}`)));
    child.on('message', onReply);
    child.once('exit', onExit);
    child.on('error', onError);
    if (child.exitCode !== null || child.signalCode !== null) onExit(child.exitCode, child.signalCode);
    else child.send(trial, (error) => error && endProcess(child)); // its end settles this
  });
}
