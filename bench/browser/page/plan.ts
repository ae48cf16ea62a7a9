/**
 * What a page measures, as its address says.
 *
 * @module
 */
import { unknownName } from '../../../spec/errors.js';
import type { Size } from '../../batches.js';
import { SIZES } from '../../sizes.js';

/** The engines of a browser that are measured; `cpu` is for checking only. */
export const MEASURED_ENGINES = ['wasm', 'webgl', 'webgpu'] as const;

/** An engine that is measured. */
export type MeasuredEngine = (typeof MEASURED_ENGINES)[number];

/** What to measure, and for how long. */
export interface BenchPlan {
  readonly engines: readonly MeasuredEngine[];
  readonly sizes: readonly Size[];
  /** How long to time each case, in seconds. */
  readonly seconds: number;
  /** The fewest rounds in which the cases take turns. */
  readonly rounds: number;
}

/** Numbers of a batch above which its copies, in the page and on the engine, take gigabytes. */
const MOST_NUMBERS = 2e6;

/** The sizes that a page measures by default. */
export const PAGE_SIZES: readonly Size[] = SIZES.filter(({ n, classes }) => n * classes <= MOST_NUMBERS);

/**
 * Reads a plan from a query string: `seconds`, `rounds`, and any number of `engine`; or `plan`, all of it as JSON.
 *
 * @throws InputRangeError - if an engine is not one of {@link MEASURED_ENGINES}
 */
export function readPlan(query: string): BenchPlan {
  const asked = new URLSearchParams(query);
  const whole = asked.get('plan');
  const engines = asked.getAll('engine') as MeasuredEngine[];
  const plan: BenchPlan =
    whole === null
      ? {
          engines: engines.length > 0 ? engines : MEASURED_ENGINES,
          sizes: PAGE_SIZES,
          seconds: Number(asked.get('seconds') ?? 2),
          rounds: Number(asked.get('rounds') ?? 5),
        }
      : JSON.parse(whole);
  for (const engine of plan.engines) {
    if (!MEASURED_ENGINES.includes(engine)) unknownName('engine', 'an engine', MEASURED_ENGINES, engine);
  }
  return plan;
}

/** A plan as a query string; `start` measures without waiting for the button. */
export function planQuery(plan: BenchPlan, start: boolean): string {
  return `?${new URLSearchParams({ plan: JSON.stringify(plan), ...(start ? { start: '' } : {}) })}`;
}
