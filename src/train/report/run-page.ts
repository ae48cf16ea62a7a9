/**
 * The report of a run: one page, no script, nothing from elsewhere, readable on a phone.
 *
 * @module
 */
import { meanOfKnown } from '../../../spec/rules.js';
import { alphaWords } from '../../forecast/summary.js';
import { SHOTS } from '../../metrics/shots.js';
import { html, Markup } from '../../support/markup.js';
import { PAGE_STYLE } from '../../support/page-style.js';
import type { TrainConfig } from '../config/config.js';
import type { ConfusedPair, Evaluation } from '../evaluate.js';
import type { EpochLine, RunFacts, RunResult } from '../run-folder.js';
import type { RunForecast } from '../run-forecast.js';
import { PLAIN_THRESHOLD } from '../thresholds.js';
import { classBars, confusionChart, type Draw, lossChart, metricChart, sizeChart } from './charts.js';
import { minorityShares, mostConfused, mostTelling } from './classes.js';

/** What a report shows. */
export interface ReportedRun {
  readonly config: TrainConfig;
  readonly facts: RunFacts;
  readonly lines: readonly EpochLine[];
  readonly result: RunResult;
}

/** The page of a run, its charts drawn by `draw`. */
export async function runPage(run: ReportedRun, draw: Draw): Promise<string> {
  const { config, facts, lines, result } = run;
  const title = `${config.loss.kind}, seed ${config.seed}`;
  const confused = (result.test ?? result.validation).confusion !== undefined;
  const figures = await Promise.all(
    chartsOf(run).map(async ({ caption, spec }, at) => figure(caption, await draw(spec), at)),
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Run: ${title}</title>
<style>${new Markup(PAGE_STYLE)}.shown { max-width: 34rem; } .shown svg { max-width: 100%; height: auto; }</style>
</head>
<body>
<h1>Run: ${title}</h1>
<dl>
<dt>images</dt><dd>${grouped(facts.images.training)} to train, ${grouped(facts.images.validation)} to validate, ${grouped(facts.images.test)} to test, of ${grouped(facts.classes.length)} classes (${facts.encoding})</dd>
<dt>model</dt><dd>${config.model.kind}, ${grouped(facts.parameters)} parameters</dd>
<dt>loss</dt><dd>${lossWords(config)}${facts.alpha !== undefined && `, ${alphaWords(facts.firstAlpha ?? facts.alpha, facts.alpha)}`}${facts.omega !== undefined && `, Ω ${facts.omega.toFixed(4)}`}</dd>
<dt>epochs</dt><dd>${grouped(result.epochs)} of ${grouped(facts.stepsPerEpoch)} steps with batches of ${config.batchSize}, ${durationText(result.seconds)}; evaluated: epoch ${result.epoch}</dd>
${result.thresholds !== undefined && html`<dt>thresholds</dt><dd>${thresholdWords(result.thresholds)}</dd>\n`}<dt>all classes</dt><dd>in classes.csv${confused && ', all confused pairs in confusion.csv'}</dd>
<dt>left out</dt><dd>${facts.skipped.length} bad images or lines</dd>
</dl>
${metricsTable(result)}
${facts.forecast && forecastTable(facts.forecast, lines)}
<div class="sides">${figures}</div>
${typeof result.thresholds === 'object' && fieldsTable('Thresholds', Object.fromEntries(facts.classes.map((name, l) => [name, (result.thresholds as readonly number[])[l]])))}
${fieldsTable('Config', config)}
${fieldsTable('Versions', facts.versions)}
</body>
</html>
`.text;
}

function chartsOf({ facts, lines, result }: ReportedRun): { caption: string; spec: object }[] {
  const { classes, counts, forecast } = facts;
  const last = result.test ?? result.validation;
  const set = result.test ? 'test' : 'validation';
  const shown = thinned(lines);
  const losses = shown.flatMap((line) => {
    const all = {
      'training loss': line.loss,
      L_crl: line.rectification,
      L_ce: line.crossEntropy,
      regularisers: line.regularisation,
      'validation L_ce': line.validation.crossEntropy,
    };
    const named = Object.entries(all).map(([loss, value]) => ({ epoch: line.epoch, loss, value }));
    return named.filter(
      (point): point is typeof point & { value: number } => typeof point.value === 'number',
    );
  });
  const byClass = (values: readonly (number | null)[]) =>
    classes.map((name, k) => ({ name, images: counts[k] as number, value: values[k] ?? null }));
  const shares = minorityShares(lines, classes.length);
  const single = last.confusion !== undefined;
  const metric = single ? 'class-balanced accuracy' : 'mAP';
  const overTime = shown.map(({ epoch, validation }) => ({
    epoch,
    value: single ? validation.balancedAccuracy : validation.meanAveragePrecision,
  }));
  const bars = (
    caption: string,
    values: readonly (number | null)[],
    extreme: 'lowest' | 'highest',
    title: string,
    forecasts?: readonly number[],
  ) => {
    const forecastOf = new Map(classes.map((name, k) => [name, forecasts?.[k]]));
    const { chosen: told, all } = mostTelling(byClass(values), extreme);
    const chosen = told.map((own) => {
      const forecast = forecastOf.get(own.name);
      return forecast === undefined ? own : { ...own, forecast };
    });
    const which = all ? '' : `: the ${extreme} ${chosen.length} of ${classes.length} classes`;
    return { caption: `${caption}${which}`, spec: classBars(chosen, title) };
  };
  return [
    { caption: 'Losses', spec: lossChart(losses) },
    { caption: `Validation: ${metric}`, spec: metricChart(overTime, metric) },
    { caption: `Recall against class size (${set})`, spec: sizeChart(byClass(last.recall), 'recall') },
    ...(last.averagePrecision
      ? [bars(`Average precision by label (${set})`, last.averagePrecision, 'lowest', 'average precision')]
      : []),
    ...(last.confusion ? [confusionOf(last.confusion, classes, set)] : []),
    ...(shares.some((share) => share !== null)
      ? [
          bars(
            `Share of steps in which each class was a surviving minority${forecast ? ' (the line: its forecast)' : ''}`,
            shares,
            'highest',
            'share of steps',
            forecast?.minorityShare,
          ),
        ]
      : []),
  ];
}

/** A chart holds no more than some hundred points per line. */
function thinned(lines: readonly EpochLine[]): readonly EpochLine[] {
  const every = Math.ceil(lines.length / 500);
  return lines.filter((_, at) => at % every === 0 || at === lines.length - 1);
}

function confusionOf(pairs: readonly ConfusedPair[], classes: readonly string[], set: string) {
  const { chosen, all } = mostConfused(pairs, classes.length);
  const which = all ? '' : `: the ${chosen.length} of ${classes.length} classes that are confused most`;
  return {
    caption: `Confusion (${set}), images by true and predicted class${which}`,
    spec: confusionChart(cells(pairs, classes, chosen), chosen.length),
  };
}

function cells(pairs: readonly ConfusedPair[], classes: readonly string[], chosen: readonly number[]) {
  const held = new Map<number, number>();
  for (const [actual, , images] of pairs) held.set(actual, (held.get(actual) ?? 0) + images);
  const found = new Map(pairs.map(([actual, predicted, images]) => [`${actual} ${predicted}`, images]));
  return chosen.flatMap((k) =>
    chosen.map((j) => {
      const images = found.get(`${k} ${j}`) ?? 0;
      return {
        actual: classes[k] as string,
        predicted: classes[j] as string,
        share: images / Math.max(1, held.get(k) ?? 0),
        images,
      };
    }),
  );
}

/** A chart in the page itself, so that it has the colours of the page. */
function figure(caption: string, svg: string, at: number): Markup {
  const label = html`<svg role="img" aria-label="${caption}"`.text;
  // what one chart refers to by an id must not be found in another
  const drawn = svg
    .replace(/^<svg/, () => label)
    .replaceAll(/<[^>]*>/g, (tag) => tag.replaceAll(/(\sid="|url\(#)/g, `$1chart-${at}-`));
  return html`<figure class="shown"><figcaption>${caption}</figcaption>${new Markup(drawn)}</figure>`;
}

/** A count with its thousands apart. */
function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** A duration for people, such as `2 h 5 min`. */
function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(0)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function lossWords({ loss }: TrainConfig): string {
  const { kind, ...options } = loss as { readonly kind: string };
  return [kind, ...fieldsOf(options).map(([name, value]) => `${name} ${value}`)].join(', ');
}

/** The thresholds from which on a label is predicted, and where they come from. */
function thresholdWords(thresholds: number | readonly number[]): string {
  if (typeof thresholds === 'number') return `a label is predicted from a score of ${thresholds} on`;
  const [low, high] = [Math.min(...thresholds), Math.max(...thresholds)].map((value) => value.toFixed(3));
  return `one per label, ${low} to ${high}, learned on the validation set; its own figures are at ${PLAIN_THRESHOLD}`;
}

/** The fields of an object, those of nested ones with the names on the way to them. */
function fieldsOf(object: object): [string, string][] {
  return Object.entries(object).flatMap(([name, value]): [string, string][] => {
    if (typeof value !== 'object' || value === null)
      return value === undefined ? [] : [[name, String(value)]];
    if (Array.isArray(value)) return [[name, JSON.stringify(value)]];
    return fieldsOf(value).map(([inner, text]) => [`${name}.${inner}`, text]);
  });
}

/** The fields of an object as a table, folded. */
function fieldsTable(title: string, object: object): Markup {
  return html`<details><summary>${title}</summary><div class="wide"><table>
<tbody>${fieldsOf(object).map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>\n`)}</tbody>
</table></div></details>`;
}

function metricsTable({ validation, test }: RunResult): Markup {
  const sets = test ? [validation, test] : [validation];
  const row = (name: string, value: (of: Evaluation) => number | null) =>
    sets.some((set) => value(set) !== null) &&
    html`<tr><th scope="row">${name}</th>${sets.map((set) => html`<td class="number">${value(set)?.toFixed(4) ?? '–'}</td>`)}</tr>`;
  return html`<div class="wide"><table>
<thead><tr><th></th><th class="number">validation</th>${test && html`<th class="number">test</th>`}</tr></thead>
<tbody>${row('class-balanced accuracy', (of) => of.balancedAccuracy)}${row('geometric mean', (of) => of.geometricMean)}${row('macro F1', (of) => of.macroF1)}${row('mAP', (of) => of.meanAveragePrecision)}${row(`many-shot (over ${SHOTS.many} training images)`, (of) => of.shots.many)}${row(`medium-shot (${SHOTS.few} to ${SHOTS.many})`, (of) => of.shots.medium)}${row(`few-shot (under ${SHOTS.few})`, (of) => of.shots.few)}</tbody>
</table></div>`;
}

/** What was forecast, beside what happened: means over the steps of all epochs. */
function forecastTable(forecast: RunForecast, lines: readonly EpochLine[]): Markup {
  const rows = [
    ['anchors per step', 'anchors', 2],
    ['triplets per step', 'triplets', 2],
    ['share of steps with nothing to compare', 'nothing', 4],
  ] as const;
  const row = ([name, key, digits]: (typeof rows)[number]) => {
    const happened = meanOfKnown(lines.map((line) => line[key] ?? null));
    return html`<tr><th scope="row">${name}</th><td class="number">${forecast[key].toFixed(digits)}</td><td class="number">${happened?.toFixed(digits) ?? '–'}</td></tr>`;
  };
  return html`<div class="wide"><table>
<thead><tr><th></th><th class="number">forecast</th><th class="number">happened</th></tr></thead>
<tbody>${rows.map(row)}</tbody>
</table></div>`;
}
