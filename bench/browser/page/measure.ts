/**
 * Times the whole loss from logits on one engine of a browser. The host kernel takes turns with the engine `wasm`,
 * since both run on the processor.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs-core';
import { fusedBackend, tfjsBackend } from '../../../backends/tfjs/backend.js';
import { EngineUnavailableError, settleEngine } from '../../../backends/tfjs/index.js';
import type { Backend } from '../../../spec/index.js';
import { rotation, type Size } from '../../batches.js';
import { refusalOf } from '../../gpu/refusal.js';
import { stepCounts } from '../../gpu/step-counts.js';
import { timeInTurn } from '../../in-turn.js';
import type { Found, LeftOut, Row } from '../../section.js';
import { settingOf } from '../../sizes.js';
import { engineSteps, onePass, wholeOnHost } from '../../whole-loss.js';
import type { MeasureRequest } from './messages.js';

/** So many batches take turns: those of the largest size take 8 MB each, on a GPU too. */
const BATCHES = 8;

/** A turn takes about so long at least, in milliseconds: the clock of a page moves in steps of up to a tenth. */
const TURN = 10;

/** The most calls of a turn. Only the loss of the last one is read, so that they share the wait for a GPU. */
const MOST_CALLS = 500;

/** A case whose single call takes longer than this is left out, in milliseconds. */
const MOST = 30_000;

/** A case: it makes so many calls, and settles when the last one is done. */
type Calls = (count: number) => Promise<unknown> | undefined;

/** A case that is not timed, without its setting. */
type Absent = Omit<LeftOut, 'setting'>;

/**
 * Measures an engine; what it does not have, or cannot run, is left out with the reason.
 *
 * @param onSize - called with each setting before it is measured
 */
export async function measureEngine(
  { engine, sizes, seconds, rounds }: MeasureRequest,
  onSize: (setting: string) => void,
): Promise<Found> {
  const rows: Row[] = [];
  const leftOut: LeftOut[] = [];
  const { backends, absent } = await backendsOn(engine);
  for (const size of sizes) {
    const setting = settingOf(size);
    onSize(setting);
    leftOut.push(...absent.map((one) => ({ ...one, setting })));
    const found = await measureSize(engine, size, { backends, seconds, rounds });
    rows.push(...found.rows);
    leftOut.push(...found.leftOut);
  }
  return { adapter: backends[0]?.adapter ?? null, rows, leftOut };
}

/** The backends that the engine has, and those that it has not. */
async function backendsOn(engine: string): Promise<{ backends: Backend[]; absent: Absent[] }> {
  const backends: Backend[] = [];
  const absent: Absent[] = [];
  for (const [name, make] of [
    ['tfjs-fused', fusedBackend],
    ['tfjs', tfjsBackend],
  ] as const) {
    try {
      backends.push(await make({ engine }));
    } catch (error) {
      if (!(error instanceof EngineUnavailableError)) throw error;
      absent.push({ subject: `${name} on ${engine}`, reason: error.message });
    }
  }
  return { backends, absent };
}

/** How to measure a size. */
interface How {
  readonly backends: readonly Backend[];
  readonly seconds: number;
  readonly rounds: number;
}

async function measureSize(engine: string, size: Size, { backends, seconds, rounds }: How) {
  const setting = settingOf(size);
  const next = rotation(size, 'normal', BATCHES);
  const { steps, dispose } = engineSteps(engine, size, { next, backends });
  const dispatches = backends[0]?.dispatches;
  const settle = async () => (backends.length > 0 ? settleEngine() : undefined);
  const onProcessor = engine === 'wasm' ? { ...onePass(next), ...wholeOnHost(size, next) } : {};
  const all: Readonly<Record<string, Calls>> = {
    ...(backends.length === 0 ? {} : mapped(steps, readLast)),
    ...mapped(onProcessor, repeated),
  };
  const cases: Record<string, () => Promise<unknown> | undefined> = {};
  const calls: Record<string, number> = {};
  const counts: Record<string, Partial<Row>> = {};
  const leftOut: LeftOut[] = [];
  for (const [subject, run] of Object.entries(all)) {
    try {
      await run(1); // programs are compiled
      await settle();
      const step = steps[subject];
      counts[subject] = step && dispatches ? stepCounts({ step, dispatches }) : {};
      const begin = performance.now();
      await run(1);
      const taken = performance.now() - begin;
      if (taken > MOST) {
        const reason = `a call takes ${Math.round(taken / 1000)} s, and at most ${MOST / 1000} s are timed`;
        leftOut.push({ subject, setting, reason });
        continue;
      }
      const count = Math.min(MOST_CALLS, Math.max(1, Math.ceil(TURN / Math.max(taken, TURN / MOST_CALLS))));
      calls[subject] = count;
      cases[subject] = () => run(count);
    } catch (error) {
      leftOut.push({ subject, setting, reason: await refusalOf(error) });
    }
  }
  const timed =
    Object.keys(cases).length === 0 ? [] : await timeInTurn(cases, { seconds, rounds, warmUp: 1, calls });
  await settle();
  dispose();
  return { rows: timed.map((row) => ({ setting, ...row, ...counts[row.subject] })), leftOut };
}

function mapped<T, R>(from: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, change(value)]));
}

/** Steps of an engine, of which the loss of the last one is read. */
function readLast(step: () => tf.Scalar): Calls {
  return async (count) => {
    for (let k = 1; k < count; k++) step().dispose();
    const last = step();
    await last.data();
    last.dispose();
  };
}

/** Calls that are done when they return. */
function repeated(run: () => unknown): Calls {
  return (count) => {
    for (let k = 0; k < count; k++) run();
    return undefined;
  };
}
