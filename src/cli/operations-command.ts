/**
 * `crl verify --engine-only`: judges the operations of an engine, and no backend.
 *
 * @module
 */
import { randomInt } from 'node:crypto';
import { unknownName } from '../../spec/rules.js';
import { isInBrowser } from '../browser/engine-names.js';
import { judgeApart } from '../engines/operations/apart/judge-apart.js';
import { CLAIMS, type ClaimReport } from '../engines/operations/index.js';
import { startProgress } from '../support/progress.js';
import { CouldNotRunError, OWN_BACKENDS } from './backends.js';
import { table } from './table.js';

/** The options that it takes of `crl verify`. */
export interface OperationsCommandOptions {
  readonly engine?: string;
  readonly seed?: number;
  readonly runs?: number;
  readonly json?: boolean;
}

/**
 * Judges the operations of one engine, in a process of its own or in a browser.
 *
 * @returns the exit code: 0, or 1 if a claim fails that is not known to fail there
 * @throws CouldNotRunError - if no engine is named
 * @throws InputRangeError - if there is no engine of that name
 * @throws EngineUnavailableError - if the engine is not available here
 */
export async function operationsCommand(options: OperationsCommandOptions): Promise<number> {
  const { engine, seed = randomInt(2 ** 31), runs, json = false } = options;
  const known = (OWN_BACKENDS.tfjs?.engines ?? []).map(({ name }) => name); // the claims are about tfjs
  if (engine === undefined)
    throw new CouldNotRunError(`--engine-only: expected --engine with one of ${known.join(', ')}`);
  if (!known.includes(engine)) unknownName('--engine', 'an engine', known, engine);
  const bar = startProgress(`Judging ${engine}`, CLAIMS.length);
  const asked = {
    engine,
    seed,
    onStart: (claim: string) => bar.show(claim),
    onReport: ({ id }: ClaimReport) => bar.advance(id),
    ...(runs === undefined ? {} : { runs }),
  };
  const report = await judgeApart(asked, await elsewhere(engine)).finally(() => bar.stop());
  if (json) print(JSON.stringify(report, null, 2));
  else {
    print(table(['claim', 'verdict', 'cases', 'what it says'], report.claims.map(row)));
    for (const claim of report.claims) if (claim.counterexample !== null) print(`\n${failureText(claim)}`);
    const adapter = report.adapter === null ? '' : ` on ${report.adapter}`;
    print(`\n${engine}${adapter}: ${countText(report.claims)}, seed ${seed}`);
  }
  return report.claims.some(({ verdict }) => verdict === 'fails') ? 1 : 0;
}

/** What drives a browser is loaded only for an engine of one. */
async function elsewhere(engine: string) {
  return isInBrowser('tfjs', engine)
    ? (await import('../engines/operations/apart/in-browser.js')).inBrowser
    : (await import('../engines/operations/apart/in-process.js')).inProcess();
}

const VERDICTS = {
  holds: 'holds',
  fails: 'FAILS',
  known: 'fails, as known',
  unexpected: 'holds, known to fail',
};

function row({ id, verdict, cases, claim, operation }: ClaimReport): (string | number)[] {
  return [id, VERDICTS[verdict], cases, `${operation}: ${claim}`];
}

function failureText({ id, counterexample, reason, graph }: ClaimReport): string {
  return [
    `${id}: ${counterexample}`,
    ...(reason === null ? [] : [`  why: ${reason}`]),
    `  the graph of the loss: ${graph}`,
  ].join('\n');
}

function countText(claims: readonly ClaimReport[]): string {
  const count = (...verdicts: ClaimReport['verdict'][]) =>
    claims.filter(({ verdict }) => verdicts.includes(verdict)).length;
  return `${count('holds', 'unexpected')} claims hold, ${count('known')} fail as known, ${count('fails')} fail`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
