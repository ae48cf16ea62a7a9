import { describe, expect, it } from 'vitest';
import { handQuery, namesEngines, type PagePlan, planQuery, readPlan } from './plan.js';

describe('the plan of a page', () => {
  it('by hand: engines, cases, seed, properties', () => {
    expect(readPlan('?engine=webgl&engine=cpu&runs=5&seed=-7&property=mining-agrees')).toEqual({
      backend: 'tfjs',
      engines: ['webgl', 'cpu'],
      choices: { runs: 5, seed: -7, only: ['mining-agrees'] },
    });
  });

  it('without anything: all engines', () => {
    expect(readPlan('')).toEqual({
      backend: 'tfjs',
      engines: ['cpu', 'wasm', 'webgl', 'webgpu'],
      choices: { runs: 30 },
    });
    expect(readPlan('?backend=tfjs-fused').backend).toBe('tfjs-fused');
  });

  it('comes out of the address as it went in', () => {
    const plan: PagePlan = {
      backend: 'tfjs-fused',
      engines: ['webgpu'],
      choices: { runs: 3, stages: ['balancedLoss'], known: [{ id: 'a', reason: 'b & c?' }] },
    };
    expect(readPlan(planQuery(plan))).toEqual(plan);
  });

  it('of the form stands in the address, to be sent to somebody', () => {
    const plan: PagePlan = {
      backend: 'tfjs',
      engines: ['cpu', 'webgl'],
      choices: { runs: 5, seed: -7, only: ['mining-agrees'] },
    };
    expect(readPlan(handQuery(plan))).toEqual(plan);
    expect(namesEngines(handQuery(plan))).toBe(true);
    expect(namesEngines('?runs=5')).toBe(false);
  });

  it('refuses an engine that no browser has', () => {
    expect(() => readPlan('?engine=tensorflow')).toThrow('engine: expected one of cpu, wasm');
    expect(() => readPlan('?backend=host')).toThrow('backend: expected one of tfjs, tfjs-fused');
  });
});
