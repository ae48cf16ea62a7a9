/**
 * `crl properties` and `crl verify --list`: what the suite claims of a backend, by stage, and what it costs.
 *
 * @module
 */
import {
  type ConformanceLevel,
  costOf,
  DEFAULT_RUNS,
  levelsOf,
  type Property,
  properties,
} from '../../properties/index.js';
import { STAGES } from '../../spec/choices.js';
import { unknownName } from '../../spec/rules.js';
import { terminalWidth, wrapped } from './terminal.js';

/** A property as it is listed. */
export interface ListedProperty extends Pick<Property, 'id' | 'stage' | 'source' | 'claim' | 'required'> {
  /** The levels of conformance that it belongs to. */
  readonly levels: readonly ConformanceLevel[];
  /** Cases of a run. */
  readonly cases: number;
  /** Its share of the time of a default run of all properties, in [0, 1]: measured once, and rough. */
  readonly share: number;
}

/**
 * Prints properties with their claims, sources, levels and cost.
 *
 * @param ids - only these; none: all
 * @returns the exit code
 * @throws InputRangeError - if no property has an id
 */
export async function propertiesCommand(
  ids: readonly string[],
  { json = false }: { json?: boolean },
): Promise<number> {
  const known = properties.map(({ id }) => id);
  for (const id of ids) if (!known.includes(id)) unknownName('property', 'the id of a property', known, id);
  printProperties(
    properties.filter(({ id }) => ids.length === 0 || ids.includes(id)),
    { json },
  );
  return 0;
}

/**
 * Prints some properties.
 *
 * @param runs - cases per property that are asked for. Default: those of a default run
 */
export function printProperties(
  asked: readonly Property[],
  { json = false, runs = DEFAULT_RUNS }: { json?: boolean; runs?: number },
): void {
  const listed = asked.map((property) => listedProperty(property, runs));
  if (json) process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
  else process.stdout.write(`${listText(listed)}\n`);
}

function listedProperty(property: Property, runs: number): ListedProperty {
  const { id, stage, source, claim, required, runs: casesOf = (asked) => asked } = property;
  const whole = properties.reduce((sum, each) => sum + costOf(each, DEFAULT_RUNS), 0);
  const share = Math.round((1000 * costOf(property, runs)) / whole) / 1000;
  return { id, stage, source, claim, required, levels: levelsOf(property), cases: casesOf(runs), share };
}

function listText(listed: readonly ListedProperty[]): string {
  return STAGES.flatMap((stage) => {
    const own = listed.filter((property) => property.stage === stage);
    if (own.length === 0) return [];
    const lines = own.map(({ id, source, claim, required, levels, cases, share }) =>
      [
        `  ${id} (${[...levels, ...(required ? [] : ['recommended'])].join(', ')})`,
        `    ${claim} (${source})`,
        `    ${cases} ${cases === 1 ? 'case' : 'cases'}, ${percent(share)} of the time of a default run`,
      ]
        .map((line) => wrapped(line, terminalWidth()))
        .join('\n'),
    );
    return [stage, ...lines];
  }).join('\n');
}

function percent(share: number): string {
  return share < 0.001 ? 'less than 0.1 %' : `${(100 * share).toFixed(1)} %`;
}
