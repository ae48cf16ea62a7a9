import { describe, expect, it, test } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { properties } from '../../properties/index.js';
import { wrongBackends } from '../../properties/wrong-backends/index.js';
import { backendProperties, PropertyFailedError } from './backend-properties.js';

/** A runner that only collects. */
function collected(...args: Parameters<typeof backendProperties> extends [unknown, ...infer R] ? R : never) {
  const tests = new Map<string, (...context: unknown[]) => Promise<void>>();
  backendProperties((name, run) => tests.set(name, run), ...args);
  return tests;
}

describe('backendProperties, as a user writes it', () => {
  backendProperties(test, referenceBackend, { runs: 20, seed: 1 });
});

describe('backendProperties', () => {
  it('registers one test per property', () => {
    expect(collected(referenceBackend).size).toBe(properties.length);
  });

  it('fails the test of a property that does not hold, with the batch and how to see it again', async () => {
    const wrong = wrongBackends.find(({ id }) => id === 'strictly-less');
    const tests = collected(wrong?.backend as never, { seed: 1, only: ['minority-agrees'] });
    const [run] = tests.values();
    const error = await run?.().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PropertyFailedError);
    expect((error as Error).message).toMatch(/smallest batch found[\s\S]*token: minority-agrees@1@[\d:]+/);
  });

  it('refuses a backend that declares what there is not, and fails one that hangs or answers nothing', async () => {
    const reference = referenceBackend();
    const failure = async (backend: object) => {
      const tests = collected(backend as never, {
        seed: 1,
        runs: 5,
        timeout: 0.1,
        only: ['minority-agrees'],
      });
      const [run] = tests.values();
      return (await run?.().catch((caught: unknown) => caught)) as Error;
    };
    const odd = { ...reference.supports, levels: ['sample'] };
    expect(await failure({ ...reference, supports: odd })).toMatchObject({ name: 'BackendError' });
    const mute = await failure({ ...reference, selectMinority: () => {} });
    expect(mute.message).toContain('selectMinority: expected { profile, minority }, got undefined');
    const hanging = await failure({ ...reference, selectMinority: () => new Promise(() => {}) });
    expect(hanging).toBeInstanceOf(PropertyFailedError);
    expect(hanging.message).toContain('selectMinority gave no answer within 0.1 s');
    expect(() => collected(referenceBackend, { timeout: -1 })).toThrow('timeout');
  });

  it('skips through the context, with the reason, what cannot be asked', async () => {
    const reasons: string[] = [];
    const [run] = collected(referenceBackend, { runs: 1, only: ['nothing-leaks'] }).values();
    await run?.({ skip: (why: string) => reasons.push(why) });
    expect(reasons[0]).toContain('skipped: the backend holds no tensors');
    await run?.(); // a runner without a context
  });

  it('fails an unexpected pass and a stale known failure', async () => {
    const known = [
      { id: 'minority-paired', reason: 'once' },
      { id: 'no-such-property', reason: 'gone' },
    ];
    const runs = [...collected(referenceBackend, { runs: 5, only: ['minority-paired'], known }).values()];
    expect(runs.length).toBe(2);
    await expect(runs[0]?.()).rejects.toThrow('minority-paired unexpected-pass: once');
    await expect(runs[1]?.()).rejects.toThrow('stale');
  });
});
