/**
 * The page of the evidence, made from the results alone.
 *
 * @module
 */
import { deviation, type Interval, interval, mean } from '../../src/support/interval.js';
import type { ComparedMetric } from '../../src/train/compare.js';
import { markdown } from '../../src/train/comparison-text.js';
import { BATCHES } from './batches.js';
import type { Chosen } from './choose.js';
import { ALLOWED } from './holm.js';
import { verdictsInWords } from './in-words.js';
import { hasPaperRow, type TestedClaim, type Told, testedClaims } from './looks.js';
import { leftOutOf, methodsOf } from './methods.js';
import { paperClaims } from './paper-claims.js';
import { type Changes, type Study, SWEEP_SEEDS } from './plan.js';
import { TENSORFLOW_THREADS } from './studies.js';
import { CLAIMS, type Summary } from './summary.js';
import { hoursOf, type StudyPlan } from './training-plan.js';

/** The metric that a study compares by, under the name that `crl compare` gives it. */
export const NAMES: Readonly<Record<Study['metric'], ComparedMetric>> = {
  balancedAccuracy: 'class-balanced accuracy',
  meanAveragePrecision: 'mAP',
};

/** Where the results lie, as seen from the page of the site. */
export const PLACE = 'results/evidence/';

/**
 * The page. A study without CRL as in the paper has only begun: it is named, and nothing is concluded from it.
 *
 * @param given - at least one study
 * @param place - the folder of the results and charts, as seen from the page
 */
export function evidencePage(given: readonly Told[], plans: readonly StudyPlan[], place = PLACE): string {
  const all = given.filter(hasPaperRow);
  const begun = given.filter((told) => !hasPaperRow(told));
  const [first] = given as [Told, ...Told[]];
  return [
    '---',
    'title: Does it help?',
    '---',
    '',
    '<!-- Made by npm run evidence from docs/results/evidence. -->',
    '',
    '# Does it help?',
    '',
    `Cross entropy, its rivals and the six kinds of CRL (class or instance level; relative, absolute or distribution comparison) were trained alike: with the same split, initial weights and batches for the same seed, except where a row says that batches differ. There were ${finishedRuns(given)} runs on the engine ${engineWords(first)}, on ${machines(given)}.`,
    '',
    '## In short',
    '',
    ...(all.length === 0
      ? [
          'Nothing is concluded yet: no study has finished CRL as in the paper (class level, relative comparison).',
          '',
        ]
      : verdicts(all, first.summary.seeds)),
    ...all.map(
      ({ summary: { study } }) =>
        `![${study.title}: difference from cross entropy](${picture(study, place)})`,
    ),
    ...(all.length === 0 ? [] : ['']),
    '## How it was done',
    '',
    `- **Choice**: the options of a method are swept one after the other, each with the best values of those before it, by the mean score on the validation sets of seeds ${SWEEP_SEEDS.join(' and ')}. Each study lists its grids. An end beyond which there is no value, such as κ 1 or τ 0, counts as inside.`,
    '- **Test**: the test images are the same for all seeds, and no seed trains or chooses on them. The intervals cover different splits, initial weights and batches, not different test images.',
    '- **Ω, α**: α = η·Ω (Eq. 8) with Ω by shortfall; ρ = 0.5; default margins. Rows with a falling weight have no η: their α follows [the schedule of DCL](train.md#easy-anchors), which falls for a share p of the training and is ε/(1+ε) afterwards.',
    '- **Instance level** compares the inputs of the last layer as they are, not scaled to unit length. Their distances are not bounded: on digits, nearly all are above 2 from the first step on. By default the distribution comparison clamps such distances, and what is clamped has no gradient, so that it trains nearly like cross entropy. Rows with unit features divide each sample’s features by their length first. A wider `range` was not tried.',
    '- **Tuned**: rows of that name are trained on images that are shifted by a few pixels, with small batches and weight decay. These settings and the learning rate are swept for cross entropy; logit adjustment and CRL take the values chosen there, and sweep their own.',
    '- **Added later**: CRL at instance level with logit adjustment was added to the plan when earlier results on the engine `wasm`, with the same data and five seeds, had shown that its two parts gained most on digits. Its tuned row was added when the other tuned rows were known. Their values are chosen like those of the rest. The seeds of a second look had no part in either decision.',
    '- **Not tested**: other augmentation, larger nets and other data. The results hold for the settings above.',
    '- **Tables below**: each interval is a 95 % interval without correction, and shows the size of a difference. The verdicts are those of the table above.',
    '',
    ...paperClaims(),
    ...all.flatMap(studySection),
    ...begun.map(
      ({ summary: { study, runs } }) =>
        `**Begun**: ${study.title}. ${runs} trainings are finished, but not yet those of CRL as in the paper.\n`,
    ),
    ...planSection(plans),
    ...repeatSection(first, place),
  ].join('\n');
}

/** The table of verdicts, and how to read it. */
function verdicts(all: readonly Told[], seeds: readonly number[]): string[] {
  const tested = testedClaims(all);
  const kinds = methodsOf({}).filter(({ family }) => /level/.test(family)).length;
  return [
    verdictsInWords(all),
    '',
    claimsTable(
      all,
      tested,
      CLAIMS.map(({ text }) => text),
      fullVerdict,
    ),
    '',
    `Each cell is a mean difference over the seeds in points, with its interval, its corrected p and its effect size d (the mean difference over its standard deviation between seeds). Where a side has several methods, the one with the best score on the validation sets is compared, so that the test set does not choose it. The ${tested.flat().length} tests of this table are corrected together by Holm’s method (Student’s t on paired differences), and the intervals are widened accordingly. A claim is confirmed or refuted if its corrected p is below .05; else it is open. With few seeds an open claim is no proof of equality: read its interval. A dash means that trainings of one side are not finished or not asked in that study, or that the study has no few-shot class.`,
    '',
    `A claim is tested with ${seeds.length} seeds. If it is still open and its uncorrected p is below .05, it is tested again with ${2 * seeds.length} seeds. Two tests are two chances of a false finding, so every p is doubled before the correction, also where one test was enough.`,
    '',
    `**Equal effort, told both ways.** CRL stands for up to ${kinds} methods here, so that more settings were tried for the best of them than for any rival. The table therefore also has CRL as in the paper (class level, relative comparison): one method, with a grid like that of a rival. The tables below count the settings that were tried for each row.`,
    '',
  ];
}

/** The engine of the results, and its threads. */
function engineWords({ summary: { study } }: Told): string {
  const { engine } = study.base;
  return engine === 'tensorflow' ? `\`tensorflow\` with ${TENSORFLOW_THREADS} thread` : `\`${engine}\``;
}

/** The machines that the results name. */
function machines(given: readonly Told[]): string {
  const each = given.map(({ summary: { machine } }) => `${machine.cores} cores (${machine.processor})`);
  return [...new Set(each)].join(' and ');
}

/** How to repeat a run, on the engine of the results and on another. */
function repeatSection({ summary: { study } }: Told, place: string): string[] {
  const { id } = study;
  const { engine } = study.base;
  const other = engine === 'wasm' ? 'tensorflow' : 'wasm';
  const exact =
    engine === 'tensorflow'
      ? `On \`tensorflow\` with ${TENSORFLOW_THREADS} thread, which \`npm run evidence\` sets, a run repeats bit for bit with the same code and packages on a processor of the same kind, whatever the number of its cores: the order in which TensorFlow adds depends on its threads. \`npx crl engine install tensorflow\` installs the engine.`
      : 'A run repeats bit for bit with the same code, engine and packages on the same machine.';
  return [
    '## Run it again',
    '',
    '```sh',
    'npm run evidence                        # all runs that are not finished yet',
    `npm run evidence -- --only ${id}   # only this study`,
    'npm run evidence -- --plan              # how many trainings are left',
    'npm run evidence -- --report            # only this page',
    `npm run evidence -- --only ${id} --methods focal --out repeated   # one method again, in another folder`,
    `npm run evidence -- --only ${id} --methods focal --out other --engine ${other}   # and on another engine`,
    '```',
    '',
    `Finished runs are in [${place === PLACE ? 'docs/results/evidence' : 'this folder'}](${place}${id}.json), one line per run, and are not repeated; to repeat one, delete its line or name another folder. ${exact} On another engine, or another kind of processor, rounding differs, and a training carries it into the third digit: expect differences within the spread of the seeds. Two processes at a time need different \`--work\` folders.`,
    '',
  ];
}

/** What is finished, and what is left. */
function planSection(plans: readonly StudyPlan[]): string[] {
  const shown = (hours: number) => hours.toFixed(1);
  const range = (low: number, high: number, text: (n: number) => string = String) =>
    low === high ? text(low) : `${text(low)} to ${text(high)}`;
  const { finished, left, atMost } = hoursOf(plans);
  return [
    '## The plan',
    '',
    `The plan is counted in trainings. A study that is not finished may need fewer than the larger number: a grid grows only while its best value is at its edge. The finished trainings took ${shown(finished)} hours, and those that are left take ${range(left, atMost, shown)} hours, one at a time; two processes on two cores take half. Second looks come on top as they become due.`,
    '',
    markdown({
      head: ['study', 'finished', 'left', 'seconds each', 'second look at'],
      rows: plans.map((plan) => [
        plan.study.title,
        `${plan.finished}`,
        range(plan.left, plan.atMost),
        plan.secondsEach.toFixed(0),
        plan.secondLook.left === 0
          ? ''
          : `${plan.secondLook.methods.join('; ')}: ${plan.secondLook.left} trainings`,
      ]),
    }),
    '',
  ];
}

/** The chart of a study, as the page links it. */
export function picture({ id }: Study, place = PLACE): string {
  return `${place}${id}.svg`;
}

/** How many trainings some studies have finished. */
export function finishedRuns(all: readonly Told[]): number {
  return all.reduce((sum, { summary }) => sum + summary.runs, 0);
}

/** Claims, one per row, with a verdict per study; a dash where a claim could not be tested yet. */
export function claimsTable(
  all: readonly Told[],
  tested: readonly (readonly TestedClaim[])[],
  texts: readonly string[],
  shown: (claim: TestedClaim) => string,
): string {
  const cell = (text: string, at: number) => {
    const found = tested[at]?.find((claim) => claim.text === text);
    return found ? shown(found) : '–';
  };
  return markdown({
    head: ['', ...all.map(({ summary: { study } }) => study.title)],
    rows: texts.map((text) => [text, ...all.map((_, at) => cell(text, at))]),
  });
}

/** Whether a claim is confirmed, refuted or open, and by how many points. */
export function verdict({ tested, p, confidence }: TestedClaim): string {
  const lead = interval(tested, confidence);
  const word = p < ALLOWED ? (lead.mean > 0 ? '**confirmed**' : '**refuted**') : 'open';
  return `${word}: ${points(lead)}`;
}

/** A verdict with its p, its effect size, and what was compared. */
function fullVerdict(claim: TestedClaim): string {
  const { leads, tested, atStake, first, second, p } = claim;
  const size = `p ${shownP(p)}, d ${shownEffect(tested)}`;
  const seeds =
    tested.length > leads.length
      ? `; ${tested.length} seeds`
      : atStake
        ? '; its second look is not finished'
        : '';
  return `${verdict(claim)}, ${size} (${first} − ${second}${seeds})`;
}

/** A p value, as it is usually printed. */
function shownP(p: number): string {
  return p < 0.001 ? '< .001' : p >= 0.995 ? '1' : p.toFixed(p < 0.1 ? 3 : 2).replace('0.', '.');
}

/** The effect size of paired differences: their mean over their standard deviation. */
function shownEffect(leads: readonly number[]): string {
  const effect = mean(leads) / deviation(leads);
  if (!Number.isFinite(effect)) return '–';
  const size = Math.abs(effect).toFixed(1);
  return effect < 0 && Number(size) > 0 ? `−${size}` : size;
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
    ...(study.note === undefined ? [] : [study.note, '']),
    `Training images per class: ${many}. Training: ${epochs} epochs in batches of ${batchSize}, Adam with a learning rate of ${learningRate} and cosine decay; the net has convolutions of ${filters.join(' and ')} filters and ${hidden} hidden units. Results are in %, mean ± 95 % interval over seeds ${seeds.join(', ')}.`,
    '',
    markdown({
      head: [
        '',
        'chosen',
        'settings tried',
        ...columns,
        `${metric} − cross entropy’s`,
        'few-shot − cross entropy’s',
      ],
      rows: rows.map(({ name, chosen, metrics, differences }) => [
        name,
        shownChanges(chosen.changes),
        `${settingsTried(chosen)}`,
        ...columns.map((column) => percent(metrics[column])),
        points(differences?.[metric] ?? null),
        points(differences?.['few-shot'] ?? null),
      ]),
    }),
    '',
    `Grids: ${swept(study)}.`,
    '',
    ...edges(summary),
    ...unfinished.map(({ name, reason }) => `- ${name}: no row (${reason})`),
    ...leftOutOf(study).map(
      ({ names, reason }) => `- Not asked in this study: ${names.join('; ')} (${reason})`,
    ),
    ...(unfinished.length + leftOutOf(study).length > 0 ? [''] : []),
    ...(!study.batches
      ? []
      : [
          '### Batch size and class-aware batches',
          '',
          'CRL ignores a class with fewer than two samples in a batch. Class-aware batches hold at least two samples of each class in them. The learning rate is proportional to the square root of the batch size; the number of epochs is the same.',
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
          ...missingBatches(batches),
        ]),
  ];
}

/** Which batches have no row yet. */
function missingBatches(rows: Summary['batches']): string[] {
  const missing = BATCHES.filter(({ name }) => !rows.some(({ batches }) => batches === name));
  return missing.length === 0
    ? []
    : [`No row yet: batches of ${missing.map(({ name }) => name).join('; ')}.`, ''];
}

/** How many settings of a method were trained: its first, and one for each further value. */
function settingsTried({ tried }: Chosen): number {
  const axes = new Set(tried.map(({ path }) => path)).size;
  return tried.length === 0 ? 1 : tried.length - axes + 1;
}

/** The grid of each method; values that it may add are in brackets. The kinds of CRL share a grid. */
function swept(study: Study): string {
  const told = methodsOf(study)
    .filter(({ axes }) => axes.length > 0)
    .map(({ name, family, axes }) => {
      const values = axes.map(({ path, values, beyond }) => {
        const sorted = (list: readonly number[]) => [...list].sort((a, b) => a - b).join(', ');
        const [below, above] = [beyond?.below ?? [], beyond?.above ?? []].map(sorted);
        const more = [below && `(${below})`, sorted(values), above && `(${above})`].filter(Boolean);
        return `${shownName(path)} ${more.join(' ')}`;
      });
      return `${/level/.test(family) ? 'CRL' : name} ${values.join('; ')}`;
    });
  const grows = methodsOf(study).some(({ axes }) => axes.some(({ beyond }) => beyond));
  return `${[...new Set(told)].join(' · ')}${grows ? '. Values in brackets are tried one after the other, as long as the best is at that edge; “settings tried” counts what is finished' : ''}`;
}

/** Which chosen values are at an edge, and so may not be the best that there are. */
function edges({ rows }: Summary): string[] {
  const told = rows.flatMap(({ name, chosen: { atEdge } }) =>
    atEdge.length === 0 ? [] : [`${name} (${atEdge.map(shownName).join(', ')})`],
  );
  return told.length === 0
    ? ['Every chosen value is inside its grid.', '']
    : [
        `Chosen at the edge of what was tried, so that a better value may lie beyond: ${told.join(', ')}.`,
        '',
      ];
}

/** The chosen values of a method, in short: all numbers of its changes. */
function shownChanges(changes: Changes): string {
  const shown = (value: unknown, path: string): string[] => {
    if (typeof value === 'number') return [`${shownName(path)} ${value}`];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, its]) => shown(its, path === '' ? name : `${path}.${name}`));
  };
  return shown(changes, '').join(', ');
}

const SYMBOLS: Readonly<Record<string, string>> = {
  eta: 'η',
  kappa: 'κ',
  gamma: 'γ',
  beta: 'β',
  tau: 'τ',
  reweightFrom: 're-weighted from',
  maxMargin: 'margin',
  until: 'p',
  floor: 'ε',
  batchSize: 'batches of',
  learningRate: 'learning rate',
  weightDecay: 'weight decay',
};

/** The field's symbol for an option, or for its path in a config. */
function shownName(path: string): string {
  const name = path.replace(/^.*\./, '');
  return SYMBOLS[name] ?? name;
}

function percent(value: Interval | null | undefined): string {
  if (!value) return '–';
  return `${(100 * value.mean).toFixed(1)} ± ${(100 * (value.reach ?? Number.NaN)).toFixed(1)}`;
}

/** A difference, in points of a percentage. */
export function points(value: Interval | null): string {
  if (!value) return '';
  const size = (100 * Math.abs(value.mean)).toFixed(1);
  const sign = Number(size) === 0 ? '' : value.mean < 0 ? '−' : '+';
  return `${sign}${size} ± ${(100 * (value.reach ?? Number.NaN)).toFixed(1)}`;
}
