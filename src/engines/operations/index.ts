/**
 * Judges the operations of an engine, without any backend: what a ranking loss needs of them.
 *
 * @module
 */
import fc from 'fast-check';
import { runGraph } from '../../../backends/tfjs/engines/run-graph.js';
import { loadEngine } from '../../../backends/tfjs/index.js';
import type { Claim, Values } from './claim.js';
import { EVEN } from './even.js';
import { EXACT } from './exact.js';
import { NON_FINITE } from './non-finite.js';
import { ORDER } from './order.js';
import { SLOPES } from './slopes.js';

export type { Claim } from './claim.js';

/** All claims. */
export const CLAIMS: readonly Claim[] = [...EVEN, ...ORDER, ...EXACT, ...NON_FINITE, ...SLOPES];

/**
 * What became of a claim on an engine.
 *
 * - `holds`, `fails`
 * - `known`: it fails, as it is known to.
 * - `unexpected`: it is known to fail, and holds.
 */
export type ClaimVerdict = 'holds' | 'fails' | 'known' | 'unexpected';

/** A claim that was judged. */
export interface ClaimReport {
  readonly id: string;
  readonly operation: string;
  readonly claim: string;
  readonly verdict: ClaimVerdict;
  readonly cases: number;
  /** The smallest input that was found on which it fails, and how; null if it holds. */
  readonly counterexample: string | null;
  /** Why it is known to fail; null if it holds or is not known to fail. */
  readonly reason: string | null;
  /** What the graph of the loss does about it; null if the claim holds. */
  readonly graph: string | null;
}

/** What was found of an engine. */
export interface OperationsReport {
  readonly engine: string;
  readonly adapter: string | null;
  readonly seed: number;
  readonly claims: readonly ClaimReport[];
}

/** How an engine is judged. */
export interface OperationsOptions {
  readonly engine: string;
  readonly seed: number;
  /** Cases per claim. Default 100. */
  readonly runs?: number;
  /** Only the claims of these ids. Default: all. */
  readonly only?: readonly string[];
  /** Called before each claim, with its id. */
  readonly onStart?: (claim: string) => void;
  /** Called after each claim. */
  readonly onReport?: (report: ClaimReport) => void;
}

/**
 * Judges all operations of an engine.
 *
 * @throws EngineUnavailableError - if the engine is not available here
 */
export async function judgeOperations(options: OperationsOptions): Promise<OperationsReport> {
  const { engine: name, seed, runs = 100, only, onStart, onReport } = options;
  const engine = await loadEngine(name);
  await import('@tensorflow/tfjs'); // which registers derivatives
  await loadEngine(name); // the import may make an engine of its own the current one
  const claims: ClaimReport[] = [];
  for (const claim of CLAIMS) {
    if (only && !only.includes(claim.id)) continue;
    onStart?.(claim.id);
    const run = async (graph: Parameters<typeof runGraph>[1]): Promise<Values> => {
      const found = await runGraph(engine, graph);
      return Object.fromEntries(Object.entries(found).map(([key, { data }]) => [key, data]));
    };
    const report = await judgeClaim(claim, name, run, seed, runs);
    claims.push(report);
    onReport?.(report);
  }
  return { engine: name, adapter: engine.adapter ?? null, seed, claims };
}

/** Judges one claim. @param run - computes a graph, and reads its results */
export async function judgeClaim(
  claim: Claim,
  engine: string,
  run: (graph: () => ReturnType<Claim['compute']>) => Promise<Values>,
  seed: number,
  runs: number,
): Promise<ClaimReport> {
  const property = fc.asyncProperty(claim.inputs, async (input) => {
    const wrong = claim.wrong(await run(() => claim.compute(input)), input);
    if (wrong !== undefined) throw new Error(wrong);
  });
  const found = await fc.check(property, { seed, numRuns: runs });
  const reason = claim.known?.[engine] ?? claim.known?.every;
  const { failed, counterexample, numRuns } = found;
  const error = found.errorInstance as Error | null;
  return {
    id: claim.id,
    operation: claim.operation,
    claim: claim.text,
    verdict: failed
      ? reason === undefined
        ? 'fails'
        : 'known'
      : reason === undefined
        ? 'holds'
        : 'unexpected',
    cases: numRuns,
    counterexample: failed
      ? `${fc.stringify(counterexample?.[0])}: ${error?.message.split('\n')[0] ?? 'no reason'}`
      : null,
    reason: failed ? (reason ?? null) : null,
    graph: failed ? claim.graph : null,
  };
}
