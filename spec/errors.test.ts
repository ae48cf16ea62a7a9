import { describe, expect, it } from 'vitest';
import {
  described,
  expectedName,
  InputRangeError,
  InputSourceError,
  InputTypeError,
  isInputError,
  outOfRange,
  refuseUnknownFields,
  shown,
  thrownText,
} from './errors.js';

describe('an error of the family', () => {
  const detail = { where: 'options.rho', expected: 'a number', got: '"1"' };

  it.each([
    [new InputTypeError({ code: 'wrong-type', ...detail }), TypeError, 'wrong-type'],
    [new InputRangeError({ code: 'option-unknown', ...detail }), RangeError, 'option-unknown'],
    [new InputSourceError({ code: 'file-missing', ...detail }), Error, 'file-missing'],
  ])('has the same fields and the same sentence: %s', (error, kind, code) => {
    expect(error).toBeInstanceOf(kind);
    expect(error.name).toBe(error.constructor.name);
    expect(error).toMatchObject({ code, ...detail, message: 'options.rho: expected a number, got "1"' });
    expect(isInputError(error)).toBe(true);
  });

  it('is told from others, also where a subclass has another name', () => {
    class FileError extends InputSourceError<'gone'> {
      override readonly name = 'FileError';
    }
    expect(isInputError(new FileError({ code: 'gone', ...detail }))).toBe(true);
    for (const other of [new TypeError('x'), { ...new RangeError('x'), code: 'wrong-type' }, null, 'text'])
      expect(isInputError(other)).toBe(false);
  });

  it('keeps its cause and its own message', () => {
    const cause = new Error('EACCES');
    const error = new InputSourceError({ code: 'x', ...detail }, { cause, message: 'two mistakes' });
    expect([error.message, error.cause]).toEqual(['two mistakes', cause]);
  });
});

describe('what came instead', () => {
  const refusing = (got: unknown) => () => outOfRange('empty-batch', 'labels', 'at least one sample', got);

  it('is printed as it is where it is told in words, and in quotes where it is a string', () => {
    expect(refusing(described('none'))).toThrow('labels: expected at least one sample, got none');
    expect(refusing('none')).toThrow('labels: expected at least one sample, got "none"');
  });

  it('is told beside the names that were expected, and the nearest of them', () => {
    const names = Array.from({ length: 20 }, (_, at) => `name-${String.fromCharCode(97 + at)}-${at}`);
    const expected = (known: string[], got: string) => expectedName('the id of a thing', known, got);
    expect(expected(['kappa', 'kappas', 'rho'], 'kapa')).toBe(
      'one of kappa, kappas, rho (did you mean kappa or kappas?)',
    );
    expect(expected(['kappa', 'rho'], 'zzz')).toBe('one of kappa, rho');
    expect(expected(names, 'zzz')).toBe(`one of ${names.join(', ')}`);
    expect(expected([...names, 'kappa'], 'kapa')).toBe('the id of a thing such as kappa');
    expect(expected([...names, 'kappa'], 'zzz')).toBe('the id of a thing');
    expect(() => refuseUnknownFields({ zzz: 1 }, [...names, 'kappa'])).toThrow(
      'options.zzz: expected an option, got "zzz"',
    );
  });

  it('is short, however it is told', () => {
    expect(shown(described('x'.repeat(100)))).toBe(`${'x'.repeat(57)}...`);
  });
});

describe('shown', () => {
  const cycle: unknown[] = [1];
  cycle.push(cycle);
  const shared = { a: 1 };
  const throwing = Object.defineProperty({}, 'a', {
    enumerable: true,
    get() {
      throw new Error('no');
    },
  });
  let deep: unknown = [];
  for (let depth = 0; depth < 1e5; depth++) deep = [deep];
  const wide = (level: number): unknown => (level === 0 ? 1 : Array(50).fill(wide(level - 1)));

  it.each<[unknown, string]>([
    [[1n], '[1n]'],
    [{ a: 1n }, '{"a":1n}'],
    [cycle, '[1,a cycle]'],
    [[shared, shared], '[{"a":1},{"a":1}]'],
    [[Number.NaN, -0, undefined, null, '1'], '[NaN,-0,undefined,null,"1"]'],
    [new Float32Array([1, 2]), '[1,2]'],
    [{ f: () => 1, s: Symbol('x') }, '{"f":a function,"s":a symbol}'],
    [new RangeError('no'), 'RangeError: no'],
    [Promise.resolve(), 'a promise'],
    [{ shape: [2, 3] }, 'an array of shape [2,3]'],
    [{ shape: [2, 'x'] }, '{"shape":[2,"x"]}'],
    [Object.create(null), '{}'],
    [throwing, 'an object that cannot be read'],
    [Proxy.revocable({}, {}), '{"proxy":{},"revoke":a function}'],
    [deep, `${'['.repeat(57)}...`],
    ['x'.repeat(1e6), `"${'x'.repeat(56)}...`],
    [Array(1e6).fill(7), `[${'7,'.repeat(28)}...`],
  ])('prints number %#', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('looks at no more than can show', () => {
    expect(shown(wide(4)).length).toBe(60);
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    expect(shown(revoked.proxy)).toBe('an object that cannot be read');
  });
});

describe('thrownText', () => {
  function fail(): never {
    throw new Error('no');
  }

  it.each<[unknown, string]>([
    [new TypeError('no device'), 'TypeError: no device'],
    ['boom', 'boom'],
    [undefined, 'undefined'],
    [Object.create(null), '{}'],
    [{ code: 3 }, '{"code":3}'],
    [Object.defineProperty(new Error('x'), 'message', { get: () => fail() }), 'an error without a message'],
  ])('says what was thrown, number %#', (thrown, text) => {
    expect(thrownText(thrown)).toBe(text);
  });

  it('tells no more of a message than anybody would read', () => {
    for (const thrown of [new Error('x'.repeat(5_000)), 'x'.repeat(5_007)])
      expect(thrownText(thrown)).toMatch(/^(Error: x{3993}|x{4000})\.\.\. \(1007 more characters\)$/);
    expect(thrownText('x'.repeat(4_000))).toBe('x'.repeat(4_000));
  });

  it('tells also what no one may look at', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(thrownText(proxy)).toBe('an error without a message');
  });
});
