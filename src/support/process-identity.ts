/**
 * The identity of a process, so that another process can tell whether it is still running.
 *
 * @module
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process of some machine. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as its system writes it; null where the system does not tell. */
  readonly started: string | null;
  /** Machine, and on Linux the start of the machine and the namespace of process ids (a container has its own). */
  readonly host: string;
  readonly boot: string | null;
  readonly namespace: string | null;
}

/** What the system says about processes; tests replace it. */
export interface ProcessTable {
  readonly host: string;
  readonly boot: string | null;
  readonly namespace: string | null;
  readonly isRunning: (pid: number) => boolean;
  readonly startOf: (pid: number) => string | null;
}

/** The processes of this machine. */
export const THIS_MACHINE: ProcessTable = {
  host: hostname(),
  boot: tried(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
  namespace: tried(() => readlinkSync('/proc/self/ns/pid')),
  isRunning,
  startOf,
};

/** This process. */
export function thisProcess(table: ProcessTable = THIS_MACHINE): ProcessIdentity {
  const { host, boot, namespace } = table;
  return { pid: process.pid, started: table.startOf(process.pid), host, boot, namespace };
}

/**
 * Whether a process is still running; undefined if that cannot be seen from here, because it belongs to another
 * machine or container. A later process may have the id of a dead one: it has another start.
 */
export function stillRuns(process: ProcessIdentity, table: ProcessTable = THIS_MACHINE): boolean | undefined {
  if (process.host !== table.host) return undefined;
  if (process.boot !== table.boot) return false; // the machine was started anew
  if (process.namespace !== table.namespace) return undefined;
  if (!table.isRunning(process.pid)) return false;
  const started = table.startOf(process.pid);
  return started === null || process.started === null || started === process.started;
}

/** Whether a process of this machine has this id. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is there, and someone else’s
  }
}

function startOf(pid: number): string | null {
  if (process.platform === 'linux') {
    // the name in parentheses may hold spaces and parentheses; the start is field 22 of all
    return tried(
      () => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ')[19] ?? null,
    );
  }
  if (process.platform === 'win32') return null;
  return tried(() => execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim());
}

function tried(read: () => string | null): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
