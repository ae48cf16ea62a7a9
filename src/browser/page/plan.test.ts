import { describe, expect, it } from 'vitest';
import { handQuery, namesEngines, type PagePlan, planQuery, readPlan } from './plan.js';

const KNOWN = { tfjs: ['cpu', 'wasm', 'webgl', 'webgpu'], 'tfjs-fused': ['cpu', 'webgpu'] };

describe('the plan of a page', () => {
  it('by hand: engines, cases, seed, properties', () => {
    expect(readPlan('?engine=webgl&engine=cpu&runs=5&seed=-7&property=mining-agrees', KNOWN)).toEqual({
      backend: 'tfjs',
      engines: ['webgl', 'cpu'],
      choices: { runs: 5, seed: -7, only: ['mining-agrees'] },
    });
  });

  it('without anything: all engines', () => {
    expect(readPlan('', KNOWN)).toEqual({
      backend: 'tfjs',
      engines: ['cpu', 'wasm', 'webgl', 'webgpu'],
      choices: { runs: 30 },
    });
    expect(readPlan('?backend=tfjs-fused', KNOWN)).toMatchObject({
      backend: 'tfjs-fused',
      engines: ['cpu', 'webgpu'],
    });
  });

  it('comes out of the address as it went in', () => {
    const plan: PagePlan = {
      backend: 'tfjs-fused',
      engines: ['webgpu'],
      choices: { runs: 3, stages: ['balancedLoss'], known: [{ id: 'a', reason: 'b & c?' }] },
    };
    expect(readPlan(planQuery(plan), KNOWN)).toEqual(plan);
  });

  it('of the form stands in the address, to be sent to somebody', () => {
    const plan: PagePlan = {
      backend: 'tfjs',
      engines: ['cpu', 'webgl'],
      choices: { runs: 5, seed: -7, only: ['mining-agrees'] },
    };
    expect(readPlan(handQuery(plan), KNOWN)).toEqual(plan);
    expect(namesEngines(handQuery(plan))).toBe(true);
    expect(namesEngines('?runs=5')).toBe(false);
  });

  it('refuses an engine that no browser has', () => {
    expect(() => readPlan('?engine=tensorflow', KNOWN)).toThrow('engine: expected one of cpu, wasm');
    expect(() => readPlan('?backend=host', KNOWN)).toThrow('backend: expected one of tfjs, tfjs-fused');
    expect(() => readPlan('?backend=tfjs-fused&engine=webgl', KNOWN)).toThrow('expected one of cpu, webgpu');
  });
});
