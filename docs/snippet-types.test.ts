import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { guideSnippets, type Snippet, top } from './build/snippets.js';

/**
 * Readers paste the guides' TypeScript into strict projects, so it must compile there. The package's
 * entries are read from their sources, as `exports` names them, so that no build is needed.
 */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  skipLibCheck: true, // tfjs's typings need it
  noEmit: true,
  types: ['node'],
  typeRoots: [join(top, 'node_modules/@types')],
  paths: entrySources(),
};

/** `class-rectification/spec` and so on, each with its source. */
function entrySources(): Record<string, string[]> {
  const { exports } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
  const found: Record<string, string[]> = {};
  for (const [entry, target] of Object.entries(exports)) {
    const built = builtFile(target);
    if (built?.startsWith('./dist/'))
      found[entry.replace(/^\./, 'class-rectification')] = [
        join(top, built.replace('./dist/', '').replace(/\.js$/, '.ts')),
      ];
  }
  return found;
}

/** The file that Node takes for an entry: the last condition is `default`. */
function builtFile(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  return builtFile(Object.values(target).at(-1));
}

/** What the compiler says of each snippet. */
function errorsOf(snippets: readonly Snippet[]): string[] {
  const sources = new Map(
    snippets.map(({ where, code }, at) => [
      join(top, `snippet-${at}.ts`),
      { where, text: `${code}\nexport {};` },
    ]),
  );
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.getSourceFile = (name, version, ...rest) => {
    const own = sources.get(name);
    return own ? ts.createSourceFile(name, own.text, version, true) : getSourceFile(name, version, ...rest);
  };
  const program = ts.createProgram([...sources.keys()], OPTIONS, host);
  return [...sources].flatMap(([name, { where }]) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(name)).map((diagnostic) => {
      const { line } = ts.getLineAndCharacterOfPosition(
        diagnostic.file as ts.SourceFile,
        diagnostic.start ?? 0,
      );
      return `${where}, its line ${line + 1}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`;
    }),
  );
}

describe('snippets of the guides', () => {
  const snippets = guideSnippets();

  it('compile under strict TypeScript', () => {
    expect(snippets.length).toBeGreaterThan(15);
    expect(errorsOf(snippets)).toEqual([]);
  });

  it('are refused where they do not', () => {
    const wrong = [{ where: 'here:1', code: "const n: number = 'one';" }];
    expect(errorsOf(wrong)).toEqual([expect.stringMatching(/^here:1, its line 1: Type 'string'/)]);
  });
});
