/**
 * Writes the page of the mutation score from docs/results/mutation: the last step of `npm run mutation`.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { explained, reasonOf, type Shown, same } from './survivors.js';

const top = resolve(import.meta.dirname, '../..');
const results = join(top, 'docs/results/mutation');

/** A mutant with its place: line and column. */
type Placed = Shown & { readonly place: string };

/** The results for the mutants of one file. */
interface Row {
  readonly file: string;
  readonly group: string;
  readonly date: string;
  /** Digest of the path and the source that was judged. */
  readonly source: string;
  /** Version of Stryker. */
  readonly stryker: string;
  readonly killed: number;
  /** Killed because they took too long. */
  readonly endless: readonly Placed[];
  readonly lived: readonly Placed[];
  readonly ignored: number;
}

const rows = readdirSync(results)
  .map((name) => readJson<Row>(join(results, name)))
  .sort((a, b) => Number(a.file > b.file) - Number(a.file < b.file));
const survivors = rows.flatMap(({ lived }) =>
  lived.map((shown) => ({ shown, place: shown.place, reason: reasonOf(shown) })),
);
const stale = explained.filter((known) => !survivors.some(({ shown }) => same(shown, known)));
for (const { file, original, replacement } of stale)
  console.error(`survivors.json: no such survivor: ${file}: ${original} → ${replacement}`);
writeFileSync(join(top, 'docs/mutation.md'), page());
console.log(`docs/mutation.md: ${score(rows)} of ${total(rows, mutants)} mutants killed`);

function page(): string {
  const isSpec = ({ group }: Row) => group === 'spec' || group === 'beside';
  const ofSpec = rows.filter(isSpec);
  const others = rows.filter((row) => !isSpec(row));
  const endless = rows.flatMap((of) => of.endless);
  const strykers = [...new Set(rows.map(({ stryker }) => stryker))].join(', ');
  const versions = [
    `StrykerJS ${strykers}`,
    ...['vitest', 'fast-check', 'typescript'].map((name) => `${name} ${version(name)}`),
  ];
  const dates = rows.map(({ date }) => date).sort();
  const unexplained = survivors.filter(({ reason }) => reason === undefined).length;
  return `---
title: Mutation score
---

<!-- Made by npm run mutation from Stryker's reports and bench/mutation/survivors.json. -->

# Mutation score

**${score(ofSpec)}** of the mutants of \`spec/\` and the reference backend are killed: ${total(ofSpec, killed)} of ${total(ofSpec, mutants)}. Of those of the other backends: ${score(others)}, ${total(others, killed)} of ${total(others, mutants)}. ${total(rows, ({ endless }) => endless.length)} of them were killed because they never end. ${survivors.length} survive, ${unexplained === 0 ? 'each explained below' : `${unexplained} of them unexplained`}.

[Stryker](https://stryker-mutator.io) changes the code in one place at a time: a sign, a bound, a condition, a whole block. A mutant is killed if a judge fails. The judges of the specification are the [properties](verify.md) and definitions, run on the reference backend with a fixed seed, and the [vectors](paper/vectors.md), and, of what they leave, the tests of refused input. What the folder keeps beside the law (shapes of tensors, suggested names, what a caller asks for) is judged by the tests beside it. Properties of agreement kill few of its mutants, since they compare the changed code with itself. The other backends are judged by the tests beside their sources, and the mutants that these leave by the properties, with 40 or 150 cases each where a user runs 300.

The specification’s part of a property is the same for every mutant of a backend. So the calls that the suite makes to the right backend are recorded once and repeated on each mutant: if every answer is the same to the last bit, so is the verdict, and if one differs, its property runs for real. Mutants that only cost time, such as a bound that excludes less, cannot fail a property; the tests of such code check what it reads, writes and keeps. The graph of tfjs is judged on wasm, and its WebGPU programs by wrong shaders written by hand (\`backends/tfjs/fused/webgpu/wrong-shaders.test.ts\`).

Not mutated are \`spec/index.ts\`, \`spec/rules.ts\`, \`spec/contract.ts\` and \`spec/rulings.ts\`, which hold exports, types and prose; the code of tfjs that starts engines and runs graphs on them (\`engines\`), and the code that writes WGSL (\`webgpu\`, \`scatter-program.ts\`). The wording of refusals is not judged (${total(rows, ({ ignored }) => ignored)} mutants); their code and place are.

\`npm run mutation\` judges the files that changed since the last run, and the survivors without a reason if a property or a vector changed; \`npm run mutation -- --all\` judges everything. Last judged: ${dates.at(-1)}. ${versions.join(', ')}.

${older(rows)}

| file | judged | mutants | killed | endless | survivors | score |
|---|---|--:|--:|--:|--:|--:|
${rows.map((r) => `| ${r.file} | ${r.date} | ${mutants(r)} | ${r.killed} | ${r.endless.length} | ${r.lived.length} | ${score([r])} |`).join('\n')}
| all | | ${total(rows, mutants)} | ${total(rows, (r) => r.killed)} | ${total(rows, (r) => r.endless.length)} | ${survivors.length} | ${score(rows)} |

## Survivors
${survivors.map(({ shown, place, reason }) => `- ${shown.file}:${place}: ${quoted(shown.original)} → ${quoted(shown.replacement)}. ${reason ?? '**Unexplained.**'}`).join('\n') || 'None.'}

## Endless
Mutants with a loop that never ends. The judges may take three times as long as they need, and 20 seconds more.

${endless.map(({ file, place, original, replacement }) => `- ${file}:${place}: ${quoted(original)} → ${quoted(replacement)}`).join('\n') || 'None.'}
`;
}

/** How many of the results are those of an older source, when the page was made. */
function older(of: readonly Row[]): string {
  const changed = of.filter(({ file, source }) => {
    const now = createHash('sha256')
      .update(file)
      .update(readFileSync(join(top, file)));
    return now.digest('hex') !== source;
  });
  if (changed.length === 0) return 'Every result is that of the present source.';
  return `${changed.length} of the ${of.length} files below, with ${total(changed, mutants)} mutants, have changed since they were judged: their rows are those of the source of that day.`;
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
  const all = total(of, mutants);
  return all === 0 ? '–' : `${((100 * total(of, killed)) / all).toFixed(1)} %`; // types have no mutants
}

/** Code in quotes, shortened for a line of the page. */
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
