/**
 * What the page "Which loss should I use?" says of the measurements, made from the results alone.
 *
 * @module
 */
import { markdown } from '../../src/train/comparison-text.js';
import { NAMES, points } from './evidence-page.js';
import { choicesInWords, verdictsInWords } from './in-words.js';
import { hasPaperRow, type Told } from './looks.js';
import { withMade } from './made-passage.js';

/** The methods of the table, by their names in the plan. */
const METHODS: readonly (readonly [name: string, shown: string])[] = [
  ['cross entropy, tuned', 'cross entropy, tuned (small batches, weight decay, shifted images)'],
  ['logit-adjusted', 'logit-adjusted'],
  ['post-hoc logit-adjusted', 'post-hoc logit adjustment of cross entropy'],
  ['logit-adjusted, tuned', 'logit-adjusted, tuned'],
  ['τ-normalised', 'τ-normalisation of cross entropy'],
  ['classifier re-trained', 'classifier re-training (cRT)'],
  ['balanced sampling', 'balanced sampling'],
  ['weighted', 'weighted cross entropy'],
  ['class-balanced', 'class-balanced'],
  ['ldam', 'LDAM'],
  ['focal', 'focal'],
  ['CRL, class, relative', 'CRL, class level, relative'],
  ['CRL, class, relative, easy anchors', 'CRL, class level, relative, easy anchors'],
  [
    'CRL, instance, relative, easy anchors, falling weight',
    'CRL, instance level, relative, easy anchors, falling weight',
  ],
  ['CRL, class, relative, tuned', 'CRL, class level, relative, tuned'],
  ['CRL, instance, relative', 'CRL, instance level, relative'],
  ['CRL, instance, absolute', 'CRL, instance level, absolute'],
  ['CRL, logit-adjusted', 'CRL, class level, with logit adjustment'],
  ['CRL, instance, logit-adjusted', 'CRL, instance level, with logit adjustment'],
  ['CRL, instance, logit-adjusted, tuned', 'CRL, instance level, with logit adjustment, tuned'],
];

/**
 * The page with its passages made anew: the verdicts, the table of differences, and what the validation sets chose. A
 * method is a row of the table once it is finished in one of the studies.
 *
 * @throws Error - a page without the two comments between which a passage stands
 */
export function withMeasurements(page: string, given: readonly Told[]): string {
  const all = given.filter(hasPaperRow);
  const passages = [
    ['the answer', verdictsInWords(all)],
    ['the table', measuredTable(all)],
    ['the choices', choicesInWords(all)],
  ] as const;
  return passages.reduce((made, [name, passage]) => withMade('which-loss.md', made, name, passage), page);
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
