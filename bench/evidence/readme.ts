/**
 * The short answer of the README to "Does it help?", made from the results alone.
 *
 * @module
 */
import { claimsTable, finishedRuns, verdict } from './evidence-page.js';
import { verdictsInWords } from './in-words.js';
import { hasPaperRow, type Told, testedClaims } from './looks.js';
import { withMade } from './made-passage.js';
import type { ClaimText } from './summary.js';

/** The claims of the answer, by their texts in the table of the evidence. */
const ANSWERED: readonly ClaimText[] = [
  'CRL is better than cross entropy',
  'CRL is better than the best rival',
  'CRL adds to logit adjustment',
];

/**
 * The README with its answer made anew.
 *
 * @throws Error - a README without the two comments between which the answer stands
 */
export function withAnswer(page: string, given: readonly Told[]): string {
  const all = given.filter(hasPaperRow);
  const answer = [
    verdictsInWords(all),
    '',
    claimsTable(all, testedClaims(all), ANSWERED, verdict),
    '',
    `The table has mean differences in percentage points, of mean average precision for the synthetic atlas and else of class-balanced accuracy, with intervals that are corrected for the number of tests. [The evidence](docs/evidence.md) reports all methods, ${finishedRuns(all)} trainings and the raw results.`,
  ];
  return withMade('README.md', page, 'the answer', answer.join('\n'));
}
