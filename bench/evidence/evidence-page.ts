/**
 * The page of the evidence, made of the results alone.
 *
 * @module
 */
import type { Interval } from '../../src/support/interval.js';
import type { ComparedMetric } from '../../src/train/compare.js';
import { markdown } from '../../src/train/comparison-text.js';
import { type Changes, methodsOf, type Study, SWEEP_SEEDS } from './plan.js';
import type { StudyResults } from './results.js';
import { type Claim, claims, type Summary } from './summary.js';

/** A study with its results. */
export interface Told {
  readonly summary: Summary;
  readonly results: StudyResults;
}

/** What methods are compared by, as `crl compare` calls it. */
export const NAMES: Readonly<Record<Study['metric'], ComparedMetric>> = {
  balancedAccuracy: 'class-balanced accuracy',
  meanAveragePrecision: 'mAP',
};

/** The page. */
export function evidencePage(all: readonly Told[]): string {
  const [first] = all as [Told, ...Told[]];
  const { machine } = first.summary;
  return [
    '---',
    'title: Does it help?',
    '---',
    '',
    '<!-- Made by npm run evidence from docs/results/evidence. -->',
    '',
    '# Does it help?',
    '',
    `Cross entropy, its rivals and the six pairs of CRL (class and instance level; relative, absolute and distribution comparison), trained alike: same split, weights and batches for the same seed. ${all.reduce((sum, { summary }) => sum + summary.runs, 0)} runs on the engine \`wasm\`, ${machine.cores} cores (${machine.processor}).`,
    '',
    '## In short',
    '',
    claimsTable(all),
    '',
    'Where there are several methods on a side, the one that was best on the validation sets stands for them, so that the test set has no say in which is compared. A point is confirmed or refuted where the 95 % interval of the paired difference (Student’s t over the seeds) leaves 0 out, else it is open.',
    '',
    ...all.map(
      ({ summary: { study } }) => `![${study.title}: difference from cross entropy](${picture(study)})`,
    ),
    '',
    '## How it was done',
    '',
    `- **Choice**: each method’s values are swept one after the other, each at the best of those before it, by the mean over the validation sets of seeds ${SWEEP_SEEDS.join(' and ')}. What was tried is said with each study.`,
    '- **Test**: images that no seed trains or chooses on, the same for all seeds. The intervals are over split, weights and batches, not over test images.',
    '- **Ω, α**: α = η·Ω (Eq. 8), Ω by shortfall; ρ 0.5; margins by default.',
    '- **Instance level** compares what the last layer takes, as it is, not scaled to unit length. On digits 1:50 (seed 1, a batch of 128) 94 % of its distances are beyond 2 at the start, and all of them at the end (median 16 to 25): by default the distribution comparison clamps those, and has no slope left, which is why it does what cross entropy does. It was not tried with unit-length features or a wider `range`.',
    '- **Not done**: augmentation, larger nets, other data. What is said here is said of these.',
    '',
    ...all.flatMap(studySection),
    '## Again',
    '',
    '```sh',
    'npm run evidence                        # all that is not done yet',
    `npm run evidence -- --only ${first.summary.study.id}   # one study`,
    'npm run evidence -- --report            # this page alone',
    '```',
    '',
    'Runs that are done are in [docs/results/evidence](results/evidence/digits-100.json), a line each, and are not done again; to do one again, take its line out. A run is one process’s: give another `--work` to a second one.',
    '',
  ].join('\n');
}

/** The picture of a study, as the page links it. */
export function picture({ id }: Study): string {
  return `results/evidence/${id}.svg`;
}

function claimsTable(all: readonly Told[]): string {
  const told = all.map(({ summary, results }) => claims(summary, results));
  const texts = [...new Set(told.flatMap((own) => own.map(({ text }) => text)))];
  const cell = (text: string, at: number) => {
    const found = told[at]?.find((claim) => claim.text === text);
    return found ? verdict(found) : '–';
  };
  return markdown({
    head: ['', ...all.map(({ summary: { study } }) => study.title)],
    rows: texts.map((text) => [text, ...all.map((_, at) => cell(text, at))]),
  });
}

function verdict({ lead, first, second }: Claim): string {
  const { mean, reach } = lead;
  const clear = reach !== null && Math.abs(mean) > reach;
  const word = clear ? (mean > 0 ? '**confirmed**' : '**refuted**') : 'open';
  return `${word}: ${points(lead)} (${first} − ${second})`;
}

function studySection({ summary }: Told): string[] {
  const { study, counts, seeds, rows, unfinished, batches } = summary;
  const metric = NAMES[study.metric];
  const columns: readonly ComparedMetric[] = [metric, 'many-shot', 'medium-shot', 'few-shot'];
  const { epochs, batchSize, learningRate, model } = study.base as Record<string, unknown>;
  const { filters, hidden } = model as { filters: number[]; hidden: number };
  const many = counts.length > 12 ? `${Math.max(...counts)} to ${Math.min(...counts)}` : counts.join(', ');
  return [
    `## ${study.title}`,
    '',
    `Training images by class: ${many}. ${epochs} epochs of batches of ${batchSize}, Adam from ${learningRate} down a cosine, convolutions of ${filters.join(' and ')} filters, ${hidden} hidden units. In %, mean ± 95 % interval over seeds ${seeds.join(', ')}.`,
    '',
    markdown({
      head: ['', 'chosen', ...columns, `${metric} less cross entropy`, 'few-shot less cross entropy'],
      rows: rows.map(({ name, chosen, metrics, differences }) => [
        name,
        shownChanges(chosen.changes),
        ...columns.map((column) => percent(metrics[column])),
        points(differences?.[metric] ?? null),
        points(differences?.['few-shot'] ?? null),
      ]),
    }),
    '',
    `Tried: ${swept(study)}.`,
    '',
    ...unfinished.map(({ name, reason }) => `- ${name}: no row (${reason})`),
    ...(unfinished.length > 0 ? [''] : []),
    ...(batches.length === 0
      ? []
      : [
          '### Batch size and class-aware batches',
          '',
          'CRL does not see a class of which a batch has fewer than two samples. Class-aware batches draw two of each class that they draw. The learning rate goes with the root of the batch size; epochs are the same.',
          '',
          markdown({
            head: ['batches', 'cross entropy', 'CRL, class, relative', 'difference', 'few-shot difference'],
            rows: batches.map(({ batches: name, entries: [entropy, crl] }) => [
              name,
              percent(entropy?.metrics[metric]),
              percent(crl?.metrics[metric]),
              points(crl?.differences?.[metric] ?? null),
              points(crl?.differences?.['few-shot'] ?? null),
            ]),
          }),
          '',
        ]),
  ];
}

/** The values of each method’s axes; those of CRL are the same for all pairs. */
function swept(study: Study): string {
  const told = methodsOf(study)
    .filter(({ axes }) => axes.length > 0)
    .map(({ name, family, axes }) => {
      const values = axes.map(
        ({ path, values }) => `${shownName(path)} ${[...values].sort((a, b) => a - b).join(', ')}`,
      );
      return `${/level/.test(family) ? 'CRL' : name} ${values.join('; ')}`;
    });
  return [...new Set(told)].join(' · ');
}

/** What was chosen for a method, in short. */
function shownChanges({ loss }: Changes): string {
  if (typeof loss === 'string') return '';
  const { kind: _, level: __, comparison: ___, ...values } = Object(loss) as Record<string, unknown>;
  return Object.entries(values)
    .map(([name, value]) => `${shownName(name)} ${value}`)
    .join(', ');
}

const SYMBOLS: Readonly<Record<string, string>> = {
  eta: 'η',
  kappa: 'κ',
  gamma: 'γ',
  beta: 'β',
  tau: 'τ',
  reweightFrom: 're-weighted from',
  maxMargin: 'margin',
};

/** The field's symbol for an option, or for its path in a config. */
function shownName(path: string): string {
  const name = path.replace('loss.', '');
  return SYMBOLS[name] ?? name;
}

function percent(value: Interval | null | undefined): string {
  if (!value) return '–';
  return `${(100 * value.mean).toFixed(1)} ± ${(100 * (value.reach ?? Number.NaN)).toFixed(1)}`;
}

/** A difference, in points of a percentage. */
function points(value: Interval | null): string {
  if (!value) return '';
  const size = (100 * Math.abs(value.mean)).toFixed(1);
  const sign = Number(size) === 0 ? '' : value.mean < 0 ? '−' : '+';
  return `${sign}${size} ± ${(100 * (value.reach ?? Number.NaN)).toFixed(1)}`;
}
