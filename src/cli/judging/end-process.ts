/**
 * The end of processes that the command has started: however the command ends, it leaves none.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();

process.once('exit', () => {
  for (const child of running) endProcess(child);
});

/** Ends a process with the command, if it has not ended before. */
export function endWithCommand(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

/** Ends a process and all that it has started: it leads a group of its own. */
export function endProcess(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // where there are no groups, or it has ended
  }
}
