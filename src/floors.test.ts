import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
/** From the ground up: a file imports only from its own floor or below. */
const FLOORS = ['spec', 'backends', 'properties', 'src'];
/** What the specification may import beside itself. */
const SPEC_PACKAGES = ['ndarray', 'ndarray-ops'];

const files = FLOORS.flatMap((floor) =>
  readdirSync(join(root, floor), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) => !name.includes('/assembly/')) // AssemblyScript, which resolves names its own way
    .map((name) => join(floor, name)),
);

/** Local files that a file imports, and packages, types included. */
function importsOf(file: string, text: string): { local: string[]; packages: string[] } {
  const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  const local = names
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, resolve(root, dirname(file), name)).replace(/\.js$/, '.ts'));
  return { local, packages: names.filter((name) => !name.startsWith('.')) };
}

function floorOf(file: string): number {
  return FLOORS.indexOf(file.split('/')[0] as string);
}

/** Imports that climb, as `from -> to`. */
function climbing(graph: Map<string, string[]>): string[] {
  return [...graph].flatMap(([from, tos]) =>
    tos.filter((to) => floorOf(to) > floorOf(from)).map((to) => `${from} -> ${to}`),
  );
}

/** One import cycle, if there is any. */
function cycle(graph: Map<string, string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const found = visit(next, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const found = visit(file, []);
    if (found) return found;
  }
  return undefined;
}

const imports = new Map(files.map((file) => [file, importsOf(file, readFileSync(join(root, file), 'utf8'))]));
const graph = new Map([...imports].map(([file, { local }]) => [file, local]));

describe('the floors', () => {
  it('are all there, and every local import leads to a file', () => {
    expect(files.length).toBeGreaterThan(40);
    for (const [from, tos] of graph)
      for (const to of tos) expect(existsSync(join(root, to)), `${from} -> ${to}`).toBe(true);
  });

  it('are never climbed by an import', () => {
    expect(climbing(graph)).toEqual([]);
  });

  it('import no file of this package by its public name', () => {
    const byName = [...imports].filter(([, { packages }]) =>
      packages.some((name) => name.startsWith('class-rectification')),
    );
    expect(byName.map(([file]) => file)).toEqual([]);
  });

  it('hold no import cycle', () => {
    expect(cycle(graph)).toBeUndefined();
  });

  it('the specification imports ndarray and ndarray-ops, nothing else', () => {
    const others = [...imports]
      .filter(([file]) => floorOf(file) === 0)
      .flatMap(([file, { packages }]) =>
        packages.filter((name) => !SPEC_PACKAGES.includes(name)).map((name) => `${file} -> ${name}`),
      );
    expect(others).toEqual([]);
  });

  it('no backend imports another’s internals', () => {
    const foreign = [...graph].flatMap(([from, tos]) =>
      tos
        .filter((to) => floorOf(from) === 1 && floorOf(to) === 1 && backendOf(from) !== backendOf(to))
        .filter((to) => !/^backends\/[^/]+\/index\.ts$/.test(to)) // its public door
        .map((to) => `${from} -> ${to}`),
    );
    expect(foreign).toEqual([]);
  });

  it('properties import no backend', () => {
    expect(
      [...graph].filter(([from, tos]) => floorOf(from) === 2 && tos.some((to) => floorOf(to) === 1)),
    ).toEqual([]);
  });

  it('this test sees a climb and a cycle where there is one', () => {
    const bad = new Map([
      ['spec/a.ts', importsOf('spec/a.ts', "import type { X } from '../src/b.js';").local],
      ['src/b.ts', importsOf('src/b.ts', "export * from '../spec/a.js';").local],
    ]);
    expect(climbing(bad)).toEqual(['spec/a.ts -> src/b.ts']);
    expect(cycle(bad)).toEqual(['spec/a.ts', 'src/b.ts', 'spec/a.ts']);
  });
});

function backendOf(file: string): string {
  return (file.split('/')[1] as string).replace(/\.ts$/, '');
}
