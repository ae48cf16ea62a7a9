/**
 * Judges the programs of properties/wrong-backends/python, each of which has an error that was found in a public
 * implementation, and writes docs/implementations.md: `npm run implementations`; with `-- --page` only the page
 * again. It needs a Python with numpy. Results go to docs/results/implementations.json.
 *
 * @module
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandBackend } from '../../backends/command/index.js';
import { NO_PYTHON, pythonWithNumpy } from '../../backends/command/python.test-helper.js';
import { type Counterexample, runSuite } from '../../properties/index.js';
import { batchRows, short } from '../../src/verify/report/batch-rows.js';

const top = resolve(import.meta.dirname, '../..');
/** The folder of the programs, from the top. */
export const FOLDER = 'properties/wrong-backends/python';
/** What the programs have in common, and no program itself. */
const SHARED = 'right.py';
const RESULTS = join(top, 'docs/results/implementations.json');
const PAGE = join(top, 'docs/implementations.md');

/** A counterexample of more samples is not worked through by hand. */
export const MOST_SAMPLES = 5;
/** Seeds that are tried, one after the other, until a counterexample is small enough. */
const MOST_SEEDS = 20;

/** A program, its error in words, and the property that must catch it: from its docstring. */
export interface Program {
  readonly file: string;
  readonly error: string;
  readonly caughtBy: string;
}

/** What the suite found in a program. */
export interface Found {
  readonly verdict: string;
  readonly property: string;
  readonly source: string;
  /** Cases that ran until the error was found. */
  readonly cases: number;
  readonly counterexample: Omit<Counterexample, 'shrinks'>;
}

/** By the name of the file. */
export type Results = Readonly<Record<string, Found>>;

/** All programs, by the names of their files. */
export function programs(): Program[] {
  const names = readdirSync(join(top, FOLDER)).filter((name) => name.endsWith('.py') && name !== SHARED);
  return names.sort().map((file) => {
    const text = readFileSync(join(top, FOLDER, file), 'utf8');
    const [, error, caughtBy] = /^"""([^"]+?)\n\nCaught by: ([a-z-]+)\n"""/.exec(text) ?? [];
    if (error === undefined || caughtBy === undefined)
      throw new Error(`${file}: expected a docstring with the error and a line "Caught by: PROPERTY"`);
    return { file, error: error.replaceAll('\n', ' '), caughtBy };
  });
}

/** Runs a program's property with one seed, or only the case of a token. */
export async function judged(
  python: string,
  { file, caughtBy }: Pick<Program, 'file' | 'caughtBy'>,
  choice: { seed: number } | { replay: string },
): Promise<Found | undefined> {
  const command = [python, join(top, FOLDER, file)] as const;
  const backend = await commandBackend({ command, timeout: 120 });
  try {
    const report = await runSuite(backend, 'replay' in choice ? choice : { ...choice, only: [caughtBy] });
    const [{ verdict, id: property, source, cases, counterexample } = {} as never] = report.properties;
    if (counterexample === undefined) return undefined;
    const { shrinks: _, ...rest } = counterexample;
    return { verdict, property, source, cases, counterexample: rest };
  } finally {
    await backend.dispose?.();
  }
}

async function judgeAll(python: string): Promise<Results> {
  const results: Record<string, Found> = {};
  for (const program of programs()) {
    for (let seed = 1; results[program.file] === undefined && seed <= MOST_SEEDS; seed++) {
      const found = await judged(python, program, { seed });
      const isSmall = found && found.counterexample.document.labels.length <= MOST_SAMPLES;
      if (isSmall) results[program.file] = found;
      process.stderr.write(
        `${program.file}: seed ${seed} ${isSmall ? 'found it' : 'found nothing as small'}\n`,
      );
    }
  }
  return results;
}

/** The page, from the results. */
export function implementationsPage(results: Results): string {
  const all = programs();
  const rows = all.map(({ file, error }) => {
    const { verdict, property, counterexample } = results[file] as Found;
    const samples = counterexample.document.labels.length;
    return `| [${titleOf(file)}](#${anchorOf(file)}) | ${cell(error)} | ${verdict} | \`${property}\` | ${samples} |`;
  });
  return `---
title: Public implementations
---

<!-- Made by npm run implementations from ${FOLDER} and docs/results/implementations.json. -->

# Public implementations

The public implementations of the Class Rectification Loss that were read for this project have errors, many of them the same. Each program here has one of these errors. It is written anew from the description of the error, in Python with numpy, and is judged as every program in another language is: by [the protocol](protocol.md). All else in it is [a backend that passes](../backends/numpy/numpy_backend.py).

The counterexample is the smallest batch that the suite found. Its token runs that one case again; \`python\` must have numpy.

| program | error | verdict | property | samples |
|---|---|---|---|---|
${rows.join('\n')}

${all.map((program) => section(program, results[program.file] as Found)).join('\n\n')}
`;
}

function section({ file, error }: Program, { property, source, counterexample }: Found): string {
  const { document, message, token } = counterexample;
  const { head, rows } = batchRows(document);
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  const { labels: _labels, scores: _scores, features: _features, options, ...rest } = document;
  return [
    `## ${titleOf(file)}`,
    `[${file}](../${FOLDER}/${file}): ${error}`,
    '',
    `\`${property}\` (${source}) finds: ${cell(readable(message))}.`,
    '',
    line(head),
    `|${'---|'.repeat(head.length)}`,
    ...rows.map(line),
    '',
    `Batch: \`${JSON.stringify(rest)}\`; options: \`${JSON.stringify(options)}\`.`,
    '',
    '```sh',
    `crl verify --command "python ${FOLDER}/${file}" --replay ${token}`,
    '```',
  ].join('\n');
}

/** A message with short numbers, and no quotes around an interval. */
function readable(message: string): string {
  return message
    .replaceAll(/-?\d+\.\d{5,}(e-?\d+)?/g, (x) => short(Number(x)))
    .replaceAll(/"(\S+ ± \S+)"/g, '$1');
}

/** The name of a program in words. */
function titleOf(file: string): string {
  const words = file.replace('.py', '').replaceAll('_', ' ');
  return words[0]?.toUpperCase() + words.slice(1);
}

function anchorOf(file: string): string {
  return file.replace('.py', '').replaceAll('_', '-');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

if (process.argv[1]?.endsWith('implementations.ts')) {
  if (!process.argv.includes('--page')) {
    if (pythonWithNumpy === undefined) throw new Error(NO_PYTHON);
    writeFileSync(RESULTS, `${JSON.stringify(await judgeAll(pythonWithNumpy), undefined, 1)}\n`);
  }
  writeFileSync(PAGE, implementationsPage(JSON.parse(readFileSync(RESULTS, 'utf8'))));
}
