/**
 * Makes a backend for judging: calls its factory, checks and guards it, and adds its training function. It can
 * also make new instances, which no earlier call has touched.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { loadEngine } from '../../backends/tfjs/index.js';
import { type Afresh, type Subject, thrownPlace } from '../../properties/index.js';
import { thrownText } from '../../spec/errors.js';
import type { Backend, BackendModule } from '../../spec/index.js';
import { canTrain } from '../loss/training-loss.js';
import { type Asking, answeringInTime, inTime, readTimeout, watched } from './answer-in-time.js';
import { BackendError, checkBackend } from './check-backend.js';
import { guarded } from './guarded-backend.js';
import { throughTraining } from './through-training.js';
import { LOADING, UNWATCHED, type Watch } from './watch.js';

/** How to make a backend. */
export interface MakeOptions {
  /** What a factory is given as `engine`. */
  readonly engine?: string | undefined;
  /** How long a promise of it may take, in seconds. */
  readonly timeout?: number | undefined;
  /** What messages call it until its name is known. */
  readonly as?: string | undefined;
  /** Is told of every call. Default: no watch. */
  readonly watch?: Watch | undefined;
  /** Calls that went unanswered before, with what happened: they are not made again. Default: none. */
  readonly unanswered?: ReadonlyMap<string, string> | undefined;
}

/** What {@link backendMaker} makes. */
export interface BackendMaker {
  /**
   * The backend, checked and guarded, and its training function if it can train.
   *
   * @throws BackendError - if it cannot be made, declares an impossible capability, or is on another engine
   * than was asked for
   * @throws InputRangeError - if `timeout` is out of range
   * @throws Error - the factory's own, of the name `EngineUnavailableError` or `CouldNotRunError`
   */
  readonly make: () => Promise<Subject>;
  /** Runs something on a new instance and disposes of it; undefined if no other instance can be made. */
  readonly afresh: Afresh;
  /** Calls that are not made again, with what became of them; entries are added as calls go unanswered. */
  readonly unanswered: ReadonlyMap<string, string>;
}

/** Makes the backend of a module. */
export function backendMaker(module: BackendModule, options: MakeOptions = {}): BackendMaker {
  const made = new Set<unknown>();
  let isOther = false;
  const noting: BackendModule =
    typeof module === 'function'
      ? async (given) => {
          const backend = await module(given);
          isOther = !made.has(backend);
          made.add(backend);
          return backend;
        }
      : module;
  const { watch = UNWATCHED, unanswered } = options;
  const asking = { seconds: readTimeout(options.timeout), watch, unanswered: new Map(unanswered) };
  const make = () => makeSubject(noting, options, asking);
  return {
    make,
    unanswered: asking.unanswered,
    async afresh(ask) {
      if (typeof module !== 'function') return undefined;
      // if it cannot be made twice, the instance that is judged is asked: the verdict must not be lost
      const subject = await make().catch(() => undefined);
      if (subject === undefined || !isOther) return undefined;
      try {
        return await ask(subject);
      } finally {
        // what fails here also fails with the instance that is judged, and is reported there
        await (async () => subject.backend.dispose?.())().catch(() => {});
      }
    },
  };
}

async function makeSubject(module: BackendModule, options: MakeOptions, asking: Asking): Promise<Subject> {
  const { engine } = options;
  const backend: unknown = typeof module === 'function' ? await madeBy(module, options, asking) : module;
  const { as } = options;
  readable(as, () => checkBackend(backend, as));
  return readable(as, () => subjectOf(backend as Backend, engine, asking));
}

/** Reads members of a backend, whose getters may throw. */
function readable<R>(as: string | undefined, read: () => R): R {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof BackendError) throw cause;
    const where = as === undefined ? 'backend' : `backend ${as}`;
    throw new BackendError(where, 'members that can be read', `${thrownText(cause)}${thrownPlace(cause)}`, {
      cause,
    });
  }
}

function subjectOf(backend: Backend, engine: string | undefined, asking: Asking): Subject {
  if (engine !== undefined && backend.engine !== engine) {
    const got = `${backend.name} on ${backend.engine ?? 'none'}`;
    throw new BackendError('engine', `a backend on ${engine}`, got);
  }
  const safe = guarded(backend, asking);
  const { train: own } = backend;
  if (typeof own === 'function')
    return { backend: safe, train: answeringInTime('training', own.bind(backend), asking) };
  if (!canTrain(safe)) return { backend: safe };
  const train = throughTraining(safe, () => makeCurrent(safe));
  return { backend: safe, train: answeringInTime('training', train, asking) };
}

/** Errors of factories of this package, by name, whose message tells the user what to do. */
const TELLING = ['EngineUnavailableError', 'CouldNotRunError'];

function isTelling(cause: unknown): boolean {
  try {
    return cause instanceof BackendError || TELLING.includes(String((cause as Error | null)?.name));
  } catch {
    return false; // what was thrown cannot be read
  }
}

async function madeBy(
  factory: Extract<BackendModule, (...given: never[]) => unknown>,
  { engine, as = 'without a name' }: MakeOptions,
  { seconds, watch }: Asking,
): Promise<unknown> {
  const factoryOf = `the factory of backend ${as}`;
  const wanted = 'a backend, or a promise of one';
  const late = () => new BackendError(factoryOf, wanted, `no answer within ${seconds} s`);
  try {
    const make = async () => factory(engine === undefined ? {} : { engine });
    const making = watched(watch, LOADING, make);
    return await inTime(making, seconds, late);
  } catch (cause) {
    if (isTelling(cause)) throw cause;
    throw new BackendError(factoryOf, wanted, `${thrownText(cause)}${thrownPlace(cause)}`, { cause });
  }
}

/** A host backend trains on any engine: the current one, or `cpu`. */
async function makeCurrent({ engine, supports }: Backend): Promise<void> {
  const wanted = supports.execution === 'tensor' ? engine : (tf.getBackend() ?? 'cpu');
  if (wanted !== undefined && tf.getBackend() !== wanted) await loadEngine(wanted);
}
