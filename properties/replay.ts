/**
 * Running a failure again: a token names one case, and a command runs it.
 *
 * @module
 */
import { outOfRange } from '../spec/rules.js';
import type { ConformanceLevel } from './conformance.js';

/** One case of one property: fast-check draws it from the seed, then shrinks it along the path. */
export interface ReplayToken {
  readonly id: string;
  readonly seed: number;
  /**
   * The number of the case, then at each shrink the number of the smaller case that failed: `17:0:3`. A case
   * that the search made of another one names the changes after the number: `17+0+5:0:3`.
   */
  readonly path: string;
}

/** The number of a case that was drawn, what the search changed in it, and how it was shrunk. */
export interface CasePathParts {
  /** How many cases were drawn before it. */
  readonly drawn: number;
  /** One number per change, in order; none for a case as it was drawn. */
  readonly mutations: readonly number[];
  /** The path that fast-check knows: without the changes. */
  readonly shrunk: string;
}

/** Reads a path. */
export function pathParts(path: string): CasePathParts {
  const [first = '', ...steps] = path.split(':');
  const [drawn = Number.NaN, ...mutations] = first.split('+').map(Number);
  return { drawn, mutations, shrunk: [drawn, ...steps].join(':') };
}

/**
 * Writes a token. None of its characters has a meaning in a shell. Shrinking often takes the same step
 * many times, so a run of equal steps is written once with its length: `17:0x3` is `17:0:0:0`.
 */
export function writeToken({ id, seed, path }: ReplayToken): string {
  const runs = path.replaceAll(
    /(?<!\+)\b(\d+)(?::\1\b)+/g, // a change is not a step
    (run, step) => `${step}x${run.split(':').length}`,
  );
  return `${id}@${seed}@${runs}`;
}

/** A run is never longer than shrinking, which ends after some thousand steps: four digits. */
const TOKEN = /^([a-z-]+)@(-?\d{1,10})@((?:\d+(?:\+\d+)+|\d+(?:x[1-9]\d{0,3})?)(?::\d+(?:x[1-9]\d{0,3})?)*)$/;

/**
 * Reads a token.
 *
 * @throws InputRangeError - if the text is no token
 * @example
 * ```ts
 * import { readToken } from 'class-rectification/verify';
 * readToken('minority-agrees@7@12:0x2:3'); // → { id: 'minority-agrees', seed: 7, path: '12:0:0:3' }
 * ```
 */
export function readToken(text: string): ReplayToken {
  const [, id, seed, runs] = TOKEN.exec(text) ?? [];
  if (id === undefined || seed === undefined || runs === undefined || Number(seed) !== (Number(seed) | 0)) {
    outOfRange('option-out-of-range', 'replay', 'a token such as minority-agrees@7@12:0:3', text);
  }
  const path = runs.replaceAll(/(\d+)x(\d+)/g, (_, step, length) => Array(+length).fill(step).join(':'));
  return { id, seed: Number(seed), path };
}

/** The backend that a command runs again. */
export interface ReplayTarget {
  /** What `--backend` takes: a name, a file, or `command:` and the command that starts its process. */
  readonly backend: string;
  readonly engine?: string | undefined;
  /** The level of conformance that cases are drawn for. */
  readonly level?: ConformanceLevel | undefined;
  /** How long a call may take, in seconds, where this is not the default. */
  readonly timeout?: number | undefined;
  /** The most memory that the backend's process may take, in MiB, where this is not the default. */
  readonly memory?: number | undefined;
}

/** The command that runs one case again. */
export function replayTokenCommand(target: ReplayTarget, token: string): string {
  return `${verifyOf(target)} --replay ${token}`;
}

/** The command that runs a property again with the same cases. */
export function replayCommand(target: ReplayTarget, id: string, runs: number, seed: number): string {
  return `${verifyOf(target)} --property ${id} --runs ${runs} --seed ${seed}`;
}

function verifyOf({ backend, engine, level, timeout, memory }: ReplayTarget): string {
  const name = /^[\w./@:+-]+$/.test(backend) ? backend : `'${backend.replaceAll("'", "'\\''")}'`;
  const rest = [
    ...(engine === undefined ? [] : [`--engine ${engine}`]),
    ...(level === undefined ? [] : [`--level ${level}`]),
    ...(timeout === undefined ? [] : [`--timeout ${timeout}`]),
    ...(memory === undefined ? [] : [`--memory ${memory}`]),
  ];
  // npx finds the command where the package is installed, and in its own checkout
  return ['npx crl verify --backend', name, ...rest].join(' ');
}
