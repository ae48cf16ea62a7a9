/**
 * The page of the mutation score, from what Stryker found: the last step of `npm run mutation`.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { explained, type Mutant, type MutantReport, reasonOf, same, shownMutant } from './survivors.js';

const top = resolve(import.meta.dirname, '../..');
const results = join(top, '.stryker');

/** What became of one file's mutants. */
interface Row {
  readonly file: string;
  readonly source: string;
  readonly killed: number;
  /** Killed by taking too long. */
  readonly endless: readonly Mutant[];
  readonly lived: readonly Mutant[];
  readonly ignored: number;
}

const reports = readdirSync(results)
  .filter((name) => name.endsWith('.json') && existsSync(join(results, `${name}.stamp`)))
  .map((name) => ({
    found: readJson<MutantReport>(join(results, name)),
    date: readFileSync(join(results, `${name}.stamp`), 'utf8').split(' ')[0] as string,
  }));
const rows = reports
  .flatMap(({ found }) =>
    Object.entries(found.files).map(([file, { source, mutants }]) => row(file, source, mutants)),
  )
  .sort((a, b) => Number(a.file > b.file) - Number(a.file < b.file));
const survivors = rows.flatMap(({ file, source, lived }) =>
  lived.map((mutant) => described(file, source, mutant)),
);
const stale = explained.filter((known) => !survivors.some(({ shown }) => same(shown, known)));
for (const { file, original, replacement } of stale)
  console.error(`survivors.json: no such survivor: ${file}: ${original} → ${replacement}`);
writeFileSync(join(top, 'docs/mutation.md'), page());
console.log(`docs/mutation.md: ${score(rows)} of ${total(rows, mutants)} mutants killed`);

function page(): string {
  const isSpec = ({ file }: Row) => /^spec\/|reference\.ts$/.test(file);
  const ofSpec = rows.filter(isSpec);
  const others = rows.filter((row) => !isSpec(row));
  const endless = rows.flatMap((of) => of.endless.map((mutant) => described(of.file, of.source, mutant)));
  const strykers = [...new Set(reports.map(({ found }) => found.framework.version))].join(', ');
  const versions = [
    `StrykerJS ${strykers}`,
    ...['vitest', 'fast-check', 'typescript'].map((name) => `${name} ${version(name)}`),
  ];
  const dates = reports.map(({ date }) => date).sort();
  const unexplained = survivors.filter(({ reason }) => reason === undefined).length;
  return `---
title: Mutation score
---

<!-- Made by npm run mutation from Stryker's reports and properties/mutation/survivors.json. -->

# Mutation score

**${score(ofSpec)}** of the mutants of \`spec/\` and the reference backend are killed: ${total(ofSpec, killed)} of ${total(ofSpec, mutants)}. Of the other backends, as far as they were judged: ${others.length === 0 ? 'none' : `${score(others)}, ${total(others, killed)} of ${total(others, mutants)}`}. ${total(rows, ({ endless }) => endless.length)} were killed by never coming to an end. ${survivors.length} live, ${unexplained === 0 ? 'each explained below' : `${unexplained} of them unexplained`}.

[Stryker](https://stryker-mutator.io) changes one thing at a time in the code: a sign, a bound, a condition, a whole block. A mutant is killed if a judge fails. The judges are the [properties](verify.md) and definitions, run on the reference backend with a fixed seed, and the [vectors](paper/vectors.md); no other test. The other backends are judged by the properties, 150 cases each where a user has 300, and the host kernel by its own tests too. For the specification properties of agreement count for little, since what is changed is also what they compare with.

Not mutated: \`spec/index.ts\`, \`spec/contract.ts\` and \`spec/rulings.ts\`, which are exports, types and prose. Not judged: the wording of refusals (${total(rows, ({ ignored }) => ignored)} mutants); their code and place are.

\`npm run mutation\` judges again what changed since the last run, and what lives without a reason again when a property or a vector changed; \`npm run mutation -- --all\` judges all. Last judged: ${dates.at(-1)}. ${versions.join(', ')}.

| file | mutants | killed | endless | live | score |
|---|--:|--:|--:|--:|--:|
${rows.map((r) => `| ${r.file} | ${mutants(r)} | ${r.killed} | ${r.endless.length} | ${r.lived.length} | ${score([r])} |`).join('\n')}
| all | ${total(rows, mutants)} | ${total(rows, (r) => r.killed)} | ${total(rows, (r) => r.endless.length)} | ${survivors.length} | ${score(rows)} |

## Survivors
${survivors.map(({ shown, place, reason }) => `- ${shown.file}:${place}: ${quoted(shown.original)} → ${quoted(shown.replacement)}. ${reason ?? '**Unexplained.**'}`).join('\n') || 'None.'}

## Endless
Loops that never end; the judges are given three times what they need, and 20 seconds.

${endless.map(({ shown, place }) => `- ${shown.file}:${place}: ${quoted(shown.original)} → ${quoted(shown.replacement)}`).join('\n') || 'None.'}
`;
}

function row(file: string, source: string, found: readonly Mutant[]): Row {
  const count = (...statuses: string[]) => found.filter(({ status }) => statuses.includes(status)).length;
  return {
    file,
    source,
    killed: count('Killed'),
    endless: found.filter(({ status }) => status === 'Timeout'),
    // also what could not be run, if there is any
    lived: found.filter(({ status }) => !['Killed', 'Timeout', 'Ignored'].includes(status)),
    ignored: count('Ignored'),
  };
}

function killed({ killed, endless }: Row): number {
  return killed + endless.length;
}

function mutants(one: Row): number {
  return killed(one) + one.lived.length;
}

function total(of: readonly Row[], count: (row: Row) => number): number {
  return of.reduce((sum, one) => sum + count(one), 0);
}

function score(of: readonly Row[]): string {
  return `${((100 * total(of, killed)) / total(of, mutants)).toFixed(1)} %`;
}

function described(file: string, source: string, mutant: Mutant) {
  const shown = shownMutant(file, source, mutant);
  const { line, column } = mutant.location.start;
  return { shown, place: `${line}:${column}`, reason: reasonOf(shown) };
}

/** As code, short enough for a line of the page. */
function quoted(code: string): string {
  const short = code.length > 90 ? `${code.slice(0, 60)} … ${code.slice(-20)}` : code;
  if (short === '') return 'nothing';
  return short.includes('`') ? `\`\` ${short} \`\`` : `\`${short}\``;
}

function version(name: string): string {
  return readJson<{ version: string }>(join(top, 'node_modules', name, 'package.json')).version;
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}
