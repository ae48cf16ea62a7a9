/**
 * A thread that ends its process once the parent is gone, or once the process takes too much memory: the main thread
 * may be in an endless loop.
 *
 * @module
 */
import { writeFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** What a guard watches. */
export interface GuardedProcess {
  /** The process that must live. */
  readonly parent: number;
  /** What it may take. Default: all that there is. */
  readonly limit?: {
    /** The most memory that this process may take, in bytes. */
    readonly memory: number;
    /** The file that is written before a process that took more is ended: it tells this from other ends. */
    readonly overMemory: string;
  };
}

/** How often memory is looked at, in milliseconds. */
const LOOK_EVERY = 50;

const { parent, limit } = workerData as GuardedProcess;
const end = () => process.kill(process.pid, 'SIGKILL');

setInterval(() => {
  if (process.ppid !== parent) end();
}, 1000);
if (limit !== undefined)
  setInterval(() => {
    if (process.memoryUsage.rss() <= limit.memory) return;
    writeFileSync(limit.overMemory, '');
    end();
  }, LOOK_EVERY);
