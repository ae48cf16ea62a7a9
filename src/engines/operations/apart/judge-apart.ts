/**
 * Judges the operations of an engine in another process or in a page, so that an engine that crashes or hangs fails
 * the claim that it was judged on, and the others are judged all the same.
 *
 * @module
 */
import { CLAIMS, type ClaimReport, type OperationsOptions, type OperationsReport } from '../index.js';

/** The process or page ended, or did not answer, before all claims were judged. */
export class JudgeEndedError extends Error {
  override readonly name = 'JudgeEndedError';
}

/** What is judged in one go. */
export type JudgeRequest = Required<Pick<OperationsOptions, 'engine' | 'seed' | 'only'>> &
  Pick<OperationsOptions, 'runs'>;

/** What is told on the way. */
export type JudgeEvents = Required<Pick<OperationsOptions, 'onStart' | 'onReport'>>;

/**
 * Judges some claims elsewhere.
 *
 * @throws EngineUnavailableError - if the engine is not available here
 * @throws JudgeEndedError
 */
export type JudgeElsewhere = (
  request: JudgeRequest,
  events: JudgeEvents,
) => Promise<Pick<OperationsReport, 'adapter'>>;

/**
 * Judges all operations of an engine elsewhere.
 *
 * @param elsewhere - called again with the claims that are left after one on which it ended
 * @throws EngineUnavailableError - if the engine is not available here
 * @throws JudgeEndedError - if it ends before the first claim, when nothing is known of the engine
 */
export async function judgeApart(
  { engine, seed, runs, only = CLAIMS.map(({ id }) => id), onStart, onReport }: OperationsOptions,
  elsewhere: JudgeElsewhere,
): Promise<OperationsReport> {
  const claims: ClaimReport[] = [];
  const report = (found: ClaimReport) => {
    claims.push(found);
    onReport?.(found);
  };
  let left = only;
  let adapter: string | null = null;
  while (left.length > 0) {
    let current: string | undefined;
    const events: JudgeEvents = {
      onStart: (id) => {
        current = id;
        onStart?.(id);
      },
      onReport: report,
    };
    const request = { engine, seed, only: left, ...(runs === undefined ? {} : { runs }) };
    try {
      ({ adapter } = await elsewhere(request, events));
    } catch (error) {
      if (!(error instanceof JudgeEndedError) || current === undefined) throw error;
      report(endedOn(current, error.message));
    }
    const judged = new Set(claims.map(({ id }) => id));
    left = left.filter((id) => !judged.has(id));
  }
  return { engine, adapter, seed, claims };
}

/** A claim on which the engine ended fails, also where it is known to fail in another way. */
function endedOn(id: string, how: string): ClaimReport {
  const { operation, text, graph } = CLAIMS.find((claim) => claim.id === id) as (typeof CLAIMS)[number];
  return { id, operation, claim: text, verdict: 'fails', cases: 0, counterexample: how, reason: null, graph };
}
