/**
 * The coverage of a run as the written reports show it: a sentence, and a row per condition.
 *
 * @module
 */
import { type Coverage, originOf, type Report } from '../../../properties/index.js';

/** What a table of coverage is headed by. */
export const COVERAGE_HEAD = ['condition', 'holds where', 'of', 'cases', 'required'] as const;

/** A row per condition; one that the backend's capabilities exclude has no counts. */
export function coverageRows({ conditions }: Coverage): string[][] {
  return conditions.map((condition) => {
    const { id, what, cases, required, excluded } = condition;
    return [
      id,
      excluded === undefined ? what : `${what} (${excluded})`,
      originOf(condition),
      ...(excluded === undefined ? [`${cases}`, `${required}`] : ['–', '–']),
    ];
  });
}

/** What became of the coverage, in a sentence or two. */
export function coverageWords({ enforced, notEnforced, cases, short, conditions, pairs }: Coverage): string {
  const able = conditions.filter(({ excluded }) => excluded === undefined);
  const met = able.filter((condition) => condition.cases > 0).length;
  const rule = enforced ? '' : ` No condition is required here: ${notEnforced}.`;
  const few = short.length === 0 ? '' : ` Too few cases met ${short.join(', ')}.`;
  return `${cases} cases met ${met} of ${able.length} conditions, and ${pairs.met} of ${pairs.possible} pairs of choices.${few}${rule}`;
}

/** The largest share of its tolerance that each property used, for those that compare numbers. */
export function worstRows({ properties }: Report): string[][] {
  return properties.flatMap(({ id, worst }) => (worst === undefined ? [] : [[id, worst.toFixed(3)]]));
}
