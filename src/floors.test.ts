import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { entries } from './support/entries.js';

const root = resolve(import.meta.dirname, '..');
/** From the ground up: a file imports only from its own floor or below. */
const FLOORS = ['spec', 'backends', 'properties', 'src', 'bench'];
/** What the specification may import beside itself. */
const SPEC_PACKAGES = ['ndarray', 'ndarray-ops'];
/** Of the folders of `src`: which others each may import. All may import `support`, none `cli`. */
const ARROWS: Record<string, readonly string[]> = {
  browser: ['verify'],
  cli: ['browser', 'data', 'digits', 'engines', 'explain.ts', 'forecast', 'train', 'verify'],
  data: [],
  digits: ['data', 'loss'],
  engines: ['browser', 'verify'],
  'explain.ts': [],
  forecast: ['data', 'rivals'],
  'gpu-bundle': [],
  'index.ts': ['loss'],
  loss: [],
  metrics: [],
  rivals: [],
  support: [],
  'tensorflow-gradients': [],
  train: [
    'data',
    'digits',
    'forecast',
    'loss',
    'metrics',
    'rivals',
    'tensorflow-gradients',
    'wasm-convolution',
  ],
  verify: ['loss'],
  'wasm-convolution': [],
};
/** What is of no backend, and serves several. */
const SHARED =
  /^backends\/(padded\/[\w-]+|declaration|engine-unavailable-error|optional-package|package-versions)\.ts$/;
/** Entries whose modules must run where code may not be generated from text, so without ndarray. */
const STRICT_ENTRIES = [
  'class-rectification',
  'class-rectification/backends/host',
  'class-rectification/backends/jax-js',
  'class-rectification/backends/tfjs',
  'class-rectification/backends/tfjs/webgpu',
  'class-rectification/data',
  'class-rectification/data/arrays',
  'class-rectification/forecast',
  'class-rectification/metrics',
  'class-rectification/rivals',
  'class-rectification/tensorflow-gradients',
  'class-rectification/wasm-convolution',
];

/** Programs that import the package as a user does; so do those that end in `.test-program.mjs`. */
const AS_A_USER = ['bench/pytorch/parity.mjs'];
const files = FLOORS.flatMap((floor) =>
  readdirSync(join(root, floor), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mts|mjs)$/.test(name) && !name.endsWith('.test.ts'))
    .filter((name) => !name.endsWith('.test-program.mjs') && !AS_A_USER.includes(`${floor}/${name}`))
    .filter((name) => !name.includes('/assembly/')) // AssemblyScript, which resolves names its own way
    .map((name) => join(floor, name)),
);

/** What a file imports: local files, and packages. */
interface Imports {
  readonly local: readonly string[];
  readonly packages: readonly string[];
}

/** What a file imports, types included; `atRunTime` leaves out what the compiler erases. */
function importsOf(file: string, text: string, atRunTime = false): Imports {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const declared = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
    if (declared && node.moduleSpecifier && !(atRunTime && isErased(node)))
      names.push((node.moduleSpecifier as ts.StringLiteral).text);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [name] = node.arguments;
      if (name && ts.isStringLiteral(name)) names.push(name.text);
    }
    if (ts.isImportTypeNode(node) && !atRunTime && ts.isLiteralTypeNode(node.argument))
      names.push((node.argument.literal as ts.StringLiteral).text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const local = names
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, resolve(root, dirname(file), name)).replace(/\.js$/, '.ts'));
  return { local, packages: names.filter((name) => !name.startsWith('.')) };
}

/** `import type` and `export type` alone: names that are types leave the import of the module. */
function isErased(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  return ts.isExportDeclaration(node) ? node.isTypeOnly : node.importClause?.isTypeOnly === true;
}

function floorOf(file: string): number {
  return FLOORS.indexOf(file.split('/')[0] as string);
}

/** Imports that climb, as `from -> to`. */
function climbing(graph: Graph): string[] {
  return arrows(graph, (from, to) => floorOf(to) > floorOf(from));
}

/** Imports between folders of `src` that are not among the arrows. */
function straying(graph: Graph): string[] {
  return arrows(graph, (from, to) => {
    if (!from.startsWith('src/') || !to.startsWith('src/')) return false;
    const [own, other] = [from, to].map((file) => file.split('/')[1] as string) as [string, string];
    return own !== other && other !== 'support' && !ARROWS[own]?.includes(other);
  });
}

type Graph = ReadonlyMap<string, readonly string[]>;

function arrows(graph: Graph, wrong: (from: string, to: string) => boolean): string[] {
  return [...graph].flatMap(([from, tos]) =>
    tos.filter((to) => wrong(from, to)).map((to) => `${from} -> ${to}`),
  );
}

/** One import cycle, if there is any. */
function cycle(graph: Graph): string[] | undefined {
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

/** How a file comes to import a package of some names, as a chain of files, if it does. */
function wayTo(
  packages: readonly string[],
  from: string,
  all: ReadonlyMap<string, Imports>,
): string[] | undefined {
  const ways = new Map([[from, [from]]]);
  for (const [file, way] of ways) {
    const { local, packages: own } = all.get(file) ?? { local: [], packages: [] };
    const found = own.find((name) => packages.includes(name));
    if (found) return [...way, found];
    for (const next of local) if (!ways.has(next)) ways.set(next, [...way, next]);
  }
  return undefined;
}

const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const imports = new Map([...texts].map(([file, text]) => [file, importsOf(file, text)]));
const running = new Map([...texts].map(([file, text]) => [file, importsOf(file, text, true)]));
const graph: Graph = new Map([...imports].map(([file, { local }]) => [file, local]));

describe('the floors', () => {
  it('are all there, and every local import leads to a file', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(files.filter((file) => file.endsWith('.mts'))).not.toEqual([]);
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
    const foreign = arrows(
      graph,
      (from, to) =>
        floorOf(from) === 1 &&
        floorOf(to) === 1 &&
        backendOf(from) !== backendOf(to) &&
        !/^backends\/[^/]+\/index\.ts$/.test(to) && // its public door
        !SHARED.test(to),
    );
    expect(foreign).toEqual([]);
  });

  it('properties import no backend', () => {
    expect(arrows(graph, (from, to) => floorOf(from) === 2 && floorOf(to) === 1)).toEqual([]);
  });

  it('this test sees a climb, a cycle and a stray arrow where there is one', () => {
    const bad = new Map([
      ['spec/a.ts', importsOf('spec/a.ts', "import type { X } from '../src/loss/b.js';").local],
      ['src/loss/b.ts', importsOf('src/loss/b.ts', "export * from '../../spec/a.js';").local],
      ['src/data/c.mjs', importsOf('src/data/c.mjs', "await import('../loss/b.js');").local],
      ['src/train/d.ts', importsOf('src/train/d.ts', "let x: import('../cli/crl.js').Y;").local],
    ]);
    expect(climbing(bad)).toEqual(['spec/a.ts -> src/loss/b.ts']);
    expect(cycle(bad)).toEqual(['spec/a.ts', 'src/loss/b.ts', 'spec/a.ts']);
    expect(straying(bad)).toEqual(['src/data/c.mjs -> src/loss/b.ts', 'src/train/d.ts -> src/cli/crl.ts']);
  });
});

describe('the folders of src', () => {
  it('are all named among the arrows', () => {
    const names = new Set(
      files.filter((file) => file.startsWith('src/')).map((file) => file.split('/')[1] as string),
    );
    expect([...names].sort()).toEqual(Object.keys(ARROWS).sort());
  });

  it('import each other only along the arrows, and nothing imports the command line', () => {
    expect(straying(graph)).toEqual([]);
  });
});

describe('the door of the specification without ndarray', () => {
  const named = entries(root, 'source');

  it.each(['spec/rules.ts', ...STRICT_ENTRIES])('%s reaches no package that generates code', (name) => {
    const file = relative(root, named[name] ?? join(root, name));
    expect(wayTo(['ndarray', 'ndarray-ops', 'fast-check'], file, running)).toBeUndefined();
  });

  it('the forecast loads no tfjs', () => {
    expect(wayTo(['@tensorflow/tfjs-core'], 'src/forecast/index.ts', running)).toBeUndefined();
    expect(wayTo(['@tensorflow/tfjs-core'], 'src/rivals/index.ts', running)).toBeDefined();
  });

  it('this test sees a way to ndarray, and tells types from what runs', () => {
    expect(wayTo(['ndarray'], 'spec/index.ts', running)?.at(-1)).toBe('ndarray');
    const text =
      "import type { A } from 'a';\nimport { type B } from 'b';\nexport type { C } from 'c';\nimport 'd';";
    expect(importsOf('a.ts', text, true).packages).toEqual(['b', 'd']);
    expect(importsOf('a.ts', text).packages).toEqual(['a', 'b', 'c', 'd']);
  });
});

function backendOf(file: string): string {
  return (file.split('/')[1] as string).replace(/(\.declared)?\.ts$/, '');
}
