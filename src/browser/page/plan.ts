/**
 * What a page verifies, as its address says.
 *
 * @module
 */
import { unknownName } from '../../../spec/errors.js';
import type { VerifyChoices } from '../../verify/verify-choices.js';

/** The backends of a page, and the engines of each as the page calls them. */
export type PageEngines = Readonly<Record<string, readonly string[]>>;

/** Engines, and what to ask of each. */
export interface PagePlan {
  readonly backend: string;
  readonly engines: readonly string[];
  readonly choices: VerifyChoices;
}

/** Cases per property by default: fewer than elsewhere, since a person is watching. */
const PAGE_RUNS = 30;

/**
 * Reads a plan from a query string: `backend`, `runs`, `seed`, and any number of `engine` and `property`; or
 * `plan`, all of it as JSON.
 *
 * @param known - what the page has
 * @throws InputRangeError - if it has no such backend, or no such engine of it
 */
export function readPlan(query: string, known: PageEngines): PagePlan {
  const asked = new URLSearchParams(query);
  const whole = asked.get('plan');
  const plan: PagePlan = whole === null ? byHand(asked, known) : JSON.parse(whole);
  const engines = enginesOf(plan.backend, known);
  for (const engine of plan.engines) {
    if (!engines.includes(engine)) unknownName('engine', `an engine of ${plan.backend}`, engines, engine);
  }
  return plan;
}

/** A plan as a query string. */
export function planQuery(plan: PagePlan): string {
  return `?${new URLSearchParams({ plan: JSON.stringify(plan) })}`;
}

/** Whether an address names what to run, so that a page starts without being asked. */
export function namesEngines(query: string): boolean {
  const asked = new URLSearchParams(query);
  return asked.has('plan') || asked.has('engine');
}

/** A plan as a query string that a person can read and change; known failures and stages are left out. */
export function handQuery({ backend, engines, choices }: PagePlan): string {
  const { runs = PAGE_RUNS, seed, only = [] } = choices;
  const query = new URLSearchParams({ backend });
  for (const engine of engines) query.append('engine', engine);
  query.append('runs', String(runs));
  if (seed !== undefined) query.append('seed', String(seed));
  for (const id of only) query.append('property', id);
  return `?${query}`;
}

function enginesOf(backend: string, known: PageEngines): readonly string[] {
  const names = Object.keys(known);
  if (!names.includes(backend)) unknownName('backend', 'a backend', names, backend);
  return known[backend] as readonly string[];
}

function byHand(asked: URLSearchParams, known: PageEngines): PagePlan {
  const backend = asked.get('backend') ?? 'tfjs';
  const engines = asked.getAll('engine');
  const only = asked.getAll('property');
  return {
    backend,
    engines: engines.length > 0 ? engines : enginesOf(backend, known),
    choices: {
      runs: Number(asked.get('runs') ?? PAGE_RUNS),
      ...(asked.has('seed') ? { seed: Number(asked.get('seed')) } : {}),
      ...(only.length > 0 ? { only } : {}),
    },
  };
}
