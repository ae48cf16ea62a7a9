/**
 * A backend as it is judged: made if it has to be, checked, guarded, and through the training adapter; and
 * others of its kind that have answered nothing yet.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { loadEngine } from '../../backends/tfjs/index.js';
import type { Afresh, Subject } from '../../properties/index.js';
import { thrownText } from '../../spec/errors.js';
import type { Backend, BackendModule } from '../../spec/index.js';
import { canTrain } from '../loss/training-loss.js';
import { type Asking, answeringInTime, inTime, readTimeout, watched } from './answer-in-time.js';
import { BackendError, checkBackend } from './check-backend.js';
import { guarded } from './guarded-backend.js';
import { throughTraining } from './through-training.js';
import { UNWATCHED, type Watch } from './watch.js';

/** What the watch is told of while a backend is loaded and made. */
export const LOADING = 'loading';

/** How to make a backend. */
export interface MakeOptions {
  /** Handed to a factory. */
  readonly engine?: string | undefined;
  /** How long a promise of it may take, in seconds. */
  readonly timeout?: number | undefined;
  /** What to call it until it says its name. */
  readonly as?: string | undefined;
  /** Is told of every call. Default: nobody is. */
  readonly watch?: Watch | undefined;
  /** What went unanswered before, with what became of it: it is not asked again. Default: nothing did. */
  readonly unanswered?: ReadonlyMap<string, string> | undefined;
}

/** What {@link backendMaker} makes. */
export interface BackendMaker {
  /**
   * The backend, made if it has to be, checked and guarded; and the way it trains, if it can.
   *
   * @throws BackendError - if it cannot be made, declares an impossible capability, or is on another engine
   * than was asked for
   * @throws InputRangeError - if `timeout` is out of range
   * @throws Error - the factory's own, of the name `EngineUnavailableError`
   */
  readonly make: () => Promise<Subject>;
  /** Asks another backend, and disposes of it; undefined if the module has but one, or makes no other. */
  readonly afresh: Afresh;
}

/** A maker of the backends that a module has or makes. */
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
    async afresh(ask) {
      if (typeof module !== 'function') return undefined;
      // one that cannot be made twice is no reason to lose the verdict: then the one that is judged is asked
      const subject = await make().catch(() => undefined);
      if (subject === undefined || !isOther) return undefined;
      try {
        return await ask(subject);
      } finally {
        // what fails here fails with the backend that is judged too, and is told then
        await (async () => subject.backend.dispose?.())().catch(() => {});
      }
    },
  };
}

async function makeSubject(module: BackendModule, options: MakeOptions, asking: Asking): Promise<Subject> {
  const { engine } = options;
  const backend: unknown = typeof module === 'function' ? await madeBy(module, options, asking) : module;
  checkBackend(backend);
  if (engine !== undefined && backend.engine !== engine) {
    const got = `${backend.name} on ${backend.engine ?? 'none'}`;
    throw new BackendError('engine', `a backend on ${engine}`, got);
  }
  const safe = guarded(backend, asking);
  if (!canTrain(safe)) return { backend: safe };
  const train = throughTraining(safe, () => makeCurrent(safe));
  return { backend: safe, train: answeringInTime('training', train, asking) };
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
    if (cause instanceof BackendError || (cause as Error | null)?.name === 'EngineUnavailableError')
      throw cause;
    throw new BackendError(factoryOf, wanted, thrownText(cause), { cause });
  }
}

/** A host backend trains on any engine: on the current one, or `cpu`. */
async function makeCurrent({ engine, supports }: Backend): Promise<void> {
  const wanted = supports.execution === 'tensor' ? engine : (tf.getBackend() ?? 'cpu');
  if (wanted !== undefined && tf.getBackend() !== wanted) await loadEngine(wanted);
}
