import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { wrongBackends } from '../../properties/wrong-backends/index.js';
import { BackendError, checkBackend } from './check-backend.js';

const reference = referenceBackend();
const declaring = (supports: object) => ({ ...reference, supports: { ...reference.supports, ...supports } });

describe('checkBackend', () => {
  it('lets every backend of this package pass, right or wrong', () => {
    for (const backend of [reference, ...wrongBackends.map((wrong) => wrong.backend)])
      expect(() => checkBackend(backend)).not.toThrow();
  });

  it('lets a stage be missing with a reason, or just not be there: that fails its properties', () => {
    const { formTriplets, ...fused } = reference;
    expect(() => checkBackend(fused)).not.toThrow();
    const { supports } = declaring({ missing: { formTriplets: 'fused' } });
    expect(() => checkBackend({ ...fused, supports })).not.toThrow();
  });

  it.each<[unknown, string]>([
    [null, 'expected a backend with a name (spec/contract.ts), got null'],
    [{ ...reference, name: 3 }, 'expected a backend with a name'],
    [{ ...reference, name: '' }, 'backend: name: expected 1 to 200 characters, got ""'],
    [{ ...reference, name: 'n'.repeat(201) }, 'backend: name: expected 1 to 200 characters, got "nnn'],
    [
      { ...reference, name: '\u001b[2Jpassed' },
      'backend: name: expected printable characters, got "\\u001b[2Jpassed"',
    ],
    [{ ...reference, adapter: 'a\nb' }, 'backend: adapter: expected printable characters, got "a\\nb"'],
    [{ ...reference, engine: 3 }, 'engine: expected a string or undefined, got 3'],
    [{ ...reference, supports: 'all' }, 'supports: expected its capabilities'],
    [declaring({ encodings: 'categorical' }), 'supports.encodings: expected a list of categorical'],
    [declaring({ encodings: ['categoric'] }), 'one-attribute, got "categoric"'],
    [declaring({ levels: [undefined] }), 'supports.levels: expected class, instance, got undefined'],
    [declaring({ comparisons: ['relative', 'hinge'] }), 'supports.comparisons: expected relative'],
    [declaring({ precision: 'float16' }), 'supports.precision: expected float32 or float64, got "float16"'],
    [declaring({ execution: 'gpu' }), 'supports.execution: expected sync or async or tensor, got "gpu"'],
    [declaring({ gradient: 1 }), 'supports.gradient: expected true or false, got 1'],
    [declaring({ perSample: 'yes' }), 'supports.perSample: expected true, false or nothing, got "yes"'],
    [
      declaring({ sharding: 'local' }),
      'supports.sharding: expected global or per-replica or none, got "local"',
    ],
    [declaring({ sharding: 'none' }), "lossOnReplicas: expected nothing, since supports.sharding is 'none'"],
    [
      { ...reference, lossOnReplicas: undefined },
      "lossOnReplicas: expected a function, since supports.sharding is 'global', got undefined",
    ],
    [
      declaring({ missing: ['formTriplets'] }),
      'supports.missing: expected an object with a reason per stage',
    ],
    [declaring({ missing: { formTriples: 'x' } }), 'expected stages among selectMinority'],
    [declaring({ missing: { balancedLoss: 'x' } }), 'got "balancedLoss"'],
    [
      declaring({ missing: { formTriplets: ' ' } }),
      'supports.missing.formTriplets: expected a reason as text',
    ],
    [
      declaring({ missing: { formTriplets: true } }),
      'supports.missing.formTriplets: expected a reason as text',
    ],
    [
      declaring({ execution: 'tensor' }),
      "tensorLoss: expected a function, since execution is 'tensor', got undefined",
    ],
    [{ ...reference, balancedLoss: undefined }, 'balancedLoss: expected a function, got undefined'],
    [{ ...reference, formTriplets: [] }, 'formTriplets: expected a function or undefined, got []'],
    [{ ...reference, resources: 3 }, 'resources: expected a function or undefined, got 3'],
    [{ ...reference, dispose: 'yes' }, 'dispose: expected a function or undefined, got "yes"'],
  ])('refuses number %#', (backend, words) => {
    expect(() => checkBackend(backend)).toThrow(BackendError);
    expect(() => checkBackend(backend)).toThrow(words);
  });

  it('refuses by the name of its file what has no name of its own', () => {
    expect(() => checkBackend({}, 'own.mjs')).toThrow('backend own.mjs: expected a backend with a name');
  });
});
