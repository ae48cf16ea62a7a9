import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as jax from '@jax-js/jax';
import * as tf from '@tensorflow/tfjs';
import * as tfCore from '@tensorflow/tfjs-core';
import ndarray from 'ndarray';
import ts from 'typescript';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadEngine } from '../backends/tfjs/index.js';
import { entries } from '../src/support/entries.js';
import { codeSnippets, guideSnippets, type Snippet, top } from './build/snippets.js';

const THREADS = 'class-rectification/backends/host/threads';

/**
 * Every `ts` block of the guides and every `@example` of the code is run. A comment `// → value`
 * after an expression is what it must give.
 */
const MODULES: Record<string, unknown> = {
  ...Object.fromEntries(
    await Promise.all(Object.keys(entries(top, 'source')).map(async (name) => [name, await import(name)])),
  ),
  // as it is built: Node runs no TypeScript in a worker
  [THREADS]: await import(entries(top, 'built')[THREADS] as string),
  '@jax-js/jax': jax,
  '@tensorflow/tfjs': tf,
  '@tensorflow/tfjs-core': tfCore,
  'node:fs': fs,
  'node:os': { tmpdir },
  'node:path': path,
  ndarray: { __esModule: true, default: ndarray },
};

/** Turns `expression; // → value` into a check. */
function withChecks(code: string): { code: string; checks: number } {
  const source = ts.createSourceFile('snippet.ts', code, ts.ScriptTarget.ES2022, true);
  let out = '';
  let from = 0;
  let checks = 0;
  source.statements.forEach((statement, at) => {
    const next = source.statements[at + 1]?.getStart(source) ?? code.length;
    const promised = /^[ \t]*\n?[ \t]*\/\/ → (.*)/.exec(code.slice(statement.getEnd(), next));
    if (!promised || !ts.isExpressionStatement(statement)) return;
    checks += 1;
    const expression = statement.expression.getText(source);
    out += `${code.slice(from, statement.getStart(source))}check(await (${expression}), (${promised[1]}));`;
    from = statement.getEnd();
  });
  return { code: out + code.slice(from), checks };
}

async function run(snippet: Snippet): Promise<void> {
  const { code } = withChecks(snippet.code);
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      esModuleInterop: true,
    },
  });
  const AsyncFunction = Object.getPrototypeOf(run).constructor as FunctionConstructor;
  const load = (name: string) => {
    if (!(name in MODULES)) throw new Error(`snippet imports ${name}, which snippets.test.ts does not offer`);
    return MODULES[name];
  };
  const body = AsyncFunction('require', 'exports', 'check', outputText);
  await body(load, {}, (got: unknown, promised: unknown) => expect(got).toEqual(promised));
}

const snippets = [...codeSnippets(), ...guideSnippets()];

describe('snippets', () => {
  // wasm, once imported, is tfjs's first choice, and starts only if awaited: most snippets await no engine
  beforeEach(async () => {
    await loadEngine('cpu');
  });

  it('are found in the code, the guides and the README', () => {
    for (const place of ['spec/', 'backends/', 'properties/', 'src/', 'docs/', 'README.md']) {
      expect(
        snippets.some(({ where }) => where.startsWith(place)),
        place,
      ).toBe(true);
    }
  });

  it.each(snippets.map((snippet) => [snippet.where, snippet] as const))('%s', (_, snippet) => run(snippet));

  it('a promise that is not kept fails', async () => {
    await expect(run({ where: 'here', code: '1 + 1; // → 3' })).rejects.toThrow();
    expect(withChecks('f(\n  1,\n);\n// → [1]').checks).toBe(1);
  });
});
