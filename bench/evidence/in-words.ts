/**
 * The verdicts in a few sentences, and the values that were chosen: both are made from the results alone.
 *
 * @module
 */
import { mean } from '../../src/support/interval.js';
import { ALLOWED } from './holm.js';
import { type TestedClaim, type Told, testedClaims } from './looks.js';
import type { ClaimText } from './summary.js';

/** The verdicts on CRL alone and beside logit adjustment, each as a count of data sets. */
export function verdictsInWords(all: readonly Told[]): string {
  const tested = testedClaims(all).flat();
  const told = (text: ClaimText, other: string) => counted(tested, text, other, all.length);
  return [
    `By the corrected tests on ${dataSets(all)}:`,
    '',
    `- CRL alone ${told('CRL is better than cross entropy', 'cross entropy')}.`,
    `- CRL alone ${told('CRL is better than the best rival', 'the best rival')}.`,
    `- CRL with logit adjustment ${told('CRL adds to logit adjustment', 'logit adjustment alone')}.`,
    `- CRL with a tuned logit adjustment ${told('CRL adds to a tuned logit adjustment', 'the tuned logit adjustment alone')}.`,
    '',
    'A difference that is neither is open: its interval contains 0.',
  ].join('\n');
}

/** On how many data sets a claim is confirmed, and on how many its opposite is. */
function counted(tested: readonly TestedClaim[], text: ClaimText, other: string, studies: number): string {
  const own = tested.filter((claim) => claim.text === text);
  if (own.length === 0) return `has not been compared with ${other} yet`;
  const found = own.filter(({ p }) => p < ALLOWED);
  const better = found.filter((claim) => mean(claim.tested) > 0).length;
  const worse = found.length - better;
  const of =
    own.length < studies ? ` of the ${own.length} that ${own.length === 1 ? 'has' : 'have'} both` : '';
  return `is better than ${other} on ${numberOf(better)}${of}, and worse on ${numberOf(worse)}`;
}

function dataSets({ length }: readonly Told[]): string {
  return length === 1 ? '1 data set' : `${length} data sets`;
}

function numberOf(count: number): string {
  return count === 0 ? 'none' : String(count);
}

/** Which level, comparison, κ, η and τ the validation sets chose, as a list. */
export function choicesInWords(all: readonly Told[]): string {
  const tested = testedClaims(all).flat();
  const text = 'class level is better than instance level';
  const level = counted(tested, text, 'instance level', all.length);
  return [
    `- **Level**: by the corrected tests on ${dataSets(all)}, class level ${level}.`,
    `- **Comparison**: ${bestComparisons(all)}.`,
    ...(['kappa', 'eta', 'tau'] as const).map(
      (option) => `- **${SYMBOLS[option]}**: ${chosen(all, option)}.`,
    ),
  ].join('\n');
}

const SYMBOLS = { kappa: 'κ', eta: 'η', tau: 'τ' } as const;

/** How often each comparison had the best score on the validation sets, among the three of a level and a study. */
function bestComparisons(all: readonly Told[]): string {
  const best = all.flatMap(({ summary: { rows } }) =>
    (['class', 'instance'] as const).flatMap((level) => {
      const own = rows.filter(({ name }) => new RegExp(`^CRL, ${level}, [a-z]+$`).test(name));
      if (own.length < 3) return [];
      const [first] = own.sort((a, b) => b.validation - a.validation) as [(typeof own)[number]];
      return [first.name.replace(/.*, /, '')];
    }),
  );
  const { length } = best;
  if (length === 0) return 'none is finished at a whole level yet';
  return `${tally(best)} of ${length} choices among the three of a level, by the score on the validation sets`;
}

/** How often each value of an option was chosen, among the rows of CRL that have it. */
function chosen(all: readonly Told[], option: keyof typeof SYMBOLS): string {
  const values = all.flatMap(({ summary: { rows } }) =>
    rows.flatMap(({ chosen: { changes, tried } }) => {
      const loss = changes.loss as { readonly kind?: string } & Readonly<Record<string, unknown>>;
      const isSwept = tried.some(({ path }) => path === `loss.${option}`);
      return loss.kind === 'crl' && isSwept ? [loss[option] as number] : [];
    }),
  );
  if (values.length === 0) return 'not finished yet';
  return `${tally(values)} of ${values.length} choices`;
}

/** How often each value occurs, the most frequent first: `3 in 18, 25 in 6`. */
function tally(values: readonly (number | string)[]): string {
  const counts = new Map<number | string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([value, count]) => `${value} in ${count}`).join(', ');
}
