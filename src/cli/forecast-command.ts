/**
 * `crl forecast`: what CRL will find in the batches of a label file, as tables, JSON and a chart.
 *
 * @module
 */
import { extname } from 'node:path';
import {
  ENCODINGS,
  type Encoding,
  InputRangeError,
  InputTypeError,
  outOfRange,
  wrongType,
} from '../../spec/rules.js';
import { type LabelFile, type LabelFileOptions, readLabelFile } from '../data/label-file.js';
import { labelCounts } from '../data/label-rows.js';
import { forecastRecords } from '../forecast/forecast-records.js';
import {
  type Estimate,
  type Forecast,
  type ForecastOptions,
  forecast,
  forecastSummary,
} from '../forecast/index.js';
import { decimal, percent, spokenName, spokenOf } from '../forecast/summary.js';
import { parsedJson } from '../support/json-text.js';
import { writeWhole } from '../support/write-whole.js';
import type { TrainFlags } from '../train/config/raw-config.js';
import { chartDrawer, classBars, sizeChart } from '../train/report/charts.js';
import { MOST_BARS } from '../train/report/classes.js';
import { checkNamedFiles, namedFile } from './named-files.js';
import { table } from './table.js';
import { wrapped } from './terminal.js';

/** Flags of the command. */
export interface ForecastCommandOptions
  extends Pick<
      ForecastOptions,
      'rho' | 'kappa' | 'anchors' | 'eta' | 'alpha' | 'imbalance' | 'by' | 'perClass' | 'batches' | 'seed'
    >,
    Pick<
      TrainFlags,
      | 'classes'
      | 'encoding'
      | 'idColumn'
      | 'targetColumn'
      | 'attributes'
      | 'delimiter'
      | 'separator'
      | 'allowEmpty'
      | 'skipBad'
    > {
  readonly batch: number;
  readonly sampler: 'plain' | 'class-aware';
  readonly counts?: readonly number[];
  readonly chart?: string;
  readonly json?: boolean;
}

/** The flag of each option, where they are not called the same. */
const FLAGS: Readonly<Record<string, string>> = { batchSize: '--batch', perClass: '--per-class' };
/** Classes that a table lists; of more, as many, evenly spaced by size. */
const LISTED = 40;

/**
 * Prints a forecast.
 *
 * @returns the exit code
 * @throws DataError - a label file that cannot be read
 * @throws InputTypeError, InputRangeError - naming the flag
 */
export async function forecastCommand(
  labels: string | undefined,
  options: ForecastCommandOptions,
): Promise<number> {
  const { chart, json } = options;
  if (chart !== undefined && extname(chart) !== '.svg')
    outOfRange('option-out-of-range', '--chart', 'a file that ends in .svg', chart);
  checkNamedFiles([...namedFile('the label file', labels), ...namedFile('--chart', chart, true)]);
  const { found, notes } = await forecastOf(labels, options);
  if (chart !== undefined) writeWhole(chart, await (await chartDrawer())(chartOf(found)));
  if (json) {
    const document = { format: 'class-rectification-forecast', version: 1, ...found };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    for (const note of notes) process.stderr.write(`${note}\n`);
    return 0;
  }
  const drawn = chart === undefined ? [] : [`In ${chart}: how often each class is a surviving minority`];
  process.stdout.write(`${[...lines(found), ...notes, ...drawn].map((line) => wrapped(line)).join('\n')}\n`);
  return 0;
}

/** The forecast that flags ask for. */
async function forecastOf(
  labels: string | undefined,
  options: ForecastCommandOptions,
): Promise<{ readonly found: Forecast; readonly notes: readonly string[] }> {
  const { batch: batchSize, sampler, counts } = options;
  const { rho, kappa, anchors, eta, alpha, imbalance, by, perClass, batches, seed } = options;
  const given = { rho, kappa, anchors, eta, alpha, imbalance, by, perClass, batches, seed };
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const asked: ForecastOptions = { batchSize, sampler, ...chosen };
  if (counts !== undefined) {
    if (labels !== undefined)
      outOfRange('option-out-of-range', '--counts', 'none together with a label file', counts);
    return { found: inFlags(() => forecast(counts, asked)), notes: [] };
  }
  if (labels === undefined)
    wrongType('wrong-type', 'crl forecast', 'a label file, or --counts such as 500,50,5', undefined);
  const file = await readLabelFile(labels, fileOptions(options));
  const empty = emptyClasses(file);
  const notes = [
    ...(empty === '' ? [] : [`No sample has these classes, which count in Ω: ${empty}`]),
    ...file.bad.map(({ message }) => `Left out: ${message}`),
  ];
  return { found: inFlags(() => forecastFile(file, options.encoding, asked)), notes };
}

/** Errors name the flag, not the option that it became. */
function inFlags<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InputRangeError || error instanceof InputTypeError)) throw error;
    const name = /^options\.(\w+)$/.exec(error.where)?.[1];
    if (name === undefined) throw error;
    const { expected, got } = error;
    const message = `${FLAGS[name] ?? `--${name}`}: expected ${expected}, got ${got}`;
    throw Object.assign(error, { message });
  }
}

function fileOptions(options: ForecastCommandOptions): LabelFileOptions {
  const { classes, attributes, delimiter, encoding, allowEmpty, skipBad, ...others } = options;
  const { idColumn, targetColumn, separator } = others;
  const given = {
    ...{ idColumn, targetColumn, separator, allowEmpty, skipBad },
    classes: classes === undefined ? undefined : classesOf(classes),
    attributes: attributes?.split(',').map((name) => name.trim()),
    delimiter: delimiter === 'tab' ? '\t' : delimiter,
    single: attributes === undefined && encoding === 'categorical' ? true : undefined,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function classesOf(text: string): number | string[] {
  try {
    const read = parsedJson(text);
    if (typeof read === 'number' || Array.isArray(read)) return read;
  } catch {
    // refused below
  }
  return outOfRange('option-out-of-range', '--classes', 'a number of classes, or a JSON list of names', text);
}

/** As `crl train` encodes labels: one attribute, unless another encoding is asked for. */
function forecastFile(file: LabelFile, encoding: string | undefined, asked: ForecastOptions): Forecast {
  const { rows: records, classes, attributes } = file;
  if (encoding !== undefined && !isEncoding(encoding))
    outOfRange('option-out-of-range', '--encoding', ENCODINGS.join(' | '), encoding);
  if (attributes && encoding !== undefined && encoding !== 'categorical')
    outOfRange('option-out-of-range', '--encoding', 'categorical, or none, beside --attributes', encoding);
  return forecastRecords({ records, classes, attributes }, encoding ?? 'one-attribute', asked);
}

function isEncoding(text: string): text is Encoding {
  return (ENCODINGS as readonly string[]).includes(text);
}

function emptyClasses({ rows, classes }: LabelFile): string {
  const counts = labelCounts({ records: rows, classes });
  const empty = classes.filter((_, k) => counts[k] === 0);
  return empty.length > 10
    ? `${empty.slice(0, 10).join(', ')} and ${empty.length - 10} more`
    : empty.join(', ');
}

/** The table, and what stands below it. */
function lines(found: Forecast): string[] {
  const { kappa, batches, seed, samples, remedies } = found;
  const shown = spokenOf(found);
  // the absent side of a frequent label can be the minority too
  const absent = found.classes.filter((own) => !shown.includes(own) && own.share.value >= 0.0005);
  const bySize = [...shown, ...absent].sort((a, b) => b.count - a.count);
  const listed =
    bySize.length <= LISTED
      ? bySize
      : Array.from(
          { length: LISTED },
          (_, at) => bySize[Math.round((at * (bySize.length - 1)) / (LISTED - 1))] as (typeof bySize)[0],
        );
  const rows = listed.map((own) => [
    spokenName(own, found),
    own.count,
    percent(own.share.value) + error(own.share, (x) => (100 * x).toPrecision(1)),
    decimal(own.anchors.value) + error(own.anchors, decimal),
    decimal(own.triplets.value) + error(own.triplets, decimal),
    own.positives?.toFixed(1) ?? '–',
    own.negatives?.toFixed(1) ?? '–',
  ]);
  const head = ['class', 'samples', 'minority in', 'anchors', 'triplets'];
  return [
    table([...head, `positives of ${kappa}`, `negatives of ${kappa}`], rows),
    ...(listed.length < bySize.length
      ? [`${listed.length} of ${bySize.length} classes, evenly spaced by size; --json has all`]
      : []),
    ...forecastSummary(found),
    `An anchor gets ${found.positives?.toFixed(1) ?? 0} hard positives and ${found.negatives?.toFixed(1) ?? 0} hard negatives of κ = ${kappa}`,
    batches === 0
      ? `Exact, from ${samples} samples`
      : `From ${samples} samples; what is not exact comes from ${batches} batches drawn with seed ${seed}`,
    ...(remedies ? remedyLines(found, remedies) : []),
  ];
}

function error({ standardError }: Estimate, text: (x: number) => string): string {
  return standardError > 0 ? ` ± ${text(standardError)}` : '';
}

function remedyLines(
  { batchSize: now, sampler }: Forecast,
  { batchSize, classAware }: NonNullable<Forecast['remedies']>,
): string[] {
  const { classes, wanted, mined, exact } = batchSize;
  if (classes === 0)
    return ['No class is a minority of the whole training set, so larger batches would mine none.'];
  const which = `${wanted} of the ${classes} minority classes of the training set`;
  const about = exact ? '' : 'about ';
  const size =
    batchSize.batchSize === null
      ? `no plain batch of this training set is large enough to mine ${which} in half of the batches`
      : `plain batches of ${about}${batchSize.batchSize} mine ${which} in half of the batches`;
  const lines = [`Now ${mined} of ${classes} are mined in half of the batches of ${now}; ${size}`];
  if (classAware && sampler.kind === 'plain')
    lines.push(
      `Class-aware batches of ${now} with ${classAware.perClass} samples per class mine ${classAware.mined}, and ${percent(classAware.nothing)} of them have nothing to compare`,
    );
  return lines;
}

/** A bar per class, or of many classes the shares against their sizes. */
function chartOf(found: Forecast): object {
  const values = spokenOf(found)
    .sort((a, b) => b.count - a.count)
    .map((own) => ({ name: spokenName(own, found), images: own.count, value: own.share.value }));
  const title = `share of batches of ${found.batchSize} in which it is a surviving minority`;
  return values.length <= MOST_BARS ? classBars(values, title) : sizeChart(values, title);
}
