/**
 * `crl explain FILE`: walks batches, given as JSON documents, through the stages.
 *
 * @module
 */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import {
  type Batch,
  type BatchDocument,
  type Comparison,
  hingeArgument,
  InputTypeError,
  isInputError,
  type Options,
  pairDistance,
  readDocument,
  toProbabilities,
  tripletPairs,
  walkToTriplets,
} from '../../spec/index.js';
import { type Explanation, explain } from '../explain.js';
import { ROUNDED, short } from '../verify/report/batch-rows.js';
import { CouldNotRunError } from './backends.js';
import { batchTable } from './batch-table.js';
import { type JsonDocument, jsonDocuments } from './json-documents.js';
import { table } from './table.js';
import { wrapped } from './terminal.js';

/** The equation of each comparison. */
const EQUATIONS: Record<Comparison, string> = { relative: '9', absolute: '13', distribution: '14 to 16' };

/** What the loss is of the terms of the triplets. */
const MEANS: Record<Comparison, string> = {
  relative: 'the mean of max(0, m + d(a,+) − d(a,−)) over all triplets',
  absolute:
    'half the mean of d(a,+)² over the positive pairs, and half that of max(0, m − d(a,−))² over the negative pairs',
  distribution:
    'the probability that a positive pair is no nearer than a negative pair, by histograms of their distances',
};

/** Columns of the terms of a triplet. */
const TERMS: Record<Comparison, readonly string[]> = {
  relative: ['term'],
  absolute: ['term of +', 'term of −'],
  distribution: [],
};

/** Anchors and triplets that the readable account shows; further ones are counted. */
const MOST_ROWS = 30;

/**
 * Answers every document; one that is refused with an error, and the others still run.
 *
 * @param file - a path, or `-` for standard input
 * @returns the exit code: 0, or 1 if some document was refused
 * @throws CouldNotRunError - if the file cannot be read, or holds no document
 */
export async function explainCommand(file: string, { json = false }: { json?: boolean }): Promise<number> {
  if (file !== '-') {
    await access(file, constants.R_OK).catch((cause) => {
      throw new CouldNotRunError(`${file}: cannot be read (${(cause as Error).message})`, { cause });
    });
    if ((await stat(file)).isDirectory())
      throw new CouldNotRunError(`${file}: expected a file, got a folder`);
  }
  const input = file === '-' ? process.stdin : createReadStream(file);
  let documents = 0;
  let bad = 0;
  try {
    for await (const read of jsonDocuments(input)) {
      documents += 1;
      try {
        const value = contentOf(read);
        const walk = explain(value);
        await print(json ? JSON.stringify(walk) : account(read.line, value as BatchDocument, walk));
      } catch (error) {
        if (!isInputError(error)) throw error;
        bad += 1;
        const { code, message } = error;
        const { line } = read;
        if (json) await print(JSON.stringify({ error: { code, message, line } }));
        else
          process.stderr.write(`crl: ${file === '-' ? 'line ' : `${file}:`}${line}: ${code}: ${message}\n`);
      }
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === 'read') {
      throw new CouldNotRunError(`${file}: ${(cause as Error).message}`, { cause });
    }
    throw cause;
  }
  if (documents === 0) {
    const where = file === '-' ? 'standard input' : file;
    throw new CouldNotRunError(`${where}: expected JSON documents, got nothing`);
  }
  return bad > 0 ? 1 : 0;
}

function contentOf({ value, problem }: JsonDocument): unknown {
  if (problem === undefined) return value;
  throw new InputTypeError({
    code: 'malformed-json',
    where: 'document',
    expected: 'JSON',
    got: problem,
  });
}

/** The walk as a reader follows it: stage by stage, with small tables. */
function account(line: number, document: BatchDocument, walk: Explanation): string {
  const { batch, options } = readDocument(document);
  const { level, comparison } = options;
  const profile = walk.profile.map((sizes, j) => [j, sizes.join(' '), walk.minority[j]?.join(' ') || 'none']);
  const hard = walk.anchors.map(({ sample, attribute, class: k, positives, negatives }) => [
    sample,
    attribute,
    k,
    positives.join(' ') || 'none',
    negatives.join(' ') || 'none',
  ]);
  const gradient = gradientRows(walk.gradient).filter(({ own }) => own.some((g) => g !== 0));
  const slope = alike(gradient.flatMap(({ own }) => own));
  const { head, rows } = tripletTable(toProbabilities(batch), options);
  return [
    `── line ${line} ──`,
    'batch',
    batchTable(document),
    '',
    '1 selectMinority (Eq. 3)',
    table(['attribute', 'class profile h', 'minority classes'], profile),
    '',
    `2 mineHardSamples (Eq. ${level === 'class' ? '4, 5' : '6, 7'}), hardest first`,
    counted(['anchor', 'attribute', 'class', 'hard positives', 'hard negatives'], hard, 'anchor'),
    '',
    `3 formTriplets: ${walk.triplets.length} triplets`,
    counted(head, rows, 'triplet'),
    '',
    `4 rectificationLoss (Eq. ${EQUATIONS[comparison]}, ${level === 'class' ? 10 : 11}): L_crl = ${walk.loss}`,
    MEANS[comparison],
    gradient.length === 0
      ? 'the gradient is 0'
      : table(
          ['sample', level === 'class' ? 'dL_crl/dscores' : 'dL_crl/dfeatures'],
          gradient.map(({ own, at }) => [at, own.map(slope).join(' ')]),
        ),
    ...(walk.balanced === undefined
      ? []
      : ['', `5 balancedLoss (Eq. 2, 8): L_ce = ${walk.crossEntropy}, L = ${walk.balanced}`]),
    '',
  ]
    .map((part) => (part.includes('┌') ? part : wrapped(part)))
    .join('\n');
}

/** Each triplet with its distances, and what it contributes to the loss before the mean is taken. */
function tripletTable(batch: Batch, options: Options): { head: string[]; rows: string[][] } {
  const { triplets } = walkToTriplets(batch, options);
  const { comparison } = options;
  const found = Array.from({ length: triplets.shape[0] as number }, (_, t) => {
    const { positive, negative } = tripletPairs(triplets, t);
    const near = pairDistance(batch, options, positive, 'positive');
    const far = pairDistance(batch, options, negative, 'negative');
    const lacking = Math.max(0, (options.margin[positive.attribute] as number) - far);
    const terms = {
      relative: () => [Math.max(0, hingeArgument(batch, triplets, t, options))],
      absolute: () => [near ** 2, lacking ** 2],
      distribution: () => [],
    }[comparison]();
    const { anchor, other, attribute, class: k } = positive;
    return { places: [anchor, other, negative.other, attribute, k], numbers: [near, far, ...terms] };
  });
  const columns = (found[0]?.numbers ?? []).map((_, at) =>
    alike(found.map(({ numbers }) => numbers[at] as number)),
  );
  const rows = found.map(({ places, numbers }) => [
    ...places.map(String),
    ...numbers.map((x, at) => (columns[at] as (typeof columns)[number])(x)),
  ]);
  const indices = ['anchor', 'positive', 'negative', 'attribute', 'class'];
  return { head: [...indices, 'd(a,+)', 'd(a,−)', ...TERMS[comparison]], rows };
}

/** How the numbers of a column are written: as they are if all are short, else all but 0 with the same digits. */
function alike(numbers: readonly number[]): (x: number) => string {
  const areExact = numbers.every((x) => short(x) === String(x));
  return (x) => (areExact || x === 0 ? String(x) : x.toPrecision(ROUNDED));
}

/** A table of the first rows, with how many more there are. */
function counted(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  what: string,
): string {
  if (rows.length === 0) return `no ${what}`;
  const unseen = rows.length - MOST_ROWS;
  const drawn = table(head, rows.slice(0, MOST_ROWS));
  return unseen > 0 ? `${drawn}\n… and ${unseen} more ${what}s` : drawn;
}

/** A gradient's rows with the sample they belong to, and the attribute if each has its own. */
function gradientRows(gradient: Explanation['gradient']): { own: readonly number[]; at: string }[] {
  return gradient.flatMap((row: readonly (number | readonly number[])[], i: number) => {
    if (row.every((entry) => typeof entry === 'number')) return [{ own: row, at: `${i}` }];
    return row.map((own, k) => ({ own: own as readonly number[], at: `${k}, attribute ${i}` }));
  });
}

/** Waits for a slow reader, so that thousands of answers do not pile up in memory. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
}
