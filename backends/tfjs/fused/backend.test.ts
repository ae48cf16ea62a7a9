import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fusedBackend } from '../backend.js';
import { EngineUnavailableError } from '../index.js';

/** The name that the engine reports, and the name it was loaded by. */
const engine = vi.hoisted(() => ({ loaded: {} as object, asked: '' }));

vi.mock('../engines/runner.js', () => ({
  async runnerOn(asked: string) {
    engine.asked = asked;
    return { loaded: engine.loaded, run: () => Promise.reject(new Error('nothing is run here')) };
  },
}));

beforeEach(() => {
  engine.loaded = { registered: 'cpu' };
});

describe('the fused backend declares', () => {
  it('what it can do, and that stages are fused', async () => {
    const fused = 'fused into balancedLoss';
    const { name, supports } = await fusedBackend();
    expect(name).toBe('tfjs-fused');
    expect(supports).toEqual({
      encodings: ['categorical', 'multi-label', 'one-attribute'],
      levels: ['class', 'instance'],
      comparisons: ['relative', 'absolute', 'distribution'],
      anchors: ['all', 'easy'],
      gradient: true,
      precision: 'float32',
      execution: 'tensor',
      perSample: true,
      missing: {
        selectMinority: fused,
        mineHardSamples: fused,
        formTriplets: fused,
        rectificationLoss: fused,
      },
    });
  });

  it('its engine, by default cpu', async () => {
    expect([(await fusedBackend()).engine, engine.asked]).toEqual(['cpu', 'cpu']);
    expect([(await fusedBackend({ engine: 'wasm' })).engine, engine.asked]).toEqual(['wasm', 'wasm']);
  });

  it('an adapter and a count of programs if the engine has them', async () => {
    const plain = await fusedBackend();
    expect('adapter' in plain || 'dispatches' in plain).toBe(false);
    const dispatches = () => 7;
    engine.loaded = { registered: 'webgpu', adapter: 'a card', dispatches };
    expect(await fusedBackend({ engine: 'webgpu' })).toMatchObject({ adapter: 'a card', dispatches });
  });

  it('nothing where the engine has no fused walk: it refuses, and names the graph', async () => {
    engine.loaded = { registered: 'webgl' };
    const made = fusedBackend({ engine: 'webgl' });
    await expect(made).rejects.toThrow(EngineUnavailableError);
    await expect(made).rejects.toThrow('it has no fused walk; the backend tfjs runs there');
  });
});
