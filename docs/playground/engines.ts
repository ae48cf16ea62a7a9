/**
 * The backends that the page can compute the loss with. tfjs is loaded when one of its engines is first chosen.
 *
 * @module
 */
import { hostBackend } from '../../backends/host/backend.js';
import type { Backend, BalancedOptions } from '../../spec/index.js';
import type { Found } from './walk.js';

/** The engines, and what they are. */
export const ENGINES = {
  host: 'the host kernel',
  cpu: 'tfjs on cpu',
  wasm: 'tfjs on wasm',
  webgl: 'tfjs on webgl',
  webgpu: 'tfjs on webgpu',
} as const;

export type EngineName = keyof typeof ENGINES;

/** What an engine computes, and how long a call takes. */
export interface Timed {
  readonly loss: number;
  /** The median of several calls, in milliseconds. */
  readonly milliseconds: number;
}

const CALLS = 7;

/** Computes L with its gradient on an engine, several times. */
export async function timed(engine: EngineName, { batch, options, alpha }: Found): Promise<Timed> {
  const backend = await made(engine);
  const times: number[] = [];
  let loss = Number.NaN;
  for (let call = 0; call < CALLS; call++) {
    const start = performance.now();
    ({ loss } = await backend.balancedLoss(batch, { ...options, alpha } as BalancedOptions));
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { loss, milliseconds: times[CALLS >> 1] as number };
}

async function made(engine: EngineName): Promise<Backend> {
  if (engine === 'host') return hostBackend();
  const [{ tfjsBackend }, { setWasmPaths }] = await Promise.all([
    import('../../backends/tfjs/backend.js'),
    import('@tensorflow/tfjs-backend-wasm'),
  ]);
  setWasmPaths('./');
  return tfjsBackend({ engine });
}
