/**
 * Pages made from data: `npm run docs:pages` writes them, a test holds them against the data.
 *
 * @module
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rulings } from '../../spec/index.js';
import { conformance, type StageVerdict } from './site/conformance.js';

const top = resolve(import.meta.dirname, '../..');

/** A vector, as far as the pages show it. */
interface Vector {
  readonly id: string;
  readonly flags: readonly string[];
  readonly rulings: readonly string[];
  readonly working: string;
}

/** A file of vectors. */
interface VectorFile {
  readonly title: string;
  readonly vectors: readonly Vector[];
}

/** The generated pages: path below `docs/`, and content. */
export function pages(): Record<string, string> {
  const files = vectorFiles();
  return {
    'paper/rulings.md': rulingsPage(files),
    'paper/vectors.md': vectorsPage(files),
    '../README.md': withConformance(readFileSync(join(top, 'README.md'), 'utf8')),
  };
}

/** Where the README has the matrix. */
const MATRIX = /(<!-- conformance: made by npm run docs:pages -->\n)[\s\S]*?(<!-- \/conformance -->)/;

/** A text with the matrix of the last `npm run conformance` in its place. */
function withConformance(text: string): string {
  if (!MATRIX.test(text)) throw new Error('README.md has no place for the conformance matrix');
  const { stages, targets, runs, seed } = conformance;
  const cell = (verdict: StageVerdict | undefined) =>
    !verdict || verdict.passed + verdict.failed === 0
      ? '–'
      : verdict.failed > 0
        ? `✗ ${verdict.failed} failed`
        : `✓ ${verdict.passed}`;
  const lines = [
    `| backend | ${stages.map((stage) => `\`${stage}\``).join(' | ')} |`,
    `|---|${stages.map(() => '---|').join('')}`,
    ...targets.map(({ backend, engine, verdicts }) => {
      const name = engine === undefined ? backend : `${backend} on ${engine}`;
      return `| ${name} | ${stages.map((stage) => cell(verdicts[stage])).join(' | ')} |`;
    }),
    '',
    `Properties that passed, with ${runs} cases each (cheap properties run more) and seed ${seed}. –: the backend does not compute this stage apart.`,
  ];
  return text.replace(MATRIX, (_, open: string, close: string) => `${open}${lines.join('\n')}\n${close}`);
}

/** In the order of the walk. */
const VECTOR_FILES = [
  'batch',
  'select-minority',
  'mine-hard-samples',
  'form-triplets',
  'rectification-loss',
  'balanced-loss',
  'sharding',
  'metrics',
];

/** Every file of vectors, by name without ending. */
function vectorFiles(): [string, VectorFile][] {
  const folder = join(top, 'spec/vectors');
  const unplaced = readdirSync(folder).filter((name) => !VECTOR_FILES.includes(name.replace('.json', '')));
  if (unplaced.length > 0) throw new Error(`no place on the page of vectors for ${unplaced.join(', ')}`);
  return VECTOR_FILES.map((name) => [name, JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))]);
}

function rulingsPage(files: readonly [string, VectorFile][]): string {
  const vectors = files.flatMap(([, file]) => file.vectors);
  const sections = rulings.map(({ name, text, alternatives, source, properties }) => {
    const shown = vectors.filter((vector) => vector.rulings.includes(name));
    return [
      `## ${name}`,
      text,
      '',
      `*Otherwise:* ${alternatives}`,
      '',
      `*Source:* ${source}. *Tested by:* ${properties.map((id) => `\`${id}\``).join(', ')}. *Vectors:* ${shown.map(({ id }) => `[${id}](vectors.md#${id})`).join(', ') || 'none'}.`,
    ].join('\n');
  });
  return `---
title: Rulings
---

<!-- Made by npm run docs:pages from spec/rulings.ts. -->

# Rulings

What the texts leave open, and a reference must decide. Sources: A is the article, P the paper, R this project. \`crl rulings\` prints the same.

${sections.join('\n\n')}
`;
}

function vectorsPage(files: readonly [string, VectorFile][]): string {
  const count = files.reduce((sum, [, { vectors }]) => sum + vectors.length, 0);
  const sections = files.map(([name, { title, vectors }]) =>
    [
      `## ${title}`,
      `[spec/vectors/${name}.json](../../spec/vectors/${name}.json)`,
      ...vectors.map(({ id, flags, working }) => `\n### ${id}\n*${flags.join(', ')}.* ${working}`),
    ].join('\n'),
  );
  const head = readFileSync(join(top, 'docs/build/vectors-head.md'), 'utf8')
    .trim()
    .replace('FLAGS', flagRows().join('\n'));
  return `---
title: Vectors
---

<!-- Made by npm run docs:pages from spec/vectors/*.json, schemas/vectors.schema.json and docs/build/vectors-head.md. -->

${head.replace('COUNT', String(count))}

${sections.join('\n\n')}
`;
}

/** A row for each flag of vectors, from their schema, which says what it catches. */
function flagRows(): string[] {
  const schema = JSON.parse(readFileSync(join(top, 'schemas/vectors.schema.json'), 'utf8'));
  const flags: { const: string; description: string }[] = schema.$defs.flags.items.anyOf;
  return flags.map(
    ({ const: flag, description }) => `| \`${flag}\` | ${description.replaceAll('|', '\\|')} |`,
  );
}

if (process.argv[1]?.endsWith('pages.ts')) {
  for (const [path, content] of Object.entries(pages())) writeFileSync(join(top, 'docs', path), content);
}
