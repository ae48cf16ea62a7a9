import { describe, expect, it } from 'vitest';
import { shownPath, withoutPlaces } from './without-places.js';

const CWD = '/home/anna/my work';
const HOME = '/home/anna';

describe('texts without places', () => {
  it.each([
    ['Error: no (at /home/anna/my work/src/kernel.ts:12)', 'Error: no (at src/kernel.ts:12)'],
    ['at file:///home/anna/my work/kernel.ts:3:1', 'at kernel.ts:3:1'],
    ['at /opt/other/lib/kernel.ts:3:1 and /usr/lib/x.so', 'at kernel.ts:3:1 and x.so'],
    ['crl verify --backend /tmp/k.ts --replay a@1@0', 'crl verify --backend k.ts --replay a@1@0'],
    ['command:/opt/venv/bin/python -m serve', 'command:python -m serve'],
    ["cannot open '/etc/ssl/cert.pem'", "cannot open 'cert.pem'"],
    ['at C:\\Users\\anna\\kernel.ts:3', 'at kernel.ts:3'],
  ])('%s', (text, shown) => {
    expect(withoutPlaces(text, CWD, HOME)).toBe(shown);
  });

  it.each([
    'ρ·n/2 and h/n',
    'Eq. 4/5',
    'https://example.org/a/b',
    './own/kernel.ts',
    '../a/b.ts',
    'tfjs/wasm',
    '1 / 2 / 3',
  ])('leaves %s as it is', (text) => {
    expect(withoutPlaces(text, CWD, HOME)).toBe(text);
  });

  it('in lists, objects and keys that stay; numbers and arrays of numbers are left alone', () => {
    const data = Float32Array.of(1);
    const value = { a: ['/x/y/z.ts', 1, null, undefined], b: { c: Number.NaN, data } };
    expect(withoutPlaces(value, CWD, HOME)).toEqual({ ...value, a: ['z.ts', 1, null, undefined] });
  });

  it.each([
    [`${CWD}/a/b.ts`, 'a/b.ts'],
    ['/home/anna/other/b.ts', '../other/b.ts'],
    ['/home/bob/b.ts', 'b.ts'],
    ['/tmp/b.ts', 'b.ts'],
    ['a/b.ts', 'a/b.ts'],
  ])('the path %s is shown as %s: relative to the working directory if that names no user', (path, shown) => {
    expect(shownPath(path, CWD, HOME)).toBe(shown);
  });

  it.each([
    ['/', '/home/anna/b.ts', 'b.ts'],
    ['/home', '/home/anna/b.ts', 'b.ts'],
    ['/tmp/run', '/tmp/backends/b.ts', '../backends/b.ts'],
    ['/home/anna', '/home/anna/b.ts', 'b.ts'],
    ['/opt/ci', '/home/anna/b.ts', 'b.ts'],
  ])('from %s, the path %s is shown as %s', (cwd, path, shown) => {
    expect(shownPath(path, cwd, HOME)).toBe(shown);
  });
});
