/**
 * Seeing a failure again: a token names one case, a command runs it.
 *
 * @module
 */

/** One case of one property: fast-check draws it from the seed, then follows the path of its shrinks. */
export interface ReplayToken {
  readonly id: string;
  readonly seed: number;
  /** Which case, and which of the smaller ones at each step: `17:0:3`. */
  readonly path: string;
}

/**
 * A token as text: no character of it means anything to a shell. Shrinking takes the same step over
 * and over, so a run is written once, with its length: `17:0x3` is `17:0:0:0`.
 */
export function writeToken({ id, seed, path }: ReplayToken): string {
  const runs = path.replaceAll(/\b(\d+)(?::\1\b)+/g, (run, step) => `${step}x${run.split(':').length}`);
  return `${id}@${seed}@${runs}`;
}

/** No run is longer than shrinking goes on: four digits. */
const TOKEN = /^([a-z-]+)@(-?\d{1,10})@(\d+(?:x[1-9]\d{0,3})?(?::\d+(?:x[1-9]\d{0,3})?)*)$/;

/**
 * Reads a token.
 *
 * @throws RangeError - if it is none
 * @example
 * ```ts
 * import { readToken } from 'class-rectification/properties';
 * readToken('minority-agrees@7@12:0x2:3'); // → { id: 'minority-agrees', seed: 7, path: '12:0:0:3' }
 * ```
 */
export function readToken(text: string): ReplayToken {
  const [, id, seed, runs] = TOKEN.exec(text) ?? [];
  if (id === undefined || seed === undefined || runs === undefined || Number(seed) !== (Number(seed) | 0)) {
    throw new RangeError(`replay: expected a token such as minority-agrees@7@12:0:3, got ${text}`);
  }
  const path = runs.replaceAll(/(\d+)x(\d+)/g, (_, step, length) => Array(+length).fill(step).join(':'));
  return { id, seed: Number(seed), path };
}

/** What a command runs again. */
export interface ReplayTarget {
  /** What `--backend` takes. */
  readonly backend: string;
  readonly engine?: string | undefined;
}

/** The command that runs one case again. */
export function replayTokenCommand(target: ReplayTarget, token: string): string {
  return `${verifyOf(target)} --replay ${token}`;
}

/** The command that runs a property again with the same cases. */
export function replayCommand(target: ReplayTarget, id: string, runs: number, seed: number): string {
  return `${verifyOf(target)} --property ${id} --runs ${runs} --seed ${seed}`;
}

function verifyOf({ backend, engine }: ReplayTarget): string {
  const name = /^[\w./@:+-]+$/.test(backend) ? backend : `'${backend.replaceAll("'", "'\\''")}'`;
  return `crl verify --backend ${name}${engine === undefined ? '' : ` --engine ${engine}`}`;
}
