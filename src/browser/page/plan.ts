/**
 * What a page verifies, as its address says.
 *
 * @module
 */
import { unknownName } from '../../../spec/errors.js';
import type { VerifyChoices } from '../../verify/verify-choices.js';

/** Engines that a browser can have. */
export const BROWSER_ENGINES = ['cpu', 'wasm', 'webgl', 'webgpu'] as const;

/** An engine that a browser can have. */
export type BrowserEngine = (typeof BROWSER_ENGINES)[number];

/** Backends of this package that run in a browser. */
export const BROWSER_BACKENDS = ['tfjs', 'tfjs-fused'] as const;

/** A backend that runs in a browser. */
export type BrowserBackend = (typeof BROWSER_BACKENDS)[number];

/** Engines, and what to ask of each. */
export interface PagePlan {
  readonly backend: BrowserBackend;
  readonly engines: readonly BrowserEngine[];
  readonly choices: VerifyChoices;
}

/** Cases per property by default: fewer than elsewhere, since a person is watching. */
const PAGE_RUNS = 30;

/**
 * Reads a plan from a query string: `backend`, `runs`, `seed`, and any number of `engine` and `property`; or
 * `plan`, all of it as JSON.
 *
 * @throws InputRangeError - if no browser has the backend or an engine
 */
export function readPlan(query: string): PagePlan {
  const asked = new URLSearchParams(query);
  const whole = asked.get('plan');
  const plan: PagePlan = whole === null ? byHand(asked) : JSON.parse(whole);
  if (!BROWSER_BACKENDS.includes(plan.backend))
    unknownName('backend', 'a backend', BROWSER_BACKENDS, plan.backend);
  for (const engine of plan.engines) {
    if (BROWSER_ENGINES.includes(engine)) continue;
    unknownName('engine', 'an engine', BROWSER_ENGINES, engine);
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

function byHand(asked: URLSearchParams): PagePlan {
  const engines = asked.getAll('engine') as BrowserEngine[];
  const only = asked.getAll('property');
  return {
    backend: (asked.get('backend') ?? 'tfjs') as BrowserBackend,
    engines: engines.length > 0 ? engines : BROWSER_ENGINES,
    choices: {
      runs: Number(asked.get('runs') ?? PAGE_RUNS),
      ...(asked.has('seed') ? { seed: Number(asked.get('seed')) } : {}),
      ...(only.length > 0 ? { only } : {}),
    },
  };
}
