/**
 * `crl explain FILE`: walks batches, one JSON document a line, through the stages.
 *
 * @module
 */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type BatchDocument, type Comparison, InputTypeError, isInputError } from '../../spec/index.js';
import { type Explanation, explain } from '../explain.js';
import { parsedJson } from '../support/json-text.js';
import { short } from '../verify/report/batch-rows.js';
import { CouldNotRunError } from './backends.js';
import { batchTable } from './batch-table.js';
import { table } from './table.js';

/** The equation of each comparison. */
const EQUATIONS: Record<Comparison, string> = { relative: '9', absolute: '13', distribution: '14 to 16' };

/** Anchors past this are counted, not shown, in the readable account. */
const MOST_ANCHORS = 30;

/**
 * Answers every line; a bad one with an error, and the others still run.
 *
 * @param file - a path, or `-` for standard input
 * @returns the exit code: 0, or 1 if some line was bad
 * @throws CouldNotRunError - if the file cannot be read
 */
export async function explainCommand(file: string, { json = false }: { json?: boolean }): Promise<number> {
  if (file !== '-') {
    await access(file, constants.R_OK).catch((cause) => {
      throw new CouldNotRunError(`${file}: cannot be read (${(cause as Error).message})`, { cause });
    });
  }
  const input = file === '-' ? process.stdin : createReadStream(file);
  let line = 0;
  let bad = 0;
  try {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      line += 1;
      if (text.trim() === '') continue;
      try {
        const document = parse(text);
        const walk = explain(document);
        await print(json ? JSON.stringify(walk) : account(line, document as BatchDocument, walk));
      } catch (error) {
        if (!isInputError(error)) throw error;
        bad += 1;
        const { code, message } = error;
        await print(
          json ? JSON.stringify({ error: { code, message, line } }) : `line ${line}: ${code}: ${message}\n`,
        );
      }
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall === 'read') {
      throw new CouldNotRunError(`${file}: ${(cause as Error).message}`, { cause });
    }
    throw cause;
  }
  return bad > 0 ? 1 : 0;
}

function parse(text: string): unknown {
  try {
    return parsedJson(text);
  } catch (error) {
    throw new InputTypeError({
      code: 'malformed-json',
      where: 'line',
      expected: 'one JSON document',
      got: (error as Error).message,
    });
  }
}

/** The walk as a reader follows it: stage by stage, with small tables. */
function account(line: number, document: BatchDocument, walk: Explanation): string {
  const profile = walk.profile.map((sizes, j) => [j, sizes.join(' '), walk.minority[j]?.join(' ') || 'none']);
  const hard = walk.anchors
    .slice(0, MOST_ANCHORS)
    .map(({ sample, attribute, class: k, positives, negatives }) => [
      sample,
      attribute,
      k,
      positives.join(' ') || 'none',
      negatives.join(' ') || 'none',
    ]);
  const unseen = walk.anchors.length - MOST_ANCHORS;
  const { level = 'class', comparison = 'relative' } = document.options ?? {};
  const gradient = gradientRows(walk.gradient)
    .filter(({ own }) => own.some((g) => g !== 0))
    .map(({ own, at }) => [at, own.map(short).join(' ')]);
  return [
    `── line ${line} ──`,
    'batch',
    batchTable(document),
    '',
    '1 selectMinority (Eq. 3)',
    table(['attribute', 'class profile h', 'minority classes'], profile),
    '',
    `2 mineHardSamples (Eq. ${level === 'class' ? '4, 5' : '6, 7'}), hardest first`,
    hard.length === 0
      ? 'no anchor'
      : table(['anchor', 'attribute', 'class', 'hard positives', 'hard negatives'], hard),
    ...(unseen > 0 ? [`… and ${unseen} more anchors`] : []),
    '',
    `3 formTriplets: ${walk.triplets.length} triplets`,
    '',
    `4 rectificationLoss (Eq. ${EQUATIONS[comparison]}, ${level === 'class' ? 10 : 11}): L_crl = ${walk.loss}`,
    gradient.length === 0
      ? 'the gradient is 0'
      : table(['sample', level === 'class' ? 'dL_crl/dscores' : 'dL_crl/dfeatures'], gradient),
    ...(walk.balanced === undefined
      ? []
      : ['', `5 balancedLoss (Eq. 2, 8): L_ce = ${walk.crossEntropy}, L = ${walk.balanced}`]),
    '',
  ].join('\n');
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
