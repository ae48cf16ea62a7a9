/**
 * The end of a process whose children may live on: they hold its output open, and nobody would hear that it has ended.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process';

/** What a process printed may take this long to arrive once it has ended, in milliseconds. */
const LONGEST_READING = 1000;

/** Sees to it that 'close' follows 'exit', also where a program that the process has started keeps its output open. */
export function closeAfterExit(child: ChildProcess): void {
  child.once('exit', () => {
    setTimeout(() => {
      for (const stream of child.stdio) stream?.destroy();
    }, LONGEST_READING).unref();
  });
}
