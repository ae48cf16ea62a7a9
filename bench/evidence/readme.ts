/**
 * The short answer of the README to "Does it help?", made from the results alone.
 *
 * @module
 */
import { claimsTable, finishedRuns, verdict } from './evidence-page.js';
import { hasPaperRow, type Told, testedClaims } from './looks.js';
import { withMade } from './made-passage.js';

/** The claims of the answer, by their texts in the table of the evidence. */
const ANSWERED = [
  'CRL is better than cross entropy',
  'CRL is better than the best rival',
  'CRL adds to logit adjustment',
] as const;

/**
 * The README with its answer made anew.
 *
 * @throws Error - a README without the two comments between which the answer stands
 */
export function withAnswer(page: string, given: readonly Told[]): string {
  const all = given.filter(hasPaperRow);
  const answer = [
    claimsTable(all, testedClaims(all), ANSWERED, verdict),
    '',
    `These are mean differences in percentage points, of mean average precision for the synthetic atlas and else of class-balanced accuracy, with intervals that are corrected for the number of tests. A claim is open if its interval contains 0. [The evidence](docs/evidence.md) reports all methods, ${finishedRuns(all)} trainings and the raw results.`,
  ];
  return withMade('README.md', page, 'the answer', answer.join('\n'));
}
