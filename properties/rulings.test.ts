import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rulings } from '../spec/index.js';
import { properties } from './index.js';
import { definitions } from './of-spec/definitions.js';

const root = resolve(import.meta.dirname, '..');

/** Files that define rulings, build citations or quote code, instead of citing. */
const DEFINING = ['rulings.ts', 'definitions.ts', 'completion.ts', 'mutation.md'];

/** Every ruling that code or guides cite, with where: "ruling: NAME" or "rulings: NAME, NAME". */
function citations(): { name: string; where: string }[] {
  const files = ['spec', 'backends', 'properties', 'src', 'docs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(
        (name) =>
          /\.(ts|md)$/.test(name) &&
          !name.includes('.test.') &&
          !name.startsWith('site') &&
          !name.startsWith('build') &&
          !DEFINING.includes(basename(name)),
      )
      .map((name) => join(folder, name)),
  );
  return files.flatMap((where) => {
    const text = readFileSync(join(root, where), 'utf8')
      .replaceAll(/\s*\n[ \t]*\* ?/g, ' ')
      .replaceAll('\n', ';');
    return [...text.matchAll(/\brulings?: (?!NAME)([^).;:'"`}]+)/g)].flatMap((match) =>
      cited(match[1] as string).map((name) => ({ name, where })),
    );
  });
}

/** The names in a citation; some names contain a comma. */
function cited(list: string): string[] {
  const names = rulings.map(({ name }) => name).sort((a, b) => b.length - a.length);
  const found: string[] = [];
  let rest = list.trim();
  while (rest !== '') {
    const name = names.find((known) => rest.startsWith(known)) ?? rest;
    found.push(name);
    rest = rest
      .slice(name.length)
      .replace(/^\s*,\s*/, '')
      .trim();
  }
  return found;
}

describe('rulings', () => {
  it('have distinct names, and each has a text, alternatives and a source', () => {
    expect(new Set(rulings.map(({ name }) => name)).size).toBe(rulings.length);
    for (const { text, alternatives, source } of rulings) {
      expect(Math.min(text.length, alternatives.length, source.length)).toBeGreaterThan(0);
    }
  });

  it.each(rulings.map((ruling) => [ruling.name, ruling] as const))(
    '%s is tested by properties that exist',
    (_, ruling) => {
      const ids = [...properties, ...definitions].map(({ id }) => id);
      expect(ruling.properties.length).toBeGreaterThan(0);
      for (const id of ruling.properties) expect(ids).toContain(id);
    },
  );

  it('include every ruling that code and guides cite', () => {
    const found = citations();
    expect(found.length).toBeGreaterThan(40);
    const names = rulings.map(({ name }) => name);
    expect(found.filter(({ name }) => !names.includes(name))).toEqual([]);
  });
});

describe('definitions', () => {
  it.each(definitions.map((definition) => [definition.id, definition] as const))('%s', (_, { property }) => {
    fc.assert(property, { numRuns: 500 });
  });
});
