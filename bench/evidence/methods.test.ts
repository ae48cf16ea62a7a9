import { describe, expect, it } from 'vitest';
import { begun, methodsOf } from './methods.js';
import type { Method } from './plan.js';

describe('the methods', () => {
  it('puts a method behind the one whose values it begins with', () => {
    const names = methodsOf({}).map(({ name }) => name);
    const later = methodsOf({}).filter(({ after }) => after !== undefined);
    expect(later.map(({ name }) => name)).toEqual([
      'logit-adjusted, tuned',
      'CRL, class, relative, tuned',
      'CRL, instance, logit-adjusted, tuned',
    ]);
    for (const { name, after } of later)
      expect(names.indexOf(after as string)).toBeLessThan(names.indexOf(name));
    const method = { changes: { loss: 'crl' }, after: 'first' };
    const chosen = new Map([['first', { loss: 'ce', batchSize: 32 }]]);
    expect(begun(method, chosen).changes).toEqual({ loss: 'crl', batchSize: 32 });
    expect(begun({ changes: { loss: 'ce' } }, chosen).changes).toEqual({ loss: 'ce' });
  });

  it('lets the weight of CRL fall as in DCL, for a share of the training that is swept', () => {
    const names = methodsOf({}).map(({ name }) => name);
    const at = names.indexOf('CRL, instance, relative, easy anchors, falling weight');
    expect(names[at - 1]).toBe('CRL, class, relative, easy anchors');
    const { family, changes, axes } = methodsOf({})[at] as Method;
    expect(family).toBe('combined');
    expect(changes).toEqual({
      loss: {
        ...{ kind: 'crl', level: 'instance', comparison: 'relative', anchors: 'easy', kappa: 3 },
        alpha: { kind: 'dcl', until: 0.3, floor: 0.01 },
      },
    });
    expect(axes.map(({ path, values }) => [path, values])).toEqual([
      ['loss.alpha.until', [0.3, 0.1, 0.6]],
      ['loss.kappa', [3, 10, 25]],
    ]);
  });

  it('leaves methods out of a study, and refuses to leave out what others need', () => {
    const names = methodsOf({}).map(({ name }) => name);
    const left = (...methods: string[]) =>
      methodsOf({ without: [{ methods, reason: 'time' }] }).map(({ name }) => name);
    expect(left('unit features', 'ldam')).toEqual(
      names.filter((name) => name !== 'ldam' && !name.includes('unit features')),
    );
    expect(left()).toEqual(names);
    expect(left('tuned')).not.toContain('cross entropy, tuned');
    expect(() => left('no such method')).toThrow('expected parts of method names, got no such method');
    expect(() => left('cross entropy, tuned')).toThrow('no other needs, got cross entropy, tuned');
    for (const needed of ['cross entropy', 'CRL, class, relative'])
      expect(() => left(needed)).toThrow(`expected methods that no other needs, got ${needed}`);
  });

  it('of a study with values of its own has no grids that grow', () => {
    const [, , focal] = methodsOf({ values: { 'loss.gamma': [1, 2] } });
    expect(focal?.axes).toEqual([{ path: 'loss.gamma', values: [1, 2] }]);
  });
});
