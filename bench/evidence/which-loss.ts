/**
 * The table of measured differences on the page "Which loss should I use?", made from the results alone.
 *
 * @module
 */
import { markdown } from '../../src/train/comparison-text.js';
import { NAMES, points } from './evidence-page.js';
import { hasPaperRow, type Told } from './looks.js';

/** What stands before the table, and after it. */
const [BEGIN, END] = [
  '<!-- Made by npm run evidence: the table. -->',
  '<!-- The end of the table. -->',
] as const;

/** The methods of the table, by their names in the plan. */
const METHODS: readonly (readonly [name: string, shown: string])[] = [
  ['cross entropy, tuned', 'cross entropy, tuned (small batches, weight decay, shifted images)'],
  ['logit-adjusted', 'logit-adjusted'],
  ['logit-adjusted, tuned', 'logit-adjusted, tuned'],
  ['classifier re-trained', 'classifier re-training (cRT)'],
  ['balanced sampling', 'balanced sampling'],
  ['weighted', 'weighted cross entropy'],
  ['class-balanced', 'class-balanced'],
  ['ldam', 'LDAM'],
  ['focal', 'focal'],
  ['CRL, class, relative', 'CRL, class level, relative'],
  ['CRL, class, relative, tuned', 'CRL, class level, relative, tuned'],
  ['CRL, instance, relative', 'CRL, instance level, relative'],
  ['CRL, instance, absolute', 'CRL, instance level, absolute'],
  ['CRL, logit-adjusted', 'CRL, class level, with logit adjustment'],
];

/**
 * The page with its table made anew. A method is a row once it is finished in one of the studies.
 *
 * @throws Error - a page without the two comments between which the table stands
 */
export function withMeasuredTable(page: string, given: readonly Told[]): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from)
    throw new Error(`which-loss.md: expected the comments ${BEGIN} and ${END}, in this order`);
  return `${page.slice(0, from)}${BEGIN}\n\n${measuredTable(given.filter(hasPaperRow))}\n\n${page.slice(to)}`;
}

function measuredTable(all: readonly Told[]): string {
  const cells = (wanted: string) =>
    all.map(({ summary: { study, rows } }) => {
      const found = rows.find(({ name }) => name === wanted)?.differences?.[NAMES[study.metric]];
      if (!found) return '–';
      const excludes0 = found.reach !== null && Math.abs(found.mean) > found.reach;
      return excludes0 ? `**${points(found)}**` : points(found);
    });
  return markdown({
    head: ['loss', ...all.map(({ summary: { study } }) => study.title)],
    rows: METHODS.map(([name, shown]) => [shown, ...cells(name)]).filter(([, ...own]) =>
      own.some((cell) => cell !== '–'),
    ),
  });
}
