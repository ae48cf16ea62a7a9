import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { entries } from './entries.js';

const root = resolve(import.meta.dirname, '../..');

describe('the entries of the package', () => {
  it('are read from package.json, each with its source', () => {
    const sources = entries(root, 'source');
    expect(relative(root, sources['class-rectification'] as string)).toBe('src/index.ts');
    expect(relative(root, sources['class-rectification/spec'] as string)).toBe('spec/index.ts');
    expect(Object.keys(sources).length).toBeGreaterThan(10);
    for (const file of Object.values(sources)) expect(existsSync(file), file).toBe(true);
  });

  it('are the same names where they are built', () => {
    const built = entries(root, 'built');
    expect(Object.keys(built)).toEqual(Object.keys(entries(root, 'source')));
    expect(relative(root, built['class-rectification/explain'] as string)).toBe('dist/src/explain.js');
  });

  it('leave out what is no module', () => {
    expect(Object.keys(entries(root, 'source')).filter((name) => /vectors|json/.test(name))).toEqual([]);
  });
});
