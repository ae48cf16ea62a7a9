import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { tfjsBackend } from '../../backends/tfjs/backend.js';
import { EngineUnavailableError } from '../../backends/tfjs/index.js';
import type { Report } from '../../properties/index.js';
import { composeBackend } from '../../properties/wrong-backends/compose.js';
import type { Backend } from '../../spec/index.js';
import { verify } from './verify.js';

function failures({ properties }: Report): string[] {
  return properties.filter(({ verdict }) => verdict === 'failed').map(({ id, reason }) => `${id}: ${reason}`);
}

describe('verify', () => {
  it('passes the reference backend, training included', async () => {
    // a default run of it is a step of .ci/run
    const report = await verify(referenceBackend, { seed: 2026, runs: 100 });
    expect(failures(report)).toEqual([]);
    expect(report).toMatchObject({ passed: true, backend: 'reference', seed: 2026 });
    expect(report.properties.find(({ id }) => id === 'training-logits-agree')?.cases).toBe(100);
  });

  it.each(['cpu', 'wasm'] as const)('passes tfjs on %s, and runs on that engine', async (engine) => {
    // few cases: crl start and the tests of each engine run more
    const report = await verify(() => tfjsBackend({ engine }), { seed: 2026, runs: 30 });
    expect(failures(report)).toEqual([]);
    expect(report).toMatchObject({ passed: true, backend: 'tfjs', engine });
    expect(report.properties.filter(({ verdict }) => verdict === 'skipped').map(({ id }) => id)).toEqual([
      ...['triplets-agree', 'triplets-bounded'], // fused
      'rounded-hinges-agree', // it computes in float32
      ...['global-batch-agrees', 'per-replica-agrees', 'replicas-at-scale', 'replicas-independent'], // it has no replicas
      'runs-on-its-engine', // no GPU to count programs of
    ]);
  });

  it('reports a missing engine as unavailable, never as passed', async () => {
    const absent = () =>
      Promise.reject(new EngineUnavailableError('quantum', 'get it with: npm install quantum'));
    const report = await verify(absent, { engine: 'quantum', runs: 5 });
    expect(report.passed).toBe(false);
    expect(report.properties.every(({ verdict, cases }) => verdict === 'unavailable' && cases === 0)).toBe(
      true,
    );
    expect(report.properties[0]?.reason).toContain('npm install quantum');
  });

  it('skips what a declared capability excludes, with the reason, and asks the rest', async () => {
    const asynchronous = composeBackend('right, but async', {});
    const report = await verify(asynchronous, {
      runs: 20,
      seed: 1,
      only: ['training-agrees', 'balanced-agrees'],
    });
    expect(report.properties.map(({ verdict, required }) => [verdict, required])).toEqual([
      ['passed', true],
      ['skipped', false],
    ]);
    expect(report.passed).toBe(true);
    expect(report.properties[1]?.reason).toContain('synchronous');
    const { balancedLoss, ...reference } = referenceBackend();
    const lossOnly: Backend = {
      ...reference,
      supports: { ...reference.supports, gradient: false },
      rectificationLoss: (...args) =>
        ({
          ...(reference.rectificationLoss as never as (...a: unknown[]) => object)(...args),
          gradient: undefined,
        }) as never,
      balancedLoss: (...args) => ({ ...balancedLoss(...args), gradient: undefined }) as never,
    };
    expect(failures(await verify(lossOnly, { runs: 30, seed: 1 }))).toEqual([]);
  });

  it('refuses a backend on another engine than asked for', async () => {
    await expect(verify(referenceBackend, { engine: 'wasm', runs: 1 })).rejects.toThrow(
      'engine: expected a backend on wasm, got reference on none',
    );
  });

  it('says so where a batch fails only after other calls', async () => {
    const right = referenceBackend();
    let calls = 0;
    const selectMinority: typeof right.selectMinority = (...given) => {
      const found = right.selectMinority?.(...given) as never;
      calls += 1;
      return calls === 5 ? { profile: [], minority: [] } : found;
    };
    const [failed] = failures(
      await verify({ ...right, selectMinority }, { seed: 1, only: ['minority-agrees'] }),
    );
    expect(failed).toContain('only fails after the calls before it');
  });

  describe('of a backend that is wrong from its fifth call on', () => {
    /** How many were made and disposed of, and what the verdict was. */
    async function judged(isShared: boolean) {
      const counts = { made: 0, disposed: 0 };
      const make = (): Backend => {
        counts.made += 1;
        const right = referenceBackend();
        let calls = 0;
        return {
          ...right,
          selectMinority(batch, options) {
            calls += 1;
            return calls < 5
              ? (right.selectMinority?.(batch, options) as never)
              : { profile: [], minority: [] };
          },
          dispose() {
            counts.disposed += 1;
          },
        };
      };
      const shared = make();
      const module = isShared ? () => shared : make;
      const { properties } = await verify(module, { seed: 1, only: ['minority-agrees'] });
      return { ...counts, ...(properties[0] as (typeof properties)[number]) };
    }

    it('asks another instance whether the batch alone fails, and disposes of both', async () => {
      const { reason, replay, made, disposed } = await judged(false);
      expect(reason).toContain('only fails after the calls before it');
      expect(replay).toContain('--runs 300 --seed 1');
      expect([made, disposed]).toEqual([3, 2]); // the shared one is not used here
    });

    it('asks the same one where the factory makes no other, and keeps it until the end', async () => {
      const { reason, replay, disposed } = await judged(true);
      expect(reason).not.toContain('only fails after the calls before it');
      expect(replay).toContain('--replay minority-agrees@1@');
      expect(disposed).toBe(1);
    });
  });

  it('sees a backend that leaks a tensor', async () => {
    const right = await tfjsBackend({ engine: 'cpu' });
    const tf = await import('@tensorflow/tfjs-core');
    const leaking: Backend = {
      ...right,
      balancedLoss(batch, options) {
        tf.scalar(1);
        return right.balancedLoss(batch, options);
      },
    };
    const report = await verify(leaking, { seed: 1, runs: 3, only: ['nothing-leaks'] });
    expect(report.properties[0]).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('live resources'),
    });
  });

  it('keeps the report of a backend that cannot be disposed of, and does not pass it', async () => {
    const choices = { seed: 1, runs: 2, timeout: 0.1, only: ['minority-agrees'] };
    for (const [dispose, problem] of [
      [() => Promise.reject(new Error('device lost')), 'dispose: Error: device lost'],
      [() => new Promise<void>(() => {}), 'dispose: UnansweredError: dispose gave no answer within 0.1 s'],
      [
        () => {
          throw 'lost';
        },
        'dispose: lost',
      ],
    ] as const) {
      const report = await verify(() => ({ ...referenceBackend(), dispose }), choices);
      expect(report).toMatchObject({ passed: false, problems: [problem] });
      expect(report.properties[0]?.verdict).toBe('passed');
    }
    expect(await verify(referenceBackend, choices)).toMatchObject({ passed: true, problems: [] });
  });

  it.each([
    ['resources', 'nothing-leaks'],
    ['resources', 'nothing-leaks-in-long-runs'],
    ['dispatches', 'runs-on-its-engine'],
  ])('says so where %s() is no count (%s)', async (counter, id) => {
    for (const [count, got] of [
      [Number.NaN, '"NaN"'],
      [undefined, 'undefined'],
      ['3', '"3"'],
      [-1, '-1'],
    ]) {
      const backend = { ...referenceBackend(), [counter]: () => count };
      const report = await verify(backend, { seed: 1, runs: 3, only: [id] });
      expect(report.properties[0]?.reason).toBe(`${counter}(): expected a whole number from 0, got ${got}`);
    }
  });

  it('refuses what is not a backend, and a factory that does not make one, with one typed error', async () => {
    const refusal = (module: unknown, words: string) =>
      expect(verify(module as Backend, { timeout: 0.1, replayAs: 'own.mjs' })).rejects.toMatchObject({
        name: 'BackendError',
        message: expect.stringContaining(words),
      });
    await refusal({}, 'expected a backend with a name');
    await refusal(undefined, 'expected a backend with a name (spec/contract.ts), got undefined');
    await refusal({ name: 'x' }, 'backend x: supports: expected');
    await refusal(() => ({ ...referenceBackend(), balancedLoss: 3 }), 'balancedLoss: expected a function');
    await refusal(() => {
      throw new TypeError('no device');
    }, 'the factory of backend own.mjs: expected a backend, or a promise of one, got TypeError: no device');
    const never = () => new Promise(() => {});
    await refusal(
      never,
      'backend own.mjs: expected a backend, or a promise of one, got no answer within 0.1 s',
    );
  });

  it('fails a property whose call hangs, without shrinking, and asks that stage no more', async () => {
    let calls = 0;
    const hanging: Backend = {
      ...composeBackend('hanging', {}),
      selectMinority: () => {
        calls += 1;
        return new Promise(() => {});
      },
    };
    const only = ['minority-agrees', 'minority-paired', 'balanced-agrees'];
    const report = await verify(hanging, { seed: 1, runs: 20, timeout: 0.1, only });
    expect(report.properties.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      [
        'failed',
        'the plain batch of six samples that comes first: UnansweredError: selectMinority gave no answer within 0.1 s',
      ],
      ['failed', expect.stringContaining('selectMinority is not asked again')],
      ['passed', undefined],
    ]);
    expect(report.properties[0]?.counterexample?.shrinks).toBe(0);
    expect(calls).toBe(1);
  });

  it('refuses a timeout that no timer can wait for', async () => {
    for (const timeout of [0, Number.NaN, Number.POSITIVE_INFINITY, 3_000_000])
      await expect(verify(referenceBackend, { timeout })).rejects.toThrow(
        'timeout: expected seconds above 0',
      );
  });
});
