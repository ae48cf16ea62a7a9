import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { Disagreement } from '../properties/disagreement.js';
import { checkBalanced } from '../properties/of-backends/agreement-checks.js';
import * as spec from '../spec/index.js';
import { failureText } from '../src/cli/report-text.js';
import * as verification from '../src/verify/index.js';
import { top } from './build/snippets.js';

const guide = readFileSync(join(top, 'docs/write-a-backend.md'), 'utf8');

/** The block of the guide that makes the wrong backend. */
function wrongBackend(): spec.Backend {
  const [code = ''] = [...guide.matchAll(/^```ts\n([\s\S]*?)^```$/gm)]
    .map(([, block]) => block as string)
    .filter((block) => block.includes("name: 'unsigned'"));
  const { outputText } = ts.transpileModule(code.slice(0, code.indexOf('const report')), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const load = (name: string) => (name === 'class-rectification/spec' ? spec : verification);
  return new Function('require', 'exports', `${outputText}; return unsigned;`)(load, {}) as spec.Backend;
}

it('shows what a failing run prints, of a batch on which the backend of the guide fails so', async () => {
  const [, told = ''] = /^```text\n(failed unsigned[\s\S]*?)^```$/m.exec(guide) ?? [];
  const document = JSON.parse(/as a document: (.*)/.exec(told)?.[1] as string) as spec.BatchDocument;
  const backend = wrongBackend();
  const report = await verification.verify(backend, { seed: 1, only: ['balanced-agrees'] });
  const [property] = report.properties;
  const { batch, options } = spec.readDocument(document);
  const { alpha } = document.options as { alpha: number };
  const given = { batch, options: { ...options, alpha }, shuffle: 0 };
  const failure: unknown = await checkBalanced({ backend }, given).catch((error) => error);
  expect(failure).toBeInstanceOf(Disagreement);
  const { message, expected, got } = failure as Disagreement;
  const printed = failureText(report, {
    ...(property as NonNullable<typeof property>),
    counterexample: {
      ...(property?.counterexample as NonNullable<(typeof report.properties)[0]['counterexample']>),
      document,
      message,
      expected,
      got,
    },
    replay: `npx crl verify --backend unsigned.ts --replay ${property?.counterexample?.token}`,
  });
  const lines = stripVTControlCharacters(printed).trim().split('\n');
  const wanted = told.trimEnd().split('\n');
  expect(lines).toHaveLength(wanted.length);
  // the guide leaves out what is long, or changes with how batches are drawn
  for (const [at, line] of wanted.entries())
    expect(lines[at]).toMatch(new RegExp(`^${line.split('…').map(escaped).join('.+')}$`));
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
